"""Every order in which a few events can reach a small run, gone through one by one: nothing is sampled.

Three people, six events, a few ticks. Each event comes at any time: before or after any other, at once, at the very clock that would
go off next, or only long after it; and once more after that. Before each call the state is saved and read, so there is a crash before and
after everything. Breadth first over the states there are: two orders that lead to the same state are one from there on.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.escalation import Audit, Event, Obligation, Protocol, RunFacts, RunState, event_from, open_run, step
from recoverycore.ground import utc_text
from recoverycore.testing.escalation.laws import judge
from recoverycore.testing.escalation.moments import Moment
from tests.escalation.bound import longest_climb
from tests.escalation.watcher import Stepping, lateness

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE = timedelta(minutes=1)
START = datetime.fromisoformat("2026-03-10T15:00:00Z")
LATE = 6 * MINUTE
"""So long after the clock comes what comes late: later than the whole next step would have been."""

FIRST = {"id": "first", "targets": [{"role": "peer"}], "ack_within": "PT5M", "repeat": {"times": 1, "every": "PT3M"}}
SECOND = {"id": "second", "targets": [{"role": "manager"}], "ack_within": "PT4M"}
ONE_BY_ONE: dict[str, Any] = {"steps": [FIRST, SECOND]}
GROUP: dict[str, Any] = {"steps": [{**FIRST, "group": "now"}, {**SECOND, "group": "now"}], "late_catch_up": 5}
ALL_TWICE: dict[str, Any] = {
    "steps": [{**FIRST, "targets": [{"role": "peer"}, {"role": "manager"}], "quorum": "all"}],
    "rounds": 2,
}  # fmt: skip


def team(*names: str) -> dict[str, Any]:
    roles = {"ana": "peer", "ben": "manager", "sue": "supervisor"}
    return {
        "persons": {name: {"roles": [roles[name]], "channels": ["app", "sms"]} for name in names},
        "shifts": [
            {"person": name, "role": roles[name], "from": utc_text(START - MINUTE), "to": utc_text(START + timedelta(days=1))}
            for name in names
        ],
    }


def opened(world: dict[str, Any]) -> RunState:
    """A run of one of the worlds that waits for its trigger."""
    written = {
        "id": "small", "level": 3, "zone": "Europe/London", "triggers": ["code_word"], "channels": ["app", "sms"],
        "hold_roles": ["peer", "manager", "supervisor"], "stand_down_roles": ["supervisor"], "owner_role": "supervisor",
        "contact_within": "PT15M", "exhausted": {"alarm_roles": ["supervisor"], "realarm": "PT10M"},
        "debrief": {"owner_role": "manager", "due": {"after": "P1D"}}, **world,
        "steps": [*world["steps"], {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False}],
    }  # fmt: skip
    return open_run("R", Protocol.model_validate(written), RunFacts.model_validate({"team": team("ana", "ben", "sue")}))


def by(who: str, what: str, **more: Any) -> dict[str, Any]:
    """An event by somebody, with an id of its own."""
    return {"type": what, "id": f"{what} {who}".replace(" ", "-"), "by": who, **more}


def receipt(channel: str, status: str) -> dict[str, Any]:
    """What became of a message to `ana`."""
    return {
        "type": "receipt",
        "id": f"{channel}-{status}",
        "key": f"R/1/first/ana/{channel}/{2 if channel == 'sms' else 1}",
        "status": status,
    }


TRIGGER = {"type": "trigger", "id": "trigger", "kind": "code_word"}
WORSE = {"type": "trigger", "id": "worse", "kind": "code_word", "level": 4}
CALMER = by("sue", "set_level", level=2, reason="calmer")
OVER = by("sue", "stand_down", reason="over")
NEVER_ANA = {"type": "consent_change", "id": "never", "safety": {"never_contact": ["ana"]}}
ANA_AGAIN = {"type": "consent_change", "id": "again", "safety": {"never_contact": []}}
ANA_LEAVES = {"type": "roster_change", "id": "leaves", "team": team("ben", "sue")}
ANA_RETURNS = {"type": "roster_change", "id": "returns", "team": team("ana", "ben", "sue")}
ESCALATE = {"type": "escalate", "id": "escalate"}
HAND_OVER = by("ana", "hand_over", to="ben")

SCENARIOS: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {
    "yes, no, and back": (ONE_BY_ONE, [TRIGGER, by("ana", "ack"), by("ana", "decline"), by("ben", "ack"), by("ben", "un_ack"), OVER]),
    "two who are both needed": (GROUP, [TRIGGER, by("ana", "ack"), by("ben", "ack"), by("ana", "un_ack"), by("ben", "decline"), ESCALATE]),
    "everybody, twice": (ALL_TWICE, [TRIGGER, by("ana", "ack"), by("ben", "decline"), by("ben", "ack"), ANA_LEAVES, ANA_RETURNS]),
    "from hand to hand": (
        ONE_BY_ONE, [TRIGGER, by("ana", "ack"), HAND_OVER, by("ben", "hand_over_confirm"), by("ben", "decline"), ANA_LEAVES]
    ),
    "on the line": (
        ONE_BY_ONE,
        [TRIGGER, by("ana", "ack"), by("ana", "accompany_start"), HAND_OVER, by("ben", "hand_over_confirm"), OVER],
    ),
    "the person says so": (
        ONE_BY_ONE,
        [TRIGGER, by("ana", "ack"), by("ana", "accompany_start"), by("ana", "un_ack"), OVER,
         by("ana", "accompany_end", basis="client_said_so")],
    ),
    "what became of a message": (
        ONE_BY_ONE,
        [TRIGGER, receipt("app", "failed_permanent"), receipt("app", "delivered"), receipt("sms", "failed_permanent"), by("ana", "ack"),
         NEVER_ANA],
    ),
    "barred and back": (GROUP, [TRIGGER, NEVER_ANA, ANA_AGAIN, ANA_LEAVES, ANA_RETURNS, by("ana", "ack")]),
    "worse and calmer": (ONE_BY_ONE, [TRIGGER, WORSE, CALMER, by("ana", "ack"), ESCALATE, by("ana", "contact_made")]),
    "to the end": (
        ONE_BY_ONE,
        [TRIGGER, by("sue", "ack"), OVER, by("sue", "debrief_done", outcome="done"), by("sue", "close"), WORSE],
    ),
}  # fmt: skip


def instants(run: RunState, kind: str) -> list[datetime]:
    """At once, at the next clock, and long after it; a tick comes at its clock or late."""
    now, due = run.last or START, run.next_due
    return [*([now] if kind != "tick" else []), *([due, due + LATE] if due is not None else [])]


@frozen
class Reached:
    """A state as it is saved, what the laws have to remember of the way to it, and how many ticks there were."""

    saved: str
    applied: tuple[str, ...] = ()
    late: timedelta = timedelta()
    ever_held: bool = False
    debriefs: int = 0
    ticks: int = 0
    way: tuple[str, ...] = ()

    def key(self) -> bytes:
        """The same for two states from which the same can follow: in which order the same events were applied does not matter."""
        alike = self.saved.replace(json.dumps(self.applied), json.dumps(sorted(self.applied)), 1)
        return blake2b(f"{alike} {self.late} {self.ever_held} {self.debriefs} {self.ticks}".encode(), digest_size=16).digest()


@frozen
class Explored:
    """How much was gone through."""

    orders: int
    states: int
    calls: int

    def __str__(self) -> str:
        return f"{self.orders:,} orders of events and ticks, {self.states:,} states, {self.calls:,} calls"


class Search:
    """Goes through every order of `events`, with up to `ticks` ticks anywhere between them."""

    def __init__(self, world: dict[str, Any], events: list[dict[str, Any]], ticks: int, machine: Stepping = step) -> None:
        self.opened = opened(world)
        self.bound = longest_climb(self.opened.protocol)
        self.machine = machine
        self.events = [event_from(data) for data in events]
        self.ticks = ticks
        self.calls = 0

    def run(self) -> Explored:
        """Every order. Raises AssertionError with the order in which a law is broken."""
        start = Reached(json.dumps(self.opened.to_dict()))
        layer, ways = {start.key(): start}, {start.key(): 1}
        states, orders = 0, 0
        while layer:
            states += len(layer)
            following: dict[bytes, Reached] = {}
            ways_on: dict[bytes, int] = {}
            for key, reached in layer.items():
                further = [(each.key(), each) for each in self._everything_after(reached)]
                orders += 0 if further else ways[key]
                for to, each in further:
                    following.setdefault(to, each)
                    ways_on[to] = ways_on.get(to, 0) + ways[key]
            layer, ways = following, ways_on
        return Explored(orders, states, self.calls)

    def _everything_after(self, reached: Reached) -> Iterator[Reached]:
        """Everything that can come next, at every instant. What came before and comes again does nothing, at any instant."""
        run = RunState.from_dict(json.loads(reached.saved))
        assert json.dumps(run.to_dict()) == reached.saved, f"what is read is not what was saved after {reached.way}"
        for event in self.events:
            for at in instants(run, event.type):
                if event.id not in run.applied:
                    yield self._call(reached, run, event, at)
                else:
                    again = self.machine(run, event, at)
                    assert again == (run, (Audit("duplicate_event", event.id),)), f"{event.id} counts twice after {reached.way}"
        if reached.ticks < self.ticks:
            for at in instants(run, "tick"):
                tick = event_from({"type": "tick", "gen": run.generation})
                yield self._call(evolve(reached, ticks=reached.ticks + 1), run, tick, at)

    def _call(self, reached: Reached, before: RunState, event: Event, at: datetime) -> Reached:
        self.calls += 1
        after, effects = self.machine(before, event, at)
        moment = Moment(
            before=before, event=event, after=after, effects=effects, opened=self.opened, bound=self.bound,
            late=reached.late + lateness(before, after), ever_held=reached.ever_held or "held" in (before.status, after.status),
            debriefs=reached.debriefs, sent_before=frozenset(before.messages),
        )  # fmt: skip
        way = (*reached.way, f"{at:%H:%M} {event.id or 'tick'}")
        wrong, _ = judge(moment)
        assert not wrong, f"{wrong} after {way}"
        debriefs = reached.debriefs + sum(1 for each in effects if isinstance(each, Obligation) and each.kind == "debrief")
        return Reached(moment.saved, tuple(after.applied), moment.late, moment.ever_held, debriefs, reached.ticks, way)
