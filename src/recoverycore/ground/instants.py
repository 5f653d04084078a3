"""Instants, zones and both readings of a wall time.

Two kinds of time are kept apart. *Instants* and elapsed time live on the UTC line: deadlines. *Wall times* live in a named
IANA zone: evenings, Friday afternoons, quiet hours. A wall time may happen twice or not at all around a clock change, so it
has two readings, and each rule says which one it takes.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recoverycore.errors import InstantError, problem

__all__ = [
    "DAY_PATTERN",
    "INSTANT_PATTERN",
    "START_PATTERN",
    "WALL_PATTERN",
    "ZONE_PATTERN",
    "Readings",
    "calendar_add",
    "local_date",
    "local_day_start",
    "moment",
    "parse_day",
    "parse_instant",
    "require_aware",
    "utc_text",
    "wall_minutes",
    "wall_readings",
    "zone_info",
]

_MIDNIGHT = time()

# How each is written, as published in JSON Schema. That a date or zone exists, no pattern can say.
DAY_PATTERN = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
START_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
WALL_PATTERN = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
INSTANT_PATTERN = DAY_PATTERN[:-1] + r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"
ZONE_PATTERN = "^(UTC|(?!(posix|right)/)[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)$"
_DAY, _WALL, _INSTANT, _ZONE = map(re.compile, (DAY_PATTERN, WALL_PATTERN, INSTANT_PATTERN, ZONE_PATTERN))


class Readings(NamedTuple):
    """Both instants that a wall time may mean, in UTC, and why there are two.

    ``one``: the two are equal. ``fold``: the wall time happens twice. ``gap``: it does not happen; `earlier` reads it with
    the offset after the change, `later` with the offset before it.
    """

    earlier: datetime
    later: datetime
    kind: Literal["one", "gap", "fold"]


def require_aware(instant: datetime) -> datetime:
    """`instant` itself, if it names a point on the UTC line. Errors: ``naive_time``; ``wrong_type``; ``bad_time`` beyond the calendar."""
    if not isinstance(instant, datetime):
        raise InstantError(problem("wrong_type"))
    if instant.tzinfo is UTC:
        return instant
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise InstantError(problem("naive_time"))
    try:
        instant.astimezone(UTC)  # an offset may lead out of the calendar
    except OverflowError:
        pass
    else:
        return instant
    raise InstantError(problem("bad_time"))


def parse_instant(text: str) -> datetime:
    """The instant that `text` names, as in RFC 3339; the seconds may be left out. Errors: ``bad_time``, ``naive_time``."""
    if not _INSTANT.fullmatch(text):
        raise InstantError(problem("naive_time" if _INSTANT.fullmatch(text + "Z") else "bad_time"))
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        read = None
    if read is None:
        raise InstantError(problem("bad_time"))
    return require_aware(read)


def parse_day(text: str) -> date:
    """The civil date that `text` names: ``YYYY-MM-DD``. Error: ``bad_time``."""
    try:
        read = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        read = None
    if read is None:
        raise InstantError(problem("bad_time"))
    return read


def utc_text(instant: datetime) -> str:
    """`instant` as text for keys and records: UTC, whole seconds, ``Z``."""
    return require_aware(instant).astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@lru_cache(maxsize=1024)
def zone_info(name: str) -> ZoneInfo:
    """The IANA zone `name`. Error: ``bad_zone`` (offsets and abbreviations are not zones)."""
    try:
        found = ZoneInfo(name) if _ZONE.fullmatch(name) else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found = None
    if found is None:
        raise InstantError(problem("bad_zone"))
    return found


def wall_minutes(text: str) -> int:
    """Minutes after midnight of the wall time ``HH:MM``; ``24:00`` is 1440, the end of the day. Error: ``bad_time``."""
    if not _WALL.fullmatch(text):
        raise InstantError(problem("bad_time"))
    return int(text[:2]) * 60 + int(text[3:])


def wall_readings(day: date, minutes: int, zone: str) -> Readings:
    """Both readings of the wall time `minutes` after midnight of `day` in `zone`; 1440 is midnight of the next day.

    Error: ``bad_time`` at the ends of the calendar (the years 1 and 9999).

    >>> wall_readings(date(2026, 3, 29), 90, "Europe/London").kind
    'gap'
    """
    info = zone_info(zone)
    try:
        wall = datetime.combine(day, _MIDNIGHT, info) + timedelta(minutes=minutes)  # on the clock on the wall, whatever it does that day
        both = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    except OverflowError:
        both = None
    if both is None:
        raise InstantError(problem("bad_time"))
    first, second = both
    if first == second:
        return Readings(first, second, "one")
    if first < second:
        return Readings(first, second, "fold")
    return Readings(second, first, "gap")


def moment(day: date, minutes: int, zone: str) -> datetime:
    """The single moment a wall time means: one that is skipped moves forward by the gap, a repeated one is its first.

    In UTC. This is the library's rule for due instants, check-ins and appointments.
    """
    readings = wall_readings(day, minutes, zone)
    return readings.later if readings.kind == "gap" else readings.earlier


def local_date(instant: datetime, zone: str) -> date:
    """The civil date in `zone` at `instant`. Error: ``bad_time`` beyond the calendar."""
    try:
        return require_aware(instant).astimezone(zone_info(zone)).date()
    except OverflowError:
        pass
    raise InstantError(problem("bad_time"))


@lru_cache(maxsize=4096)
def local_day_start(day: date, zone: str) -> datetime:
    """The instant at which `day` begins in `zone`, in UTC: local midnight, the first of two, or the jump over it."""
    readings = wall_readings(day, 0, zone)
    if readings.kind != "gap":
        return readings.earlier
    low, high = readings.earlier, readings.later
    info = zone_info(zone)
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(info).date() < day:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def calendar_add(instant: datetime, days: int, elapsed: timedelta, zone: str) -> datetime:
    """`instant` plus `days` calendar days in `zone` (same wall time), then plus `elapsed` time. In UTC.

    A wall time that is skipped or repeated there is taken as by `moment`. Error: ``bad_time`` beyond the calendar.
    """
    at = require_aware(instant).astimezone(UTC)
    try:
        if days:
            local = at.astimezone(zone_info(zone))
            rest = timedelta(seconds=local.second, microseconds=local.microsecond)
            at = moment(local.date() + timedelta(days=days), local.hour * 60 + local.minute, zone) + rest
        return at + elapsed
    except OverflowError:
        pass
    raise InstantError(problem("bad_time"))
