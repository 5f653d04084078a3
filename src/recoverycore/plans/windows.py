"""Risk windows: stretches of civil days in which a person is more at risk, as they said themselves. Pure.

Bounds are read as wide as a clock change allows. A window whose zone nobody knows is *unknown*, and protective steps treat
unknown as active.
"""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.ground.instants import local_date, local_day_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.plans.documents import AnniversaryWindow

__all__ = ["ActiveWindows", "Occurrence", "active_at", "next_edge", "occurrences"]

_LEAP_DAY = (2, 29)


@frozen
class Occurrence:
    """One stretch of a window: the first and last civil day, and the instants ``[start, end)``."""

    window: str
    first: date
    last: date
    start: datetime
    end: datetime


@frozen
class ActiveWindows:
    """Which windows are active at an instant, and which nobody can tell."""

    state: Literal["active", "unknown", "inactive"]
    windows: tuple[str, ...]
    unknown: tuple[str, ...]


def occurrences(window: AnniversaryWindow, zone: str, years: Iterable[int]) -> Iterator[Occurrence]:
    """The stretches of `window` around its date in each of `years`, in the window's own zone, else in `zone`."""
    where = window.zone or zone
    for year in years:
        dates = _dates(window, year)
        if dates:
            first = dates[0] - timedelta(days=window.before)
            last = dates[-1] + timedelta(days=window.after)
            yield Occurrence(window.id, first, last, local_day_start(first, where), local_day_start(last + timedelta(days=1), where))


def active_at(windows: Iterable[AnniversaryWindow], at: datetime, zone: str | None) -> ActiveWindows:
    """Which of `windows` are active at `at`: ``[start, end)``. Without a zone anywhere a window is unknown."""
    active, unknown = set(), set()
    for window in windows:
        where = window.zone or zone
        if where is None:
            unknown.add(window.id)
        elif any(each.start <= at < each.end for each in _around(window, where, at)):
            active.add(window.id)
    state: Literal["active", "unknown", "inactive"] = "active" if active else "unknown" if unknown else "inactive"
    return ActiveWindows(state, tuple(sorted(active)), tuple(sorted(unknown)))


def next_edge(window: AnniversaryWindow, at: datetime, zone: str) -> datetime | None:
    """The next instant after `at` at which `window` begins or ends, within the next nine years, or None."""
    years = range(local_date(at, window.zone or zone).year - 1, local_date(at, window.zone or zone).year + 10)
    edges = [edge for each in occurrences(window, zone, years) for edge in (each.start, each.end)]
    return min((edge for edge in edges if edge > at), default=None)


def _around(window: AnniversaryWindow, zone: str, at: datetime) -> Iterator[Occurrence]:
    year = local_date(at, zone).year
    return occurrences(window, zone, (year - 1, year, year + 1))


def _dates(window: AnniversaryWindow, year: int) -> tuple[date, ...]:
    """The day or days that the date stands for in `year`."""
    if (window.month, window.day) != _LEAP_DAY or calendar.isleap(year):
        return (date(year, window.month, window.day),)
    before, after = date(year, 2, 28), date(year, 3, 1)
    return {"feb28": (before,), "mar1": (after,), "skip": (), "both": (before, after)}[window.leap]
