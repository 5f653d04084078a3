"""What a host feeds in during a story: one document for each kind of act."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from recoverycore.consent import Directive
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Flag, Id, Instant, Text
from recoverycore.ground.sensitive import Sensitive
from recoverycore.plans import CheckInPlan, Entry, SectionName, Use

__all__ = [
    "Act",
    "Ask",
    "Book",
    "Discharge",
    "InTouch",
    "PutDirective",
    "Receive",
    "Report",
    "Retract",
    "Revise",
    "RunEvent",
    "UseEntry",
    "use_of",
]


class _Act(Document):
    """Something a host feeds in. Without an `id` of its own it has one from its place in the story."""

    id: Id | None = None


class Receive(_Act):
    """A message of the client."""

    act: Literal["receive"]
    via: Id
    message_id: Id
    text: Sensitive


class Report(_Act):
    """Something that somebody noticed; `observed_at` is when it happened, left out: now."""

    act: Literal["report"]
    kind: Id
    by: Id | None = None
    observed_at: Instant | None = None
    codes: tuple[Id, ...] = ()


class Retract(_Act):
    """Something that was reported by mistake is taken back; `signal` is the id of the act that reported it."""

    act: Literal["retract"]
    signal: Id
    by: Id
    reason: Sensitive


class RunEvent(_Act):
    """An event of a run; `rule` names the run by the rule that opened it. The other fields are those of the event."""

    act: Literal["event"]
    type: Id
    rule: Id | None = None
    by: Id | None = None
    to: Id | None = None
    target: Id | None = None
    level: Count | None = None
    reason: Text | None = None
    outcome: Id | None = None
    basis: Id | None = None
    until: Instant | None = None
    named_human: Flag | None = None


class Ask(_Act):
    """Somebody asks to see something."""

    act: Literal["ask"]
    who: Id
    what: tuple[Id, ...]
    purpose: Id


class PutDirective(_Act):
    """A directive that is signed now, or the next form of one that was."""

    act: Literal["directive"]
    directive: Directive


class UseEntry(_Act):
    """What became of an entry of a plan."""

    act: Literal["use"]
    entry: Id
    status: Literal["offered", "accepted", "declined", "used", "done", "open"]
    by: Id
    with_: Id | None = Field(default=None, alias="with")
    until: Instant | None = None


class Revise(_Act):
    """The next revision of a plan: what the active one says, and these additions."""

    act: Literal["revise"]
    kind: Id
    authors: tuple[Id, ...]
    reason: Sensitive
    because_of: tuple[Id, ...] = ()
    agreed_by_client: Flag | None = None
    add: dict[SectionName, tuple[Entry, ...]] = Field(default_factory=dict)
    activities: tuple[Entry, ...] = ()
    check_ins: tuple[CheckInPlan, ...] = ()


class Book(_Act):
    """A slot found for the obligation of this kind that is open."""

    act: Literal["book"]
    kind: Id
    slot: Instant
    with_: Id = Field(alias="with")
    by: Id


class Discharge(_Act):
    """The obligation of this kind that is open was met."""

    act: Literal["discharge"]
    kind: Id
    by: Id


class InTouch(_Act):
    """Instants at which the client answered a check-in."""

    act: Literal["in_touch"]
    instants: tuple[Instant, ...]


Act = Annotated[
    Receive | Report | Retract | RunEvent | Ask | PutDirective | UseEntry | Revise | Book | Discharge | InTouch, Field(discriminator="act")
]


def use_of(act: UseEntry, at: Instant) -> Use:
    """The line beside the plan that `act` writes."""
    return Use.model_validate({"entry": act.entry, "status": act.status, "at": at, "by": act.by, "with": act.with_, "until": act.until})
