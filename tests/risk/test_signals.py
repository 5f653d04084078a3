"""Signals: what counts as of an instant, and what a window holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recoverycore.risk import Signal, distinct_signs, last_contact, missed_appointments, standing_signals

NOW = datetime(2026, 5, 18, 21, tzinfo=UTC)
WEEK = timedelta(days=7)


def sign(identifier: str, days_ago: float, *codes: str, **more: Any) -> Signal:
    at = NOW - timedelta(days=days_ago)
    given_ = {"id": identifier, "kind": "early_warning_sign", "observed_at": at, "recorded_at": at, "codes": codes, **more}
    return Signal.model_validate(given_)


def test_the_same_sign_twice_counts_once() -> None:
    assert distinct_signs([sign("a", 1, "sleep"), sign("b", 2, "sleep", "irritable")], NOW, WEEK) == 2


def test_what_was_noticed_exactly_a_window_ago_is_no_longer_inside() -> None:
    assert distinct_signs([sign("a", 7, "sleep")], NOW, WEEK) == 0
    assert distinct_signs([sign("a", 6.999, "sleep")], NOW, WEEK) == 1


def test_a_retraction_counts_from_when_it_was_made() -> None:
    signal = sign("a", 3, "sleep", retracted_at=NOW - timedelta(days=1))
    assert distinct_signs([signal], NOW, WEEK) == 0
    assert distinct_signs([signal], NOW - timedelta(days=2), WEEK) == 1


def test_when_it_happened_counts_for_windows_and_when_it_was_told_for_contact() -> None:
    late = sign("a", 10, "sleep", source="self", recorded_at=NOW)
    assert distinct_signs([late], NOW, WEEK) == 0
    assert last_contact([late], NOW) == NOW


def test_a_missed_appointment_is_no_contact() -> None:
    missed = sign("m", 1, kind="appointment_missed")
    assert last_contact([missed], NOW) is None
    assert missed_appointments([missed, sign("n", 30, kind="appointment_missed")], NOW, timedelta(days=21)) == 1


def test_a_note_shows_nowhere() -> None:
    assert "canary" not in repr(sign("a", 1, note="canary", retraction_reason="canary"))


SIGNALS = st.lists(
    st.builds(
        lambda number, days, codes, gone: sign(
            f"s{number}", days, *codes, **({"retracted_at": NOW - timedelta(days=gone)} if gone else {})
        ),
        st.integers(0, 9),
        st.floats(0, 14, allow_nan=False),
        st.lists(st.sampled_from(["sleep", "irritable", "withdraw"]), max_size=3),
        st.integers(0, 5),
    ),
    unique_by=lambda signal: signal.id,
)


@given(SIGNALS, st.randoms())
def test_the_order_in_which_signals_come_never_matters(signals: list[Signal], random: Any) -> None:
    shuffled = random.sample(signals, len(signals))
    assert standing_signals(signals, NOW) == standing_signals(shuffled, NOW)
    assert distinct_signs(signals, NOW, WEEK) == distinct_signs(shuffled, NOW, WEEK)


@given(SIGNALS)
def test_the_same_signal_twice_is_one(signals: list[Signal]) -> None:
    assert distinct_signs([*signals, *signals], NOW, WEEK) == distinct_signs(signals, NOW, WEEK)
