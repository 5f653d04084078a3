"""The time after detox, custody, hospital or a break in which the body tolerates less, and what was usual is dangerous. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Day, Flag, Id, Instant
from recoverycore.plans.risk_windows import AfterEventWindow, Offset
from recoverycore.plans.windows import active_at

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from recoverycore.plans.happening import Stay
    from recoverycore.plans.windows import Standing

__all__ = ["ToleranceEvent", "tolerance_at"]


class ToleranceEvent(Document):
    """Something after which a body tolerates less: detox, custody, inpatient, illness, break_in_use, moud_stopped, or any other.

    What is `ongoing` has no end. Without any of the three nobody knows when it ended. Error: ``one_event_time``.
    """

    id: Id
    kind: Id
    ended_at: Instant | None = None
    ended_on: Day | None = None
    ongoing: Flag = False

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.ended_at is not None) + (self.ended_on is not None) + self.ongoing > 1:
            raise PydanticCustomError("recovery", "{name}", {"name": "one_event_time"})
        return self


def tolerance_at(events: Iterable[ToleranceEvent], at: datetime, zone: str | Iterable[Stay] | None, *, days: int = 28) -> Standing:
    """Whether `at` lies in a time of lower tolerance: active beats unknown beats inactive. Protective steps treat unknown as active.

    Policy ``tolerance_days``: `days`, counted from the end of the event; 28 is a starting value for clinical review.
    """
    windows = [
        AfterEventWindow(id=each.id, kind="after_event", at=each.ended_at, date=each.ended_on, max=Offset(days=days))
        for each in events
        if not each.ongoing
    ]
    return active_at(windows, at, zone).state
