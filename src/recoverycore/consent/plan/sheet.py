"""The papers of one plan or of several as patches in common tables, and the answer that a mask means for each plan.

A paper that stands alike in two plans is there once: so where they answer alike is seen at a glance.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, field, frozen

from recoverycore.consent.counting import Withdrawing
from recoverycore.consent.plan.branches import fitting, marks_beside
from recoverycore.consent.plan.guards import guards_of, names_in
from recoverycore.consent.plan.patches import Patch, boxes_of, excepts_of
from recoverycore.consent.plan.tables import Tables
from recoverycore.consent.plan.times import in_force, revoked_for
from recoverycore.consent.trees import AnyDirective
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from recoverycore.consent.compiled import CompiledConsents, Paper
    from recoverycore.consent.facts import Facts
    from recoverycore.consent.plan.patches import Timeline
    from recoverycore.consent.plan.plan import Plan

__all__ = ["Book", "Sheet", "sheet_of"]

_CORE = Withdrawing()
_Plan: TypeAlias = "Plan"


@frozen
class Block:
    """The patches of one paper.

    What it gives or takes, once for each way in which it may be in force; its except-boxes; its revocations that name recipients; marks
    for the rest of a tree; and the forms that a profile would read.
    """

    permits: bool
    ways: tuple[tuple[Patch, ...], ...]
    excepts: tuple[Patch, ...]
    revoked: tuple[Patch, ...]
    marks: tuple[Patch, ...] = ()
    forms: tuple[AnyDirective, ...] = ()


@frozen
class Book:
    """Which bits of a sheet are one plan's: those that permit, those that deny, those of rules of law, and those of each paper."""

    permitting: int
    denying: int
    ruling: int
    papers: tuple[int, ...] = ()

    def permits(self, covering: int) -> bool:
        """Whether these papers permit a cell that the bits `covering` cover, where no profile has anything to say."""
        return bool(covering & self.permitting) and not covering & self.denying


@frozen(eq=False)
class Sheet:
    """Tables, and for each plan its bits.

    `excepts` and `revoked` give for a bit the boxes that it takes away; `groups` are the boxes of a paper in one way of being in force.
    `apart` are bits that not every plan has; `wanted` is one that a question asks for.
    """

    tables: Tables
    books: tuple[Book, ...]
    excepts: dict[int, int]
    revoked: dict[int, int]
    groups: tuple[int, ...]
    apart: int
    wanted: int

    def covering(self, mask: int) -> int:
        """`mask` without the boxes that an except-box or a revocation takes away."""
        return _left(self.excepted(mask), self.revoked)

    def excepted(self, mask: int) -> int:
        """`mask` without the boxes that an except-box takes away."""
        return _left(mask, self.excepts)

    def gist(self, mask: int) -> tuple[tuple[bool, ...], int]:
        """What of a mask a decision may depend on: which papers cover the cell, and everything that is of no paper."""
        left = self.excepted(mask)
        covering = tuple([bool(left & group) for group in self.groups])
        return covering, left & ~sum(self.groups) & ~sum(self.excepts)

    def covered_apart(self, mask: int) -> bool:
        """Whether a paper that not every plan has covers a cell of this mask."""
        return bool(self.excepted(mask) & self.apart)


def _left(mask: int, takers: dict[int, int]) -> int:
    """`mask` without the boxes that a taker in it takes away."""
    for taker, boxes in takers.items():
        if mask & taker:
            mask &= ~boxes
    return mask


def sheet_of(plans: Sequence[Plan], disclosers: Sequence[str] = (), wanted: Patch | None = None) -> Sheet:
    """The common sheet of `plans`; `disclosers` are those who may release, and `wanted` is a patch that a question asks for.

    Errors: ``profile_untold``, ``plans_unlike``.
    """
    words = plans[0].setting.words
    if any(plan.setting.words != words for plan in plans):
        raise DocumentError(problem("plans_unlike", "/profiles"))
    made = _Making(plans[0], any(plan.decided for plan in plans))
    books = [made.book(plan, disclosers) for plan in plans]
    asked = 0 if wanted is None else made.place((wanted,))
    tables = Tables(made.patches, words)
    apart = tables.everything if made.breaking else _apart(plans, books, tables.everything)
    return Sheet(tables, tuple(books), made.excepts, made.revoked, tuple(made.groups), apart, asked)


@define
class _Making:
    """A sheet as it grows. `decided`: the answers come from the decision, so papers are one only if their whole forms are."""

    first: _Plan
    decided: bool
    free: dict[str, tuple[AnyDirective, bool, int]] = field(factory=dict)
    """The papers that nothing replaces, by id, with whether they permit and their bits, where they are read as in the first plan."""
    patches: list[Patch] = field(factory=list)
    excepts: dict[int, int] = field(factory=dict)
    revoked: dict[int, int] = field(factory=dict)
    groups: list[int] = field(factory=list)
    placed: dict[Block | Patch, int] = field(factory=dict)
    breaking: bool = False
    """Whether a paper may stand in the way of everything, since what is asked of its form raises."""

    def book(self, plan: Plan, disclosers: Sequence[str]) -> Book:
        """The bits of `plan`; what another plan has placed already is there once."""
        bits, papers = {True: 0, False: 0}, []
        replacing = [each for each in plan.consents.papers if each.supersedes]
        superseded = {name for paper in replacing for name in paper.supersedes}
        alike = plan.reads_like(self.first)
        told = names_in(plan.facts.to_data()) if self.decided else frozenset[str]()
        for paper in plan.consents.papers:
            free = alike and paper.id not in superseded
            known = self.free.get(paper.id) if free else None
            if known is None or known[0] != paper.document:
                after = replacing if paper.id in superseded else ()
                block = _block_of(paper, plan, after, _forms(paper, after, told) if self.decided else ())
                known = (paper.document, block.permits, self._block(block))
            if free:
                self.free[paper.id] = known
            _, permits, placed = known
            papers.append(placed)
            bits[permits] |= placed
        ruling = 0
        if self.decided:
            guards = guards_of(plan.consents, plan.facts, disclosers)
            self._marked((*guards.rules, *guards.marks))
            self.breaking = self.breaking or guards.breaking
            ruling = sum({self.placed[patch] for patch in guards.rules})
        if plan.setting.missing:
            return Book(0, bits[False], 0, tuple(papers))
        return Book(bits[True], bits[False], ruling, tuple(papers))

    def place(self, patches: Iterable[Patch]) -> int:
        """The bits of `patches` at their places behind those that are there."""
        found = 0
        for each in patches:
            found |= 1 << len(self.patches)
            self.patches.append(each)
        return found

    def _marked(self, patches: Iterable[Patch]) -> None:
        for each in patches:
            if each not in self.placed:
                self.placed[each] = self.place((each,))

    def _block(self, block: Block) -> int:
        self._marked(block.marks)
        if block not in self.placed:
            groups = [self.place(way) for way in block.ways]
            boxes = sum(groups)
            self.groups += groups
            self.excepts.update((self.place((each,)), boxes) for each in block.excepts)
            self.revoked.update((self.place((each,)), boxes) for each in block.revoked)
            self.placed[block] = boxes
        return self.placed[block]


def _apart(plans: Sequence[Plan], books: Sequence[Book], everything: int) -> int:
    """The bits that not every plan has; all of them where the plans are not read in the same way."""
    first = plans[0]
    if any(not first.reads_like(each) for each in plans):
        return everything
    found = 0
    for book in books:
        found |= (book.permitting ^ books[0].permitting) | (book.denying ^ books[0].denying)
    return found


def _block_of(paper: Paper, plan: Plan, replacing: Sequence[Paper], forms: tuple[AnyDirective, ...]) -> Block:
    """The block of a paper, of which some of `replacing` take the place; `forms` decide about it where a profile or a tree has a say.

    Where profiles take revocations differently, the boxes are there once for each way.
    """
    consents, facts = plan.consents, plan.facts
    ways = {Withdrawing(each.wants_writing, each.delayed_revocation) for each in consents.setting.profiles} | {_CORE}
    turns = {at for each in replacing for face in each.faces for at in (face.starts_early, face.starts_late)}
    lives: set[Timeline] = set()
    for face, way in product(paper.faces, ways):
        lives.add(in_force(face, consents, facts, way, turns))
        if forms:
            lives.add(in_force(face, consents, facts, way, ()))  # what stands in its place may have to be sound, or may speak otherwise
    revoked = tuple(each for face in paper.faces for each in _revoked(face, consents, facts, ways))
    if paper.branch is None:
        said = list(boxes_of(paper, consents.setting))
        boxes = tuple(tuple([patch.but(live=live) for patch in said]) for live in sorted(lives))
        return Block(paper.permits, boxes, tuple(excepts_of(paper, consents.setting)), revoked, (), forms)
    root = (fitting(paper.branch, facts),)
    marks = (*marks_beside(paper, paper.branch, facts), *(Patch(live=live) for live in sorted(lives)))
    return Block(paper.document.permits, (root,), (), revoked, marks, forms)


def _forms(paper: Paper, replacing: Sequence[Paper], told: Collection[str]) -> tuple[AnyDirective, ...]:
    """The forms that decide about a paper: its own, and those of all papers that replace another, where one replaces this.

    It stands without its name, unless the facts tell something by that. Which of several replaces which is told by their names alone, and
    a refusal stays if the one that replaces it has a defect: so there all names stay.
    """
    if replacing:
        return (paper.document, *(each.document for each in replacing))
    return (paper.document.model_copy(update={"supersedes": ()} if paper.id in told else {"id": "", "supersedes": ()}),)


def _revoked(paper: Paper, consents: CompiledConsents, facts: Facts, ways: set[Withdrawing]) -> tuple[Patch, ...]:
    """For each revocation that names its recipients: that it holds for them."""
    found = []
    for each in paper.revocations:
        if each.recipients is not None:
            people = frozenset(("org", name, None) for name in each.recipients)
            lives = {revoked_for(paper, each, consents, facts, way) for way in ways}
            found += [Patch(people=people, live=live) for live in sorted(lives)]
    return tuple(found)
