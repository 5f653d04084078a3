"""What the everyday events do to a run: triggers, acks, hand-overs, receipts, the company on the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation import messages
from recoverycore.escalation.changes import consent_change, roster_change
from recoverycore.escalation.effects import Terminal
from recoverycore.escalation.state import Offer
from recoverycore.escalation.targets import kind_of, may_hold

if TYPE_CHECKING:
    from recoverycore.escalation.events import Event
    from recoverycore.escalation.machine import Machine

__all__ = ["ACTS", "EMERGENCY", "raise_to"]

EMERGENCY = 4


def trigger(machine: Machine, event: Event) -> None:
    """Start the run, or count a further trigger, which may raise and never lowers."""
    run = machine.run
    if run.status == "new":
        if event.kind not in run.protocol.triggers:
            machine.refuse("not_a_trigger")
            return
        run.status = "open"
        run.trigger, run.triggers, run.silent = event.kind, 1, event.silent
        run.level = max(run.protocol.level, event.level or 0)
        run.activated = machine.now
        machine.audit("activated")
        if run.level >= EMERGENCY:
            _show_start(machine)
        machine.enter(0, machine.now)
        return
    if event.kind != run.trigger or event.client not in (None, run.facts.client.id):
        machine.refuse("other_key")
        return
    run.triggers += 1
    machine.audit("repeat_trigger")
    if event.silent and not run.silent:
        run.silent = True
        for target in ("client", run.facts.client.id):
            if target is not None:
                messages.cancel_pending(machine, target=target)
    level = run.protocol.level if event.level is None else event.level
    if level > run.level:
        raise_to(machine, level)


def _show_start(machine: Machine) -> None:
    machine.run.terminal_shown = True
    machine.emit(Terminal(machine.run.protocol.steps[-1].id, "start"))


def raise_to(machine: Machine, level: int) -> None:
    """Raise the level: the climb goes on at once; holders who may not hold the new level are no holders any more."""
    run = machine.run
    run.level = level
    machine.audit("raised")
    if level >= EMERGENCY and not run.raised_to_emergency:
        run.raised_to_emergency = True
        _show_start(machine)
    if run.status == "held":
        void = [person for person in run.holders if not may_hold(run, person)]
        for person in void:
            machine.audit("hold_void", person)
            machine.drop_holder(person)
        if void:
            machine.reopen("raised")
        elif run.owner is not None:
            messages.tell_special(machine, run.owner, "update")
    elif run.status == "exhausted":
        machine.exhaust(machine.now)
    elif run.stage is not None and run.deferred_until is not None:
        stage, run.deferred_until = run.stage, None
        run.visited.remove(stage)
        machine.enter(stage, machine.now)
    elif run.stage is not None:
        machine.leave("raised", machine.stages[run.stage][0])


def ack(machine: Machine, event: Event) -> None:
    """Somebody takes it. Only a human who may hold becomes a holder; a late ack is as good as a timely one."""
    run = machine.run
    by = event.by or ""
    kind = kind_of(run, by)
    asked_service = kind == "service" and any(each.target == by for each in run.messages.values())
    if event.auto:
        machine.audit("auto_reply_ignored", by)
    elif kind == "unknown" or (kind == "service" and not asked_service):
        machine.refuse("unknown_person", by)
    elif kind == "service" and not event.named_human:
        machine.refuse("needs_named_human", by)
    elif not may_hold(run, by):
        messages.mark_answered(machine, by)
        machine.audit("cannot_hold", by)
    elif by in run.holders and (run.status == "held" or (run.status == "open" and run.acks.get(by) == run.climb)):
        machine.audit("duplicate_ack", by)
    elif run.status == "held":
        messages.mark_answered(machine, by)
        machine.audit("released", by)
        messages.release(machine, by)
    else:
        take(machine, by)


def take(machine: Machine, by: str) -> None:
    """Make `by` a holder: at once where nobody else is awaited, else as far as the quorum goes."""
    run = machine.run
    if by in run.declined:
        run.declined.remove(by)
    if by not in run.holders:
        run.holders.append(by)
    run.acks[by] = run.climb
    messages.mark_answered(machine, by)
    machine.audit("ack", by)
    if run.status == "exhausted" or run.deferred_until is not None:
        machine.hold()
    else:
        machine.assess()


def decline(machine: Machine, event: Event) -> None:
    """Somebody cannot take it: the wait for them is over."""
    run = machine.run
    by = event.by or ""
    if by in run.holders:
        un_ack(machine, event)
    elif run.offer is not None and run.offer.to == by:
        run.offer = None
        machine.audit("hand_over_declined", by)
    elif any(by in entry.recipients for entry in run.entries.values()):
        _count_as_declined(machine, by)
        machine.audit("declined", by)
        machine.assess("declined")
    else:
        machine.refuse("not_asked", by)


def _count_as_declined(machine: Machine, by: str) -> None:
    run = machine.run
    if by not in run.declined:
        run.declined.append(by)
    messages.mark_answered(machine, by)
    messages.cancel_pending(machine, ("ask", "repeat"), target=by)


def un_ack(machine: Machine, event: Event) -> None:
    """A holder hands it back: help is sought at once. Somebody on the line stays there."""
    run = machine.run
    by = event.by or ""
    if by not in run.holders:
        machine.refuse("not_holder", by)
        return
    machine.drop_holder(by)
    _count_as_declined(machine, by)
    machine.audit("un_ack", by)
    if run.status == "held":
        machine.reopen("declined")
    else:
        machine.assess("declined")


def hand_over(machine: Machine, event: Event) -> None:
    """Offer what one holds to somebody else; nothing moves before they confirm."""
    run = machine.run
    by, to = event.by or "", event.to or ""
    if by not in run.holders and by != run.accompanied_by:
        machine.refuse("not_holder", by)
    elif kind_of(run, to) != "person" or not may_hold(run, to) or to == by:
        machine.refuse("cannot_hold", to)
    elif to in run.facts.safety.never_contact:
        machine.refuse("never_contact", to)
    else:
        run.offer = Offer(by=by, to=to)
        machine.audit("hand_over_offered", to)
        messages.tell_special(machine, to, "hand_over")


def hand_over_confirm(machine: Machine, event: Event) -> None:
    """The receiver has it now. No clock restarts."""
    run = machine.run
    by = event.by or ""
    offer = run.offer
    if offer is None or offer.to != by or (offer.by not in run.holders and offer.by != run.accompanied_by):
        machine.refuse("no_offer", by)
        return
    if not may_hold(run, by):
        machine.refuse("cannot_hold", by)  # the level or the team changed since the offer
        return
    if event.auto:
        machine.audit("auto_reply_ignored", by)
        return
    run.offer = None
    giver = offer.by
    if run.accompanied_by == giver:
        run.accompanied_by = by
        machine.audit("accompaniment_moved", by)
    machine.audit("handed_over", by)
    if giver not in run.holders:
        ack(machine, event)
        return
    run.acks.pop(giver, None)
    if by in run.holders:
        run.holders.remove(giver)
        machine.assess()
    else:
        run.holders[run.holders.index(giver)] = by
        take(machine, by)


def receipt(machine: Machine, event: Event) -> None:
    """What became of a message."""
    messages.receipt(machine, event.key or "", event.status or "queued", human=event.human)


def contact_made(machine: Machine, event: Event) -> None:
    """A holder reached the person, or tried to."""
    run = machine.run
    if event.by not in run.holders and event.by != run.accompanied_by:
        machine.refuse("not_holder", event.by)
    elif (event.outcome or "reached") == "reached":
        run.contact_made, run.contact_due = True, None
        machine.audit("contact_made", event.by)
    else:
        machine.audit("contact_tried", event.by)


def accompany_start(machine: Machine, event: Event) -> None:
    """A holder stays on the line."""
    run = machine.run
    if event.by not in run.holders:
        machine.refuse("not_holder", event.by)
    elif run.accompanied_by is not None:
        machine.refuse("accompaniment_active", event.by)
    else:
        run.accompanied_by, run.contact_made, run.contact_due = event.by, True, None
        machine.audit("accompany_started", event.by)


def accompany_end(machine: Machine, event: Event) -> None:
    """The line ends: only by the person's word, an emergency service on the spot, or the person being in care."""
    run = machine.run
    if event.by is None or event.by != run.accompanied_by:
        machine.refuse("not_accompanying", event.by)
    elif event.basis not in ("client_said_so", "emergency_service_present", "in_care"):
        machine.refuse("needs_hand_over", event.by)
    else:
        run.accompanied_by = None
        machine.audit("accompany_ended", event.by)
        if run.offer is not None and run.offer.by not in run.holders:
            run.offer = None


def note(machine: Machine, event: Event) -> None:
    """Something to remember; nothing follows from it."""
    machine.audit("note", event.by)


ACTS = {
    "trigger": trigger, "ack": ack, "decline": decline, "un_ack": un_ack, "hand_over": hand_over,
    "hand_over_confirm": hand_over_confirm, "receipt": receipt, "contact_made": contact_made,
    "accompany_start": accompany_start, "accompany_end": accompany_end, "consent_change": consent_change,
    "roster_change": roster_change, "note": note,
}  # fmt: skip
"""What each event does."""
