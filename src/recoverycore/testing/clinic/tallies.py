"""What is counted while a simulation runs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from recoverycore.testing.clinic.running import Ended

__all__ = ["Tally"]

_KEPT = 10
"""So many of the runs in which something happened that must not are remembered by number."""


@define
class Tally:
    """Counts of a number of runs. Times are whole seconds after activation, each with how many runs it took so long."""

    runs: int = 0
    calls: int = 0
    human: Counter[int] = field(factory=Counter)
    terminal: Counter[int] = field(factory=Counter)
    first: Counter[int] = field(factory=Counter)
    unheld: int = 0
    messages: Counter[str] = field(factory=Counter)
    took: Counter[str] = field(factory=Counter)
    declined: Counter[str] = field(factory=Counter)
    breaches: Counter[str] = field(factory=Counter)
    broken: list[tuple[int, str]] = field(factory=list)

    def add(self, number: int, ended: Ended) -> None:
        """Count one run."""
        self.runs += 1
        self.calls += ended.calls
        for counted, seconds in ((self.human, ended.human), (self.terminal, ended.terminal), (self.first, ended.first)):
            if seconds is not None:
                counted[seconds] += 1
        self.unheld += ended.first is None
        for named, names in (
            (self.messages, ended.messages), (self.took, ended.took), (self.declined, ended.declined), (self.breaches, ended.breaches)
        ):  # fmt: skip
            for name in names:
                named[name] += 1
        self.broken += [(number, name) for name in dict.fromkeys(ended.breaches)][: _KEPT - len(self.broken)]

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.runs + other.runs, self.calls + other.calls, self.human + other.human, self.terminal + other.terminal,
            self.first + other.first, self.unheld + other.unheld, self.messages + other.messages, self.took + other.took,
            self.declined + other.declined, self.breaches + other.breaches, (self.broken + other.broken)[:_KEPT],
        )  # fmt: skip
