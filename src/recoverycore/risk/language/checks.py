"""Tests of a single value as they are written: which operators a type has, and what they may be compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.risk.language.conditions import COMPARISONS, Check
from recoverycore.risk.language.declarations import Declaration, is_constant
from recoverycore.risk.language.slips import Slip
from recoverycore.risk.language.suggestions import suggest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["comparable", "operators", "read_check", "unknown"]

_EQUAL = ("eq", "ne")
_LISTED = ("in", "not_in")


def unknown(code: str, name: Any, candidates: Iterable[str]) -> Slip:
    """The slip that nobody knows `name`, with the candidate that was probably meant."""
    return Slip(code, name, suggest(name, candidates)) if isinstance(name, str) else Slip(code)


def operators(declaration: Declaration) -> tuple[str, ...]:
    """The operators that test a single value of this type."""
    match declaration.kind:
        case "integer" | "number":
            return (*COMPARISONS, *_LISTED)
        case "code":
            return (*(COMPARISONS if declaration.ordered else _EQUAL), *_LISTED)
        case "boolean":
            return _EQUAL
        case "codes":
            return ("has",)
        case _:
            return ()


def read_check(op: Any, value: Any, declaration: Declaration) -> Check | Slip:
    """The test that compares a value of this type by `op` with `value`, or what is wrong with it."""
    if op not in operators(declaration):
        return Slip("type_mismatch")
    if (op in _LISTED) != isinstance(value, list):
        return Slip("type_mismatch")
    given = value if isinstance(value, list) else [value]
    if not all(is_constant(each, declaration) for each in given):
        return Slip("type_mismatch")
    if not given:
        return Slip("empty_list")
    if declaration.values:
        for each in given:
            if each not in declaration.values:
                return unknown("unknown_code", each, declaration.values)
    return Check(op, frozenset(given) if op in _LISTED else value)


def comparable(op: str, here: Declaration, there: Declaration) -> bool:
    """Whether two facts can be compared by `op`: both numbers, both booleans, or codes with the same values."""
    if here.series or there.series:
        return False
    if here.numeric and there.numeric:
        return True
    if here.kind != there.kind or here.kind not in ("boolean", "code"):
        return False
    if op in _EQUAL:
        return {*here.values} == {*there.values}
    return here.kind == "code" and here.ordered and there.ordered and here.values == there.values
