"""A decision as people read it: the same parts in the same order for a terminal and for a page, in plain words beside each code.

Ids, codes, instants and citations only: no content of a record, no name, no word of the client. All of it is for staff; whoever asked
is told `Decision.requester_view` and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.consent.outcome import Verdict, listed
from recoverycore.ground.sentences import sentence
from recoverycore.ground.timeline import clock_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recoverycore.consent.outcome import Decision, Obligation

__all__ = ["Named", "NearMiss", "Telling", "ToldDuty", "ToldRecord", "telling"]

_HERE = "recoverycore.consent"


@frozen
class Named:
    """A code, and what it means in plain words."""

    code: str
    words: str


@frozen
class ToldRecord:
    """One record: what came of it, and what decided."""

    id: str
    verdict: Verdict
    because: tuple[Named, ...]


@frozen
class NearMiss:
    """A permit that did not reach a record that is withheld: on which axes it failed, the fewer the nearer."""

    record: str
    directive: str
    axes: tuple[Named, ...]


@frozen
class ToldDuty:
    """Something owed: when, what, until when if there is a deadline, and the ids and codes it speaks about."""

    timing: str
    what: Named
    until: str
    params: tuple[tuple[str, str], ...]


@frozen
class Telling:
    """Everything that staff may read of a decision, in the order in which they want to know it."""

    verdict: Verdict
    headline: str
    question: tuple[tuple[str, str], ...]
    because: tuple[Named, ...]
    """What decided on the request as a whole, where that was not record by record."""
    records: tuple[ToldRecord, ...]
    near_misses: tuple[NearMiss, ...]
    duties: tuple[ToldDuty, ...]
    needed: tuple[tuple[Named, ...], ...]
    sources: tuple[tuple[str, str], ...]
    for_staff: tuple[tuple[str, str], ...]


def telling(decision: Decision) -> Telling:
    """`decision` in parts, with instants as wall times of the client where their zone is known."""
    whole: tuple[str, ...] = (decision.refused,) if decision.refused else ()
    if not whole and not decision.records:
        whole = tuple(name if name.startswith("rule:") else f"directive:{name}" for name in listed(decision.basis))
    return Telling(
        verdict=decision.verdict,
        headline=sentence(_HERE, "verdict", decision.verdict),
        question=tuple(_question(decision)),
        because=tuple(_because(each, decision.verdict) for each in whole),
        records=tuple(
            ToldRecord(
                name, verdict, tuple(_because(each, verdict, decision.provisions.get(name)) for each in decision.rules.get(name, ()))
            )
            for name, verdict in decision.records.items()
        ),
        near_misses=tuple(sorted(_near_misses(decision), key=lambda each: (len(each.axes), each.record, each.directive))),
        duties=tuple(_duty(each, _zone(decision)) for each in sorted(decision.obligations, key=lambda each: each.place)),
        needed=tuple(tuple(map(_need, each)) for each in decision.explanation.needed),
        sources=tuple(decision.explanation.citations.items()),
        for_staff=tuple(_for_staff(decision)),
    )


def _zone(decision: Decision) -> str:
    return decision.case.consents.setting.client.zone or "UTC"


def _question(decision: Decision) -> Iterator[tuple[str, str]]:
    request = decision.case.request
    about = ", ".join(each for each in (request.recipient.kind, request.recipient.org) if each)
    yield "who", request.recipient.id + (f" ({about})" if about else "")
    yield "why", ", ".join(request.purposes) or "no purpose"
    yield "what", f"{request.action} {', '.join(sorted(each.id for each in request.records)) or 'no record'}"
    yield "from", "nobody said who would release" if request.discloser is None else request.discloser.id
    yield "at", clock_text(request.at, _zone(decision))


def _because(rule: str, verdict: Verdict, provisions: Mapping[str, tuple[str, ...]] | None = None) -> Named:
    """What decided; of a tree also the places in it that do."""
    kind, _, name = rule.partition(":")
    words = sentence(_HERE, "because", verdict if kind == "directive" else kind, name=name)
    places = (provisions or {}).get(name) if kind == "directive" else None
    return Named(rule, f"{words}, {sentence(_HERE, 'because', 'provision', name=', '.join(places))}" if places else words)


def _near_misses(decision: Decision) -> Iterator[NearMiss]:
    for record, failed in decision.failed.items():
        if decision.records[record] != "permit":
            for directive, axes in failed.items():
                defects = decision.defects.get(record, {}).get(directive, ())
                yield NearMiss(record, directive, tuple(_axis(each, defects) for each in axes))


def _axis(axis: str, defects: Iterable[str]) -> Named:
    """Why a permit failed on `axis`; beside its form, what is wrong with that."""
    wrong = ", ".join(map(_defect, defects)) if axis == "form" else ""
    return Named(axis, sentence(_HERE, "axis", axis) + (f": {wrong}" if wrong else ""))


def _defect(code: str) -> str:
    kind, _, name = code.partition(":")
    return sentence(_HERE, "defect", kind, name=name.replace("_", " "))


def _duty(owed: Obligation, zone: str) -> ToldDuty:
    kind, _, name = owed.code.partition(":")
    what = Named(owed.code, sentence(_HERE, "duty", kind, name=name))
    until = "" if owed.deadline is None else clock_text(owed.deadline, zone)
    return ToldDuty(sentence(_HERE, "timing", owed.timing), what, until, owed.params)


def _need(code: str) -> Named:
    kind, _, name = code.partition(":")
    return Named(code, sentence(_HERE, "needed", kind, name=name))


def _for_staff(decision: Decision) -> Iterator[tuple[str, str]]:
    yield "basis", ", ".join(listed(decision.basis)) or "none"
    if decision.basis_kind:
        yield "rests on", decision.basis_kind
    if decision.also:
        yield "would do as well", ", ".join(decision.also)
    if decision.entries:
        yield "entries", ", ".join(decision.entries)
    yield "profiles that applied", ", ".join(decision.profiles) or "none"
    yield "may tell that somebody is known here", "yes" if decision.may_reveal_existence else "no"
    yield "digest of what was decided on", decision.inputs_digest
    yield "whoever asked is told", decision.requester_view
