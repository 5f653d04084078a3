"""Days, weeks and months of a person's own calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError, InstantError
from recoverycore.plans import ClientSettings, period
from recoverycore.plans.periods import Per, day_of, evening_of
from recoverycore.plans.settings import Evening

PERS: list[Per] = ["day", "week", "month"]
# Clock changes by an hour, by half an hour, at midnight, one minute after it, and by a whole day.
ZONES = ["Europe/London", "Australia/Lord_Howe", "America/Havana", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia", "Africa/Cairo"]
dates = st.dates(date(1985, 1, 1), date(2035, 1, 1))
weeks = st.sampled_from(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
calendars = st.builds(lambda zone, week_start: ClientSettings(zone=zone, week_start=week_start), st.sampled_from(ZONES), weeks)


@given(st.sampled_from(PERS), dates, calendars)
def test_periods_tile_the_calendar(per: Per, day: date, settings: ClientSettings) -> None:
    this = period(per, day, settings=settings)
    following = period(per, this.end, settings=settings)
    assert this.start <= day < this.end
    assert (following.start, following.from_) == (this.end, this.to)


@given(st.sampled_from(PERS), dates, calendars)
def test_each_day_of_a_period_leads_to_the_same_period(per: Per, day: date, settings: ClientSettings) -> None:
    this = period(per, day, settings=settings)
    inside = [this.start + timedelta(days=n) for n in range((this.end - this.start).days)]
    assert {period(per, each, settings=settings) for each in inside} == {this}


@given(st.datetimes(datetime(1985, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)), calendars)  # noqa: DTZ001 - bounds of a zone's own
def test_an_instant_lies_in_the_day_that_it_belongs_to(at: datetime, settings: ClientSettings) -> None:
    day = period("day", at, settings=settings)
    assert day.from_ <= at < day.to


def test_a_date_goes_on_when_the_clock_shows_the_one_before_once_more() -> None:
    at = datetime(2006, 10, 29, 2, 45, tzinfo=UTC)  # 00:15, or rather 23:15 again: clocks went back at a minute past midnight
    assert day_of(at, "America/St_Johns") == date(2006, 10, 29)


@pytest.mark.parametrize(("day", "minutes"), [(date(2026, 3, 29), 1380), (date(2026, 10, 25), 1500), (date(2026, 6, 1), 1440)])
def test_a_day_has_as_many_minutes_as_it_really_had(day: date, minutes: int) -> None:
    assert period("day", day, settings=ClientSettings(zone="Europe/London")).minutes == minutes


def test_a_date_that_never_happened_has_no_time_and_is_no_day() -> None:
    skipped = period("day", date(2011, 12, 30), settings=ClientSettings(zone="Pacific/Apia"))
    assert (skipped.minutes, skipped.days, skipped.from_) == (0, 0, skipped.to)


def test_a_month_without_a_date_that_never_happened_is_a_day_shorter() -> None:
    assert period("month", date(2011, 12, 5), settings=ClientSettings(zone="Pacific/Apia")).days == 30


def test_the_row_of_a_period_is_plain_data_in_utc() -> None:
    assert period("day", date(2026, 3, 8), settings=ClientSettings(zone="America/Chicago")).to_row() == {
        "start": "2026-03-08",
        "end": "2026-03-09",
        "from": "2026-03-08T06:00:00Z",
        "to": "2026-03-09T05:00:00Z",
        "minutes": 1380,
        "days": 1,
    }


@pytest.mark.parametrize(("settings", "per", "missing"), [({}, "day", "zone"), ({"zone": "Europe/London"}, "week", "week_start")])
def test_what_was_not_asked_is_never_guessed(settings: dict[str, str], per: Per, missing: str) -> None:
    with pytest.raises(DocumentError) as caught:
        period(per, date(2026, 3, 2), settings=ClientSettings.model_validate(settings))
    assert (caught.value.name, caught.value.problems[0].path) == ("settings_missing", f"/settings/{missing}")


@pytest.mark.parametrize("per", ["day", "month"])
def test_a_week_start_is_asked_only_for_weeks(per: Per) -> None:
    assert period(per, date(2026, 3, 2), settings=ClientSettings(zone="Europe/London")).days


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InstantError, match="naive_time"):
        period("day", datetime(2026, 3, 2, 12), settings=ClientSettings(zone="Europe/London"))  # noqa: DTZ001 - that is the point


def test_another_length_of_period_is_refused() -> None:
    with pytest.raises(DocumentError, match="not_listed"):
        period("year", date(2026, 3, 2), settings=ClientSettings(zone="Europe/London"))  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("per", PERS)
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_refused_in_our_own_words(per: Per, day: date) -> None:
    settings = ClientSettings(zone="Asia/Tokyo", week_start="sunday")
    with pytest.raises(InstantError, match="bad_time"):
        period(per, day, settings=settings)


def test_an_evening_may_end_on_the_next_date() -> None:
    evening = Evening(start="18:00", end="02:00")
    assert evening_of(date(2026, 6, 1), evening, "UTC") == (datetime(2026, 6, 1, 18, tzinfo=UTC), datetime(2026, 6, 2, 2, tzinfo=UTC))


def test_an_evening_that_ends_when_it_starts_is_a_full_turn() -> None:
    begins, ends = evening_of(date(2026, 6, 1), Evening(start="17:00", end="17:00"), "Europe/London")
    assert ends - begins == timedelta(hours=24)


def test_an_evening_is_as_wide_as_a_repeated_hour_allows() -> None:
    begins, ends = evening_of(date(2026, 10, 25), Evening(start="01:15", end="01:45"), "Europe/London")
    assert ends - begins == timedelta(minutes=90)


def test_an_evening_inside_a_skipped_hour_has_no_time() -> None:
    begins, ends = evening_of(date(2026, 3, 29), Evening(start="01:15", end="01:45"), "Europe/London")
    assert begins == ends


def test_an_evening_does_not_start_at_the_end_of_a_day() -> None:
    with pytest.raises(DocumentError, match="bad_time"):
        Evening(start="24:00", end="02:00")
