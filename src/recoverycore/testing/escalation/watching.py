"""One run under watch: every call becomes a moment, and the laws are asked about it."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation import Obligation, RunState, Timer, event_from, step
from recoverycore.ground import parse_instant, utc_text
from recoverycore.testing.escalation.laws import judge
from recoverycore.testing.escalation.moments import Moment, Stepping

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from recoverycore.escalation.effects import Effect

__all__ = ["SOME_DAYS", "Stepping", "Watcher", "lateness", "saved_and_read", "shifted"]

SOME_DAYS = timedelta(days=3, hours=5, seconds=7)


class Watcher:
    """Feeds events to `machine` (the real one, or one with a fault) and keeps what the laws need to remember.

    Each call is made three times: as it is, with everything saved and read in between, and some days later. `days_later` is
    this run some days later, where no wall time is in play; `bound` the longest that it may climb when nobody answers, None for
    a run of which nobody knows.
    """

    def __init__(
        self, state: RunState, machine: Stepping = step, *, days_later: RunState | None = None, bound: timedelta | None = None
    ) -> None:
        self.opened = state
        self.state = state
        self.machine = machine
        self.days_later = days_later
        self.bound = bound
        self.late = timedelta()
        self.ever_held = False
        self.debriefs = 0
        self.sent: frozenset[str] = frozenset()
        self.fed: list[tuple[dict[str, Any], datetime]] = []
        self.judged: Counter[str] = Counter()

    def feed(self, data: dict[str, Any], at: datetime) -> list[str]:
        """One call. Returns the names of the laws it breaks."""
        before, event = self.state, event_from(data)
        after, effects = self.machine(before, event, at)
        self.fed.append((data, at))
        self.late += lateness(before, after)
        self.ever_held = self.ever_held or "held" in (before.status, after.status)
        moment = Moment(
            before=before, event=event, after=after, effects=effects, opened=self.opened, bound=self.bound, late=self.late,
            ever_held=self.ever_held, debriefs=self.debriefs, sent_before=self.sent,
            again=self.machine(saved_and_read(before), event_from(json.loads(json.dumps(data))), at), days_later=self._later(data, at),
        )  # fmt: skip
        self.debriefs += sum(1 for each in effects if isinstance(each, Obligation) and each.kind == "debrief")
        self.sent |= {each.key for each in moment.sends()}
        self.state = after
        wrong, judged = judge(moment)
        self.judged.update(judged)
        return wrong

    def _later(self, data: dict[str, Any], at: datetime) -> tuple[Effect, ...] | None:
        if self.days_later is None:
            return None
        self.days_later, effects = self.machine(self.days_later, event_from(shifted(data)), at + SOME_DAYS)
        return tuple(told_earlier(each) for each in effects)


def saved_and_read(state: RunState) -> RunState:
    """The state as it comes back from disk."""
    return RunState.from_dict(json.loads(json.dumps(state.to_dict())))


def lateness(before: RunState, after: RunState) -> timedelta:
    """By how much a call came after the clock of the stage that stood before it: its first deadline, or the end of its deferral."""
    if before.status != "open" or after.last is None:
        return timedelta()
    asks = {step.id for step in before.protocol.steps if step.asks} & set(before.current) or set(before.current)
    ends = [entry.deadline for name in asks if (entry := before.entries[name]).present and entry.deadline is not None]
    due = before.deferred_until or min(ends, default=None)
    return max(timedelta(), after.last - due) if due is not None else timedelta()


def shifted(data: dict[str, Any]) -> dict[str, Any]:
    """The event of `data`, with every instant in it moved to some days later."""
    again: dict[str, Any] = json.loads(json.dumps(data))
    if "until" in again:
        again["until"] = utc_text(parse_instant(again["until"]) + SOME_DAYS)
    for action in again.get("actions", ()):
        action["due"] = utc_text(parse_instant(action["due"]) + SOME_DAYS)
    for shift in again.get("team", {}).get("shifts", ()):
        shift.update({name: utc_text(parse_instant(shift[name]) + SOME_DAYS) for name in ("from", "to")})
    return again


def told_earlier(effect: Effect) -> Effect:
    """What happened some days later, in the times of the run that it is compared with."""
    match effect:
        case Timer(due=due, gen=gen):
            return Timer(due - SOME_DAYS, gen)
        case Obligation(kind=kind, owner=owner, due=due):
            return Obligation(kind, owner, due - SOME_DAYS)
        case _:
            return effect
