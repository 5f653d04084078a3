"""Durations as ISO 8601 text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import InstantError
from recoverycore.ground import Duration, elapsed_text, parse_duration, parse_elapsed
from recoverycore.ground.durations import DURATION_PATTERN, LONGEST
from tests.ground.samples import told

whole_seconds = st.integers(0, int(LONGEST.total_seconds())).map(lambda seconds: timedelta(seconds=seconds))


@given(whole_seconds)
def test_a_length_in_whole_seconds_reads_back_as_it_was(length: timedelta) -> None:
    assert parse_elapsed(elapsed_text(length)) == length


@given(*(st.integers(0, 99) for _ in range(5)))
def test_days_of_the_calendar_and_time_that_elapses_are_told_apart(weeks: int, days: int, hours: int, minutes: int, seconds: int) -> None:
    read = parse_duration(f"P{weeks}W{days}DT{hours}H{minutes}M{seconds}S")
    assert read == Duration(weeks * 7 + days, timedelta(hours=hours, minutes=minutes, seconds=seconds))


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P1D", timedelta(hours=24)),
        ("P2W", timedelta(days=14)),
        ("PT15M", timedelta(minutes=15)),
        ("PT36H", timedelta(hours=36)),
        ("PT0S", timedelta()),
        ("P0D", timedelta()),
        ("P366000D", LONGEST),
        ("PT00000015M", timedelta(minutes=15)),
    ],
)
def test_elapsed_time_counts_24_hours_a_day(text: str, length: timedelta) -> None:
    assert parse_elapsed(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "", "P", "PT", "P1", "T1H", "1D", "15M", "P1M", "P1Y", "PT1.5H", "PT1,5H", "-P1D", "P-1D", "+P1D", "p1d", "P1DT", "P1DT5", "PT5",
        "P1H", "PT1D", "PT1S1M", "P1D1W", " P1D", "P1D ", "P1D\n", "P\N{ARABIC-INDIC DIGIT ONE}D",
        "P9999999999D", "P366001D", "P366000DT1S", "PT999999999999S",
    ],
)  # fmt: skip
def test_what_has_no_fixed_length_or_another_form_is_no_duration(text: str) -> None:
    with pytest.raises(InstantError, match="RC1006 bad_duration"):
        parse_duration(text)


@given(st.text(max_size=8) | st.from_regex(r"P[0-9WDTHMS]{0,8}"))
def test_any_text_is_a_duration_or_a_bad_duration(text: str) -> None:
    assert told(lambda: parse_elapsed(text)) in ([], [("bad_duration", "")])


@given(st.from_regex(DURATION_PATTERN, fullmatch=True))
def test_what_is_written_as_the_pattern_says_is_no_longer_than_a_thousand_years_or_refused(text: str) -> None:
    assert told(lambda: parse_elapsed(text)) or timedelta() <= parse_elapsed(text) <= LONGEST


@pytest.mark.parametrize(
    ("length", "text"),
    [(timedelta(minutes=90), "PT1H30M"), (timedelta(days=1), "PT24H"), (timedelta(seconds=61), "PT1M1S"), (timedelta(), "PT0S")],
)
def test_elapsed_time_is_written_in_hours_minutes_and_seconds(length: timedelta, text: str) -> None:
    assert elapsed_text(length) == text


def test_part_of_a_second_is_not_written() -> None:
    assert elapsed_text(timedelta(seconds=1, microseconds=999_999)) == "PT1S"


def test_time_that_runs_backwards_has_no_text() -> None:
    with pytest.raises(InstantError, match="bad_duration"):
        elapsed_text(timedelta(microseconds=-1))
