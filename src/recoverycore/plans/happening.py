"""When risk windows happen: the stretches of real time that each kind of window means in a zone. Pure.

Someone who travels has a zone for each stay; in each stay the stretches of its zone count, clipped to it.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator  # singledispatch reads the annotations
from datetime import UTC, date, datetime, timedelta
from functools import singledispatch
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen
from pydantic import Field

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Instant, Zone
from recoverycore.ground.instants import local_date, local_day_start, require_aware, wall_minutes, zone_info
from recoverycore.ground.windows import WEEKDAYS
from recoverycore.plans.bounds import EARLIEST, LATEST, closing, day_end, opening, shifted
from recoverycore.plans.risk_windows import (
    AfterEventWindow,
    AnniversaryWindow,
    DateWindow,
    PaydayWindow,
    RiskWindow,
    Weekly,
    WeeklyRiskWindow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.plans.risk_windows import Offset

__all__ = ["Occurrence", "Stay", "is_known", "occurrences"]

_LEAP_DAY = (2, 29)
_INSTANT = timedelta(microseconds=1)
_A_DAY = timedelta(days=1)


class Stay(Document):
    """From when on somebody is in a zone. The first of several also counts before its `from`."""

    from_: Instant = Field(alias="from")
    zone: Zone


@frozen
class Occurrence:
    """One stretch of a window: the first and last civil day in `zone`, and the instants ``[start, end)``."""

    window: str
    zone: str
    first: date
    last: date
    start: datetime
    end: datetime


def is_known(window: RiskWindow, zone: str | Iterable[Stay] | None) -> bool:
    """Whether anybody can tell when `window` is: it has a zone, and what it follows has a time."""
    dated = not isinstance(window, AfterEventWindow) or window.at is not None or window.date is not None
    return dated and bool(_stays(window, zone))


def occurrences(window: RiskWindow, from_: datetime, to: datetime, zone: str | Iterable[Stay] | None) -> tuple[Occurrence, ...]:
    """The stretches of `window` that overlap ``[from_, to)``, in order, unclipped but for travel. None of an unknown window.

    `zone` is that of the person, or their stays; the window's own goes first.
    """
    first, last = require_aware(from_).astimezone(UTC), require_aware(to).astimezone(UTC)
    found = set()
    for arrival, departure, where in _stays(window, zone):
        low, high = max(first, arrival), min(last, departure)
        if low >= high:
            continue
        for start, end in _happens(window, _date(low, where), _date(high, where), where):
            begins, ends = max(start, arrival), min(end, departure)
            if begins < min(ends, last) and ends > first:
                days = local_date(begins, where), local_date(ends - _INSTANT, where)
                found.add(Occurrence(window.id, where, *days, begins, ends))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _stays(window: RiskWindow, zone: str | Iterable[Stay] | None) -> tuple[tuple[datetime, datetime, str], ...]:
    """Where the window is read, from when to when."""
    one = window.zone or (zone if isinstance(zone, str) else None)
    if one is not None:
        return ((EARLIEST, LATEST, one),)
    if zone is None or isinstance(zone, str):
        return ()
    known = sorted((each.from_.astimezone(UTC), each.zone) for each in zone)
    edges = (EARLIEST, *(arrival for arrival, _ in known[1:]), LATEST)
    return tuple((*edge, where) for edge, (_, where) in zip(pairwise(edges), known, strict=False))


@singledispatch
def _happens(window: RiskWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of `window` that touch the civil days `first` to `last` in `zone`, and perhaps some beside them."""
    raise NotImplementedError(type(window).__name__)


@_happens.register
def _(window: WeeklyRiskWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    start, end = wall_minutes(window.start), wall_minutes(window.end)
    for day in _days(shifted(first, -2), shifted(last, 1)):  # a clock set back over midnight shows the day before once more
        if WEEKDAYS[day.weekday()] in window.weekdays and _counts(window, day):
            yield opening(day, start, zone), closing(day + timedelta(days=1 if end <= start else 0), end, zone)


@_happens.register
def _(window: DateWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:  # noqa: ARG001 - it is one
    if window.first_day is not None and window.last_day is not None:
        yield local_day_start(shifted(window.first_day, 0), zone), day_end(window.last_day, zone)
    elif window.start is not None and window.end is not None:
        yield opening(*_wall(window.start), zone), closing(*_wall(window.end), zone)


@_happens.register
def _(window: AnniversaryWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    for year in range(max(2, shifted(first, -window.after).year - 1), min(9998, shifted(last, window.before).year + 1) + 1):
        dates = _dates(window, year)
        if dates and _counts(window, dates[0]):
            yield local_day_start(shifted(dates[0], -window.before), zone), day_end(shifted(dates[-1], window.after), zone)


@_happens.register
def _(window: AfterEventWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:  # noqa: ARG001 - it is one
    if window.at is not None:
        if _counts(window, local_date(window.at, zone)):
            at = window.at.astimezone(UTC)
            yield _after(at, window.min, zone, opening), _after(at, window.max, zone, closing)
    elif window.date is not None and _counts(window, window.date):
        begins = local_day_start(shifted(window.date, window.min.days or 0), zone)
        ends = day_end(shifted(window.date, window.max.days or 0), zone)
        yield begins + timedelta(hours=window.min.hours or 0), ends + timedelta(hours=window.max.hours or 0)


@_happens.register
def _(window: PaydayWindow, first: date, last: date, zone: str) -> Iterator[tuple[datetime, datetime]]:
    for day in _paid(window, shifted(first, -window.days - 1), shifted(last, 1)):
        if _counts(window, day):
            yield opening(day, wall_minutes(window.start), zone), local_day_start(shifted(day, window.days), zone)


def _date(at: datetime, zone: str) -> date:
    """The civil date at `at`, held within the calendar."""
    return local_date(max(EARLIEST + _A_DAY, min(at, LATEST - _A_DAY)), zone)


def _counts(window: WeeklyRiskWindow | AnniversaryWindow | AfterEventWindow | PaydayWindow, nominal: date) -> bool:
    return (window.from_ is None or nominal >= window.from_) and (window.until is None or nominal <= window.until)


def _days(first: date, last: date) -> Iterator[date]:
    return (date.fromordinal(each) for each in range(first.toordinal(), last.toordinal() + 1))


def _wall(text: str) -> tuple[date, int]:
    day, _, wall = text.partition("T")
    return date.fromisoformat(day), wall_minutes(wall)


def _dates(window: AnniversaryWindow, year: int) -> tuple[date, ...]:
    """The day or days that the date stands for in `year`."""
    if (window.month, window.day) != _LEAP_DAY or calendar.isleap(year):
        return (date(year, window.month, window.day),)
    before, after = date(year, 2, 28), date(year, 3, 1)
    return {"feb28": (before,), "mar1": (after,), "skip": (), "both": (before, after)}[window.leap]


def _after(at: datetime, offset: Offset, zone: str, bound: Callable[[date, int, str], datetime]) -> datetime:
    """So long after the instant `at`: exact hours, or the same wall time so many dates later."""
    if offset.days is None:
        return at + timedelta(hours=offset.hours or 0)
    local = at.astimezone(zone_info(zone))
    rest = timedelta(seconds=local.second, microseconds=local.microsecond)
    return bound(shifted(local.date(), offset.days), local.hour * 60 + local.minute, zone) + rest


def _paid(window: PaydayWindow, first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last` on which it is paid, each once."""
    # Each closed day may lie just where the step from the weekend before it ends.
    reach = len(WEEKDAYS) * (len(window.closed_days) + 1)
    due = _due(window, shifted(first, -reach), shifted(last, reach))
    yield from sorted({paid for day in due if first <= (paid := _open_day(window, day)) <= last})


def _due(window: PaydayWindow, first: date, last: date) -> Iterator[date]:
    rule = window.rule
    if isinstance(rule, Weekly):
        ahead = (rule.anchor - first).days % (7 * rule.weeks)
        yield from (date.fromordinal(each) for each in range(first.toordinal() + ahead, last.toordinal() + 1, 7 * rule.weeks))
        return
    for months in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        year, month = months // 12, months % 12 + 1
        day = date(year, month, min(rule.day, calendar.monthrange(year, month)[1]))
        if first <= day <= last:
            yield day


def _open_day(window: PaydayWindow, day: date) -> date:
    step = {"previous": -1, "next": 1, "same": 0}[window.rule.if_closed or window.if_closed]
    closed = set(window.closed_days)
    while step and (WEEKDAYS[day.weekday()] in window.weekend or day in closed):
        day += timedelta(days=step)
    return day
