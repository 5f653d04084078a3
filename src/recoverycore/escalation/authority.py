"""Acts that need a human with a role: lowering, breaking glass, standing down, debriefing, closing.

No score, timer, receipt or plugin lowers, stands down or closes a run. These role lists are the protocol's gate; a host's
own rules on assignment and credentials are a second one, asked before such an event is fed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation import messages
from recoverycore.escalation.acts import raise_to
from recoverycore.escalation.changes import re_resolve
from recoverycore.escalation.documents import ElapsedDue
from recoverycore.escalation.draft import REVIEW
from recoverycore.escalation.targets import kind_of
from recoverycore.ground.instants import local_date, moment, wall_minutes

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.escalation.events import Event
    from recoverycore.escalation.machine import Machine

__all__ = ["AUTHORITY"]

_CRISIS = 3
_AUTOMATIC = ("system", "auto")
"""Ids that stand for no human: what they do goes upwards only."""


def _gate(machine: Machine, event: Event, roles: tuple[str, ...], *, reason: bool = False) -> bool:
    """Whether a named human with one of `roles` does this, with a reason where one is needed."""
    if event.by is None or event.by in _AUTOMATIC or event.auto:
        machine.refuse("human_only")
        return False
    person = machine.run.facts.team.persons.get(event.by)
    if person is None or set(roles).isdisjoint(person.roles):
        machine.refuse("not_permitted", event.by)
        return False
    if reason and not (event.reason or "").strip():
        machine.refuse("reason_required", event.by)
        return False
    return True


def set_level(machine: Machine, event: Event) -> None:
    """Raise (staff, or automatically), or lower (a permitted human with a reason)."""
    run = machine.run
    level = event.level or 0
    if level == run.level:
        machine.audit("level_unchanged", event.by)
    elif level > run.level:
        if event.by in (None, *_AUTOMATIC) or kind_of(run, event.by or "") == "person":
            raise_to(machine, level)
        else:
            machine.refuse("not_permitted", event.by)
    elif _gate(machine, event, run.protocol.stand_down_roles, reason=True):
        run.level = level
        machine.audit("lowered", event.by)


def escalate(machine: Machine, event: Event) -> None:
    """Go on without waiting, because somebody asked for it."""
    run = machine.run
    ids = [[step.id for step in stage] for stage in machine.stages]
    to = None if event.to is None else next((number for number, stage in enumerate(ids) if event.to in stage), -1)
    if event.by not in (None, *_AUTOMATIC) and kind_of(run, event.by or "") not in ("person", "client"):
        machine.refuse("not_permitted", event.by)
    elif run.status == "exhausted":
        machine.audit("nothing_above", event.by)
    elif to == -1:
        machine.refuse("unknown_step", event.by)
    elif to is not None and (to in run.visited or (run.stage is not None and to <= run.stage)):
        machine.refuse("backward", event.by)
    else:
        machine.audit("escalated", event.by)
        _go_on(machine, to)


def _go_on(machine: Machine, to: int | None) -> None:
    run = machine.run
    if run.status == "held":
        run.climb += 1
        run.status = "open"
        run.contact_due = run.resolve_due = None
        run.contact_made = run.accompanied_by is not None
        machine.audit("reopened")
    if run.stage is None:
        machine.exhaust(machine.now)
        return
    machine.audit("stage_left:manual", machine.stages[run.stage][0].id)
    machine.missed = None
    run.deferred_until = None
    if to is not None:
        machine.enter(to, machine.now)  # what somebody names is what comes next: the terminal step skips the rounds that are left
    else:
        machine.go(run.stage + 1, machine.now)


def break_glass(machine: Machine, event: Event) -> None:
    """A named human opens contact to one outsider, content-free, for a while, with review."""
    run = machine.run
    target = event.target or ""
    if not _gate(machine, event, run.protocol.break_glass_roles, reason=True):
        return
    if run.level < _CRISIS:
        machine.refuse("level_too_low", event.by)
    elif target in run.facts.safety.never_contact:
        machine.refuse("never_contact", target)
    elif kind_of(run, target) not in ("contact", "service"):
        machine.refuse("unknown_target", target)
    elif event.until is None or event.until <= machine.now:
        machine.refuse("expired", event.by)
    else:
        run.break_glass[target] = event.until
        machine.audit("break_glass", target)
        machine.owe("break_glass_review", machine.alarm_owner(), machine.now + REVIEW, again=True)
        before = len(run.messages)
        re_resolve(machine, "consent_blocked")
        if not any(message.target == target for message in list(run.messages.values())[before:]):
            messages.tell_special(machine, target, "break_glass")


def stand_down(machine: Machine, event: Event) -> None:
    """A permitted human ends the run; what was learned is owed from now on."""
    run = machine.run
    if not _gate(machine, event, run.protocol.stand_down_roles, reason=True):
        return
    if run.accompanied_by is not None:
        machine.refuse("accompaniment_active", event.by)
        return
    was_held = run.status == "held"
    run.status = "stood_down"
    machine.audit("stood_down", event.by)
    messages.cancel_pending(machine)
    if not was_held:
        messages.tell_taken(machine)
    run.contact_due = run.resolve_due = run.realarm_due = run.deferred_until = run.boundary = None
    run.offer = None
    if run.protocol.debrief is not None:
        run.debrief_open = True
        machine.owe("debrief", run.protocol.debrief.owner_role, _debrief_due(machine))
    for each in run.protocol.follow_up:
        machine.owe("follow_up", each.owner_role, machine.now + each.after, again=True)


def _debrief_due(machine: Machine) -> datetime:
    protocol = machine.run.protocol
    due = protocol.debrief.due if protocol.debrief else None
    if due is None or isinstance(due, ElapsedDue):
        return machine.now + (due.after if due else REVIEW)
    day = local_date(machine.now, protocol.zone) + timedelta(days=due.day)
    return moment(day, wall_minutes(due.at), protocol.zone)


def debrief_done(machine: Machine, event: Event) -> None:
    """The team has looked back, or the person did not want to."""
    run = machine.run
    if kind_of(run, event.by or "") != "person":
        machine.refuse("not_permitted", event.by)
    elif not run.debrief_open or event.outcome not in ("done", "declined_by_client"):
        machine.refuse("no_debrief", event.by)
    else:
        run.debrief_open = False
        machine.audit(f"debrief_{event.outcome}", event.by)
        for action in event.actions:
            machine.owe("debrief_action", action.owner or action.owner_role or "", action.due, again=True)


def close(machine: Machine, event: Event) -> None:
    """The run is over for good; not before its debrief."""
    run = machine.run
    if not _gate(machine, event, run.protocol.stand_down_roles):
        return
    if run.status != "stood_down":
        machine.refuse("not_stood_down", event.by)
    elif run.debrief_open:
        machine.refuse("debrief_open", event.by)
    else:
        run.status = "closed"
        machine.audit("closed", event.by)


AUTHORITY = {
    "set_level": set_level, "escalate": escalate, "break_glass": break_glass, "stand_down": stand_down,
    "debrief_done": debrief_done, "close": close,
}  # fmt: skip
"""What each of these events does."""
