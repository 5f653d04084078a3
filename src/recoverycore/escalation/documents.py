"""What a programme writes about who is told: protocols, teams and the facts beside them.

Source of the shapes and refusals: the library's own escalation rules; clinical and legal values in them are the
programme's (each deadline is a starting value for review, and a host sets its own).
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Discriminator, Field, ModelWrapValidatorHandler, Tag, ValidationError, model_validator

from recoverycore.escalation.soundness import refuse, together, unsound
from recoverycore.escalation.steps import ContentClass, LevelNumber, Positive, Step
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Elapsed, Flag, Id, Instant, Text, WallTime, Zone
from recoverycore.ground.windows import WeeklyWindow

__all__ = [
    "ConsentFact", "Debrief", "DirectoryService", "ElapsedDue", "Exhausted", "FollowUp", "LocalDue", "Outside", "Person", "Protocol",
    "ProtocolDraft", "RunFacts", "SafetyFact", "Shift", "Team",
]  # fmt: skip


class Exhausted(Document):
    """What happens when nobody answered: whom the alarm goes to, and how often it repeats."""

    alarm_roles: tuple[Id, ...] = ()
    realarm: Positive | None = None


class LocalDue(Document):
    """`day` days after the local day of the stand-down, at the wall time `at` in the protocol's zone."""

    day: Annotated[Count, Field(ge=0, le=366)]
    at: WallTime


class ElapsedDue(Document):
    """So long after the stand-down."""

    after: Elapsed


def _kind_of_due(value: Any) -> str:
    elapsed = isinstance(value, ElapsedDue) or (isinstance(value, dict) and "after" in value)
    return "a time span" if elapsed else "a local time"


class Debrief(Document):
    """Who owes the debrief, and by when."""

    owner_role: Id
    due: Annotated[Annotated[LocalDue, Tag("a local time")] | Annotated[ElapsedDue, Tag("a time span")], Discriminator(_kind_of_due)]


class FollowUp(Document):
    """Who looks after the person again, and when."""

    after: Elapsed
    owner_role: Id


class ProtocolDraft(Document):
    """A protocol that somebody is still writing: every field is right, and whether the whole is sound is for `verify` to say.

    No run begins with it.
    """

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
    contact_within: Positive | None = None
    resolve_within: Positive | None = None
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

    @cached_property
    def stages(self) -> tuple[tuple[Step, ...], ...]:
        """Adjacent steps of one group, which start together; any other step stands alone.

        The last stage is the terminal step, whatever group it names: nobody is asked beside it.
        """
        stages: list[tuple[Step, ...]] = []
        for step in self.steps:
            if step.group is not None and not step.terminal and stages and stages[-1][0].group == step.group:
                stages[-1] = (*stages[-1], step)
            else:
                stages.append((step,))
        return tuple(stages)

    @cached_property
    def stage_ids(self) -> tuple[tuple[str, ...], ...]:
        """The ids of the steps of each stage."""
        return tuple(tuple(step.id for step in stage) for stage in self.stages)

    @cached_property
    def holding(self) -> frozenset[str]:
        """The roles that may hold a run, to look one up in."""
        return frozenset(self.hold_roles)

    @cached_property
    def written(self) -> dict[str, Any]:
        """The protocol as JSON data with every default, as a run keeps it. It is shared, so nobody changes it."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """The steps by id, in order."""
        return {step.id: step for step in self.steps}


class Protocol(ProtocolDraft):
    """Ordered steps for one kind of event: who is asked, how long they have, and what happens when nobody answers.

    A protocol of level 3 or more is refused without a deadline on every ask step, `contact_within`, `debrief`, an alarm
    role and a terminal step that is always there; so is one in which an outsider could hold or a peer stand down.
    """

    schema_name: ClassVar[str] = "recoverycore/protocol"

    @cached_property
    def snapshot(self) -> Protocol:
        """The protocol as runs hold it, copied once. Frozen documents still hold dicts: an edit in place reaches no run."""
        return self.model_copy(deep=True)

    @model_validator(mode="wrap")
    @classmethod
    def _every_problem(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        wrong = list(unsound(value))
        found: ValidationError | None = None
        try:
            made = handler(value)
        except ValidationError as error:
            found = error
        else:
            if not wrong:
                return made
        raise together(cls.__name__, wrong, found)


class Person(Document):
    """A staff member as escalation knows them: what they may do and how they are reached, no name."""

    roles: tuple[Id, ...] = ()
    channels: tuple[Id, ...] = ()
    max_hold_level: LevelNumber = 4
    quiet: WeeklyWindow | None = None


def _kind_of_edge(value: Any) -> str:
    return "instant" if isinstance(value, datetime) or "T" in str(value) else "wall"


ShiftEdge = Annotated[Annotated[Instant, Tag("instant")] | Annotated[WallTime, Tag("wall")], Discriminator(_kind_of_edge)]


class Shift(Document):
    """Who is on duty in a role: two instants, or a weekly stretch of wall time in a zone. Half open."""

    person: Id
    role: Id
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] | None = None
    from_: ShiftEdge = Field(alias="from")
    to: ShiftEdge
    zone: Zone | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        wrong = []
        if isinstance(self.from_, datetime) and isinstance(self.to, datetime):
            wrong = [refuse("mixed_shift", name) for name in ("days", "zone") if getattr(self, name) is not None]
            if self.to <= self.from_:
                wrong.append(refuse("end_before_start", "to"))
        elif isinstance(self.from_, datetime) or isinstance(self.to, datetime):
            wrong = [refuse("mixed_shift", "to")]
        else:
            if self.zone is None:
                wrong = [refuse("missing_field", "zone")]
            if self.from_ == "24:00":  # an end only
                wrong.append(refuse("bad_time", "from"))
        if wrong:
            raise together("Shift", wrong)
        return self

    @cached_property
    def window(self) -> WeeklyWindow | None:
        """The weekly stretch; None for a shift between two instants."""
        if not isinstance(self.from_, str) or not isinstance(self.to, str) or self.zone is None:
            return None
        return WeeklyWindow.model_construct(days=self.days, from_=self.from_, to=self.to, zone=self.zone)


class Team(Document):
    """Everybody on the staff, and the roster."""

    persons: dict[Id, Person] = Field(default_factory=dict)
    shifts: tuple[Shift, ...] = ()

    @cached_property
    def shifts_in(self) -> dict[str, tuple[Shift, ...]]:
        """The shifts of each role, in the order of the roster."""
        return {role: tuple(each for each in self.shifts if each.role == role) for role in {each.role for each in self.shifts}}


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

    @cached_property
    def written(self) -> dict[str, Any]:
        """The facts as JSON data with every default, as a run keeps them. They are shared, so nobody changes them."""
        return self.model_dump(mode="json", by_alias=True)

    @cached_property
    def snapshot(self) -> RunFacts:
        """The facts as a run holds them, copied once: an edit in place of a dict in them reaches no run."""
        return self.model_copy(deep=True)
