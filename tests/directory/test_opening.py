"""When somebody answers: windows in the channel's own zone, over midnight, over clock changes, on closed days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import Channel, Opening, hours
from recoverycore.errors import DocumentError, InstantError
from tests.directory.strategies import channels, instants

WEEKDAYS_NINE_TO_FIVE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]


def channel(**fields: Any) -> Channel:
    return Channel.model_validate({"id": "voice", "zone": "Europe/London", **fields})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_hours_that_nobody_knows_are_never_open_and_never_closed() -> None:
    assert hours(channel(), at("2026-06-02T12:00Z")) == Opening("unknown")


def test_no_window_at_all_is_known_to_be_closed() -> None:
    assert hours(channel(hours=[]), at("2026-06-02T12:00Z")) == Opening("no")


def test_an_end_is_outside() -> None:
    assert hours(channel(hours=WEEKDAYS_NINE_TO_FIVE), at("2026-06-02T16:00Z")).open == "no"


def test_a_start_is_inside() -> None:
    assert hours(channel(hours=WEEKDAYS_NINE_TO_FIVE), at("2026-06-02T08:00Z")).open == "yes"


def test_the_same_hours_lie_elsewhere_in_another_zone() -> None:
    assert hours(channel(hours=WEEKDAYS_NINE_TO_FIVE, zone="America/Los_Angeles"), at("2026-06-02T08:00Z")).open == "no"


def test_a_channel_without_a_zone_takes_the_one_of_its_entry() -> None:
    line = Channel.model_validate({"id": "voice", "hours": WEEKDAYS_NINE_TO_FIVE})
    assert hours(line, at("2026-06-02T08:30Z"), "Europe/London").open == "yes"


def test_without_any_zone_the_hours_are_utc() -> None:
    line = Channel.model_validate({"id": "voice", "hours": WEEKDAYS_NINE_TO_FIVE})
    assert hours(line, at("2026-06-02T08:30Z")) == Opening("no", opens_at=at("2026-06-02T09:00Z"))


def test_windows_that_touch_at_midnight_are_one_stretch() -> None:
    line = channel(hours=[{"days": ["mon"], "from": "18:00", "to": "24:00"}, {"days": ["tue"], "from": "00:00", "to": "02:00"}])
    assert hours(line, at("2026-06-01T20:00Z")).closes_at == at("2026-06-02T01:00Z")


def test_a_stretch_without_an_end_in_sight_has_no_end() -> None:
    assert hours(channel(hours=[{"from": "00:00", "to": "24:00"}]), at("2026-06-02T12:00Z")) == Opening("yes")


def test_a_day_on_which_it_is_closed_has_no_window() -> None:
    line = channel(hours=[{"from": "09:00", "to": "17:00"}], closed_on=["2026-06-02"])
    assert hours(line, at("2026-06-02T12:00Z")) == Opening("no", opens_at=at("2026-06-03T08:00Z"))


def test_an_opening_beyond_fourteen_days_is_not_told() -> None:
    closed = [f"2026-06-{day:02}" for day in range(1, 31)]
    assert hours(channel(hours=[{"from": "09:00", "to": "17:00"}], closed_on=closed), at("2026-06-02T12:00Z")) == Opening("no")


def test_an_opening_exactly_fourteen_days_ahead_is_told() -> None:
    line = channel(hours=[{"days": ["tue"], "from": "09:00", "to": "17:00"}], closed_on=["2026-06-02", "2026-06-09"])
    assert hours(line, at("2026-06-02T08:00Z")).opens_at == at("2026-06-16T08:00Z")
    assert hours(line, at("2026-06-02T07:59Z")).opens_at is None


def test_a_window_that_the_clock_change_swallows_is_none() -> None:
    line = channel(hours=[{"days": ["sun"], "from": "01:00", "to": "02:00"}])
    assert hours(line, at("2026-03-29T01:00Z")).open == "no"


def test_a_start_that_is_skipped_moves_forward_by_the_gap() -> None:
    line = channel(hours=[{"days": ["sun"], "from": "01:30", "to": "06:00"}])
    assert hours(line, at("2026-03-29T00:59Z")).opens_at == at("2026-03-29T01:30Z")


def test_an_end_that_happens_twice_is_its_first() -> None:
    line = channel(hours=[{"days": ["sat"], "from": "22:00", "to": "01:30"}])
    assert hours(line, at("2026-10-24T22:00Z")).closes_at == at("2026-10-25T00:30Z")


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(InstantError) as caught:
        hours(channel(hours="always"), at("2026-06-02T12:00"))
    assert caught.value.name == "naive_time"


def test_a_window_cannot_start_at_the_end_of_a_day() -> None:
    with pytest.raises(DocumentError) as caught:
        channel(hours=[{"from": "24:00", "to": "02:00"}])
    assert [(each.name, each.path) for each in caught.value.problems] == [("bad_time", "/hours/0/from")]


@given(channels().map(Channel.model_validate), instants)
def test_an_open_channel_stays_open_until_it_closes_and_not_longer(line: Channel, now: datetime) -> None:
    found = hours(line, now)
    if found.closes_at is not None:
        assert found.open == "yes"
        assert hours(line, found.closes_at).open == "no"
        assert hours(line, found.closes_at - timedelta(seconds=1)).closes_at == found.closes_at
        assert hours(line, now + (found.closes_at - now) / 2).open == "yes"


@given(channels().map(Channel.model_validate), instants)
def test_a_closed_channel_stays_closed_until_it_opens(line: Channel, now: datetime) -> None:
    found = hours(line, now)
    if found.opens_at is not None:
        assert found.open == "no"
        assert hours(line, found.opens_at).open == "yes"
        assert hours(line, found.opens_at - timedelta(seconds=1)).open == "no"
        assert hours(line, now + (found.opens_at - now) / 2).open == "no"


@given(channels(), instants)
def test_taking_the_hours_away_never_opens_a_channel(document: dict[str, Any], now: datetime) -> None:
    document.pop("hours", None)
    assert hours(Channel.model_validate(document), now).open == "unknown"


@given(channels(), instants, st.integers(1, 20))
def test_a_whole_number_of_weeks_changes_nothing_where_no_clock_changes(document: dict[str, Any], now: datetime, weeks: int) -> None:
    document |= {"zone": "UTC", "closed_on": []}
    line, shift = Channel.model_validate(document), timedelta(weeks=weeks)
    here, there = hours(line, now), hours(line, now + shift)
    assert there.open == here.open
    assert there.closes_at == (here.closes_at and here.closes_at + shift)
    assert there.opens_at == (here.opens_at and here.opens_at + shift)


@given(channels().map(Channel.model_validate), instants)
def test_what_comes_out_is_in_utc(line: Channel, now: datetime) -> None:
    found = hours(line, now)
    assert all(each is None or each.tzinfo is UTC for each in (found.closes_at, found.opens_at))
