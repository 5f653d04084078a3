"""Who can be asked now, over which channel, and how much the message may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from recoverycore.escalation.windows import covers, next_boundary

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.escalation.documents import Outside, Shift, Team
    from recoverycore.escalation.state import RunFields
    from recoverycore.escalation.steps import ContentClass, Step, Target
    from recoverycore.ground.windows import WeeklyWindow

__all__ = [
    "Resolved",
    "WITHDRAWING",
    "class_bounds",
    "class_for",
    "duty_of",
    "kind_of",
    "may_hold",
    "named_kind",
    "on_duty",
    "on_shift",
    "resolve",
    "shift_edge",
    "usable_channels",
]

_OPEN_CHANNELS = ("app", "in_person")
WITHDRAWING = ("never_contact", "no_contact", "consent_blocked", "unsafe_channel")
"""The barriers that take back what was asked already; quiet hours, for one, do not."""


class Resolved(NamedTuple):
    """One target of a step as it is now: permitted when `barrier` is None. `channels` are those that reach it."""

    target: str
    kind: str
    barrier: str | None
    role: str | None = None
    channels: tuple[str, ...] = ()


def kind_of(run: RunFields, target: str) -> str:
    """What `target` is: person, service, contact, client, or unknown."""
    facts = run.facts
    if target in facts.team.persons:
        return "person"
    if target in facts.directory:
        return "service"
    if target in facts.contacts:
        return "contact"
    return "client" if target in ("client", facts.client.id) else "unknown"


def may_hold(run: RunFields, target: str) -> bool:
    """Whether `target` may hold the run at its level: qualified staff or a service, never a contact or the client."""
    person = run.facts.team.persons.get(target)
    if person is not None:
        return person.max_hold_level >= run.level and not run.protocol.holding.isdisjoint(person.roles)
    return target in run.facts.directory and "service" in run.protocol.holding


def on_shift(shift: Shift, at: datetime) -> bool:
    """Whether `shift` covers `at`; around a clock change two shifts overlap and never leave a gap."""
    if shift.window is not None:
        return covers(shift.window, at, "coverage")
    return shift.from_ <= at < shift.to  # type: ignore[operator]  # both are instants where there is no window


def on_duty(run: RunFields, role: str, at: datetime) -> tuple[str, ...]:
    """The persons on duty in `role`, in the order of the roster, each once."""
    return duty_of(run.facts.team, role, at)


def duty_of(team: Team, role: str, at: datetime) -> tuple[str, ...]:
    """The persons of `team` on duty in `role`, in the order of the roster, each once."""
    return tuple(dict.fromkeys([shift.person for shift in team.shifts_in.get(role, ()) if on_shift(shift, at)]))


def shift_edge(run: RunFields, roles: set[str], at: datetime) -> datetime | None:
    """The next start or end of a shift in one of `roles` after `at`."""
    shifts_in = run.facts.team.shifts_in
    edges = [_next_edge(shift, at) for role in roles for shift in shifts_in.get(role, ())]
    return min([each for each in edges if each is not None], default=None)


def _next_edge(shift: Shift, at: datetime) -> datetime | None:
    if shift.window is not None:
        return next_boundary(shift.window, at, "coverage")
    return min([edge for edge in (shift.from_, shift.to) if not isinstance(edge, str) and edge > at], default=None)


def permitted(run: RunFields, target: str, at: datetime) -> bool:
    """Whether an outsider may be contacted: by consent, or by a named human's running break-glass."""
    fact = run.facts.consent.get(target)
    until = run.break_glass.get(target)
    return (fact is not None and fact.contact == "permit") or (until is not None and at < until)


def _outside(run: RunFields, target: str, kind: str) -> Outside | None:
    return run.facts.client if kind == "client" else run.facts.contacts.get(target)


def _own_channels(run: RunFields, target: str, kind: str) -> tuple[str, ...]:
    if kind == "person":
        return run.facts.team.persons[target].channels
    if kind == "service":
        return run.facts.directory[target].channels
    outside = _outside(run, target, kind)
    return outside.channels if outside else ()


def usable_channels(run: RunFields, target: str, kind: str, channels: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The channels of `channels` that reach `target`, in that order, and whether a safety fact removed one."""
    own = _own_channels(run, target, kind)
    usable = tuple([channel for channel in channels if channel in own])
    if kind not in ("client", "contact"):
        return usable, False
    safety = run.facts.safety
    safe = tuple(
        channel
        for channel in usable
        if channel not in safety.unsafe_channels.get(target, ()) and (not safety.dv or channel in safety.safe_channels.get(target, ()))
    )
    return safe, safe != usable


def _quiet(run: RunFields, target: str, kind: str, at: datetime) -> bool:
    """Whether quiet hours keep `target` from being asked now. Whoever is reached through a role, or is on any shift, has none."""
    window = quiet_window(run, target, kind)
    if window is None:
        return False
    return covers(window, at, "restraint") and not any(shift.person == target and on_shift(shift, at) for shift in run.facts.team.shifts)


def quiet_window(run: RunFields, target: str, kind: str) -> WeeklyWindow | None:
    """The quiet hours of `target` that the level of the run leaves standing, if there are any."""
    if kind == "person":
        window, wake = run.facts.team.persons[target].quiet, 0
    else:
        outside = _outside(run, target, kind)
        window, wake = (outside.quiet, outside.wake_level) if outside else (None, 0)
    return None if run.level >= max(run.protocol.quiet_override_level, wake) else window


def _barrier(run: RunFields, step: Step, target: str, kind: str, *, role: str | None, at: datetime) -> str | None:
    """The first thing that keeps a target from being asked on any channel, or None."""
    if target in run.facts.safety.never_contact:
        return "never_contact"
    if kind == "client" and (run.facts.safety.no_contact or run.silent):
        return "no_contact"
    if kind == "unknown":
        return "unknown_target"
    if kind == "person" and step.asks and not may_hold(run, target):
        return "not_qualified"
    if kind in ("contact", "service") and not permitted(run, target, at):
        return "consent_blocked"
    if kind == "service":
        hours = run.facts.directory[target].hours
        if hours is not None and not any(covers(window, at, "coverage") for window in hours):
            return "service_closed"
    elif role is None and _quiet(run, target, kind, at):
        return "quiet_hours"
    return None


def resolve(run: RunFields, step: Step, at: datetime) -> tuple[list[Resolved], list[str]]:
    """Every target of `step` once, in document order, and the roles in which nobody is on duty."""
    found: dict[str, Resolved] = {}
    empty: list[str] = []
    for target in step.targets:
        for identifier, role in _people(run, target, at, empty):
            kind = named_kind(run, target, identifier)
            usable, unsafe = usable_channels(run, identifier, kind, step.channels or run.protocol.channels)
            barrier = _barrier(run, step, identifier, kind, role=role, at=at)
            if barrier is None and not usable:
                barrier = "unsafe_channel" if unsafe else "no_channel"
            if identifier not in found or (found[identifier].barrier and not barrier):
                found[identifier] = Resolved(identifier, kind, barrier, role, usable)
    return list(found.values()), empty


def _people(run: RunFields, target: Target, at: datetime, empty: list[str]) -> list[tuple[str, str | None]]:
    kind, identifier = target.kind_and_id
    if kind != "role":
        return [(identifier, None)]
    people = duty_of(run.facts.team, identifier, at)
    if not people:
        empty.append(identifier)
    return [(person, identifier) for person in people]


def named_kind(run: RunFields, target: Target, identifier: str) -> str:
    """What `identifier` is, which `target` names or means: its kind, or unknown where the facts have no such one."""
    facts = run.facts
    match target.kind_and_id[0]:
        case "role" | "person":
            return "person" if identifier in facts.team.persons else "unknown"
        case "contact":
            return "contact" if identifier in facts.contacts else "unknown"
        case "service":
            return "service" if identifier in facts.directory else "unknown"
        case _:
            return "client"


def class_for(run: RunFields, asked: ContentClass, target: str, channel: str) -> ContentClass:
    """The most a message may hold: the lowest of what is asked, what consent gives and what the channel carries."""
    return min(class_bounds(run, asked, target, channel).values())


def class_bounds(run: RunFields, asked: ContentClass, target: str, channel: str) -> dict[str, ContentClass]:
    """What bounds the class of a message, by the name of the bound; where contact is not permitted, that bounds it alone."""
    fact = run.facts.consent.get(target)
    if fact is None or fact.contact != "permit":
        return {"no_permit": "C0"}
    carries: ContentClass = "C2" if channel in _OPEN_CHANNELS else "C0"
    return {"step": asked, "consent": fact.max_class, "channel": max(carries, fact.channel_class.get(channel, "C0"))}
