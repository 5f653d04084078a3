"""What a signature changes, person by person and kind by kind: what they may see then, what no longer, and what stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.consent.plan.answers import Comparison
from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.patches import people_of
from recoverycore.consent.plan.plan import compare, compile_plan
from recoverycore.consent.plan.searching import find
from recoverycore.consent.plan.where import where_of
from recoverycore.consent.plan.words import NO_NAMES, day_text, seen_text
from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from recoverycore.consent.compiled import Paper
    from recoverycore.consent.plan.answers import Verdict
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.searching import Wanted
    from recoverycore.consent.plan.where import Where

__all__ = ["Signing", "signing"]

_ANYBODY = "(anybody else)"
_ANYTHING = "(any other category)"
_CHANGES: dict[str, Wanted] = {"gained": lambda answers: answers == (False, True), "lost": lambda answers: answers == (True, False)}
_STAYS: dict[str, Wanted] = {"stays": lambda answers: answers == (True, True, False)}


@frozen
class Signing:
    """What changes if new papers take the place of old ones, told to whoever would sign them.

    `comparison` is the proof. The cells tell it in detail: one for each person and organisation that the papers name, and for everybody
    else, with each category that they name, and with every other. In `gained` are those that only the new papers permit, in `lost` those
    that only the old ones do, in `stays` those that both do and no law without a paper. Purpose, labels and day of a cell are one example;
    `since` is the first instant that counts.
    """

    comparison: Comparison
    gained: tuple[Cell, ...]
    lost: tuple[Cell, ...]
    stays: tuple[Cell, ...]
    since: datetime | None
    zone: str | None

    @property
    def verdict(self) -> Verdict:
        """``equal``, ``narrower``, ``wider`` or ``both``."""
        return self.comparison.verdict

    def explain(self, names: Mapping[str, str] = NO_NAMES) -> str:
        """A plain sentence for each cell: what is new, what ends, what stays. `names` are the host's own for ids and codes."""

        def seen(cell: Cell) -> str:
            return seen_text(cell, self.zone, names)

        told = [f"New: the new version lets {seen(cell)}; the old one did not." for cell in self.gained]
        told += [f"Ends: the old version let {seen(cell)}; the new one does not." for cell in self.lost]
        told = told or ["Nothing changes about who can see what."]
        told += [f"Stays: both let {seen(cell)}." for cell in self.stays] or ["Nothing stays that anybody could see before."]
        return "\n".join([*([] if self.since is None else [f"From {day_text(self.since, self.zone)} on:"]), *told])

    def __str__(self) -> str:
        return self.explain()

    def to_data(self) -> dict[str, Any]:
        """The same as plain data."""
        cells = {name: [each.to_data() for each in getattr(self, name)] for name in ("gained", "lost", "stays")}
        return {"verdict": self.verdict, **cells}


def signing(old: Plan, new: Plan, from_: datetime | None = None) -> Signing:
    """What changes from `from_` on if `new` takes the place of `old`; left out, at all times.

    Errors: ``naive_time``, ``plan_too_large``, ``plan_of_a_copy``, ``plans_unlike``, ``profile_untold``.
    """
    compared = compare(old, new, from_)
    papers = (*old.consents.papers, *new.consents.papers)
    people: dict[str, set[str | None]] = {_ANYBODY: set()}
    for who, place in _people(papers):
        people.setdefault(who, set()).add(place)
    kinds = (*sorted(set(_categories(papers))), _ANYTHING)
    setting = old.setting
    lawful = compile_plan((), setting.profiles, setting.client, old.facts, policy=setting.policy)
    found: dict[str, list[Cell]] = {"gained": [], "lost": [], "stays": []}
    for who in sorted(people, key=lambda name: (name == _ANYBODY, name)):
        whom = evolve(where_of(setting, {}, since=from_), exactly=who)
        named = evolve(whom, places=frozenset(people[who] - {None}))
        changed = {} if compared.verdict == "equal" else _of((whom, named), kinds, (old, new), _CHANGES)
        for name, cells in (changed | _of((whom, named), kinds, (old, new, lawful), _STAYS)).items():
            found[name] += cells
    for name, cell in (("gained", compared.gained), ("lost", compared.lost)):
        found[name] += [cell] if cell is not None and not found[name] else []
    told = {name: tuple(each) for name, each in found.items()}
    return Signing(compared, told["gained"], told["lost"], told["stays"], from_, setting.client.zone)


def _of(wheres: Iterable[Where], kinds: Iterable[str], plans: tuple[Plan, ...], questions: Mapping[str, Wanted]) -> dict[str, list[Cell]]:
    """For each question a cell with each of `kinds`, in the first of `wheres` that has any.

    Where only a record of no known category shows it, that one is told.
    """
    for where in wheres:
        any_kind = find(plans, where, questions, differing=True)
        if any_kind:
            inside = [evolve(where, named={"category": where.words.read("category", [kind])}) for kind in kinds]
            by_kind = [find(plans, each, questions, differing=True) for each in inside]
            return {name: [each[name] for each in by_kind if name in each] or [cell] for name, cell in any_kind.items()}
    return {}


def _people(papers: Iterable[Paper]) -> Iterator[tuple[str, str | None]]:
    """Everybody whom the papers name by an id, and where, if they are meant there alone."""
    for paper in papers:
        for box in (*paper.boxes, *paper.excepts):
            selectors = [each for each in box.recipients if not isinstance(each, str)]
            yield from ((name, place) for _, name, place in people_of(selectors))
        actors = [each.actors or frozenset() for each in (paper.branch.everywhere() if paper.branch else ())]
        revoked = [each.recipients or frozenset() for each in paper.revocations]
        yield from ((name, None) for names in (*actors, *revoked) for name in names - {STAR})


def _categories(papers: Iterable[Paper]) -> Iterator[str]:
    """Every category that the papers name."""
    for paper in papers:
        regions = (*paper.boxes, *paper.excepts, *(each.region for each in (paper.branch.everywhere() if paper.branch else ())))
        for region in regions:
            yield from region.categories - {STAR}
