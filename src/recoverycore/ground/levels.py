"""How urgent something is: the five levels that rules, protocols and notices share."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Level"]


class Level(IntEnum):
    """Urgency, ordered. Anyone and anything may raise it; only a permitted human with a reason lowers it."""

    ROUTINE = 0
    CHECK_IN = 1
    SAME_DAY = 2
    CRISIS = 3
    EMERGENCY = 4
