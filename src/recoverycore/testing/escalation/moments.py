"""One call of the step machine, as the laws look at it, and the facts they look up for themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation import Audit, Event, RunState, Send
from recoverycore.escalation.effects import Effect
from recoverycore.escalation.windows import boundaries, covers

if TYPE_CHECKING:
    from recoverycore.escalation.documents import Shift

__all__ = ["OVER", "OWN_WORDS", "Effects", "Moment", "Stepping", "a_shift_changed", "fit", "on_duty", "permitted"]

OWN_WORDS = "Bluebird is back home"  # what a person wrote: no law lets it out of the event
OVER = ("stood_down", "closed")

Effects = tuple[Effect, ...]
Stepping = Callable[[RunState, Event, datetime], tuple[RunState, Effects]]
"""A step machine: the real one, one with a fault, or one of a host's own."""


_A_MOMENT = timedelta(microseconds=1)


@frozen
class Moment:
    """One call of the machine, and what came before it in the same run."""

    before: RunState
    event: Event
    after: RunState
    effects: Effects
    opened: RunState
    """The run as it was opened, before anything happened to it."""
    bound: timedelta | None
    """The longest that the chain may take when nobody ever acks; None where nobody knows."""
    late: timedelta = timedelta()
    """By how much the calls so far came after the clock they should have met."""
    ever_held: bool = False
    debriefs: int = 0
    sent_before: frozenset[str] = frozenset()
    """Every key that this run ever sent."""
    again: tuple[RunState, Effects] | None = None
    """What the same call gives when the state was saved and read and the event is given again: a crash in between."""
    days_later: Effects | None = None
    """What the same run gives when all of it happens some days later, told in the times of this one."""

    @property
    def now(self) -> datetime:
        """The instant of the call, as the run takes it."""
        if self.after.last is None:
            raise AssertionError("a run that was called knows when")
        return self.after.last

    @cached_property
    def saved(self) -> str:
        """The state that came out, as it is written down."""
        return json.dumps(self.after.to_dict())

    @property
    def repeated(self) -> bool:
        """Whether the event came before."""
        return self.event.id is not None and self.event.id in self.before.applied

    def sends(self) -> list[Send]:
        """What the call sends."""
        return [each for each in self.effects if isinstance(each, Send)]

    def audits(self) -> list[Audit]:
        """What the call wrote down."""
        return [each for each in self.effects if isinstance(each, Audit)]

    def told(self) -> set[str | None]:
        """Everybody and everything that the call wrote something down about."""
        return {each.subject for each in self.audits()}

    def asked_by(self, roles: tuple[str, ...]) -> bool:
        """Whether a human on the team with one of `roles` is behind the event."""
        person = self.before.facts.team.persons.get(self.event.by or "")
        return person is not None and bool(set(person.roles) & set(roles)) and not self.event.auto

    def entered(self) -> list[str]:
        """The present steps that were entered in this call."""
        firsts = [each.subject or "" for each in self.audits() if each.code == "stage_entered"]
        stages = {self.after.entries[first].stage for first in firsts if first in self.after.entries}
        return [name for name, entry in self.after.entries.items() if entry.present and entry.stage in stages]

    def left(self) -> list[tuple[str, str]]:
        """Why, and because of which step, stages were left in this call, in order."""
        return [
            (each.code.removeprefix("stage_left:"), each.subject or "") for each in self.audits() if each.code.startswith("stage_left:")
        ]


def on_duty(run: RunState, role: str, at: datetime) -> set[str]:
    """Who has a shift in `role` at that time. Of the library only the calendar of weekly windows is asked."""
    return {each.person for each in run.facts.team.shifts if each.role == role and _covers(each, at)}


def _covers(shift: Shift, at: datetime) -> bool:
    if shift.window is not None:
        return covers(shift.window, at, "coverage")
    return not isinstance(shift.from_, str) and not isinstance(shift.to, str) and shift.from_ <= at < shift.to


def a_shift_changed(run: RunState, since: datetime, now: datetime) -> bool:
    """Whether a shift has begun or ended after `since`, up to `now`."""
    for shift in run.facts.team.shifts:
        if shift.window is not None and any(since < edge <= now for edge in boundaries(shift.window, since, now + _A_MOMENT, "coverage")):
            return True
        if any(isinstance(edge, datetime) and since < edge <= now for edge in (shift.from_, shift.to)):
            return True
    return False


def fit(run: RunState, name: str) -> bool:
    """Whether `name` may hold at the level of the run."""
    if (person := run.facts.team.persons.get(name)) is not None:
        return person.max_hold_level >= run.level and bool(set(person.roles) & set(run.protocol.hold_roles))
    return name in run.facts.directory and "service" in run.protocol.hold_roles


def permitted(moment: Moment, target: str) -> bool:
    """Whether consent, or a break-glass that runs, opens contact to an outsider."""
    consent, until = moment.after.facts.consent.get(target), moment.after.break_glass.get(target)
    return (consent is not None and consent.contact == "permit") or (until is not None and moment.now < until)
