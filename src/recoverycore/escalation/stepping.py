"""`step`: one event, one instant, the next state and its effects. Pure and total."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from recoverycore.errors import InstantError, problem
from recoverycore.escalation import messages
from recoverycore.escalation.acts import ACTS
from recoverycore.escalation.authority import AUTHORITY
from recoverycore.escalation.changes import re_resolve
from recoverycore.escalation.draft import REVIEW
from recoverycore.escalation.effects import Audit, Effect, Timer, TimerOff
from recoverycore.escalation.machine import Machine
from recoverycore.escalation.quorums import met, stage_due
from recoverycore.escalation.state import RunState, Working
from recoverycore.escalation.targets import resolve, shift_edge
from recoverycore.ground.durations import LONGEST
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from recoverycore.escalation.events import Event
    from recoverycore.escalation.steps import Step

__all__ = ["step"]

_OVER = ("stood_down", "closed")
_IDLE = ("new", *_OVER)
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=30)
_LAST = datetime.max.replace(tzinfo=UTC) - LONGEST - timedelta(days=400)
"""Beyond these a clock, a repeat or the day of a debrief could lead out of the calendar."""
_DOES = {**ACTS, **AUTHORITY}
_HEARD_WHEN_NEW = ("trigger", "roster_change", "consent_change", "note")
_RECORDED_WHEN_OVER = ("receipt", "note", "roster_change", "consent_change", "debrief_done", "close")


def step(state: RunState, event: Event, now: datetime) -> tuple[RunState, tuple[Effect, ...]]:
    """Apply `event` at `now` and do whatever is due then.

    The result depends on the arguments alone: no clock, no randomness, nothing outside. Errors: ``naive_time`` for an
    instant without an offset, ``bad_time`` for one in the first month or the last thousand years of the calendar; any other
    event is applied or refused, and the refusal is an audit effect.
    """
    # In UTC: an instant of a named zone adds and compares by its wall time, and a deadline would stretch over a clock change.
    now = require_aware(now).astimezone(UTC)
    if not _FIRST <= now <= _LAST:
        raise InstantError(problem("bad_time"))
    kind = event.type
    if kind == "tick" and event.gen is not None and event.gen != state.generation:
        return state, (Audit("stale_tick"),)
    if event.id is not None and event.id in state.applied:
        return state, (Audit("duplicate_event", event.id),)
    machine = Machine(Working.of(state), max(now, state.last or now))
    run = machine.run
    if state.last is not None and now < state.last:
        machine.audit("clock_back")
    run.last = machine.now
    if event.id is not None:
        run.applied.append(event.id)
    waits = run.next_due is not None and machine.now < run.next_due
    if not waits:
        machine.missed = _missed(run, machine.now)
    if kind != "tick":
        _apply(machine, event, kind)
    if waits and kind == "receipt" and not machine.effects:
        return RunState.of(run), ()  # it only marked its message, as most events do: what the last call worked out still holds
    if run.status not in _IDLE:
        _do_what_is_due(machine)
    _arm(machine)
    return RunState.of(run), tuple(machine.effects)


def _missed(run: Working, now: datetime) -> datetime | None:
    """The deadline that had passed before this call, if there is one."""
    if run.next_due is None:
        return None
    if run.status == "held":
        due = run.contact_due
    elif run.status == "open" and run.deferred_until is None:
        due = stage_due(run)
    else:
        due = None
    return due if due is not None and due <= now else None


def _apply(machine: Machine, event: Event, kind: str) -> None:
    status = machine.run.status
    if status == "new" and kind not in _HEARD_WHEN_NEW:
        machine.refuse("not_active", event.by)
    elif status in _OVER and kind == "trigger":
        machine.refuse("new_run_needed")
    elif status in _OVER and (kind not in _RECORDED_WHEN_OVER or (kind == "close" and status == "closed")):
        machine.audit("late", event.by)
    else:
        _DOES[kind](machine, event)


def _do_what_is_due(machine: Machine) -> None:
    """In this order: end of deferral, contact clock, resolution clock, current stage, shift change, repeats, alarm again."""
    run, now = machine.run, machine.now
    if run.status == "open" and run.deferred_until is not None and run.deferred_until <= now and run.stage is not None:
        stage, run.deferred_until = run.stage, None
        run.visited.remove(stage)
        machine.enter(stage, now)
    if run.status == "held" and run.contact_due is not None and run.contact_due <= now:
        _contact_clock(machine)
    if run.resolve_due is not None and run.resolve_due <= now:
        run.resolve_due = None
        machine.audit("resolution_overdue", run.owner)
        machine.owe("resolution_overdue", machine.alarm_owner(), now + REVIEW)
    machine.assess()
    if run.boundary is not None and run.boundary <= now:
        run.boundary = None
        re_resolve(machine, "no_recipient")
    if run.status == "open" and run.stage is not None and run.deferred_until is None:
        for each in machine.stages[run.stage]:
            _repeat(machine, each)
    if run.status == "exhausted" and run.realarm_due is not None and run.realarm_due <= now:
        machine.alarm()


def _contact_clock(machine: Machine) -> None:
    """Nobody made contact in time: the hold ends and the climb goes on."""
    run = machine.run
    machine.audit("ack_timeout", run.owner)
    run.holders.clear()
    run.acks.clear()
    run.offer = None
    machine.reopen("ack_timeout")


def _repeat(machine: Machine, each: Step) -> None:
    """Overdue repeats of a step give one message a person, the barriers asked again."""
    run, now = machine.run, machine.now
    at = _next_repeat(run, each)
    if at is None or at > now:
        return
    entry = machine.entry(each.id)
    while at is not None and at <= now:
        entry.repeats += 1
        at = _next_repeat(run, each)
    out = {*run.holders, *run.declined, *entry.unreachable, *entry.off_duty, *entry.excluded}
    for found in resolve(run, each, now)[0]:
        if found.target in out or found.target not in entry.recipients:
            continue
        if found.barrier is not None:
            machine.audit(found.barrier, found.target)
            continue
        failed = messages.failed_channels(machine, found.target, each.id)
        channel = next((channel for channel in found.channels if channel not in failed), None)
        if channel is not None:
            asked = machine.asked_class(each)
            entry.recipients[found.target] = messages.send(machine, each.id, found.target, channel, "repeat", asked=asked)


def _arm(machine: Machine) -> None:
    """Work out the next instant at which something is due; when it changed, arm a new timer."""
    run = machine.run
    due = None if run.status in _IDLE else _next_due(machine)
    if due == run.next_due:
        return
    run.next_due = due
    run.generation += 1
    machine.emit(TimerOff(run.generation) if due is None else Timer(due, run.generation))


def _next_due(machine: Machine) -> datetime | None:
    run = machine.run
    due = [run.contact_due, run.resolve_due, run.realarm_due, run.deferred_until]
    run.boundary = None
    if run.status == "open" and run.stage is not None and run.deferred_until is None:
        stage = machine.stages[run.stage]
        run.boundary = _next_boundary(run, stage, machine.now)
        due += [stage_due(run), run.boundary, *[_next_repeat(run, each) for each in stage if each.repeat is not None]]
    return min([each for each in due if each is not None], default=None)


def _next_repeat(run: Working, each: Step) -> datetime | None:
    entry = run.entries[each.id]
    if each.repeat is None or entry.repeats >= each.repeat.times or not entry.present or met(run, each):
        return None
    at = entry.entered + (entry.repeats + 1) * each.repeat.every
    return at if entry.deadline is None or at < entry.deadline else None


def _next_boundary(run: Working, stage: tuple[Step, ...], now: datetime) -> datetime | None:
    """When a shift begins or ends that the stage looks at, if that is before its time is over."""
    present = [each for each in stage if run.entries[each.id].present]
    edge = shift_edge(run, {role for each in present for role in each.roles}, now)
    if edge is None:
        return None
    deadlines = [run.entries[each.id].deadline for each in present]
    return edge if any(each is None or edge < each for each in deadlines) else None
