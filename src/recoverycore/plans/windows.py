"""Risk windows at an instant and over a range: what is active, the stretches there are, and when the next one begins. Pure.

A window of which nobody can tell when it is, is *unknown*, and protective steps treat unknown as active.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.ground.instants import require_aware
from recoverycore.plans.bounds import EARLIEST, LATEST, later
from recoverycore.plans.happening import is_known, occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.plans.happening import Occurrence, Stay
    from recoverycore.plans.risk_windows import RiskWindow

__all__ = ["ActiveWindows", "Standing", "Stretch", "Stretches", "active_at", "next_edge", "next_start", "stretches"]

Standing = Literal["active", "unknown", "inactive"]
"""How windows stand at an instant. Protective steps treat unknown as active."""

_TICK = timedelta(microseconds=1)
_NEAR = (timedelta(days=40), timedelta(days=400))
"""How far is looked ahead before the whole horizon is: most windows come back soon."""


@frozen
class ActiveWindows:
    """Which windows are active at an instant, and which nobody can tell."""

    state: Standing
    windows: tuple[str, ...]
    unknown: tuple[str, ...]


@frozen
class Stretch:
    """Time without a break in which at least one window is active, ``[start, end)``, and the ids of those that make it."""

    start: datetime
    end: datetime
    windows: tuple[str, ...]


@frozen
class Stretches:
    """The stretches of a range of time, in order, and the ids of windows of which nobody can tell."""

    stretches: tuple[Stretch, ...]
    unknown: tuple[str, ...]


def active_at(windows: Iterable[RiskWindow], at: datetime, zone: str | Iterable[Stay] | None) -> ActiveWindows:
    """Which of `windows` are active at `at`: ``[start, end)``. Without a zone anywhere a window is unknown."""
    active, unknown, stays = set(), set(), _once(zone)
    instant = require_aware(at).astimezone(UTC)
    for window in windows:
        if not is_known(window, stays):
            unknown.add(window.id)
        elif occurrences(window, instant, later(instant, _TICK), stays):
            active.add(window.id)
    state: Standing = "active" if active else "unknown" if unknown else "inactive"
    return ActiveWindows(state, tuple(sorted(active)), tuple(sorted(unknown)))


def stretches(windows: Iterable[RiskWindow], from_: datetime, to: datetime, zone: str | Iterable[Stay] | None) -> Stretches:
    """The stretches of `windows` in ``[from_, to)``, clipped to it; those that overlap or touch are one."""
    first, last, stays = require_aware(from_).astimezone(UTC), require_aware(to).astimezone(UTC), _once(zone)
    known = tuple(windows)
    found = (each for window in known for each in occurrences(window, first, last, stays))
    clipped = tuple(Stretch(max(each.start, first), min(each.end, last), each.windows) for each in _merged(found))
    return Stretches(clipped, tuple(sorted({window.id for window in known if not is_known(window, stays)})))


def next_start(
    windows: Iterable[RiskWindow], at: datetime, zone: str | Iterable[Stay] | None, *, horizon_years: int = 10
) -> datetime | None:
    """The first instant after `at` at which a stretch of `windows` begins, or None within the horizon. Unknown windows do not count.

    Policy ``horizon``: how many years are looked ahead.
    """
    instant, stays, known = require_aware(at).astimezone(UTC), _once(zone), tuple(windows)
    for end in _horizons(instant, horizon_years):
        # What ends just now is looked at too: a stretch that touches it does not begin.
        found = [each for window in known for each in occurrences(window, _just_before(instant), later(end, _TICK), stays)]
        starts = [each.start for each in _merged(found) if each.start > instant]
        if starts:
            return starts[0]
    return None


def next_edge(window: RiskWindow, at: datetime, zone: str | Iterable[Stay] | None, *, horizon_years: int = 10) -> datetime | None:
    """The next instant after `at` at which an occurrence of `window` begins or ends, or None within the horizon."""
    instant, stays = require_aware(at).astimezone(UTC), _once(zone)
    for end in _horizons(instant, horizon_years):
        edges = [edge for each in occurrences(window, instant, later(end, _TICK), stays) for edge in (each.start, each.end)]
        known = [edge for edge in edges if instant < edge <= end]
        if known:
            return min(known)
    return None


def _once(zone: str | Iterable[Stay] | None) -> str | tuple[Stay, ...] | None:
    """`zone`, which may be an iterator, to be looked at for each window."""
    return zone if zone is None or isinstance(zone, str) else tuple(zone)


def _horizons(at: datetime, years: int) -> Iterator[datetime]:
    local = at.replace(tzinfo=None)
    if local.year + years > LATEST.year:
        whole = LATEST
    else:
        day = 28 if (local.month, local.day) == (2, 29) else local.day
        whole = local.replace(year=local.year + years, day=day, tzinfo=UTC)
    yield from (each for span in _NEAR if (each := later(at, span)) < whole)
    yield whole


def _just_before(at: datetime) -> datetime:
    return at if at == EARLIEST else at - _TICK


def _merged(found: Iterable[Occurrence]) -> list[Stretch]:
    """Overlapping or touching ones as one, with the ids of all that make it, in order."""
    merged: list[Stretch] = []
    for each in sorted(found, key=lambda one: (one.start, one.end, one.window)):
        if merged and each.start <= merged[-1].end:
            last = merged.pop()
            merged.append(Stretch(last.start, max(last.end, each.end), tuple(sorted({*last.windows, each.window}))))
        else:
            merged.append(Stretch(each.start, each.end, (each.window,)))
    return merged
