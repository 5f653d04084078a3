"""Words for how far a goal has come, their codes, and a suggestion from its closed periods. Pure.

A suggestion is never stored as a status. That something was reached, was not reached yet, was not started or is not for now,
only people state.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from recoverycore.plans.period_progress import PeriodProgress, ProgressStatus

__all__ = ["ACHIEVEMENT_CODES", "Achievement", "Suggestion", "suggest"]

Achievement = Literal[
    "underway", "getting_closer", "further_away", "steady", "reached", "keeping_going", "not_reached_yet", "not_started", "not_for_now",
    "cannot_tell",
]  # fmt: skip
ACHIEVEMENT_CODES: Mapping[Achievement, str | None] = MappingProxyType(
    {
        "underway": "in-progress",
        "getting_closer": "improving",
        "further_away": "worsening",
        "steady": "no-change",
        "reached": "achieved",
        "keeping_going": "sustaining",
        "not_reached_yet": "not-achieved",
        "not_started": "no-progress",
        "not_for_now": "not-attainable",
        "cannot_tell": None,
    }
)
"""Each word with its code in HL7's list of goal achievement; what nobody can tell has none."""


@frozen
class Suggestion:
    """A word that the closed periods suggest. A person states it, or does not."""

    suggestion: Achievement

    @property
    def code(self) -> str | None:
        """Its code among the goal achievement codes, if it has one."""
        return ACHIEVEMENT_CODES[self.suggestion]

    def to_row(self) -> dict[str, Any]:
        """The word and its code as plain data."""
        return {"suggestion": self.suggestion, "code": self.code}


def suggest(periods: Iterable[PeriodProgress], *, window: int = 4) -> Suggestion:
    """What the closed of `periods`, oldest first, suggest.

    The last `window` are compared with as many before them (policy: 4). A change is suggested only where the gaps cannot hide the
    opposite. Error: ``bad_value`` for a `window` below 1.
    """
    if window < 1:
        raise DocumentError(problem("bad_value", "/window"))
    closed = [each.status for each in periods if each.closed]
    recent, earlier = closed[-window:], closed[-2 * window : -window]
    if all(each == "cannot_tell" for each in closed):
        return Suggestion("cannot_tell")
    if len(recent) == window and all(each == "met" for each in recent):
        return Suggestion("keeping_going")
    if len(earlier) < window:
        return Suggestion("underway")
    (low, high), (low_before, high_before) = _met(recent), _met(earlier)
    if low > high_before:
        return Suggestion("getting_closer")
    if high < low_before:
        return Suggestion("further_away")
    return Suggestion("steady" if low == high == low_before == high_before else "underway")


def _met(statuses: Sequence[ProgressStatus]) -> tuple[int, int]:
    """How many were met, at least and at most."""
    return statuses.count("met"), statuses.count("met") + statuses.count("cannot_tell")
