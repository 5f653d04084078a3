"""The decision on a whole request: what was found for each record, what plugins restrict, what follows and what is owed.

What nobody permits is denied. Order and number of directives, records, purposes and restrictions never matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.judging import Judge, Outcome
from recoverycore.consent.outcome import Decision, Obligation, Restriction, Verdict
from recoverycore.consent.requests import ClientFacts, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverycore.consent.compiled import CompiledConsents
    from recoverycore.consent.documents import Directive
    from recoverycore.consent.profiles import ProfileDocument
    from recoverycore.consent.requests import Request

__all__ = ["decide", "decide_compiled"]

_OF_RECORDS = ("use", "disclose", "redisclose")
_NO_CLIENT_FACTS = ClientFacts()
_NO_FACTS = Facts()


def decide(
    request: Request,
    directives: Iterable[Directive],
    *,
    client: ClientFacts = _NO_CLIENT_FACTS,
    facts: Facts = _NO_FACTS,
    profile: ProfileDocument | None = None,
    restrictions: Iterable[Restriction] = (),
) -> Decision:
    """Whether `request` may be granted under `directives`, and why. Error: ``duplicate_directive``.

    To ask the same papers often, compile them once, as `ConsentBook` does.
    """
    return decide_compiled(compile_consents(directives, zone=client.zone, profile=profile), request, facts, restrictions)


def decide_compiled(consents: CompiledConsents, request: Request, facts: Facts, restrictions: Iterable[Restriction] = ()) -> Decision:
    """The decision on `request` under papers that are compiled already."""
    judge = Judge.of(consents, request, facts)
    found = {record.id: judge.on(record) for record in sorted(request.records, key=lambda record: record.id)}
    asked = tuple(sorted(restrictions, key=lambda each: each.name))
    outcomes = {name: _restricted(name, outcome, asked) for name, outcome in found.items()}
    verdict = _verdict(outcomes)
    deciding = [each for each in outcomes.values() if verdict == "deny" or each.permitted]
    basis = {name for outcome in deciding for name in outcome.basis}
    also = {name for outcome in deciding for name in outcome.also} - basis
    codes = {code for outcome in outcomes.values() for code in outcome.owed} | _reports(asked, denied=_verdict(found) == "deny")
    if verdict == "partial":
        codes.add("redact")
    if verdict != "permit" and "break_glass" in judge.purposes:
        codes.add("alert_privacy_officer")
    return Decision(
        verdict=verdict,
        records={name: "permit" if outcome.permitted else "deny" for name, outcome in outcomes.items()},
        withheld=tuple(name for name, outcome in outcomes.items() if not outcome.permitted) if verdict == "partial" else (),
        basis=_one_or_many(_in_order(basis)),
        also=_in_order(also),
        obligations=frozenset(map(Obligation.named, codes)) | _notices(consents, outcomes),
        rules={name: outcome.rules for name, outcome in outcomes.items()},
        failed={name: outcome.failed for name, outcome in outcomes.items() if outcome.failed},
        refused=None if outcomes else _nothing_asked(judge),
    )


def _verdict(outcomes: Mapping[str, Outcome]) -> Verdict:
    permitted = [outcome.permitted for outcome in outcomes.values()]
    if not any(permitted):
        return "deny"
    return "permit" if all(permitted) else "partial"


def _nothing_asked(judge: Judge) -> str:
    """Why a request without any record is refused."""
    if not judge.purposes:
        return "purpose_missing"
    return "nothing_requested" if judge.action in _OF_RECORDS else "default"


def _restricted(name: str, outcome: Outcome, restrictions: tuple[Restriction, ...]) -> Outcome:
    """`outcome`, or a refusal without basis where a restriction stands against what was permitted."""
    against = tuple(f"restrictor:{each.name}" for each in restrictions if each.denies(name))
    if not outcome.permitted or not against:
        return outcome
    return evolve(outcome, permitted=False, basis=frozenset(), also=frozenset(), rules=against, owed=frozenset())


def _reports(restrictions: tuple[Restriction, ...], *, denied: bool) -> set[str]:
    """What plugins did wrong: gave no answer there is, or said permit where everything had been denied."""
    codes = {"report_plugin_error" for each in restrictions if each.broken}
    if denied and any(each.answer == "permit" for each in restrictions):
        codes.add("report_plugin_conflict")
    return codes


def _notices(consents: CompiledConsents, outcomes: Mapping[str, Outcome]) -> frozenset[Obligation]:
    """The notices that go along with what is released."""
    if consents.profile is None:
        return frozenset()
    words = consents.vocabulary
    labels = {label for outcome in outcomes.values() if outcome.permitted for label in outcome.labels}
    return frozenset(
        Obligation("with", each.notice)
        for each in consents.profile.notices
        if any(words.covers("label", words.read("label", [each.label]), label) for label in labels)
    )


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Directives before rules, each by name."""
    return tuple(sorted(names, key=lambda name: (name.startswith("rule:"), name)))


def _one_or_many(names: tuple[str, ...]) -> str | tuple[str, ...] | None:
    if len(names) == 1:
        return names[0]
    return names or None
