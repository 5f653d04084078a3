"""What several periods say together, and how soon after a slip a yes was seen again. Pure.

A rate is a share of all closed periods: one that was not met lowers it by one share and takes nothing from the others.
There is no count that anything sets back to zero.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import require_aware
from recoverycore.plans.observations import holding
from recoverycore.plans.period_progress import is_about, share_text
from recoverycore.plans.periods import day_after, day_of
from recoverycore.plans.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.plans.goals import Goal
    from recoverycore.plans.observations import Observation
    from recoverycore.plans.period_progress import PeriodProgress
    from recoverycore.plans.settings import ClientSettings

__all__ = ["Rate", "RecoveryTime", "rate", "recovery_time"]


@frozen
class Rate:
    """How many of so many closed periods were met, were not, and cannot be told. Without any there are no bounds."""

    of: int
    met: int
    not_met: int
    cannot_tell: int

    @property
    def lower(self) -> Fraction | None:
        """The share that was certainly met."""
        return Fraction(self.met, self.of) if self.of else None

    @property
    def upper(self) -> Fraction | None:
        """The share that may have been met."""
        return Fraction(self.met + self.cannot_tell, self.of) if self.of else None

    def to_row(self) -> dict[str, Any]:
        """The rate as plain data; shares as fractions in lowest terms."""
        return {
            "of": self.of,
            "met": self.met,
            "not_met": self.not_met,
            "cannot_tell": self.cannot_tell,
            "lower": None if self.lower is None else share_text(self.lower),
            "upper": None if self.upper is None else share_text(self.upper),
        }


@frozen
class RecoveryTime:
    """After how many days or evenings a yes came again: not before `lower`, and by `upper` (None: not seen yet)."""

    lower: int
    upper: int | None

    def to_row(self) -> dict[str, Any]:
        """The two as plain data."""
        return {"lower": self.lower, "upper": self.upper}


def rate(periods: Iterable[PeriodProgress], last: int | None = None) -> Rate:
    """The rate over the `last` closed of `periods`, which are given oldest first; over all of them if `last` is None.

    Error: ``bad_value`` for a negative `last`.
    """
    if last is not None and last < 0:
        raise DocumentError(problem("bad_value", "/last"))
    closed = [each.status for each in periods if each.closed]
    counted = Counter(closed if last is None else closed[max(0, len(closed) - last) :])
    return Rate(counted.total(), counted["met"], counted["not_met"], counted["cannot_tell"])


def recovery_time(
    goal: Goal,
    slip: date,
    observations: Iterable[Observation],
    *,
    as_of: datetime,
    known_at: datetime | None = None,
    settings: ClientSettings,
) -> RecoveryTime:
    """How soon after `slip`, a date or an instant, the units of `goal` were a yes again.

    An instant means the evening in which it lies, else its local date. `lower` is the first date after it whose unit is not a plain
    no, `upper` the first with a yes on which all agree. Errors: ``naive_time``, ``settings_missing``;
    ``measure_without_units`` for a goal that is not counted in days or times.
    """
    if goal.measure not in ("days", "count"):
        raise DocumentError(problem("measure_without_units", "/goal/measure"))
    now = require_aware(as_of).astimezone(UTC)
    entries = holding(observations, now if known_at is None else require_aware(known_at).astimezone(UTC))
    units = Units.of(goal, settings)
    by_day = units.by_day(each for each in entries if is_about(each, goal))
    day, lower, after = _day_of_slip(slip, units), None, 0
    while True:
        after += 1
        for unit in units.between(day_after(day, after), day_after(day, after + 1)):
            reading = units.read(unit, by_day.get(unit.day, ()), now)
            lower = after if lower is None and not reading.is_no else lower
            if lower is not None and unit.start > now:
                return RecoveryTime(lower, None)
            if lower is not None and reading.is_yes:
                return RecoveryTime(lower, after)


def _day_of_slip(slip: date, units: Units) -> date:
    if not isinstance(slip, datetime):
        return slip
    at = require_aware(slip).astimezone(UTC)
    return units.holding(at) or day_of(at, units.zone)
