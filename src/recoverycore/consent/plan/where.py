"""Where a question looks: some values of some axes, each with everything below it; an axis that is not named is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from recoverycore.consent.posets import STAR, Axis, Vocabulary
from recoverycore.consent.requests import Discloser
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import require_aware
from recoverycore.ground.text import nearest, one_or_more

if TYPE_CHECKING:
    from recoverycore.consent.matter import Setting

__all__ = ["AXES", "Standing", "Where", "where_of"]

Standing: TypeAlias = tuple[str, str | None, str | None]
"""One thing that may be true of a recipient: ``at`` an organisation, ``as`` the holder of a role (there, or None: anywhere), ``by`` a way.

``at`` None is of whom nobody knows where they are; ``as`` None, of whom nobody knows which roles they hold, or where.
"""

AXES = ("label", "category", "purpose", "action", "recipient", "person", "discloser")
"""The axes that a question may name: a recipient by id or by organisation, or a person by id alone."""


@frozen(kw_only=True)
class Where:
    """The values on each axis that is named, by their own names. A recipient is meant by id or by organisation, a person by id alone.

    `exactly` is one recipient by id alone, at one of `places` (None among them: nobody knows where), who holds no other than these `roles`
    and came in one of these `ways` (None among them: through nobody); each of the three as None is any but those in `but`.
    `since` is the first instant that is meant; of the stretches from there on only those count that begin at one of `instants`, if given.
    `releasing` is the one discloser that is meant, where its kind counts too; `source` where the records come from, if that is known.
    """

    words: Vocabulary
    named: Mapping[str, frozenset[str]]
    recipients: frozenset[str]
    disclosers: frozenset[str]
    only_recipients: bool
    only_disclosers: bool
    exactly: str | None = None
    places: frozenset[str | None] | None = frozenset({None})
    roles: frozenset[tuple[str, str | None]] | None = None
    ways: frozenset[str | None] | None = None
    but: frozenset[Standing] = frozenset()
    since: datetime | None
    instants: frozenset[datetime] | None = None
    releasing: Discloser | None
    source: str | None
    zone: str | None

    def codes(self, axis: Axis) -> frozenset[str]:
        """What is named on `axis`."""
        return self.named.get(axis, frozenset())

    def takes(self, axis: Axis, value: str | None) -> bool:
        """Whether `value` is inside, on an axis of codes other than that of labels."""
        if axis not in self.named:
            return True
        return value is not None and self.words.covers(axis, self.named[axis], value)

    def takes_labels(self, labels: Iterable[str]) -> bool:
        """Whether a record of these labels carries one that is meant."""
        return "label" not in self.named or any(self.takes("label", each) for each in labels)

    def takes_recipient(self, name: str, org: str | None) -> bool:
        """Whether somebody of this id and organisation is meant."""
        if self.exactly is not None:
            return name == self.exactly and (("at", org, None) not in self.but if self.places is None else org in self.places)
        if "person" in self.named and name not in self.named["person"]:
            return False
        return not self.only_recipients or name in self.recipients or org in self.recipients

    def takes_role(self, role: str, org: str | None) -> bool:
        """Whether somebody is meant who holds this role there. Where nobody knows where, it may be held at every place."""
        if self.roles is not None:
            return (role, org) in self.roles
        told = [(name, place) for kind, name, place in self.but if kind == "as"]
        return not any(name in (role, None) if org is None else (name, place) in ((role, org), (role, None)) for name, place in told)

    @property
    def takes_unasked(self) -> bool:
        """Whether somebody is meant of whom nobody asked which roles they hold: they may hold every one."""
        return self.roles is None and not any(kind == "as" for kind, _, _ in self.but)

    def takes_way(self, via: str | None) -> bool:
        """Whether somebody is meant who came through that one."""
        return ("by", via, None) not in self.but if self.ways is None else via in self.ways

    def takes_discloser(self, name: str) -> bool:
        """Whether this discloser is meant."""
        if self.releasing is not None and name != self.releasing.id:
            return False
        return not self.only_disclosers or name in self.disclosers


def where_of(
    setting: Setting,
    named: Mapping[str, Any],
    *,
    since: datetime | None = None,
    discloser: Discloser | None = None,
    source: str | None = None,
) -> Where:
    """`named` as a place to look, with what it says by its own names; `since` is the first instant looked at.

    Errors: ``unknown_axis``, ``empty_axis``, ``naive_time``.
    """
    words = setting.words
    found: dict[str, frozenset[str]] = {}
    for axis, written in named.items():
        if axis not in AXES:
            raise DocumentError(problem("unknown_axis", f"/where/{axis}", did_you_mean=nearest(axis, AXES)))
        values = frozenset(one_or_more(written))
        if not values:
            raise DocumentError(problem("empty_axis", f"/where/{axis}"))
        if STAR not in values:
            found[axis] = words.read(axis, values)  # type: ignore[arg-type]  # where no code has another name, as ids have none
    return Where(
        words=words,
        named=found,
        recipients=found.get("recipient", frozenset()),
        disclosers=found.get("discloser", frozenset()),
        only_recipients="recipient" in found,
        only_disclosers="discloser" in found,
        since=None if since is None else require_aware(since),
        releasing=discloser,
        source=source,
        zone=setting.client.zone,
    )
