"""A run as it is kept: the JSON data of a `RunState`, read strictly and with every problem told by its place.

The fields are those of the values in `state`. What is kept is read for ever, so they are written down here once more: a run
changes inside without changing in a store.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from attrs import fields
from pydantic import BaseModel, Field, ValidationError

from recoverycore.errors import DocumentError
from recoverycore.escalation.documents import Protocol, RunFacts
from recoverycore.escalation.state import Entry, Message, Offer, RunState, Status
from recoverycore.escalation.steps import ContentClass
from recoverycore.ground.fields import Instant
from recoverycore.ground.problems import problems_of

__all__ = ["EntryRecord", "MessageRecord", "OfferRecord", "RunRecord", "fields_read", "written"]


_ENTRY, _MESSAGE, _OFFER = (tuple(each.name for each in fields(value)) for value in (Entry, Message, Offer))
_PARTS = {"protocol", "facts", "entries", "messages", "offer"}
_OWN = tuple(each.name for each in fields(RunState) if each.name not in _PARTS)


class MessageRecord(BaseModel):
    """A `Message` as it is kept."""

    target: str
    step: str
    round: int
    channel: str
    attempt: int
    kind: str
    content_class: ContentClass
    status: str = "queued"
    number: int = 0


class EntryRecord(BaseModel):
    """An `Entry` as it is kept."""

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


class OfferRecord(BaseModel):
    """An `Offer` as it is kept."""

    by: str
    to: str


class RunRecord(BaseModel):
    """A `RunState` as it is kept."""

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
    entries: dict[str, EntryRecord] = Field(default_factory=dict)
    messages: dict[str, MessageRecord] = Field(default_factory=dict)
    offer: OfferRecord | None = None
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
    raised_to_emergency: bool = False
    generation: int = 0
    next_due: Instant | None = None


def fields_read(data: dict[str, Any]) -> dict[str, Any]:
    """The fields of the `RunState` that `data` describes. Error: `DocumentError`, without what it holds."""
    try:
        record = RunRecord.model_validate(data)
    except ValidationError as error:
        found = problems_of(error, RunRecord, data)
    else:
        return {
            **dict(record),
            "entries": {name: Entry(**dict(each)) for name, each in record.entries.items()},
            "messages": {key: Message(**dict(each)) for key, each in sorted(record.messages.items(), key=lambda pair: pair[1].number)},
            "offer": record.offer and Offer(**dict(record.offer)),
        }
    raise DocumentError(*found)


def written(state: RunState) -> dict[str, Any]:
    """The JSON data that `fields_read` reads. Protocol and facts stay the same for most of a run, and their part is shared."""
    return {
        **_plain(state, _OWN),
        "protocol": state.protocol.written,
        "facts": state.facts.written,
        "entries": {name: _plain(each, _ENTRY) for name, each in state.entries.items()},
        "messages": {key: _plain(each, _MESSAGE) for key, each in state.messages.items()},
        "offer": state.offer and _plain(state.offer, _OFFER),
    }


def _plain(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields called `names` of `value` as JSON data."""
    return {name: _text(each) if isinstance(each := getattr(value, name), datetime) else _copy(each) for name in names}


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _text(each) if isinstance(each, datetime) else each for key, each in value.items()}
    return list(value) if isinstance(value, list) else value
