"""Weekly stretches of wall time around clock changes: coverage overlaps and never leaves a gap, restraint is narrow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from recoverycore.ground.instants import local_date, wall_minutes, wall_readings
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.ground.windows import WeeklyWindow

__all__ = ["Reading", "covers", "next_boundary", "occurrences"]

Reading = Literal["coverage", "restraint"]
"""``coverage`` starts at the earlier and ends at the later reading of a wall time; ``restraint`` the other way round."""

_DAYS_AROUND = 2
_DAYS_AHEAD = 9


def occurrences(
    window: WeeklyWindow, near: datetime, reading: Reading, *, ahead: int = _DAYS_AROUND
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of `window` that start from two local days before `near` to `ahead` days after it, in order, in UTC."""
    start, end = wall_minutes(window.from_), wall_minutes(window.to)
    overnight = 1 if end <= start else 0
    today = local_date(near, window.zone)
    for offset in range(-_DAYS_AROUND, ahead + 1):
        day = today + timedelta(days=offset)
        if window.days is not None and WEEKDAYS[day.weekday()] not in window.days:
            continue
        opens = wall_readings(day, start, window.zone)
        closes = wall_readings(day + timedelta(days=overnight), end, window.zone)
        stretch = (opens.earlier, closes.later) if reading == "coverage" else (opens.later, closes.earlier)
        if stretch[0] < stretch[1]:
            yield stretch


def covers(window: WeeklyWindow, at: datetime, reading: Reading) -> bool:
    """Whether `at` lies in a stretch of `window`; a stretch holds its start and not its end."""
    return any(start <= at < end for start, end in occurrences(window, at, reading))


def next_boundary(window: WeeklyWindow, at: datetime, reading: Reading) -> datetime | None:
    """The first start or end of a stretch after `at`, or None when there is none in the next nine days."""
    edges = (edge for stretch in occurrences(window, at, reading, ahead=_DAYS_AHEAD) for edge in stretch)
    return min((edge for edge in edges if edge > at), default=None)
