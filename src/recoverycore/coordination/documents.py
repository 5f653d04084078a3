"""What somebody owes somebody: the obligation with a clock, and the agreed times at which two people are in touch."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Day, Elapsed, Id, Instant, Text, WallTime, Zone
from recoverycore.ground.windows import Weekday

__all__ = ["Cadence", "Move", "Obligation", "OnTimeout", "Pause"]


class OnTimeout(Document):
    """What happens when nobody has done it in time, and to whom it goes."""

    do: Id
    to: Id | None = None


class Move(Document):
    """A due instant that was moved: by whom and why. It never rewrites what was overdue before it."""

    at: Instant
    due_by: Instant
    by: Id
    reason: Text


class Obligation(Document):
    """Something owed, by somebody, by some instant, with what happens if it is not done. The one record of this kind.

    `owner` is a person's id or a role; `due_on` a civil day, the whole of which counts; `result_by` the last local day on
    which what it arranges may lie (a slot found today may be tomorrow's). `lead` are the times before the due instant at
    which a reminder is right; where there are none, the kind has its own.
    """

    schema_name: ClassVar[str] = "recoverycore/obligation"

    id: Id
    kind: Id
    about: Id | None = None
    owner: Id | None = None
    opened_at: Instant | None = None
    due_by: Instant | None = None
    due_on: Day | None = None
    result_by: Day | None = None
    lead: tuple[Text, ...] | None = None
    on_timeout: OnTimeout | Id | None = None
    discharged_at: Instant | None = None
    discharged_by: Id | None = None
    cancelled_at: Instant | None = None
    moves: tuple[Move, ...] = ()
    zone: Zone | None = None


class Pause(Document):
    """A stretch in which, by agreement, nobody is expected to be in touch."""

    from_: Instant = Field(alias="from")
    until: Instant | None = None


class Cadence(Document):
    """Agreed wall times of being in touch, from a day on and up to a day, the last included.

    An answer counts from `early` before a time until `grace` after it.
    """

    times: tuple[WallTime, ...]
    days: tuple[Weekday, ...] | None = None
    from_: Day = Field(alias="from")
    until: Day | None = None
    grace: Annotated[Elapsed, Field(ge=timedelta())] = timedelta(hours=4)
    early: Annotated[Elapsed, Field(ge=timedelta())] = timedelta(hours=2)


CheckInState = Literal["paused", "open", "answered", "answered_late", "missed", "none"]
