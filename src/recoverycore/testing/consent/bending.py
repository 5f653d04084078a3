"""How a decider is made wrong without looking inside it: it is asked about a bent world, or its answer is bent."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import changed, request_of, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide, Json

    Wrap = Callable[[Decide], Decide]

__all__ = ["all_at", "answering", "asked_about", "boxes", "keeping", "papers", "records", "without_duty"]


def asked_about(bend: Callable[[Json], object]) -> Wrap:
    """Asked about a world that is bent first."""

    def wrap(decide: Decide) -> Decide:
        def bent(case: Json) -> Json:
            other = copy.deepcopy(case)
            bend(other)
            return decide(other)

        return bent

    return wrap


def answering(bend: Callable[[Json, Json], Json]) -> Wrap:
    """The answer is bent; the case goes along."""
    return lambda decide: lambda case: bend(told(decide(case), case), case)


def papers(bend: Callable[[Json, Json], object]) -> Wrap:
    """Every paper is bent first; the case goes along."""
    return asked_about(lambda case: [bend(paper, case) for paper in case["given"]["directives"]])


def boxes(bend: Callable[[Json], object]) -> Wrap:
    """Every box of every paper is bent first."""
    return papers(lambda paper, _: [bend(box) for box in paper.get("boxes", ())])


def records(bend: Callable[[Json], object]) -> Wrap:
    """Every record asked for is bent first."""
    return asked_about(lambda case: [bend(record) for record in request_of(case)["records"]])


def keeping(name: str, keep: Callable[[list[Json]], list[Json]]) -> Wrap:
    """Only some of the papers or profiles are looked at."""
    return lambda decide: lambda case: decide(changed(case, **{name: keep(case["given"].get(name) or [])}))


def without_duty(code: str) -> Wrap:
    """One duty is never owed."""
    return answering(lambda answer, _: {**answer, "obligations": [each for each in answer.get("obligations", ()) if each != code]})


def all_at(answer: Json, verdict: str, basis: str | None) -> Json:
    """The answer with every record at one verdict."""
    return {**answer, "decision": verdict, "records": dict.fromkeys(answer["records"], verdict), "withheld": [], "basis": basis}
