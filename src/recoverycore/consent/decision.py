"""The decision on a whole request: what was found for each record, what plugins restrict, what follows and what is owed.

What nobody permits is denied. Order and number of directives, records, purposes, profiles and restrictions never matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.case import Case
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.facts import Facts
from recoverycore.consent.judging import Judge, Outcome
from recoverycore.consent.matter import Setting
from recoverycore.consent.outcome import BasisKind, Decision, Obligation, Restriction, Verdict
from recoverycore.consent.requests import ClientFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverycore.consent.compiled import CompiledConsents
    from recoverycore.consent.law import Profile
    from recoverycore.consent.profiles import ProfileDocument
    from recoverycore.consent.requests import Record, Request
    from recoverycore.consent.trees import AnyDirective

__all__ = ["decide", "decide_compiled"]

_OF_RECORDS = ("use", "disclose", "redisclose")
_NO_CLIENT_FACTS = ClientFacts()
_NO_FACTS = Facts()
_NOTHING_OWED: frozenset[Obligation] = frozenset()
_RANKED: tuple[BasisKind, ...] = ("consent", "exception", "implied")


def decide(
    request: Request,
    directives: Iterable[AnyDirective],
    *,
    client: ClientFacts = _NO_CLIENT_FACTS,
    facts: Facts = _NO_FACTS,
    profile: ProfileDocument | None = None,
    profiles: Iterable[Profile | ProfileDocument | str] = (),
    policy: Mapping[str, Any] | None = None,
    restrictions: Iterable[Restriction] = (),
) -> Decision:
    """Whether `request` may be granted under `directives`, and why.

    `profiles` are those that count; a text among them is the id of one that is wanted and not loaded, and then nothing is
    released. `profile` is one more of them, for who has a single one. `policy` chooses switches otherwise than their defaults.
    Errors: ``duplicate_directive``, ``duplicate_profile``, ``unknown_switch``, ``bad_switch``.

    To ask the same papers often, compile them once, as `ConsentBook` does.
    """
    named = (*profiles, *(() if profile is None else (profile,)))
    return decide_compiled(compile_consents(directives, Setting.of(client, named, policy)), request, facts, restrictions)


def decide_compiled(consents: CompiledConsents, request: Request, facts: Facts, restrictions: Iterable[Restriction] = ()) -> Decision:
    """The decision on `request` under papers that are compiled already."""
    judge = Judge.of(consents, request, facts)
    asked = tuple(sorted(restrictions, key=_of_plugin))
    found: dict[str, Outcome] = {record.id: judge.on(record) for record in sorted(request.records, key=_id)}
    whole = None if found or judge.action in _OF_RECORDS else judge.on(None)
    stopped = _stopped(judge, found)
    if stopped is not None:
        found = {name: _refused(outcome, stopped) for name, outcome in found.items()}
        whole = None if whole is None else _refused(whole, stopped)
    outcomes, judged = found, list(found.values()) if whole is None else [whole]
    reports = _NOTHING_OWED
    if asked:
        reports = _reports(asked, denied=_verdict(judged) == "deny")
        whole = None if whole is None else _restricted(None, whole, asked)
        outcomes = {name: _restricted(name, outcome, asked) for name, outcome in found.items()}
        judged = list(outcomes.values()) if whole is None else [whole]
    verdict = _verdict(judged)
    deciding = [each for each in judged if verdict == "deny" or each.permitted]
    basis = {name for outcome in deciding for name in outcome.basis}
    also = {name for outcome in deciding for name in outcome.also} - basis
    records: dict[str, Verdict] = {}
    rules, failed, defects, provisions = {}, {}, {}, {}
    for name, outcome in outcomes.items():
        records[name] = "permit" if outcome.permitted else "deny"
        rules[name] = outcome.rules
        if outcome.failed:
            failed[name] = outcome.failed
        if outcome.defects:
            defects[name] = outcome.defects
        if outcome.provisions:
            provisions[name] = outcome.provisions
    return Decision(
        verdict=verdict,
        records=records,
        withheld=tuple([name for name, each in records.items() if each == "deny"]) if verdict == "partial" else (),
        basis=_one_or_many(_in_order(basis)),
        also=_in_order(also),
        obligations=_owed(judge, judged, verdict) | reports,
        rules=rules,
        failed=failed,
        defects=defects,
        provisions=provisions,
        refused=stopped or (whole.rules[0] if whole is not None and not whole.permitted else None),
        basis_kind=_kind(judged),
        profiles=tuple(sorted({name for outcome in judged for name in outcome.profiles})),
        entries=tuple([entry for outcome in judged for entry in outcome.entries]),
        case=Case(consents, request, facts, asked),
    )


def _of_plugin(restriction: Restriction) -> tuple[str, str, list[str]]:
    return restriction.name, restriction.answer, sorted(restriction.records or ())


def _id(record: Record) -> str:
    return record.id


def _verdict(outcomes: list[Outcome]) -> Verdict:
    permitted = {outcome.permitted for outcome in outcomes}
    return "deny" if True not in permitted else "permit" if False not in permitted else "partial"


def _stopped(judge: Judge, found: Mapping[str, Outcome]) -> str | None:
    """Why nothing at all can be released, whatever the papers say: no purpose, no record, a profile that is not there."""
    if not judge.purposes:
        return "purpose_missing"
    if not found and judge.action in _OF_RECORDS:
        return "nothing_requested"
    return "profile_unavailable" if judge.consents.setting.missing else None


def _refused(outcome: Outcome, rule: str) -> Outcome:
    """`outcome` refused without a basis, by `rule`."""
    return outcome._replace(
        permitted=False,
        basis=frozenset(),
        also=frozenset(),
        rules=(rule,),
        owed=frozenset(),
        kinds=frozenset(),
        entries=(),
        provisions={},
    )


def _restricted(name: str | None, outcome: Outcome, restrictions: tuple[Restriction, ...]) -> Outcome:
    """`outcome`, or a refusal without basis where a restriction stands against what was permitted."""
    against = tuple(f"restrictor:{each.name}" for each in restrictions if each.denies(name))
    return _refused(outcome, against[0])._replace(rules=against) if outcome.permitted and against else outcome


def _owed(judge: Judge, judged: list[Outcome], verdict: Verdict) -> frozenset[Obligation]:
    """What is owed for what is released and for what is refused."""
    owed = {each for outcome in judged for each in (outcome.owed if outcome.permitted else outcome.refusing)}
    if not judged:
        owed |= judge.refusing_everything()
    if verdict == "partial":
        owed.add(Obligation.named("redact"))
    if verdict != "permit" and "break_glass" in judge.purposes:
        owed.add(Obligation.named("alert_privacy_officer"))
    return frozenset(owed) | _notices(judge, judged)


def _reports(restrictions: tuple[Restriction, ...], *, denied: bool) -> frozenset[Obligation]:
    """What plugins did wrong: gave no answer there is, or said permit where everything had been denied."""
    codes = {"report_plugin_error" for each in restrictions if each.broken}
    if denied and any(each.answer == "permit" for each in restrictions):
        codes.add("report_plugin_conflict")
    return frozenset(map(Obligation.named, codes))


def _notices(judge: Judge, judged: list[Outcome]) -> frozenset[Obligation]:
    """The notices that go along with what is released."""
    setting = judge.consents.setting
    if not setting.profiles:
        return _NOTHING_OWED
    words = setting.words
    released = [outcome for outcome in judged if outcome.permitted]
    return frozenset(
        Obligation("with", notice)
        for profile in setting.profiles
        for label, notice in profile.notices
        for outcome in released
        if any(words.covers("label", words.read("label", [label]), each) for each in outcome.labels)
    )


def _kind(judged: list[Outcome]) -> BasisKind | None:
    """What the release rests on: consent where any of it does, else an exception, else consent that is implied."""
    kinds = {kind for outcome in judged if outcome.permitted for kind in outcome.kinds}
    return next((each for each in _RANKED if each in kinds), None)


def _in_order(names: set[str]) -> tuple[str, ...]:
    """Directives before rules, each by name."""
    return tuple(sorted(names, key=lambda name: (name.startswith("rule:"), name)) if len(names) > 1 else names)


def _one_or_many(names: tuple[str, ...]) -> str | tuple[str, ...] | None:
    if len(names) == 1:
        return names[0]
    return names or None
