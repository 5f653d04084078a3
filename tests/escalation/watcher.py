"""One run under watch: every call becomes a moment, and the laws are asked about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from recoverycore.escalation import Event, Obligation, RunState, event_from, step
from recoverycore.escalation.effects import Effect
from tests.escalation.laws import broken
from tests.escalation.moments import Moment

Stepping = Callable[[RunState, Event, datetime], tuple[RunState, tuple[Effect, ...]]]


class Watcher:
    """Feeds events to `machine` (the real one, or one with a fault) and keeps what the laws need to remember."""

    def __init__(self, state: RunState, machine: Stepping = step, *, timed_by_wall: bool = False) -> None:
        self.state = state
        self.machine = machine
        self.timed_by_wall = timed_by_wall
        self.late = timedelta()
        self.ever_held = False
        self.debriefs = 0
        self.fed: list[tuple[dict[str, Any], datetime]] = []
        self.effects: list[tuple[Effect, ...]] = []

    def feed(self, data: dict[str, Any], at: datetime) -> list[str]:
        """One call. Returns the names of the laws it breaks."""
        before, event = self.state, event_from(data)
        after, effects = self.machine(before, event, at)
        self.fed.append((data, at))
        self.effects.append(effects)
        if before.next_due is not None and after.last is not None:
            self.late += max(timedelta(), after.last - before.next_due)
        self.ever_held = self.ever_held or "held" in (before.status, after.status)
        moment = Moment(before, event, after, effects, self.late, self.ever_held, self.timed_by_wall, self.debriefs)
        self.debriefs += sum(1 for each in effects if isinstance(each, Obligation) and each.kind == "debrief")
        self.state = after
        return broken(moment)
