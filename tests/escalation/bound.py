"""How long a climb may take when nobody ever acks, found by walking every path there is. Slow, and written to be read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation import Protocol
from recoverycore.escalation.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator


NOTHING = timedelta()


def stages(protocol: Protocol) -> list[list[Step]]:
    """Neighbours of one group together, everybody else alone, the terminal step left out."""
    numbered = enumerate(protocol.steps[:-1])
    return [[step for _, step in found] for _, found in groupby(numbered, key=lambda pair: pair[1].group or pair[0])]


def longest_climb(protocol: Protocol, quiet: Mapping[str, timedelta] = {}) -> timedelta:
    """The longest of all paths. `quiet` says for how long each target may be quiet, where a stage may have to wait for that."""
    return max(_Walk(protocol, stages(protocol), quiet).ends(0, NOTHING, ()))


@frozen
class _Walk:
    """All paths through the stages of one protocol."""

    protocol: Protocol
    stages: list[list[Step]]
    quiet: Mapping[str, timedelta]

    def ends(
        self, number: int, entered: timedelta, visited: tuple[int, ...], *, turn: int = 1, began: timedelta = NOTHING
    ) -> Iterator[timedelta]:
        """When the terminal step is shown, on each path that enters stage `number` at `entered`, in a turn that `began` then."""
        if number in visited:
            yield entered  # a cycle is broken by the terminal step
        elif number < len(self.stages):
            stage = self.stages[number]
            left = _end(stage, entered + _wait(stage, self.quiet))
            for to in self._edges(number):
                yield from [left] if to is None else self.ends(to, left, (*visited, number), turn=turn, began=began)
        elif turn < self.protocol.rounds and entered > began:
            yield from self.ends(0, entered, (), turn=turn + 1, began=entered)
        else:
            yield entered

    def _edges(self, number: int) -> Iterator[int | None]:
        """Where a stage may lead: to the next one, and where a jump rule says (None is the terminal step)."""
        names = {step.id: index for index, stage in enumerate(self.stages) for step in stage}
        yield number + 1
        for step in self.stages[number]:
            for rule in step.jump:
                yield names.get(rule.to)


def _end(stage: list[Step], entered: timedelta) -> timedelta:
    asks = [step for step in stage if step.asks]
    if not asks:
        return entered + max(step.ack_within or NOTHING for step in stage)
    lengths = [(step.from_, step.ack_within or NOTHING) for step in asks]
    return max(entered + length if since == "previous" else max(entered, length) for since, length in lengths)


def _wait(stage: list[Step], quiet: Mapping[str, timedelta]) -> timedelta:
    """How long a stage may be put off, because everybody in it may be quiet; a role may have nobody on duty, who then says nothing."""
    asked = [each for step in stage for each in step.targets if each.role is None]
    targets = [each.person or each.contact or ("client" if each.client else "") for each in asked]
    return min((quiet[target] for target in targets), default=NOTHING) if all(target in quiet for target in targets) else NOTHING
