"""Everything that conditions can tell apart: for each expression the few values that stand for all others, and where a leaf holds.

Different expressions are unrelated. A leaf is then a set of such values, written as the bits of a number.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from attrs import frozen

from recoverycore.risk.language.comparing import compare, compare_spans, passes
from recoverycore.risk.language.conditions import Among, Both, Comparison, CountOf, Holds, Leaf, Recent, Trend, reads
from recoverycore.risk.language.knowledge import Choice, Span
from recoverycore.risk.language.series import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverycore.risk.language.comparing import Truth
    from recoverycore.risk.language.declarations import Declaration
    from recoverycore.risk.language.settings import RuleSettings

__all__ = ["Axis", "Region", "regions"]

Axis: TypeAlias = tuple[Any, ...]
"""One expression: what kind it is, of which fact, and what else tells it from others."""

_SIGNS = {"eq": ("eq",), "ne": ("lt", "gt"), "lt": ("lt",), "le": ("lt", "eq"), "gt": ("gt",), "ge": ("gt", "eq")}
_TURNED = {"lt": "gt", "gt": "lt", "eq": "eq"}
_YES_NO = (True, False)
_MOMENT = timedelta(microseconds=1)


@frozen
class Region:
    """Where one leaf holds on its axis (bits of a number) and where it does not."""

    axis: Axis
    true: int
    false: int
    leaf: Leaf
    outdated_will_do: bool

    def where(self, *, holds: bool) -> int:
        """The values at which the leaf holds, or at which it does not."""
        return self.true if holds else self.false

    def needs(self, *, holds: bool) -> frozenset[str]:
        """The facts that cannot be unknown while the leaf holds, or does not. An outdated value is unknown, and yet it is there."""
        if isinstance(self.leaf, Holds) and (self.leaf.op == "is_unknown" or (holds and self.outdated_will_do)):
            return frozenset()
        return frozenset(reads(self.leaf))

    def unknown(self, *, holds: bool) -> frozenset[str]:
        """The facts that must be unknown for the leaf to hold."""
        return frozenset({self.leaf.fact} if holds and self.leaf == Holds(self.leaf.fact, "is_unknown") else ())


def regions(leaves: Iterable[Leaf], declared: Mapping[str, Declaration], settings: RuleSettings) -> dict[Leaf, Region]:
    """The region of each of the `leaves`. All that stand on one axis share its values, so regions can be cut with each other."""
    by_axis: dict[Axis, dict[Leaf, None]] = defaultdict(dict)
    for leaf in leaves:
        by_axis[_axis(leaf, declared[leaf.fact])][leaf] = None
    found: dict[Leaf, Region] = {}
    for axis, on_it in by_axis.items():
        values = _values(axis, list(on_it), declared)
        for leaf in on_it:
            truths = [_holds(leaf, value, declared[leaf.fact], settings) for value in values]
            true, false = (sum(1 << bit for bit, truth in enumerate(truths) if truth is wanted) for wanted in _YES_NO)
            declaration = declared[leaf.fact]
            found[leaf] = Region(axis, true, false, leaf, not declaration.series and declaration.stale_after is not None)
    return found


def _axis(leaf: Leaf, declaration: Declaration) -> Axis:
    match leaf:
        case Among(fact, test):
            return ("has", fact, test.value) if declaration.kind == "codes" else ("value", fact)
        case Recent(fact):
            return ("age", fact)
        case Holds(fact, "is_unknown"):
            return ("unknown", fact)
        case Holds(fact):
            kind = "any" if declaration.series else "age" if declaration.kind == "instant" else "known"
            return (kind, fact)
        case Both(fact, _, other):
            return ("order", *sorted((fact, other)))
        case CountOf(fact, last, where):
            return ("count", fact, last, where)
        case Trend(fact, _, baseline):
            return ("trend", fact, baseline)


def _values(axis: Axis, leaves: list[Leaf], declared: Mapping[str, Declaration]) -> list[Any]:
    """Values of an axis of which one stands for each that the `leaves` on it can tell apart."""
    declaration = declared[axis[1]]
    match axis[0]:
        case "value" if declaration.numeric:
            tests = [leaf.test.value for leaf in leaves if isinstance(leaf, Among)]
            edges = {each for value in tests for each in (value if isinstance(value, frozenset) else (value,))}
            return _numbers(map(Fraction, cast("set[int]", edges)), declaration.low, declaration.high, whole=declaration.kind == "integer")
        case "value" if declaration.kind == "code":
            return list(declaration.values)
        case "age":
            return [None, -_MOMENT, *_ages({leaf.length for leaf in leaves if isinstance(leaf, Recent)})]
        case "order":
            return [sign for sign in ("lt", "eq", "gt") if _possible(sign, axis[1], axis[2], declared)]
        case "count":
            return _numbers((Fraction(leaf.value) for leaf in leaves if isinstance(leaf, CountOf)), 0, None, whole=True)
        case "trend":
            widest = _widest(declaration)
            amounts = (as_written(leaf.amount) for leaf in leaves if isinstance(leaf, Trend))
            return _numbers(amounts, None if widest is None else -widest, widest, whole=declaration.kind == "integer")
        case "known":
            return [True]
        case _:
            return list(_YES_NO)


def _numbers(edges: Iterable[Fraction], low: Any, high: Any, *, whole: bool) -> list[Fraction]:
    """A number for each edge, for each stretch between two of them, and for what lies outside, as far as there is any."""
    ends = [Fraction(end) for end in (low, high) if end is not None]
    given = sorted({*edges, *ends})
    between = [(here + there) / 2 for here, there in pairwise(given)]
    found = {*given, given[0] - 1, given[-1] + 1}
    found |= {near for edge in given for near in (edge - 1, edge + 1)} if whole else {*between}
    return sorted(each for each in found if (low is None or each >= Fraction(low)) and (high is None or each <= Fraction(high)))


def _ages(lengths: set[timedelta]) -> list[timedelta]:
    edges = sorted({timedelta(), *lengths})
    return [*edges, *((here + there) / 2 for here, there in pairwise(edges)), edges[-1] + _MOMENT]


def _widest(declaration: Declaration) -> Fraction | None:
    if declaration.low is None or declaration.high is None:
        return None
    return as_written(declaration.high) - as_written(declaration.low)


def _possible(sign: str, here: str, there: str, declared: Mapping[str, Declaration]) -> bool:
    """Whether two facts can stand in this order at all."""
    if here == there:
        return sign == "eq"
    one, other = declared[here], declared[there]
    op = cast("Comparison", sign)
    if one.numeric:
        spans = (Span(each.low, each.high, whole=each.kind == "integer") for each in (one, other))
        return compare_spans(op, *spans) is not False
    values = frozenset(one.values) if one.kind == "code" else frozenset(_YES_NO)
    return compare(op, Choice(values), Choice(values), one) is not False


def _holds(leaf: Leaf, value: Any, declaration: Declaration, settings: RuleSettings) -> Truth:
    """Whether a leaf holds at one value of its axis."""
    match leaf:
        case Among(_, test) if declaration.numeric:
            return passes(test, Span(value, value, whole=declaration.kind == "integer"), declaration)
        case Among(_, test) if declaration.kind in ("code", "boolean"):
            return passes(test, Choice(frozenset({value})), declaration)
        case Recent(_, "since", length):
            return value >= length if value is not None else True if settings.since_none == "true" else None
        case Recent(_, _, length):
            return value is not None and timedelta() <= value <= length
        case Holds(_, "exists") if declaration.kind == "instant" and not declaration.series:
            return value is not None
        case Both(fact, op, other):
            return (value if fact <= other else _TURNED[value]) in _SIGNS[op]
        case CountOf():
            return compare_spans(leaf.op, Span(value, value, whole=True), Span(leaf.value, leaf.value, whole=True))
        case Trend():
            return bool(value >= as_written(leaf.amount))
        case _:
            return bool(value)
