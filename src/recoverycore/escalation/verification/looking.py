"""Who can be asked, by each step in each interval of the horizon in which nothing changes; asked of the step machine's own functions."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from attrs import frozen

from recoverycore.escalation.quorums import enough
from recoverycore.escalation.state import RunFields
from recoverycore.escalation.targets import Resolved, may_hold, named_kind, quiet_window, resolve, usable_channels
from recoverycore.escalation.verification.ways import NOTHING
from recoverycore.escalation.windows import boundaries, covers, occurrences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverycore.escalation.documents import Protocol, ProtocolDraft, RunFacts
    from recoverycore.escalation.steps import Step

__all__ = ["Interval", "Look", "Looking", "first_stretch", "stretches"]

_FOR_EVER = timedelta(days=400)
"""A stage that is put off for more than a year is never entered."""
_AWAKE = {"quiet": None}
_A_WEEK = timedelta(days=9)
"""A weekly window that reaches into a horizon began no longer before it."""


@frozen
class Look:
    """One step at one instant: whether it is inside its hours, who may take it (or be told), and what keeps each of the others.

    `filled` is whether those are enough; `quiet_alone` whether they would be, but for quiet hours. `reached` is whether anybody at all
    is sent to, counted or not.
    """

    inside: bool
    filled: bool
    quiet_alone: bool
    reached: bool
    people: tuple[str, ...]
    barred: tuple[Resolved, ...]


@frozen
class Interval:
    """A stretch of time in which nothing changes, and what each step comes to in it, by its place in the protocol."""

    start: datetime
    end: datetime
    looks: tuple[Look, ...]


class Looking:
    """A protocol beside the facts, looked at from outside: as a run at the protocol's own level would see them."""

    def __init__(self, protocol: ProtocolDraft, facts: RunFacts) -> None:
        self.protocol = protocol
        self.steps = tuple(step for step in protocol.steps if not step.terminal)
        # Only looked at, never stepped: a draft has every field that is looked at.
        self.run = RunFields("", cast("Protocol", protocol), facts, level=protocol.level)
        self._awake = RunFields("", cast("Protocol", protocol), _without_quiet_hours(facts), level=protocol.level)

    def intervals(self, start: datetime, end: datetime) -> Iterator[Interval]:
        """The intervals between the changes of shifts, hours, quiet hours and services from `start` to `end`, in order."""
        edges = [start, *sorted(set(self._edges(start, end))), end]
        for at, until in itertools.pairwise(edges):
            yield Interval(at, until, tuple(self.look(step, at) for step in self.steps))

    def look(self, step: Step, at: datetime) -> Look:
        """What `step` comes to, where its stage is entered at `at`."""
        inside = step.when is None or covers(step.when, at, "coverage")
        found, _ = resolve(self.run, step, at)
        people = _counted(self.run, step, found)
        barred = tuple(each for each in found if each.barrier is not None)
        filled = inside and _fills(self.run, step, people)
        may_be_quiet = inside and not filled and any(each.barrier == "quiet_hours" for each in barred)
        return Look(
            inside=inside,
            filled=filled,
            quiet_alone=may_be_quiet and _fills(self._awake, step, _counted(self._awake, step, resolve(self._awake, step, at)[0])),
            reached=len(barred) < len(found),
            people=people,
            barred=barred,
        )

    def possible(self, step: Step) -> tuple[tuple[str, str], ...]:
        """Everybody whom `step` may ever mean, with their kind: those it names, and whoever has a shift in a role of it."""
        named: dict[tuple[str, str], None] = {}
        for target in step.targets:
            kind, identifier = target.kind_and_id
            shifts = self.run.facts.team.shifts_in.get(identifier, ())
            people = [shift.person for shift in shifts] if kind == "role" else [identifier]
            named.update(dict.fromkeys((person, named_kind(self.run, target, person)) for person in people))
        return tuple(named)

    def usable(self, step: Step, target: str, kind: str) -> tuple[str, ...]:
        """The channels on which `step` reaches `target` in safety."""
        return usable_channels(self.run, target, kind, step.channels or self.protocol.channels)[0]

    def staff_channels(self, step: Step) -> set[str]:
        """Every channel on which `step` can ask staff and services."""
        asked = [(target, kind) for target, kind in self.possible(step) if kind in ("person", "service")]
        return {channel for target, kind in asked for channel in self.usable(step, target, kind)}

    def holes(self, intervals: list[Interval], *, quiet: bool) -> Iterator[tuple[datetime, datetime]]:
        """The stretches in which nobody can be asked by any step; those that quiet hours alone make for one of them, or the others."""
        asks = [place for place, step in enumerate(self.steps) if step.asks]

        def wanted(each: Interval) -> bool:
            looks = [each.looks[place] for place in asks]
            return not any(look.filled for look in looks) and any(look.quiet_alone for look in looks) == quiet

        return stretches(intervals, wanted)

    def longest_wait(self, places: range, intervals: list[Interval]) -> timedelta | None:
        """For how long quiet hours may put off the stage of the steps at `places`; None for ever.

        The rule: where only people with quiet hours are named, the smallest over them of the longest quiet hours that there are. What
        the intervals add is a role with nobody on duty in it, and a step outside its hours: neither keeps the others from waiting.
        """
        if self.protocol.level > self.protocol.defer_max_level or not intervals:
            return NOTHING
        waits: list[timedelta | None] = [self._by_rule(places, intervals)]
        known: dict[datetime, datetime | None] = {}
        for each in intervals:
            until = self._put_off_until(places, each, known)
            waits.append(None if until is None else until - each.start)
        return None if None in waits else max(wait for wait in waits if wait is not None)

    def _put_off_until(self, places: range, entered: Interval, known: dict[datetime, datetime | None]) -> datetime | None:
        """Until when quiet hours put off a stage that is entered as an interval begins; None for ever.

        As the first of them end it is entered anew. Others may begin then, or another step be inside its hours, and put it off again.
        `known` remembers.
        """
        looks: Iterable[Look] = [entered.looks[place] for place in places]
        until: datetime | None = entered.start
        passed = []
        while until is not None and until not in known and (quiet := self._quiet_alone(looks, until)) != NOTHING:
            passed.append(until)
            until = None if until - entered.start > _FOR_EVER else until + quiet
            looks = [self.look(self.steps[place], until) for place in places] if until else ()
        found = known.get(until, until) if until else None
        known.update(dict.fromkeys(passed, found))
        return found

    def _quiet_alone(self, looks: Iterable[Look], at: datetime) -> timedelta:
        """For how long quiet hours, and nothing else, keep everybody of a stage from being reached."""
        there = [look for look in looks if look.inside]
        barred = [one for look in there for one in look.barred]
        if not barred or any(look.reached for look in there) or any(one.barrier != "quiet_hours" for one in barred):
            return NOTHING
        return min(self._quiet_for(one.target, one.kind, at) for one in barred)

    def _by_rule(self, places: range, intervals: list[Interval]) -> timedelta:
        steps = [self.steps[place] for place in places]
        if any(target.kind_and_id[0] in ("role", "service") for step in steps for target in step.targets):
            return NOTHING
        named = {pair for step in steps for pair in self.possible(step)}
        if not named or any(kind == "unknown" or quiet_window(self.run, target, kind) is None for target, kind in named):
            return NOTHING
        return min(self._longest(target, kind, intervals) for target, kind in named)

    def _longest(self, target: str, kind: str, intervals: list[Interval]) -> timedelta:
        """The longest quiet hours of `target` of which a part lies in the horizon."""
        window, start, end = quiet_window(self.run, target, kind), intervals[0].start, intervals[-1].end
        edges = boundaries(window, start - _A_WEEK, end, "restraint") if window is not None else ()
        lengths = [(edge, self._quiet_for(target, kind, edge)) for edge in set(edges)]
        return max((length for edge, length in lengths if edge + length > start), default=NOTHING)

    def _quiet_for(self, target: str, kind: str, at: datetime) -> timedelta:
        """How long the quiet hours of `target` go on from `at`."""
        window = quiet_window(self.run, target, kind)
        ends = [end for start, end in occurrences(window, at, "restraint") if start <= at < end] if window is not None else ()
        return max(ends, default=at) - at

    def _edges(self, start: datetime, end: datetime) -> Iterator[datetime]:
        facts = self.run.facts
        for shift in facts.team.shifts:
            if shift.window is not None:
                yield from boundaries(shift.window, start, end, "coverage")
            else:
                yield from (edge.astimezone(UTC) for edge in (shift.from_, shift.to) if isinstance(edge, datetime) and start < edge < end)
        hours = [window for service in facts.directory.values() for window in service.hours or ()]
        for window in (*hours, *(step.when for step in self.steps if step.when is not None)):
            yield from boundaries(window, start, end, "coverage")
        quiet = [*(each.quiet for each in facts.team.persons.values()), *(each.quiet for each in (*facts.contacts.values(), facts.client))]
        for night in quiet:
            if night is not None:
                yield from boundaries(night, start, end, "restraint")


def first_stretch(intervals: list[Interval], wanted: Callable[[Interval], bool]) -> tuple[datetime, datetime] | None:
    """The first stretch of neighbouring intervals of which `wanted` holds."""
    return next(stretches(intervals, wanted), None)


def stretches(intervals: list[Interval], wanted: Callable[[Interval], bool]) -> Iterator[tuple[datetime, datetime]]:
    """Every stretch of neighbouring intervals of which `wanted` holds, in order."""
    for holds, turn in itertools.groupby(intervals, wanted):
        if holds:
            first, *rest = turn
            yield first.start, (rest[-1] if rest else first).end


def _counted(run: RunFields, step: Step, found: Iterable[Resolved]) -> tuple[str, ...]:
    """Whoever nothing bars and, where the step asks, may hold."""
    return tuple(each.target for each in found if each.barrier is None and (not step.asks or may_hold(run, each.target)))


def _fills(run: RunFields, step: Step, people: tuple[str, ...]) -> bool:
    return enough(run, step, people) if step.asks else bool(people)


def _without_quiet_hours(facts: RunFacts) -> RunFacts:
    team = facts.team.model_copy(update={"persons": {name: each.model_copy(update=_AWAKE) for name, each in facts.team.persons.items()}})
    contacts = {name: each.model_copy(update=_AWAKE) for name, each in facts.contacts.items()}
    return facts.model_copy(update={"team": team, "contacts": contacts, "client": facts.client.model_copy(update=_AWAKE)})
