"""When a paper counts: whether it is live for one recipient at one instant, and if not, on which grounds.

Recency alone means nothing. A superseded paper never comes back, whatever becomes of the one that superseded it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from recoverycore.consent.times import NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from recoverycore.consent.compiled import CompiledConsents, Paper, Withdrawal
    from recoverycore.consent.facts import Facts
    from recoverycore.consent.requests import Recipient

__all__ = ["LIFTED_BY_RELIANCE", "Withdrawing", "not_live", "superseded", "unwritten"]

LIFTED_BY_RELIANCE = frozenset({"revoked", "suspended"})
"""What is not held against records on which somebody acted before: a suspension is a revocation while it lasts."""


class Withdrawing(NamedTuple):
    """How a profile takes a revocation: whether it wants writing, and the forms whose revocation may be put off until an event."""

    wants_writing: bool = False
    delayed: frozenset[str] = frozenset()


def not_live(
    paper: Paper, consents: CompiledConsents, recipient: Recipient, at: datetime, *, facts: Facts, by: Withdrawing
) -> frozenset[str]:
    """The grounds on which `paper` is not live, apart from supersession; none when it is."""
    found = set()
    readable = paper.status == "active" or (paper.status == "unprocessable" and not paper.permits)
    if not readable:
        found.add("status")
    if at < paper.start:
        found.add("not_started")
    if at >= paper.end or _event_ended(paper, consents, at, facts):
        found.add("ended")
    if any(_works(paper, each, consents, by) for each in _touching(paper, consents, recipient, at, facts=facts, by=by)):
        found.add("revoked")
    if any(start <= at < end for start, end in paper.suspensions):
        first = _first_withdrawal(paper, consents, facts, by)  # a suspension is a revocation while it lasts, and is put off like one
        if first is None or at >= first:
            found.add("suspended")
    return frozenset(found)


def unwritten(paper: Paper, consents: CompiledConsents, recipient: Recipient, at: datetime, *, facts: Facts, by: Withdrawing) -> bool:
    """Whether `paper` has been taken back by `at`, and only in words."""
    touching = _touching(paper, consents, recipient, at, facts=facts, by=by)
    return bool(touching) and not any(each.written is True for each in touching)


def _touching(
    paper: Paper, consents: CompiledConsents, recipient: Recipient, at: datetime, *, facts: Facts, by: Withdrawing
) -> list[Withdrawal]:
    """The revocations that have come for this recipient, the delay of the form included."""
    if not paper.revocations:
        return []
    first = _first_withdrawal(paper, consents, facts, by)
    if first is not None and at < first:
        return []
    return [each for each in paper.revocations if each.at <= at and _touches(each.recipients, recipient)]


def _works(paper: Paper, revocation: Withdrawal, consents: CompiledConsents, by: Withdrawing) -> bool:
    """Words alone stop a permit, and where a profile wants writing they do not lift a deny."""
    if not by.wants_writing or revocation.written is True:
        return True
    return paper.permits and (revocation.written is None or consents.setting.policy["unwritten_revocation_stops_permit"] is True)


def _first_withdrawal(paper: Paper, consents: CompiledConsents, facts: Facts, by: Withdrawing) -> datetime | None:
    """When `paper` can be revoked first, if its form may put that off. Where nobody can say, a permit is revoked at once, a deny never."""
    if paper.form not in by.delayed:
        return None
    if paper.revocable_event is None:
        return paper.revocable_at
    state = facts.events.get(paper.revocable_event, "unknown")
    if state is None or (state == "unknown" and not paper.permits):
        return NEVER
    return consents.setting.calendar.stops(state, permit=paper.permits) if isinstance(state, date) else None


def _event_ended(paper: Paper, consents: CompiledConsents, at: datetime, facts: Facts) -> bool:
    """Whether the event that ends `paper` has come. Nobody can say: a permit has ended, a deny has not."""
    if paper.end_event is None:
        return False
    state = facts.events.get(paper.end_event, "unknown")
    if isinstance(state, date):  # an instant is one too
        late = consents.setting.policy["event_day"] == "end_of_day"
        calendar = consents.setting.calendar
        return at >= (calendar.ends(state, "narrow") if late and paper.permits else calendar.stops(state, permit=paper.permits))
    return state == "unknown" and paper.permits


def _touches(whom: frozenset[str] | None, recipient: Recipient) -> bool:
    return whom is None or recipient.id in whom or recipient.org in whom


def superseded(papers: Collection[Paper], at: datetime, sound: Callable[[Paper], bool]) -> frozenset[str]:
    """The ids of those of `papers` that are superseded at `at`. Where they do so in a circle, permits are dead and denies stay.

    `sound` says whether a paper is free of defects: a deny gives way to no other.
    """
    after: dict[str, list[Paper]] = {}
    for new in papers:
        if new.supersedes:
            after[new.id] = [old for old in papers if old.id in new.supersedes and _replaces(new, old, at, sound)]
    found = set()
    for new_id, replaced in after.items():
        found |= {old.id for old in replaced if old.permits or new_id not in _downwards(old.id, after)}
    return frozenset(found)


def _replaces(new: Paper, old: Paper, at: datetime, sound: Callable[[Paper], bool]) -> bool:
    """Whether `new` has taken the place of `old`: for a permit as early as it can be read, for a deny as late."""
    if old.permits:
        return at >= new.starts_early
    return new.status in ("active", "inactive") and at >= new.starts_late and sound(new)


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
