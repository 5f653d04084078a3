"""Cells that together tell an answer to everybody whom papers name: in which each of them would find what concerns them.

Whoever may receive is told by what papers say of recipients: an id, an organisation where somebody is, a role and where it is held, a way
by which somebody came. A cell that has several of these at once is told if one of them alone has a cell with the same category and the
same answer; else it gets one of its own. So every cell of a named person, place, role, way and category is told by some line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TypeAlias

from attrs import define, evolve, field

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.named import Named
from recoverycore.consent.plan.plan import Plan
from recoverycore.consent.plan.searching import Wanted, find
from recoverycore.consent.plan.sheet import Sheet, sheet_of
from recoverycore.consent.plan.space import releasing_in, starts_in
from recoverycore.consent.plan.where import Standing, Where

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.plan.patches import Place

__all__ = ["lines_of", "stretches"]

Family: TypeAlias = "tuple[tuple[Plan, ...], Mapping[str, Wanted]]"
"""Plans, and questions about the answers of these."""
_Asked: TypeAlias = "tuple[str, str]"
"""A question and a category."""
_SOMEWHERE = "(any organisation)"
_ELSEWHERE = frozenset({_SOMEWHERE, "(any other organisation)"})
"""How the organisation is called that nobody named, as there are others that somebody did or not."""


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
    answers = [question(tuple(each.permits(at) for each in asked)) for at in starts]
    turns = [at for at, (before, now) in zip(starts, pairwise([False, *answers]), strict=True) if before != now]
    for since, until in zip_longest(turns[::2], turns[1::2]):
        yield since if bound or since != starts[0] else None, until


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
            else:
                self._alone((kind, name, org), evolve(anybody, ways=frozenset({name})))
        for who in (*self.named.people, self.named.anybody):
            self._together(who)

    def _alone(self, standing: Standing, where: Where) -> None:
        """A cell with each category that nothing more general tells; it tells of that standing everywhere, of a role where it is held."""
        general: set[Standing] = {("id", self.named.anybody, None), (standing[0], standing[1], None)}
        left = {
            kind: [name for name in self.questions if not any(self._tells(each, name, kind) for each in general)]
            for kind in self.named.kinds
        }
        any_kind = self._find(where, {name for names in left.values() for name in names})
        for kind, names in left.items():
            for name, cell in self._find(_within(where, kind), [each for each in names if each in any_kind]).items():
                told = self._note(name, cell).recipient
                if told.org is None:
                    held: set[Standing] = {("as", each.role, each.org) for each in told.roles or ()}
                    self.told.setdefault((name, kind), set()).update(held or {standing})

    def _together(self, who: str) -> None:
        """Cells of somebody that are told neither by this id nor by a standing; if only a record of no known category shows one, that."""
        own = ("id", who, None)
        free = evolve(self.where, exactly=who, places=None)
        for name in self.questions:
            told = {each: self._standings(name, each) for each in self.named.kinds if not self._tells(own, name, each)}
            if not told:
                continue
            cells: list[Cell] = []
            if self._find(evolve(_within(free, *told), but=frozenset.intersection(*told.values())), [name]):
                for kind, but in told.items():
                    cells += self._each(evolve(_within(free, kind), but=but), name)
            if not cells and len(told) == len(self.named.kinds):
                self._each(evolve(free, but=frozenset().union(*told.values())), name)

    def _each(self, where: Where, name: str) -> list[Cell]:
        """Cells at each place that shows one, apart from those that are told everywhere; then what only shows where nobody knows of any."""
        cells = self._at(evolve(where, places=_ELSEWHERE), name)
        everywhere = [each for each in cells if each.recipient.org is None]
        if any(map(_is_whole, everywhere)):
            return cells
        where = _apart(evolve(where, but=where.but.union(("at", each, None) for each in (*_ELSEWHERE, None))), everywhere)
        while there := self._find(where, [name]).get(name):
            place = there.recipient.org
            cells += self._at(evolve(where, places=frozenset({place})), name, everywhere)
            where = evolve(where, but=where.but | {("at", place, None)})
        if not any(map(_is_whole, cells)):
            cells += self._at(_apart(evolve(where, places=frozenset({None})), cells), name, cells)
        return cells

    def _at(self, where: Where, name: str, told: Iterable[Cell] = ()) -> list[Cell]:
        """Cells at the places that are meant in each way that shows one, apart from those that are `told` of every place."""
        cells = self._by(evolve(where, ways=frozenset({None})), name)
        if any(map(_is_whole, cells)):
            return cells
        where = evolve(where, but=where.but.union({("by", None, None)}, *map(_shown, cells)))
        while there := self._find(where, [name]).get(name):
            way = there.recipient.via
            but = where.but.union(*(_shown(each) for each in told if each.recipient.via == way))
            cells += self._by(evolve(where, ways=frozenset({way}), but=but), name)
            where = evolve(where, but=where.but | {("by", way, None)})
        return cells

    def _by(self, where: Where, name: str) -> list[Cell]:
        """A cell in the ways that are meant, one for each role that shows one; then where nobody asked which are held, or where."""
        cells: list[Cell] = []
        for unasked in ({("as", None, None)}, set[Standing]()):
            while there := self._find(evolve(where, but=where.but | unasked), [name]).get(name):
                cells.append(self._note(name, there))
                if not there.recipient.roles:
                    return cells
                where = evolve(where, but=where.but | _shown(cells[-1]))
        return cells

    def _standings(self, name: str, kind: str) -> frozenset[Standing]:
        """The standings that are told with this category by themselves: a place by its own id."""
        told = self.told.get((name, kind), set()) | self.before.get(kind, set())
        return frozenset(("at", each[1], None) if each[0] == "id" else each for each in told)

    def _find(self, where: Where, names: Iterable[str]) -> dict[str, Cell]:
        asked = {name: self.questions[name] for name in names}
        return find(self.plans, where, asked, differing=True, sheet=self.sheet) if asked else {}

    def _tells(self, standing: Standing, name: str, kind: str) -> bool:
        return standing in self.told.get((name, kind), ())

    def _note(self, name: str, cell: Cell) -> Cell:
        """`cell` as it is told: of somebody elsewhere without a place, where the answer is the same if nobody knows that."""
        who = cell.recipient
        roles = who.roles and tuple(each.evolve(org=None) if each.org in _ELSEWHERE else each for each in who.roles)
        for wider in (who.evolve(org=None, roles=roles), who.evolve(org=None), who.evolve(roles=roles)):
            told = evolve(cell, recipient=wider.evolve(org=who.org) if who.org not in _ELSEWHERE else wider)
            if self.questions[name](tuple(plan.permits(told) for plan in self.plans)):
                break
        else:
            told = cell
        cells = self.found.setdefault(name, [])
        if told not in cells:
            cells.append(told)
        return told

    def timed(self, name: str, cell: Cell) -> Cell:
        """`cell` with all its times."""
        starts = starts_in(self.sheet.tables, self.where.since)
        question = self.questions[name]
        times = stretches(cell, self.plans, question, starts, bound=self.where.since is not None)
        who = cell.recipient
        asked = {"org": who.evolve(org=who.org or _SOMEWHERE)}
        if who.roles is not None:
            asked["held"] = who.evolve(roles=tuple(each.evolve(org=each.org or _SOMEWHERE) for each in who.roles))
        told = {each: question(tuple(plan.permits(evolve(cell, recipient=one)) for plan in self.plans)) for each, one in asked.items()}
        unasked = [each for each, holds in told.items() if not holds] + (["roles"] if who.roles is None else [])
        return evolve(cell, times=tuple(times), unasked=tuple(unasked))


def _is_whole(cell: Cell) -> bool:
    """Whether a cell hangs neither on a role nor on a way."""
    return not cell.recipient.roles and cell.recipient.via is None


def _shown(cell: Cell) -> frozenset[Standing]:
    """What of a recipient's standing a cell hangs on, or may, beside the place: the roles, else the way."""
    who = cell.recipient
    if who.roles:
        return frozenset(("as", each.role, each.org) for each in who.roles)
    return frozenset({("by", who.via, None)})


def _apart(where: Where, cells: Iterable[Cell]) -> Where:
    """`where` without the roles and ways that `cells` hang on, each of these alone."""
    alone = (_shown(each) for each in cells if not each.recipient.roles or each.recipient.via is None)
    return evolve(where, but=where.but.union(*alone))


def _held(role: str, org: str | None) -> frozenset[Place]:
    """The role where it is meant; if it is meant anywhere, somewhere that nobody names."""
    return frozenset((role, each) for each in (_ELSEWHERE if org is None else (org,)))


def _within(where: Where, *kinds: str) -> Where:
    return evolve(where, named={**where.named, "category": where.words.read("category", kinds)})
