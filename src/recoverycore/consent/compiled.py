"""Directives as a decision reads them: dates turned into instants, codes by their own names, papers in the order they decide.

Compiling needs the client's zone and the vocabulary and nothing of a request, so one compiled set answers any number of
requests at any instant. Papers that count as if they did not exist are left out here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from recoverycore.consent.documents import Directive, ExpiresAt, ExpiresOn, ExpiresWith, Selector
from recoverycore.consent.matter import Setting
from recoverycore.consent.posets import STAR, Vocabulary
from recoverycore.consent.times import EVER, NEVER, Calendar, Reading
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent.documents import Box, Codes, Expiry
    from recoverycore.consent.posets import Axis

__all__ = ["CompiledConsents", "Paper", "Region", "Withdrawal", "compile_consents", "compile_paper", "region_of"]

_ABSENT = frozenset({"draft", "proposed", "rejected", "entered-in-error"})
_EVERY = frozenset({STAR})
_NOTHING: frozenset[str] = frozenset()
_DISCLOSE = frozenset({"disclose"})

Rank: TypeAlias = tuple[bool, datetime, str]


@frozen
class Region:
    """One box: the codes it holds on each axis, whom it reaches, and the civil dates of data it means."""

    labels: frozenset[str]
    categories: frozenset[str]
    purposes: frozenset[str]
    actions: frozenset[str]
    recipients: tuple[Selector | str, ...]
    first: date | None
    last: date | None
    no_label: bool = False
    """Whether labels are listed and none is: then not even a record without labels is meant."""


@frozen
class Withdrawal:
    """One revocation: when it takes hold, whom it touches (None: everybody), and whether it was written, as far as anybody knows."""

    at: datetime
    recipients: frozenset[str] | None
    written: bool | None


@frozen
class Paper:
    """One directive. `rank` puts the paper signed first before the others; one that nobody dated comes last.

    `document` is what a profile's form check reads.
    """

    id: str
    permits: bool
    status: str
    form: str
    discloser: str | None
    boxes: tuple[Region, ...]
    excepts: tuple[Region, ...]
    starts_early: datetime
    starts_late: datetime
    end: datetime
    end_event: str | None
    suspensions: tuple[tuple[datetime, datetime], ...]
    revocations: tuple[Withdrawal, ...]
    revocable_at: datetime | None
    revocable_event: str | None
    supersedes: frozenset[str]
    rank: Rank
    document: Directive = field(repr=False)

    @property
    def start(self) -> datetime:
        """The first instant at which the paper works: read late for a permit, early for a deny."""
        return self.starts_late if self.permits else self.starts_early


@frozen
class CompiledConsents:
    """Every paper that counts, by rank, and the setting they are read in."""

    papers: tuple[Paper, ...]
    setting: Setting

    @property
    def instants(self) -> frozenset[datetime]:
        """Every instant at which a paper begins, ends, rests, works again or is revoked: between two of them nothing changes by itself."""
        spans = {each for paper in self.papers for each in (paper.starts_early, paper.starts_late, paper.end)}
        rests = {each for paper in self.papers for rest in paper.suspensions for each in rest}
        revoked = {each.at for paper in self.papers for each in paper.revocations}
        return frozenset(spans | rests | revoked) - {EVER, NEVER}


def compile_consents(directives: Iterable[Directive], setting: Setting) -> CompiledConsents:
    """`directives` ready to decide on. Error: ``duplicate_directive``."""
    papers = []
    seen: set[str] = set()
    for index, directive in enumerate(directives):
        if directive.id in seen:
            raise DocumentError(problem("duplicate_directive", f"/directives/{index}/id"))
        seen.add(directive.id)
        if directive.status not in _ABSENT:
            papers.append(compile_paper(directive, setting))
    return CompiledConsents(tuple(sorted(papers, key=lambda paper: paper.rank)), setting)


def compile_paper(directive: Directive, setting: Setting) -> Paper:
    """`directive` as a decision reads it."""
    words, calendar = setting.words, setting.calendar
    permits = directive.permits
    unseen: frozenset[str] = _NOTHING if permits else _EVERY
    boxes = tuple(_region(box, words, unseen, _DISCLOSE if permits else _EVERY) for box in directive.boxes)
    if not boxes and directive.status == "unprocessable":
        boxes = (Region(unseen, unseen, unseen, unseen, tuple(unseen), None, None),)
    kept: Reading = "narrow" if permits else "wide"
    taken: Reading = "wide" if permits else "narrow"
    begun = [each for each in (directive.starts, directive.signed_on) if each is not None]
    expires, revocable = directive.expires, directive.revocable_from
    return Paper(
        id=directive.id,
        permits=permits,
        status=directive.status,
        form=directive.form,
        discloser=directive.discloser,
        boxes=boxes,
        excepts=tuple(_region(box, words, _EVERY, _EVERY) for box in directive.except_),
        starts_early=max((calendar.begins(each, "wide") for each in begun), default=EVER),
        starts_late=max((calendar.begins(each, "narrow") for each in begun), default=EVER),
        end=calendar.ends(expires.value, kept) if isinstance(expires, ExpiresOn | ExpiresAt) else NEVER,
        end_event=expires.value if isinstance(expires, ExpiresWith) else None,
        suspensions=tuple(
            (calendar.begins(each.from_, taken), NEVER if each.to is None else calendar.ends(each.to, taken))
            for each in directive.suspensions
        ),
        revocations=tuple(
            Withdrawal(
                calendar.stops(each.at, permit=permits), None if each.recipients is None else frozenset(each.recipients), each.written
            )
            for each in directive.revocations
        ),
        revocable_at=_revocable_at(revocable, calendar, permits=permits),
        revocable_event=revocable.value if isinstance(revocable, ExpiresWith) else None,
        supersedes=frozenset(directive.supersedes),
        rank=(
            directive.signed_on is None,
            EVER if directive.signed_on is None else calendar.begins(directive.signed_on, kept),
            directive.id,
        ),
        document=directive,
    )


def _revocable_at(revocable: Expiry | None, calendar: Calendar, *, permits: bool) -> datetime | None:
    """From when on a paper may be revoked, where that is a time; None where it is an event, or nothing was said."""
    return calendar.stops(revocable.value, permit=permits) if isinstance(revocable, ExpiresOn | ExpiresAt) else None


def region_of(box: Box, setting: Setting) -> Region:
    """An except-box by itself: an axis that it does not name is every value."""
    return _region(box, setting.words, _EVERY, _EVERY)


def _region(box: Box, words: Vocabulary, unseen: frozenset[str], actions: frozenset[str]) -> Region:
    """`box` with `unseen` on each axis that it does not show, and `actions` where it names none."""

    def codes(axis: Axis, written: Codes | None, absent: frozenset[str]) -> frozenset[str]:
        return absent if written is None else _EVERY if written == STAR else words.read(axis, written)

    shown: Iterable[Selector | str] = unseen if box.recipients is None else _EVERY if box.recipients == STAR else box.recipients
    return Region(
        labels=codes("label", box.labels, unseen),
        categories=codes("category", box.categories, unseen),
        purposes=codes("purpose", box.purposes, unseen),
        actions=codes("action", box.actions, actions),
        recipients=tuple(shown),
        first=box.data_period.start if box.data_period else None,
        last=box.data_period.end if box.data_period else None,
        no_label=box.labels == (),
    )
