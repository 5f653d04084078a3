"""One simulated run: a virtual clock, the real machine, people who answer by their habits. The same number gives the same run anywhere."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from heapq import heappop, heappush
from random import Random
from typing import Any

from attrs import define, field, frozen

from recoverycore.escalation import Event, RunState, Send, Timer, event_from
from recoverycore.escalation.windows import covers
from recoverycore.testing.clinic.habits import Carrier, Habit
from recoverycore.testing.clinic.watching import CHECKS
from recoverycore.testing.escalation.moments import Stepping

__all__ = ["Clinic", "Ended", "play"]

_ASKING = ("ask", "repeat", "alarm")
_SECOND = timedelta(seconds=1)
_DELIVERED_AFTER = timedelta(seconds=3)
_UNTIL_IT_IS_OVER = timedelta(minutes=30)
"""So long after contact was made it is stood down, held to account, and closed: made up, and it changes nothing that is measured."""
_MOST_CALLS = 20_000
_ANYBODY = Habit()


@frozen
class Clinic:
    """Everything that the runs of a simulation have in common."""

    opened: RunState
    machine: Stepping
    habits: tuple[Habit, ...]
    carriers: tuple[Carrier, ...]
    seed: int
    begin: datetime
    seconds: int
    follow: timedelta
    ends: str | None
    """Who stands runs down; None where nobody on the team may."""

    def habit(self, sent: Send, at: datetime) -> Habit:
        """How whoever was sent this at this time answers it."""
        person = self.opened.facts.team.persons.get(sent.target)
        roles = person.roles if person is not None else ("service",)
        for each in self.habits:
            named = each.who in (None, sent.target) and (each.role is None or each.role in roles) and each.channel in (None, sent.channel)
            if named and (each.hours is None or covers(each.hours, at, "coverage")):
                return each
        return _ANYBODY

    def can_answer(self, target: str) -> bool:
        """Whether `target` is somebody whose answer counts: staff or a service, never a contact or the client."""
        return target in self.opened.facts.team.persons or target in self.opened.facts.directory


@define
class Ended:
    """What came of one run: after how many seconds there was a human, and the terminal step; None for never.

    `messages`, `took` and `declined` hold a person's id once for each message they got, each time they took it, each time they declined.
    """

    human: int | None = None
    terminal: int | None = None
    calls: int = 0
    messages: list[str] = field(factory=list)
    took: list[str] = field(factory=list)
    declined: list[str] = field(factory=list)
    breaches: list[str] = field(factory=list)

    @property
    def first(self) -> int | None:
        """After how many seconds a human had it or the terminal step was shown, whichever came first."""
        if self.human is None or self.terminal is None:
            return self.terminal if self.human is None else self.human
        return min(self.human, self.terminal)


@lru_cache(8192)
def _event(kind: str, number: int, /, **more: Any) -> Event:
    """An event, read once: runs are alike. `number` is its place in the run, and a tick has none."""
    return event_from({"type": kind, **({"id": f"e{number}"} if kind != "tick" else {}), **more})


class _Run:
    """A run while it is played."""

    def __init__(self, clinic: Clinic, number: int) -> None:
        self.clinic = clinic
        self.random = Random(f"{clinic.seed}/{number}")  # noqa: S311 - nothing secret is drawn, and a text is read alike everywhere
        self.began = clinic.begin + timedelta(seconds=self.random.randint(0, clinic.seconds))
        self.down = {each.id for each in clinic.carriers if each.down and self.random.random() < each.down}
        self.state = clinic.opened
        self.followed_until = self.began + clinic.follow
        self.waiting: list[tuple[datetime, bool, int, Event]] = []
        self.pushed = 0
        self.habits: dict[str, Habit] = {}
        self.ended = Ended()

    def push(self, at: datetime, kind: str, /, **more: Any) -> None:
        """Something that will happen. What is dated at the instant of a tick comes before it."""
        self.pushed += 1
        ticks = kind == "tick"
        heappush(self.waiting, (at, ticks, self.pushed, _event(kind, 0 if ticks else self.pushed, **more)))

    def play(self) -> Ended:
        """From the trigger until it is over, or nobody waits for it any more."""
        self.push(self.began, "trigger", kind=self.clinic.opened.protocol.triggers[0])
        while self.waiting and self.ended.calls < _MOST_CALLS:
            at, ticks, _, event = heappop(self.waiting)
            if ticks and event.gen != self.state.generation:
                continue  # another timer took its place
            if event.type == "decline" and event.by in self.state.holders:
                continue  # whoever has taken it does not give it back over an older message
            if at > self.followed_until and self.ended.first is not None:
                break
            self.call(event, at)
        if self.ended.first is None:
            self.ended.breaches.append("lost")
        return self.ended

    def call(self, event: Event, at: datetime) -> None:
        """One call of the machine, and what people do about it."""
        before, ended = self.state, self.ended
        after, effects = self.clinic.machine(before, event, at)
        ended.calls += 1
        ended.breaches += [name for name, check in CHECKS.items() if check(before, event, after, effects)]
        self.state = after
        for each in effects:
            if isinstance(each, Timer):
                self.push(each.due, "tick", gen=each.gen)
            elif isinstance(each, Send):
                self.sent(each, at)
        if after.holders != before.holders:
            ended.took += set(after.holders) - set(before.holders)
        if event.type == "decline":
            ended.declined.append(event.by or "")
        if after.status != before.status or after.contact_made != before.contact_made:
            self.turned(before, after, at)

    def sent(self, sent: Send, at: datetime) -> None:
        """A message goes out: it fails, or whoever it reaches answers by their habit."""
        self.ended.messages.append(sent.target)
        carrier = self.carrier(sent.channel)
        if carrier is not None and (carrier.id in self.down or (carrier.fails and self.random.random() < carrier.fails)):
            self.push(at + carrier.noticed_after, "receipt", key=sent.key, status="failed_permanent")
            return
        if sent.kind not in _ASKING or not self.clinic.can_answer(sent.target):
            return
        self.push(at + _DELIVERED_AFTER, "receipt", key=sent.key, status="delivered")
        habit = self.clinic.habit(sent, at)
        self.habits[sent.target] = habit
        drawn = self.random.random()
        if drawn < habit.answers:
            self.push(at + habit.delay(self.random), "ack", by=sent.target, named_human=True)
        elif drawn < habit.answers + habit.declines:
            self.push(at + habit.delay(self.random), "decline", by=sent.target)

    def carrier(self, channel: str) -> Carrier | None:
        """Who carries a message of this channel: the first who is not down, and the last where all are."""
        found = None
        for each in self.clinic.carriers:
            if channel in each.channels:
                found = each
                if each.id not in self.down:
                    break
        return found

    def turned(self, before: RunState, after: RunState, at: datetime) -> None:
        """The run stands otherwise than before."""
        seconds = (at - self.began) // _SECOND
        if after.status == "exhausted" and self.ended.terminal is None:
            self.ended.terminal = seconds
        if after.status == "held" and before.status != "held":
            if self.ended.human is None:
                self.ended.human = seconds
            habit = self.habits.get(after.owner or "", _ANYBODY)
            if self.random.random() < habit.keeps:
                self.push(at + habit.delay(self.random), "contact_made", by=after.owner)
        if self.clinic.ends is None:
            return
        if after.contact_made and not before.contact_made:
            self.push(at + _UNTIL_IT_IS_OVER, "stand_down", by=self.clinic.ends, reason="simulated")
        if after.status == "stood_down" and before.status != "stood_down":
            self.push(at + _UNTIL_IT_IS_OVER, "debrief_done", by=self.clinic.ends, outcome="done")
            self.push(at + 2 * _UNTIL_IT_IS_OVER, "close", by=self.clinic.ends)


def play(clinic: Clinic, number: int) -> Ended:
    """The run of this number."""
    return _Run(clinic, number).play()
