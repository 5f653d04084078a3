"""The step machine under every event, at every time, with crashes in between."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from recoverycore.escalation import Event, Obligation, RunState, Timer, event_from, step
from recoverycore.ground import parse_instant, utc_text
from tests.escalation.laws import OWN_WORDS, RANKS
from tests.escalation.watcher import Watcher
from tests.escalation.world import EVERYBODY, MINUTE, ROSTERS, STAFF, START, fresh, team

if TYPE_CHECKING:
    from recoverycore.escalation.effects import Effect

seconds = st.sampled_from([0, 0, 0, 1, 30, 119, 300, 1500])
anybody = st.sampled_from(EVERYBODY)
staff = st.sampled_from(STAFF)
LONG_ENOUGH = 10
"""So many events come before anybody ends a run: most of what can happen needs one that is not over."""
channels = st.lists(st.sampled_from(["app", "sms", "voice"]), max_size=2)
outsiders = st.sampled_from(["mobile", "kit", "client"])


class Run(RuleBasedStateMachine):
    """One run of the small world. Every rule is one event; each moment is judged by every law."""

    @initialize(
        rounds=st.integers(1, 2), late=st.integers(0, 5), quorum=st.sampled_from(["any", "all", {"k": 2}, {"roles": {"peer": 2}}]),
        quiet=st.booleans(), level=st.integers(0, 4), silent=st.booleans(),
    )  # fmt: skip
    def activate(self, *, rounds: int, late: int, quorum: Any, quiet: bool, level: int, silent: bool) -> None:
        self.settings = {"rounds": rounds, "late_catch_up": late, "quorum": quorum}
        self.quiet = quiet
        self.watcher = Watcher(fresh(quiet=quiet, **self.settings), timed_by_wall=quiet)
        self.now = START
        self.ids = 0
        self.feed("trigger", kind="code_word", level=level, silent=silent)

    @property
    def state(self) -> RunState:
        return self.watcher.state

    def feed(self, event: str, later: int = 0, /, **fields: Any) -> None:
        self.now += timedelta(seconds=later)
        self.ids += 1
        data = {"type": event, "id": f"e{self.ids}", **{name: value for name, value in fields.items() if value is not None}}
        self.judge(data, self.now)

    def judge(self, data: dict[str, Any], at: datetime) -> None:
        wrong = self.watcher.feed(data, at)
        assert not wrong, f"{wrong} after {data} at {at}"

    # -- time -------------------------------------------------------------------------------------------------------
    @precondition(lambda self: self.state.next_due is not None)
    @rule(late=st.sampled_from([0, 0, 0, 0, 0, 1, 59, 60, 7 * 60, 45 * 60]))
    def tick_when_due(self, late: int) -> None:
        assert self.state.next_due is not None
        self.now = max(self.now, self.state.next_due + timedelta(seconds=late))
        self.judge({"type": "tick", "gen": self.state.generation}, self.now)

    @rule(later=seconds, gen=st.booleans())
    def tick_at_any_time(self, *, later: int, gen: bool) -> None:
        self.now += timedelta(seconds=later)
        self.judge({"type": "tick", **({"gen": self.state.generation} if gen else {})}, self.now)

    @rule(off=st.sampled_from([-2, -1, 1]))
    def tick_of_another_generation(self, off: int) -> None:
        self.judge({"type": "tick", "gen": self.state.generation + off}, self.now)

    @rule(back=st.integers(1, 600))
    def clock_goes_back(self, back: int) -> None:
        self.judge({"type": "tick"}, self.now - timedelta(seconds=back))

    @rule()
    def crash_and_read_again(self) -> None:
        again = RunState.from_dict(json.loads(json.dumps(self.state.to_dict())))
        assert again == self.state
        self.watcher.state = again

    @rule()
    def deliver_the_last_event_again(self) -> None:
        data, at = next(((data, at) for data, at in reversed(self.watcher.fed) if "id" in data), self.watcher.fed[-1])
        self.judge(data, at)

    # -- people -----------------------------------------------------------------------------------------------------
    @rule(by=anybody, later=seconds, auto=st.booleans(), named_human=st.booleans())
    def ack_of_anybody(self, *, by: str, later: int, auto: bool, named_human: bool) -> None:
        self.feed("ack", later, by=by, auto=auto, named_human=named_human)

    @precondition(lambda self: self.state.messages)
    @rule(later=seconds, data=st.data())
    def ack_of_somebody_asked(self, *, later: int, data: st.DataObject) -> None:
        asked = sorted({each.target for each in self.state.messages.values()})
        self.feed("ack", later, by=data.draw(st.sampled_from(asked)), named_human=True)

    @rule(by=anybody, later=seconds)
    def decline(self, by: str, later: int) -> None:
        self.feed("decline", later, by=by)

    @rule(by=staff, later=seconds)
    def un_ack_of_anybody(self, *, by: str, later: int) -> None:
        self.feed("un_ack", later, by=by)

    @precondition(lambda self: self.state.holders)
    @rule(later=seconds, data=st.data())
    def un_ack(self, *, later: int, data: st.DataObject) -> None:
        self.feed("un_ack", later, by=data.draw(st.sampled_from(self.state.holders)))

    @precondition(lambda self: self.state.holders or self.state.accompanied_by)
    @rule(to=staff, data=st.data())
    def hand_over(self, *, to: str, data: st.DataObject) -> None:
        givers = [*self.state.holders, *([self.state.accompanied_by] if self.state.accompanied_by else [])]
        self.feed("hand_over", by=data.draw(st.sampled_from(givers)), to=to)

    @rule(by=staff)
    def hand_over_confirm_of_anybody(self, *, by: str) -> None:
        self.feed("hand_over_confirm", by=by)

    @precondition(lambda self: self.state.offer)
    @rule(later=seconds)
    def hand_over_confirm(self, *, later: int) -> None:
        assert self.state.offer is not None
        self.feed("hand_over_confirm", later, by=self.state.offer.to)

    @precondition(lambda self: self.state.holders)
    @rule(kind=st.sampled_from(["contact_made", "accompany_start"]), data=st.data())
    def holder_is_with_the_person(self, kind: str, data: st.DataObject) -> None:
        self.feed(kind, by=data.draw(st.sampled_from(self.state.holders)))

    @precondition(lambda self: self.state.accompanied_by)
    @rule(basis=st.sampled_from(["client_said_so", "emergency_service_present", "in_care", "tired"]), later=seconds, by=st.none() | staff)
    def accompany_end(self, basis: str, later: int, by: str | None) -> None:
        self.feed("accompany_end", later, by=by or self.state.accompanied_by, basis=basis)

    @rule(by=st.none() | anybody, to=st.none() | st.sampled_from(["manager", "outside", "end", "nowhere"]))
    def escalate(self, by: str | None, to: str | None) -> None:
        self.feed("escalate", by=by, to=to)

    @rule(level=st.integers(0, 4), by=st.none() | anybody, reason=st.sampled_from([None, " ", OWN_WORDS]))
    def set_level(self, level: int, by: str | None, reason: str | None) -> None:
        self.feed("set_level", level=level, by=by, reason=reason)

    @precondition(lambda self: self.ids > LONG_ENOUGH)
    @rule(by=st.sampled_from(["sue", "sue", "ana", None]), reason=st.sampled_from([None, OWN_WORDS, OWN_WORDS]), later=seconds)
    def stand_down(self, by: str | None, reason: str | None, later: int) -> None:
        self.feed("stand_down", later, by=by, reason=reason)

    @precondition(lambda self: self.state.status in ("stood_down", "closed"))
    @rule(kind=st.sampled_from(["debrief_done", "close"]), by=st.sampled_from(["sue", "kit"]))
    def finish(self, kind: str, by: str) -> None:
        self.feed(kind, by=by, outcome="done" if kind == "debrief_done" else None)

    @rule(whom=outsiders, minutes=st.integers(-1, 30), by=st.sampled_from(["sue", "sue", "ana"]))
    def break_glass(self, whom: str, minutes: int, by: str) -> None:
        self.feed("break_glass", by=by, target=whom, reason=OWN_WORDS, until=utc_text(self.now + minutes * MINUTE))

    @rule(level=st.integers(0, 4), silent=st.booleans(), kind=st.sampled_from(["code_word", "other"]))
    def trigger_again(self, *, level: int, silent: bool, kind: str) -> None:
        self.feed("trigger", kind=kind, level=level, silent=silent)

    # -- facts ------------------------------------------------------------------------------------------------------
    @precondition(lambda self: self.state.messages)
    @rule(data=st.data(), status=st.sampled_from(RANKS), human=st.booleans())
    def receipt(self, *, data: st.DataObject, status: str, human: bool) -> None:
        self.feed("receipt", key=data.draw(st.sampled_from(sorted(self.state.messages))), status=status, human=human)

    @rule(whom=outsiders, contact=st.sampled_from(["permit", "deny", "unknown"]), most=st.sampled_from(["C0", "C1", "C2"]))
    def consent(self, whom: str, contact: str, most: str) -> None:
        self.feed("consent_change", consent={whom: {"contact": contact, "max_class": most}})

    @rule(
        never=st.lists(st.sampled_from(EVERYBODY), max_size=2), unsafe=channels, safe=channels, dv=st.booleans(), no_contact=st.booleans()
    )
    def safety(self, *, never: list[str], unsafe: list[str], safe: list[str], dv: bool, no_contact: bool) -> None:
        channels = {"unsafe_channels": {"kit": unsafe, "client": unsafe}, "safe_channels": {"kit": safe}}
        self.feed("consent_change", safety={"never_contact": never, "dv": dv, "no_contact": no_contact, **channels})

    @rule(kind=st.sampled_from(("full", "full", *ROSTERS)), later=seconds)
    def roster(self, kind: str, later: int) -> None:
        self.feed("roster_change", later, team=team(kind, quiet=self.quiet))

    # -- the whole run ----------------------------------------------------------------------------------------------
    def teardown(self) -> None:
        """The same events some days later give the same effects some days later, unless a wall time was in play."""
        if not hasattr(self, "watcher") or self.quiet:
            return
        delta = timedelta(days=3, hours=5, seconds=7)
        state = fresh(origin=START + delta, **self.settings)
        for (data, at), effects in zip(self.watcher.fed, self.watcher.effects, strict=True):
            state, later = step(state, shifted(data, delta), at + delta)
            assert [moved(each, -delta) for each in later] == list(effects)


def shifted(data: dict[str, Any], delta: timedelta) -> Event:
    """The event of `data`, with every instant in it moved."""
    again = json.loads(json.dumps(data))
    if "until" in again:
        again["until"] = utc_text(parse_instant(again["until"]) + delta)
    for shift in again.get("team", {}).get("shifts", ()):
        shift.update({name: utc_text(parse_instant(shift[name]) + delta) for name in ("from", "to")})
    return event_from(again)


def moved(effect: Effect, delta: timedelta) -> Effect:
    match effect:
        case Timer(due=due, gen=gen):
            return Timer(due + delta, gen)
        case Obligation(kind=kind, owner=owner, due=due):
            return Obligation(kind, owner, due + delta)
        case _:
            return effect


Run.TestCase.settings = settings(
    max_examples=120, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
TestEveryRunKeepsTheLaws = Run.TestCase
