"""What a series shows: how many events lie in a window, and whether the latest is worse than those before."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.risk.language.comparing import Truth, back, compare_spans, passes
from recoverycore.risk.language.knowledge import Event, Reason, Series, Span, foremost, reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from recoverycore.risk.language.conditions import CountOf, Trend
    from recoverycore.risk.language.declarations import Declaration
    from recoverycore.risk.language.knowledge import Value

__all__ = ["Told", "as_written", "count", "trend"]

_TWO = 2
"""So many observations make a trend."""


@frozen
class Told:
    """Whether a leaf holds, and if nobody can tell, why."""

    truth: Truth
    reason: Reason | None = None


def count(leaf: CountOf, series: Series, declaration: Declaration, now: datetime) -> Told:
    """Whether so many events lie in the window, which has both its edges. What may lie in it may be counted."""
    begin = back(now, leaf.last)
    low = high = 0
    reasons: set[Reason] = set()
    for event in series.events:
        if event.at is not None and event.at < begin:
            continue
        matches = True if leaf.where is None else passes(leaf.where, event.value, declaration)
        if matches is False:
            continue
        high += 1
        doubts = _doubts(event, now, matches=matches)
        reasons |= doubts
        low += not doubts
    open_end = series.known_since is not None and begin < series.known_since
    if open_end:
        reasons.add("not_known_since")
    truth = compare_spans(leaf.op, Span(low, None if open_end else high, whole=True), Span(leaf.value, leaf.value, whole=True))
    return Told(truth, foremost(reasons) if truth is None else None)


def _doubts(event: Event, now: datetime, *, matches: Truth) -> set[Reason]:
    """Why it cannot be told of an event that may count whether it does."""
    doubts: set[Reason] = set()
    if event.at is None:
        doubts.add("undated")
    elif event.at > now:
        doubts.add("future")
    if matches is None:
        reason = reason_of(event.value)
        doubts.add("partial" if reason == "not_recorded" else reason)
    return doubts


def trend(leaf: Trend, series: Series, declaration: Declaration, now: datetime) -> Told:
    """Whether the latest observation is worse than the baseline by at least the leaf's amount."""
    dated = [(event.at, event.value) for event in series.events if event.at is not None]
    if len(series.events) < _TWO:
        return Told(None, "too_few")
    if len(dated) < len(series.events):
        return Told(None, "undated")
    latest = max(at for at, _ in dated)
    if latest > now:
        return Told(None, "future")
    if declaration.stale_after is not None and now - latest > declaration.stale_after:
        return Told(None, "stale")
    rising = sorted(((at, _Badness.of(value, declaration)) for at, value in dated), key=lambda one: (one[0], one[1].order))
    if any(here[0] == there[0] and not (here[1].exact and there[1].exact) for here, there in pairwise(rising)):
        return Told(None, "partial")
    *earlier, last = (badness for _, badness in rising)
    match leaf.baseline:
        case "first":
            base = earlier[0]
        case "previous":
            base = earlier[-1]
        case "best":
            base = _best(earlier)
    truth = last.exceeds(base, as_written(leaf.amount))
    return Told(truth, "partial" if truth is None else None)


def as_written(number: float) -> Fraction:
    """The number that a person reads: 0.1 is a tenth."""
    return Fraction(repr(number)) if type(number) is float else Fraction(number)


@frozen
class _Badness:
    """How worrying an observation is, from `low` to `high`; None is without end. The greater, the worse."""

    low: Fraction | None
    high: Fraction | None

    @classmethod
    def of(cls, value: Value, declaration: Declaration) -> _Badness:
        """How worrying `value` is; one that is not known may be anything that is declared."""
        span = value if isinstance(value, Span) else Span(declaration.low, declaration.high)
        low, high = (None if end is None else as_written(end) for end in (span.low, span.high))
        if declaration.worse == "higher":
            return cls(low, high)
        return cls(None if high is None else -high, None if low is None else -low)

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    @property
    def order(self) -> Fraction:
        """What observations of one instant are sorted by, if all are exact."""
        return self.low or Fraction(0)

    def exceeds(self, base: _Badness, amount: Fraction) -> Truth:
        """Whether it is worse than `base` by at least `amount`."""
        if self.low is not None and base.high is not None and self.low - base.high >= amount:
            return True
        return False if self.high is not None and base.low is not None and self.high - base.low < amount else None


def _best(earlier: Sequence[_Badness]) -> _Badness:
    """The least worrying there may be among `earlier`."""
    lows, highs = [each.low for each in earlier], [each.high for each in earlier if each.high is not None]
    return _Badness(None if None in lows else min(low for low in lows if low is not None), min(highs, default=None))
