"""Signals: what counts as of an instant, and when somebody was last in touch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given

from recoverycore.risk import Signal, last_contact, standing_signals
from tests.risk.noticed import NOW, SIGNALS, sign


def test_a_retraction_counts_from_when_it_was_made() -> None:
    signal = sign("a", 3, "sleep", retracted_at=NOW - timedelta(days=1))
    assert standing_signals([signal], NOW) == ()
    assert standing_signals([signal], NOW - timedelta(days=2)) == (signal,)


def test_a_contact_counts_from_when_it_was_told() -> None:
    late = sign("a", 10, "sleep", source="self", recorded_at=NOW)
    assert last_contact([late], NOW) == NOW


def test_a_missed_appointment_is_no_contact() -> None:
    assert last_contact([sign("m", 1, kind="appointment_missed")], NOW) is None


def test_a_note_shows_nowhere() -> None:
    assert "canary" not in repr(sign("a", 1, note="canary", retraction_reason="canary"))


@given(SIGNALS)
def test_the_order_in_which_signals_come_never_matters(signals: list[Signal]) -> None:
    assert standing_signals(signals, NOW) == standing_signals(signals[::-1], NOW)
    assert last_contact(signals, NOW) == last_contact(signals[::-1], NOW)


@given(SIGNALS)
def test_the_same_signal_twice_is_one(signals: list[Signal]) -> None:
    doubled: list[Any] = [*signals, *signals]
    assert standing_signals(doubled, NOW) == standing_signals(signals, NOW)
