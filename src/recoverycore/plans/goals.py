"""What a person wants to reach, in their own words, and where it stands in its life: proposed, agreed, active, done, put aside.

Codes stand beside the words and never replace them. A goal may be written down in part: what is missing is asked, not refused.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from attrs import frozen
from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Id, Instant, Number, Text
from recoverycore.ground.sensitive import Sensitive
from recoverycore.ground.windows import Weekday
from recoverycore.plans.periods import Per

__all__ = [
    "Comparator",
    "Goal",
    "GoalCode",
    "GoalEvent",
    "GoalStatus",
    "Measure",
    "Rulers",
    "StatusAnswer",
    "StatusChange",
    "change_status",
]

Measure = Literal["days", "count", "once", "ratio"]
Comparator = Literal["at_least", "at_most", "exactly"]
GoalStatus = Literal["proposed", "accepted", "active", "on-hold", "completed", "cancelled", "rejected", "entered-in-error"]
Result = Literal["ok", "status_unknown", "transition_refused", "actor_missing", "reason_missing"]
_DOMAINS = (
    "safety", "housing", "income_work", "education", "food", "transport", "legal", "health", "mental_health", "substance_use",
    "relationships", "family_parenting", "community", "identity_culture", "meaning", "leisure_creativity", "daily_structure",
)  # fmt: skip
_OF_A_PLUGIN = re.compile(r"[A-Za-z0-9_-]+[.:].+")
_LEADS_TO: dict[GoalStatus, tuple[GoalStatus, ...]] = {
    "proposed": ("accepted", "rejected", "entered-in-error"),
    "accepted": ("active", "cancelled", "entered-in-error"),
    "active": ("on-hold", "completed", "cancelled", "entered-in-error"),
    "on-hold": ("active", "completed", "cancelled", "entered-in-error"),
    "completed": ("active", "entered-in-error"),
    "cancelled": ("active", "entered-in-error"),
    "rejected": ("proposed", "entered-in-error"),
    "entered-in-error": (),
}
_WANTS_A_REASON = ("on-hold", "cancelled", "rejected", "entered-in-error")


def _domain(name: str) -> str:
    if name not in _DOMAINS and not _OF_A_PLUGIN.fullmatch(name):
        raise _wrong("not_listed")
    return name


def _kind_of_target(value: Any) -> str:
    return "a share" if isinstance(value, float) and not value.is_integer() else "a number"


def _kind_of_step(value: Any) -> str:
    return "an event" if isinstance(value, GoalEvent) or (isinstance(value, dict) and "event" in value) else "a change"


Target = Annotated[
    Annotated[Annotated[Count, Field(ge=0)], Tag("a number")] | Annotated[Annotated[Number, Field(ge=0, le=1)], Tag("a share")],
    Discriminator(_kind_of_target),
]
Ruler = Annotated[Count, Field(ge=0, le=10)]


class GoalCode(Document):
    """A code that stands beside the words, from a terminology a host uses."""

    system: Id
    code: Id
    display: Text | None = None


class Rulers(Document):
    """How important it was and how confident the person felt on a date, each from 0 to 10. Only a trend says something: no cut-off."""

    date: Day
    importance: Ruler | None = None
    confidence: Ruler | None = None


class StatusChange(Document):
    """Somebody moved the goal to another status. Whether that can be, `change_status` says."""

    to: Text
    by: Text | None = None
    at: Instant
    recorded_at: Instant
    reason: Sensitive | None = None


class GoalEvent(Document):
    """Something happened: a lapse, a missed contact, a score. It is recorded, and changes no status."""

    event: Id
    by: Text | None = None
    at: Instant
    recorded_at: Instant


Step = Annotated[Annotated[StatusChange, Tag("a change")] | Annotated[GoalEvent, Tag("an event")], Discriminator(_kind_of_step)]


class Goal(Document):
    """One goal in the person's own words, with the measure they chose, if any.

    `days` asks for how many units (evenings, else local days) it was a yes, `count` how many times, `ratio` how often `num`
    happened for each time that `den` did, `once` for one thing reached by `due`. `on` names the weekdays in question.
    `start` and `until` both count. `barriers`: an empty list was asked for and there are none. `counts` names what is
    counted; then entries that name something else are about another goal.
    """

    schema_name: ClassVar[str] = "recoverycore/goal"

    id: Id
    words: Sensitive | None = None
    words_by: Id | None = None
    domain: Annotated[Id, AfterValidator(_domain)] | None = None
    codes: tuple[GoalCode, ...] = ()
    measure: Measure | None = None
    unit: Text | None = None
    per: Per | None = None
    comparator: Comparator = "at_least"
    target: Target | None = None
    counts: Id | None = None
    num: Id | None = None
    den: Id | None = None
    max_per_day: Annotated[Count, Field(ge=0)] | None = None
    on: tuple[Weekday, ...] | Literal["any"] | None = None
    start: Day | None = None
    until: Day | None = None
    due: Day | None = None
    review_on: Day | None = None
    owner: Id | None = None
    why: Sensitive | None = None
    instead: Sensitive | None = None
    own_steps: tuple[Sensitive, ...] = ()
    needs: tuple[Id, ...] = ()
    strengths: tuple[Sensitive, ...] = ()
    barriers: tuple[Sensitive, ...] | None = None
    supports: tuple[Id, ...] = ()
    importance: Ruler | None = None
    confidence: Ruler | None = None
    rulers: tuple[Rulers, ...] = ()
    declined: tuple[Id, ...] = ()
    status: GoalStatus = "proposed"
    history: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.start is not None and self.until is not None and self.until < self.start:
            raise _wrong("end_before_start", "until")
        if self.target is not None and self.measure is not None:
            share = isinstance(self.target, float) or self.target in (0, 1)
            if not (share if self.measure == "ratio" else isinstance(self.target, int)):
                raise _wrong("bad_value", "target")
        return self


@frozen
class StatusAnswer:
    """What came of a change: the goal as it is then, and ``ok`` or why it is as it was."""

    goal: Goal
    result: Result


def change_status(goal: Goal, step: StatusChange | GoalEvent) -> StatusAnswer:
    """`goal` after a change of status or an event, its history one entry longer, or as it was and why.

    Checked in this order: ``status_unknown``, ``transition_refused``, ``actor_missing``, ``reason_missing`` (for on-hold,
    cancelled, rejected and entered-in-error). An event is always ``ok`` and leaves the status as it is.
    """
    if isinstance(step, GoalEvent):
        return StatusAnswer(goal.evolve(history=(*goal.history, step)), "ok")
    if step.to not in get_args(GoalStatus):
        return StatusAnswer(goal, "status_unknown")
    if step.to not in _LEADS_TO[goal.status]:
        return StatusAnswer(goal, "transition_refused")
    if not (step.by or "").strip():
        return StatusAnswer(goal, "actor_missing")
    if step.to in _WANTS_A_REASON and not step.reason:
        return StatusAnswer(goal, "reason_missing")
    return StatusAnswer(goal.evolve(status=step.to, history=(*goal.history, step)), "ok")


def _wrong(name: str, *at: str) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})
