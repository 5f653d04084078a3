"""`verify`: whether a protocol can be left to itself, with these people, in this stretch of time. Pure and total."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from recoverycore.errors import InstantError, problem
from recoverycore.escalation.verification.checks import Checks
from recoverycore.escalation.verification.findings import BOUND_LIMITS
from recoverycore.escalation.verification.looking import Looking
from recoverycore.escalation.verification.mending import Mending
from recoverycore.escalation.verification.paths import longest
from recoverycore.escalation.verification.result import Cover, Verification
from recoverycore.escalation.verification.telling import stories_of
from recoverycore.escalation.verification.ways import graph_of
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from recoverycore.escalation.documents import ProtocolDraft, RunFacts
    from recoverycore.escalation.verification.looking import Interval, Look

__all__ = ["verify"]

_FARTHEST = timedelta(days=400)
"""So long a horizon may be: a roster that is known for more than a year is a weekly one, and has been seen whole by then."""
_FIRST, _LAST = datetime(2, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)
"""Beyond these a window could lead out of the calendar."""


def verify(
    protocol: ProtocolDraft,
    facts: RunFacts,
    *,
    horizon: tuple[datetime, datetime],
    providers: Mapping[str, Sequence[str]] | None = None,
    limits: Mapping[int, timedelta | None] | None = None,
) -> Verification:
    """Everything that can go wrong with `protocol` by itself, found before anybody needs it.

    It looks at every path through the stages and every reason of leaving them, and at every interval of the `horizon`, half open, in
    which no shift, no hours and no quiet hours begin or end. Nobody answers, ticks come on time, and the level is the protocol's own.

    What a `ProtocolDraft` would be refused for is a finding. `facts` are what a run would look at; the horizon is at most 400 days.
    `providers` says who carries each channel (a lone name is one of them), and None that nobody is known. `limits` says for a level how
    long a climb may take, None for any time, instead of what stands in `BOUND_LIMITS`.

    Errors: ``naive_time``, ``end_before_start``, ``bad_time`` for a longer horizon or one at the ends of the calendar.
    """
    start, end = _stretch(horizon)
    looking = Looking(protocol, facts)
    intervals = list(looking.intervals(start, end))
    waits, place = [], 0
    for stage in protocol.stages:
        if not stage[0].terminal:
            waits.append(looking.longest_wait(range(place, place + len(stage)), intervals))
            place += len(stage)
    graph = graph_of(protocol, waits)
    climb = longest(graph)
    limit = {**BOUND_LIMITS, **(limits or {})}[protocol.level]
    carriers = {channel: (names,) if isinstance(names, str) else names for channel, names in (providers or {}).items()}
    findings = Checks(looking, graph, intervals, carriers, limit).all(climb.bound)
    spare = None if climb.bound is None or limit is None else (climb.bound, limit)
    return Verification(
        protocol=protocol.id,
        version=protocol.version,
        level=protocol.level,
        from_=start,
        to=end,
        held_or_terminal=climb.bound is not None,
        bound=climb.bound,
        findings=findings,
        witness=climb.witness,
        cover=tuple(_cover(looking, intervals)),
        stories=stories_of(looking, graph, intervals, climb, findings),
        states=climb.states + len(intervals) * len(looking.steps),
        ending=graph.ending,
        alone=tuple(_alone(looking, intervals)),
        mending=Mending(looking, intervals, carriers, spare),
    )


def _stretch(horizon: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    start, end = (require_aware(each).astimezone(UTC) for each in horizon)
    if end <= start:
        raise InstantError(problem("end_before_start"))
    if end - start > _FARTHEST or not _FIRST <= start < end <= _LAST:
        raise InstantError(problem("bad_time"))
    return start, end


def _cover(looking: Looking, intervals: list[Interval]) -> Iterator[Cover]:
    """For each step the stretches in which the same people can be asked."""
    for place, step in enumerate(looking.steps):
        row = [each.looks[place] for each in intervals]
        turns = [0, *(number for number, (one, other) in enumerate(pairwise(row), start=1) if one != other), len(row)]
        for first, after in pairwise(turns):
            look = row[first]
            yield Cover(
                step=step.id,
                kind=_kind(look),
                from_=intervals[first].start,
                to=intervals[after - 1].end,
                people=look.people,
                barred=tuple((each.target, each.barrier or "") for each in look.barred),
            )


def _alone(looking: Looking, intervals: list[Interval]) -> Iterator[Cover]:
    """The stretches in which one person of the team, and nobody else, can take it, over all steps."""
    asks = [place for place, step in enumerate(looking.steps) if step.asks]

    def whom(each: Interval) -> str | None:
        people = {one for place in asks for one in each.looks[place].people if each.looks[place].filled}
        return next(iter(people & looking.run.facts.team.persons.keys()), None) if len(people) == 1 else None

    for person, turn in groupby(intervals, whom):
        if person is not None:
            first, *rest = turn
            yield Cover(step="", kind="covered", from_=first.start, to=(rest[-1] if rest else first).end, people=(person,))


def _kind(look: Look) -> str:
    if not look.inside:
        return "outside"
    if look.filled:
        return "covered"
    return "quiet" if look.quiet_alone else "hole"
