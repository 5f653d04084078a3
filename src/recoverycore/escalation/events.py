"""What can happen to a run: the closed list of events, read strictly. What each does is in `acts` and `authority`."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import model_validator

from recoverycore.errors import DocumentError, problem
from recoverycore.escalation.documents import ConsentFact, Team
from recoverycore.escalation.soundness import refuse
from recoverycore.escalation.steps import LevelNumber
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Flag, Id, Instant, Text

__all__ = ["Action", "Event", "SafetyChange", "event_from"]


class SafetyChange(Document):
    """The safety facts that changed; what is absent stays as it was."""

    dv: Flag | None = None
    safe_channels: dict[Id, tuple[Id, ...]] | None = None
    unsafe_channels: dict[Id, tuple[Id, ...]] | None = None
    no_contact: Flag | None = None
    never_contact: tuple[Id, ...] | None = None

    def named(self) -> dict[str, Any]:
        """The facts that are named, by name."""
        return {name: value for name in type(self).model_fields if (value := getattr(self, name)) is not None}


class Action(Document):
    """Something a debrief decided to do: who owes it, a person (`owner`) or a role (`owner_role`), by when."""

    owner: Id | None = None
    owner_role: Id | None = None
    due: Instant

    @model_validator(mode="after")
    def _one_owner(self) -> Self:
        if self.owner is not None and self.owner_role is not None:
            raise refuse("unknown_field", "owner_role")
        if self.owner is None and self.owner_role is None:
            raise refuse("missing_field", "owner")
        return self


class Event(Document):
    """One thing that happened. `type` says what; each type reads the fields that are its own."""

    type: Literal[
        "trigger", "ack", "decline", "un_ack", "hand_over", "hand_over_confirm", "receipt", "tick", "consent_change",
        "roster_change", "contact_made", "accompany_start", "accompany_end", "escalate", "set_level", "break_glass",
        "stand_down", "debrief_done", "close", "note",
    ]  # fmt: skip
    id: Id | None = None
    by: Id | None = None
    kind: Id | None = None
    level: LevelNumber | None = None
    client: Id | None = None
    silent: Flag = False
    auto: Flag = False
    named_human: Flag = False
    to: Id | None = None
    key: Id | None = None
    status: Literal[
        "queued", "leased", "failed_transient", "handed_over", "accepted", "superseded", "expired", "failed_permanent",
        "delivered", "seen", "answered",
    ] | None = None  # fmt: skip
    human: Flag = False
    gen: Count | None = None
    consent: dict[Id, ConsentFact] | None = None
    safety: SafetyChange | None = None
    team: Team | None = None
    outcome: Id | None = None
    basis: Id | None = None
    target: Id | None = None
    reason: Text | None = None
    until: Instant | None = None
    actions: tuple[Action, ...] = ()


_NEEDS = {
    "trigger": ("kind",), "decline": ("by",), "un_ack": ("by",), "hand_over": ("by", "to"), "hand_over_confirm": ("by",),
    "receipt": ("key", "status"), "roster_change": ("team",), "contact_made": ("by",), "accompany_start": ("by",),
    "accompany_end": ("by",), "set_level": ("level",), "break_glass": ("target",),
}  # fmt: skip


def event_from(data: dict[str, Any]) -> Event:
    """The event that `data` describes. Every event but a tick has an id. Errors: `DocumentError`."""
    event = Event.model_validate(data)
    needed = (*_NEEDS.get(event.type, ()), *(() if event.type == "tick" else ("id",)))
    missing = [name for name in needed if getattr(event, name) is None]
    if missing:
        raise DocumentError(*(problem("missing_field", f"/{name}") for name in missing))
    return event
