"""Messages: their keys, the join of their receipts, falling back to another channel, telling that it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation.effects import Cancel, Send
from recoverycore.escalation.state import Message
from recoverycore.escalation.targets import WITHDRAWING, class_bounds, class_for, kind_of, on_duty, permitted, resolve, usable_channels

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.escalation.machine import Machine
    from recoverycore.escalation.state import RunFields
    from recoverycore.escalation.steps import ContentClass

__all__ = [
    "RANK",
    "alarm",
    "cancel",
    "cancel_pending",
    "class_limits",
    "failed_channels",
    "latest",
    "mark_answered",
    "pending",
    "receipt",
    "release",
    "send",
    "tell_special",
    "tell_taken",
]

_ORDER = (
    "queued", "leased", "failed_transient", "handed_over", "accepted", "superseded", "expired", "failed_permanent",
    "delivered", "seen", "answered",
)  # fmt: skip
RANK = {status: rank for rank, status in enumerate(_ORDER)}
"""The order of receipts: the stored status is the highest seen, whatever order they come in."""

_ASKING = ("ask", "repeat", "alarm")
_ANSWERABLE = (*_ASKING, "inform", "hand_over", "break_glass")
_REACHED = ("handed_over", "accepted", "delivered", "seen")
_FAILED = ("failed_permanent", "expired")
SPECIAL = frozenset({"alarm", "taken", "update", "hand_over", "break_glass"})


def send(machine: Machine, step: str, target: str, channel: str, kind: str, *, asked: ContentClass = "C0") -> str:
    """Ask for one message and remember it. Returns its key, a function of run, round, step, target, channel and attempt."""
    run = machine.run
    before = [each for each in run.messages.values() if each.target == target and each.step == step and each.round == run.round]
    attempt = len(before) + 1
    key = "/".join((run.run, str(run.round), step, target, channel, str(attempt)))
    content_class: ContentClass = "C0" if kind in SPECIAL else class_for(run, asked, target, channel)
    run.messages[key] = Message(
        target=target,
        step=step,
        round=run.round,
        channel=channel,
        attempt=attempt,
        kind=kind,
        content_class=content_class,
        number=len(run.messages) + 1,
    )
    machine.emit(Send(key, kind, content_class, step, run.round, target, channel, attempt))
    return key


def class_limits(run: RunFields, sent: Send) -> tuple[str, ...]:
    """What keeps the class of a message from being any higher, by name; nothing for one that may hold everything."""
    step = next((each for each in run.protocol.steps if each.id == sent.step), None)
    if sent.kind in SPECIAL or step is None:
        return ("kind",)
    if sent.content_class == "C2":
        return ()
    bounds = class_bounds(run, step.message_class or run.protocol.message_class, sent.target, sent.channel)
    return tuple(name for name, most in bounds.items() if most <= sent.content_class)


def latest(machine: Machine, target: str, kinds: Iterable[str] | None = None) -> Message | None:
    """The last message that was asked for to `target`."""
    last_first = reversed(machine.run.messages.values())
    return next((each for each in last_first if each.target == target and (kinds is None or each.kind in kinds)), None)


def cancel(machine: Machine, key: str) -> None:
    """Take back a pending message."""
    _set_status(machine, key, "superseded")
    machine.emit(Cancel(key))


def _set_status(machine: Machine, key: str, status: str) -> None:
    machine.run.messages[key] = machine.run.messages[key].with_status(status)


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
    reached = {each.target: each for each in run.messages.values() if each.kind in _ASKING and each.status in _REACHED}
    for target, last in reached.items():
        if target not in (*run.holders, *run.declined) and kind_of(run, target) in ("person", "service"):
            _tell_one(machine, last)


def release(machine: Machine, target: str) -> None:
    """Tell somebody whose ack came second, on the channel of their latest request; not if they never had one, or know already."""
    last = latest(machine, target, (*_ASKING, "taken"))
    if last is not None and last.kind != "taken":
        _tell_one(machine, last)


def _tell_one(machine: Machine, asked: Message) -> None:
    if _may_tell(machine, asked.target):
        send(machine, "taken", asked.target, asked.channel, "taken")


def tell_special(machine: Machine, target: str, kind: str) -> None:
    """Send `target` a special message on the first of the protocol's channels they have; without one, say so."""
    run = machine.run
    if not _may_tell(machine, target):
        return
    usable, unsafe = usable_channels(run, target, kind_of(run, target), run.protocol.channels)
    if usable:
        send(machine, kind, target, usable[0], kind)
    else:
        machine.audit("unsafe_channel" if unsafe else "no_channel", target)


def _may_tell(machine: Machine, target: str) -> bool:
    """Whether a special message may go to `target`; what forbids it is written down."""
    run = machine.run
    barred = None
    if target in run.facts.safety.never_contact:
        barred = "never_contact"
    elif kind_of(run, target) == "service" and not permitted(run, target, machine.now):
        barred = "consent_blocked"
    if barred is not None:
        machine.audit(barred, target)
    return barred is None


def alarm(machine: Machine) -> None:
    """Send everybody on duty in an alarm role a message on every channel they have; whoever is left out is written down."""
    run = machine.run
    people: dict[str, None] = {}
    for role in run.protocol.exhausted.alarm_roles:
        there = on_duty(run, role, machine.now)
        if not there:
            machine.nobody_on_duty(role)
        people.update(dict.fromkeys(there))
    for person in people:
        if person in run.facts.safety.never_contact:
            machine.audit("never_contact", person)
            continue
        if person not in run.facts.team.persons:
            machine.audit("unknown_target", person)
            continue
        channels = usable_channels(run, person, "person", run.protocol.channels)[0]
        if not channels:
            machine.audit("no_channel", person)
        for channel in channels:
            send(machine, "alarm", person, channel, "alarm")


def mark_answered(machine: Machine, target: str) -> None:
    """An ack or a decline is the answer to the latest message of that person."""
    for key, message in reversed(machine.run.messages.items()):
        if message.target == target and message.kind in _ANSWERABLE:
            _set_status(machine, key, "answered")
            return


def receipt(machine: Machine, key: str, status: str, *, human: bool) -> None:
    """Join one receipt. A failure of the latest message in the current stage goes to another channel at once."""
    message = machine.run.messages.get(key)
    if message is None:
        machine.audit("unknown_key")
        return
    reached = "seen" if status == "answered" and not human else status
    if RANK[reached] <= RANK[message.status]:
        return
    _set_status(machine, key, reached)
    if reached in _FAILED and machine.run.status == "open":
        _fall_back(machine, key, message)


def _fall_back(machine: Machine, key: str, message: Message) -> None:
    """Send a failed request at once on the next channel that has not failed; without one the target is unreachable."""
    run, target = machine.run, message.target
    step_id = _awaiting(machine, key, message)
    if step_id is None:
        return
    entry, step = machine.entry(step_id), machine.step(step_id)
    if target in (*run.holders, *run.declined, *entry.excluded, *entry.off_duty):
        return
    barrier = next((each.barrier for each in resolve(run, step, machine.now)[0] if each.target == target), None)
    if barrier in WITHDRAWING:  # a break-glass ended since, or a silent trigger came: no event of its own excluded them
        entry.excluded.append(target)
        machine.audit(barrier, target)
        machine.assess("consent_blocked")
        return
    usable, _ = usable_channels(run, target, kind_of(run, target), step.channels or run.protocol.channels)
    failed = {message.channel, *failed_channels(machine, target, step_id)}  # a stand-in is a message of another step or round
    left = [channel for channel in usable if channel not in failed]
    if left:
        machine.audit("fallback", target)
        kind = "ask" if step.asks else "inform"
        entry.recipients[target] = send(machine, step_id, target, left[0], kind, asked=machine.asked_class(step))
    else:
        entry.unreachable.append(target)
        machine.audit("unreachable", target)
        machine.assess("unreachable")


def _awaiting(machine: Machine, key: str, message: Message) -> str | None:
    """The step of the current stage that waits for the answer to this very message, be it its own or a stand-in."""
    run = machine.run
    own_first = sorted(run.current, key=lambda step: step != message.step)
    return next((step for step in own_first if run.entries[step].recipients.get(message.target) == key), None)


def failed_channels(machine: Machine, target: str, step: str) -> set[str]:
    """The channels on which `target` could not be reached in this round's messages of `step`."""
    run = machine.run
    mine = (each for each in run.messages.values() if each.target == target and each.round == run.round and each.step == step)
    return {each.channel for each in mine if each.status in _FAILED}
