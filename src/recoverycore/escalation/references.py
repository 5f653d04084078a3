"""What a protocol refers to and nobody knows: looked for when it is published, so that no crisis finds it first.

The step machine itself refuses nothing here: who left the team since is passed over with an audit entry (`unknown_target`),
and the chain goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.errors import problem
from recoverycore.ground.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.errors import Problem
    from recoverycore.escalation.documents import Protocol, RunFacts

__all__ = ["reference_problems"]


def reference_problems(protocol: Protocol, facts: RunFacts) -> tuple[Problem, ...]:
    """Every person, contact, service and role that `protocol` or the roster names and `facts` do not know.

    A pointer that begins with ``/steps`` or ``/exhausted`` leads into the protocol, one with ``/team`` into the facts.
    """
    return (*_targets(protocol, facts), *_alarm(protocol, facts), *_roster(facts))


def _targets(protocol: Protocol, facts: RunFacts) -> Iterator[Problem]:
    known: dict[str, Iterable[str]] = {
        "person": facts.team.persons,
        "contact": facts.contacts,
        "service": facts.directory,
        "role": _roles(facts),
        "client": ("client",),
    }
    for number, step in enumerate(protocol.steps):
        for place, target in enumerate(step.targets):
            kind, identifier = target.kind_and_id
            name = "unknown_role" if kind == "role" else "unknown_target"
            yield from _unless_known(identifier, known[kind], name, f"/steps/{number}/targets/{place}/{kind}")


def _alarm(protocol: Protocol, facts: RunFacts) -> Iterator[Problem]:
    for place, role in enumerate(protocol.exhausted.alarm_roles):
        yield from _unless_known(role, _roles(facts), "unknown_role", f"/exhausted/alarm_roles/{place}")


def _roster(facts: RunFacts) -> Iterator[Problem]:
    for number, shift in enumerate(facts.team.shifts):
        yield from _unless_known(shift.person, facts.team.persons, "unknown_target", f"/team/shifts/{number}/person")


def _roles(facts: RunFacts) -> set[str]:
    """Roles in which somebody is ever on duty."""
    return {shift.role for shift in facts.team.shifts}


def _unless_known(identifier: str, known: Iterable[str], name: str, path: str) -> Iterator[Problem]:
    names = set(known)
    if identifier not in names:
        yield problem(name, path, did_you_mean=nearest(identifier, names))
