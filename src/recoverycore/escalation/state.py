"""A run as a value: what the next step needs to know, and nothing that it could look up elsewhere.

Protocol, pinned plan, directory and client facts are a snapshot of the activation; team, consent and safety facts are live
and change by events only. How a run is written and read again is in `records`.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any, Literal, Self

from attrs import define, field, frozen

from recoverycore.escalation.documents import Protocol, RunFacts
from recoverycore.escalation.steps import ContentClass

__all__ = ["Entry", "Message", "Offer", "RunFields", "RunState", "Status", "Working", "open_run"]

Status = Literal["new", "open", "held", "exhausted", "stood_down", "closed"]


@frozen
class Message:
    """One message that was asked for, and the highest receipt seen for it. `number` counts the messages of the run from 1.

    Which message is a person's latest depends on the order, and what keeps a run need not keep the order of its keys.
    """

    target: str
    step: str
    round: int
    channel: str
    attempt: int
    kind: str
    content_class: ContentClass
    status: str = "queued"
    number: int = 0

    def with_status(self, status: str) -> Message:
        """The same message with another status."""
        return Message(self.target, self.step, self.round, self.channel, self.attempt, self.kind, self.content_class, status, self.number)


@define
class Entry:
    """One step as it was last entered: who was sent to, who fell out since, and its clock.

    The machine changes copies (`Draft.entry`); the entries of a `RunState` stay as they are.
    """

    round: int
    stage: int
    entered: datetime
    deadline: datetime | None = None
    present: bool = True
    covered: bool = False
    recipients: dict[str, str | None] = field(factory=dict)
    barriers: dict[str, str] = field(factory=dict)
    unreachable: list[str] = field(factory=list)
    excluded: list[str] = field(factory=list)
    off_duty: list[str] = field(factory=list)
    repeats: int = 0

    def copy(self) -> Entry:
        """An entry as this one that shares nothing with it."""
        return Entry(
            self.round, self.stage, self.entered, self.deadline, self.present, self.covered, dict(self.recipients), dict(self.barriers),
            list(self.unreachable), list(self.excluded), list(self.off_duty), self.repeats,
        )  # fmt: skip


@frozen
class Offer:
    """The one hand-over that is open."""

    by: str
    to: str


@define
class RunFields:
    """The fields of a run."""

    run: str
    protocol: Protocol
    facts: RunFacts
    status: Status = "new"
    level: int = 0
    round: int = 1
    climb: int = 1
    stage: int | None = None
    visited: list[int] = field(factory=list)
    round_planned: datetime | None = None
    activated: datetime | None = None
    trigger: str | None = None
    triggers: int = 0
    silent: bool = False
    last: datetime | None = None
    applied: list[str] = field(factory=list)
    holders: list[str] = field(factory=list)
    acks: dict[str, int] = field(factory=dict)
    declined: list[str] = field(factory=list)
    entries: dict[str, Entry] = field(factory=dict)
    messages: dict[str, Message] = field(factory=dict)
    offer: Offer | None = None
    accompanied_by: str | None = None
    contact_made: bool = False
    contact_due: datetime | None = None
    resolve_due: datetime | None = None
    realarm_due: datetime | None = None
    boundary: datetime | None = None
    deferred_until: datetime | None = None
    break_glass: dict[str, datetime] = field(factory=dict)
    opened: list[str] = field(factory=list)
    debrief_open: bool = False
    terminal_shown: bool = False
    raised_to_emergency: bool = False
    generation: int = 0
    next_due: datetime | None = None

    @property
    def owner(self) -> str | None:
        """The first of the holders."""
        return self.holders[0] if self.holders else None

    @property
    def current(self) -> tuple[str, ...]:
        """The ids of the steps of the current stage, while the run is open or held."""
        if self.stage is None or self.status not in ("open", "held"):
            return ()
        return self.protocol.stage_ids[self.stage]


@define
class Working(RunFields):
    """A run while one step is being computed; never leaves the step."""

    @classmethod
    def of(cls, state: RunState) -> Self:
        """A copy that may be changed. Entries are those of `state` until `Draft.entry` copies one; what else is shared is frozen.

        Field by field: it is done at each step, and costs half of what looking the fields up by name would.
        """
        return cls(
            state.run, state.protocol, state.facts, state.status, state.level, state.round, state.climb, state.stage,
            state.visited.copy(), state.round_planned, state.activated, state.trigger, state.triggers, state.silent, state.last,
            state.applied.copy(), state.holders.copy(), state.acks.copy(), state.declined.copy(), state.entries.copy(),
            state.messages.copy(), state.offer, state.accompanied_by, state.contact_made, state.contact_due, state.resolve_due,
            state.realarm_due, state.boundary, state.deferred_until, state.break_glass.copy(), state.opened.copy(), state.debrief_open,
            state.terminal_shown, state.raised_to_emergency, state.generation, state.next_due,
        )  # fmt: skip


@frozen(repr=False)
class RunState(RunFields):
    """A run between two steps. Frozen; the next state is a new value."""

    @staticmethod
    def of(run: Working) -> RunState:
        """What a step came to: `run` itself, which nobody can change from here on."""
        run.__class__ = RunState  # type: ignore[assignment]  # the same slots; in most steps nothing costs as much as copying them would
        return run  # type: ignore[return-value]  # as above

    def to_dict(self) -> dict[str, Any]:
        """The whole state as JSON data, snapshot included."""
        from recoverycore.escalation.records import snapshot_written, written

        return deepcopy({**written(self), **snapshot_written(self)})  # what a caller is given is theirs

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The state that `to_dict` wrote. Error: `DocumentError` when it is no such thing, without what it holds."""
        from recoverycore.escalation.records import fields_read

        return cls(**fields_read(data))

    def __repr__(self) -> str:
        return f"<RunState {self.run} {self.status} level {self.level}>"


def open_run(run: str, protocol: Protocol, facts: RunFacts) -> RunState:
    """A run that waits for its trigger, with copies of everything it will look at."""
    return RunState(run, protocol.snapshot, facts.snapshot)
