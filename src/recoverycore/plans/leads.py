"""When somebody is in touch before a risk window begins: the check-ins that its leads mean. Pure.

A missed check-in calls for care, never a sanction. A check-in names windows by id; what they are about stays the person's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.ground.instants import calendar_add, local_date, moment, require_aware, wall_minutes
from recoverycore.plans.bounds import later, shifted
from recoverycore.plans.happening import occurrences

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.plans.happening import Occurrence, Stay
    from recoverycore.plans.risk_windows import Lead, RiskWindow

__all__ = ["CheckIn", "checkins"]

_A_SKIPPED_DATE = timedelta(days=2)
"""A day may be this much longer than 24 hours with what clock changes skip and repeat around it."""


@frozen
class CheckIn:
    """An instant at which somebody is in touch, and the ids of the windows that begin after it."""

    at: datetime
    windows: tuple[str, ...]


def checkins(windows: Iterable[RiskWindow], from_: datetime, to: datetime, zone: str | Iterable[Stay] | None) -> tuple[CheckIn, ...]:
    """The check-ins of `windows` in ``[from_, to)``, in order; those at one instant are one. An unknown window has none."""
    first, last = require_aware(from_).astimezone(UTC), require_aware(to).astimezone(UTC)
    stays = zone if zone is None or isinstance(zone, str) else tuple(zone)
    found: dict[datetime, set[str]] = {}
    for window in windows:
        furthest = max((timedelta(days=lead.days or 0, hours=lead.hours or 0) for lead in window.lead), default=None)
        if furthest is None or first >= last:
            continue
        for each in occurrences(window, first, later(last, furthest + _A_SKIPPED_DATE), stays):
            for lead in window.lead:
                at = _before(each, lead)
                if first <= at < min(last, each.start):
                    found.setdefault(at, set()).add(window.id)
    return tuple(CheckIn(at, tuple(sorted(found[at]))) for at in sorted(found))


def _before(occurrence: Occurrence, lead: Lead) -> datetime:
    """The single moment that `lead` means: the wall time of the start, or the one it names, so many dates before; or exact hours."""
    if lead.days is None:
        return occurrence.start - timedelta(hours=lead.hours or 0)
    if lead.at is None:
        return calendar_add(occurrence.start, -lead.days, timedelta(), occurrence.zone)
    day = shifted(local_date(occurrence.start, occurrence.zone), -lead.days)
    return moment(day, wall_minutes(lead.at), occurrence.zone)
