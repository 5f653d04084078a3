"""One run to look at, as a host holds it in its hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.engine.looks import Looks
    from recoverycore.escalation import Explanation, RunState
    from recoverycore.ground.timeline import Timeline

__all__ = ["Run"]


class Run:
    """A run to look at, by its id. Every look reads what is kept at that moment; none changes anything."""

    def __init__(self, engine: Looks, identifier: str) -> None:
        self.id = identifier
        self._engine = engine

    @property
    def state(self) -> RunState:
        """The whole run as data."""
        return self._engine.state_of(self.id)

    @property
    def status(self) -> str:
        """``open``, ``held``, ``exhausted``, ``stood_down`` or ``closed``."""
        return self.state.status

    @property
    def level(self) -> int:
        """How urgent it is, from 0 to 4."""
        return self.state.level

    @property
    def owner(self) -> str | None:
        """Who has it: the first of its holders."""
        return self.state.owner

    def timeline(self) -> Timeline:
        """What happened in it, oldest first."""
        return self._engine.timeline(self.id)

    def why(self, to: str | None = None, *, at: datetime | None = None) -> Explanation:
        """Why it did what it did or, of one person, why they were told and why not; see `Engine.why`."""
        return self._engine.why(self.id, to, at=at)

    def explain(self) -> str:
        """Every effect of it with its reasons, in plain words."""
        return self.why().explain()

    def __repr__(self) -> str:
        return f"<Run {self.id} {self.status}>"
