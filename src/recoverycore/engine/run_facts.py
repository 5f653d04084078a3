"""What a run looks at beside its protocol: team, consent, safe contact, services; put together from what is kept, and what changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.engine.access import Access, Rows
from recoverycore.errors import RecoveryError
from recoverycore.escalation import RunFacts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.engine.work import Work
    from recoverycore.escalation import ProtocolDraft, RunState
    from recoverycore.escalation.documents import SafetyFact
    from recoverycore.people import Service, Team

__all__ = ["OVER", "changed_facts", "escalation_contacts", "escalation_directory", "escalation_team", "facts_for"]

OVER = ("stood_down", "closed")
"""The statuses of a run that is over."""


def facts_for(work: Work, client: str, protocol: ProtocolDraft, level: int = 0) -> RunFacts:
    """Everything a run looks at beside its protocol, put together from what is kept.

    What was put together before serves again while all of it is kept as it was, and no paper has begun or ended since; unless
    plugins narrow consent, who may say something else each time.
    """
    name = ("facts", client, protocol.id)
    given = (Rows.of(work, client), protocol.purpose or protocol.kind, protocol.categories, level)
    known: _Known | None = None if work.narrowing.any else work.memo.get(name, given)
    if known is None or not known.holds(work.at):
        access = Access(work, client, level=level)
        known = _Known(_facts(access, protocol), work.at, access.next_change())
        work.memo.keep(name, given, known)
    return known.facts


@frozen
class _Known:
    """Facts that were put together, and how long they hold as far as time alone goes."""

    facts: RunFacts
    since: datetime
    until: datetime | None

    def holds(self, at: datetime) -> bool:
        return self.since <= at and (self.until is None or at < self.until)


def _facts(access: Access, protocol: ProtocolDraft) -> RunFacts:
    team, person = access.team, access.client
    return RunFacts.model_validate(
        {
            "team": escalation_team(team, access.programme.zone),
            "contacts": escalation_contacts(team),
            "directory": escalation_directory(access.services.values()),
            "client": {"id": person.id, "channels": person.channels},
            "safety": person.safety.to_data(),
            "consent": {who: access.may_be_told(who, protocol) for who in access.everybody()},
        },
        by_name=True,
    )


def escalation_team(team: Team, zone: str) -> dict[str, Any]:
    """The staff of a team and its roster, as escalation knows them."""
    staff = {
        each.id: {"roles": each.roles, "channels": each.channels, "max_hold_level": each.max_hold_level, "quiet": each.quiet}
        for each in team.members
        if not each.supporter
    }
    shifts = [
        {
            "person": each.person,
            "role": each.role,
            "days": each.days,
            "from_": each.from_,
            "to": each.to,
            "zone": each.zone or team.zone or zone,
        }
        for each in team.roster
    ]
    return {"persons": staff, "shifts": shifts}


def escalation_contacts(team: Team) -> dict[str, Any]:
    """The supporters of a client, as escalation knows them."""
    return {each.id: {"id": each.id, "channels": each.channels, "quiet": each.quiet} for each in team.members if each.supporter}


def escalation_directory(services: Iterable[Service]) -> dict[str, Any]:
    """Outside services, as escalation knows them."""
    return {each.id: {"channels": each.channels, "hours": each.hours} for each in services}


def changed_facts(work: Work, client: str, state: RunState, level: int = 0) -> list[dict[str, Any]]:
    """The events that tell a run what has changed around it since it looked last: consent and safe contact, then the team.

    `level` is that of what is about to happen. Facts that cannot be read leave the run with those it has, and are noted.
    """
    if state.status in OVER:
        return []
    try:
        now = facts_for(work, client, state.protocol, max(level, state.level))
    except RecoveryError as error:
        work.note("facts_unreadable", run=state.run, client=client, code=error.code)
        return []
    both = (now, state.facts)
    if now is state.facts or work.memo.get(("agreed", state.run), both):
        return []
    number = len(state.applied)
    events: list[dict[str, Any]] = []
    changed = {who: fact for who, fact in now.consent.items() if state.facts.consent.get(who) != fact}
    changed |= {who: type(fact)() for who, fact in state.facts.consent.items() if who not in now.consent and fact != type(fact)()}
    safety = {} if now.safety == state.facts.safety else {"safety": _all_of(now.safety)}
    if changed or safety:
        events.append({"type": "consent_change", "id": f"consent:{number}", "consent": changed, **safety})
    if now.team is not state.facts.team and now.team != state.facts.team:
        events.append({"type": "roster_change", "id": f"roster:{number}", "team": now.team})
    if not events:
        work.memo.keep(("agreed", state.run), both, True)  # noqa: FBT003 - that they do
    return events


def _all_of(safety: SafetyFact) -> dict[str, Any]:
    """Every fact of safe contact, also those that are as they are where nobody says anything."""
    return {name: getattr(safety, name) for name in type(safety).model_fields}
