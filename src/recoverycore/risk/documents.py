"""What a programme writes about noticing: which event starts which protocol, and what has to be done besides."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Elapsed, Id

__all__ = ["EventHappens", "Rule", "RuleTask", "Tell"]


class EventHappens(Document):
    """The condition that an event of this kind is reported."""

    event: Id


class RuleTask(Document):
    """Something to be done besides, by whoever is on duty in a role: due today, its result up to `slot_within` later.

    "Today" is the local day on which the rule spoke, the whole of it.
    """

    kind: Id
    owner_role: Id
    due_on: Literal["today"] = "today"
    slot_within: Elapsed | None = None


class Tell(Document):
    """Whom a notice goes to: everybody on duty in a role, or one person; for a purpose and categories of their own, if need be."""

    role: Id | None = None
    person: Id | None = None
    purpose: Id | None = None
    categories: tuple[Id, ...] | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if (self.role is None) == (self.person is None):
            raise PydanticCustomError("recovery", "{name}", {"name": "tell_one"})
        return self


class Rule(Document):
    """What follows when something happens: a level and the protocol that answers it, or a notice to somebody.

    A rule raises and never lowers; nothing is closed or denied by one. A rule with a level names its protocol
    (``rule_without_protocol``). One without is a notice: `tell` is told once each time the rule begins to hold, cut to what
    consent permits them of `categories` for `purpose`; nobody is asked to act, and no clock runs. `offer` is shown to the
    person: ``coping`` are the coping steps of the relapse-prevention plan.
    """

    schema_name: ClassVar[str] = "recoverycore/rule"

    id: Id
    version: Annotated[Count, Field(ge=1)] = 1
    when: EventHappens
    level: Annotated[Count, Field(ge=1, le=4)] | None = None
    protocol: Id | None = None
    also: tuple[RuleTask, ...] = ()
    tell: tuple[Tell, ...] = ()
    purpose: Id = "care"
    categories: tuple[Id, ...] = ()
    channels: tuple[Id, ...] | None = None
    offer: Literal["coping"] | None = None

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.level is not None and self.protocol is None:
            raise PydanticCustomError("recovery", "{name}", {"name": "rule_without_protocol", "at": ("protocol",)})
        return self
