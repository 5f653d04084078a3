"""When papers change by time alone: their ends, and every instant at which one may begin or cease to hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import ConsentBook, Directive, ends_by_itself, turning_points

if TYPE_CHECKING:
    from collections.abc import Iterable

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
BOX = {"labels": "*", "categories": ["contact"], "purposes": ["care"], "recipients": [{"person": "dee"}]}


def paper(**fields: Any) -> Directive:
    return Directive.model_validate({"id": "c", "polarity": "permit", "discloser": "here", "boxes": [BOX], **fields})


def test_a_paper_with_a_date_ends_when_that_whole_day_is_over_where_the_client_lives() -> None:
    dated = paper(expires={"kind": "date", "value": date(2026, 6, 20)})
    assert ends_by_itself(dated, "America/New_York", NOON) == datetime(2026, 6, 21, 4, tzinfo=UTC)


def test_a_paper_with_an_instant_ends_at_it() -> None:
    assert ends_by_itself(paper(expires={"kind": "instant", "value": NOON + DAY}), None, NOON) == NOON + DAY


@pytest.mark.parametrize("fields", [{}, {"expires": {"kind": "event", "value": "discharge"}}, {"status": "draft"}])
def test_a_paper_without_an_end_of_its_own_has_none(fields: dict[str, Any]) -> None:
    assert ends_by_itself(paper(**fields), None, NOON) is None


def test_what_was_taken_back_from_everybody_has_ended_already_and_from_one_person_has_not() -> None:
    ends = {"expires": {"kind": "instant", "value": NOON + 9 * DAY}}
    taken = paper(**ends, revocations=[{"at": NOON}])
    assert ends_by_itself(taken, None, NOON - DAY) == NOON + 9 * DAY
    assert ends_by_itself(taken, None, NOON) is None
    assert ends_by_itself(paper(**ends, revocations=[{"at": NOON, "recipients": ["dee"]}]), None, NOON) == NOON + 9 * DAY


MOMENTS = st.integers(-20, 20).map(lambda hours: NOON + timedelta(hours=hours))


@st.composite
def papers(draw: Any) -> list[Directive]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        start = draw(MOMENTS)
        stop = start + timedelta(hours=draw(st.integers(1, 30)))
        fields: dict[str, Any] = {"id": f"c{number}", "starts": start, "expires": {"kind": "instant", "value": stop}}
        if draw(st.booleans()):
            fields["revocations"] = [{"at": draw(MOMENTS)}]
        if draw(st.booleans()):
            begin = draw(MOMENTS)
            fields["suspensions"] = [{"from": begin, "to": begin + timedelta(hours=draw(st.integers(1, 9)))}]
        found.append(paper(**fields, polarity=draw(st.sampled_from(["permit", "deny"]))))
    return found


def permitted(directives: Iterable[Directive], at: datetime) -> bool:
    book = ConsentBook(tuple(directives), None)
    return book.decide(who="dee", sees="contact", why="care", at=at, discloser="here").permitted


@given(papers(), MOMENTS, MOMENTS)
def test_between_two_turning_points_no_decision_changes(directives: list[Directive], one: datetime, other: datetime) -> None:
    first, last = min(one, other), max(one, other)
    if not any(first < each <= last for each in turning_points(directives, "UTC")):
        assert permitted(directives, first) == permitted(directives, last)
