"""Declarations: which facts there are, and what a value of each may be."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeGuard, get_args

from attrs import frozen

from recoverycore.errors import RecoveryError
from recoverycore.ground.durations import parse_elapsed
from recoverycore.risk.language.slips import Slip
from recoverycore.risk.language.suggestions import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recoverycore.risk.language.conditions import Constant

__all__ = ["EVENT", "RESERVED", "SIGNAL_KINDS", "Declaration", "FactType", "is_constant", "is_number", "read_declaration", "read_length"]

SIGNAL_KINDS = (
    "code_word",
    "craving",
    "early_warning_sign",
    "engagement_loss",
    "lapse",
    "life_event",
    "missed_check_in",
    "risk_window",
    "screen_result",
    "third_party_concern",
    "urgent_sign",
)
RESERVED = "signal."
"""How the names of facts begin that nobody declares: each kind of signal is a series of events."""

FactType = Literal["integer", "number", "boolean", "code", "codes", "instant"]
_TYPES: tuple[str, ...] = get_args(FactType)
_FIELDS = ("type", "series", "min", "max", "values", "ordered", "worse", "stale_after")


@frozen
class Declaration:
    """What a value of one fact may be. `kind` is None for the events of signals, which carry no value."""

    kind: FactType | None
    series: bool = False
    low: int | float | None = None
    high: int | float | None = None
    values: tuple[str, ...] = ()
    ordered: bool = False
    worse: Literal["higher", "lower"] | None = None
    stale_after: timedelta | None = None

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in ("integer", "number")


EVENT = Declaration(kind=None, series=True)
"""The declaration of every kind of signal."""


def is_number(value: Any) -> TypeGuard[int | float]:
    """Whether `value` is a number: true and false are none, nor are NaN and infinities."""
    return type(value) is int or (type(value) is float and math.isfinite(value))


def is_constant(value: Any, declaration: Declaration) -> TypeGuard[Constant]:
    """Whether `value` is of the type of a fact's (single) value: a fraction is no integer, a boolean no number, a code any text."""
    match declaration.kind:
        case "integer":
            return type(value) is int
        case "number":
            return is_number(value)
        case "boolean":
            return type(value) is bool
        case "code" | "codes":
            return isinstance(value, str)
        case _:
            return False


def read_length(value: Any) -> timedelta | None:
    """`value` as a length of time that elapses: weeks, days, hours and minutes, more than nothing. None for anything else."""
    if not isinstance(value, str) or "S" in value:
        return None
    try:
        return parse_elapsed(value) or None
    except RecoveryError:
        return None


def read_declaration(name: str, given: Any) -> Declaration | list[Slip]:
    """The declaration of the fact `name`, or everything that is wrong with it."""
    slips = [Slip("reserved_name")] if name.startswith(RESERVED) else []
    data = given if isinstance(given, dict) else {}
    slips += dict.fromkeys(_slips(data)) if isinstance(given, dict) else [Slip("bad_value")]
    if slips:
        return slips
    ends = (data.get("min"), data.get("max")) if data["type"] in ("integer", "number") else (None, None)
    return Declaration(
        kind=data["type"],
        series=data.get("series", False),
        low=ends[0],
        high=ends[1],
        values=tuple(data.get("values") or ()),
        ordered=data.get("ordered", False),
        worse=data.get("worse"),
        stale_after=read_length(data.get("stale_after")),
    )


def _slips(data: Mapping[Any, Any]) -> Iterator[Slip]:
    for field in data:
        if field not in _FIELDS:
            word = field if isinstance(field, str) else None
            yield Slip("unknown_field", word, suggest(word, _FIELDS) if word is not None else None)
    if data.get("type") not in _TYPES:
        yield Slip("bad_value")
        return
    plain = Declaration(kind=data["type"])
    if plain.kind in ("code", "codes") and data.get("values") is None:
        yield Slip("missing_field", "values")
    flags = all(type(data.get(flag, False)) is bool for flag in ("series", "ordered"))
    if not (flags and _is_list_of_codes(data.get("values")) and _has_fitting_ends(data, plain)):
        yield Slip("bad_value")
    if data.get("worse") not in (None, "higher", "lower"):
        yield Slip("bad_value")
    if data.get("stale_after") is not None and read_length(data["stale_after"]) is None:
        yield Slip("bad_duration")


def _is_list_of_codes(values: Any) -> bool:
    if values is None:
        return True
    return isinstance(values, list) and bool(values) and all(isinstance(each, str) for each in values) and len({*values}) == len(values)


def _has_fitting_ends(data: Mapping[Any, Any], plain: Declaration) -> bool:
    ends = [data[end] for end in ("min", "max") if data.get(end) is not None]
    low, high = data.get("min"), data.get("max")
    if not all(is_constant(end, plain) if plain.numeric else is_number(end) for end in ends):
        return False
    return low is None or high is None or bool(low <= high)
