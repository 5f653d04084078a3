"""A slow model of risk windows: a clock on the wall, looked at every minute, that knows nothing of folds and gaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from recoverycore.plans import Stretch

MINUTE = timedelta(minutes=1)
A_DAY = timedelta(days=1)
AROUND = timedelta(days=5)

CHANGES: dict[str, date] = {
    "America/Chicago": date(2026, 3, 8),
    "America/New_York": date(2026, 11, 1),
    "Europe/Dublin": date(2026, 10, 25),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "Antarctica/Troll": date(2026, 3, 29),
    "Africa/Cairo": date(2026, 4, 24),
    "America/Havana": date(2026, 11, 1),
    "America/St_Johns": date(2010, 11, 7),
    "America/Sao_Paulo": date(2018, 11, 4),
    "Pacific/Apia": date(2011, 12, 30),
    "Asia/Kolkata": date(2026, 6, 1),
}
"""A day on which the clocks of each zone change: by an hour, half of one or two, over midnight, over a whole date, or not at all."""


def first_look(zone: str) -> datetime:
    """When the model begins to look at the clock of `zone`."""
    return datetime.combine(CHANGES[zone], datetime.min.time(), UTC) - AROUND


@cache
def walls(zone: str) -> tuple[datetime, ...]:
    """What the clock shows at every minute from some days before its change to some days after."""
    start, clock = first_look(zone), ZoneInfo(zone)
    return tuple((start + n * MINUTE).astimezone(clock).replace(tzinfo=None) for n in range(2 * AROUND // MINUTE))


def opens(zone: str, wall: datetime) -> int:
    """The first minute at which the clock shows `wall` or more."""
    return next((n for n, shown in enumerate(walls(zone)) if shown >= wall), len(walls(zone)))


def closes(zone: str, wall: datetime) -> int:
    """The last minute at which the clock shows `wall`; if it never does, the one after the last at which it shows less."""
    seen = walls(zone)
    backwards = range(len(seen) - 1, -1, -1)
    return next((n for n in backwards if seen[n] == wall), None) or next((n + 1 for n in backwards if seen[n] < wall), 0)


def wall(day: date, text: str) -> datetime:
    """What a clock shows at ``HH:MM`` of `day`."""
    return datetime.combine(day, datetime.min.time()) + int(text[:2]) * 60 * MINUTE + int(text[3:]) * MINUTE


def days(zone: str) -> list[date]:
    """Every date that the clock may show or whose night may reach into what it shows, whether or not it happened."""
    first = first_look(zone).date() - 2 * A_DAY
    return [first + n * A_DAY for n in range(2 * AROUND.days + 4)]


def stretches_of(zone: str, minutes: set[int], identifier: str) -> list[Stretch]:
    """The runs of `minutes` without a break, as stretches."""
    start = first_look(zone)
    begins = sorted(n for n in minutes if n - 1 not in minutes)
    ends = sorted(n + 1 for n in minutes if n + 1 not in minutes)
    return [Stretch(start + a * MINUTE, start + b * MINUTE, (identifier,)) for a, b in zip(begins, ends, strict=True)]


def between(zone: str, start: datetime, end: datetime) -> set[int]:
    """The minutes from the first look at `start` on the wall to the last one before `end`."""
    return set(range(opens(zone, start), closes(zone, end)))


def day_minutes(zone: str, first: date, last: date) -> set[int]:
    """The minutes of whole days: each begins when its midnight is first reached."""
    return set(range(opens(zone, wall(first, "00:00")), opens(zone, wall(last + A_DAY, "00:00"))))


def whole_range(zone: str) -> tuple[datetime, datetime]:
    """The range that the model looks at."""
    start = first_look(zone)
    return start, start + 2 * AROUND
