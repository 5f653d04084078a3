"""Comparing what is known: true if it holds for every value there may be, false if for none, else nobody can tell (None).

Everything here is exact: numbers are compared as they are written, and whole numbers as whole numbers.
"""

from __future__ import annotations

import math
import operator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from recoverycore.risk.language.knowledge import Choice, Members, Span, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.risk.language.conditions import Check, Comparison
    from recoverycore.risk.language.declarations import Declaration
    from recoverycore.risk.language.knowledge import Value

__all__ = ["Truth", "back", "compare", "compare_spans", "is_recent", "negated", "passes"]

Truth: TypeAlias = bool | None
"""Whether something holds; None: nobody can tell."""

_EARLIEST = datetime.min.replace(tzinfo=UTC)
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}


def negated(truth: Truth) -> Truth:
    """The opposite of `truth`; of what nobody can tell, nobody can tell the opposite."""
    return None if truth is None else not truth


def back(now: datetime, length: timedelta) -> datetime:
    """The instant `length` before `now`, or the first of the calendar."""
    return now - length if now - _EARLIEST > length else _EARLIEST


def passes(check: Check, value: Value, declaration: Declaration) -> Truth:
    """Whether a value passes a check. Of one that is not known, nobody can tell."""
    match value:
        case Span():
            if isinstance(check.value, frozenset):
                among = _is_among(value, check.value)
                return among if check.op == "in" else negated(among)
            wanted = cast("int | float", check.value)
            return compare_spans(check.op, value, Span(wanted, wanted))
        case Choice(values):
            return _same({_code_passes(check, code, declaration) for code in values})
        case Members(held, reason):
            return check.value in held or (None if reason else False)
        case _:
            return None


def compare(op: Comparison, here: Value, there: Value, declaration: Declaration) -> Truth:
    """Whether two values stand in this order; ordered codes by the order in which they are declared."""
    match here, there:
        case Span(), Span():
            return compare_spans(op, here, there)
        case Choice(), Choice():
            rank = _rank(declaration)
            return _same({_HOLDS[op](rank(one), rank(other)) for one in here.values for other in there.values})
        case _:
            return None


def compare_spans(op: str, here: Span, there: Span) -> Truth:
    """Whether two numbers stand in this order, for all or for none of the pairs that they may be."""
    match op:
        case "lt":
            return _is_less(here, there)
        case "ge":
            return negated(_is_less(here, there))
        case "gt":
            return _is_less(there, here)
        case "le":
            return negated(_is_less(there, here))
        case "eq":
            return _is_equal(here, there)
        case _:
            return negated(_is_equal(here, there))


def is_recent(op: str, when: Stretch, now: datetime, length: timedelta) -> Truth:
    """Whether an instant lies ``within`` a length of time up to `now`, or at least that long ago (``since``)."""
    edge, low, high = back(now, length), when.low, when.high
    if op == "since":
        if high is not None and high <= edge:
            return True
        return False if low is not None and low > edge else None
    if (high is not None and high < edge) or (low is not None and low > now):
        return False
    return True if low is not None and low >= edge and high is not None and high <= now else None


def _same(truths: Iterable[bool]) -> Truth:
    found = {*truths}
    return found.pop() if len(found) == 1 else None


def _rank(declaration: Declaration) -> Callable[[Any], Any]:
    return declaration.values.index if declaration.ordered else lambda code: code


def _code_passes(check: Check, code: Any, declaration: Declaration) -> bool:
    if isinstance(check.value, frozenset):
        return (code in check.value) == (check.op == "in")
    rank = _rank(declaration)
    return _HOLDS[check.op](rank(code), rank(check.value))


def _is_less(here: Span, there: Span) -> Truth:
    if here.high is not None and there.low is not None and here.high < there.low:
        return True
    return False if here.low is not None and there.high is not None and here.low >= there.high else None


def _is_equal(here: Span, there: Span) -> Truth:
    if here.exact and there.exact:
        return here.low == there.low
    lows = [end for end in (here.low, there.low) if end is not None]
    highs = [end for end in (here.high, there.high) if end is not None]
    if not (lows and highs):
        return None
    low, high = max(lows), min(highs)
    # A whole number and a fraction are never equal, however near.
    if here.whole or there.whole:
        low, high = math.ceil(low), math.floor(high)
    return False if low > high else None


def _is_among(value: Span, wanted: frozenset[Any]) -> Truth:
    if value.exact:
        return value.low in wanted
    inside = [one for one in wanted if (value.low is None or value.low <= one) and (value.high is None or one <= value.high)]
    if not inside:
        return False
    if value.whole and value.low is not None and value.high is not None and len(inside) == value.high - value.low + 1:
        return True
    return None
