"""Clocks: the system's and one that is moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from recoverycore.errors import InstantError
from recoverycore.ground import ManualClock, SystemClock

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_system_clock_tells_the_present_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.tzinfo is UTC


def test_a_manual_clock_stands_still() -> None:
    clock = ManualClock(NINE)
    assert clock.now() == clock.now() == NINE


def test_a_manual_clock_tells_utc_whatever_it_was_set_to() -> None:
    clock = ManualClock(NINE.astimezone(timezone(timedelta(hours=5))))
    assert clock.now().tzinfo is UTC
    clock.set(NINE.astimezone(timezone(timedelta(hours=-5))))
    assert (clock.now(), clock.now().tzinfo) == (NINE, UTC)


def test_a_manual_clock_moves_on_by_what_passes() -> None:
    clock = ManualClock(NINE)
    clock.advance(timedelta(minutes=15))
    assert clock.now() == NINE + timedelta(minutes=15)


def test_a_manual_clock_can_be_set_back() -> None:
    clock = ManualClock(NINE)
    clock.set(NINE - timedelta(days=1))
    assert clock.now() == NINE - timedelta(days=1)


def test_a_manual_clock_takes_no_time_without_an_offset() -> None:
    with pytest.raises(InstantError, match="naive_time"):
        ManualClock(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - what is refused
    with pytest.raises(InstantError, match="naive_time"):
        ManualClock(NINE).set(datetime(2026, 3, 2, 9))  # noqa: DTZ001 - what is refused
