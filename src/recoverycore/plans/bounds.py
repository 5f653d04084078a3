"""Where a stretch of wall time begins and ends, as wide as a clock change allows. Pure.

It begins at the first occurrence of its start and ends at the last one of its end; a bound that a clock change skips is the
instant of the jump. (Single moments are read otherwise: by `recoverycore.ground.instants.moment`.)
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from recoverycore.ground.instants import local_day_start, wall_readings, zone_info

if TYPE_CHECKING:
    from recoverycore.ground.instants import Readings

__all__ = ["EARLIEST", "FIRST_DAY", "LAST_DAY", "LATEST", "closing", "day_end", "later", "opening", "shifted"]

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
FIRST_DAY, LAST_DAY = date(1, 1, 4), date(9999, 12, 28)
"""The days that have a start and an end in every zone."""


def opening(day: date, minutes: int, zone: str) -> datetime:
    """The first instant at which it is `minutes` after midnight of `day` in `zone`, or the jump over it, in UTC."""
    readings = wall_readings(day, minutes, zone)
    return _jump(readings, zone) if readings.kind == "gap" else readings.earlier


def closing(day: date, minutes: int, zone: str) -> datetime:
    """The last instant at which it is `minutes` after midnight of `day` in `zone`, or the jump over it, in UTC."""
    readings = wall_readings(day, minutes, zone)
    return _jump(readings, zone) if readings.kind == "gap" else readings.later


def day_end(day: date, zone: str) -> datetime:
    """The start of the date after `day`, in UTC; at the end of the calendar the last start there is."""
    return local_day_start(shifted(day, 1), zone)


def shifted(day: date, days: int) -> date:
    """`day` and so many `days`, held within the calendar."""
    return date.fromordinal(max(FIRST_DAY.toordinal(), min(LAST_DAY.toordinal(), day.toordinal() + days)))


def later(at: datetime, span: timedelta) -> datetime:
    """`at` and `span`, held within the calendar."""
    return at + min(span, LATEST - at)


def _jump(readings: Readings, zone: str) -> datetime:
    """The instant of the clock change that skips a wall time with these readings, to the second."""
    info = zone_info(zone)
    low, high = readings.earlier, readings.later
    before = low.astimezone(info).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(info).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)
