"""What is asked, about whom, and what the host knows: the request, its records and recipient, the client and the facts.

A fact that is absent is not known, unless its field says otherwise: it never lets a permit through and never lifts a deny.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, field_validator

from recoverycore.consent.documents import DayOrInstant, day_or_instant, refuse
from recoverycore.consent.posets import STAR
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Zone

__all__ = ["ClientFacts", "Discloser", "EventState", "Facts", "Recipient", "Record", "Request", "RoleHeld"]


def _event_kind(value: Any) -> str:
    if value is None or value == "unknown":
        return str(value).lower()
    return day_or_instant(value)


EventState: TypeAlias = Annotated[
    Annotated[Day, Tag("day")]
    | Annotated[Instant, Tag("instant")]
    | Annotated[Literal["unknown"], Tag("unknown")]
    | Annotated[None, Tag("none")],
    Discriminator(_event_kind),
]
"""When an event happened; None if it has not, ``unknown`` if nobody can say."""


def _points(codes: tuple[str, ...]) -> tuple[str, ...]:
    """`codes` as they are: a request, a record or a fact names single values."""
    for index, code in enumerate(codes):
        if code == STAR:
            raise refuse("star_is_no_value", index)
    return codes


class RoleHeld(Document):
    """A membership: the role, where it is held, and until when. A date-only `until` includes that whole local day."""

    role: Id
    org: Id | None = None
    until: DayOrInstant | None = None


class Recipient(Document):
    """Who would receive: one person or organisation, and what is known about them.

    `org` and `via` left out mean none. `roles` left out means that nobody asked which roles are held; an empty list, none.
    """

    id: Id
    kind: Id | None = None
    org: Id | None = None
    treating_relationship: Flag | None = None
    via: Id | None = None
    roles: tuple[RoleHeld, ...] | None = None
    relationship: Id | None = None
    admin_control_of: tuple[Id, ...] = ()


class Discloser(Document):
    """Who holds the records and would release them."""

    id: Id
    kind: Id | None = None
    covered_entity: Flag | None = None


class Record(Document):
    """The smallest thing decided on, described by codes only: nothing of what it says is here.

    A record without labels has those of its source. `date` is the civil date on which the data came to be.
    """

    id: Id
    labels: tuple[Id, ...] = ()
    category: Id | None = None
    source: Id | None = None
    date: Day | None = None
    separated: Flag | None = None
    originator: Id | None = None
    deidentified: Flag | None = None
    class_: Id | None = Field(default=None, alias="class")
    code: Id | None = None

    @field_validator("labels")
    @classmethod
    def _single_labels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _points(value)

    @field_validator("category")
    @classmethod
    def _single_category(cls, value: str | None) -> str | None:
        if value == STAR:
            raise refuse("star_is_no_value")
        return value


class Request(Document):
    """May this recipient have these records, for these purposes, at this instant?

    No purpose is a deny and no error. A purpose that is only claimed gives nothing by itself. Without a `discloser` nobody
    knows who would release: only a permit from every discloser reaches the request.
    """

    schema_name: ClassVar[str] = "recoverycore/consent-request"

    discloser: Discloser | None = None
    recipient: Recipient
    purposes: tuple[Id, ...] = ()
    action: Id = "disclose"
    at: Instant
    records: tuple[Record, ...] = ()

    @field_validator("purposes")
    @classmethod
    def _single_purposes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _points(value)

    @field_validator("action")
    @classmethod
    def _single_action(cls, value: str) -> str:
        if value == STAR:
            raise refuse("star_is_no_value")
        return value

    @field_validator("records")
    @classmethod
    def _distinct(cls, value: tuple[Record, ...]) -> tuple[Record, ...]:
        ids = [record.id for record in value]
        for index, each in enumerate(ids):
            if each in ids[:index]:
                raise refuse("duplicate_id", index, "id")
        return value


class ClientFacts(Document):
    """What a decision needs to know about the client. `zone` is where their days begin and end."""

    age: Annotated[Count, Field(ge=0)] | None = None
    minor: Flag = False
    capacity: Flag = True
    adjudicated: Flag | None = None
    deceased: Flag = False
    zone: Zone | None = None


class Facts(Document):
    """What the host asserts beside the request; what it leaves out is not known.

    `events` says when the events that end directives happened. `sources` gives the labels of whatever a source made.
    `open_run_level` is the level of the client's open escalation run, 0 where it is known that there is none.
    `acted_in_reliance` lists, by directive, the records on which somebody acted before the directive was revoked.
    """

    schema_name: ClassVar[str] = "recoverycore/consent-facts"

    events: dict[Id, EventState] = Field(default_factory=dict)
    sources: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    open_run_level: Annotated[Count, Field(ge=0, le=4)] | None = None
    acted_in_reliance: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    groups: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)

    @field_validator("sources")
    @classmethod
    def _single_labels(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for labels in value.values():
            _points(labels)
        return value
