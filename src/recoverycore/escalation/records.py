"""A run as it is kept: the JSON data of a `RunState`, read strictly and with every problem told by its place.

The fields are those of the values in `state`. What is kept is read for ever, so they are written down here once more: a run
changes inside without changing in a store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime  # noqa: TC003 - pydantic reads it
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Self

from attrs import fields, frozen
from pydantic import BaseModel, Field, ValidationError

from recoverycore.errors import DocumentError
from recoverycore.escalation.documents import Protocol, RunFacts
from recoverycore.escalation.state import Entry, Message, Offer, RunState, Status
from recoverycore.escalation.steps import ContentClass
from recoverycore.ground.fields import Instant
from recoverycore.ground.problems import problems_of

__all__ = ["EntryRecord", "MessageRecord", "OfferRecord", "RunRecord", "fields_read", "snapshot_written", "written"]


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


def written(state: RunState, before: tuple[RunState, dict[str, Any]] | None = None) -> dict[str, Any]:
    """What a run has come to, as JSON data: all that `fields_read` reads but `snapshot_written`. Nobody changes it: lists are shared.

    `before` is a state and what it was written as: what the two have in common is not written again.
    """
    was, data = before or (None, {"entries": {}, "messages": {}})
    return {
        **_plain(state, _OWN, was, data),
        "break_glass": {name: _text(each) for name, each in state.break_glass.items()},
        "entries": _plain_each(state.entries, _ENTRY, was.entries if was else {}, data["entries"]),
        "messages": _plain_each(state.messages, _MESSAGE, was.messages if was else {}, data["messages"]),
        "offer": state.offer and _plain(state.offer, _OFFER),
    }


def snapshot_written(state: RunState) -> dict[str, Any]:
    """What a run looks at, as JSON data. It stays the same for most of a run, and is shared: nobody changes it."""
    return {"protocol": state.protocol.written, "facts": state.facts.written}


@frozen
class _Form:
    """The fields of a value in order, how they are got, and which of them are instants."""

    names: tuple[str, ...]
    values: Callable[[Any], tuple[Any, ...]]
    instants: tuple[str, ...]

    @classmethod
    def of(cls, value: type[Any], without: frozenset[str] = frozenset()) -> Self:
        found = [each for each in fields(value) if each.name not in without]
        names = tuple(each.name for each in found)
        return cls(names, attrgetter(*names), tuple(each.name for each in found if "datetime" in str(each.type)))


def _plain(value: Any, form: _Form, was: Any = None, data: Mapping[str, Any] = MappingProxyType({})) -> dict[str, Any]:
    """The fields of `value` as JSON data; `data` is what `was` was written as."""
    found = dict(zip(form.names, form.values(value), strict=True))
    for name in form.instants:
        if found[name] is not None:
            found[name] = data[name] if getattr(was, name, None) is found[name] else _text(found[name])
    return found


def _plain_each(values: Mapping[str, Any], form: _Form, was: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """`_plain` of each of `values`, which nobody changes in place: one that is the very same was written before."""
    return {name: data[name] if was.get(name) is each else _plain(each, form) for name, each in values.items()}


def _text(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


_ENTRY, _MESSAGE, _OFFER = (_Form.of(value) for value in (Entry, Message, Offer))
_OWN = _Form.of(RunState, frozenset({"protocol", "facts", "entries", "messages", "offer", "break_glass"}))
