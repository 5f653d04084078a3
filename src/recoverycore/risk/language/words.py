"""Conditions in words, for somebody who has to judge what a rule saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.risk.language.conditions import Among, Both, Check, CountOf, Holds, Leaf, Recent, Trend

if TYPE_CHECKING:
    from datetime import timedelta

    from recoverycore.risk.language.conditions import Constant

__all__ = ["in_words"]

_OPERATORS = {
    "eq": "is",
    "ne": "is not",
    "lt": "is below",
    "le": "is at most",
    "gt": "is above",
    "ge": "is at least",
    "has": "includes",
    "in": "is one of",
    "not_in": "is none of",
}
_STATES = {"exists": "is there", "is_unknown": "is not known"}
_BASELINES = {"first": "the first", "previous": "the one before", "best": "the best one before"}
_UNITS = ((7 * 24 * 60, "week"), (24 * 60, "day"), (60, "hour"), (1, "minute"))


def in_words(leaf: Leaf) -> str:
    """The leaf as a clause in plain words.

    >>> in_words(Among("phq9_total", Check("ge", 15)))
    'phq9_total is at least 15'
    """
    match leaf:
        case Among(fact, test):
            return f"{fact} {_check(test)}"
        case Both(fact, op, other):
            return f"{fact} {_OPERATORS[op]} {other}"
        case Recent(fact, "within", length):
            return f"{fact} lies at most {_length(length)} back"
        case Recent(fact, _, length):
            return f"{fact} lies at least {_length(length)} back"
        case Holds(fact, op):
            return f"{fact} {_STATES[op]}"
        case CountOf(fact, last, where, op, value):
            which = f" whose value {_check(where)}" if where else ""
            return f"the number of {fact} in the last {_length(last)}{which} {_OPERATORS[op]} {value}"
        case Trend(fact, amount, baseline):
            return f"the latest {fact} is worse than {_BASELINES[baseline]} by at least {amount}"


def _check(check: Check) -> str:
    given = sorted(check.value, key=str) if isinstance(check.value, frozenset) else [check.value]
    return f"{_OPERATORS[check.op]} {', '.join(map(_constant, given))}"


def _constant(value: Constant) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _length(length: timedelta) -> str:
    """The length in the largest unit that fits without a rest."""
    minutes = int(length.total_seconds()) // 60
    size, unit = next((size, unit) for size, unit in _UNITS if minutes % size == 0)
    number = minutes // size
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
