"""A run as data: what the next step needs to know, and nothing that it could look up elsewhere.

Protocol, pinned plan, directory and client facts are a snapshot of the activation; team, consent and safety facts are live
and change by events only.
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recoverycore.errors import DocumentError
from recoverycore.escalation.documents import Protocol, RunFacts
from recoverycore.escalation.steps import ContentClass, Step
from recoverycore.ground.fields import Instant
from recoverycore.ground.problems import problems_of

__all__ = ["Entry", "Message", "Offer", "RunFields", "RunState", "Working", "open_run", "stages_of"]

Status = Literal["new", "open", "held", "exhausted", "stood_down", "closed"]


class Message(BaseModel):
    """One message that was asked for, and the highest receipt seen for it."""

    target: str
    step: str
    round: int
    channel: str
    attempt: int
    kind: str
    content_class: ContentClass
    status: str = "queued"


class Entry(BaseModel):
    """One step as it was last entered: who was sent to, who fell out since, and its clock."""

    round: int
    stage: int
    entered: Instant
    deadline: Instant | None = None
    present: bool = True
    covered: bool = False
    recipients: dict[str, str | None] = Field(default_factory=dict)
    barriers: dict[str, str] = Field(default_factory=dict)
    unreachable: list[str] = Field(default_factory=list)
    excluded: list[str] = Field(default_factory=list)
    off_duty: list[str] = Field(default_factory=list)
    repeats: int = 0


class Offer(BaseModel):
    """The one hand-over that is open."""

    by: str
    to: str


class RunFields(BaseModel):
    """The fields of a run."""

    run: str
    protocol: Protocol
    facts: RunFacts
    status: Status = "new"
    level: int = 0
    round: int = 1
    climb: int = 1
    stage: int | None = None
    visited: list[int] = Field(default_factory=list)
    round_planned: Instant | None = None
    activated: Instant | None = None
    trigger: str | None = None
    triggers: int = 0
    silent: bool = False
    last: Instant | None = None
    applied: list[str] = Field(default_factory=list)
    holders: list[str] = Field(default_factory=list)
    acks: dict[str, int] = Field(default_factory=dict)
    declined: list[str] = Field(default_factory=list)
    entries: dict[str, Entry] = Field(default_factory=dict)
    messages: dict[str, Message] = Field(default_factory=dict)
    offer: Offer | None = None
    accompanied_by: str | None = None
    contact_made: bool = False
    contact_due: Instant | None = None
    resolve_due: Instant | None = None
    realarm_due: Instant | None = None
    boundary: Instant | None = None
    deferred_until: Instant | None = None
    break_glass: dict[str, Instant] = Field(default_factory=dict)
    opened: list[str] = Field(default_factory=list)
    debrief_open: bool = False
    terminal_shown: bool = False
    generation: int = 0
    next_due: Instant | None = None

    @property
    def owner(self) -> str | None:
        """The first of the holders."""
        return self.holders[0] if self.holders else None

    @property
    def current(self) -> tuple[str, ...]:
        """The ids of the steps of the current stage, while the run is open or held."""
        if self.stage is None or self.status not in ("open", "held"):
            return ()
        return tuple(step.id for step in stages_of(self.protocol)[self.stage])


class Working(RunFields):
    """A run while one step is being computed; never leaves the step."""


class RunState(RunFields):
    """A run between two steps. Frozen; the next state is a new value."""

    model_config = ConfigDict(frozen=True)

    def to_dict(self) -> dict[str, Any]:
        """The whole state as JSON data, snapshot included."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The state that `to_dict` wrote. Error: `DocumentError` when it is no such thing, without what it holds."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            found = problems_of(error, cls, data)
        raise DocumentError(*found)

    def __repr__(self) -> str:
        return f"<RunState {self.run} {self.status} level {self.level}>"


def stages_of(protocol: Protocol) -> list[list[Step]]:
    """The stages of a protocol: adjacent steps of one group start together, any other step stands alone.

    The last one is the terminal step, whatever group it names: nobody is asked beside it.
    """
    stages: list[list[Step]] = []
    for step in protocol.steps:
        if step.group is not None and not step.terminal and stages and stages[-1][0].group == step.group:
            stages[-1].append(step)
        else:
            stages.append([step])
    return stages


def open_run(run: str, protocol: Protocol, facts: RunFacts) -> RunState:
    """A run that waits for its trigger, with copies of everything it will look at."""
    # Frozen documents still hold dicts: an edit in place, after the activation, must not reach a run that is under way.
    return RunState(run=run, protocol=protocol.model_copy(deep=True), facts=facts.model_copy(deep=True))
