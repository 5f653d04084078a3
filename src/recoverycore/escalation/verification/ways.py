"""A protocol as a finite graph: stages, how long each may last, and where each leaving reason leads. Plain numbers and words.

A stage stands for its number. `END` is the terminal step by a jump, which skips further rounds; the number after the last stage is what
comes after a whole round: the next one, or the terminal step.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverycore.escalation.documents import ProtocolDraft
    from recoverycore.escalation.steps import Step

__all__ = ["END", "NOTHING", "REASONS", "Graph", "Member", "Stage", "Way", "graph_of"]

END = -1
NOTHING = timedelta()
REASONS = ("timeout", "declined", "unreachable", "no_recipient", "consent_blocked", "quiet_hours", "outside_hours")
"""The reasons for which a stage is left by itself; each is taken as possible in every stage."""
_OTHERWISE = "otherwise"
"""Whatever else a stage may be left for: the level rose, somebody gave it back."""


@frozen
class Way:
    """Where a stage leads when the step `cause` is left for one of `reasons`."""

    cause: str
    reasons: tuple[str, ...]
    to: int


@frozen
class Member:
    """A step of a stage: whether it asks, and for how long. `sometimes` is whether it may be outside its hours, and absent."""

    step: str
    asks: bool
    length: timedelta | None
    since_activation: bool
    sometimes: bool

    def ends(self, entered: timedelta) -> timedelta | None:
        """When its time is over, counted from activation, where its stage is entered at `entered`; None for never."""
        if not self.asks:
            return entered + (self.length or NOTHING)
        if self.length is None:
            return None
        return max(entered, self.length) if self.since_activation else entered + self.length


@frozen
class Stage:
    """Steps that start together. `wait` is for how long quiet hours may put it off; None for ever."""

    number: int
    members: tuple[Member, ...]
    ways: tuple[Way, ...]
    wait: timedelta | None = NOTHING

    @property
    def first(self) -> str:
        """The id of its first step, which stands for the stage."""
        return self.members[0].step

    def ends(self, entered: timedelta) -> timedelta | None:
        """By when the stage is over at the latest, if nobody ever acks; None where it may wait for ever."""
        return None if self.wait is None else self.lasts_until(entered + self.wait)

    def lasts_until(self, begun: timedelta) -> timedelta | None:
        """The same for a stage that begins at once.

        It is over by the latest deadline of its ask steps. One that only informs, or in which every ask step may be absent, lasts for
        its longest pause.
        """
        asks = [each for each in self.members if each.asks]
        counted = asks if any(not each.sometimes for each in asks) else self.members
        ends = [each.ends(begun) for each in counted]
        known = [each for each in ends if each is not None]
        return max(known) if len(known) == len(ends) else None


@define(frozen=True, slots=False)
class Graph:
    """Every stage but the terminal step, how often they are run, and whether there is a terminal step at all."""

    stages: tuple[Stage, ...]
    rounds: int
    ending: str | None
    follows: tuple[frozenset[int], ...] = field(init=False)
    """For each stage the stages that it leads to."""

    def __attrs_post_init__(self) -> None:
        led = (frozenset(way.to for way in stage.ways if 0 <= way.to < len(self.stages)) for stage in self.stages)
        object.__setattr__(self, "follows", tuple(led))

    def ends_after(self, stage: Stage) -> bool:
        """Whether the terminal step may come next after `stage`, in the last round."""
        return self.ending is not None and any(way.to in (END, len(self.stages)) for way in stage.ways)

    @cached_property
    def beyond(self) -> tuple[frozenset[int], ...]:
        """For each stage every stage that may come after it in the same round, however much later; itself only on a cycle."""
        return tuple(self._from(number) for number in range(len(self.stages)))

    @cached_property
    def reachable(self) -> frozenset[int]:
        """The stages that some path enters."""
        return frozenset({0} | self.beyond[0]) if self.stages else frozenset()

    def _from(self, number: int) -> frozenset[int]:
        found: set[int] = set()
        waiting = set(self.follows[number])
        while waiting:
            found |= waiting
            waiting = {to for each in waiting for to in self.follows[each]} - found
        return frozenset(found)


def graph_of(protocol: ProtocolDraft, waits: Sequence[timedelta | None]) -> Graph:
    """`protocol` as a graph at its own level; `waits` says for each stage how long quiet hours may put it off."""
    asking = [stage for stage in protocol.stages if not stage[0].terminal]
    homes = {step.id: number for number, stage in reversed(list(enumerate(asking))) for step in stage}
    homes.update({step.id: END for step in protocol.steps if step.terminal})
    stages = tuple(
        Stage(
            number=number,
            members=tuple(map(_member, stage)),
            ways=tuple(way for step in stage for way in _ways(step, protocol.level, homes, number + 1)),
            wait=waits[number],
        )
        for number, stage in enumerate(asking)
    )
    ending = protocol.steps[-1] if protocol.steps and protocol.steps[-1].terminal else None
    return Graph(stages, protocol.rounds, ending.id if ending else None)


def _member(step: Step) -> Member:
    return Member(step.id, step.asks, step.ack_within, step.asks and step.from_ == "activation", step.when is not None)


def _ways(step: Step, level: int, homes: dict[str, int], following: int) -> Iterator[Way]:
    """Where `step` leads: by its jump rules in order, each with the reasons that no earlier one took, and on with the rest.

    A rule above the level takes nothing away, and stays possible itself: the level may rise. One that names no reason takes every reason.
    """
    taken: set[str] = set()
    for rule in step.jump:
        named: set[str] = {*REASONS, _OTHERWISE} if rule.on is None else {*rule.on}
        possible = named - taken
        if possible and _OTHERWISE not in taken and rule.to in homes:
            yield Way(step.id, _in_order(possible), homes[rule.to])
        if rule.min_level <= level:
            taken |= named
    if left := {*REASONS} - taken:
        yield Way(step.id, _in_order(left), following)


def _in_order(reasons: set[str]) -> tuple[str, ...]:
    return (*(each for each in REASONS if each in reasons), *sorted(reasons - set(REASONS)))
