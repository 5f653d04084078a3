"""What a programme writes about noticing: which event starts which protocol, and what has to be done besides."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Elapsed, Id

__all__ = ["EventHappens", "Rule", "RuleTask"]


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


class Rule(Document):
    """What follows when something happens: a level and the protocol that answers it, for one purpose and some categories.

    A rule raises and never lowers; nothing is closed or denied by one. A rule with a level names its protocol; one without
    is a notice, which asks nobody to act (``rule_without_protocol``).
    """

    schema_name: ClassVar[str] = "recoverycore/rule"

    id: Id
    version: Annotated[Count, Field(ge=1)] = 1
    when: EventHappens
    level: Annotated[Count, Field(ge=1, le=4)] | None = None
    protocol: Id | None = None
    also: tuple[RuleTask, ...] = ()

    @model_validator(mode="after")
    def _answered(self) -> Self:
        if self.level is not None and self.protocol is None:
            raise PydanticCustomError("recovery", "{name}", {"name": "rule_without_protocol", "at": ("protocol",)})
        return self
