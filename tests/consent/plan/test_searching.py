"""The search among classes of cells: what it leaves out so that it ends, and what it refuses to answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Discloser, Facts, Recipient
from recoverycore.consent.plan import Cell, compare, searching, signing
from recoverycore.consent.plan.searching import checked
from recoverycore.errors import DocumentError, RecoveryError
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.test_comparing import of, plan, tree

if TYPE_CHECKING:
    from collections.abc import Callable


Json = dict[str, Any]
NAMES = [f"n{number}" for number in range(6)]
ALL = box(labels="*", categories="*", purposes="*", recipients="*", actions="*")


def refused(ask: Callable[[], Any]) -> str:
    with pytest.raises(DocumentError) as caught:
        ask()
    return caught.value.name


def told_apart(polarity: str, *axes: str) -> list[Json]:
    """Papers each of which is about one value of one axis: together they tell every combination of these apart."""
    by_axis = {"recipients": lambda name: [{"person": name}], "roles": lambda name: [{"role": name}]}
    return [
        paper(
            f"{axis} {name}",
            polarity=polarity,
            boxes=[{**ALL, "recipients" if axis == "roles" else axis: by_axis.get(axis, lambda name: [name])(name)}],
        )
        for axis in axes
        for name in NAMES
    ]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Has the search give up where there are more classes than so many."""
    return lambda number: monkeypatch.setattr(searching, "AT_MOST", number)


# -- what is left out -------------------------------------------------------------------------------------------------------------
AXES = ("recipients", "purposes", "categories")
REFUSED, GIVEN = told_apart("deny", *AXES), told_apart("permit", *AXES)


def test_what_nothing_permits_any_more_is_not_looked_through(few: Callable[[int], None]) -> None:
    few(30)
    given = paper(boxes=[box(recipients=[{"person": NAMES[0]}], purposes=[NAMES[0]], categories=[NAMES[0]])])
    assert plan(given, *REFUSED).always_denied().holds
    assert (
        refused(lambda: plan(paper(boxes=[ALL]), *REFUSED, paper("d1", polarity="deny", boxes=[ALL])).always_denied()) == "plan_too_large"
    )


def test_what_no_paper_tells_apart_that_was_changed_is_not_looked_through(few: Callable[[int], None]) -> None:
    few(60)
    before = [paper(boxes=[ALL]), *GIVEN]
    after = [*before, paper("g2", boxes=[box(recipients=[{"person": NAMES[0]}], purposes=[NAMES[0]], categories=[NAMES[0]])])]
    assert compare(plan(*before), plan(*after)).verdict == "equal"
    assert plan(*after[1:]).redundant() == ("g2",)
    assert plan(*after).what_if_revoked("g2", NOON).lost is None
    assert signing(plan(*before), plan(*after)).verdict == "equal"
    few(40)
    assert [cell.recipient.id for cell in signing(plan(*GIVEN), plan(*GIVEN, paper())).gained] == ["dana"]


PURPOSES = told_apart("deny", "purposes")
NURSES = paper("nurses", boxes=[{**ALL, "recipients": [{"role": "nurse"}]}])


def test_who_holds_a_role_counts_only_where_that_may_be_permitted(few: Callable[[int], None]) -> None:
    few(8)
    given = [paper(f"for {name}", boxes=[{**ALL, "recipients": [{"role": "nurse"}], "purposes": [name]}]) for name in NAMES]
    assert plan(*PURPOSES, *given).always_denied().holds


def test_who_holds_a_role_counts_only_where_that_is_what_was_changed(few: Callable[[int], None]) -> None:
    before = [paper(boxes=[ALL]), *PURPOSES]
    few(8)
    assert compare(plan(*before), plan(*before, NURSES)).verdict == "equal"
    few(10)
    assert refused(plan(*before, NURSES, paper("d1", polarity="deny", boxes=[ALL])).always_denied) == "plan_too_large"


def test_what_a_role_gives_for_one_purpose_it_does_not_give_for_another() -> None:
    empty = paper(boxes=[{**ALL, "purposes": ["care"]}], **{"except": [{"purposes": ["care"]}]})
    nurses = paper("nurses", boxes=[{**ALL, "recipients": [{"role": "nurse"}], "purposes": ["payment"]}])
    assert plan(empty, nurses).never({"purpose": "care"}).holds
    assert not plan(empty, nurses).never({"purpose": "payment"}).holds


def test_of_whom_nobody_asked_which_roles_they_hold_is_somebody_too() -> None:
    nurses = [{"role": "nurse"}]
    lifted = paper("d1", polarity="deny", boxes=[{**ALL, "recipients": nurses}], **{"except": [{"recipients": nurses}]})
    found = compare(plan(paper(boxes=[ALL])), plan(paper(boxes=[ALL]), lifted)).lost
    assert found is not None
    assert found.recipient.roles is None


def test_too_much_to_look_through_is_an_error_on_whichever_axis_it_shows(few: Callable[[int], None]) -> None:
    few(30)
    given = [paper(each["id"], boxes=[{**each["boxes"][0], "categories": ["plan"]}]) for each in told_apart("permit", *AXES[:2])]
    assert refused(lambda: plan(*given).never({"category": "lab"})) == "plan_too_large"


def test_once_every_question_has_its_cell_nothing_more_is_looked_through(few: Callable[[int], None]) -> None:
    few(30)
    assert not plan(paper(boxes=[ALL]), *GIVEN).always_denied().holds


def test_under_a_law_no_more_is_decided_on_than_what_papers_and_law_tell_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    given = [tree(decision="deny", root={}), paper(boxes=[ALL])]
    telling = [tree(name, decision="deny", root={"purpose": [name]}) for name in NAMES]
    monkeypatch.setattr(searching, "DECIDED_AT_MOST", 1)
    assert of(*given).always_denied().holds
    assert refused(lambda: of(*given, *telling).always_denied()) == "plan_too_large"


# -- what is found ----------------------------------------------------------------------------------------------------------------
CLINIC = Discloser(id="harbor", kind="part2_program")


def test_a_cell_shows_who_was_meant_to_release_with_all_that_is_known_of_them() -> None:
    found = plan(paper()).never({}, discloser=CLINIC).witness
    assert found is not None
    assert found.discloser is CLINIC


def test_a_cell_has_each_value_that_it_was_found_for() -> None:
    period = {"start": "2026-02-02", "end": "2026-02-02"}
    given = paper(discloser="harbor", starts="2026-03-01", boxes=[box(labels=["HIV"], actions=["use"], data_period=period)])
    found = plan(given).never({"label": "HIV"}).witness
    assert found is not None
    assert (found.discloser, found.recipient.id, found.purpose, found.action) == (Discloser(id="harbor"), "dana", "treatment", "use")
    assert (found.labels, found.category, str(found.data_date)) == (("HIV",), "plan", "2026-02-02")
    assert (found.at, found.source) == (datetime(2026, 3, 1, tzinfo=UTC), None)


def test_what_a_source_brings_along_is_on_every_record_of_a_question() -> None:
    facts = Facts(sources={"lab": ("HIV",)})
    assert plan(paper(boxes=[box(labels=["SUD"])]), facts=facts).never({}, source="lab").holds
    refusing = paper("d1", polarity="deny", boxes=[box(labels=["HIV"])])
    assert plan(paper(), refusing, facts=facts).never({}, source="lab").holds
    both = plan(paper(boxes=[box(labels=["HIV", "SUD"])]), facts=facts).never({}, source="lab")
    assert both.witness is not None
    assert both.witness.source == "lab"


def test_plans_that_disagree_about_a_source_are_not_compared() -> None:
    one, other = (plan(paper(), facts=Facts(sources={"lab": (label,)})) for label in ("HIV", "SUD"))
    assert refused(lambda: compare(one, other, source="lab")) == "plans_unlike"
    assert compare(one, other).verdict == "equal"
    assert compare(one, one, source="lab").verdict == "equal"


def test_a_copy_in_either_plan_is_refused() -> None:
    copied = plan(paper(), facts=Facts.model_validate({"held_copy": {"holder": "org:a", "received_under": "g1"}}))
    assert refused(lambda: compare(plan(paper()), copied)) == "plan_of_a_copy"
    assert refused(lambda: compare(copied, plan(paper()))) == "plan_of_a_copy"


def test_a_cell_that_the_decision_does_not_confirm_is_never_shown() -> None:
    cell = Cell(discloser=CLINIC, recipient=Recipient(id="eli"), purpose="treatment", action="use", labels=(), category=None, at=NOON)
    plans = (plan(paper()), plan())
    assert checked(cell, plans, lambda answers: answers == (False, False)) is cell
    with pytest.raises(RecoveryError, match="plan_disagrees"):
        checked(cell, plans, all)


# -- sets of labels and of roles --------------------------------------------------------------------------------------------------
LABELS = ["SUD", "HIV", "SEX", "ETH"]


def lost_for(**refusals: Any) -> tuple[str, ...] | None:
    """The labels of a record that a refusal takes away, while others are lifted from it."""
    wide = paper(boxes=[ALL])
    found = compare(plan(wide), plan(wide, paper("d1", polarity="deny", **refusals))).lost
    return None if found is None else found.labels


def test_a_refusal_that_each_of_some_labels_lifts_is_found_for_another_label() -> None:
    assert lost_for(boxes=[{**ALL, "labels": LABELS}], **{"except": [{"labels": ["SUD", "HIV", "SEX"]}]}) is not None
    assert lost_for(boxes=[{**ALL, "labels": ["SUD"]}], **{"except": [{"labels": ["SUD", "HIV"]}]}) == ("SUD", "(any other label)")


def test_permits_for_a_label_each_give_together_what_none_of_them_gives_and_one_of_all_gives_them_together() -> None:
    alone = [paper(label, boxes=[box(labels=[label])]) for label in LABELS]
    found = compare(plan(*alone), plan(*alone, paper("all", boxes=[box(labels=LABELS)])))
    assert found.gained is not None
    assert len(found.gained.labels) == 2


def test_what_every_label_refuses_a_record_without_labels_may_show() -> None:
    found = plan(paper(boxes=[box(labels=["SUD"])]), paper("d1", polarity="deny", boxes=[box(labels=["SUD"])])).always_denied().witness
    assert found is not None
    assert found.labels == ()


def test_what_a_label_of_the_source_meets_for_one_purpose_it_does_not_meet_for_another() -> None:
    facts = Facts(sources={"lab": ("HIV",)})
    empty = paper(boxes=[{**ALL, "purposes": ["care"]}], **{"except": [{"purposes": ["care"]}]})
    given = paper("hiv", boxes=[{**ALL, "labels": ["HIV"], "purposes": ["payment"]}])
    lifted = paper("d1", polarity="deny", boxes=[{**ALL, "labels": ["HIV"], "purposes": ["research"]}])
    made = plan(empty, given, lifted, facts=facts)
    assert made.never({"purpose": "care"}, source="lab").holds
    assert made.never({"purpose": "research"}, source="lab").holds
    assert made.never({"purpose": "payment"}, source="lab").witness is not None
    assert compare(plan(paper(boxes=[ALL]), facts=facts), plan(paper(boxes=[ALL]), lifted, facts=facts), source="lab").lost is not None


def test_a_refusing_tree_with_an_exception_that_gives_is_alive_as_soon_as_one_label_brings_it_in() -> None:
    root = {"labels": ["HIV", "SUD"]}
    gives = tree(decision="deny", root=root, provisions=[{"labels": ["SUD"], "purpose": ["payment"]}])
    refused_too = tree("t2", decision="deny", root={"labels": ["SEX"]})
    found = of(gives, refused_too).always_denied().witness
    assert found is not None
    assert "SUD" in found.labels


def test_labels_that_nothing_permits_are_not_put_together(few: Callable[[int], None]) -> None:
    few(20)
    refusals = [paper(name, polarity="deny", boxes=[{**ALL, "labels": [name]}]) for name in NAMES]
    nobody = paper("d1", polarity="deny", boxes=[ALL])
    assert plan(paper("one", boxes=[{**ALL, "labels": ["SUD"]}]), nobody, *refusals).always_denied().holds
    assert refused(lambda: plan(paper("any", boxes=[ALL]), nobody, *refusals).always_denied()) == "plan_too_large"


def test_roles_are_put_together_as_far_as_papers_tell_them_apart(few: Callable[[int], None]) -> None:
    nobody = paper("d1", polarity="deny", boxes=[ALL])
    few(2**6)
    assert plan(*told_apart("permit", "roles"), nobody).always_denied().holds
    few(2**6 - 1)
    assert refused(lambda: plan(*told_apart("permit", "roles"), nobody).always_denied()) == "plan_too_large"
