"""When a paper counts: whether it is live for one recipient at one instant, and if not, on which grounds.

Recency alone means nothing. A superseded paper never comes back, whatever becomes of the one that superseded it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recoverycore.consent.compiled import CompiledConsents, Paper
    from recoverycore.consent.requests import Facts, Recipient

__all__ = ["LIFTED_BY_RELIANCE", "not_live", "superseded"]

LIFTED_BY_RELIANCE = frozenset({"revoked", "suspended"})
"""What is not held against records on which somebody acted before: a suspension is a revocation while it lasts."""


def not_live(paper: Paper, consents: CompiledConsents, recipient: Recipient, at: datetime, facts: Facts) -> frozenset[str]:
    """The grounds on which `paper` is not live, apart from supersession; none when it is."""
    found = set()
    readable = paper.status == "active" or (paper.status == "unprocessable" and not paper.permits)
    if not readable:
        found.add("status")
    if at < paper.start:
        found.add("not_started")
    if at >= paper.end or _event_ended(paper, consents, at, facts):
        found.add("ended")
    if any(taken <= at and _touches(whom, recipient) for taken, whom in paper.revocations):
        found.add("revoked")
    if any(start <= at < end for start, end in paper.suspensions):
        found.add("suspended")
    return frozenset(found)


def _event_ended(paper: Paper, consents: CompiledConsents, at: datetime, facts: Facts) -> bool:
    """Whether the event that ends `paper` has come. Nobody can say: a permit has ended, a deny has not."""
    if paper.end_event is None:
        return False
    state = facts.events.get(paper.end_event, "unknown")
    if isinstance(state, date):  # an instant is one too
        return at >= consents.calendar.stops(state, permit=paper.permits)
    return state == "unknown" and paper.permits


def _touches(whom: frozenset[str] | None, recipient: Recipient) -> bool:
    return whom is None or recipient.id in whom or recipient.org in whom


def superseded(consents: CompiledConsents, at: datetime) -> frozenset[str]:
    """The ids that are superseded at `at`. Of papers that supersede each other in a circle, permits are dead and denies stay."""
    after: dict[str, list[Paper]] = {}
    for new in consents.papers:
        if new.supersedes:
            after[new.id] = [old for old in consents.papers if old.id in new.supersedes and _replaces(new, old, at)]
    found = set()
    for new_id, replaced in after.items():
        found |= {old.id for old in replaced if old.permits or new_id not in _downwards(old.id, after)}
    return frozenset(found)


def _replaces(new: Paper, old: Paper, at: datetime) -> bool:
    """Whether `new` has taken the place of `old`: for a permit as early as it can be read, for a deny as late."""
    if old.permits:
        return at >= new.starts_early
    return new.status in ("active", "inactive") and at >= new.starts_late


def _downwards(start: str, after: dict[str, list[Paper]]) -> set[str]:
    """`start` and everything it has replaced, at any remove."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += (old.id for old in after.get(each, ()))
    return reached
