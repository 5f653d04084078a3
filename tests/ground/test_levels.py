"""The five levels of urgency."""

from __future__ import annotations

from recoverycore.ground import Level


def test_levels_rise_from_routine_to_emergency() -> None:
    assert [level.name for level in sorted(Level)] == ["ROUTINE", "CHECK_IN", "SAME_DAY", "CRISIS", "EMERGENCY"]


def test_levels_are_the_numbers_that_documents_hold() -> None:
    assert [int(level) for level in Level] == [0, 1, 2, 3, 4]


def test_raising_is_taking_the_higher_of_two() -> None:
    assert max(Level.SAME_DAY, Level.CRISIS) is Level.CRISIS
