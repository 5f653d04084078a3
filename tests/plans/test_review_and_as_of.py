"""When a plan is looked at again, and which revision of it was in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans import (
    REVIEW_WITHIN_DAYS,
    ClientSettings,
    Content,
    History,
    PlanDates,
    PlanEvent,
    ReviewDue,
    activate,
    draft,
    plan_at,
    retire,
    review_due,
)

START = datetime(2026, 2, 1, 16, tzinfo=UTC)
DAY = timedelta(days=1)
UTC_HOME = ClientSettings(zone="UTC")


def event(kind: str, days: int, name: str = "e") -> PlanEvent:
    return PlanEvent(id=name, kind=kind, recorded_at=START + days * DAY)


def due(*events: PlanEvent, at: datetime = START + 30 * DAY, **dates: Any) -> ReviewDue:
    return review_due(PlanDates.model_validate({"activated_at": START, **dates}), events, at, UTC_HOME)


@pytest.mark.parametrize(("kind", "days"), [*REVIEW_WITHIN_DAYS.items(), ("something else", 7)])
def test_each_kind_of_event_has_its_time(kind: str, days: int) -> None:
    assert due(event(kind, 1)).due == START + (1 + days) * DAY


def test_a_host_may_set_another_time() -> None:
    found = review_due(PlanDates(activated_at=START), [event("lapse", 1)], START + DAY, UTC_HOME, within_days={"lapse": 2})
    assert found.due == START + 3 * DAY


def test_what_is_recorded_later_is_not_known_yet() -> None:
    assert due(event("lapse", 31)).due is None


def test_what_was_recorded_with_the_activation_came_before_it() -> None:
    assert due(event("lapse", 0)).due is None


def test_a_review_clears_what_came_before_it_and_starts_the_calendar_anew() -> None:
    found = due(event("overdose", 1), event("reviewed", 2, "r"), review_every_days=90)
    assert (found.due, found.because) == (START + 92 * DAY, ("calendar",))


def test_a_review_of_the_plan_before_it_changes_nothing() -> None:
    assert due(event("reviewed", -5, "r"), review_every_days=10).due == START + 10 * DAY


def test_a_day_of_review_that_a_look_has_passed_is_gone() -> None:
    assert due(review_on=date(2026, 2, 20)).due == datetime(2026, 2, 20, tzinfo=UTC)
    assert due(event("reviewed", 20, "r"), review_on=date(2026, 2, 20)).due is None


def test_everything_that_falls_on_one_instant_is_named() -> None:
    found = due(event("lapse", 1, "b"), event("transition", 1, "a"), review_every_days=8)
    assert found.because == ("a", "b", "calendar")


@pytest.mark.parametrize(("seconds", "state"), [(-1, "open"), (0, "overdue")])
def test_a_review_is_overdue_at_its_due_instant(seconds: int, state: str) -> None:
    assert due(at=START + 10 * DAY + timedelta(seconds=seconds), review_every_days=10).state == state


@pytest.mark.parametrize(("at", "expiry"), [("2026-02-20T23:59:59Z", "in_force"), ("2026-02-21T00:00:00Z", "expired")])
def test_the_last_day_still_counts(at: str, expiry: str) -> None:
    assert due(at=datetime.fromisoformat(at), expires_on=date(2026, 2, 20)).expiry == expiry


@given(
    st.lists(st.tuples(st.sampled_from([*REVIEW_WITHIN_DAYS, "reviewed", "other"]), st.integers(-5, 40)), max_size=6), st.integers(0, 40)
)
def test_the_order_of_events_never_matters(made: list[tuple[str, int]], days: int) -> None:
    events = [event(kind, day, f"e{n}") for n, (kind, day) in enumerate(made)]
    at = START + days * DAY
    assert due(*events, at=at, review_every_days=30) == due(*reversed(events), at=at, review_every_days=30)


@given(st.integers(1, 30), st.integers(1, 30), st.sampled_from([*REVIEW_WITHIN_DAYS, "other"]))
def test_an_event_never_puts_a_review_off(first: int, second: int, kind: str) -> None:
    before = due(event("lapse", first), review_every_days=20).due
    after = due(event("lapse", first), event(kind, second, "more"), review_every_days=20).due
    assert before is not None
    assert after is not None
    assert after <= before


def test_without_a_zone_it_says_what_has_to_be_asked() -> None:
    with pytest.raises(DocumentError) as caught:
        review_due(PlanDates(activated_at=START), [], START, ClientSettings())
    assert caught.value.name == "settings_missing"


def history() -> History:
    """Two revisions, one day after the other, and the second retired two days later."""
    content = Content.model_validate({})
    made = History()
    for n in (1, 2):
        fields: dict[str, Any] = {"authors": ("client",), "reason": "it was time", "based_on": n - 1 or None}
        made = draft(made, START, "care", content=content, **fields).history
        made = activate(made, START + n * DAY, "care", n).history
    made = draft(made, START, "wellness", content=content, authors=("client",)).history
    return retire(made, START + 4 * DAY, "care", 2, by="client", reason="no longer needed").history


@pytest.mark.parametrize(("hours", "n"), [(23, None), (24, 1), (47, 1), (48, 2), (95, 2), (96, None)])
def test_the_revision_in_force_is_the_one_that_held_then(hours: int, n: int | None) -> None:
    found = plan_at(history(), "care", START + timedelta(hours=hours))
    assert (found.n if found else None) == n


def test_a_draft_was_never_in_force() -> None:
    assert plan_at(history(), "wellness", START + 10 * DAY) is None


@given(st.integers(48, 1000))
def test_from_the_last_change_on_it_is_the_active_one(hours: int) -> None:
    made = history()
    kept = made.evolve(revisions=[each.evolve(state="active", ended_at=None) if each.n == 2 else each for each in made.revisions])
    assert plan_at(kept, "care", START + timedelta(hours=hours)) == kept.active("care")
