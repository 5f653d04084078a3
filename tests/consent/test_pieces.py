"""The long proofs of consent in small pieces, each with worlds of its own, so that what is wrong meets the first that notices it soon."""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Discloser
from recoverycore.consent.documents import Revocation
from recoverycore.consent.plan import Cell, compare
from recoverycore.consent.plan.plan import _revoked
from recoverycore.errors import RecoveryError
from recoverycore.testing.consent import disagreements, worlds
from tests.consent.fast import decided_by_it
from tests.consent.plan.drawn import drawn
from tests.consent.plan.test_comparing import agrees
from tests.consent.plan.test_deciding import answered
from tests.consent.plan.test_signing import true
from tests.consent.test_agreement import CORE, FAST, REFERENCE, TREES
from tests.consent.test_reference_cases import wrong
from tests.consent.test_suite_more import CASES, OF_TREES
from tests.suite.judge_consent import judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from recoverycore.consent.plan import Plan
    from recoverycore.testing.consent import World
    from tests.consent.plan.test_deciding import Answered

Json = dict[str, Any]
pytestmark = pytest.mark.prove
PIECES = range(7001, 7007)
OF_STORIES = {"core": (CORE, 100), "law": (None, 100), "trees": (TREES, 60)}


def some(seed: int, of: str, share: int = 1) -> Iterator[World]:
    """The worlds of one piece."""
    stories, number = OF_STORIES[of]
    return islice(worlds(seed, stories) if stories else worlds(seed), number // share)


@pytest.mark.parametrize("case", [*CASES, *OF_TREES], ids=lambda case: case["id"])
def test_both_deciders_decide_as_the_case_says(case: Json) -> None:
    assert judge(case) == wrong(case) == []


@pytest.mark.parametrize("seed", PIECES)
@pytest.mark.parametrize("of", OF_STORIES)
def test_both_deciders_agree(of: str, seed: int) -> None:
    assert next(disagreements(FAST, decided_by_it(some(seed, of)), REFERENCE), None) is None


@pytest.mark.parametrize("seed", PIECES)
@pytest.mark.parametrize("of", OF_STORIES)
def test_a_plan_decides_as_the_decision_does(of: str, seed: int) -> None:
    for each in answered(some(seed, of, 2)):
        assert (each.here, each.here.failed, each.here.inputs_digest) == (each.there, each.there.failed, each.there.inputs_digest)


def cells(each: Answered) -> Iterator[Cell]:
    """What is asked for, record by record and purpose by purpose."""
    request = each.request
    for record in request.records:
        for purpose in request.purposes:
            yield Cell(
                discloser=request.discloser or Discloser(id="somebody"),
                recipient=request.recipient,
                purpose=purpose,
                action=request.action,
                labels=tuple(record.labels),
                category=record.category,
                at=request.at,
                data_date=record.date,
                class_=record.class_,
                code=record.code,
            )


def without_one(plan: Plan, at: datetime) -> Iterator[tuple[Plan, bool]]:
    """The plan with each of its papers taken away, and with each revoked."""
    for paper in plan.directives:
        yield plan.without(paper.id), False
        others = (_revoked(each, Revocation(at=at, written=True)) if each is paper else each for each in plan.directives)
        yield plan._with(tuple(others)), True


@pytest.mark.parametrize("seed", PIECES)
@pytest.mark.parametrize("of", OF_STORIES)
def test_what_a_comparison_says_holds_for_what_is_asked(of: str, seed: int) -> None:
    for each in answered(some(seed, of, 20 if of == "law" else 10)):
        for less, _ in without_one(each.plan, each.request.at):
            try:
                found = compare(each.plan, less)
            except RecoveryError:
                continue
            for cell, answers in ((found.gained, (False, True)), (found.lost, (True, False))):
                assert cell is None or (each.plan.permits(cell), less.permits(cell)) == answers
            for cell in cells(each):
                before, after = each.plan.permits(cell), less.permits(cell)
                assert found.lost or not (before and not after)
                assert found.gained or not (after and not before)


def questions(cell: Cell) -> Iterator[dict[str, str]]:
    """Questions that the cell is an answer to."""
    whole = {"purpose": cell.purpose, "action": cell.action, "recipient": cell.recipient.id}
    whole |= {"category": cell.category} if cell.category else {}
    yield whole
    yield {"purpose": cell.purpose}
    yield {"discloser": cell.discloser.id}
    yield {"recipient": cell.recipient.org or cell.recipient.id}
    for label in cell.labels:
        yield {"label": label}


@pytest.mark.parametrize("seed", PIECES)
@pytest.mark.parametrize("of", OF_STORIES)
def test_what_never_happens_does_not_happen(of: str, seed: int) -> None:
    for each in answered(some(seed, of, 20 if of == "law" else 10)):
        for cell in cells(each):
            for where in questions(cell):
                try:
                    found = each.plan.never(where)
                except RecoveryError:
                    continue
                assert found.holds is (found.witness is None)
                assert not (found.holds and each.plan.permits(cell))
                assert found.witness is None or each.plan.permits(found.witness)


@pytest.mark.parametrize("seed", PIECES)
@pytest.mark.parametrize("profiles", [(), ("us.42cfr2",)])
def test_verdicts_and_counts_are_those_of_trying_everything(profiles: Sequence[str], seed: int) -> None:
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    for one in islice(drawn(seed, *profiles), 1 if profiles else 6):
        agrees(one, random)
        if not profiles:
            true(one)
