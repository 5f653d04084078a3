"""What changed facts do to a run: consent, safety and the roster are live, everything else is a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation import messages
from recoverycore.escalation.targets import WITHDRAWING, class_for, kind_of, permitted, resolve, usable_channels

if TYPE_CHECKING:
    from recoverycore.escalation.events import Event
    from recoverycore.escalation.machine import Machine
    from recoverycore.escalation.state import Entry
    from recoverycore.escalation.steps import Step
    from recoverycore.escalation.targets import Resolved

__all__ = ["consent_change", "re_resolve", "roster_change"]

_OVER = ("stood_down", "closed", "new")


def consent_change(machine: Machine, event: Event) -> None:
    """Consent or safety facts changed: what waits and is barred now is taken back, what says too much is sent anew."""
    run = machine.run
    consent = {**run.facts.consent, **(event.consent or {})}
    changes = event.safety.named() if event.safety else {}
    run.facts = run.facts.model_copy(update={"consent": consent, "safety": run.facts.safety.model_copy(update=changes)})
    if run.status in _OVER:
        return
    for key, message in list(run.messages.items()):
        if messages.pending(message):
            _recheck(machine, key)
    re_resolve(machine, "consent_blocked")


def _recheck(machine: Machine, key: str) -> None:
    run = machine.run
    message = run.messages[key]
    kind = kind_of(run, message.target)
    barred = message.target in run.facts.safety.never_contact or (kind == "client" and (run.facts.safety.no_contact or run.silent))
    barred = barred or (kind in ("contact", "service") and not permitted(run, message.target, machine.now))
    _, unsafe = usable_channels(run, message.target, kind, (message.channel,))
    if barred or unsafe:
        messages.cancel(machine, key)
        return
    allowed = class_for(run, message.content_class, message.target, message.channel)
    if allowed < message.content_class:
        messages.cancel(machine, key)
        entry = run.entries.get(message.step)
        again = messages.send(machine, message.step, message.target, message.channel, message.kind, asked=allowed)
        if entry is not None and entry.recipients.get(message.target) == key:
            machine.entry(message.step).recipients[message.target] = again


def roster_change(machine: Machine, event: Event) -> None:
    """The team changed. A holder who left it is no holder; going off duty ends no hold."""
    run = machine.run
    if event.team is not None:
        run.facts = run.facts.model_copy(update={"team": event.team})
    if run.status in _OVER:
        return
    gone = [holder for holder in run.holders if kind_of(run, holder) == "unknown"]
    for person in gone:
        machine.audit("holder_left", person)
        machine.drop_holder(person)
    if gone and run.status == "held":
        machine.reopen("no_recipient")
    re_resolve(machine, "no_recipient")


def re_resolve(machine: Machine, cause: str) -> None:
    """Look again who can be asked in the current stage: the new ones are, the barred ones are no longer awaited."""
    run = machine.run
    if run.status != "open" or run.deferred_until is not None or run.stage is None:
        return
    for step_id in run.current:
        if run.entries[step_id].present:
            _look_again(machine, machine.step(step_id), machine.entry(step_id))
    machine.assess(cause)


def _look_again(machine: Machine, step: Step, entry: Entry) -> None:
    now_there, empty = resolve(machine.run, step, machine.now)
    for role in empty:
        machine.nobody_on_duty(role)
    found = {each.target: each for each in now_there}
    for target, each in found.items():
        if each.barrier is not None:
            _bar(machine, entry, target, each.barrier)
        else:
            _admit(machine, step, entry, each)
    for target in entry.recipients:
        if target not in found and target not in entry.off_duty:
            entry.off_duty.append(target)
            machine.audit("off_duty", target)


def _bar(machine: Machine, entry: Entry, target: str, barrier: str) -> None:
    """Write down what keeps `target` from being asked; whoever was asked already is withdrawn only for a hard barrier."""
    if target not in entry.recipients:
        if entry.barriers.get(target) != barrier:
            entry.barriers[target] = barrier
            machine.audit(barrier, target)
    elif barrier in WITHDRAWING and target not in entry.excluded:
        entry.excluded.append(target)
        machine.audit(barrier, target)


def _admit(machine: Machine, step: Step, entry: Entry, each: Resolved) -> None:
    """Ask somebody who became possible, or is possible again."""
    run, target = machine.run, each.target
    back = target in entry.off_duty or target in entry.excluded
    entry.off_duty = [other for other in entry.off_duty if other != target]
    if target in run.holders:
        if target not in entry.recipients and run.acks.get(target) == run.climb:
            entry.recipients[target] = None  # their ack counts here too, and they get no message
    elif back or target not in entry.recipients:
        entry.excluded = [other for other in entry.excluded if other != target]
        machine.audit("added", target)
        machine.ask(step, entry, each)
