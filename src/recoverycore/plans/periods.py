"""Days, weeks and months of a client's own calendar, and the evenings of their days. Pure.

A date runs from its start to the start of the next one, so dates tile the UTC line without a gap, also where a midnight
happens twice or not at all. A date without any real time did not happen, and is no day of any period.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, get_args

from attrs import frozen

from recoverycore.errors import DocumentError, InstantError, problem
from recoverycore.ground.instants import local_date, local_day_start, require_aware, utc_text, wall_minutes
from recoverycore.plans.bounds import closing, opening
from recoverycore.plans.settings import WeekStart, required

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.plans.settings import ClientSettings, Evening

__all__ = ["Per", "Period", "day_after", "day_of", "days_between", "evening_of", "period"]

Per = Literal["day", "week", "month"]
_WEEK_STARTS: tuple[WeekStart, ...] = get_args(WeekStart)
_A_WEEK = 7


@frozen
class Period:
    """One day, week or month: its first date and the date after its last, the instants `[from_, to)`, and what fits in.

    `minutes` is real time, `days` the number of dates that happened.
    """

    start: date
    end: date
    from_: datetime
    to: datetime
    minutes: int
    days: int

    def to_row(self) -> dict[str, Any]:
        """The period as plain data."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "from": utc_text(self.from_),
            "to": utc_text(self.to),
            "minutes": self.minutes,
            "days": self.days,
        }


def period(per: Per, when: date, *, settings: ClientSettings) -> Period:
    """The day, week or month that holds `when`, a date or an aware instant, in the client's own calendar.

    Errors: ``settings_missing`` without a zone, or for a week without its first day; ``bad_time`` at the ends of the calendar.

    >>> from recoverycore.plans import ClientSettings
    >>> riyadh = ClientSettings(zone="Asia/Riyadh", week_start="saturday")
    >>> period("week", date(2026, 1, 2), settings=riyadh).start
    datetime.date(2025, 12, 27)
    """
    if per not in get_args(Per):
        raise DocumentError(problem("not_listed", "/per"))
    zone = required(settings.zone, "zone")
    day = day_of(when, zone) if isinstance(when, datetime) else when
    start, end = _dates(per, day, settings)
    first, last = local_day_start(start, zone), local_day_start(end, zone)
    days = sum(1 for _ in days_between(start, end, zone))
    return Period(start, end, first, last, (last - first) // timedelta(minutes=1), days)


def day_of(at: datetime, zone: str) -> date:
    """The date to which `at` belongs. The clock may show the date before once more; the date that has begun goes on."""
    instant = require_aware(at).astimezone(UTC)
    shown = local_date(instant, zone)
    following = day_after(shown, 1)
    return following if local_day_start(following, zone) <= instant else shown


def day_after(day: date, days: int) -> date:
    """The date so many `days` after `day`, or before it. Error: ``bad_time`` beyond the calendar."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        pass
    raise InstantError(problem("bad_time"))


def days_between(start: date, end: date, zone: str) -> Iterator[date]:
    """The dates from `start` up to, but without, `end` that happened in `zone`."""
    day, begins = start, local_day_start(start, zone)
    while day < end:
        following = day_after(day, 1)
        ends = local_day_start(following, zone)
        if begins < ends:
            yield day
        day, begins = following, ends


def evening_of(day: date, evening: Evening, zone: str) -> tuple[datetime, datetime]:
    """The instants ``[start, end)`` of the evening that belongs to `day`, as wide as a clock change allows.

    Where a clock change leaves nothing of it, the two are equal.
    """
    start, end = wall_minutes(evening.start), wall_minutes(evening.end)
    ends_on = day if end > start else day_after(day, 1)
    return opening(day, start, zone), closing(ends_on, end, zone)


def _dates(per: Per, day: date, settings: ClientSettings) -> tuple[date, date]:
    """The first date of the period and the one after its last."""
    if per == "day":
        return day, day_after(day, 1)
    if per == "week":
        week_start = required(settings.week_start, "week_start")
        first = day_after(day, -((day.weekday() - _WEEK_STARTS.index(week_start)) % _A_WEEK))
        return first, day_after(first, _A_WEEK)
    first = day.replace(day=1)
    return first, day_after(first, 31).replace(day=1)
