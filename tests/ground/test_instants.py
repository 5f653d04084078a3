"""Instants, days and zones as text, and the rules of the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import InstantError
from recoverycore.ground import (
    calendar_add,
    local_date,
    local_day_start,
    parse_instant,
    require_aware,
    utc_text,
    wall_minutes,
    zone_info,
)
from recoverycore.ground.instants import parse_day
from tests.ground.samples import instants, told

NAIVE = datetime(2026, 11, 4, 22, 47)  # noqa: DTZ001 - what is refused
FIRST = datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
LAST = datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
aware = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=offsets)  # noqa: DTZ001 - bounds of what gets an offset


class NoOffset(tzinfo):
    """A zone that does not know its offset."""

    def utcoffset(self, _: datetime | None) -> None:
        return None

    dst = tzname = utcoffset


@given(aware)
def test_an_instant_reads_back_from_its_utc_text_to_the_second(instant: datetime) -> None:
    assert parse_instant(utc_text(instant)) == instant.astimezone(UTC).replace(microsecond=0)


@given(instants)
def test_utc_text_is_one_for_every_spelling_of_an_instant(text: str) -> None:
    assert utc_text(parse_instant(text)) == utc_text(parse_instant(text).astimezone(timezone(timedelta(hours=3))))
    assert utc_text(parse_instant(text)).endswith("Z")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-04T22:47:00Z", datetime(2026, 11, 4, 22, 47, tzinfo=UTC)),
        ("2026-11-04T22:47Z", datetime(2026, 11, 4, 22, 47, tzinfo=UTC)),
        ("2026-11-04T22:47:00+01:00", datetime(2026, 11, 4, 21, 47, tzinfo=UTC)),
        ("2026-11-04T22:47:00.5-00:00", datetime(2026, 11, 4, 22, 47, 0, 500_000, tzinfo=UTC)),
        ("2026-11-04T22:47:00.123456789Z", datetime(2026, 11, 4, 22, 47, 0, 123_456, tzinfo=UTC)),
    ],
)
def test_an_instant_is_written_with_its_offset(text: str, instant: datetime) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize("text", ["2026-11-04T22:47:00", "2026-11-04T22:47", "2026-11-04T22:47:00.25"])
def test_an_instant_without_an_offset_is_told_as_that(text: str) -> None:
    with pytest.raises(InstantError, match="RC1003 naive_time"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "now", "2026-11-04", "22:47", "2026-11-04 22:47:00Z", "2026-11-04t22:47:00z", "2026-02-30T00:00Z", "0000-01-01T00:00Z",
        "2026-11-04T24:00:00Z", "2026-11-04T22:60Z", "2026-11-04T22:47:60Z", "2026-11-04T22:47:00+0100", "2026-11-04T22:47:00+01",
        "2026-11-04T22:47:00+24:00", "2026-11-04T22:47:00,5Z", "20261104T224700Z", "2026-W45-3T22:47Z", "2026-11-04T22:47:00Z\n",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
    ],
)  # fmt: skip
def test_what_is_no_instant_of_the_calendar_is_a_bad_time(text: str) -> None:
    with pytest.raises(InstantError, match="RC1004 bad_time"):
        parse_instant(text)


@given(st.text(max_size=30))
def test_any_text_is_an_instant_or_a_problem(text: str) -> None:
    assert told(lambda: parse_instant(text)) in ([], [("bad_time", "")], [("naive_time", "")])


@pytest.mark.parametrize("instant", [NAIVE, NAIVE.replace(tzinfo=NoOffset())])
def test_a_time_without_an_offset_is_no_instant(instant: datetime) -> None:
    for act in (require_aware, utc_text, lambda given: local_date(given, "UTC"), lambda given: calendar_add(given, 1, timedelta(), "UTC")):
        assert told(lambda act=act: act(instant)) == [("naive_time", "")]  # type: ignore[misc]  # the default binds each act


@pytest.mark.parametrize("instant", [FIRST, LAST])
def test_an_offset_that_leads_out_of_the_calendar_is_a_bad_time(instant: datetime) -> None:
    assert told(lambda: require_aware(instant)) == [("bad_time", "")]
    assert told(lambda: utc_text(instant)) == [("bad_time", "")]


def test_an_aware_instant_is_handed_back_as_it_is() -> None:
    instant = datetime(2026, 11, 4, 22, 47, tzinfo=ZoneInfo("Europe/London"))
    assert require_aware(instant) is instant


@given(st.dates())
def test_a_day_reads_back_from_its_text(day: date) -> None:
    assert parse_day(day.isoformat()) == day


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "2026-1-1", "20260101", "2026-W01-1", "0000-01-01", "2026-01-01\n", ""])
def test_what_is_no_day_of_the_calendar_is_a_bad_time(text: str) -> None:
    assert told(lambda: parse_day(text)) == [("bad_time", "")]


@given(st.integers(0, 24 * 60 - 1))
def test_a_wall_time_is_its_minutes_after_midnight(minutes: int) -> None:
    assert wall_minutes(f"{minutes // 60:02}:{minutes % 60:02}") == minutes


def test_the_end_of_the_day_is_a_wall_time() -> None:
    assert wall_minutes("24:00") == 1440


@pytest.mark.parametrize("text", ["", "9:00", "09:60", "24:01", "25:00", "09:00:00", "0900", "09:00 ", "09:00\n", "-1:00", "noon"])
def test_what_is_no_wall_time_is_a_bad_time(text: str) -> None:
    assert told(lambda: wall_minutes(text)) == [("bad_time", "")]


@pytest.mark.parametrize("name", ["UTC", "Europe/London", "America/Argentina/Ushuaia", "Etc/GMT+5", "America/Port-au-Prince"])
def test_a_zone_is_an_iana_name(name: str) -> None:
    assert zone_info(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name",
    [
        "", "utc", "GMT", "EST", "EST5EDT", "Z", "+01:00", "UTC+1", "Europe", "Europe/", "/etc/passwd", "Europe/../Europe/London",
        "Europe/Atlantis", "America/Argentina", "posix/Europe/London", "right/Europe/London", "Europe/London\n", "Europe/London\0",
        "a/" * 300,
    ],
)  # fmt: skip
def test_offsets_abbreviations_and_paths_are_no_zones(name: str) -> None:
    assert told(lambda: zone_info(name)) == [("bad_zone", "")]


def test_every_zone_with_a_region_is_a_zone() -> None:
    regional = {name for name in available_timezones() if "/" in name}
    assert len(regional) > 400
    assert [name for name in sorted(regional) if told(lambda name=name: zone_info(name))] == []  # type: ignore[misc]  # binds each name


def test_the_civil_date_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 4, 23, 30, tzinfo=UTC)
    assert local_date(late, "Europe/Berlin") == date(2026, 11, 5)
    assert local_date(late, "America/New_York") == date(2026, 11, 4)


def test_a_civil_date_beyond_the_calendar_is_a_bad_time() -> None:
    assert told(lambda: local_date(datetime.max.replace(tzinfo=UTC), "Asia/Tokyo")) == [("bad_time", "")]


@pytest.mark.parametrize(
    ("day", "zone", "start"),
    [
        (date(2026, 7, 1), "Europe/London", "2026-06-30T23:00:00Z"),
        # Midnight is skipped: the day begins with the jump to one o'clock.
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
        (date(2026, 4, 24), "Africa/Cairo", "2026-04-23T22:00:00Z"),
        # The jump is longer than the skipped part of this day: from 23:30 to 00:30.
        (date(1919, 3, 31), "America/Toronto", "1919-03-31T04:30:00Z"),
        # Midnight comes twice: the first.
        (date(2026, 11, 1), "America/Havana", "2026-11-01T04:00:00Z"),
        # A whole day is skipped: it has no length.
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z"),
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00Z"),
    ],
)
def test_a_local_day_begins_at_midnight_or_with_the_jump_over_it(day: date, zone: str, start: str) -> None:
    assert utc_text(local_day_start(day, zone)) == start


@given(st.dates(date(1975, 1, 1), date(2035, 1, 1)), st.sampled_from(["America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia"]))
def test_no_second_before_the_start_of_a_day_belongs_to_it(day: date, zone: str) -> None:
    start = local_day_start(day, zone)
    assert local_date(start, zone) >= day
    assert local_date(start - timedelta(seconds=1), zone) < day


@given(aware, st.integers(-400, 400), st.sampled_from(["UTC", "Europe/London", "America/New_York"]))
def test_calendar_days_keep_the_wall_time_unless_it_is_skipped(instant: datetime, days: int, zone: str) -> None:
    before, after = (at.astimezone(ZoneInfo(zone)) for at in (instant, calendar_add(instant, days, timedelta(), zone)))
    shift = after.replace(tzinfo=None) - before.replace(tzinfo=None)
    assert shift - timedelta(days=days) in (timedelta(), timedelta(hours=1))


@given(aware, st.timedeltas(timedelta(days=-300), timedelta(days=300)))
def test_elapsed_time_knows_no_clock_changes(instant: datetime, elapsed: timedelta) -> None:
    assert calendar_add(instant, 0, elapsed, "Europe/London") - instant == elapsed


def test_a_day_later_over_a_clock_change_is_23_hours_later() -> None:
    noon = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert calendar_add(noon, 1, timedelta(), "Europe/London") - noon == timedelta(hours=23)


def test_days_come_before_elapsed_time() -> None:
    start = datetime(2026, 3, 28, 0, 30, tzinfo=UTC)
    assert utc_text(calendar_add(start, 1, timedelta(hours=1), "Europe/London")) == "2026-03-29T01:30:00Z"


@pytest.mark.parametrize(
    ("days", "elapsed"), [(4_000_000, timedelta()), (-4_000_000, timedelta()), (10**12, timedelta()), (0, timedelta.max)]
)
def test_a_sum_beyond_the_calendar_is_a_bad_time(days: int, elapsed: timedelta) -> None:
    assert told(lambda: calendar_add(datetime(2026, 1, 1, tzinfo=UTC), days, elapsed, "Europe/London")) == [("bad_time", "")]
