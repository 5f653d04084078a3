"""What holds of every risk window, whatever its kind and wherever somebody is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from recoverycore.plans import (
    RiskWindow,
    Stay,
    Stretch,
    active_at,
    bounds,
    checkins,
    happening,
    next_edge,
    next_start,
    occurrences,
    stretches,
)
from recoverycore.plans.windows import _merged
from tests.plans.window_strategies import anywhere, dates, instants, times, windows, zones

if TYPE_CHECKING:
    import pytest

    from recoverycore.plans import Occurrence

SECOND = timedelta(seconds=1)
MONTH = timedelta(days=30)
SEVERAL = st.lists(windows(), max_size=4)
WITH_LEADS = st.lists(windows(lead=True), max_size=4)
Where = str | tuple[Stay, ...] | None


def around(at: datetime) -> tuple[datetime, datetime]:
    return at - MONTH, at + MONTH


@given(SEVERAL, instants, anywhere)
def test_a_window_is_active_exactly_in_its_stretches(known: list[RiskWindow], at: datetime, where: Where) -> None:
    inside = [each for each in stretches(known, *around(at), where).stretches if each.start <= at < each.end]
    assert (active_at(known, at, where).state == "active") == bool(inside)


@given(SEVERAL, instants, anywhere)
def test_the_ids_of_what_is_active_are_among_those_that_make_the_stretch(known: list[RiskWindow], at: datetime, where: Where) -> None:
    makers = [set(each.windows) for each in stretches(known, *around(at), where).stretches if each.start <= at < each.end]
    assert set(active_at(known, at, where).windows) <= set().union(*makers)


@given(SEVERAL, instants, anywhere)
def test_stretches_lie_in_the_range_and_neither_touch_nor_overlap(known: list[RiskWindow], at: datetime, where: Where) -> None:
    low, high = around(at)
    found = stretches(known, low, high, where).stretches
    assert all(low <= each.start < each.end <= high for each in found)
    assert all(one.end < other.start for one, other in pairwise(found))


@given(SEVERAL, instants, anywhere)
def test_the_next_start_is_where_nothing_was_active_just_before(known: list[RiskWindow], at: datetime, where: Where) -> None:
    start = next_start(known, at, where)
    assume(start is not None)
    assert start is not None
    assert start > at
    assert active_at(known, start, where).state == "active"
    assert active_at(known, start - timedelta(microseconds=1), where).state != "active"


@given(SEVERAL, instants, anywhere)
def test_nothing_begins_between_now_and_the_next_start(known: list[RiskWindow], at: datetime, where: Where) -> None:
    start = next_start(known, at, where)
    starts = [each.start for each in stretches(known, *around(at), where).stretches if each.start > at]
    assert starts[:1] == ([start] if start is not None and start < at + MONTH else [])


@given(SEVERAL.flatmap(lambda known: st.tuples(st.just(known), st.permutations([*known, *known[:1]]))), instants, anywhere)
def test_neither_order_nor_repetition_matters(both: tuple[list[RiskWindow], list[RiskWindow]], at: datetime, where: Where) -> None:
    known, again = both
    assert active_at(again, at, where) == active_at(known, at, where)
    assert stretches(again, *around(at), where) == stretches(known, *around(at), where)
    assert next_start(again, at, where) == next_start(known, at, where)


@given(SEVERAL, windows(), instants, anywhere)
def test_one_window_more_never_makes_an_active_instant_inactive(
    known: list[RiskWindow], more: RiskWindow, at: datetime, where: Where
) -> None:
    assert set(active_at(known, at, where).windows) <= set(active_at([*known, more], at, where).windows)
    if active_at(known, at, where).state != "inactive":
        assert active_at([*known, more], at, where).state != "inactive"


@given(WITH_LEADS, instants, anywhere)
def test_a_check_in_lies_strictly_before_the_start_of_each_window_it_names(known: list[RiskWindow], at: datetime, where: Where) -> None:
    for found in checkins(known, *around(at), where):
        for identifier in found.windows:
            begun = [each.start for one in known if one.id == identifier for each in occurrences(one, found.at, found.at + MONTH, where)]
            assert any(start > found.at for start in begun)


@given(WITH_LEADS, instants, st.integers(1, 30), anywhere)
def test_check_ins_of_two_ranges_are_those_of_both_together(known: list[RiskWindow], at: datetime, length: int, where: Where) -> None:
    low, high = around(at)
    middle = low + timedelta(days=length)
    assert checkins(known, low, middle, where) + checkins(known, middle, high, where) == checkins(known, low, high, where)


@given(windows(), instants, zones)
def test_the_next_edge_is_the_first_change_of_one_window(window: RiskWindow, at: datetime, zone: str) -> None:
    edge = next_edge(window, at, zone)
    seen = [each for each in occurrences(window, at - MONTH, at + MONTH, zone) if each.start <= at < each.end]
    assert edge is None or edge > at
    assert not seen or edge is not None
    assert all(edge is not None and edge <= each.end for each in seen)


@given(st.lists(windows(), max_size=4), instants, zones)
def test_merging_again_changes_nothing(known: list[RiskWindow], at: datetime, zone: str) -> None:
    found = [each for window in known for each in occurrences(window, *around(at), zone)]
    merged = _merged(found)
    assert _merged([_as_occurrence(each) for each in merged]) == [Stretch(each.start, each.end, ("w",)) for each in merged]


def _as_occurrence(stretch: Stretch) -> Occurrence:
    return happening.Occurrence("w", "UTC", stretch.start.date(), stretch.end.date(), stretch.start, stretch.end)


@given(zones, times, dates)
def test_weekly_hours_keep_their_wall_time_in_every_week_in_which_it_happens_once(zone: str, start: str, day: date) -> None:
    window = RiskWindow.model_validate({"id": "w", "kind": "weekly", "weekdays": ["tue", "sun"], "start": start, "end": start})
    begin = datetime.combine(day, datetime.min.time(), UTC)
    for each in occurrences(window, begin, begin + MONTH, zone):
        local = each.start.astimezone(ZoneInfo(zone))
        midnight = datetime.combine(each.first, datetime.min.time(), ZoneInfo(zone))
        wanted = midnight.replace(hour=int(start[:2]), minute=int(start[3:]))
        if wanted.astimezone(UTC) == wanted.replace(fold=1).astimezone(UTC):
            assert local.strftime("%H:%M") == start


@given(windows(), instants, zones, zones)
def test_on_a_journey_each_zone_counts_for_as_long_as_somebody_is_there(window: RiskWindow, at: datetime, here: str, there: str) -> None:
    left = at - timedelta(days=2)
    stays = [Stay.model_validate({"from": at, "zone": there}), Stay.model_validate({"from": left, "zone": here})]
    assert active_at([window], at, stays) == active_at([window], at, there)
    assert active_at([window], at - SECOND, stays) == active_at([window], at - SECOND, here)
    assert active_at([window], left - MONTH, stays) == active_at([window], left - MONTH, here)


@given(SEVERAL, instants)
def test_without_any_zone_a_window_is_unknown_and_never_counts(known: list[RiskWindow], at: datetime) -> None:
    lost = [window for window in known if window.zone is None]
    assert active_at(lost, at, ()).windows == ()
    assert set(active_at(lost, at, None).unknown) == {window.id for window in lost}
    assert stretches(lost, *around(at), None).stretches == ()
    assert next_start(lost, at, None) is None


def test_a_start_that_a_planted_fault_leaves_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    window = RiskWindow.model_validate({"id": "w", "kind": "weekly", "weekdays": ["sun"], "start": "01:15", "end": "01:45"})
    at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert active_at([window], at, "America/New_York").state == "active"
    monkeypatch.setattr(happening, "opening", lambda *wall: bounds.closing(*wall) - timedelta(minutes=30))
    assert active_at([window], at, "America/New_York").state == "inactive"
