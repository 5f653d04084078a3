"""Where instants stand in a picture: as far apart as their time, but never so near that words meet, nor so far that nothing is seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.ground.instants import zone_info

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Axis", "axis_for", "width_of"]

_CHARACTER = 6.9
"""The width of a character of the picture's text, taken generously: which font a reader has, nobody knows."""
_A_MINUTE = 9.0
_MOST = 150.0
_SPACE = 12.0


@frozen
class Axis:
    """The instants of a picture with their places, the words of each, and the stretches that are drawn shorter than they were."""

    places: dict[datetime, float]
    clocks: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    breaks: tuple[tuple[float, str], ...]


def width_of(text: str) -> float:
    """About how wide `text` is."""
    return len(text) * _CHARACTER


def axis_for(instants: Iterable[datetime], texts: Iterable[Sequence[tuple[datetime, str]]], zone: str, start: float) -> Axis:
    """The axis for `instants`, in wall time of `zone`, so that in each of the rows of `texts` no words meet the next ones."""
    ordered = sorted(set(instants))
    local = {at: at.astimezone(zone_info(zone)) for at in ordered}
    seconds = any(at.second for at in ordered)
    clocks = [(at, local[at].strftime("%H:%M:%S" if seconds else "%H:%M")) for at in ordered]
    days: list[tuple[datetime, str]] = []
    for at in ordered:
        if not days or local[days[-1][0]].date() != local[at].date():
            days.append((at, f"{_DAYS[local[at].weekday()]} {local[at]:%Y-%m-%d}"))
    places: dict[datetime, float] = {}
    breaks = []
    rows = [dict(row) for row in (*texts, clocks, days)]
    nearest = dict.fromkeys(range(len(rows)), start)  # where the words of each row end
    before: datetime | None = None
    for at in ordered:
        place = start
        if before is not None:
            natural = (at - before).total_seconds() / 60 * _A_MINUTE
            place = places[before] + min(natural, _MOST)
            if natural > _MOST:
                breaks.append((before, at))
        place = max([place, *(nearest[number] for number, row in enumerate(rows) if at in row)])
        places[at] = place
        nearest |= {number: place + width_of(row[at]) + _SPACE for number, row in enumerate(rows) if at in row}
        before = at
    return Axis(
        places,
        tuple((places[at], text) for at, text in clocks),
        tuple((places[at], text) for at, text in days),
        tuple(((places[one] + places[two]) / 2, _length(two - one)) for one, two in breaks),
    )


def _length(elapsed: timedelta) -> str:
    """A stretch of time in its two largest units."""
    minutes = round(elapsed.total_seconds() / 60)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{number} {unit}" for number, unit in [part for part in parts if part[0]][:2])


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Not taken from the system's language: the same record gives the same picture everywhere."""
