"""Any decider of consent held against the reference: on near misses, and on every cell of a small vocabulary."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.drawing import World
from recoverycore.testing.consent.stories import HIE, LEE, NOTE, NOTES_FORM, box, permit, record, story, tpo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Disagreement", "cells", "differences", "disagreements"]

Json = dict[str, Any]
ALWAYS = ("decision", "records", "withheld", "basis")


class Disagreement(NamedTuple):
    """A world of which two deciders say different things: which, by name, with both answers."""

    world: World
    names: tuple[str, ...]
    found: Json
    expected: Json


def differences(found: Json, expected: Json) -> tuple[str, ...]:
    """The parts in which two answers differ. Verdict, records, withheld and basis must be there; other parts count where both tell them."""
    return tuple(name for name in expected if (name in ALWAYS or name in found) and found.get(name) != expected[name])


def disagreements(
    decide: Callable[[Json], Json], drawn: Iterable[World], against: Callable[[Json], Json] = reference_decide
) -> Iterator[Disagreement]:
    """Each world that `decide` answers otherwise than `against`."""
    for world in drawn:
        found, expected = decide(world.case), against(world.case)
        if names := differences(found, expected):
            yield Disagreement(world, names, found, expected)


PAPERS: list[list[Json]] = [
    [],
    [permit()],
    [permit(boxes=[box(labels=["SUD", "HIV"], purposes="*", recipients="*")])],
    [tpo(), permit("d1", polarity="deny", boxes=[box(labels=["HIV"], purposes=["payment"], recipients="*")])],
    [NOTES_FORM, permit("g2", form="proceedings", boxes=[box(purposes=["proceedings"], recipients="*")])],
    [HIE, permit("g2", boxes=[box(categories=["lab"])], **{"except": [{"purposes": ["emergency_treatment"]}]})],
]
LABELS = [[], ["SUD"], ["ETHUD"], ["SUD", "HIV"], ["MH"]]
KINDS = [{"category": "diagnosis"}, {"category": "lab"}, NOTE]
PURPOSES = ["treatment", "emergency_treatment", "payment", "civil_proceedings", "break_glass"]
RECIPIENTS = [LEE, {**LEE, "via": "org:hie"}, {"id": "org:other", "kind": "medical_personnel"}]
INSTANTS = ["2026-03-01T06:00:00Z", "2027-01-01T05:59:59Z", "2027-01-01T06:00:00Z"]
PROFILES = [(), ("us.42cfr2",), ("us.42cfr2", "us.hipaa")]
EMERGENCY = {"emergency": {"bona_fide": True, "consent_obtainable": False}}


def cells(profiles: Iterable[tuple[str, ...]] = tuple(PROFILES)) -> Iterator[World]:
    """Every cell of a small vocabulary: papers, labels, kind of record, purpose, recipient, instant, under each set of profiles."""
    axes = PAPERS, LABELS, KINDS, PURPOSES, RECIPIENTS, INSTANTS
    for asked in profiles:
        for papers, labels, kind, purpose, recipient, at in product(*axes):
            one = record(**{**kind, "labels": [*labels, *kind.get("labels", ())]})
            case = story(*papers, profiles=asked, facts=EMERGENCY, recipient=recipient, purposes=[purpose], at=at, records=[one])
            yield World(case, "a cell")
