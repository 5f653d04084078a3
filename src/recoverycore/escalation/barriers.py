"""Why somebody was not told: what kept each step that names them from reaching them, or when that step would begin."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from recoverycore.escalation.events import event_from
from recoverycore.escalation.stepping import step as one_step
from recoverycore.escalation.targets import kind_of, on_duty, usable_channels
from recoverycore.escalation.words import in_words
from recoverycore.ground.instants import require_aware, utc_text
from recoverycore.ground.timeline import clock_text

if TYPE_CHECKING:
    from recoverycore.escalation.state import Entry, RunState
    from recoverycore.escalation.steps import Step

__all__ = ["ALARM", "Barrier", "why_not"]

ALARM = "alarm"
"""The name under which the alarm stands beside the steps."""

_OVER = ("stood_down", "closed")
_UNDELIVERED = ("failed_permanent", "expired")
_FARTHEST = 5_000
"""So many clocks of a run are looked ahead at most; a protocol within its own limits has fewer."""


@frozen(kw_only=True)
class Barrier:
    """One thing that kept somebody from being told, as a stable code, with the step it stands before; ids and codes only.

    `since` is when it began to stand there. `due` is when that ends, or when the step would begin if nobody answered.
    `basis` names the directives that refuse contact or come nearest to permitting it, where they are known.
    """

    code: str
    to: str
    step: str | None = None
    since: datetime | None = None
    due: datetime | None = None
    owner: str | None = None
    basis: tuple[str, ...] = ()

    def text_in(self, zone: str = "UTC") -> str:
        """The barrier in words; instants as wall time in `zone`."""
        parts = [in_words("barrier", self.code, to=self.to, step=self.step, owner=self.owner)]
        if self.basis:
            parts.append(f"see {', '.join(self.basis)}")
        if self.since is not None:
            parts.append(f"at {clock_text(self.since, zone)}")
        if self.due is not None:
            parts.append(f"it comes at {clock_text(self.due, zone)} if nobody answers before")
        return "; ".join(parts)

    def __str__(self) -> str:
        return self.text_in()

    def to_dict(self) -> dict[str, Any]:
        """The barrier as plain data; what is not known is left out."""
        found = {name: value for name, value in asdict(self, recurse=False).items() if value not in (None, ())}
        return {
            name: utc_text(value) if isinstance(value, datetime) else list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
        }


def why_not(run: RunState, person: str, now: datetime) -> tuple[Barrier, ...]:
    """What keeps `person` from being told at `now`: for each step that names them what stands before it; nothing where they were told.

    What bars them from every step comes alone and first. Error: ``naive_time``.
    """
    at = require_aware(now).astimezone(UTC)
    kind = kind_of(run, person)
    target = "client" if kind == "client" else person
    alone = _alone(run, target, kind)
    if alone is not None:
        return (Barrier(code=alone, to=person),)
    named = [step for step in run.protocol.steps if not step.terminal and _names(run, step, target)]
    alarmed = bool(_roles(run, target) & set(run.protocol.exhausted.alarm_roles))
    if not named and not alarmed:
        return (Barrier(code="not_named", to=person),) if _messages(run, target) == [] else ()
    found = [barrier for step in named if (barrier := _before(run, step, target, at)) is not None]
    if alarmed and (barrier := _before_alarm(run, target, at)) is not None:
        found.append(barrier)
    return tuple(found)


def _alone(run: RunState, target: str, kind: str) -> str | None:
    """What bars somebody whatever the step is."""
    if target in run.facts.safety.never_contact:
        return "never_contact"
    if kind == "client" and (run.facts.safety.no_contact or run.silent):
        return "no_contact"
    if kind == "unknown":
        return "unknown_target"
    if run.status == "new":
        return "not_begun"
    if target in run.holders:
        return "holder"
    return "declined" if target in run.declined else None


def _roles(run: RunState, target: str) -> set[str]:
    """The roles in which somebody may come on duty: those they have, and those of their shifts."""
    person = run.facts.team.persons.get(target)
    return {*(person.roles if person else ()), *(shift.role for shift in run.facts.team.shifts if shift.person == target)}


def _named(step: Step) -> tuple[tuple[str, str], ...]:
    return tuple(each.kind_and_id for each in step.targets)


def _names(run: RunState, step: Step, target: str) -> bool:
    roles = _roles(run, target)
    return any(identifier in roles if kind == "role" else identifier == target for kind, identifier in _named(step))


def _messages(run: RunState, target: str, step: str | None = None) -> list[str]:
    return [key for key, each in run.messages.items() if each.target == target and step in (None, each.step)]


def _before(run: RunState, step: Step, target: str, at: datetime) -> Barrier | None:
    """What stands before one step; None when it told them."""
    entry = run.entries.get(step.id)
    if entry is not None:
        return _at_entry(run, step, entry, target)
    if run.status == "held":
        return Barrier(code="held", to=target, step=step.id, owner=run.owner)
    if run.status in _OVER:
        return Barrier(code="ended", to=target, step=step.id)
    ahead = _ahead(run, at, lambda state: step.id in state.entries)
    if ahead is None:
        return Barrier(code="passed_over", to=target, step=step.id)
    then = ahead.entries[step.id]
    what = _at_entry(ahead, step, then, target)
    kept = what is not None and what.code != "waiting"
    code = what.code if what is not None and kept else "not_reached"
    return Barrier(code=code, to=target, step=step.id, due=then.entered)


def _at_entry(run: RunState, step: Step, entry: Entry, target: str) -> Barrier | None:
    """What a step that was entered came to for `target`."""
    code = None
    due = None
    if not entry.present:
        code = "outside_hours"
    elif target in entry.recipients:
        key = entry.recipients[target]
        code = "own_answer" if key is None else _sent(run.messages[key].status)
    elif target in entry.barriers:
        code = entry.barriers[target]
        due = run.deferred_until if step.id in run.current else None
    else:
        code = "holder" if target in _meant(run, step, entry.entered) else "off_duty"
    return None if code is None else Barrier(code=code, to=target, step=step.id, since=entry.entered, due=due)


def _meant(run: RunState, step: Step, at: datetime) -> set[str]:
    """Everybody whom a step means at `at`: those on duty in its roles, and those it names."""
    named = _named(step)
    return {each for kind, identifier in named for each in (on_duty(run, identifier, at) if kind == "role" else (identifier,))}


def _sent(status: str) -> str | None:
    """What keeps a message that was asked for from having been told; None when it went out."""
    if status in ("queued", "leased", "failed_transient"):
        return "waiting"
    return "taken_back" if status == "superseded" else "not_delivered" if status in _UNDELIVERED else None


def _before_alarm(run: RunState, target: str, at: datetime) -> Barrier | None:
    """What stands before the alarm; None when it reached them."""
    asked = [_sent(run.messages[key].status) for key in _messages(run, target, ALARM)]
    if asked:
        return None if None in asked else Barrier(code=asked[-1] or "", to=target, step=ALARM)
    if run.status == "held":
        return Barrier(code="held", to=target, step=ALARM, owner=run.owner)
    if run.status in _OVER:
        return Barrier(code="ended", to=target, step=ALARM)
    if run.status == "exhausted":
        again = run.realarm_due
        return _alarm_at(run, target, "off_duty", again if again is not None and _alarmed(run, target, again) else None)
    ahead = _ahead(run, at, lambda state: state.status == "exhausted")
    if ahead is None or ahead.last is None:
        return Barrier(code="passed_over", to=target, step=ALARM)
    return _alarm_at(ahead, target, "not_exhausted" if _alarmed(ahead, target, ahead.last) else "off_duty", ahead.last)


def _alarmed(run: RunState, target: str, at: datetime) -> bool:
    return any(target in on_duty(run, role, at) for role in run.protocol.exhausted.alarm_roles)


def _alarm_at(run: RunState, target: str, code: str, due: datetime | None) -> Barrier:
    usable, _ = usable_channels(run, target, "person", run.protocol.channels)
    return Barrier(code=code if usable or code == "off_duty" else "no_channel", to=target, step=ALARM, due=due)


def _ahead(run: RunState, at: datetime, wanted: Any) -> RunState | None:
    """The run as it would be when `wanted` first holds of it, if nobody answered and every clock rang in time; None if it never would."""
    state = run
    for _ in range(_FARTHEST):
        if state.next_due is None or state.status != "open":
            return None
        state, _effects = one_step(state, event_from({"type": "tick", "gen": state.generation}), max(state.next_due, at))
        if wanted(state):
            return state
    return None
