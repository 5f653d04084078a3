"""When a plan is looked at again: on its calendar, or sooner because of something that happened. Pure.

Nothing falls due that makes a plan vanish: an expired plan is still shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from attrs import frozen
from pydantic import Field

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Id, Instant
from recoverycore.ground.instants import calendar_add, local_day_start, require_aware
from recoverycore.plans.bounds import day_end
from recoverycore.plans.settings import required

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverycore.plans.settings import ClientSettings

__all__ = ["REVIEW_WITHIN_DAYS", "PlanDates", "PlanEvent", "ReviewDue", "review_due"]

REVIEWED = "reviewed"
"""The kind of event that says that the plan was looked at again."""
CALENDAR = "calendar"
REVIEW_WITHIN_DAYS: Mapping[str, int] = MappingProxyType(
    {
        "crisis_episode": 1,
        "overdose": 3,
        "lapse": 7,
        "discharge": 7,
        "supporter_lost": 7,
        "transition": 7,
        "contact_dead": 7,
        "medication_change": 14,
    }
)
"""Within how many civil days a plan is looked at again after each kind of event. Policy ``review_within_days``."""
ANY_OTHER_WITHIN_DAYS = 7


class PlanDates(Document):
    """The dates of one active revision: since when it holds, how often and when it is looked at again, its last day in force."""

    activated_at: Instant
    review_every_days: Annotated[Count, Field(ge=1, le=3660)] | None = None
    review_on: Day | None = None
    expires_on: Day | None = None


class PlanEvent(Document):
    """Something that was recorded and may call for a look at the plan. It changes no plan by itself."""

    id: Id
    kind: Id
    recorded_at: Instant


@frozen
class ReviewDue:
    """When the next look is due and because of what: ids of events, or ``calendar``; and whether the plan is still in force."""

    due: datetime | None
    because: tuple[str, ...]
    state: Literal["overdue", "open", "none"]
    expiry: Literal["none", "in_force", "expired"]


def review_due(
    dates: PlanDates,
    events: Iterable[PlanEvent],
    at: datetime,
    settings: ClientSettings,
    *,
    within_days: Mapping[str, int] = REVIEW_WITHIN_DAYS,
) -> ReviewDue:
    """When the plan is to be looked at again, as far as is known at `at`. A look clears everything recorded before it.

    Error: ``settings_missing`` without a zone: the days are the client's own.
    """
    instant, zone = require_aware(at), required(settings.zone, "zone")
    known = [each for each in events if each.recorded_at <= instant]
    base = max((each.recorded_at for each in known if each.kind == REVIEWED), default=dates.activated_at)
    base = max(base, dates.activated_at)
    candidates = {
        (calendar_add(each.recorded_at, within_days.get(each.kind, ANY_OTHER_WITHIN_DAYS), timedelta(), zone), each.id)
        for each in known
        if each.kind != REVIEWED and each.recorded_at > base
    }
    if dates.review_every_days is not None:
        candidates.add((calendar_add(base, dates.review_every_days, timedelta(), zone), CALENDAR))
    if dates.review_on is not None and (start := local_day_start(dates.review_on, zone)) > base:
        candidates.add((start, CALENDAR))
    due = min((when for when, _ in candidates), default=None)
    return ReviewDue(
        due=due,
        because=tuple(sorted({name for when, name in candidates if when == due})),
        state="none" if due is None else "overdue" if instant >= due else "open",
        expiry="none" if dates.expires_on is None else "expired" if instant >= day_end(dates.expires_on, zone) else "in_force",
    )
