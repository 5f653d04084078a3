"""When papers are in force: from each instant on, or not, with everything that is known of events and revocations put in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from recoverycore.consent.counting import not_live, superseded
from recoverycore.consent.requests import Recipient
from recoverycore.consent.times import EVER, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from recoverycore.consent.compiled import CompiledConsents, Paper, Withdrawal
    from recoverycore.consent.counting import Withdrawing
    from recoverycore.consent.facts import Facts
    from recoverycore.consent.plan.patches import Timeline

__all__ = ["in_force", "moments", "revoked_for", "sound", "unknown_events"]

_NOBODY = Recipient(id="nobody that a paper names")


def in_force(paper: Paper, consents: CompiledConsents, facts: Facts, by: Withdrawing, turns: Iterable[datetime]) -> Timeline:
    """When `paper` counts for whoever none of its revocations names. `turns` are the starts of the papers that may supersede it."""
    general = paper
    if paper.revocations:
        general = evolve(paper, revocations=tuple(each for each in paper.revocations if each.recipients is None))
    found = []
    superseding = list(turns)
    for at in sorted({EVER, *moments(paper, consents, facts), *superseding}):
        live = not not_live(general, consents, _NOBODY, at, facts=facts, by=by)
        if live and superseding:
            live = paper.id not in superseded(consents.papers, at, sound)
        found.append((at, live))
    return tuple(found)


def revoked_for(paper: Paper, revocation: Withdrawal, consents: CompiledConsents, facts: Facts, by: Withdrawing) -> Timeline:
    """When `revocation`, which names its recipients, holds for them."""
    alone = evolve(paper, revocations=(evolve(revocation, recipients=None),), suspensions=())
    return tuple(
        (at, "revoked" in not_live(alone, consents, _NOBODY, at, facts=facts, by=by))
        for at in sorted({EVER, *moments(paper, consents, facts)})
    )


def moments(paper: Paper, consents: CompiledConsents, facts: Facts) -> Iterator[datetime]:
    """Every instant at which `paper` by itself may begin or cease to count."""
    known = {paper.starts_early, paper.starts_late, paper.end, paper.revocable_at, *(each.at for each in paper.revocations)}
    known |= {each for rest in paper.suspensions for each in rest}
    calendar = consents.setting.calendar
    for name in (paper.end_event, paper.revocable_event):
        state = None if name is None else facts.events.get(name)
        if isinstance(state, date):  # an instant is one too
            known |= {calendar.stops(state, permit=paper.permits), calendar.ends(state, "narrow")}
    yield from (each for each in known if each is not None and each not in (EVER, NEVER))


def sound(paper: Paper) -> bool:
    """Whether a form is free of defects where no profile looks at it."""
    return not paper.document.abuser_signed


def unknown_events(consents: CompiledConsents, facts: Facts) -> frozenset[str]:
    """The events with which a paper ends, or from which on it can be revoked, and of which nobody has said whether they have happened."""
    named = {name for paper in consents.papers for name in (paper.end_event, paper.revocable_event) if name is not None}
    return frozenset(name for name in named if facts.events.get(name, "unknown") == "unknown")
