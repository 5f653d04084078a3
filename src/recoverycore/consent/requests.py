"""What is asked, and about whom: the request, its records, its recipient and its discloser, and the client.

What is absent is not known, unless its field says otherwise: it never lets a permit through and never lifts a deny.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from recoverycore.consent.documents import DayOrInstant, refuse
from recoverycore.consent.facts import Known, points
from recoverycore.consent.posets import STAR
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Zone

__all__ = ["ClientFacts", "Discloser", "Recipient", "Record", "Request", "RoleHeld"]


class RoleHeld(Document):
    """A membership: the role, where it is held, and until when. A date-only `until` includes that whole local day."""

    role: Id
    org: Id | None = None
    until: DayOrInstant | None = None


class Recipient(Document):
    """Who would receive: one person or organisation, and what is known about them.

    `via` left out means none. `org` left out means none, too, except for a person or a role named at one place: there it means that
    nobody asked where. `roles` left out means that nobody asked which roles are held; an empty list, none.
    """

    id: Id
    kind: Id | None = None
    org: Id | None = None
    treating_relationship: Known = None
    via: Id | None = None
    roles: tuple[RoleHeld, ...] | None = None
    relationship: Id | None = None
    admin_control_of: tuple[Id, ...] = ()


class Discloser(Document):
    """Who holds the records and would release them.

    `org` and `treating_relationship` matter where a copy is passed on: its holder was a recipient before.
    """

    id: Id
    kind: Id | None = None
    covered_entity: Known = None
    org: Id | None = None
    treating_relationship: Known = None


class Record(Document):
    """The smallest thing decided on, described by codes only: nothing of what it says is here.

    A record without labels has those of its source. `date` is the civil date on which the data came to be.
    """

    id: Id
    labels: tuple[Id, ...] = ()
    category: Id | None = None
    source: Id | None = None
    date: Day | None = None
    separated: Known = None
    originator: Id | None = None
    deidentified: Known = None
    class_: Id | None = Field(default=None, alias="class")
    code: Id | None = None

    @field_validator("labels")
    @classmethod
    def _single_labels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return points(value)

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
        return points(value)

    @field_validator("action")
    @classmethod
    def _single_action(cls, value: str) -> str:
        if value == STAR:
            raise refuse("star_is_no_value")
        return value

    @field_validator("records")
    @classmethod
    def _distinct(cls, value: tuple[Record, ...]) -> tuple[Record, ...]:
        ids = [record.id for record in value] if len(value) > 1 else []
        if len(set(ids)) < len(ids):
            raise refuse("duplicate_id", next(index for index, each in enumerate(ids) if each in ids[:index]), "id")
        return value


class ClientFacts(Document):
    """What a decision needs to know about the client. `zone` is where their days begin and end."""

    age: Annotated[Count, Field(ge=0)] | None = None
    minor: Flag = False
    capacity: Flag = True
    adjudicated: Known = None
    deceased: Flag = False
    zone: Zone | None = None
