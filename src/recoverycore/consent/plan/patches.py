"""What papers say, cut into patches: each a product over the axes on which people, times and records differ.

A box names whom it reaches in several ways at once; each way becomes a patch of its own, so that every axis can be looked up by itself and
a whole paper is a few bits. A patch is read strictly, as a permit, or loosely, as a deny: there one label is enough, and what is not known
counts as held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import field, frozen

from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.consent.compiled import Paper, Region
    from recoverycore.consent.documents import Selector
    from recoverycore.consent.law import ClassRow
    from recoverycore.consent.matter import Setting
    from recoverycore.consent.posets import Vocabulary

__all__ = ["ANYTHING", "Bond", "Patch", "Place", "Standing", "Timeline", "boxes_of", "excepts_of", "is_code", "people_of"]

ANYTHING = frozenset({STAR})

Place: TypeAlias = tuple[str, str | None]
"""Who, and where they are: an id and the id of an organisation. Of a role: its name, and where it is held."""
Standing: TypeAlias = tuple[str | None, bool | None, str | None]
"""The kind of a recipient, whether they treat the client, and through whom they came."""
Bond: TypeAlias = tuple[str | None, frozenset[str]]
"""What a recipient is to the client, and whom they control."""
Acts: TypeAlias = Literal["as_released", "as_written"]
Timeline: TypeAlias = "tuple[tuple[datetime, bool], ...]"
Test: TypeAlias = tuple[Callable[..., bool], tuple[Any, ...]]
"""A question about a value: a function, and what it is given before the value. So two of the same are equal."""


@frozen(kw_only=True, slots=False)
class Patch:
    """One product of axes; an axis that is not given is everything.

    `people` are ids with an organisation or ids of organisations (`who`), `roles` names with a place. `tests` narrow an axis further, by a
    question about its value. `acts` says whether passing a copy on counts as disclosing it. `live` is when the patch is in force: from each
    instant on, or not; None is always.
    """

    loose: bool = False
    labels: frozenset[str] = ANYTHING
    categories: frozenset[str] = ANYTHING
    purposes: frozenset[str] = ANYTHING
    actions: frozenset[str] = ANYTHING
    acts: Acts = "as_written"
    discloser: str | None = None
    people: frozenset[tuple[str, str, str | None]] | None = None
    roles: frozenset[Place] | None = None
    first: date | None = None
    last: date | None = None
    live: Timeline | None = None
    tests: Mapping[str, tuple[Test, ...]] = field(factory=dict, hash=False)

    def but(self, **changes: Any) -> Patch:
        """The same with `changes`: as `attrs.evolve`, without asking again for what there is."""
        made = object.__new__(Patch)
        made.__dict__.update(self.__dict__, **changes)
        return made

    def asking(self, axis: str, test: Callable[..., bool], *given: Any) -> Patch:
        """The same, where `test` holds of the value on `axis`, given these before it."""
        return self.but(tests={**self.tests, axis: (*self.tests.get(axis, ()), (test, given))})


_EVERYTHING = Patch()


def boxes_of(paper: Paper, setting: Setting) -> Iterator[Patch]:
    """What `paper` gives or takes, apart from its except-boxes and its times. Whoever passes a copy on is bound by every deny.

    A permit that an abuser signed gives nothing, under whatever law.
    """
    if paper.permits and paper.document.abuser_signed:
        return
    for box in paper.boxes:
        for patch in _patches(box, setting, loose=not paper.permits, acts="as_released"):
            if paper.permits:
                yield from _given(patch, paper)
            elif paper.discloser in (None, STAR):
                yield patch
            else:
                yield patch.but(discloser=paper.discloser)
                yield patch.asking("action", is_code, "redisclose")


def excepts_of(paper: Paper, setting: Setting) -> Iterator[Patch]:
    """What the except-boxes of `paper` take away from it: read loosely in a permit, strictly in a deny."""
    for box in paper.excepts:
        yield from _patches(box, setting, loose=paper.permits, acts="as_released" if paper.permits else "as_written")


def _given(patch: Patch, paper: Paper) -> Iterator[Patch]:
    """A permit without a discloser releases from nobody; one from everybody lets no copy go on."""
    if paper.discloser == STAR:
        yield patch.asking("action", _is_not, "redisclose")
    elif paper.discloser is not None:
        yield patch.but(discloser=paper.discloser)


def _patches(box: Region, setting: Setting, *, loose: bool, acts: Acts) -> Iterator[Patch]:
    """`box` as patches, one for each way in which it names recipients."""
    if box.no_label:
        return
    whole = _EVERYTHING.but(
        loose=loose,
        labels=box.labels,
        categories=box.categories,
        purposes=box.purposes,
        actions=box.actions,
        acts=acts,
        first=box.first,
        last=box.last,
    )
    selectors = [each for each in box.recipients if not isinstance(each, str)]
    if len(selectors) < len(box.recipients):  # a star
        yield whole
        return
    people = frozenset(people_of(selectors))
    if people:
        yield whole.but(people=people)
    roles = frozenset((each.role, each.org) for each in selectors if each.role is not None)
    if roles:
        yield whole.but(roles=roles)
    for each in selectors:
        if each.designation is not None:
            yield whole.asking("standing", _treats, each.via, loose)
        elif each.class_ is not None:
            yield from _of_class(whole, each.class_, setting)


def people_of(selectors: Iterable[Selector]) -> Iterator[tuple[str, str, str | None]]:
    """Whom selectors name by an id: each person, with the organisation if they are meant there alone, and each organisation."""
    for each in selectors:
        if each.person is not None:
            yield ("person", each.person, each.org)
        elif each.org is not None and each.role is None:
            yield ("org", each.org, None)


def _of_class(whole: Patch, name: str, setting: Setting) -> Iterator[Patch]:
    """Those in a class, row by row. Where several profiles define it, a permit reaches whom all of them mean, a deny whom any does."""
    definitions = setting.classes.get(name, ())
    if not definitions:
        if whole.loose:  # nobody knows who is in it
            yield whole
        return
    if whole.loose:
        for definition in definitions:
            for row in definition.rows:
                yield _in_row(whole, row, setting)
        return
    for rows in product(*(definition.rows for definition in definitions)):
        patch = whole
        for row in rows:
            patch = _in_row(patch, row, setting)
        yield patch


def _in_row(patch: Patch, row: ClassRow, setting: Setting) -> Patch:
    purposes = setting.words.read("purpose", row.purposes)
    narrowed = patch.asking("purpose", _within, setting.words, purposes)
    return narrowed.asking("standing", _belongs, row, patch.loose)


def _belongs(row: ClassRow, loose: bool, standing: Standing) -> bool:  # noqa: FBT001 - a manner, bound once
    """Whether a recipient of this standing is in the row; where that is not known, `loose`."""
    found = row.holds(standing[0], standing[1])
    return loose if found is None else found


def _treats(via: str | None, loose: bool, standing: Standing) -> bool:  # noqa: FBT001 - as above
    _, treating, came_by = standing
    return came_by == via and (treating is True or (loose and treating is None))


def _within(words: Vocabulary, purposes: frozenset[str], purpose: str) -> bool:
    return words.covers("purpose", purposes, purpose)


def is_code(wanted: str, value: str) -> bool:
    """Whether a value is the code that is wanted."""
    return value == wanted


def _is_not(wanted: str, value: str) -> bool:
    return value != wanted
