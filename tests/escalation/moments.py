"""One call of the step machine, as the laws look at it."""

from __future__ import annotations

from datetime import datetime, timedelta

from attrs import field, frozen

from recoverycore.escalation import Audit, Event, RunState, Send
from recoverycore.escalation.effects import Effect


@frozen
class Moment:
    """One call of the machine, and what came before it in the same run."""

    before: RunState
    event: Event
    after: RunState
    effects: tuple[Effect, ...]
    late: timedelta = timedelta()
    ever_held: bool = False
    timed_by_wall: bool = False
    debriefs: int = field(default=0)

    @property
    def now(self) -> datetime:
        assert self.after.last is not None
        return self.after.last

    def sends(self) -> list[Send]:
        return [each for each in self.effects if isinstance(each, Send)]

    def audits(self) -> list[Audit]:
        return [each for each in self.effects if isinstance(each, Audit)]

    def asked_by(self, roles: tuple[str, ...]) -> bool:
        """Whether a human on the team with one of `roles` is behind the event."""
        person = self.before.facts.team.persons.get(self.event.by or "")
        return person is not None and bool(set(person.roles) & set(roles)) and not self.event.auto

    def entered(self) -> list[str]:
        """The present steps that were entered in this call."""
        firsts = [each.subject or "" for each in self.audits() if each.code == "stage_entered"]
        stages = {self.after.entries[first].stage for first in firsts}
        return [name for name, entry in self.after.entries.items() if entry.present and entry.stage in stages]
