"""Conditions as they are evaluated: frozen leaves, and groups of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Among",
    "Both",
    "COMPARISONS",
    "Check",
    "Comparison",
    "Condition",
    "Constant",
    "CountOf",
    "Group",
    "Holds",
    "Leaf",
    "Negation",
    "Placed",
    "Recent",
    "Trend",
    "leaves_of",
    "reads",
]

Comparison: TypeAlias = Literal["eq", "ne", "lt", "le", "gt", "ge"]
COMPARISONS: tuple[Comparison, ...] = ("eq", "ne", "lt", "le", "gt", "ge")
Constant: TypeAlias = int | float | bool | str
"""What a rule may compare with."""


@frozen
class Check:
    """What a single value is compared with: ``eq`` .. ``ge`` and ``has`` with one value, ``in`` and ``not_in`` with several."""

    op: Comparison | Literal["has", "in", "not_in"]
    value: Constant | frozenset[Constant]


@frozen
class Among:
    """The leaf that a fact passes a `test`."""

    fact: str
    test: Check


@frozen
class Both:
    """The leaf that two facts stand in an order to each other."""

    fact: str
    op: Comparison
    other: str


@frozen
class Recent:
    """The leaf that an instant lies at most (``within``) or at least (``since``) a length of time back."""

    fact: str
    op: Literal["within", "since"]
    length: timedelta


@frozen
class Holds:
    """The leaf that something is there at all, or that nothing is known about it."""

    fact: str
    op: Literal["exists", "is_unknown"]


@frozen
class CountOf:
    """The leaf about how many events of a series lie in a window up to now and pass a test of their own."""

    fact: str
    last: timedelta
    where: Check | None
    op: Comparison
    value: int


@frozen
class Trend:
    """The leaf that the latest observation of a series is worse than a baseline by at least `amount`."""

    fact: str
    amount: int | float
    baseline: Literal["first", "previous", "best"]


Leaf: TypeAlias = Among | Both | Recent | Holds | CountOf | Trend


@frozen
class Placed:
    """A leaf and where it stands in its rule."""

    path: str
    leaf: Leaf


@frozen
class Group:
    """Several conditions, of which all or any must hold."""

    kind: Literal["all", "any"]
    parts: tuple[Condition, ...] = field(repr=False)


@frozen
class Negation:
    """The condition that another does not hold."""

    part: Condition = field(repr=False)


Condition: TypeAlias = Placed | Group | Negation


def leaves_of(condition: Condition) -> Iterator[Placed]:
    """Every leaf of `condition` with its place, in the order in which they are written."""
    match condition:
        case Placed():
            yield condition
        case Negation(part):
            yield from leaves_of(part)
        case Group(_, parts):
            for part in parts:
                yield from leaves_of(part)


def reads(leaf: Leaf) -> tuple[str, ...]:
    """The facts that are named in `leaf`."""
    return (leaf.fact, leaf.other) if isinstance(leaf, Both) else (leaf.fact,)
