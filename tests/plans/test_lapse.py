"""What a slip asks for: a look at the danger at once, a review the person may decline, an answer to what it taught."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans import ClientRisks, ClientSettings, Lapse, LapseReview, LapseStanding, OverdoseCheck, Revision, lapse_obligations

AT = datetime(2026, 3, 3, 5, 10, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOME = ClientSettings(zone="America/Chicago")
SAFE = {"opioid_risk": "no", "sedative_risk": "no"}


def standing(as_of: datetime, *, risks: dict[str, Any] = SAFE, classes: Any = ("alcohol",), **given: Any) -> LapseStanding:
    lapse = Lapse.model_validate({"id": "x", "recorded_at": AT, "classes": classes})
    return lapse_obligations(lapse, client_risks=ClientRisks.model_validate(risks), settings=HOME, as_of=as_of, **given)


def states(found: LapseStanding) -> dict[str, str]:
    return {each.ref or each.code: each.state for each in found.obligations}


def review(**fields: Any) -> LapseReview:
    return LapseReview.model_validate({"id": "r", **fields})


def revision(n: int, activated: datetime, kind: str = "relapse_prevention", **fields: Any) -> Revision:
    return Revision.model_validate({"kind": kind, "n": n, "drafted_at": activated, "activated_at": activated, **fields})


REVIEWED = AT + 2 * DAY
DONE = review(completed_at=REVIEWED, hypotheses=[{"id": "b", "kind": "gap"}, {"id": "a", "kind": "cue"}])
RISKS = st.sampled_from(["yes", "no", "unknown", None])
CLASSES = st.one_of(st.none(), st.lists(st.sampled_from(["alcohol", "cannabis", "opioid", "sedative", "unknown"])))


@given(RISKS, RISKS, CLASSES)
def test_only_a_plain_no_to_everything_keeps_the_overdose_check_away(
    opioid: str | None, sedative: str | None, classes: list[str] | None
) -> None:
    found = standing(AT, risks={"opioid_risk": opioid, "sedative_risk": sedative}, classes=classes)
    all_no = opioid == "no" and sedative == "no" and classes is not None and all(each in ("alcohol", "cannabis") for each in classes)
    assert ("overdose_check" in states(found)) is not all_no


def test_nothing_is_asked_before_it_was_recorded() -> None:
    assert standing(AT - timedelta(seconds=1), risks={}) == LapseStanding(())


def test_the_check_is_due_in_exact_hours_and_the_review_in_civil_days() -> None:
    check, look = standing(AT, risks={}).obligations
    assert (check.due, look.due) == (AT + DAY, AT + 7 * DAY - HOUR)


@pytest.mark.parametrize(("hours", "state"), [(23, "open"), (24, "overdue")])
def test_a_check_is_overdue_at_its_due_instant(hours: int, state: str) -> None:
    assert states(standing(AT + hours * HOUR, risks={}))["overdose_check"] == state


@pytest.mark.parametrize(("answer", "state"), [("done_at", "done"), ("declined_at", "declined")])
def test_an_answer_to_the_check_counts_from_when_it_was_given(answer: str, state: str) -> None:
    check = OverdoseCheck.model_validate({answer: AT + 30 * HOUR})
    assert states(standing(AT + 29 * HOUR, risks={}, overdose_check=check))["overdose_check"] == "overdue"
    assert states(standing(AT + 30 * HOUR, risks={}, overdose_check=check))["overdose_check"] == state


def test_declining_the_review_leaves_the_check_open() -> None:
    found = states(standing(AT + HOUR, risks={}, review=review(declined_at=AT)))
    assert found == {"overdose_check": "open", "lapse_review": "declined"}


def test_a_review_is_what_it_was_until_the_person_declines_it() -> None:
    assert states(standing(AT + HOUR, review=review(declined_at=AT + 2 * HOUR))) == {"lapse_review": "open"}


@pytest.mark.parametrize(("days", "state"), [(3, "open"), (8, "overdue")])
def test_a_review_without_a_hypothesis_is_refused_and_stays_as_it_was(days: int, state: str) -> None:
    found = standing(AT + days * DAY, review=review(completed_at=REVIEWED))
    assert (states(found), found.refused) == ({"lapse_review": state}, ("lapse_review_needs_hypothesis",))


def test_a_review_that_is_completed_later_is_not_refused_now() -> None:
    assert standing(AT, review=review(completed_at=REVIEWED)).refused == ()


def test_each_hypothesis_waits_for_the_next_revision_in_the_order_of_their_ids() -> None:
    found = standing(REVIEWED, review=DONE, revisions=[revision(1, REVIEWED), revision(2, REVIEWED + DAY)])
    assert [(each.ref, each.state) for each in found.obligations[1:]] == [("a", "open"), ("b", "open")]


def test_only_the_next_revision_answers() -> None:
    revisions = [revision(3, REVIEWED + 2 * DAY, cites=["a", "b"]), revision(2, REVIEWED + DAY, cites=["a"])]
    found = states(standing(REVIEWED + 3 * DAY, review=DONE, revisions=revisions))
    assert (found["a"], found["b"]) == ("cited", "unanswered")


def test_a_plan_of_another_kind_answers_nothing() -> None:
    other = revision(1, REVIEWED + DAY, kind="safety", cites=["a", "b"])
    assert states(standing(REVIEWED + 2 * DAY, review=DONE, revisions=[other]))["a"] == "open"


@pytest.mark.parametrize(("reason", "state"), [("not so in the end", "dismissed"), (" ", "unanswered")])
def test_a_hypothesis_is_dismissed_with_a_reason_only(reason: str, state: str) -> None:
    following = revision(2, REVIEWED + DAY, dismisses={"a": reason}, cites=["b"])
    assert states(standing(REVIEWED + DAY, review=DONE, revisions=[following]))["a"] == state


@given(st.lists(st.tuples(st.integers(-3, 6), st.sets(st.sampled_from("ab"))), max_size=4), st.integers(2, 9))
def test_a_review_that_is_done_leaves_each_hypothesis_in_exactly_one_state(made: list[tuple[int, set[str]]], days: int) -> None:
    revisions = [revision(n + 1, AT + days * DAY, cites=sorted(cites)) for n, (days, cites) in enumerate(made)]
    found = standing(AT + days * DAY, review=DONE, revisions=revisions)
    assert [each.ref for each in found.obligations if each.code == "answer_hypothesis"] == ["a", "b"]


def test_without_a_zone_it_says_what_has_to_be_asked() -> None:
    lapse = Lapse(id="x", recorded_at=AT)
    with pytest.raises(DocumentError) as caught:
        lapse_obligations(lapse, client_risks=ClientRisks(), settings=ClientSettings(), as_of=AT)
    assert caught.value.name == "settings_missing"


def test_a_hosts_own_deadlines_count() -> None:
    check, look = standing(AT, risks={}, overdose_check_hours=2, lapse_review_days=3).obligations
    assert (check.due, look.due) == (AT + 2 * HOUR, AT + 3 * DAY)


def test_own_words_show_in_no_repr() -> None:
    told = review(completed_at=AT, hypotheses=[{"id": "a", "kind": "cue", "words": "the canary"}])
    assert "canary" not in f"{told!r} {told.hypotheses!r} {standing(AT, review=told)!r}"
