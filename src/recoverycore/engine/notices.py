"""Notices: what a rule without a level tells, once each time it begins to hold. No run, no clock, nobody is asked to act.

A notice is cut like any other message to what consent permits its target, and looked at again when it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.access import CONTACT, Access
from recoverycore.engine.runs import escalation_team
from recoverycore.engine.shell import one_of, programme_of, team_of
from recoverycore.escalation.documents import Team
from recoverycore.escalation.targets import duty_of
from recoverycore.ground.canonical import digest
from recoverycore.plans import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.engine.stores import OutboxRow
    from recoverycore.engine.work import Work
    from recoverycore.people import Member
    from recoverycore.risk import Rule, Tell

__all__ = ["as_permitted", "may_go", "next_channel", "notify"]

NOTICE = "notice"
_IN_THE_APP = ("app", "in_person")
"""The channels that may carry what consent permits; every other carries nothing that tells of care."""


def notify(work: Work, client: str, rule: Rule, about: str, *, silent: bool = False) -> None:
    """Tell whom `rule` tells because of `about`, each once, and offer the person what the rule offers, unless `silent`."""
    work.note("notice", client=client, rule=rule.id, about=about)
    told: set[str] = set()
    for target in rule.tell:
        for member in _members(work, client, target):
            if member.id not in told:
                told.add(member.id)
                _ask_for(work, client, rule=rule, target=target, member=member, about=about)
    if rule.offer == "coping" and not silent:
        plan = (one_of(work.unit, History, client) or History()).active("relapse_prevention")
        coping = plan.content.sections.get("own_coping") if plan else None
        work.note("offer", client=client, why=rule.id, entries=[entry.id for entry in coping.entries] if coping else [])


def as_permitted(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """A notice cut to what its target may be told now."""
    access = Access(work.unit, body["client"], work.at)
    found = access.decide(body["to"], (CONTACT, *body["asked"]), body["purpose"])
    categories = [each for each in body["asked"] if found.records[each] == "permit"]
    whole = found.records[CONTACT] == "permit" and categories == body["asked"] != []
    return {**body, "categories": categories, "class": "C2" if whole and body["channel"] in _IN_THE_APP else "C0"}


def may_go(work: Work, body: dict[str, Any]) -> bool:
    """Whether a notice may go at all now: to somebody outside the staff only where contact is permitted."""
    member = team_of(work.unit, body["client"]).member(body["to"])
    if member is None or not member.supporter:
        return member is not None
    return Access(work.unit, body["client"], work.at).decide(body["to"], (CONTACT,), body["purpose"]).permitted


def next_channel(work: Work, row: OutboxRow) -> None:
    """A notice that could not be delivered goes by the target's next channel, where there is one."""
    member = team_of(work.unit, row.body["client"]).member(row.body["to"])
    left = [each for each in (member.channels if member else ()) if each not in row.body["tried"]]
    if left:
        _enqueue(work, {**row.body, "channel": left[0], "tried": [*row.body["tried"], left[0]], "attempt": row.body["attempt"] + 1})
    else:
        work.note("not_reached", client=row.body["client"], to=row.body["to"], why=row.body["why"])


def _members(work: Work, client: str, target: Tell) -> Iterator[Member]:
    team = team_of(work.unit, client)
    names = (target.person,) if target.person is not None else _on_duty(work, client, target.role or "")
    for name in names:
        member = team.member(name)
        if member is None or not member.channels:
            work.note("not_permitted", client=client, to=name)
        else:
            yield member


def _on_duty(work: Work, client: str, role: str) -> tuple[str, ...]:
    staff = Team.model_validate(escalation_team(team_of(work.unit, client), programme_of(work.unit).zone), by_name=True)
    found = duty_of(staff, role, work.at)
    if not found:
        work.note("nobody_on_duty", client=client, role=role)
    return found


def _ask_for(work: Work, client: str, *, rule: Rule, target: Tell, member: Member, about: str) -> None:
    channels = [each for each in (rule.channels or member.channels) if each in member.channels]
    if not channels:
        work.note("not_permitted", client=client, to=member.id)
        return
    body = {
        "run": None, "client": client, "why": rule.id, "about": about, "protocol": "", "version": rule.version, "to": member.id,
        "channel": channels[0], "tried": [channels[0]], "kind": NOTICE, "step": NOTICE, "attempt": 1,
        "purpose": target.purpose or rule.purpose, "asked": list(rule.categories if target.categories is None else target.categories),
    }  # fmt: skip
    if not may_go(work, body):
        work.note("not_permitted", client=client, to=member.id)
        return
    _enqueue(work, as_permitted(work, body))


def _enqueue(work: Work, body: dict[str, Any]) -> None:
    key = "/".join((NOTICE, digest([body["client"], body["why"], body["about"]])[:12], body["to"], body["channel"], str(body["attempt"])))
    work.unit.enqueue(key, 0, work.at, body)
    work.note("message", key=key, level=0, **{name: value for name, value in body.items() if name not in ("run", "tried", "asked")})
