"""Directives as a decision reads them: dates turned into instants, codes by their own names, papers in the order they decide.

Compiling needs the client's zone and the vocabulary and nothing of a request, so one compiled set answers any number of
requests at any instant. Papers that count as if they did not exist are left out here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, field, frozen

from recoverycore.consent.branches import Branch
from recoverycore.consent.documents import ExceptBox, Selector
from recoverycore.consent.matter import Setting
from recoverycore.consent.posets import STAR, Vocabulary
from recoverycore.consent.times import EVER, NEVER, Reading
from recoverycore.consent.trees import AnyDirective, TreeDirective
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent.documents import Box, Codes, Expiry
    from recoverycore.consent.matter import Matter
    from recoverycore.consent.posets import Axis
    from recoverycore.consent.times import Moment
    from recoverycore.consent.trees import Node

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
    document: AnyDirective = field(repr=False)
    branch: Branch | None = field(default=None, repr=False)
    """The root of what a tree says; a paper without one says what stands in its boxes."""
    other: Paper | None = field(default=None, repr=False)
    """The same tree where its exceptions give it the other polarity."""

    said: Branch | None = field(default=None, repr=False)
    """What a tree says of the matter that it is faced with, if anything."""

    @property
    def faces(self) -> tuple[Paper, ...]:
        """The paper with each polarity that it may have."""
        return (self,) if self.other is None else (self, self.other)

    def facing(self, matter: Matter) -> Paper:
        """The paper with the polarity that it has for `matter`. A tree that says nothing of it has that of its root."""
        if self.branch is None or self.other is None:
            return self
        said = self.branch.says(matter)
        return evolve(self if said is None or said.permits is self.permits else self.other, said=said)

    @property
    def start(self) -> datetime:
        """The first instant at which the paper works: read late for a permit, early for a deny."""
        return self.starts_late if self.permits else self.starts_early


@frozen
class CompiledConsents:
    """Every paper that counts, by rank, and the setting they are read in."""

    papers: tuple[Paper, ...]
    setting: Setting
    superseding: bool = field(init=False)
    """Whether any paper supersedes another."""
    trees: bool = field(init=False)
    """Whether any paper is a tree."""

    @superseding.default
    def _superseding(self) -> bool:
        return any(each.supersedes for each in self.papers)

    @trees.default
    def _trees(self) -> bool:
        return any(each.branch is not None for each in self.papers)

    def facing(self, matter: Matter) -> tuple[Paper, ...]:
        """Every paper as it is for `matter`, by rank: the polarity of a tree depends on what is asked."""
        if not self.trees:
            return self.papers
        return tuple(sorted((each.facing(matter) for each in self.papers), key=lambda paper: paper.rank))

    @property
    def instants(self) -> frozenset[datetime]:
        """Every instant at which a paper begins, ends, rests, works again or is revoked: between two of them nothing changes by itself."""
        papers = [face for paper in self.papers for face in paper.faces]
        spans = {each for paper in papers for each in (paper.starts_early, paper.starts_late, paper.end)}
        rests = {each for paper in papers for rest in paper.suspensions for each in rest}
        revoked = {each.at for paper in papers for each in paper.revocations}
        held = {each for paper in self.papers if paper.branch for each in paper.branch.instants}
        return frozenset(spans | rests | revoked | held) - {EVER, NEVER}


def compile_consents(directives: Iterable[AnyDirective], setting: Setting) -> CompiledConsents:
    """`directives` ready to decide on. Error: ``duplicate_directive``."""
    papers = []
    seen: set[str] = set()
    for index, directive in enumerate(directives):
        if directive.id in seen:
            raise DocumentError(problem("duplicate_directive", f"/directives/{index}/id"))
        seen.add(directive.id)
        if directive.status not in _ABSENT:
            papers.append(compile_paper(directive, setting))
    papers.sort(key=lambda paper: paper.rank)
    return CompiledConsents(tuple(papers), setting)


def compile_paper(directive: AnyDirective, setting: Setting) -> Paper:
    """`directive` as a decision reads it."""
    if isinstance(directive, TreeDirective):
        return _compile_tree(directive, setting)
    words = setting.words
    permits = directive.permits
    unseen: frozenset[str] = _NOTHING if permits else _EVERY
    boxes = tuple(_region(box, words, unseen, _DISCLOSE if permits else _EVERY) for box in directive.boxes)
    if not boxes and directive.status == "unprocessable":
        boxes = (Region(unseen, unseen, unseen, unseen, tuple(unseen), None, None),)
    excepts = tuple([_region(box, words, _EVERY, _EVERY) for box in directive.except_])
    return _shown(directive, setting, permits=permits, boxes=boxes, excepts=excepts)


def _compile_tree(directive: TreeDirective, setting: Setting) -> Paper:
    """A tree as the paper that its root makes it, and beside it as the other one, which its exceptions make it.

    As FHIR writes it a document need not say who discloses: then it speaks of everybody who does. Of a deny that could not be read the
    root restrains, and no exception lifts it; of a permit that could not be read nothing is left.
    """
    root = next(directive.walk())
    branch = _branch(root, setting, whole=directive.status != "unprocessable")
    named = directive.discloser or STAR
    shown, other = (
        evolve(_shown(directive, setting, permits=permits), discloser=named, branch=branch)
        for permits in (branch.permits, not branch.permits)
    )
    return evolve(shown, other=other)


def _branch(node: Node, setting: Setting, *, whole: bool = True) -> Branch:
    """A provision and, if it is to be taken as a `whole`, its exceptions. A permit said again below a permit is left out."""
    criteria, calendar = node.criteria, setting.calendar
    permits = node.polarity == "permit"
    kept: Reading = "narrow" if permits else "wide"
    span = criteria.period
    box = ExceptBox(
        labels=criteria.labels,
        categories=criteria.category,
        purposes=criteria.purpose,
        actions=criteria.action,
        data_period=criteria.data_period,
    )
    below = [each for each in node.below if not each.polarity == node.polarity == "permit"] if whole else []
    return Branch(
        place=node.place,
        permits=permits,
        pins=node.polarity == node.above,
        region=region_of(box, setting),
        actors=None if criteria.actor is None else frozenset(criteria.actor),
        classes=None if criteria.class_ is None else frozenset(criteria.class_),
        codes=None if criteria.code is None else frozenset(criteria.code),
        start=EVER if span is None or span.start is None else calendar.begins(span.start, kept),
        end=NEVER if span is None or span.end is None else calendar.ends(span.end, kept),
        unjudged=criteria.unjudged,
        acts=("redisclose",) if permits and node.above is not None else ("redisclose", "disclose"),
        below=tuple(_branch(each, setting) for each in below),
    )


def _shown(
    directive: AnyDirective, setting: Setting, *, permits: bool, boxes: tuple[Region, ...] = (), excepts: tuple[Region, ...] = ()
) -> Paper:
    """What a paper shows beside what it says, its dates read as a permit's or as a deny's."""
    calendar = setting.calendar
    kept: Reading = "narrow" if permits else "wide"
    taken: Reading = "wide" if permits else "narrow"
    starts, signed = directive.starts, directive.signed_on
    begun = [each for each in (starts, signed) if each is not None]
    ends, ends_with = _when(directive.expires)
    revocable, revocable_with = _when(directive.revocable_from)
    return Paper(
        id=directive.id,
        permits=permits,
        status=directive.status,
        form=directive.form,
        discloser=directive.discloser,
        boxes=boxes,
        excepts=excepts,
        starts_early=max([calendar.begins(each, "wide") for each in begun], default=EVER),
        starts_late=max([calendar.begins(each, "narrow") for each in begun], default=EVER),
        end=NEVER if ends is None else calendar.ends(ends, kept),
        end_event=ends_with,
        suspensions=tuple(
            [
                (calendar.begins(each.from_, taken), NEVER if each.to is None else calendar.ends(each.to, taken))
                for each in directive.suspensions
            ]
        ),
        revocations=tuple(
            [
                Withdrawal(
                    calendar.stops(each.at, permit=permits), None if each.recipients is None else frozenset(each.recipients), each.written
                )
                for each in directive.revocations
            ]
        ),
        revocable_at=None if revocable is None else calendar.stops(revocable, permit=permits),
        revocable_event=revocable_with,
        supersedes=frozenset(directive.supersedes),
        rank=(signed is None, EVER if signed is None else calendar.begins(signed, kept), directive.id),
        document=directive,
    )


def _when(written: Expiry | None) -> tuple[Moment | None, str | None]:
    """The time that was written, or the event; nothing where nothing was said."""
    if written is None:
        return None, None
    return (None, written.value) if written.kind == "event" else (written.value, None)


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
