"""Notices: what a rule without a level tells, once each time it begins to hold. No run, no clock, nobody is asked to act.

A notice is cut like any other message to what consent permits its target, and looked at again when it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.coordination import Obligation
from recoverycore.engine.access import CONTACT, Access
from recoverycore.engine.run_facts import escalation_team
from recoverycore.engine.runs import is_silent
from recoverycore.engine.shell import client_of, one_of, programme_of, team_of
from recoverycore.escalation.documents import Team
from recoverycore.escalation.targets import duty_of
from recoverycore.ground.canonical import digest
from recoverycore.people.documents import CLIENT
from recoverycore.plans import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.engine.stores import OutboxRow
    from recoverycore.engine.work import Work
    from recoverycore.risk import Rule, Tell

__all__ = ["as_permitted", "may_go", "next_channel", "notify"]

NOTICE = "notice"
_IN_THE_APP = ("app", "in_person")
"""The channels that may carry what consent permits; every other carries nothing that tells of care."""


class _Addressee(NamedTuple):
    """Somebody a notice may go to, and the channels they have."""

    id: str
    channels: tuple[str, ...]
    outside: bool


def notify(work: Work, client: str, rule: Rule, because: str, *, subject: str | None = None, silent: bool = False) -> None:
    """Tell whom `rule` tells `because` of something, each once, and offer the person what the rule offers, unless `silent`.

    `subject` is the obligation or the directive that the rule is about, where it is about one.
    """
    about = subject or because
    work.note("notice", client=client, rule=rule.id, about=about)
    told: set[str] = set()
    for target in rule.tell:
        for addressee in _addressees(work, client, target, about):
            if addressee.id in told:
                continue
            if addressee.id == client and silent:
                work.note("no_contact", client=client, to=client)
            elif _ask_for(work, client, rule=rule, target=target, addressee=addressee, about=about, because=because):
                told.add(addressee.id)
    if rule.offer == "coping" and not silent:
        plan = (one_of(work.unit, History, client) or History()).active("relapse_prevention")
        coping = plan.content.sections.get("own_coping") if plan else None
        work.note("offer", client=client, why=rule.id, entries=[entry.id for entry in coping.entries] if coping else [])


def as_permitted(work: Work, body: dict[str, Any]) -> dict[str, Any]:
    """A notice cut to what its target may be told now."""
    access = Access(work, body["client"])
    found = access.decide(body["to"], (CONTACT, *body["asked"]), body["purpose"])
    categories = [each for each in body["asked"] if found.records[each] == "permit"]
    whole = found.records[CONTACT] == "permit" and categories == body["asked"] != []
    return {**body, "categories": categories, "class": "C2" if whole and body["channel"] in _IN_THE_APP else "C0"}


def may_go(work: Work, body: dict[str, Any]) -> bool:
    """Whether a notice may go at all now: only where it is safe, to somebody outside the staff only where contact is permitted."""
    found = _addressee(work, body["client"], body["to"])
    if found is None or body["channel"] not in found.channels:
        return False
    if body["to"] == body["client"]:
        return not is_silent(work, body["client"])  # a duress word may have come while it waited
    if not found.outside:
        return True
    return Access(work, body["client"]).decide(body["to"], (CONTACT,), body["purpose"]).permitted


def next_channel(work: Work, row: OutboxRow) -> None:
    """A notice that could not be delivered goes by the target's next channel, where there is one."""
    addressee = _addressee(work, row.body["client"], row.body["to"])
    allowed = row.body.get("channels") or (addressee.channels if addressee else ())
    left = [each for each in (addressee.channels if addressee else ()) if each in allowed and each not in row.body["tried"]]
    if left:
        again = {"channel": left[0], "tried": [*row.body["tried"], left[0]], "attempt": row.body["attempt"] + 1}
        _enqueue(work, as_permitted(work, {**row.body, **again}))
    else:
        work.note("not_reached", client=row.body["client"], to=row.body["to"], why=row.body["why"])


def _addressees(work: Work, client: str, target: Tell, about: str) -> Iterator[_Addressee]:
    if target.client:
        names: tuple[str, ...] = (client,)
    elif target.person is not None:
        names = (target.person,)
    elif target.owner:
        names = _owners(work, client, about)
    else:
        names = _on_duty(work, client, target.role or "")
    for name in names:
        found = _addressee(work, client, name)
        if found is None or not found.channels:
            work.note("not_permitted", client=client, to=name)
        else:
            yield found


def _addressee(work: Work, client: str, name: str) -> _Addressee | None:
    """Somebody on the team, or the client, with the channels that are safe to use for them."""
    person = client_of(work.unit, client)
    if name in person.safety.never_contact:
        return None
    if name == client:
        return _Addressee(client, person.safety.usable(CLIENT, person.channels), outside=True)
    member = team_of(work.unit, client).member(name)
    if member is None:
        return None
    channels = person.safety.usable(name, member.channels) if member.supporter else member.channels
    return _Addressee(member.id, channels, outside=member.supporter)


def _owners(work: Work, client: str, obligation: str) -> tuple[str, ...]:
    """Who owes it: one person, or whoever is on duty in the role that does."""
    owed = one_of(work.unit, Obligation, client, obligation)
    owner = owed.owner if owed is not None else None
    if owner is None:
        work.note("nobody_owes", client=client, about=obligation)
        return ()
    known = owner == client or team_of(work.unit, client).member(owner) is not None
    return (owner,) if known else _on_duty(work, client, owner)


def _on_duty(work: Work, client: str, role: str) -> tuple[str, ...]:
    staff = Team.model_validate(escalation_team(team_of(work.unit, client), programme_of(work.unit).zone), by_name=True)
    found = duty_of(staff, role, work.at)
    if not found:
        work.note("nobody_on_duty", client=client, role=role)
    return found


def _ask_for(work: Work, client: str, *, rule: Rule, target: Tell, addressee: _Addressee, about: str, because: str) -> bool:
    """Ask for one message. Whether it may go at all."""
    channels = [each for each in (rule.channels or addressee.channels) if each in addressee.channels]
    if not channels:
        work.note("not_permitted", client=client, to=addressee.id)
        return False
    body = {
        "run": None, "client": client, "why": rule.id, "about": about, "because": because, "protocol": "", "version": rule.version,
        "to": addressee.id, "channel": channels[0], "tried": [channels[0]], "kind": NOTICE, "step": NOTICE, "attempt": 1,
        "purpose": target.purpose or rule.purpose, "asked": list(rule.categories if target.categories is None else target.categories),
    }  # fmt: skip
    body["channels"] = channels
    if not may_go(work, body):
        work.note("not_permitted", client=client, to=addressee.id)
        return False
    _enqueue(work, as_permitted(work, body))
    return True


def _enqueue(work: Work, body: dict[str, Any]) -> None:
    occasion = digest([body["client"], body["why"], body["because"]])[:12]
    key = "/".join((NOTICE, occasion, body["to"], body["channel"], str(body["attempt"])))
    work.unit.enqueue(key, 0, work.at, body)
    hidden = ("run", "tried", "channels", "asked", "because")
    work.note("message", key=key, level=0, **{name: value for name, value in body.items() if name not in hidden})
