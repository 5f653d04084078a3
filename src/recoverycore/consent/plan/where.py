"""Where a question looks: some values of some axes, each with everything below it; an axis that is not named is free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent.posets import STAR, Axis, Vocabulary
from recoverycore.consent.requests import Discloser
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import require_aware
from recoverycore.ground.text import nearest

if TYPE_CHECKING:
    from recoverycore.consent.matter import Setting

__all__ = ["AXES", "Where", "where_of"]

AXES = ("label", "category", "purpose", "action", "recipient", "discloser")
"""The axes that a question may name."""


@frozen(kw_only=True)
class Where:
    """The values on each axis that is named, by their own names. A recipient is meant by id or by organisation.

    `exactly` is one recipient by id alone, at one of `places` (None: nobody knows where).
    `releasing` is the one discloser that is meant, where its kind counts too; `source` where the records come from, if that is known.
    """

    words: Vocabulary
    named: Mapping[str, frozenset[str]]
    recipients: frozenset[str]
    disclosers: frozenset[str]
    only_recipients: bool
    only_disclosers: bool
    exactly: str | None = None
    places: frozenset[str | None] = frozenset({None})
    since: datetime | None
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
            return name == self.exactly and org in self.places
        return not self.only_recipients or name in self.recipients or org in self.recipients

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
        values = frozenset((written,) if isinstance(written, str) else written)
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
