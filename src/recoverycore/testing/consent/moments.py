"""Days and instants at which clocks and calendars do something unusual, in zones that differ in how."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from recoverycore.ground.instants import parse_instant

__all__ = ["DAYS", "INSTANTS", "MOMENTS", "SPANS", "ZONES"]

# UTC first, since values shrink towards it; a change by half an hour, a day left out, and an offset of five hours and three quarters.
ZONES = ("UTC", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "America/Chicago")
# Where the clocks of a zone change, as an instant: forward and back, and the day that Samoa left out.
CHANGES = (
    ("America/New_York", "2026-03-08T07:00:00Z"),
    ("America/New_York", "2026-11-01T06:00:00Z"),
    ("Europe/London", "2026-03-29T01:00:00Z"),
    ("Europe/London", "2026-10-25T01:00:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00Z"),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00Z"),
    ("Pacific/Apia", "2011-12-30T10:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T18:30:00Z"),
)
PLAIN = parse_instant("2026-06-15T15:00:00Z")
SECOND = timedelta(seconds=1)


def _around(zone: str, text: str) -> list[datetime]:
    """A second before a change, at it, and a second after it, each with the offset that holds then."""
    change = parse_instant(text)
    return [_fixed(change + step, zone) for step in (-SECOND, timedelta(0), SECOND)]


def _fixed(at: datetime, zone: str) -> datetime:
    return datetime.fromisoformat(at.astimezone(ZoneInfo(zone)).isoformat())


INSTANTS: tuple[datetime, ...] = (
    PLAIN,
    *(PLAIN + step for step in (-SECOND, SECOND)),
    *(_fixed(PLAIN, zone) for zone in ZONES[1:]),
    *(each for change in CHANGES for each in _around(*change)),
)
DAYS: tuple[date, ...] = tuple(
    map(
        date.fromisoformat, ("2026-06-15", "2026-06-14", "2026-06-16", "2026-03-08", "2026-11-01", "2026-12-31", "2028-02-29", "2011-12-30")
    )
)
MOMENTS: tuple[date | datetime, ...] = (*DAYS, *INSTANTS)


def _in_order(start: date | datetime, end: date | datetime) -> bool:
    """Whether `end` is surely not before `start`, wherever the day is read."""
    if isinstance(start, datetime) is isinstance(end, datetime):
        return start <= end
    first, last = (each.date() if isinstance(each, datetime) else each for each in (start, end))
    return last - first > timedelta(days=2)


SPANS: tuple[tuple[date | datetime, date | datetime], ...] = tuple(
    (start, end) for start in MOMENTS for end in MOMENTS if _in_order(start, end)
)
"""Two moments that are in order, wherever days are read."""
