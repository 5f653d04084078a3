"""Where instants stand: in their order, never so near that words meet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given

from recoverycore.views.axis import axis_for, width_of

START = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
instants = st.integers(0, 10**6).map(lambda seconds: START + timedelta(seconds=seconds))
row = st.dictionaries(instants, st.text("abc", min_size=1, max_size=40)).map(lambda told: sorted(told.items()))
rows = st.lists(row, min_size=1, max_size=4)


@given(rows)
def test_no_words_meet_and_the_order_is_that_of_time(texts: list[list[tuple[datetime, str]]]) -> None:
    axis = axis_for((at for words in texts for at, _ in words), texts, "UTC", 100.0)
    placed = [axis.places[at] for at in sorted(axis.places)]
    assert placed == sorted(placed)
    assert all(place >= 100.0 for place in placed)
    for words in texts:
        for (at, text), (after, _) in pairwise(words):
            assert axis.places[at] + width_of(text) < axis.places[after]
    for (place, text), (after, _) in pairwise(axis.clocks):
        assert place + width_of(text) < after


def test_a_long_stretch_is_drawn_short_and_says_how_long_it_was() -> None:
    later = START + timedelta(days=2, hours=3, minutes=4)
    axis = axis_for([START, START + timedelta(minutes=5), later], [], "UTC", 0.0)
    assert [text for _, text in axis.breaks] == ["2 d 2 h"]
    assert [text for _, text in axis.days] == ["Wed 2026-11-04", "Sat 2026-11-07"]


def test_clocks_are_those_of_the_zone_and_show_seconds_where_any_count() -> None:
    assert [text for _, text in axis_for([START], [], "Asia/Kathmandu", 0.0).clocks] == ["04:32"]
    assert [text for _, text in axis_for([START + timedelta(seconds=5)], [], "UTC", 0.0).clocks] == ["22:47:05"]
