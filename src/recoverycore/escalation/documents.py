"""What a programme writes about who is told: protocols, teams and the facts beside them.

Source of the shapes and refusals: the library's own escalation rules; clinical and legal values in them are the
programme's (each deadline is a starting value for review, and a host sets its own).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Elapsed, Flag, Id, Instant, Text, WallTime, Zone
from recoverycore.ground.windows import WeeklyWindow

__all__ = ["ContentClass", "Jump", "Protocol", "Quorum", "Step", "Target", "target_of"]

ContentClass = Literal["C0", "C1", "C2"]
Reason = Literal[
    "timeout", "declined", "unreachable", "no_recipient", "consent_blocked", "quiet_hours", "outside_hours", "raised",
    "ack_timeout", "already_held",
]  # fmt: skip
LevelNumber = Annotated[Count, Field(ge=0, le=4)]
_OUTSIDE_HOLDERS = ("contact", "client")
_NEVER_STAND_DOWN = ("peer", "contact", "client", "service")
CRISIS = 3


def refuse(name: str, *at: str | int) -> PydanticCustomError:
    """The problem called `name` at a place inside the document."""
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})


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
        if sum(value is not None for value in (self.role, self.person, self.contact, self.service, self.client)) != 1:
            raise refuse("one_target_kind")
        return self


def target_of(target: Target) -> tuple[str, str]:
    """The kind of a target and the id in it; the client is ``("client", "client")``."""
    for kind in ("role", "person", "contact", "service"):
        value = getattr(target, kind)
        if value is not None:
            return kind, value
    return "client", "client"


class QuorumCount(Document):
    """At least `k` acks."""

    k: Annotated[Count, Field(ge=1)]


class QuorumRoles(Document):
    """For each role at least so many acks; a person counts for each role held."""

    roles: dict[Id, Annotated[Count, Field(ge=1)]]


Quorum = Literal["any", "all", "none"] | QuorumCount | QuorumRoles


class Jump(Document):
    """Where to go instead of the next stage when a step is left for one of these reasons."""

    on: tuple[Text, ...] | None = None
    min_level: LevelNumber = 0
    to: Id


class Repeat(Document):
    """Further messages while a step is unmet."""

    times: Annotated[Count, Field(ge=1, le=100)]
    every: Elapsed

    @field_validator("every")
    @classmethod
    def _positive(cls, value: timedelta) -> timedelta:
        if value <= timedelta():
            raise refuse("bad_duration")
        return value


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

    @property
    def asks(self) -> bool:
        """Whether the step asks somebody to take it; else it only informs."""
        return not self.terminal and self.quorum != "none"


class Exhausted(Document):
    """What happens when nobody answered: whom the alarm goes to, and how often it repeats."""

    alarm_roles: tuple[Id, ...] = ()
    realarm: Elapsed | None = None


class LocalDue(Document):
    """`day` days after the local day of the stand-down, at the wall time `at` in the protocol's zone."""

    day: Annotated[Count, Field(ge=0, le=366)]
    at: WallTime


class ElapsedDue(Document):
    """So long after the stand-down."""

    after: Elapsed


class Debrief(Document):
    """Who owes the debrief, and by when."""

    owner_role: Id
    due: LocalDue | ElapsedDue


class FollowUp(Document):
    """Who looks after the person again, and when."""

    after: Elapsed
    owner_role: Id


class Protocol(Document):
    """Ordered steps for one kind of event: who is asked, how long they have, and what happens when nobody answers.

    A protocol of level 3 or more is refused without a deadline on every ask step, `contact_within`, `debrief`, an alarm
    role and a terminal step that is always there; so is one in which an outsider could hold or a peer stand down.
    """

    schema_name: ClassVar[str] = "recoverycore/protocol"

    id: Id
    version: Annotated[Count, Field(ge=1)] = 1
    kind: Id = "crisis"
    level: LevelNumber
    zone: Zone
    triggers: tuple[Id, ...]
    channels: tuple[Id, ...]
    message_class: ContentClass = "C0"
    purpose: Id | None = None
    categories: tuple[Id, ...] = ()
    hold_roles: tuple[Id, ...] = ()
    stand_down_roles: tuple[Id, ...] = ()
    break_glass_roles: tuple[Id, ...] = ()
    owner_role: Id
    contact_within: Elapsed | None = None
    resolve_within: Elapsed | None = None
    rounds: Annotated[Count, Field(ge=1, le=9)] = 1
    quiet_override_level: LevelNumber = 3
    defer_max_level: LevelNumber = 1
    late_catch_up: Annotated[Count, Field(ge=0, le=5)] = 3
    exhausted: Exhausted = Exhausted()
    debrief: Debrief | None = None
    follow_up: tuple[FollowUp, ...] = ()
    max_chars: Annotated[Count, Field(ge=1)] = 160
    forbidden_names: tuple[Text, ...] = ()
    steps: tuple[Step, ...]

    @field_validator("steps")
    @classmethod
    def _shape(cls, steps: tuple[Step, ...]) -> tuple[Step, ...]:
        ids = [step.id for step in steps]
        if len(set(ids)) != len(ids):
            raise refuse("duplicate_step")
        if not steps or not steps[-1].terminal or any(step.terminal for step in steps[:-1]):
            raise refuse("no_terminal")
        for index, step in enumerate(steps):
            if not step.terminal and not step.targets:
                raise refuse("blank", index, "targets")
            for place, jump in enumerate(step.jump):
                if jump.to not in ids:
                    raise refuse("unknown_jump", index, "jump", place, "to")
        return steps

    @model_validator(mode="after")
    def _fit_for_crisis(self) -> Self:
        if self.level < CRISIS:
            return self
        for index, step in enumerate(self.steps):
            if step.asks and step.ack_within is None:
                raise refuse("no_deadline", "steps", index)
        if self.contact_within is None:
            raise refuse("no_contact_clock", "contact_within")
        if self.debrief is None:
            raise refuse("no_debrief", "debrief")
        if not self.exhausted.alarm_roles:
            raise refuse("no_alarm", "exhausted", "alarm_roles")
        if not self.steps[-1].always or self.steps[-1].needs_software:
            raise refuse("terminal_not_24_7", "steps", len(self.steps) - 1)
        if set(self.hold_roles) & set(_OUTSIDE_HOLDERS):
            raise refuse("outside_holder", "hold_roles")
        if set(self.stand_down_roles) & set(_NEVER_STAND_DOWN):
            raise refuse("lower_by_peer", "stand_down_roles")
        return self


class Person(Document):
    """A staff member as escalation knows them: what they may do and how they are reached, no name."""

    roles: tuple[Id, ...] = ()
    channels: tuple[Id, ...] = ()
    max_hold_level: LevelNumber = 4
    quiet: WeeklyWindow | None = None


class Shift(Document):
    """Who is on duty in a role: two instants, or a weekly stretch of wall time in a zone. Half open."""

    person: Id
    role: Id
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] | None = None
    from_: Instant | WallTime = Field(alias="from")
    to: Instant | WallTime
    zone: Zone | None = None


class Team(Document):
    """Everybody on the staff, and the roster."""

    persons: dict[Id, Person] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()


class Outside(Document):
    """A safety-plan contact or the client: how they are reached, and when not."""

    id: Id | None = None
    channels: tuple[Id, ...] = ()
    quiet: WeeklyWindow | None = None
    wake_level: LevelNumber = 0


class DirectoryService(Document):
    """An outside service. No `hours` means always open."""

    channels: tuple[Id, ...] = ()
    hours: tuple[WeeklyWindow, ...] | None = None


class ConsentFact(Document):
    """What consent said about telling one target. Absent means unknown, and unknown never widens."""

    contact: Literal["permit", "deny", "unknown"] = "unknown"
    max_class: ContentClass = "C0"
    channel_class: dict[Id, ContentClass] = Field(default_factory=dict)


class SafetyFact(Document):
    """Safe contact in short: where violence is known, only the channels named as safe; nobody on the never list, ever."""

    dv: Flag = False
    safe_channels: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    unsafe_channels: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    no_contact: Flag = False
    never_contact: tuple[Id, ...] = ()


class RunFacts(Document):
    """Everything a run looks at beside its protocol. What is absent is empty."""

    team: Team = Team()
    contacts: dict[Id, Outside] = Field(default_factory=dict)
    directory: dict[Id, DirectoryService] = Field(default_factory=dict)
    client: Outside = Outside()
    consent: dict[Id, ConsentFact] = Field(default_factory=dict)
    safety: SafetyFact = SafetyFact()
