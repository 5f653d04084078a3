"""The cells of a listed vocabulary that plans permit, counted: no value is looked at that is not in the list."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import define

from recoverycore.consent.plan.cells import Cell, ListedVocabulary
from recoverycore.consent.plan.searching import checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.searching import Wanted
    from recoverycore.consent.plan.where import Where
    from recoverycore.consent.posets import Axis

__all__ = ["Counted", "cells_of", "count"]


@define
class Counted:
    """How many cells there are, and the first of them."""

    number: int = 0
    first: Cell | None = None


def count(plans: Sequence[Plan], listed: ListedVocabulary, where: Where, questions: Mapping[str, Wanted]) -> dict[str, Counted]:
    """For each of `questions`, how many cells of `listed` inside `where` the plans answer so."""
    found = {name: Counted() for name in questions}
    for cell in cells_of(listed):
        if not _inside(cell, where, plans[0]):
            continue
        answers = tuple(plan.permits(cell) for plan in plans)
        for name, question in questions.items():
            if question(answers):
                found[name].number += 1
                found[name].first = found[name].first or checked(cell, plans, question)
    return found


def cells_of(listed: ListedVocabulary) -> Iterator[Cell]:
    """Every cell of `listed`."""
    axes = listed.recipients, listed.actions, listed.purposes, listed.label_sets, listed.categories, listed.instants, listed.data_dates
    for recipient, action, purpose, labels, category, at, day in product(*axes):
        yield Cell(
            discloser=listed.discloser,
            recipient=recipient,
            purpose=purpose,
            action=action,
            labels=labels,
            category=category,
            at=at,
            data_date=day,
            source=listed.source,
        )


def _inside(cell: Cell, where: Where, plan: Plan) -> bool:
    words = where.words
    codes: tuple[tuple[Axis, Any], ...] = (("category", cell.category), ("purpose", cell.purpose), ("action", cell.action))
    return (
        (where.since is None or cell.at >= where.since)
        and all(where.takes(axis, each) for axis, value in codes for each in words.read(axis, [value]))
        and (not where.codes("label") or where.takes_labels(plan.labels_of(cell)))
        and where.takes_recipient(cell.recipient.id, cell.recipient.org)
        and where.takes_discloser(cell.discloser.id)
    )
