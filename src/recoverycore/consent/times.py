"""When something written in dates or instants begins and ends, on the UTC line.

Intervals are half open: the instant of an end is already outside. A date-only bound means local days of the client. Where
nobody knows the client's zone it is read so that a permit gets the least time and a deny the most: days run from UTC+14,
where each begins first, to UTC-12, where it ends last.
"""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Literal, TypeAlias

from attrs import frozen

from recoverycore.ground.instants import calendar_add, local_date, local_day_start

__all__ = ["EVER", "NEVER", "Calendar", "Moment", "Reading"]

Moment: TypeAlias = date | datetime
Reading: TypeAlias = Literal["narrow", "wide"]
"""How a date is read where the zone is not known: as little time as it can mean, or as much."""

EVER = datetime.min.replace(tzinfo=UTC)
"""Before every instant: the start of what has none."""
NEVER = datetime.max.replace(tzinfo=UTC)
"""After every instant: the end of what has none."""

_FIRST, _LAST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


@frozen
class Calendar:
    """The local days of one client. `zone` is an IANA name, or None where nobody knows it.

    >>> Calendar("Europe/London").ends(date(2026, 6, 15), "narrow").isoformat()
    '2026-06-15T23:00:00+00:00'
    >>> Calendar(None).ends(date(2026, 6, 15), "narrow").isoformat(), Calendar(None).ends(date(2026, 6, 15), "wide").isoformat()
    ('2026-06-15T10:00:00+00:00', '2026-06-16T12:00:00+00:00')
    """

    zone: str | None = None

    def begins(self, moment: Moment, reading: Reading) -> datetime:
        """The first instant of a day, or the instant itself."""
        if isinstance(moment, datetime):
            return moment
        if moment == date.min:
            return EVER
        return self._midnight(moment, _FIRST if reading == "wide" else _LAST)

    def ends(self, moment: Moment, reading: Reading) -> datetime:
        """The first instant after a whole day, or the instant itself."""
        if isinstance(moment, datetime):
            return moment
        if moment == date.max:
            return NEVER
        return self._midnight(moment + timedelta(days=1), _LAST if reading == "wide" else _FIRST)

    def stops(self, moment: Moment, *, permit: bool) -> datetime:
        """When a revocation or an event of this date takes hold: a permit is stopped as its day begins, a deny when it is over."""
        return self.begins(moment, "wide") if permit else self.ends(moment, "wide")

    def years_before(self, at: datetime, years: int) -> datetime:
        """The same time of day and date so many years before `at`; the 28th for a 29th of February that is not there."""
        zone = self.zone or "UTC"
        today = local_date(at, zone)
        leap = (today.month, today.day) == (2, 29) and not isleap(today.year - years)
        then = today.replace(year=today.year - years, day=28 if leap else today.day)
        return calendar_add(at, (then - today).days, timedelta(0), zone)

    def _midnight(self, day: date, unknown: timezone) -> datetime:
        if self.zone is not None:
            return local_day_start(day, self.zone)
        return datetime.combine(day, time(), unknown).astimezone(UTC)
