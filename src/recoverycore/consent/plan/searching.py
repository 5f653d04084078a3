"""Whether there is a cell that several plans answer in a certain way: looked for among classes of values, so that none is missed.

Axis by axis the masks of the values are met with those that are left; masks that are equal are one, and what nothing permits any more is
dropped. In the end each mask stands for all cells that no plan tells apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, TypeAlias

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.patches import Patch
from recoverycore.consent.plan.sheet import sheet_of
from recoverycore.consent.plan.space import open_space, recipient_of, releasing_in, starts_in
from recoverycore.consent.requests import Discloser
from recoverycore.errors import DocumentError, RecoveryError, problem

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.plan.space import AxisValues, HeldAt, Space
    from recoverycore.consent.plan.where import Where

__all__ = ["AT_MOST", "Wanted", "find"]

Wanted: TypeAlias = Callable[[tuple[bool, ...]], bool]
"""Whether the answers of the plans, in their order, are those that are looked for."""
_Found: TypeAlias = "tuple[_Found, str, Any] | None"
_Masks: TypeAlias = Iterator[tuple[int, _Found]]
"""Masks, no two of them equal, each with the first values that it was found for."""
AT_MOST = 100_000
"""More classes than these are not looked through: then there is no answer, never a wrong one."""
DECIDED_AT_MOST = 20_000
"""The same where each class has to be decided on by functions of profiles or by a tree."""


def find(
    plans: Sequence[Plan], where: Where, questions: Mapping[str, Wanted], *, differing: bool, sheet: Sheet | None = None
) -> dict[str, Cell]:
    """For each of `questions` a cell inside `where` that the plans answer so; none where there is none at all.

    `differing`: only cells are looked for that the plans answer differently; what all papers cover alike is left out at once. `sheet` is
    that of the plans, with whoever may release inside `where`, if somebody has made it already and no label is asked for.
    Errors: ``plan_too_large``, ``plan_of_a_copy``, ``profile_untold``.
    """
    if any(plan.facts.held_copy is not None for plan in plans):
        raise DocumentError(problem("plan_of_a_copy", "/facts/held_copy"))
    labels = where.codes("label")
    releasing = releasing_in(plans, where)
    if sheet is None or labels:
        sheet = sheet_of(plans, releasing.names, Patch(loose=True, labels=labels) if labels else None)
    space = open_space(sheet.tables, plans, where, releasing)
    carried = _carried(plans, where)
    decided = any(plan.decided for plan in plans)
    first = starts_in(sheet.tables, None)[0]
    left = dict(questions)
    found: dict[str, Cell] = {}
    classes = _Classes(sheet, space, sheet.apart if differing else sheet.tables.everything, carried)
    seen: set[tuple[tuple[bool, ...], int]] = set()
    for mask, values in classes.all():
        if (sheet.wanted and not mask & sheet.wanted) or (differing and not sheet.covered_apart(mask)):
            continue
        if decided:
            gist = sheet.gist(mask)
            if gist in seen:
                continue
            seen.add(gist)
            if len(seen) > DECIDED_AT_MOST:
                raise DocumentError(problem("plan_too_large", detail=str(DECIDED_AT_MOST)))
            cell = _cell(values, where, first)
            answers = tuple(plan.permits(cell) for plan in plans)
        else:
            left_of_it = sheet.covering(mask)
            answers = tuple([book.permits(left_of_it) for book in sheet.books])
        for name in [name for name, question in left.items() if question(answers)]:
            found[name] = checked(_cell(values, where, first), plans, left.pop(name))
        if not left:
            break
    return found


def checked(cell: Cell, plans: Sequence[Plan], question: Wanted) -> Cell:
    """`cell`, which the decision confirms. Error: ``plan_disagrees``, which nobody should ever see."""
    if not question(tuple(plan.permits(cell) for plan in plans)):
        raise RecoveryError(problem("plan_disagrees"))
    return cell


def _cell(found: _Found, where: Where, first: datetime | None) -> Cell:
    values = _told(found)
    name, kind = values["discloser"]
    return Cell(
        discloser=where.releasing or Discloser(id=name, kind=kind),
        recipient=recipient_of(values),
        purpose=values["purpose"],
        action=values["action"],
        labels=values["labels"],
        category=values["category"],
        at=values["when"],
        data_date=values["date"],
        source=where.source,
        class_=values["class"],
        code=values["code"],
        ever=values["when"] == first,
    )


def _carried(plans: Sequence[Plan], where: Where) -> frozenset[str]:
    """The labels that every record carries because of where it comes from. Error: ``plans_unlike``."""
    found = {plan.labels_from(where.source, where.releasing) for plan in plans}
    if len(found) > 1:
        raise DocumentError(problem("plans_unlike", "/facts/sources"))
    return found.pop()


class _Classes:
    """The classes of cells in a space, each by its mask with one cell of it."""

    def __init__(self, sheet: Sheet, space: Space, apart: int, carried: Iterable[str]) -> None:
        self.sheet = sheet
        self.space = space
        self.alive = 0
        for book in sheet.books:
            self.alive |= book.permitting | book.ruling
        self.apart = apart
        self.carried = [sheet.tables.label(label) for label in carried]
        self.labelled_alike = reduce(and_, (mask for mask, _ in space.labels), sheet.tables.star["label"])
        self._known: dict[tuple[int, bool], list[tuple[int, tuple[str, ...]]]] = {}

    def all(self) -> _Masks:
        """Every class that something may permit, and in which the plans may differ; looked for no further than somebody asks."""
        masks: _Masks = iter([(self.sheet.tables.everything, None)])
        for name, values in self.space.axes.items():
            masks = self._met(masks, name, values)
        seen: set[int] = set()
        for mask, before in self._with_roles(masks):
            for whole, labels in self._labelled(mask):
                if whole not in seen:
                    seen.add(whole)
                    yield whole, (before, "labels", labels)

    def _met(self, masks: _Masks, name: str, values: AxisValues) -> _Masks:
        met: set[int] = set()
        alive, apart = self.alive, self.apart
        for mask, before in masks:
            for other, value in values:
                both = mask & other
                if both & alive and both & apart and both not in met:
                    met.add(both)
                    _count(len(met))
                    yield both, (before, name, value)

    def _with_roles(self, masks: _Masks) -> _Masks:
        """`masks` met with every set of roles. What roles change depends on the patches alone that not all of them have."""
        met: set[int] = set()
        roles = self.space.roles
        always = roles.none & roles.unknown
        for other, _ in roles.each:
            always &= other
        known: dict[int, dict[int, frozenset[HeldAt] | None]] = {}
        for mask, before in masks:
            varying = mask & ~always
            if varying not in known:
                known[varying] = self._sets_of_roles(varying)
            for part, held in known[varying].items():
                now = mask & always | part
                if now & self.alive and now & self.apart and now not in met:
                    met.add(now)
                    _count(len(met))
                    yield now, (before, "roles", held)

    def _sets_of_roles(self, mask: int) -> dict[int, frozenset[HeldAt] | None]:
        """`mask` met with every set of roles: one of them is enough for whatever names it."""
        roles = self.space.roles
        each: dict[int, HeldAt] = {}
        for other, place in roles.each:
            each.setdefault(mask & other, place)
        sets: dict[int, frozenset[HeldAt]] = {mask & roles.none: frozenset()}
        for other, place in each.items():
            for now, held in list(sets.items()):
                if now | other not in sets:
                    sets[now | other] = held | {place}
            _count(len(sets))
        found: dict[int, frozenset[HeldAt] | None] = {**sets}
        found.setdefault(mask & roles.unknown, None)
        return found

    def _labelled(self, mask: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """`mask` met with every set of labels. What labels change depends on the patches alone that not every label has."""
        always = self.labelled_alike
        varying, alive = mask & ~always, bool(mask & always & self.alive)
        found = self._known.get((varying, alive))
        if found is None:
            found = self._known[varying, alive] = list(self._sets_of_labels(varying, alive=alive))
        for part, labels in found:
            yield mask & always | part, labels

    def _sets_of_labels(self, mask: int, *, alive: bool) -> Iterator[tuple[int, tuple[str, ...]]]:
        """`mask` met with every set of labels: strict patches need them all, loose ones need one.

        Beside it there may be patches `alive` that every label has. A set in which nothing is alive is left out with all that grow from
        it: a loose patch that a label brings into one is there from the first label on in another.
        """
        loose = self.sheet.tables.loose
        some = mask & loose
        start = (mask & ~loose) | (some & self.sheet.tables.star["label"])
        for each in self.carried:
            start = (start & ~loose & each) | (start & loose) | (some & each)
        telling: dict[int, str] = {}
        for other, label in self.space.labels:
            telling.setdefault(other & mask, label)
        known: set[int] = set()
        waiting: list[tuple[int, tuple[str, ...]]] = [(start, ())]
        for now, labels in waiting:  # grows as it is walked: the smallest sets first
            if labels:
                yield now, labels
            for other, label in telling.items():
                more = (now & ~loose & other) | (now & loose) | (some & other)
                if (more & self.alive or alive) and more not in known:
                    known.add(more)
                    waiting.append((more, (*labels, label)))
            _count(len(known))
        yield waiting[0]  # a record without labels says least to a reader


def _count(number: int) -> None:
    if number > AT_MOST:
        raise DocumentError(problem("plan_too_large", detail=str(AT_MOST)))


def _told(found: _Found) -> dict[str, Any]:
    values: dict[str, Any] = {}
    while found is not None:
        found, name, value = found
        values[name] = value
    return values
