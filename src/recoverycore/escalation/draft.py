"""A run while one call is computed: what may be changed, and the effects decided so far."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation.effects import Audit, Obligation

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.escalation.effects import Effect
    from recoverycore.escalation.state import Entry, Working
    from recoverycore.escalation.steps import ContentClass, Step

__all__ = ["REVIEW", "Draft"]

REVIEW = timedelta(hours=24)
"""Policy: how long a review or a roster gap may wait. A starting value; the host sets its own."""


class Draft:
    """The run of one call and what the call has decided."""

    def __init__(self, run: Working, now: datetime) -> None:
        self.run = run
        self.now = now
        self.effects: list[Effect] = []
        self.emit = self.effects.append
        self.stages = run.protocol.stages
        self._own: set[str] = set()
        self._asked_late: dict[str, tuple[str, str]] = {}

    def audit(self, code: str, subject: str | None = None, minutes: int | None = None) -> None:
        """Write down what was decided."""
        self.emit(Audit(code, subject, minutes))

    def refuse(self, why: str, subject: str | None = None) -> None:
        """Write down that an event was refused; whoever calls it does nothing else."""
        self.audit(f"refused:{why}", subject)

    def owe(self, kind: str, owner: str, due: datetime, *, again: bool = False) -> None:
        """Open an obligation; each kind opens once in a run unless it may open again."""
        if not again and kind in self.run.opened:
            return
        self.run.opened.append(kind)
        self.emit(Obligation(kind, owner, due))

    def begin(self, step_id: str, entry: Entry) -> None:
        """Put `entry` in the place of what was known of a step."""
        self.run.entries[step_id] = entry
        self._own.add(step_id)

    def entry(self, step_id: str) -> Entry:
        """The entry of a step, to be changed: the first time a copy takes its place, and the state before stays as it was."""
        if step_id not in self._own:
            self.begin(step_id, self.run.entries[step_id].copy())
        return self.run.entries[step_id]

    def nobody_on_duty(self, role: str) -> None:
        """Write down that a role was looked for and nobody is there, and that the roster owes somebody."""
        self.audit("nobody_on_duty", role)
        self.owe("roster_gap", self.run.protocol.owner_role, self.now + REVIEW)

    def step(self, step_id: str) -> Step:
        """The step called `step_id`."""
        return self.run.protocol.by_id[step_id]

    def asked_class(self, step: Step) -> ContentClass:
        """The class a step asks for."""
        return step.message_class or self.run.protocol.message_class

    def alarm_owner(self) -> str:
        """Who reviews what went wrong: the first alarm role, else the protocol's owner."""
        roles = self.run.protocol.exhausted.alarm_roles
        return roles[0] if roles else self.run.protocol.owner_role
