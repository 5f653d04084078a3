"""One step of a protocol: whom it asks, how many must answer, by when, and where the chain goes from there."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from recoverycore.escalation.soundness import refuse
from recoverycore.ground.document import Document
from recoverycore.ground.durations import LONGEST
from recoverycore.ground.fields import Count, Elapsed, Flag, Id
from recoverycore.ground.windows import WeeklyWindow

__all__ = [
    "ContentClass", "Jump", "LevelNumber", "Positive", "Quorum", "QuorumCount", "QuorumRoles", "Repeat", "Step", "Target",
]  # fmt: skip

ContentClass = Literal["C0", "C1", "C2"]
Reason = Literal[
    "timeout", "declined", "unreachable", "no_recipient", "consent_blocked", "quiet_hours", "outside_hours", "raised",
    "ack_timeout", "already_held", "manual",
]  # fmt: skip
LevelNumber = Annotated[Count, Field(ge=0, le=4)]


def _positive(value: timedelta) -> timedelta:
    """A clock of no length would end at the instant it starts, again and again."""
    if value <= timedelta():
        raise refuse("bad_duration")
    return value


Positive = Annotated[Elapsed, AfterValidator(_positive)]


class Target(Document):
    """Whom a step asks: everybody on duty in a role, one person, a safety-plan contact, a service, or the client."""

    role: Id | None = None
    person: Id | None = None
    contact: Id | None = None
    service: Id | None = None
    client: Flag | None = None
    purpose: Id | None = None
    categories: tuple[Id, ...] | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [value for value in (self.role, self.person, self.contact, self.service, self.client) if value is not None]
        if len(given) != 1 or given == [False]:
            raise refuse("one_target_kind")
        return self

    @cached_property
    def kind_and_id(self) -> tuple[str, str]:
        """The kind of a target and the id in it; the client is ``("client", "client")``."""
        for kind in ("role", "person", "contact", "service"):
            value = getattr(self, kind)
            if value is not None:
                return kind, value
        return "client", "client"


class QuorumCount(Document):
    """At least `k` acks."""

    k: Annotated[Count, Field(ge=1)]


class QuorumRoles(Document):
    """For each role at least so many acks; a person counts for each role held."""

    roles: Annotated[dict[Id, Annotated[Count, Field(ge=1)]], Field(min_length=1)]


def _kind_of_quorum(value: Any) -> str:
    """Which of the three is meant, so that a slip in one is not told as three. Tags are no names of fields."""
    if isinstance(value, dict):
        return "counts by role" if "roles" in value else "a count"
    if isinstance(value, QuorumCount):
        return "a count"
    return "counts by role" if isinstance(value, QuorumRoles) else "a word"


Quorum = Annotated[
    Annotated[Literal["any", "all", "none"], Tag("a word")]
    | Annotated[QuorumCount, Tag("a count")]
    | Annotated[QuorumRoles, Tag("counts by role")],
    Discriminator(_kind_of_quorum),
]


class Jump(Document):
    """Where to go instead of the next stage when a step is left for one of these reasons."""

    on: tuple[Reason, ...] | None = None
    min_level: LevelNumber = 0
    to: Id


class Repeat(Document):
    """Further messages while a step is unmet."""

    times: Annotated[Count, Field(ge=1, le=100)]
    every: Positive

    @model_validator(mode="after")
    def _within_the_longest(self) -> Self:
        if self.times * self.every > LONGEST:
            raise refuse("bad_duration", "every")
        return self


class Step(Document):
    """One step of a protocol: it asks or informs targets, or it is the terminal step that needs nobody and no software."""

    id: Id
    group: Id | None = None
    targets: tuple[Target, ...] = ()
    ack_within: Elapsed | None = None
    from_: Literal["previous", "activation"] = Field(default="previous", alias="from")
    quorum: Quorum = "any"
    channels: tuple[Id, ...] | None = None
    message_class: ContentClass | None = None
    when: WeeklyWindow | None = None
    repeat: Repeat | None = None
    jump: tuple[Jump, ...] = ()
    terminal: Flag = False
    mode: Literal["show", "print", "read_out"] | None = None
    resources: tuple[Id, ...] = ()
    always: Flag = False
    needs_software: Flag = True

    @cached_property
    def asks(self) -> bool:
        """Whether the step asks somebody to take it; else it only informs."""
        return not self.terminal and self.quorum != "none"

    @cached_property
    def roles(self) -> tuple[Id, ...]:
        """The roles among the targets."""
        return tuple(each.role for each in self.targets if each.role is not None)
