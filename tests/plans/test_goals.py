"""A goal as a document, and its way through proposed, agreed, active and done."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans import Goal, GoalEvent, StatusChange, change_status
from tests.plans.goal_strategies import goal

STATUSES = ["proposed", "accepted", "active", "on-hold", "completed", "cancelled", "rejected", "entered-in-error"]
ALLOWED = {
    ("proposed", "accepted"), ("proposed", "rejected"), ("accepted", "active"), ("accepted", "cancelled"), ("active", "on-hold"),
    ("active", "completed"), ("active", "cancelled"), ("on-hold", "active"), ("on-hold", "completed"), ("on-hold", "cancelled"),
    ("completed", "active"), ("cancelled", "active"), ("rejected", "proposed"),
}  # fmt: skip
AT = {"at": "2026-03-02T12:00:00Z", "recorded_at": "2026-03-02T12:05:00Z"}


def change(to: str, by: str | None = "client", reason: str | None = "moving house") -> StatusChange:
    said = {"by": by, "reason": reason}
    return StatusChange.model_validate({"to": to, **AT, **{name: text for name, text in said.items() if text is not None}})


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("to", STATUSES)
def test_only_the_steps_of_the_life_cycle_are_taken(status: str, to: str) -> None:
    allowed = (status, to) in ALLOWED or (to == "entered-in-error" != status)
    answer = change_status(goal(status=status), change(to))
    assert (answer.result, answer.goal.status) == (("ok", to) if allowed else ("transition_refused", status))


@pytest.mark.parametrize("to", ["on-hold", "cancelled", "entered-in-error"])
@pytest.mark.parametrize("reason", [None, "", "  "])
def test_putting_a_goal_aside_wants_a_reason_that_is_not_blank(to: str, reason: str | None) -> None:
    assert change_status(goal(status="active"), change(to, reason=reason)).result == "reason_missing"


def test_going_on_wants_no_reason() -> None:
    assert change_status(goal(status="active"), change("completed", reason=None)).result == "ok"


@pytest.mark.parametrize("by", [None, "", " "])
def test_nobody_changes_nothing(by: str | None) -> None:
    assert change_status(goal(status="active"), change("completed", by=by)).result == "actor_missing"


def test_the_checks_come_in_their_order() -> None:
    found = [change_status(goal(status="active"), change(to, by=None, reason=None)).result for to in ("paused", "accepted", "on-hold")]
    assert found == ["status_unknown", "transition_refused", "actor_missing"]


@pytest.mark.parametrize("event", ["lapse", "missed_contact", "score"])
@pytest.mark.parametrize("status", STATUSES)
def test_an_event_is_recorded_and_changes_no_status(event: str, status: str) -> None:
    happened = GoalEvent.model_validate({"event": event, **AT})
    answer = change_status(goal(status=status), happened)
    assert (answer.result, answer.goal.status, answer.goal.history) == ("ok", status, (happened,))


@given(st.lists(st.sampled_from(STATUSES)))
def test_the_history_only_grows_and_ends_where_the_goal_stands(steps: list[str]) -> None:
    here = goal()
    for each in steps:
        answer = change_status(here, change(each))
        grown = here.history if answer.result != "ok" else (*here.history, change(each))
        assert answer.goal.history == grown
        here = answer.goal
    taken = [each.to for each in here.history if isinstance(each, StatusChange)]
    assert here.status == (taken[-1] if taken else "proposed")


def test_a_history_comes_back_as_it_was_written() -> None:
    changed = change_status(change_status(goal(), change("accepted")).goal, GoalEvent.model_validate({"event": "lapse", **AT})).goal
    assert Goal.model_validate(changed.to_data()) == changed


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_own_words_come_out_as_they_went_in(words: str) -> None:
    written = Goal.model_validate({"id": "g1", "words": words, "why": words, "barriers": [words]}).to_data()
    assert (written["words"], written["why"], written["barriers"]) == (words, words, [words])


def test_own_words_show_in_no_repr_and_no_error() -> None:
    words_of_hers = "bluebird lane"
    made = goal(words=words_of_hers, why=words_of_hers, strengths=[words_of_hers], barriers=[words_of_hers])
    with pytest.raises(DocumentError) as caught:
        Goal.model_validate({**made.to_data(), "status": words_of_hers})
    assert words_of_hers not in repr(made) + str(made) + str(caught.value) + repr(
        change_status(made, change("accepted", reason=words_of_hers))
    )


@pytest.mark.parametrize("domain", ["meaning", "housing", "county.gardening", "county:gardening"])
def test_a_domain_is_one_of_the_list_or_has_a_namespace(domain: str) -> None:
    assert goal(domain=domain).domain == domain


def test_another_domain_is_refused() -> None:
    with pytest.raises(DocumentError, match="not_listed"):
        goal(domain="gardening")


@pytest.mark.parametrize(("measure", "target"), [("days", 3), ("count", 0), ("ratio", 0.5), ("ratio", 1), ("ratio", 0)])
def test_a_target_fits_its_measure(measure: str, target: float) -> None:
    assert goal(measure=measure, target=target).to_data()["target"] == target


@pytest.mark.parametrize(
    ("measure", "target"), [("days", 2.5), ("count", 0.5), ("ratio", 2), ("ratio", 1.5), ("days", -1), ("ratio", -0.5)]
)
def test_a_target_that_does_not_fit_is_refused(measure: str, target: float) -> None:
    with pytest.raises(DocumentError, match="bad_value"):
        goal(measure=measure, target=target)


def test_a_goal_does_not_end_before_it_starts() -> None:
    with pytest.raises(DocumentError, match="end_before_start"):
        goal(start="2026-03-02", until="2026-03-01")


def test_a_goal_may_be_for_one_day() -> None:
    assert goal(start="2026-03-02", until="2026-03-02").until == date(2026, 3, 2)


@pytest.mark.parametrize("fields", [{"importance": 11}, {"confidence": -1}, {"rulers": [{"date": "2026-03-02", "importance": 11}]}])
def test_a_ruler_goes_from_nought_to_ten(fields: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match="bad_value"):
        goal(**fields)


def test_no_barriers_and_not_asked_are_told_apart() -> None:
    assert (Goal(id="g").barriers, Goal(id="g", barriers=()).barriers) == (None, ())
