"""When somebody is in touch before a window begins, and when a body tolerates less."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans import CheckIn, RiskWindow, Stay, ToleranceEvent, checkins, tolerance_at

CHICAGO = "America/Chicago"
SUNDAY = {"id": "w", "kind": "weekly", "weekdays": ["sun"], "start": "12:00", "end": "18:00"}
MARCH = datetime(2026, 3, 4, tzinfo=UTC)
WEEK = timedelta(days=7)


def found(*leads: dict[str, Any], zone: str | tuple[Stay, ...] | None = CHICAGO, **window: Any) -> list[datetime]:
    made = RiskWindow.model_validate({**SUNDAY, "lead": list(leads), **window})
    return [each.at for each in checkins([made], MARCH, MARCH + WEEK, zone)]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_hours_before_are_exact_across_a_clock_change() -> None:
    assert found({"hours": 24}) == [instant("2026-03-07T17:00:00Z")]


def test_days_before_keep_the_wall_time_of_the_start() -> None:
    assert found({"days": 1}) == [instant("2026-03-07T18:00:00Z")]


def test_days_before_may_name_a_wall_time() -> None:
    assert found({"days": 2, "at": "09:30"}) == [instant("2026-03-06T15:30:00Z")]


def test_a_wall_time_that_is_skipped_moves_forward_by_the_gap() -> None:
    assert found({"days": 0, "at": "02:30"}) == [instant("2026-03-08T08:30:00Z")]


def test_a_wall_time_that_happens_twice_is_its_first() -> None:
    window = {"kind": "date", "first_day": "2026-11-02", "last_day": "2026-11-02", "id": "d", "lead": [{"days": 1, "at": "01:30"}]}
    at = datetime(2026, 10, 30, tzinfo=UTC)
    got = checkins([RiskWindow.model_validate(window)], at, at + WEEK, CHICAGO)
    assert got == (CheckIn(instant("2026-11-01T06:30:00Z"), ("d",)),)


def test_what_does_not_come_before_the_start_is_dropped() -> None:
    assert found({"hours": 0}, {"days": 0}, {"days": 0, "at": "12:00"}, {"days": 0, "at": "17:00"}) == []


def test_what_does_not_happen_has_no_check_in() -> None:
    assert found({"hours": 1}, start="02:00", end="02:45") == []


def test_a_range_holds_its_start_and_not_its_end() -> None:
    made = RiskWindow.model_validate({**SUNDAY, "lead": [{"hours": 24}]})
    at = instant("2026-03-07T17:00:00Z")
    assert len(checkins([made], at, at + WEEK, CHICAGO)) == 1
    assert checkins([made], at - WEEK, at, CHICAGO)[-1].at < at
    assert checkins([made], at, at, CHICAGO) == ()


def test_check_ins_at_one_instant_are_one_and_name_each_window_once() -> None:
    leads = [{"hours": 3}, {"days": 0, "at": "09:00"}]
    both = [RiskWindow.model_validate({**SUNDAY, "id": name, "lead": leads}) for name in ("b", "a")]
    assert checkins(both, MARCH, MARCH + WEEK, CHICAGO) == (CheckIn(instant("2026-03-08T14:00:00Z"), ("a", "b")),)


def test_a_check_in_before_a_start_that_lies_after_the_range_is_not_forgotten() -> None:
    made = RiskWindow.model_validate({**SUNDAY, "lead": [{"days": 300, "at": "10:00"}], "from": "2026-12-25", "until": "2026-12-31"})
    assert [each.at for each in checkins([made], MARCH - WEEK, MARCH, CHICAGO)] == [instant("2026-03-02T16:00:00Z")]


def test_somebody_who_has_left_is_in_touch_at_the_hours_of_where_they_are() -> None:
    stays = (
        Stay.model_validate({"from": "2026-01-01T00:00:00Z", "zone": CHICAGO}),
        Stay.model_validate({"from": "2026-03-06T00:00:00Z", "zone": "Europe/Sofia"}),
    )
    assert found({"days": 1}, zone=stays) == [instant("2026-03-07T10:00:00Z")]


def test_without_a_zone_there_is_no_check_in() -> None:
    assert found({"hours": 24}, zone=None) == []


END = datetime(2026, 3, 1, 15, tzinfo=UTC)
CUSTODY = ToleranceEvent(id="c", kind="custody", ended_at=END)
FORGOTTEN = ToleranceEvent(id="f", kind="something else")
STILL = ToleranceEvent(id="s", kind="inpatient", ongoing=True)


@given(st.integers(-60 * 24, 60 * 24), st.integers(0, 40))
def test_tolerance_is_lower_for_so_many_days_after_the_end(hours: int, days: int) -> None:
    at = END + timedelta(hours=hours)
    expected = "active" if END <= at < END + timedelta(days=days) else "inactive"
    assert tolerance_at([CUSTODY], at, "UTC", days=days) == expected


def test_what_goes_on_has_not_begun() -> None:
    assert tolerance_at([STILL], END, CHICAGO) == "inactive"


def test_an_end_that_nobody_knows_is_unknown() -> None:
    assert tolerance_at([FORGOTTEN, STILL], END, CHICAGO) == "unknown"


def test_active_beats_unknown_and_unknown_beats_inactive() -> None:
    assert tolerance_at([FORGOTTEN, CUSTODY], END, CHICAGO) == "active"
    assert tolerance_at([FORGOTTEN, CUSTODY], END - timedelta(days=1), CHICAGO) == "unknown"


def test_nothing_that_happened_lowers_nothing() -> None:
    assert tolerance_at([], END, None) == "inactive"


@pytest.mark.parametrize(
    "ends", [{"ended_on": "2026-03-01", "ongoing": True}, {"ended_on": "2026-03-01", "ended_at": "2026-03-01T00:00:00Z"}]
)
def test_an_event_has_one_end(ends: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        ToleranceEvent.model_validate({"id": "e", "kind": "detox", **ends})
    assert caught.value.name == "one_event_time"
