"""How risk windows are written, and what the dates of each kind are."""

from __future__ import annotations

import calendar
import copy
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import Document, loads
from recoverycore.plans import AnniversaryWindow, AnyRiskWindow, RiskWindow, WeeklyRiskWindow, active_at, next_start, occurrences

WEEKLY: dict[str, Any] = {"id": "w", "kind": "weekly", "weekdays": ["fri"], "start": "12:00", "end": "18:00"}
PAYDAY: dict[str, Any] = {"id": "w", "kind": "payday", "rule": {"every": "month", "day": 31}}
AFTER: dict[str, Any] = {"id": "w", "kind": "after_event", "max": {"days": 14}}
A_DAY = timedelta(days=1)


class Shelf(Document):
    windows: tuple[AnyRiskWindow, ...]


def refused(given: Any, model: type[Document] = RiskWindow) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        model.model_validate(given)
    return [(each.name, each.path) for each in caught.value.problems]


def first_days(found: RiskWindow, first: date, last: date) -> list[date]:
    start, end = (datetime.combine(day, datetime.min.time(), UTC) for day in (first, last))
    return [each.first for each in occurrences(found, start, end, "UTC")]


def test_a_window_that_names_no_kind_is_an_anniversary() -> None:
    assert isinstance(RiskWindow.model_validate({"id": "w", "month": 11, "day": 5}), AnniversaryWindow)


def test_a_window_is_made_in_the_kind_it_names() -> None:
    assert isinstance(RiskWindow(**WEEKLY), WeeklyRiskWindow)


def test_what_an_anniversary_was_kept_as_reads_as_it_did() -> None:
    kept = '{"schema": "recoverycore/risk-window", "version": 1, "data": {"id": "w", "month": 11, "day": 5, "before": 3, "after": 3}}'
    assert loads(kept, RiskWindow).to_data() == {"id": "w", "month": 11, "day": 5, "before": 3, "after": 3}


@pytest.mark.parametrize("body", [WEEKLY, PAYDAY, AFTER, {"id": "w", "kind": "date", "first_day": "2026-01-01", "last_day": "2026-01-01"}])
def test_a_window_of_each_kind_comes_back_from_its_envelope(body: dict[str, Any]) -> None:
    made = RiskWindow.model_validate(body)
    assert RiskWindow.model_validate(made.to_envelope()["data"]) == made
    assert made.to_envelope()["schema"] == "recoverycore/risk-window"


def test_a_window_is_copied_and_kept_whole() -> None:
    made = RiskWindow.model_validate(WEEKLY)
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - its own


def test_an_unknown_kind_is_not_listed() -> None:
    assert refused({"id": "w", "kind": "moon"}) == [("not_listed", "/kind")]
    assert refused({"id": "w", "kind": ["moon"]}) == [("not_listed", "/kind")]
    assert refused({"windows": [{"id": "w", "kind": "moon"}]}, Shelf) == [("not_listed", "/windows/0/kind")]


def test_what_is_no_window_at_all_is_of_a_wrong_type() -> None:
    assert refused([1]) == [("wrong_type", "")]


def test_a_window_among_others_names_the_place_of_what_is_wrong() -> None:
    assert refused({"windows": [WEEKLY, {**PAYDAY, "days": 0}]}, Shelf) == [("bad_value", "/windows/1/days")]
    assert refused({"windows": [WEEKLY, {**WEEKLY, "kind": "date"}]}, Shelf)[0][1].startswith("/windows/1")


@pytest.mark.parametrize(
    ("body", "name", "path"),
    [
        ({**WEEKLY, "weekdays": []}, "blank", "/weekdays"),
        ({**WEEKLY, "start": "24:00"}, "bad_time", "/start"),
        ({**WEEKLY, "from": "2026-02-01", "until": "2026-01-31"}, "end_before_start", "/until"),
        ({**WEEKLY, "lead": [{"hours": 1, "days": 1}]}, "days_or_hours", "/lead/0"),
        ({**WEEKLY, "lead": [{"hours": 1, "at": "10:00"}]}, "days_or_hours", "/lead/0"),
        ({**WEEKLY, "lead": [{}]}, "days_or_hours", "/lead/0"),
        ({**AFTER, "max": {}}, "days_or_hours", "/max"),
        ({**AFTER, "min": {"days": 15}}, "end_before_start", "/max"),
        ({**AFTER, "at": "2026-01-01T00:00:00Z", "date": "2026-01-01"}, "one_event_time", "/date"),
        ({**AFTER, "at": "2026-01-01T00:00:00"}, "naive_time", "/at"),
        ({**PAYDAY, "weekend": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "always_closed", "/weekend"),
        ({**PAYDAY, "rule": {"every": "year"}}, "not_listed", "/rule"),
        ({"id": "w", "kind": "date", "first_day": "2026-01-02"}, "window_bounds", ""),
        ({"id": "w", "kind": "date"}, "window_bounds", ""),
        ({"id": "w", "kind": "date", "first_day": "2026-01-02", "last_day": "2026-01-01"}, "end_before_start", "/last_day"),
        ({"id": "w", "kind": "date", "start": "2026-01-02T10:00", "end": "2026-01-02T10:00"}, "end_before_start", "/end"),
        ({"id": "w", "kind": "date", "start": "2026-01-02T10:00Z", "end": "2026-01-03T10:00"}, "bad_time", "/start"),
        ({"id": "w", "kind": "date", "from": "2026-01-02"}, "unknown_field", "/from"),
    ],
)
def test_a_window_that_cannot_be_meant_is_refused(body: dict[str, Any], name: str, path: str) -> None:
    assert (name, path) in refused(body) or (name == "unknown_field" and (name, "/?") in refused(body))


def test_a_date_window_says_one_thing_only() -> None:
    both = {"first_day": "2026-01-01", "last_day": "2026-01-01", "start": "2026-01-01T10:00", "end": "2026-01-01T12:00"}
    assert refused({"id": "w", "kind": "date", **both}) == [("window_bounds", "")]
    assert refused({"id": "w", "kind": "date", **both, "end": None}) == [("window_bounds", "")]


def test_a_label_shows_nowhere() -> None:
    made = RiskWindow.model_validate({**WEEKLY, "label": "the canary"})
    assert "canary" not in f"{made} {made!r} {active_at([made], datetime(2026, 3, 6, 13, tzinfo=UTC), 'UTC')!r}"


def test_from_and_until_are_tested_on_the_date_and_not_on_the_edges() -> None:
    made = RiskWindow.model_validate(
        {"id": "w", "month": 5, "day": 1, "before": 3, "after": 3, "from": "2026-05-01", "until": "2027-04-30"}
    )
    assert first_days(made, date(2025, 1, 1), date(2029, 1, 1)) == [date(2026, 4, 28)]


def test_of_both_days_of_a_leap_date_the_first_is_the_nominal_one() -> None:
    made = RiskWindow.model_validate({"id": "w", "month": 2, "day": 29, "until": "2027-02-28"})
    assert first_days(made, date(2026, 3, 2), date(2029, 1, 1)) == [date(2027, 2, 28)]


def test_a_window_that_reaches_over_the_new_year_belongs_to_both_years() -> None:
    made = RiskWindow.model_validate({"id": "w", "month": 1, "day": 2, "before": 200, "after": 10})
    assert active_at([made], datetime(2026, 8, 1, tzinfo=UTC), "UTC").state == "active"


def test_a_forgotten_event_is_unknown_and_has_no_start() -> None:
    made = RiskWindow.model_validate(AFTER)
    assert active_at([made], datetime(2026, 8, 1, tzinfo=UTC), "UTC").unknown == ("w",)
    assert next_start([made], datetime(2026, 8, 1, tzinfo=UTC), "UTC") is None


def test_a_window_to_the_end_of_the_calendar_is_one() -> None:
    made = RiskWindow.model_validate({"id": "w", "kind": "date", "first_day": "2026-01-01", "last_day": "9999-12-31"})
    assert active_at([made], datetime(2026, 8, 1, tzinfo=UTC), "Asia/Tokyo").state == "active"


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize("body", [WEEKLY, PAYDAY, {"id": "w", "month": 2, "day": 29, "before": 366, "after": 366}])
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Chicago"])
def test_the_ends_of_the_calendar_are_no_trap(year: int, body: dict[str, Any], zone: str) -> None:
    at = datetime(year, 1, 1, tzinfo=UTC) if year == 1 else datetime.max.replace(tzinfo=UTC)
    made = RiskWindow.model_validate(body)
    assert active_at([made], at, zone).state in ("active", "inactive")
    assert next_start([made], at, zone) is None or year == 1


CLOSED = st.lists(st.dates(date(2025, 12, 1), date(2027, 2, 1)), max_size=20, unique=True)
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@given(st.integers(1, 31), st.sampled_from(["previous", "next", "same"]), st.sets(st.sampled_from(WEEK), max_size=6), CLOSED)
def test_a_payday_is_the_nearest_open_day_on_the_side_that_was_agreed(day: int, side: str, weekend: set[str], closed: list[date]) -> None:
    rule = {"every": "month", "day": day, "if_closed": side}
    body = {**PAYDAY, "rule": rule, "weekend": sorted(weekend), "closed_days": [each.isoformat() for each in closed]}
    due = [date(2026, month, min(day, calendar.monthrange(2026, month)[1])) for month in range(1, 13)]
    around = [date(2025, 9, 1) + n * A_DAY for n in range(700)]
    is_open = [each for each in around if WEEK[each.weekday()] not in weekend and each not in closed]
    paid = {
        "same": set(due),
        "previous": {max(each for each in is_open if each <= one) for one in due},
        "next": {min(each for each in is_open if each >= one) for one in due},
    }[side]
    found = set(first_days(RiskWindow.model_validate(body), date(2025, 9, 1), date(2027, 7, 1)))
    assert paid <= found
    assert all(each in is_open or side == "same" for each in found)


@given(st.integers(1, 8), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_payday_every_few_weeks_runs_both_ways_from_its_anchor(weeks: int, anchor: date) -> None:
    rule = {"every": "weeks", "weeks": weeks, "anchor": anchor.isoformat()}
    found = first_days(RiskWindow.model_validate({**PAYDAY, "rule": rule}), date(2026, 1, 1), date(2027, 1, 1))
    expected = [date(2026, 1, 1) + n * A_DAY for n in range(365) if (date(2026, 1, 1) + n * A_DAY - anchor).days % (7 * weeks) == 0]
    assert found == expected


def test_a_payday_may_say_on_the_window_where_it_goes() -> None:
    made = RiskWindow.model_validate({**PAYDAY, "if_closed": "next"})
    assert first_days(made, date(2026, 1, 20), date(2026, 2, 20)) == [date(2026, 2, 2)]


def test_two_paydays_that_fall_on_one_date_are_one() -> None:
    closed = [(date(2026, 1, 2) + n * A_DAY).isoformat() for n in range(7)]
    rule = {"every": "weeks", "weeks": 1, "anchor": "2026-01-02", "if_closed": "next"}
    made = RiskWindow.model_validate({**PAYDAY, "rule": rule, "closed_days": closed})
    assert first_days(made, date(2026, 1, 2), date(2026, 1, 13)) == [date(2026, 1, 9)]
