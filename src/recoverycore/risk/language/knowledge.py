"""What is known of a fact: every value it may have, or why nobody can tell. No value of a person is shown by any of these."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FAULTS",
    "REASONS",
    "Choice",
    "Event",
    "Known",
    "Members",
    "Never",
    "Reason",
    "Series",
    "Span",
    "Stretch",
    "Unknown",
    "Value",
    "foremost",
    "reason_of",
]

Reason: TypeAlias = Literal[
    "not_recorded",
    "not_asked",
    "unanswered",
    "refused",
    "stale",
    "undated",
    "future",
    "wrong_type",
    "out_of_range",
    "unknown_code",
    "naive_time",
    "over_budget",
    "not_known_since",
    "too_few",
    "partial",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why something cannot be told; of several, the first in this order is given."""
FAULTS: frozenset[Reason] = frozenset({"wrong_type", "out_of_range", "unknown_code", "naive_time"})
"""The reasons that are also errors of whoever delivers facts."""


def foremost(reasons: Iterable[Reason]) -> Reason:
    """The reason that is given where there are several; ``partial`` where there is none of its own."""
    return min(reasons, key=REASONS.index, default="partial")


@frozen
class Span:
    """A number from `low` to `high`, ends included; None is without end. `whole` numbers leave out what lies between them."""

    low: int | float | None = field(repr=False)
    high: int | float | None = field(repr=False)
    whole: bool = False

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high


@frozen
class Stretch:
    """An instant from `low` to `high`, ends included; None is without end."""

    low: datetime | None = field(repr=False)
    high: datetime | None = field(repr=False)


@frozen
class Never:
    """An instant of something that is known never to have happened."""


@frozen
class Choice:
    """A code or a boolean that is one of `values`."""

    values: frozenset[str | bool] = field(repr=False)

    @property
    def exact(self) -> bool:
        """Whether there is but one."""
        return len(self.values) == 1


@frozen
class Members:
    """Codes of which `held` hold; others may, for this `reason`, or do not, if there is none."""

    held: frozenset[str] = field(repr=False)
    reason: Literal["partial", "unknown_code"] | None = None


@frozen
class Unknown:
    """Nothing that can be relied upon. `outdated`: there is a value, only too old a one."""

    reason: Reason
    outdated: bool = False


Value: TypeAlias = Span | Stretch | Never | Choice | Members | Unknown
"""What is known of a single value."""


@frozen
class Event:
    """One observation of a series; `at` is None where nobody knows when it was."""

    at: datetime | None
    value: Value


@frozen
class Series:
    """Every observation that was recorded since `known_since` (None: ever), and the faults that reading them met."""

    events: tuple[Event, ...] = field(repr=False)
    known_since: datetime | None = None
    faults: frozenset[Reason] = frozenset()


def reason_of(value: Value) -> Reason:
    """Why something cannot be told of `value`: its own reason, or that it is known only in part."""
    match value:
        case Unknown(reason):
            return reason
        case Members(_, str() as reason):
            return reason
        case _:
            return "partial"


Known: TypeAlias = Value | Series
"""What is known of a fact."""
