"""What a signature changes, in detail: the cells of each person and kind together say what the proof says."""

from __future__ import annotations

from itertools import islice

import pytest

from recoverycore.consent.plan import compare, signing
from tests.consent.papers import box, paper
from tests.consent.plan.drawn import Drawn, drawn
from tests.consent.plan.test_comparing import of, plan, tree


def true(one: Drawn) -> None:
    """Each cell is what it is told as, and a direction has cells just where the proof has one."""
    old, new = one.plans
    found, proof = signing(old, new), compare(old, new)
    assert (found.verdict, bool(found.gained), bool(found.lost)) == (proof.verdict, proof.gained is not None, proof.lost is not None)
    for cells, answers in ((found.gained, (False, True)), (found.lost, (True, False)), (found.stays, (True, True))):
        assert all((old.permits(cell), new.permits(cell)) == answers for cell in cells)


def test_the_details_of_many_changes_are_true_and_none_is_without() -> None:
    for one in islice(drawn(20260801), 8):
        true(one)


@pytest.mark.prove
@pytest.mark.parametrize("profiles", [(), ("us.42cfr2",)])
def test_the_details_of_very_many_changes_are_true_and_none_is_without(profiles: tuple[str, ...]) -> None:
    for one in islice(drawn(20260802, *profiles), 20 if profiles else 300):
        true(one)


def test_each_person_is_told_of_with_each_kind() -> None:
    both = [{"person": "dana"}, {"person": "kim", "org": "away"}, {"org": "westend"}]
    found = signing(plan(), plan(paper(boxes=[box(recipients=both, categories=["plan", "lab"])])))
    seen = {(cell.recipient.id, cell.recipient.org, cell.category) for cell in found.gained}
    assert seen == {(who, at, what) for who, at in (("dana", None), ("kim", "away"), ("westend", None)) for what in ("plan", "lab")}


def test_whom_a_tree_names_is_told_of() -> None:
    assert {cell.recipient.id for cell in signing(of(), of(tree())).gained} == {"dana"}


def test_a_change_that_no_known_category_shows_is_told_of_all_the_same() -> None:
    refused = paper("d1", polarity="deny", boxes=[box(categories=["lab"])])
    anything = paper(boxes=[box(categories="*")])
    found = signing(plan(anything), plan(anything, refused, paper("g2", boxes=[box(categories=["lab"])], supersedes=[])))
    assert [cell.category for cell in found.lost] == ["lab"]
    dated = paper("d1", polarity="deny", boxes=[box(categories=["lab"])], **{"except": [{"categories": ["lab"]}]})
    assert [cell.category for cell in signing(plan(anything), plan(anything, dated)).lost] == [None]
