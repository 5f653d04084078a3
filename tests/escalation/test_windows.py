"""Weekly windows around clock changes, against a model that walks through the minutes and knows no rule but the definition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recoverycore.escalation.documents import Shift
from recoverycore.escalation.targets import on_shift
from recoverycore.escalation.windows import Reading, covers, next_boundary, occurrences
from recoverycore.ground import WEEKDAYS, WeeklyWindow
from tests.escalation.walls import DAY, MINUTE, NEAR, Stretch, walk

CHANGES = [  # the minute at which the clock changes, in UTC
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/London", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # by half an hour
    ("Australia/Lord_Howe", datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    ("America/Santiago", datetime(2026, 4, 5, 3, tzinfo=UTC)),  # at midnight
    ("America/Santiago", datetime(2026, 9, 6, 4, tzinfo=UTC)),
]


def model(window: WeeklyWindow, change: datetime, reading: Reading) -> list[Stretch]:
    """The stretches of `window` in the days around `change`."""
    return walk(window.zone, change).stretches(window.from_, window.to, window.days, reading)


walls = st.one_of(st.integers(0, 4 * 60), st.integers(23 * 60, 24 * 60 - 1), st.integers(0, 24 * 60 - 1)).map(
    lambda minutes: f"{minutes // 60:02}:{minutes % 60:02}"
)
days = st.none() | st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda found: tuple(sorted(found)))
windows = st.fixed_dictionaries({"from": walls, "to": walls | st.just("24:00"), "days": days})
reading_kinds = st.sampled_from(["coverage", "restraint"])


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=[f"{zone} {change:%d %b}" for zone, change in CHANGES])
@given(written=windows, reading=reading_kinds)
@settings(max_examples=15, deadline=None)
def test_a_window_covers_the_minutes_that_the_definition_says(
    zone: str, change: datetime, written: dict[str, Any], reading: Reading
) -> None:
    window = WeeklyWindow.model_validate({**written, "zone": zone})
    stretches = model(window, change, reading)
    near = [change + number * MINUTE for number in range(-180, 180)]
    edges = [edge + offset for stretch in stretches for edge in stretch for offset in (-MINUTE, timedelta())]
    for at in (*near, *(edge for edge in edges if abs(edge - change) < NEAR)):
        assert covers(window, at, reading) == any(start <= at < end for start, end in stretches), at


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=[f"{zone} {change:%d %b}" for zone, change in CHANGES])
@given(written=windows, reading=reading_kinds, hours=st.integers(-20, 20))
@settings(max_examples=15, deadline=None)
def test_nothing_changes_before_the_next_boundary(
    zone: str, change: datetime, written: dict[str, Any], reading: Reading, hours: int
) -> None:
    window = WeeklyWindow.model_validate({**written, "zone": zone})
    at = change + timedelta(hours=hours)
    edges = sorted(edge for stretch in model(window, change, reading) for edge in stretch if edge > at)
    if edges and edges[0] < change + DAY:
        assert next_boundary(window, at, reading) == edges[0]


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=[f"{zone} {change:%d %b}" for zone, change in CHANGES])
@given(written=windows)
@settings(max_examples=15, deadline=None)
def test_a_weekly_shift_covers_what_its_window_covers(zone: str, change: datetime, written: dict[str, Any]) -> None:
    shift = Shift.model_validate({"person": "ana", "role": "peer", "zone": zone, **written})
    window = WeeklyWindow.model_validate({**written, "zone": zone})
    for number in range(-180, 180, 7):
        at = change + number * MINUTE
        assert on_shift(shift, at) == covers(window, at, "coverage")


@pytest.mark.parametrize(("zone", "change"), CHANGES, ids=[f"{zone} {change:%d %b}" for zone, change in CHANGES])
@given(wall=walls)
@settings(max_examples=15, deadline=None)
def test_two_shifts_that_meet_at_a_wall_time_leave_no_minute_uncovered(zone: str, change: datetime, wall: str) -> None:
    first = WeeklyWindow.model_validate({"from": "12:00", "to": wall, "zone": zone})
    second = WeeklyWindow.model_validate({"from": wall, "to": "12:00", "zone": zone})
    for number in range(-180, 180):
        at = change + number * MINUTE
        assert covers(first, at, "coverage") or covers(second, at, "coverage")


def test_quiet_hours_are_shorter_where_coverage_is_longer() -> None:
    night = WeeklyWindow.model_validate({"from": "01:30", "to": "08:00", "zone": "America/New_York"})
    around = datetime(2026, 11, 1, 12, tzinfo=UTC)
    lengths = {}
    for reading in ("coverage", "restraint"):
        start, end = next(stretch for stretch in occurrences(night, around, reading) if stretch[0].date() == around.date())
        lengths[reading] = end - start
    assert lengths == {"coverage": timedelta(hours=7, minutes=30), "restraint": timedelta(hours=6, minutes=30)}


def test_quiet_hours_that_lie_in_a_skipped_hour_restrain_nobody() -> None:
    skipped = WeeklyWindow.model_validate({"from": "02:10", "to": "02:50", "zone": "America/New_York", "days": ["sun"]})
    jump = datetime(2026, 3, 8, 7, tzinfo=UTC)
    minutes = [jump + number * MINUTE for number in range(-180, 180)]
    assert not any(covers(skipped, at, "restraint") for at in minutes)
    assert any(covers(skipped, at, "coverage") for at in minutes)


def test_equal_ends_mean_twenty_four_hours_and_a_window_over_midnight_belongs_to_its_first_day() -> None:
    whole = WeeklyWindow.model_validate({"from": "06:00", "to": "06:00", "zone": "Europe/London", "days": ["fri"]})
    saturday = datetime(2026, 6, 13, 4, 59, tzinfo=UTC)
    assert covers(whole, saturday, "coverage")
    assert not covers(whole, saturday + MINUTE, "coverage")


def test_a_window_with_no_day_left_has_no_next_boundary() -> None:
    never = WeeklyWindow.model_validate({"from": "06:00", "to": "07:00", "zone": "Europe/London", "days": []})
    assert next_boundary(never, datetime(2026, 6, 13, tzinfo=UTC), "coverage") is None


def test_the_model_itself_notices_a_reading_taken_the_wrong_way_round() -> None:
    zone, change = CHANGES[1]
    window = WeeklyWindow.model_validate({"from": "01:30", "to": "08:00", "zone": zone})
    assert model(window, change, "coverage") != model(window, change, "restraint")
