"""Messages: their keys, the join of their receipts, falling back to another channel, telling that it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation.effects import Audit, Cancel, Send
from recoverycore.escalation.state import Message
from recoverycore.escalation.targets import class_for, kind_of, permitted, usable_channels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.escalation.documents import ContentClass
    from recoverycore.escalation.machine import Machine

__all__ = ["RANK", "cancel_pending", "fall_back", "latest", "mark_answered", "receipt", "send", "tell_taken"]

_ORDER = (
    "queued", "leased", "failed_transient", "handed_over", "accepted", "superseded", "expired", "failed_permanent",
    "delivered", "seen", "answered",
)
RANK = {status: rank for rank, status in enumerate(_ORDER)}
"""The order of receipts: the stored status is the highest seen, whatever order they come in."""

_ASKING = ("ask", "repeat", "alarm")
_REACHED = ("handed_over", "accepted", "delivered", "seen")
_FAILED = ("failed_permanent", "expired")
SPECIAL = frozenset({"alarm", "taken", "update", "hand_over", "break_glass"})


def send(machine: Machine, step: str, target: str, channel: str, kind: str, asked: ContentClass = "C0") -> str:
    """Ask for one message and remember it. Returns its key, a function of run, round, step, target, channel and attempt."""
    run = machine.run
    attempt = 1 + sum(1 for each in run.messages.values() if (each.round, each.step, each.target) == (run.round, step, target))
    key = "/".join((run.run, str(run.round), step, target, channel, str(attempt)))
    content_class: ContentClass = "C0" if kind in SPECIAL else class_for(run, asked, target, channel)
    run.messages[key] = Message(
        target=target, step=step, round=run.round, channel=channel, attempt=attempt, kind=kind, content_class=content_class
    )
    machine.emit(Send(key, kind, content_class, step, run.round, target, channel, attempt))
    return key


def latest(machine: Machine, target: str, kinds: Iterable[str] | None = None) -> Message | None:
    """The last message that was asked for to `target`."""
    found = [each for each in machine.run.messages.values() if each.target == target and (kinds is None or each.kind in kinds)]
    return found[-1] if found else None


def cancel(machine: Machine, key: str) -> None:
    """Take back a pending message."""
    machine.run.messages[key].status = "superseded"
    machine.emit(Cancel(key))


def pending(message: Message) -> bool:
    """Whether a message was not handed over yet: only such can be taken back."""
    return RANK[message.status] < RANK["handed_over"]


def cancel_pending(machine: Machine, kinds: Iterable[str] | None = None, target: str | None = None) -> None:
    """Take back every pending message, of some kinds or to one target."""
    for key, message in list(machine.run.messages.items()):
        if pending(message) and (kinds is None or message.kind in kinds) and target in (None, message.target):
            cancel(machine, key)


def tell_taken(machine: Machine) -> None:
    """Tell everybody who was reached and still waits that somebody has taken it."""
    run = machine.run
    told = dict.fromkeys(each.target for each in run.messages.values() if each.kind in _ASKING and each.status in _REACHED)
    for target in told:
        if target in run.holders or target in run.declined or kind_of(run, target) not in ("person", "service"):
            continue
        tell_one(machine, target)


def tell_one(machine: Machine, target: str) -> None:
    """Send `target` one ``taken`` message on the channel of their latest request."""
    run = machine.run
    last = latest(machine, target, _ASKING)
    if last is None or not _may_tell(machine, target):
        return
    send(machine, "taken", target, last.channel, "taken")


def _may_tell(machine: Machine, target: str) -> bool:
    run = machine.run
    if target in run.facts.safety.never_contact:
        return False
    return kind_of(run, target) != "service" or permitted(run, target, machine.now)


def tell_special(machine: Machine, target: str, kind: str) -> None:
    """Send `target` a special message on the first of the protocol's channels they have."""
    run = machine.run
    if not _may_tell(machine, target):
        return
    usable, _ = usable_channels(run, target, kind_of(run, target), run.protocol.channels)
    if usable:
        send(machine, kind, target, usable[0], kind)


def mark_answered(machine: Machine, target: str) -> None:
    """An ack or a decline is the answer to the latest message of that person."""
    last = latest(machine, target, ("ask", "repeat", "alarm", "inform", "hand_over"))
    if last is not None:
        last.status = "answered"


def receipt(machine: Machine, key: str, status: str, *, human: bool) -> None:
    """Join one receipt. A failure of the latest message in the current stage goes to another channel at once."""
    message = machine.run.messages.get(key)
    if message is None:
        machine.audit("unknown_key")
        return
    reached = "seen" if status == "answered" and not human else status
    if RANK[reached] <= RANK[message.status]:
        return
    message.status = reached
    if reached in _FAILED and machine.run.status == "open":
        fall_back(machine, key, message)


def fall_back(machine: Machine, key: str, message: Message) -> None:
    """Send a failed request at once on the next channel that has not failed; without one the target is unreachable."""
    run = machine.run
    entry = run.entries.get(message.step)
    if run.stage is None or message.step not in run.current:
        step_entries = [
            (step, run.entries[step]) for step in run.current if step in run.entries and run.entries[step].recipients.get(message.target) == key
        ]
        if not step_entries:
            return
        step_id, entry = step_entries[0]
    else:
        step_id = message.step
    if entry is None or entry.recipients.get(message.target) != key:
        return
    target = message.target
    if target in run.holders or target in run.declined or target in entry.excluded or target in entry.off_duty:
        return
    step = machine.step(step_id)
    usable, _ = usable_channels(run, target, kind_of(run, target), step.channels or run.protocol.channels)
    failed = {each.channel for each in run.messages.values() if each.target == target and each.round == run.round and each.status in _FAILED and each.step in (step_id, message.step)}
    left = [channel for channel in usable if channel not in failed]
    if left:
        machine.emit(Audit("fallback", target))
        entry.recipients[target] = send(machine, step_id, target, left[0], "ask" if step.asks else "inform", machine.asked_class(step))
    else:
        entry.unreachable.append(target)
        machine.audit("unreachable", target)
        machine.assess("unreachable")
