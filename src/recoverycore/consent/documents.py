"""Directives: the papers by which a client, or someone who may sign for them, permits or denies.

What is absent in a directive is not shown by the paper: on such an axis a permit covers nothing and a deny everything.
A record that carries no label has none that a paper could fail to show; labels that are listed and are none, ``[]``, mean no record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.consent.times import Calendar, Moment
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Day, Flag, Id, Instant

__all__ = [
    "Box",
    "Codes",
    "DayOrInstant",
    "Directive",
    "ExceptBox",
    "Expiry",
    "NoEnd",
    "Period",
    "Revocation",
    "Selector",
    "SignedPaper",
    "Suspension",
]


def day_or_instant(value: Any) -> str:
    """Which of the two `value` is written as: an instant has a time of day."""
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value):
        return "instant"
    return "day"


DayOrInstant: TypeAlias = Annotated[Annotated[Day, Tag("day")] | Annotated[Instant, Tag("instant")], Discriminator(day_or_instant)]
"""A civil date, read as local days of the client, or an instant with its offset."""
Star: TypeAlias = Annotated[Literal["*"], Tag("star")]


def star_or_listed(value: Any) -> str:
    """Whether `value` is the one word for everything, or says what it means."""
    return "star" if isinstance(value, str) else "listed"


Codes: TypeAlias = Annotated[Star | Annotated[tuple[Id, ...], Tag("listed")], Discriminator(star_or_listed)]
"""Codes of one axis, each with everything below it; ``*`` is every value, also those nobody listed."""


def refuse(name: str, *at: str | int) -> PydanticCustomError:
    """The problem called `name` at a place inside the document."""
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})


def ends_before(start: Moment, end: Moment) -> bool:
    """Whether `end` lies before `start` in every zone there is."""
    if isinstance(start, datetime) is isinstance(end, datetime):
        return end < start
    somewhere = Calendar()
    return somewhere.ends(end, "wide") <= somewhere.begins(start, "wide")


_SELECTING = ("org", "person", "role", "class_", "designation", "via")
_SELECTORS = {("org",), ("person",), ("org", "person"), ("role",), ("org", "role"), ("class_",), ("designation", "via")}


class Selector(Document):
    """Whom a box reaches: an organisation and whoever works there, one person, a role held, a class, or a treating participant.

    `org` beside `person` or `role` narrows it to that person there, or to a role held there. What a class is, a profile
    says. A designation reaches whoever treats the client and came through the intermediary `via`.
    """

    org: Id | None = None
    person: Id | None = None
    role: Id | None = None
    class_: Id | None = Field(default=None, alias="class")
    designation: Literal["treating"] | None = None
    via: Id | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if tuple([name for name in _SELECTING if getattr(self, name) is not None]) not in _SELECTORS:
            raise refuse("one_selector_kind")
        return self


AnySelector: TypeAlias = Annotated[Star | Annotated[Selector, Tag("listed")], Discriminator(star_or_listed)]
Recipients: TypeAlias = Annotated[Star | Annotated[tuple[AnySelector, ...], Tag("listed")], Discriminator(star_or_listed)]


class Period(Document):
    """Civil dates, both ends included; an end that is left out is open."""

    start: Day | None = None
    end: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.end < self.start:
            raise refuse("consent_ends_before_start", "end")
        return self


class Box(Document):
    """One product of axes: it covers only what it covers on every one of them. Several boxes are a union, never a mixture.

    `data_period` is compared with the date of a record; without it records of any date are meant. Without `actions` a permit
    means ``disclose`` and a deny every action.
    """

    labels: Codes | None = None
    categories: Codes | None = None
    purposes: Codes | None = None
    recipients: Recipients | None = None
    actions: Codes | None = None
    data_period: Period | None = None


class ExceptBox(Box):
    """A box taken away from its own directive only; an axis it does not name is every value."""


class ExpiresOn(Document):
    """The last local day on which a directive works, that whole day included."""

    kind: Literal["date"]
    value: Day


class ExpiresAt(Document):
    """The instant at which a directive no longer works."""

    kind: Literal["instant"]
    value: Instant


class ExpiresWith(Document):
    """The event that ends a directive; whether it has happened is a fact of the request."""

    kind: Literal["event"]
    value: Id


class NoEnd(Document):
    """No end was written."""

    kind: Literal["none"] = "none"
    value: None = None


Expiry: TypeAlias = Annotated[ExpiresOn | ExpiresAt | ExpiresWith | NoEnd, Field(discriminator="kind")]


class Suspension(Document):
    """A time in which a directive is as if revoked; without `to` it lasts until further notice."""

    from_: DayOrInstant = Field(alias="from")
    to: DayOrInstant | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to is not None and ends_before(self.from_, self.to):
            raise refuse("consent_ends_before_start", "to")
        return self


class Revocation(Document):
    """A withdrawal, for everybody or for the `recipients` listed by their id or their organisation's."""

    at: DayOrInstant
    written: Flag | None = None
    recipients: Annotated[tuple[Id, ...], Field(min_length=1)] | None = None


class SignedPaper(Document):
    """What every paper shows beside what it says: whose it is, how it was signed, when it works, and what became of it.

    `form` is what the paper is. One that could not be read (``unprocessable``) restrains when it denies and is none when it
    permits. `expires` of kind ``none`` means that no end was written.
    """

    id: Id
    form: Id = "specific"
    status: Literal["draft", "proposed", "rejected", "entered-in-error", "inactive", "active", "unprocessable"] = "active"
    discloser: Id | None = None
    signed_by: tuple[Id, ...] = ()
    signed_on: DayOrInstant | None = None
    written: Flag | None = None
    signature_kind: Id | None = None
    missing_elements: tuple[Id, ...] = ()
    conditioned_on_service: Flag = False
    abuser_signed: Flag = False
    starts: DayOrInstant | None = None
    expires: Expiry = NoEnd()
    revocable_from: Expiry | None = None
    suspensions: tuple[Suspension, ...] = ()
    revocations: tuple[Revocation, ...] = ()
    supersedes: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.starts is not None and isinstance(self.expires, ExpiresOn | ExpiresAt) and ends_before(self.starts, self.expires.value):
            raise refuse("consent_ends_before_start", "expires", "value")
        return self


class Directive(SignedPaper):
    """A paper that permits or denies. Small ones need an id, a polarity, a discloser and a box.

    `boxes` are what it says, `except_` what is taken away from that. A paper whose polarity nobody knows counts as a deny. A permit
    without a `discloser` releases from nobody; ``*`` stands for every one.
    """

    schema_name: ClassVar[str] = "recoverycore/directive"

    polarity: Id | None = None
    boxes: tuple[Box, ...] = ()
    except_: tuple[ExceptBox, ...] = Field(default=(), alias="except")

    @property
    def permits(self) -> bool:
        """Whether the paper gives anything; else it restrains."""
        return self.polarity == "permit"
