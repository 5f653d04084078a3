"""Paths through the graph of a protocol: the longest climb there is, the shortest to a stage, and the one of everybody's silence."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation.verification.ways import END, NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.escalation.verification.ways import Graph, Stage, Way

__all__ = ["Longest", "Visit", "longest", "shortest", "silent_entries"]

_MOST = 50_000
"""So many states of a climb are looked at. Only a protocol full of cycles, which is refused for them, has more."""


@frozen
class Visit:
    """A stage is entered: how long after activation, by the id of its first step, in which round."""

    after: timedelta
    step: str
    round: int


@frozen
class Longest:
    """The longest climb when nobody ever acks: its length, a run that takes that long, and how many states there were.

    `bound` is None where a climb may never end, or where there are more states than anybody wants to look at.
    """

    bound: timedelta | None
    witness: tuple[Visit, ...]
    states: int


@frozen
class _At:
    """A stage was entered, and how the climb came there."""

    entered: timedelta
    visits: tuple[Visit, ...]


def longest(graph: Graph) -> Longest:
    """Every path and every round, looked at once for each set of stages that matters; the latest entry into each is the one kept.

    That is enough: whoever enters a stage later never leaves it earlier.
    """
    if graph.ending is None or not graph.stages:
        return Longest(NOTHING if graph.ending is not None else None, (), 0)
    if any(graph.stages[number].ends(NOTHING) is None for number in graph.reachable):
        return Longest(None, (), len(graph.reachable))
    begin = _At(NOTHING, ())
    ends: list[_At] = []
    states = 0
    for turn in range(1, graph.rounds + 1):
        walked = _round(graph, turn, begin)
        if walked is None:
            return Longest(None, (), _MOST)
        over, through, looked_at = walked
        states += looked_at
        ends += over
        if through is None:
            break
        ends.append(through)
        if through.entered <= begin.entered:
            break  # a round that took no time is not run again
        begin = through
    last = max(ends, key=lambda each: each.entered)
    return Longest(last.entered, last.visits, states)


def _round(graph: Graph, turn: int, begin: _At) -> tuple[list[_At], _At | None, int] | None:
    """One round: where climbs end in it, the latest to come through to its end, and how many states there were."""
    on_cycles = {number for number in graph.reachable if number in graph.beyond[number]}
    start = (0, frozenset({0}) & on_cycles)
    latest = {start: begin}
    waiting = deque([start])
    over: dict[tuple[int, frozenset[int]], _At] = {}
    through: dict[tuple[int, frozenset[int]], _At] = {}
    while waiting:
        state = waiting.popleft()
        number, visited = state
        stage, at = graph.stages[number], latest[state]
        left = _At(_known(stage.ends(at.entered)), (*at.visits, Visit(at.entered, stage.first, turn)))
        for to in {way.to for way in stage.ways} or {END}:
            if to == END or to in visited:
                over[state] = left
            elif to == len(graph.stages):
                through[state] = left
            else:
                coming = (to, (visited | {to}) & on_cycles)
                if coming not in latest or _later(left, latest[coming]):
                    latest[coming] = left
                    waiting.append(coming)
        if len(latest) > _MOST:
            return None
    return list(over.values()), max(through.values(), key=lambda each: each.entered, default=None), len(latest)


def _later(one: _At, other: _At) -> bool:
    return one.entered > other.entered


def _known(end: timedelta | None) -> timedelta:
    if end is None:
        raise AssertionError("only stages that end are walked")
    return end


def shortest(graph: Graph, to: int, start: int = 0) -> tuple[tuple[Stage, Way], ...] | None:
    """The fewest stages that lead from `start` to the stage `to`, or to the terminal step (`END`), each with the way out of it.

    Every path has at least one stage: from a stage to itself it is a whole turn. None where there is no way.
    """
    if not graph.stages:
        return None
    ends = {END, len(graph.stages)} if to == END else {to}
    came: dict[int, tuple[tuple[Stage, Way], ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        number = waiting.popleft()
        stage = graph.stages[number]
        for way in stage.ways:
            path = (*came[number], (stage, way))
            if way.to in ends:
                return path
            if 0 <= way.to < len(graph.stages) and way.to not in came:
                came[way.to] = path
                waiting.append(way.to)
    return None


def silent_entries(graph: Graph) -> Iterator[tuple[Stage, timedelta]]:
    """The stages of the first round in the order in which silence leads through them, each with when it is entered."""
    waiting = [(0, NOTHING)] if graph.stages else []
    seen: set[int] = set()
    while waiting:
        number, entered = waiting.pop(0)
        stage = graph.stages[number]
        end = stage.lasts_until(entered)
        if number in seen:
            continue
        seen.add(number)
        yield stage, entered
        asks = {each.step for each in stage.members if each.asks} or {stage.first}
        nexts = (way.to for way in stage.ways if way.cause in asks and "timeout" in way.reasons)
        waiting += [(to, end) for to in nexts if end is not None and 0 <= to < len(graph.stages)]
