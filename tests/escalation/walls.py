"""What the clock on the wall shows, found by walking through the minutes: slow, and with no rule in it but the definitions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NEAR = timedelta(hours=20)
"""So far around a change, the stretches of a walk are all there are: one that starts earlier is over."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Stretch = tuple[datetime, datetime]


def changes(zone: str, first: int, last: int) -> list[datetime]:
    """The instants at which clocks change in `zone`, in these years: the first minute with the new offset."""
    info, quarter = ZoneInfo(zone), DAY / 4
    found, at, end = [], datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while at < end:
        if at.astimezone(info).utcoffset() != (at + quarter).astimezone(info).utcoffset():
            found.append(_first_minute_with_the_new_offset(info, at, at + quarter))
        at += quarter
    return found


def _first_minute_with_the_new_offset(info: ZoneInfo, low: datetime, high: datetime) -> datetime:
    old = low.astimezone(info).utcoffset()
    while high - low > MINUTE:
        middle = low + (high - low) // MINUTE // 2 * MINUTE
        low, high = (middle, high) if middle.astimezone(info).utcoffset() == old else (low, middle)
    return high


def wall_of(day: date, text: str) -> datetime:
    """The wall time ``HH:MM`` of a day."""
    return datetime(day.year, day.month, day.day) + timedelta(hours=int(text[:2]), minutes=int(text[3:]))  # noqa: DTZ001 - a wall time


def _shown(instant: datetime, info: ZoneInfo) -> datetime:
    local = instant.astimezone(info)
    return datetime.combine(local.date(), local.time())


class Walk:
    """Each minute of the days around an instant, with what the clock on the wall shows."""

    def __init__(self, zone: str, around: datetime) -> None:
        info, first = ZoneInfo(zone), around - 3 * DAY - DAY / 4
        instants = [first + number * MINUTE for number in range(7 * 24 * 60)]
        walls = [_shown(instant, info) for instant in instants]
        self.info = info
        self.around = around
        self.first = dict(zip(reversed(walls), reversed(instants), strict=True))
        self.last = dict(zip(walls, instants, strict=True))
        self.gaps = [(one, other) for one, other in pairwise(walls) if other - one > MINUTE]

    def wall_at(self, instant: datetime) -> datetime:
        """What is shown at an instant."""
        return _shown(instant, self.info)

    def readings(self, wall: datetime) -> list[datetime]:
        """Both instants that `wall` may mean; one that is never shown is read with both offsets around the change."""
        if wall in self.first:
            return [self.first[wall], self.last[wall]]
        before, after = self._gap_around(wall)
        return [self.last[before] + (wall - before), self.first[after] + (wall - after)]

    def single(self, wall: datetime) -> datetime:
        """The one instant that `wall` is due at: its first; one that is never shown moves forward by the length of the gap."""
        if wall in self.first:
            return self.first[wall]
        before, after = self._gap_around(wall)
        return self.first[wall + (after - before - MINUTE)]

    def _gap_around(self, wall: datetime) -> tuple[datetime, datetime]:
        """The last wall time that is shown before the one that is not, and the first after it."""
        return next((before, after) for before, after in self.gaps if before < wall < after)

    def stretches(self, start: str, end: str, days: tuple[str, ...] | None, reading: str) -> list[Stretch]:
        """The stretches of a weekly window that start between two days before the middle and one day after it."""
        found = []
        today = self.wall_at(self.around).date()
        for day in (today + number * DAY for number in (-2, -1, 0, 1)):
            if days is None or WEEKDAYS[day.weekday()] in days:
                opens, closes = wall_of(day, start), wall_of(day, end)
                starts, ends = self.readings(opens), self.readings(closes if closes > opens else closes + DAY)
                stretch = (min(starts), max(ends)) if reading == "coverage" else (max(starts), min(ends))
                found += [stretch] if stretch[0] < stretch[1] else []
        return found

    def awkward(self) -> list[str]:
        """Wall times at, beside and inside what is skipped or repeated, and two that are not."""
        before, after = self.wall_at(self.around - MINUTE) + MINUTE, self.wall_at(self.around)
        low, high = min(before, after), max(before, after)
        near = (low - MINUTE, low, low + (high - low) // MINUTE // 2 * MINUTE, high - MINUTE, high)
        return sorted({f"{wall:%H:%M}" for wall in near} | {"00:00", "12:00"})


@lru_cache(maxsize=8)
def walk(zone: str, around: datetime) -> Walk:
    """The walk through the days around an instant."""
    return Walk(zone, around)


def jump(zone: str, change: datetime) -> timedelta:
    """By how much the wall clock is moved at a change."""
    before, after = ((change - offset).astimezone(ZoneInfo(zone)).utcoffset() or timedelta() for offset in (MINUTE, timedelta()))
    return after - before


def inside(stretches: list[Stretch], at: datetime) -> bool:
    """Whether `at` lies in one of the stretches; each holds its start and not its end."""
    return any(start <= at < end for start, end in stretches)
