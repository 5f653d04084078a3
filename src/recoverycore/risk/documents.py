"""What a programme writes about noticing: what begins a rule, which protocol answers it or who is told, and what is done besides."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, JsonValue, Tag, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Elapsed, Flag, Id, in_text_only
from recoverycore.risk.conditions import condition_slips, typed
from recoverycore.risk.derived import AboutEach, DerivedFact

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
    """Whom a notice goes to, for a purpose and with categories of their own, if need be.

    Exactly one of: everybody on duty in a `role`, one `person`, the `owner` of the obligation that the rule is about, or the
    `client`.
    """

    role: Id | None = None
    person: Id | None = None
    owner: Flag = False
    client: Flag = False
    purpose: Id | None = None
    categories: tuple[Id, ...] | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if (self.role is not None) + (self.person is not None) + self.owner + self.client != 1:
            raise _wrong("tell_one")
        return self


def _kind_of_when(value: Any) -> str:
    return "event" if isinstance(value, EventHappens) or (isinstance(value, dict) and "event" in value) else "condition"


# What has an event is no condition: without that word the schema would take it twice, and so not at all.
_Condition = Annotated[dict[str, JsonValue], Tag("condition"), Field(json_schema_extra={"not": {"required": ["event"]}})]
When: TypeAlias = Annotated[Annotated[EventHappens, Tag("event")] | _Condition, Discriminator(_kind_of_when)]


class Rule(Document):
    """What follows when something happens or comes to be so: a level and the protocol that answers it, or a notice to somebody.

    `when` is an event, or a condition of the rule language over `facts`, each derived from what is kept about the person. A
    condition speaks once each time it begins to hold, and not again while it holds; where nobody can tell, somebody is asked to
    look. With `each` it is asked about every obligation that is not met, or every directive, one by one.

    A rule raises and never lowers; nothing is closed or denied by one. A rule with a level names its protocol
    (``rule_without_protocol``). One without is a notice: `tell` is told once each time the rule begins to hold, cut to what
    consent permits them of `categories` for `purpose`; nobody is asked to act, and no clock runs. `offer` is shown to the
    person: ``coping`` are the coping steps of the relapse-prevention plan.

    Errors besides those of a condition: ``tell_one``, ``fact_about_each``, ``rule_feeds_itself``.
    """

    schema_name: ClassVar[str] = "recoverycore/rule"

    id: Id
    version: Annotated[Count, Field(ge=1)] = 1
    facts: dict[Id, DerivedFact] = Field(default_factory=dict)
    each: AboutEach | None = None
    when: When
    level: Annotated[Count, Field(ge=1, le=4)] | None = None
    protocol: Id | None = None
    also: tuple[RuleTask, ...] = ()
    tell: tuple[Tell, ...] = ()
    purpose: Id = "care"
    categories: tuple[Id, ...] = ()
    channels: tuple[Id, ...] | None = None
    offer: Literal["coping"] | None = None

    @field_validator("when")
    @classmethod
    def _condition(cls, when: Any, info: ValidationInfo) -> Any:
        facts = info.data.get("facts")
        if isinstance(when, EventHappens) or facts is None:  # what is wrong with a fact is told there
            return when
        read = typed(when, facts) if in_text_only(info) else when
        slips = condition_slips(read, facts)
        if slips:
            raise PydanticCustomError("recovery", "{name}", {**slips[0], "more": slips[1:]})
        return read

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.level is not None and self.protocol is None:
            raise _wrong("rule_without_protocol", "protocol")
        for name, fact in self.facts.items():
            if fact.about not in (None, self.each):
                raise _wrong("fact_about_each", "facts", name)
        for number, target in enumerate(self.tell):
            if target.owner and self.each != "obligation":
                raise _wrong("fact_about_each", "tell", number, "owner")
        if self.also and self.each is not None:
            raise _wrong("rule_feeds_itself", "also")
        return self


def _wrong(name: str, *at: str | int) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})
