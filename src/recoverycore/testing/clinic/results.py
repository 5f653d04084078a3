"""What a simulation came to: how long people waited for a human, what it asked of each person, and what went wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import evolve, field, frozen

from recoverycore.escalation.verification.times import day_text, length_text
from recoverycore.ground.durations import elapsed_text
from recoverycore.ground.instants import utc_text
from recoverycore.testing.clinic.tallies import Tally
from recoverycore.testing.clinic.watching import CHECKS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

__all__ = ["Broken", "Load", "Simulation"]

_SHARES = (0.5, 0.9, 0.99)


class Load(NamedTuple):
    """What was asked of one person in all the runs: how many messages they got, how often they took it, how often they declined."""

    who: str
    messages: int
    took: int
    declined: int


class Broken(NamedTuple):
    """A run in which something happened that must never happen: its number, with which it is simulated again, and the check."""

    run: int
    check: str


@frozen(kw_only=True)
class Simulation:
    """How a protocol fared in very many made-up runs: ids and lengths of time only.

    It is as good as the habits that were assumed, and says nothing of how a person fared. `runs` may be fewer than were `asked` for, when
    somebody has interrupted it. Two parts with neighbouring numbers are added with ``+``.
    """

    protocol: str
    version: int
    from_: datetime
    to: datetime
    zone: str
    seed: int
    first: int
    asked: int
    without: tuple[str, ...]
    tally: Tally = field(repr=False)

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return self.tally.runs

    @property
    def calls(self) -> int:
        """How often the machine was called."""
        return self.tally.calls

    @property
    def with_a_human(self) -> int:
        """In how many runs a human took it."""
        return self.tally.human.total()

    @property
    def with_terminal_step(self) -> int:
        """In how many runs the terminal step was shown, because nobody had taken it."""
        return self.tally.terminal.total()

    @property
    def unheld(self) -> int:
        """In how many runs neither a human nor the terminal step ever came. There must be none."""
        return self.tally.unheld

    @property
    def longest(self) -> timedelta | None:
        """The longest that anybody waited until a human had it or the terminal step was shown; `verify` gives the bound on it."""
        return timedelta(seconds=max(self.tally.first)) if self.tally.first else None

    def human_within(self, share: float) -> timedelta | None:
        """By when a human had it in this share of all runs; None where in so many nobody ever took it."""
        return _by_when(self.tally.human, share, self.runs)

    def terminal_within(self, share: float) -> timedelta | None:
        """By when the terminal step was shown in this share of the runs in which it was."""
        return _by_when(self.tally.terminal, share, self.with_terminal_step)

    @property
    def breaches(self) -> dict[str, int]:
        """How often something happened that must never happen, by check; nought for each, with the machine of this library."""
        return {name: self.tally.breaches[name] for name in CHECKS}

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The first runs in which that was so, by number."""
        return tuple(Broken(*each) for each in self.tally.broken)

    @property
    def ok(self) -> bool:
        """Whether no run was left alone, and nothing happened that must never happen."""
        return not self.unheld and not any(self.breaches.values())

    @property
    def load(self) -> tuple[Load, ...]:
        """What was asked of each person, those first who got most messages."""
        tally = self.tally
        names = sorted(tally.messages, key=lambda name: (-tally.messages[name], name))
        return tuple(Load(name, tally.messages[name], tally.took[name], tally.declined[name]) for name in names)

    def __add__(self, other: object) -> Simulation:
        if not isinstance(other, Simulation) or self._kind() != other._kind() or self.first + self.runs != other.first:
            return NotImplemented
        return evolve(self, asked=self.runs + other.asked, tally=self.tally.plus(other.tally))

    def _kind(self) -> tuple[object, ...]:
        return self.protocol, self.version, self.from_, self.to, self.seed, self.without

    def explain(self) -> str:
        """In words: when there was a human, how often the terminal step came first, what it asked of whom."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        some = f"{self.runs:,}" if self.runs == self.asked else f"{self.runs:,} of {self.asked:,}"
        yield f"{self.protocol} version {self.version}: {some} simulated runs, seed {self.seed}, numbers from {self.first}."
        yield f"Begun from {day_text(self.from_, self.zone)} to {day_text(self.to, self.zone)}, times in {self.zone}."
        if self.without:
            yield f"Without {', '.join(self.without)}."
        yield f"A human had it in {self._of(self.with_a_human)}."
        for share in _SHARES:
            when = self.human_within(share)
            yield f"  {share * 100:.0f} % of all runs: {'never' if when is None else f'within {length_text(when)}'}"
        yield f"The terminal step was shown in {self._of(self.with_terminal_step)}."
        if self.longest is not None:
            yield f"One of the two had come after {length_text(self.longest)} at the latest."
        yield f"Left alone: {self.unheld:,}. " + " ".join(
            f"{name.replace('_', ' ').capitalize()}: {n:,}." for name, n in self.breaches.items()
        )
        yield from (f"  run {each.run}: {each.check.replace('_', ' ')}" for each in self.broken)
        yield "Asked of each person, for 100 runs:"
        for each in self.load:
            yield f"  {each.who}: {self._per(each.messages)} messages, took it {self._per(each.took)} times"

    def _of(self, number: int) -> str:
        return f"{number:,} ({number / self.runs * 100:.1f} %)" if self.runs else "0"

    def _per(self, number: int) -> str:
        return f"{number / self.runs * 100:.0f}"

    def to_rows(self) -> list[dict[str, Any]]:
        """What was measured as plain data, a row each; lengths of time as text, None for never."""
        waits = [("human", self.with_a_human, self.human_within), ("terminal", self.with_terminal_step, self.terminal_within)]
        rows: list[dict[str, Any]] = [
            {"what": what, "runs": runs, **{f"within_{share * 100:.0f}": _text(by(share)) for share in _SHARES}} for what, runs, by in waits
        ]
        rows += [{"what": name, "times": times} for name, times in {"left_alone": self.unheld, **self.breaches}.items()]
        return rows + [{"what": "load", **each._asdict()} for each in self.load]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "protocol": self.protocol, "version": self.version, "from": utc_text(self.from_), "to": utc_text(self.to), "seed": self.seed,
            "first": self.first, "asked": self.asked, "runs": self.runs, "calls": self.calls, "without": list(self.without), "ok": self.ok,
            "longest": _text(self.longest), "rows": self.to_rows(), "broken": [each._asdict() for each in self.broken],
        }  # fmt: skip

    def to_svg(self) -> str:
        """When there was a human, and what it asked of whom, as a picture of its own."""
        from recoverycore.testing.clinic.picture import simulation_svg

        return simulation_svg(self)

    def __str__(self) -> str:
        return self.explain()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - notebooks call it so
        return {"text/plain": self.explain(), "image/svg+xml": self.to_svg()}


def _by_when(counted: Counter[int], share: float, of: int) -> timedelta | None:
    """The first second by which at least `share` of so many runs are counted."""
    so_far = 0
    for seconds in sorted(counted):
        so_far += counted[seconds]
        if so_far >= share * of:
            return timedelta(seconds=seconds)
    return None


def _text(length: timedelta | None) -> str | None:
    return None if length is None else elapsed_text(length)
