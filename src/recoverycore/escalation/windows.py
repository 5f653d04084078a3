"""Weekly stretches of wall time around clock changes: coverage overlaps and never leaves a gap, restraint is narrow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from recoverycore.ground.instants import require_aware, wall_minutes, wall_readings
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.ground.windows import Weekday, WeeklyWindow

__all__ = ["Reading", "boundaries", "covers", "next_boundary", "occurrences"]

Reading = Literal["coverage", "restraint"]
"""``coverage`` starts at the earlier and ends at the later reading of a wall time; ``restraint`` the other way round."""

_DAYS_BEHIND = 3
"""Days are counted in UTC: in a zone it may be the day before or after, and a day that was skipped there takes another."""
_DAYS_AHEAD = 3
_DAYS_AHEAD_IN_A_WEEK = 9
_KEPT = 4096
"""So many stretches are remembered. They are worked out from a wall clock alone, and tell nothing of anybody."""


def occurrences(window: WeeklyWindow, near: datetime, reading: Reading) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches of `window` around `near` and the next that begins after it, in order, in UTC."""
    utc = near if near.tzinfo is UTC else require_aware(near).astimezone(UTC)
    return _stretches(window.days, window.from_, window.to, window.zone, utc.date(), reading)


@lru_cache(_KEPT)
def _stretches(  # noqa: PLR0917 - the key of a cache is written by position
    days: tuple[Weekday, ...] | None, from_: str, to: str, zone: str, today: date, reading: Reading
) -> tuple[tuple[datetime, datetime], ...]:
    first = today.toordinal() - _DAYS_BEHIND
    last = today.toordinal() + (_DAYS_AHEAD if days is None else _DAYS_AHEAD_IN_A_WEEK)
    found = [_stretch(day, from_, to, zone, reading) for day in range(first, last + 1) if days is None or WEEKDAYS[(day - 1) % 7] in days]
    return tuple([each for each in found if each[0] < each[1]])


@lru_cache(_KEPT)
def _stretch(day: int, from_: str, to: str, zone: str, reading: Reading) -> tuple[datetime, datetime]:
    """From which instant to which a window reaches that starts on the day with this ordinal; not forwards where nothing is left of it."""
    start, end = wall_minutes(from_), wall_minutes(to)
    opens = wall_readings(date.fromordinal(day), start, zone)
    closes = wall_readings(date.fromordinal(day + 1 if end <= start else day), end, zone)
    return (opens.earlier, closes.later) if reading == "coverage" else (opens.later, closes.earlier)


def covers(window: WeeklyWindow, at: datetime, reading: Reading) -> bool:
    """Whether `at` lies in a stretch of `window`; a stretch holds its start and not its end."""
    for start, end in occurrences(window, at, reading):  # noqa: SIM110 - any() costs twice as much, and each shift of a role is asked
        if start <= at < end:
            return True
    return False


def next_boundary(window: WeeklyWindow, at: datetime, reading: Reading) -> datetime | None:
    """The first start or end of a stretch after `at`, or None when there is none in the next nine days."""
    first = None
    for start, end in occurrences(window, at, reading):
        edge = start if start > at else end
        if edge > at and (first is None or edge < first):
            first = edge
        if start > at:
            break  # they come in order, so no other begins or ends before this one
    return first


def boundaries(window: WeeklyWindow, start: datetime, end: datetime, reading: Reading) -> Iterator[datetime]:
    """Every start and end of a stretch of `window` that lies between `start` and `end`; some come more than once."""
    at = start
    while at < end + timedelta(days=_DAYS_AHEAD):
        for stretch in occurrences(window, at, reading):
            yield from (edge for edge in stretch if start < edge < end)
        at += timedelta(days=_DAYS_AHEAD)
