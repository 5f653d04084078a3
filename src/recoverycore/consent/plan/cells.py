"""A cell: one point on every axis that a decision looks at, and lists of values that make many."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from attrs import field, frozen
from pydantic import Field

from recoverycore.consent.requests import Discloser, Recipient, Record, Request
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Day, Id, Instant
from recoverycore.ground.instants import utc_text

__all__ = ["NAMELESS", "Cell", "ListedVocabulary"]

NAMELESS = "(a record)"
"""What the record of a cell is called, so that no fact tells anything of it by its name."""


@frozen(kw_only=True)
class Cell:
    """One record with exactly these labels, asked for by one recipient for one purpose at one instant.

    `class_` and `code` are what trees ask about a record beside its category; None: nobody knows.
    A value in brackets, such as ``(any other purpose)``, is one that no directive names: it stands for all of those.
    `ever`: nothing that anybody says begins or ends before `at`, which stands for every instant until then. `times` are the stretches in
    which the answer is the same, where somebody looked: each from an instant (None: ever) to an instant (None: for good). `unasked` is
    what nobody asked of the recipient, where the answer hangs on just that: ``org``, ``roles`` or, where a role is ``held``.
    """

    discloser: Discloser
    recipient: Recipient
    purpose: str
    action: str
    labels: tuple[str, ...]
    category: str | None
    at: datetime
    data_date: date | None = None
    source: str | None = field(default=None, repr=False)
    class_: str | None = None
    code: str | None = None
    ever: bool = field(default=False, eq=False)
    times: tuple[tuple[datetime | None, datetime | None], ...] = field(default=(), eq=False)
    unasked: tuple[str, ...] = field(default=(), eq=False)

    def record(self) -> Record:
        """The one record of the cell."""
        return Record(
            id=NAMELESS,
            labels=self.labels,
            category=self.category,
            date=self.data_date,
            source=self.source,
            class_=self.class_,
            code=self.code,
        )

    def request(self) -> Request:
        """The cell as a request, ready to be decided."""
        return Request(
            discloser=self.discloser,
            recipient=self.recipient,
            purposes=(self.purpose,),
            action=self.action,
            at=self.at,
            records=(self.record(),),
        )

    def to_data(self) -> dict[str, Any]:
        """The cell as plain data: ids and codes. What nobody knows is left out; that none are held is an empty list of roles."""
        found: dict[str, Any] = {
            "discloser": self.discloser.id,
            "recipient": self.recipient.id,
            "purpose": self.purpose,
            "action": self.action,
            "labels": list(self.labels),
            "category": self.category,
            "at": utc_text(self.at),
        }
        day = None if self.data_date is None else self.data_date.isoformat()
        more = {"discloser_kind": self.discloser.kind, **_standing(self.recipient)}
        more |= {"data_date": day, "class": self.class_, "code": self.code}
        if self.times:
            more["times"] = [{"from": _utc(since), "until": _utc(until)} for since, until in self.times]
        if self.unasked:
            more["unasked"] = list(self.unasked)
        return found | {name: value for name, value in more.items() if value is not None} | ({"ever": True} if self.ever else {})


def _standing(who: Recipient) -> dict[str, Any]:
    """What is known of a recipient beside the id; None where it is not."""
    held = None if who.roles is None else [{name: said for name, said in each.to_data().items() if said is not None} for each in who.roles]
    return {
        "org": who.org,
        "kind": who.kind,
        "roles": held,
        "treating_relationship": who.treating_relationship if isinstance(who.treating_relationship, bool) else None,
        "via": who.via,
        "relationship": who.relationship,
        "admin_control_of": list(who.admin_control_of) or None,
    }


def _utc(at: datetime | None) -> str | None:
    return None if at is None else utc_text(at)


class ListedVocabulary(Document):
    """Values to ask about and no others: every label set with every category, purpose, recipient, action, instant and date.

    `data_dates` left out: records without a date. `source` is where the records come from, so that they carry what that brings along.
    """

    discloser: Discloser
    recipients: tuple[Recipient, ...]
    label_sets: tuple[tuple[Id, ...], ...]
    categories: tuple[Id, ...]
    purposes: tuple[Id, ...]
    instants: tuple[Instant, ...]
    actions: tuple[Id, ...] = ("disclose",)
    data_dates: tuple[Day | None, ...] = Field(default=(None,), min_length=1)
    source: Id | None = None
