"""Leaves as they are written, each checked in one order: the first thing that is wrong with a leaf is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from recoverycore.risk.language.checks import comparable, read_check, unknown
from recoverycore.risk.language.conditions import COMPARISONS, Among, Both, CountOf, Holds, Recent, Trend
from recoverycore.risk.language.declarations import EVENT, RESERVED, SIGNAL_KINDS, Declaration, is_constant, is_number, read_length
from recoverycore.risk.language.slips import Slip

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from recoverycore.risk.language.conditions import Check, Comparison, Leaf

    Read = Leaf | Slip

__all__ = ["GROUPS", "read_leaf", "signal_facts"]

GROUPS = ("all", "any", "not")
_PLAIN = ("fact", "op", "value", "value_of", "duration", "baseline")
_OF_A_COUNT = ("fact", "last", "where")
_OF_A_WHERE = ("op", "value")
_BASELINES = ("first", "previous", "best")
_NEEDS = {
    **dict.fromkeys((*COMPARISONS, "in", "not_in", "has"), ("value",)),
    **dict.fromkeys(("within", "since"), ("duration",)),
    "worse_by": ("value", "baseline"),
    "exists": (),
    "is_unknown": (),
}
"""What each operator takes besides the fact."""


def signal_facts() -> dict[str, Declaration]:
    """The facts that nobody declares: one series of events for each kind of signal."""
    return {RESERVED + kind: EVENT for kind in SIGNAL_KINDS}


def read_leaf(data: Any, facts: Mapping[str, Declaration]) -> Leaf | Slip:
    """The leaf that is written as `data` about the `facts` there are, or the first thing that is wrong with it."""
    if not isinstance(data, dict):
        return Slip("type_mismatch")
    return _read_count(data, facts) if "count" in data else _read_plain(data, facts)


def _read_plain(data: dict[Any, Any], facts: Mapping[str, Declaration]) -> Read:
    op = data.get("op")
    slip = _unknown_key(data, _PLAIN, (*_PLAIN, *GROUPS, "count")) or _missing(data, ("fact", "op"))
    if slip:
        return slip
    if not isinstance(op, str) or op not in _NEEDS:
        return unknown("unknown_operator", op, _NEEDS)
    between = op in COMPARISONS and "value_of" in data
    needs = ("value_of",) if between else _NEEDS[op]
    slip = _missing(data, needs) or _superfluous(data, ("fact", "op", *needs)) or _unknown_facts(data, facts, "fact", *needs)
    if slip:
        return slip
    declaration = facts[data["fact"]]
    match op:
        case "exists" | "is_unknown":
            return Holds(data["fact"], op)
        case "within" | "since":
            return _read_recent(data, declaration)
        case "worse_by":
            return _read_trend(data, declaration)
        case _ if between:
            fitting = comparable(op, declaration, facts[data["value_of"]])
            return Both(data["fact"], cast("Comparison", op), data["value_of"]) if fitting else Slip("type_mismatch")
        case _ if declaration.series:
            return Slip("type_mismatch")
        case _:
            check = read_check(op, data["value"], declaration)
            return check if isinstance(check, Slip) else Among(data["fact"], check)


def _read_recent(data: dict[Any, Any], declaration: Declaration) -> Read:
    if declaration.kind != "instant" or declaration.series:
        return Slip("type_mismatch")
    length = read_length(data["duration"])
    return Recent(data["fact"], data["op"], length) if length else Slip("bad_duration")


def _read_trend(data: dict[Any, Any], declaration: Declaration) -> Read:
    amount, baseline = data["value"], data["baseline"]
    if not (declaration.series and declaration.numeric and is_constant(amount, declaration) and is_number(amount)):
        return Slip("type_mismatch")
    if baseline not in _BASELINES or amount <= 0:
        return Slip("bad_value")
    if declaration.worse is None:
        return Slip("no_worse_direction")
    return Trend(data["fact"], amount, baseline)


def _read_count(data: dict[Any, Any], facts: Mapping[str, Declaration]) -> Read:
    counted, op = data["count"], data.get("op")
    if not isinstance(counted, dict):
        return Slip("type_mismatch")
    where = counted.get("where")
    slip = (
        _unknown_key(data, (*_PLAIN, "count"), (*_PLAIN, *GROUPS, "count"))
        or _unknown_key(counted, _OF_A_COUNT, _OF_A_COUNT)
        or _unknown_key(where if isinstance(where, dict) else {}, _OF_A_WHERE, _OF_A_WHERE)
        or _missing(counted, ("fact", "last"))
        or _missing(data, ("op",))
    )
    if slip:
        return slip
    if op not in COMPARISONS:
        return unknown("unknown_operator", op, COMPARISONS)
    slip = _missing(data, ("value",)) or _superfluous(data, ("count", "op", "value")) or _unknown_facts(counted, facts, "fact")
    if slip:
        return slip
    declaration = facts[counted["fact"]]
    if not declaration.series or type(data["value"]) is not int:
        return Slip("type_mismatch")
    check = _read_where(where, declaration) if "where" in counted else None
    if isinstance(check, Slip):
        return check
    last = read_length(counted["last"])
    return CountOf(counted["fact"], last, check, op, data["value"]) if last else Slip("bad_duration")


def _read_where(where: Any, declaration: Declaration) -> Check | Slip:
    return read_check(where.get("op"), where.get("value"), declaration) if isinstance(where, dict) else Slip("type_mismatch")


def _unknown_key(data: Mapping[Any, Any], legal: Collection[str], candidates: Iterable[str]) -> Slip | None:
    """Of several keys that nobody knows, the first in the alphabet."""
    foreign = sorted((key for key in data if key not in legal), key=str)
    return unknown("unknown_field", foreign[0], candidates) if foreign else None


def _superfluous(data: Mapping[Any, Any], taken: Collection[str]) -> Slip | None:
    """A key that other operators take; there is nothing to suggest."""
    foreign = sorted(key for key in data if key not in taken)
    return Slip("unknown_field", foreign[0]) if foreign else None


def _missing(data: Mapping[Any, Any], needed: Iterable[str]) -> Slip | None:
    return next((Slip("missing_field", each) for each in needed if each not in data), None)


def _unknown_facts(data: Mapping[Any, Any], facts: Mapping[str, Declaration], *places: str) -> Slip | None:
    named = (data[place] for place in places if place in ("fact", "value_of"))
    return next((unknown("unknown_fact", name, facts) for name in named if not isinstance(name, str) or name not in facts), None)
