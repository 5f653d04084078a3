"""What is owed: laws that hold for any obligation, at any instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recoverycore.coordination import Cadence, Obligation, board, check_in, due_of, standing

START = datetime(2026, 6, 1, 9, tzinfo=UTC)
AT = st.integers(-400, 400).map(lambda hours: START + timedelta(hours=hours))
KINDS = st.sampled_from(["task", "court", "review", "debrief"])


@st.composite
def obligations(draw: st.DrawFn) -> Obligation:
    """One obligation with any of its instants known or not."""
    some = st.none() | AT
    given_: dict[str, Any] = {
        "id": draw(st.text("abcdef", min_size=1, max_size=4)),
        "kind": draw(KINDS),
        "opened_at": draw(AT),
        "due_by": draw(some),
        "discharged_at": draw(some),
        "cancelled_at": draw(some),
    }
    return Obligation.model_validate({key: value for key, value in given_.items() if value is not None})


@given(st.lists(obligations(), unique_by=lambda owed: owed.id, max_size=6), AT, st.randoms())
def test_order_never_matters_and_every_obligation_stands_somewhere(owed: list[Obligation], at: datetime, random: Any) -> None:
    found = board(owed, at)
    assert found == board(random.sample(owed, len(owed)), at)
    listed = [*found.overdue, *(each for each, _ in found.lead), *found.waiting, *found.discharged, *found.cancelled, *found.not_yet]
    without_clock = [each.id for each in owed if standing(each, at) == "no_clock"]
    assert sorted([*listed, *without_clock]) == sorted(each.id for each in owed)


@given(obligations(), AT)
def test_nothing_changes_before_the_next_wake(owed: Obligation, at: datetime) -> None:
    wake = board([owed], at).next_wake
    later = at + timedelta(hours=800) if wake is None else wake - timedelta(seconds=1)
    discharged_or_cancelled_later = any(end is not None and at < end for end in (owed.discharged_at, owed.cancelled_at))
    if not discharged_or_cancelled_later and later >= at:
        before, after = board([owed], at), board([owed], later)
        assert (before.overdue, before.lead, before.waiting) == (after.overdue, after.lead, after.waiting)


@given(obligations(), AT)
def test_the_due_instant_is_already_overdue(owed: Obligation, at: datetime) -> None:
    due = due_of(owed, at)
    if standing(owed, at) in ("waiting", "lead", "overdue"):
        assert due is not None
        assert (standing(owed, at) == "overdue") == (at >= due)


def test_a_move_never_rewrites_what_was_overdue_before_it() -> None:
    move = {"at": START + timedelta(days=2), "due_by": START + timedelta(days=5), "by": "lund", "reason": "closed"}
    owed = Obligation.model_validate({"id": "o", "kind": "task", "opened_at": START, "due_by": START + timedelta(days=1), "moves": [move]})
    assert standing(owed, START + timedelta(days=1, hours=1)) == "overdue"
    assert standing(owed, START + timedelta(days=3)) == "waiting"


@given(st.lists(AT, max_size=8), AT, st.randoms())
def test_the_order_of_answers_never_matters(answers: list[datetime], at: datetime, random: Any) -> None:
    cadence = Cadence.model_validate({"times": ["10:00", "19:00"], "from": "2026-05-20", "until": "2026-06-12"})
    assert check_in(cadence, answers, at, "Europe/London") == check_in(cadence, random.sample(answers, len(answers)), at, "Europe/London")


@given(st.lists(AT, max_size=8), AT, AT)
def test_one_more_answer_never_makes_more_misses(answers: list[datetime], extra: datetime, at: datetime) -> None:
    cadence = Cadence.model_validate({"times": ["10:00"], "from": "2026-05-20"})
    assert check_in(cadence, [*answers, extra], at, "UTC").missed_in_row <= check_in(cadence, answers, at, "UTC").missed_in_row


def test_a_day_that_the_calendar_does_not_end_is_no_clock_and_keeps_no_other_from_being_told() -> None:
    never = Obligation.model_validate({"id": "never", "kind": "task", "opened_at": START, "due_on": "9999-12-31", "zone": "UTC"})
    soon = Obligation.model_validate({"id": "soon", "kind": "task", "opened_at": START, "due_by": START})
    assert standing(never, START) == "no_clock"
    assert board([never, soon], START).overdue == ("soon",)
