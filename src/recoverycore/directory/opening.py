"""When somebody answers: the opening of one channel as of an instant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.ground.instants import calendar_add, local_date, moment, require_aware, wall_minutes
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.directory.documents import Channel

__all__ = ["Open", "Opening", "hours"]

Open = Literal["yes", "no", "unknown"]

_AHEAD = 14
"""So many calendar days are looked at for the end of a stretch, or for the next one."""
_MINUTES_A_DAY = 24 * 60


@frozen
class Opening:
    """Whether a channel is open, until when, and else from when. Hours that nobody knows are never open and never closed."""

    open: Open
    closes_at: datetime | None = None
    opens_at: datetime | None = None


def hours(channel: Channel, at: datetime, zone: str | None = None) -> Opening:
    """The opening of `channel` at the instant `at`. `zone` is the entry's, for a channel without its own; without both it is UTC.

    Windows that touch are one stretch. What lies further than 14 days ahead is not told.

    >>> from datetime import datetime
    >>> from recoverycore.directory import Channel
    >>> evenings = Channel.model_validate({"id": "voice", "hours": [{"from": "18:00", "to": "02:00"}], "zone": "Europe/London"})
    >>> hours(evenings, datetime.fromisoformat("2026-11-24T17:30:00Z")).opens_at.isoformat()
    '2026-11-24T18:00:00+00:00'
    """
    require_aware(at)
    if channel.hours is None:
        return Opening("unknown")
    if channel.hours == "always":
        return Opening("yes")
    zone = channel.zone or zone or "UTC"
    limit = calendar_add(at, _AHEAD, timedelta(), zone)
    for start, end in _stretches(sorted(_windows(channel, at, zone))):
        if start <= at < end:
            return Opening("yes", closes_at=end if end < limit else None)
        if at < start <= limit:
            return Opening("no", opens_at=start)
    return Opening("no")


def _windows(channel: Channel, at: datetime, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """Every window that may matter. One that a clock change swallows whole is none."""
    if not isinstance(channel.hours, tuple):
        return
    today = local_date(at, zone)
    for ahead in range(-2, _AHEAD + 2):
        day = today + timedelta(days=ahead)
        if day in channel.closed_on:
            continue
        for window in channel.hours:
            if window.days is None or WEEKDAYS[day.weekday()] in window.days:
                first, last = wall_minutes(window.from_), wall_minutes(window.to)
                start, end = moment(day, first, zone), moment(day, last if last > first else last + _MINUTES_A_DAY, zone)
                if start < end:
                    yield start, end


def _stretches(windows: list[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """`windows`, in order, with those that touch or overlap joined."""
    if not windows:
        return
    start, end = windows[0]
    for next_start, next_end in windows[1:]:
        if next_start > end:
            yield start, end
            start, end = next_start, next_end
        else:
            end = max(end, next_end)
    yield start, end
