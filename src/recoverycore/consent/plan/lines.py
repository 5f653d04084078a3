"""Cells that together tell an answer to everybody whom papers name: in which each of them would find what concerns them.

Whoever may receive is told by what papers say of recipients: an id, an organisation where somebody is, a role and where it is held, a way
by which somebody came. A cell that has several of these at once is told if one of them alone has a cell with the same category and the
same answer; else it gets one of its own. So every cell of a named person, place, role, way and category is told by some line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, evolve, field, frozen

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.patches import people_of
from recoverycore.consent.plan.plan import Plan
from recoverycore.consent.plan.searching import Wanted, find
from recoverycore.consent.plan.sheet import Sheet, sheet_of
from recoverycore.consent.plan.space import releasing_in, starts_in, unnamed
from recoverycore.consent.plan.where import Standing, Where
from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.compiled import Paper, Region
    from recoverycore.consent.plan.patches import Place

__all__ = ["Named", "lines_of", "stretches"]

Family: TypeAlias = "tuple[tuple[Plan, ...], Mapping[str, Wanted]]"
"""Plans, and questions about the answers of these."""
_Asked: TypeAlias = "tuple[str, str]"
"""A question and a category."""
_ELSEWHERE = frozenset({"(any organisation)", "(any other organisation)"})
"""How the organisation is called that nobody named, as there are others that somebody did or not."""
_UNKNOWN: frozenset[Standing] = frozenset({("at", None, None), ("as", None, None)})


@frozen
class Named:
    """What papers name: ids of people and organisations, and one for anybody else; roles and ways; categories; disclosers."""

    people: tuple[str, ...]
    anybody: str
    standings: tuple[Standing, ...]
    kinds: tuple[str, ...]
    disclosers: tuple[str | None, ...]

    @classmethod
    def by(cls, papers: Sequence[Paper]) -> Named:
        """What these papers name. Where they name one discloser alone, nobody has to say which is meant."""
        people = set(_people(papers))
        selectors = [each for box in _boxes(papers) for each in box.recipients if not isinstance(each, str)]
        roles = {("as", each.role, each.org) for each in selectors if each.role is not None}
        ways = {("by", each.via, None) for each in selectors if each.designation is not None and each.via is not None}
        kinds = set(_categories(papers))
        releasing = {each.discloser for each in papers} - {None}
        several = sorted(str(each) for each in releasing - {STAR})
        return cls(
            tuple(sorted(people)),
            unnamed("recipient", people),
            tuple(sorted({*roles, *ways}, key=lambda each: (each[0], each[1] or "", each[2] or ""))),
            (*sorted(kinds), unnamed("category", kinds)),
            (*several, unnamed("discloser", several)) if len(releasing) > 1 else (None,),
        )


def lines_of(families: Sequence[Family], where: Where, named: Named) -> dict[str, list[Cell]]:
    """For each question that has any, the cells that tell it: named people first, by id, anybody else behind them.

    What the answers to one family tell of a standing tells with them what several standings have in a later one.
    Errors: those of `find`.
    """
    found: dict[str, list[Cell]] = {}
    for discloser in named.disclosers:
        inside = where if discloser is None else evolve(where, disclosers=frozenset({discloser}), only_disclosers=True)
        before: dict[str, set[Standing]] = {}
        for plans, questions in families:
            lines = _Lines(plans, inside, questions, named, sheet_of(plans, releasing_in(plans, inside).names), before)
            lines.tell()
            for name, cells in lines.found.items():
                found.setdefault(name, []).extend(lines.timed(name, each) for each in cells)
            for (_, kind), told in lines.told.items():
                before.setdefault(kind, set()).update(told)
    for cells in found.values():
        cells.sort(key=lambda cell: (cell.recipient.id == named.anybody, cell.recipient.id))
    return found


def stretches(
    cell: Cell, plans: Sequence[Plan], question: Wanted, starts: Sequence[datetime], *, bound: bool
) -> Iterator[tuple[datetime | None, datetime | None]]:
    """The stretches in which the plans answer `cell` so; the first of `starts` has no beginning unless it is `bound`."""
    asked = [plan.prepare(cell.request()) for plan in plans]
    since: datetime | None = None
    open_ = False
    for place, at in enumerate(starts):
        now = question(tuple(each.permits(at) for each in asked))
        if now and not open_:
            since = at if place or bound else None
        elif open_ and not now:
            yield since, at
        open_ = now
    if open_:
        yield since, None


@define
class _Lines:
    """The cells of one discloser as they are found. `told` are the ids and standings that have a cell with a category for a question.

    `before` are those that have one for an earlier family.
    """

    plans: tuple[Plan, ...]
    where: Where
    questions: Mapping[str, Wanted]
    named: Named
    sheet: Sheet
    before: Mapping[str, set[Standing]]
    found: dict[str, list[Cell]] = field(factory=dict)
    told: dict[_Asked, set[Standing]] = field(factory=dict)

    def tell(self) -> None:
        """Look for all of them: for each id with nothing else known, for each standing by itself, then for what only several show."""
        nothing = evolve(self.where, places=_ELSEWHERE, roles=frozenset(), ways=frozenset({None}))
        for who in (*self.named.people, self.named.anybody):
            self._alone(("id", who, None), evolve(nothing, exactly=who))
        anybody = evolve(nothing, exactly=self.named.anybody)
        for kind, name, org in self.named.standings:
            if kind == "as":
                self._alone((kind, name, org), evolve(anybody, roles=_held(str(name), org)))
            elif kind == "by":
                self._alone((kind, name, org), evolve(anybody, ways=frozenset({name})))
        for who in (*self.named.people, self.named.anybody):
            self._together(who)

    def _alone(self, standing: Standing, where: Where) -> None:
        """A cell with each category that nothing more general tells; where only a record of no known category shows it, that one."""
        general: set[Standing] = set() if standing[0] == "id" else {("id", self.named.anybody, None), (standing[0], standing[1], None)}
        left = {
            kind: [name for name in self.questions if not any(self._tells(each, name, kind) for each in general)]
            for kind in self.named.kinds
        }
        wanted = {name for names in left.values() for name in names}
        any_kind = self._find(where, wanted)
        for kind, names in left.items():
            for name, cell in self._find(_within(where, kind), [each for each in names if each in any_kind]).items():
                self._note(name, kind, cell, standing)
        for name, cell in any_kind.items():
            told = {standing, ("together", standing[1], None), *general}
            if not any(self._tells(each, name, kind) for each in told for kind in self.named.kinds):
                self._note(name, "", cell, standing)

    def _together(self, who: str) -> None:
        """Cells of somebody that are told neither by this id nor by a standing."""
        own = ("id", who, None)
        free = evolve(self.where, exactly=who, places=None)
        for name in self.questions:
            kinds = [each for each in self.named.kinds if not self._tells(own, name, each)]
            alike = frozenset.intersection(*(self._standings(name, each) for each in kinds)) if kinds else frozenset()
            if kinds and self._find(evolve(_within(free, *kinds), but=alike), [name]):
                for kind in kinds:
                    self._each(who, evolve(_within(free, kind), but=self._standings(name, kind)), name, kind)
            mine = (own, ("together", who, None))
            if not any(self._tells(one, name, each) for one in mine for each in (*self.named.kinds, "")):
                every = frozenset().union(*(self._standings(name, each) for each in (*self.named.kinds, "")))
                self._each(who, evolve(free, but=every), name, "")

    def _each(self, who: str, where: Where, name: str, kind: str) -> None:
        """A cell of this id for each standing that shows one, apart from those that are told."""
        together: Standing = ("together", who, None)
        elsewhere = {("at", each, None) for each in _ELSEWHERE if self._tells(together, name, kind)}
        where = evolve(where, but=where.but | _UNKNOWN | elsewhere)
        placed = False
        while there := self._find(where, [name]).get(name):
            cell = self._note(name, kind, there, together)
            placed |= cell.recipient.org is not None
            shown = _shown(cell)
            if there.recipient.roles and cell.recipient.org is not None:  # in the same roles perhaps at another place too
                alike = evolve(where, roles=frozenset((each.role, each.org) for each in there.recipient.roles))
                while other := self._find(alike := evolve(alike, but=alike.but | _place(there)), [name]).get(name):
                    there = other
                    self._note(name, kind, other, together)
            if not shown:
                return
            where = evolve(where, but=where.but | shown)
        asked = any(what == "as" and role is not None for what, role, _ in where.but)
        rest = where.but - {each for each in _UNKNOWN if not (placed if each[0] == "at" else asked)}
        if rest != where.but and (unknown := self._find(evolve(where, but=rest), [name]).get(name)):
            self._note(name, kind, unknown, together)

    def _standings(self, name: str, kind: str) -> frozenset[Standing]:
        """The standings that are told with this category by themselves: a place by its own id."""
        told = self.told.get((name, kind), set()) | self.before.get(kind, set())
        return frozenset(("at", each[1], None) if each[0] == "id" else each for each in told)

    def _find(self, where: Where, names: Iterable[str]) -> dict[str, Cell]:
        asked = {name: self.questions[name] for name in names}
        return find(self.plans, where, asked, differing=True, sheet=self.sheet) if asked else {}

    def _tells(self, standing: Standing, name: str, kind: str) -> bool:
        return standing in self.told.get((name, kind), ())

    def _note(self, name: str, kind: str, cell: Cell, standing: Standing) -> Cell:
        """`cell` as it is told: of somebody elsewhere without a place, where the answer is the same if nobody knows that."""
        who = cell.recipient
        roles = who.roles and tuple(each.evolve(org=None) if each.org in _ELSEWHERE else each for each in who.roles)
        for wider in (who.evolve(org=None, roles=roles), who.evolve(org=None), who.evolve(roles=roles)):
            told = evolve(cell, recipient=wider.evolve(org=who.org) if who.org not in _ELSEWHERE else wider)
            if self.questions[name](tuple(plan.permits(told) for plan in self.plans)):
                break
        else:
            told = cell
        self.found.setdefault(name, []).append(told)
        held = {each.org for each in told.recipient.roles or ()}
        if told.recipient.org in _ELSEWHERE:  # which is not everywhere
            standing = ("together", standing[1], None)
        elif standing[0] == "as" and held & _ELSEWHERE:
            standing = ("as", standing[1], min(org for org in held if org is not None))
        self.told.setdefault((name, kind), set()).add(standing)
        return told

    def timed(self, name: str, cell: Cell) -> Cell:
        """`cell` with all its times."""
        starts = starts_in(self.sheet.tables, self.where.since)
        question = self.questions[name]
        times = stretches(cell, self.plans, question, starts, bound=self.where.since is not None)
        unasked = {"roles"} if cell.recipient.roles is None else set()
        if cell.recipient.org is None:
            elsewhere = evolve(cell, recipient=cell.recipient.evolve(org=min(_ELSEWHERE)))
            unasked |= set() if question(tuple(plan.permits(elsewhere) for plan in self.plans)) else {"org"}
        return evolve(cell, times=tuple(times), unasked=tuple(sorted(unasked)))


def _shown(cell: Cell) -> frozenset[Standing]:
    """What of a recipient's standing a cell hangs on, or may: the roles, else the way, else the place."""
    who = cell.recipient
    if who.roles:
        return frozenset(("as", each.role, each.org) for each in who.roles)
    if who.via is not None:
        return frozenset({("by", who.via, None)})
    return _place(cell)


def _place(cell: Cell) -> frozenset[Standing]:
    org = cell.recipient.org
    return frozenset() if org is None else frozenset({("at", org, None)})


def _held(role: str, org: str | None) -> frozenset[Place]:
    """The role where it is meant; if it is meant anywhere, somewhere that nobody names."""
    return frozenset((role, each) for each in (_ELSEWHERE if org is None else (org,)))


def _within(where: Where, *kinds: str) -> Where:
    return evolve(where, named={**where.named, "category": where.words.read("category", kinds)})


def _people(papers: Iterable[Paper]) -> Iterator[str]:
    """Everybody whom the papers name by an id."""
    for box in _boxes(papers):
        yield from (name for _, name, _ in people_of(each for each in box.recipients if not isinstance(each, str)))
    for paper in papers:
        for part in paper.branch.everywhere() if paper.branch else ():
            yield from (part.actors or frozenset()) - {STAR}
        for each in paper.revocations:
            yield from (each.recipients or frozenset()) - {STAR}


def _boxes(papers: Iterable[Paper]) -> Iterator[Region]:
    for paper in papers:
        yield from (*paper.boxes, *paper.excepts)


def _categories(papers: Iterable[Paper]) -> Iterator[str]:
    """Every category that the papers name."""
    for paper in papers:
        regions = (*paper.boxes, *paper.excepts, *(each.region for each in (paper.branch.everywhere() if paper.branch else ())))
        for region in regions:
            yield from region.categories - {STAR}
