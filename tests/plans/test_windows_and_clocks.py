"""Risk windows around clock changes are what a clock on the wall, looked at every minute, says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recoverycore.plans import RiskWindow, Stretch, happening, stretches
from tests.plans.wall_clock import A_DAY, CHANGES, between, closes, day_minutes, days, first_look, opens, stretches_of, wall, whole_range

if TYPE_CHECKING:
    from datetime import date

    from recoverycore.ground.instants import Readings

ZONES = st.sampled_from(sorted(CHANGES))
TIMES = st.builds(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}", st.integers(0, 95))
ENDS = st.one_of(TIMES, st.just("24:00"))
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEAR = st.integers(-2, 2)


def found(zone: str, **window: Any) -> list[Stretch]:
    """The library's stretches around the clock change of `zone`."""
    made = RiskWindow.model_validate({"id": "w", **window})
    return list(stretches([made], *whole_range(zone), zone).stretches)


def weekly_model(zone: str, weekdays: set[str], start: str, end: str) -> list[Stretch]:
    minutes: set[int] = set()
    for day in days(zone):
        if WEEK[day.weekday()] in weekdays:
            minutes |= between(zone, wall(day, start), wall(day if end > start else day + A_DAY, end))
    return stretches_of(zone, minutes, "w")


@given(ZONES, st.sets(st.sampled_from(WEEK), min_size=1), TIMES, ENDS)
@example("America/Chicago", {"sun"}, "02:00", "02:45")
@example("America/New_York", {"sun"}, "01:15", "01:45")
@example("America/St_Johns", {"sun"}, "00:00", "04:00")
@example("Pacific/Apia", {"fri"}, "22:00", "03:00")
@example("Pacific/Apia", {"fri"}, "10:00", "12:00")
@example("America/Havana", {"sat"}, "22:00", "24:00")
@example("America/New_York", {"sun"}, "00:00", "01:00")
@example("Africa/Cairo", {"fri"}, "00:15", "00:45")
def test_weekly_hours_are_as_wide_as_the_clock_shows_them(zone: str, weekdays: set[str], start: str, end: str) -> None:
    got = found(zone, kind="weekly", weekdays=sorted(weekdays), start=start, end=end)
    assert got == weekly_model(zone, weekdays, start, end)


@given(ZONES, NEAR, st.integers(0, 2), TIMES, ENDS)
def test_two_wall_times_are_as_wide_as_the_clock_shows_them(zone: str, near: int, length: int, start: str, end: str) -> None:
    first = CHANGES[zone] + near * A_DAY
    last = first + length * A_DAY
    if wall(last, end) <= wall(first, start):
        last += A_DAY
    got = found(zone, kind="date", start=f"{first}T{start}", end=f"{last}T{end}")
    assert got == stretches_of(zone, between(zone, wall(first, start), wall(last, end)), "w")


@given(ZONES, NEAR, st.integers(0, 2))
def test_whole_days_begin_when_their_midnight_is_first_reached(zone: str, near: int, length: int) -> None:
    first = CHANGES[zone] + near * A_DAY
    last = first + length * A_DAY
    expected = stretches_of(zone, day_minutes(zone, first, last), "w")
    assert found(zone, kind="date", first_day=first.isoformat(), last_day=last.isoformat()) == expected
    around = {"month": last.month, "day": last.day, "before": length}
    assert found(zone, kind="anniversary", **around) == expected


@given(ZONES, st.integers(-2 * 1440, 1440), st.integers(0, 1), st.integers(1, 2))
def test_civil_days_after_an_instant_keep_its_wall_time(zone: str, minutes: int, least: int, more: int) -> None:
    at = datetime.combine(CHANGES[zone], datetime.min.time(), UTC) + timedelta(minutes=minutes)
    shown = at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    expected = set(range(opens(zone, shown + least * A_DAY), closes(zone, shown + (least + more) * A_DAY)))
    got = found(zone, kind="after_event", at=at.isoformat(), min={"days": least}, max={"days": least + more})
    assert got == stretches_of(zone, expected, "w")


@given(ZONES, st.integers(-2 * 1440, 1440), st.integers(0, 30), st.integers(1, 30))
def test_hours_after_an_instant_are_exact(zone: str, minutes: int, least: int, more: int) -> None:
    at = datetime.combine(CHANGES[zone], datetime.min.time(), UTC) + timedelta(minutes=minutes)
    got = found(zone, kind="after_event", at=at.isoformat(), min={"hours": least}, max={"hours": least + more})
    begins = at + timedelta(hours=least)
    assert got == [Stretch(begins, begins + timedelta(hours=more), ("w",))]


@given(ZONES, NEAR, st.integers(0, 1), st.integers(0, 1))
def test_days_after_a_date_run_to_the_end_of_the_last_one(zone: str, near: int, least: int, more: int) -> None:
    day = CHANGES[zone] + near * A_DAY
    expected = day_minutes(zone, day + least * A_DAY, day + (least + more) * A_DAY)
    got = found(zone, kind="after_event", date=day.isoformat(), min={"days": least}, max={"days": least + more})
    assert got == stretches_of(zone, expected, "w")


@given(ZONES, NEAR, TIMES, st.integers(1, 2))
def test_a_payday_runs_from_its_hour_to_the_start_of_a_date(zone: str, near: int, start: str, length: int) -> None:
    day = CHANGES[zone] + near * A_DAY
    expected = set(range(opens(zone, wall(day, start)), opens(zone, wall(day + length * A_DAY, "00:00"))))
    rule = {"every": "weeks", "weeks": 5, "anchor": day.isoformat()}
    assert found(zone, kind="payday", rule=rule, start=start, days=length) == stretches_of(zone, expected, "w")


def narrow(day: date, minutes: int, zone: str) -> datetime:
    """A planted fault: the last time of two at which something starts."""
    from recoverycore.ground.instants import wall_readings

    readings: Readings = wall_readings(day, minutes, zone)
    return readings.later


@pytest.mark.parametrize(("zone", "start", "end"), [("America/New_York", "01:15", "01:45"), ("America/Chicago", "02:15", "05:00")])
def test_the_clock_on_the_wall_notices_a_window_that_is_read_narrowly(
    monkeypatch: pytest.MonkeyPatch, zone: str, start: str, end: str
) -> None:
    monkeypatch.setattr(happening, "opening", narrow)
    assert found(zone, kind="weekly", weekdays=["sun"], start=start, end=end) != weekly_model(zone, {"sun"}, start, end)


def test_the_model_looks_at_the_clock_on_both_sides_of_each_change() -> None:
    for zone, day in CHANGES.items():
        assert first_look(zone).date() < day < whole_range(zone)[1].date()
