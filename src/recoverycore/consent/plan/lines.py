"""Cells that together tell an answer to everybody whom papers name: in which each of them would find what concerns them.

Whoever may receive is told by what papers say of recipients: an id, an organisation where somebody is, a role and where it is held, a way
by which somebody came. A cell that has several of these at once is told if one of them alone has a cell with the same category and the
same answer, as long as that holds; else it gets one of its own, looked for place by place, there way by way and then role by role. So
every cell of a named person, place, role, way and category is told by some line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from attrs import define, evolve, field

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.named import Named
from recoverycore.consent.plan.plan import Plan
from recoverycore.consent.plan.searching import Wanted, find
from recoverycore.consent.plan.sheet import Sheet, sheet_of
from recoverycore.consent.plan.space import releasing_in, starts_in
from recoverycore.consent.plan.where import Standing, Where

if TYPE_CHECKING:
    from recoverycore.consent.plan.patches import Place
    from recoverycore.consent.requests import Recipient

__all__ = ["lines_of", "stretches"]

_Asked: TypeAlias = "tuple[str, str]"
"""A question and a category."""
_Value = TypeVar("_Value")
_SOMEWHERE = "(any organisation)"
_ELSEWHERE = frozenset({_SOMEWHERE, "(any other organisation)"})
"""How the organisation is called that nobody named, as there are others that somebody did or not."""


def lines_of(plans: tuple[Plan, ...], questions: Mapping[str, Wanted], where: Where, named: Named) -> dict[str, list[Cell]]:
    """For each of the `questions` about the answers of `plans`, the cells that tell it: named people first, anybody else behind.

    What tells of somebody only does so while it holds: the stretches of time in which it does not are looked through by themselves.
    Errors: those of `find`.
    """
    found: dict[str, list[Cell]] = {name: [] for name in questions}
    for discloser in named.disclosers:
        inside = where if discloser is None else evolve(where, disclosers=frozenset({discloser}), only_disclosers=True)
        sheet = sheet_of(plans, releasing_in(plans, inside).names)
        lines = _Lines(plans, inside, questions, named, sheet, starts_in(sheet.tables, where.since))
        lines.tell()
        for name, cells in lines.found.items():
            found[name].extend(cells)
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
    """The cells of one discloser as they are found, each with all its times.

    `told` are the cells that tell by themselves of an id or a standing, with a category for a question: while the answer is that.
    """

    plans: tuple[Plan, ...]
    where: Where
    questions: Mapping[str, Wanted]
    named: Named
    sheet: Sheet
    starts: Sequence[datetime]
    found: dict[str, list[Cell]] = field(factory=dict)
    told: dict[_Asked, list[tuple[Standing, Cell]]] = field(factory=dict)

    def tell(self) -> None:
        """Look for all of them: for each id with nothing else known, for each standing by itself, then for what only several show."""
        self.where = evolve(self.where, instants=frozenset(self.starts))
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
        """Cells with each category while nothing more general tells; they tell of that standing everywhere, of a role where it is held."""
        general = {("id", self.named.anybody, None), (standing[0], standing[1], None)}
        for name in find(self.plans, where, self.questions, differing=True, sheet=self.sheet):
            for kind in self.named.kinds:
                telling = [cell for each, cell in self.told.get((name, kind), ()) if each in general]
                while there := self._first(_while_untold(_within(where, kind), telling), name):
                    cell = self._note(name, there)
                    telling.append(cell)
                    if cell.recipient.org is None:
                        held: set[Standing] = {("as", each.role, each.org) for each in cell.recipient.roles or ()}
                        self.told.setdefault((name, kind), []).extend((each, cell) for each in held or {standing})

    def _together(self, who: str) -> None:
        """Cells of somebody while neither this id nor a standing tells them; if only a record of no known category shows one, that."""
        free = evolve(self.where, exactly=who, places=None)
        for name in self.questions:
            told = {kind: self._telling(name, kind) for kind in self.named.kinds}
            left = {kind: _while_untold(free, [cell for each, cell in told[kind] if each == ("at", who, None)]) for kind in told}
            kinds = [kind for kind in told if left[kind].instants]
            if not kinds:
                continue
            always = {kind: frozenset(each for each, cell in told[kind] if not _while_untold(free, [cell]).instants) for kind in kinds}
            cells: list[Cell] = []
            if self._first(evolve(_within(free, *kinds), but=frozenset.intersection(*always.values())), name):
                for kind in [each for each in kinds if self._first(evolve(_within(left[each], each), but=always[each]), name)]:
                    for part, held in _split_by(_within(left[kind], kind), told[kind]):
                        cells += self._each(evolve(part, but=frozenset(held)), name)
            if not cells and kinds == list(told):
                self._each(evolve(free, but=frozenset(each for kind in kinds for each, _ in told[kind])), name)

    def _each(self, where: Where, name: str) -> list[Cell]:
        """Cells at each place that shows one, apart from those that are told everywhere; then what only shows where nobody knows of any."""
        if not self._first(where, name):
            return []
        cells = self._at(evolve(where, places=_ELSEWHERE), name, [])
        elsewhere = where.but.union(("at", each, None) for each in (*_ELSEWHERE, None))
        for part, held in _split(evolve(where, but=elsewhere), [each for each in cells if each.recipient.org is None]):
            left = _apart(part, held)
            while not any(map(_is_whole, held)) and (there := self._first(left, name)):
                place = there.recipient.org
                cells += self._at(evolve(left, places=frozenset({place})), name, held)
                left = evolve(left, but=left.but | {("at", place, None)})
        for part, held in _split(evolve(where, places=frozenset({None})), cells):
            if not any(map(_is_whole, held)):
                cells += self._at(_apart(part, held), name, held)
        return cells

    def _at(self, where: Where, name: str, told: Sequence[Cell]) -> list[Cell]:
        """Cells at the places that are meant in each way that shows one, apart from those that are `told` of every place."""
        cells = self._by(evolve(where, ways=frozenset({None})), name)
        for part, held in _split(where, cells):
            left = evolve(part, but=part.but.union({("by", None, None)}, *map(_shown, held)))
            while not any(map(_is_whole, held)) and (there := self._first(left, name)):
                way = there.recipient.via
                for inside, known in _split(evolve(left, ways=frozenset({way})), [each for each in told if each.recipient.via == way]):
                    cells += self._by(evolve(inside, but=inside.but.union(*map(_shown, known))), name)
                left = evolve(left, but=left.but | {("by", way, None)})
        return cells

    def _by(self, where: Where, name: str) -> list[Cell]:
        """Cells in the ways that are meant, one for each role that shows one; then where nobody asked which are held, or where."""
        cells: list[Cell] = []
        for unasked in ({("as", None, None)}, set[Standing]()):
            parts = [
                evolve(part, but=part.but.union(unasked, *map(_shown, held)))
                for part, held in _split(where, cells)
                if all(each.recipient.roles for each in held)
            ]
            for part in parts:  # grows as it is walked
                if there := self._first(part, name):
                    cell = self._note(name, there)
                    cells.append(cell)
                    for inside, held in _split(part, [cell]):
                        if not held or cell.recipient.roles:
                            parts.append(evolve(inside, but=inside.but.union(*map(_shown, held))))
        return cells

    def _telling(self, name: str, kind: str) -> list[tuple[Standing, Cell]]:
        """The standings that are told with this category by themselves, each with its cell: a place by its own id."""
        return [(("at", each[1], None) if each[0] == "id" else each, cell) for each, cell in self.told.get((name, kind), ())]

    def _first(self, where: Where, name: str) -> Cell | None:
        if not where.instants:
            return None
        return find(self.plans, where, {name: self.questions[name]}, differing=True, sheet=self.sheet).get(name)

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
        for each in cells:
            if _line(each) == _line(told) and _holds(each, told.at):
                return each
        cells.append(self._timed(name, told))
        return cells[-1]

    def _timed(self, name: str, cell: Cell) -> Cell:
        """`cell` with all its times."""
        question, who = self.questions[name], cell.recipient
        times = stretches(cell, self.plans, question, self.starts, bound=self.where.since is not None)
        asked = {"org": who.evolve(org=who.org or _SOMEWHERE)}
        if who.roles is not None:
            asked["held"] = who.evolve(roles=tuple(each.evolve(org=each.org or _SOMEWHERE) for each in who.roles))
        told = {each: question(tuple(plan.permits(evolve(cell, recipient=one)) for plan in self.plans)) for each, one in asked.items()}
        unasked = [each for each, holds in told.items() if not holds] + (["roles"] if who.roles is None else [])
        return evolve(cell, times=tuple(times), unasked=tuple(unasked))


def _holds(cell: Cell, at: datetime) -> bool:
    """Whether the answer of a cell with its times is the same at this instant."""
    return any((since is None or since <= at) and (until is None or at < until) for since, until in cell.times)


def _split(where: Where, cells: Sequence[Cell]) -> Iterator[tuple[Where, list[Cell]]]:
    """The instants of `where` by those of `cells` that hold then."""
    return _split_by(where, [(each, each) for each in cells])


def _split_by(where: Where, told: Sequence[tuple[_Value, Cell]]) -> Iterator[tuple[Where, list[_Value]]]:
    """The instants of `where` by the values whose cells hold then."""
    parts: dict[tuple[int, ...], list[datetime]] = {}
    for at in sorted(where.instants or ()):
        parts.setdefault(tuple(place for place, (_, cell) in enumerate(told) if _holds(cell, at)), []).append(at)
    for places, instants in parts.items():
        yield evolve(where, instants=frozenset(instants)), [told[place][0] for place in places]


def _while_untold(where: Where, cells: Sequence[Cell]) -> Where:
    """`where` at the instants at which none of `cells` holds."""
    return evolve(where, instants=frozenset(at for at in where.instants or () if not any(_holds(each, at) for each in cells)))


def _line(cell: Cell) -> tuple[Recipient, str | None, str]:
    """Of whom and what a cell tells, whatever it is an example of."""
    return cell.recipient, cell.category, cell.discloser.id


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
