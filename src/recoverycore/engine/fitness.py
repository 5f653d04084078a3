"""Whether a protocol can answer a call: what is missing at its level is told beforehand, and filled in when nobody listened.

A call for help is heard under whatever protocol there is. The values filled in are starting values, for clinical sign-off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.errors import DocumentError, problem
from recoverycore.escalation import Protocol
from recoverycore.ground.text import nearest
from recoverycore.risk import EventHappens

if TYPE_CHECKING:
    from recoverycore.errors import Problem
    from recoverycore.people import Programme, Team
    from recoverycore.risk import Rule

__all__ = ["fit_for", "rule_references", "unfit"]

CRISIS = 3
ACK_WITHIN = "PT10M"
"""Policy: how long a step may wait for an answer where a crisis runs under a protocol that does not say."""
CONTACT_WITHIN = "PT15M"
"""Policy: by when contact is made, where the protocol does not say."""
DEBRIEF_AFTER = "PT24H"
"""Policy: by when the team looks back, where the protocol does not say."""


def unfit(rule: Rule, protocol: Protocol) -> tuple[Problem, ...]:
    """What a rule asks of its protocol and the protocol does not have: the trigger, or what its level needs."""
    found = []
    if isinstance(rule.when, EventHappens) and rule.when.event not in protocol.triggers:
        found.append(problem("trigger_not_listed", "/when/event", detail=rule.when.event))
    try:
        Protocol.model_validate({**protocol.to_data(), "level": max(protocol.level, rule.level or 0)})
    except DocumentError as error:
        found += [each.under("/protocol") for each in error.problems]
    return tuple(found)


def rule_references(rule: Rule, team: Team) -> tuple[Problem, ...]:
    """Every person and role that a rule tells, or gives a task, and nobody around the client is or is ever on duty in."""
    people, roles = {each.id for each in team.members}, {each.role for each in team.roster}
    named = [(f"/tell/{number}/person", each.person, people, "unknown_target") for number, each in enumerate(rule.tell)]
    named += [(f"/tell/{number}/role", each.role, roles, "unknown_role") for number, each in enumerate(rule.tell)]
    named += [(f"/also/{number}/owner_role", each.owner_role, roles, "unknown_role") for number, each in enumerate(rule.also)]
    return tuple(
        problem(name, path, did_you_mean=nearest(identifier, known))
        for path, identifier, known, name in named
        if identifier is not None and identifier not in known
    )


def fit_for(protocol: Protocol, level: int, kind: str, programme: Programme) -> Protocol:
    """`protocol` with what a call of this kind and level needs of it; as it is where nothing is missing."""
    data = protocol.to_data()
    if kind not in protocol.triggers:
        data["triggers"] = [*data["triggers"], kind]
    if level >= CRISIS > protocol.level:
        _make_sound(data, programme)
    return protocol if data == protocol.to_data() else Protocol.model_validate(data)


def _make_sound(data: dict[str, Any], programme: Programme) -> None:
    for step in data["steps"]:
        if step.get("terminal"):
            step.update(always=True, needs_software=False)
        elif step.get("quorum") != "none":
            step.setdefault("ack_within", ACK_WITHIN)
    data.setdefault("contact_within", CONTACT_WITHIN)
    data.setdefault("debrief", {"owner_role": programme.care_owner_role, "due": {"after": DEBRIEF_AFTER}})
    exhausted = data.setdefault("exhausted", {})
    if not exhausted.get("alarm_roles"):
        exhausted["alarm_roles"] = [programme.review_role]
