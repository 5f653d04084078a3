"""The two readings of a wall time, held against a search that looks at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recoverycore.ground import Readings, moment, utc_text, wall_readings
from tests.ground.samples import told

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Half-hour and two-hour changes, changes at midnight, winter time as the exception, a skipped day, odd offsets, and none.
CHANGES = {
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],
    "Antarctica/Troll": [date(2026, 3, 29), date(2026, 10, 25)],
    "America/Sao_Paulo": [date(2018, 2, 18), date(2018, 11, 4)],
    "Africa/Cairo": [date(2026, 4, 24), date(2026, 10, 30)],
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],
    "Europe/Dublin": [date(2026, 3, 29), date(2026, 10, 25)],
    "Africa/Casablanca": [date(2026, 2, 15), date(2026, 3, 22)],
    "Pacific/Apia": [date(2011, 12, 30)],
    "Asia/Kathmandu": [date(1986, 1, 1)],
    "UTC": [date(2026, 3, 29)],
}
cases = st.sampled_from(sorted(CHANGES)).flatmap(
    lambda zone: st.tuples(
        st.builds(lambda day, off: day + timedelta(days=off), st.sampled_from(CHANGES[zone]), st.integers(-2, 2)),
        st.integers(0, 1440),
        st.just(zone),
    )
)


@cache
def minutes_around(day: date, zone: str) -> list[tuple[datetime, datetime]]:
    """Every minute of the UTC line from two days before `day` to two days after it, with what a wall clock in `zone` shows."""
    start = datetime.combine(day, time(), UTC) - 2 * DAY
    return [(at, at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for at in (start + n * MINUTE for n in range(5 * 1440))]


def searched(day: date, minutes: int, zone: str) -> Readings:
    """What `wall_readings` must say: a clock on the wall, watched for five days."""
    wall = datetime.combine(day, time()) + minutes * MINUTE
    watched = minutes_around(day, zone)
    shown = [at for at, face in watched if face == wall]
    if shown:
        return Readings(shown[0], shown[-1], "fold" if len(shown) > 1 else "one")
    (before, last), (after, first) = next(
        (one, two) for one, two in pairwise(watched) if one[1] < wall < two[1] and two[1] - one[1] > MINUTE
    )
    return Readings(after + (wall - first), before + (wall - last), "gap")


@given(cases)
@example((date(2026, 3, 29), 60, "Europe/London"))
@example((date(2026, 3, 29), 119, "Europe/London"))
@example((date(2026, 3, 29), 120, "Europe/London"))
@example((date(2026, 10, 25), 60, "Europe/London"))
@example((date(2026, 10, 25), 120, "Europe/London"))
@example((date(2018, 11, 3), 1440, "America/Sao_Paulo"))
@example((date(2011, 12, 30), 720, "Pacific/Apia"))
def test_the_readings_are_what_a_clock_on_the_wall_shows(case: tuple[date, int, str]) -> None:
    assert wall_readings(*case) == searched(*case)


def test_the_search_sees_gaps_folds_and_plain_times() -> None:
    kinds = {searched(day, minutes, zone).kind for zone, days in CHANGES.items() for day in days for minutes in (0, 30, 90, 150, 1410)}
    assert kinds == {"gap", "fold", "one"}


@given(cases)
def test_the_earlier_reading_is_never_after_the_later_one(case: tuple[date, int, str]) -> None:
    readings = wall_readings(*case)
    assert (readings.earlier == readings.later) == (readings.kind == "one")
    assert readings.earlier <= readings.later
    assert readings.earlier.tzinfo is readings.later.tzinfo is UTC


@given(st.dates(date(1971, 1, 1), date(2036, 1, 1)), st.sampled_from(sorted(CHANGES)))
def test_the_end_of_a_day_is_midnight_of_the_next(day: date, zone: str) -> None:
    assert wall_readings(day, 1440, zone) == wall_readings(day + DAY, 0, zone)


def test_a_skipped_wall_time_moves_forward_by_the_gap() -> None:
    assert utc_text(moment(date(2026, 3, 29), 90, "Europe/London")) == "2026-03-29T01:30:00Z"  # which the wall shows as 02:30


def test_a_repeated_wall_time_is_its_first() -> None:
    assert utc_text(moment(date(2026, 10, 25), 90, "Europe/London")) == "2026-10-25T00:30:00Z"


@given(cases)
def test_the_moment_is_one_of_the_two_readings(case: tuple[date, int, str]) -> None:
    readings = wall_readings(*case)
    assert moment(*case) == (readings.later if readings.kind == "gap" else readings.earlier)


@pytest.mark.parametrize(
    ("day", "minutes", "zone"),
    [
        (date.min, 0, "Asia/Tokyo"),
        (date.max, 1439, "America/New_York"),
        (date.max, 1440, "UTC"),
        (date(2026, 1, 1), 10**20, "UTC"),
        (date(2026, 1, 1), -(10**20), "UTC"),
    ],
)
def test_a_wall_time_beyond_the_calendar_is_a_bad_time(day: date, minutes: int, zone: str) -> None:
    assert told(lambda: wall_readings(day, minutes, zone)) == [("bad_time", "")]


def test_a_wall_time_needs_a_zone_that_there_is() -> None:
    assert told(lambda: wall_readings(date(2026, 1, 1), 0, "Europe/Atlantis")) == [("bad_zone", "")]
