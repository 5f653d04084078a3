"""The step machine under every event, at every time, late, twice, out of order, with crashes in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from recoverycore.escalation import event_from, step
from recoverycore.ground import utc_text
from recoverycore.testing.escalation.laws import LAWS, OWN_WORDS, RANKS
from tests.escalation.watcher import SOME_DAYS, Watcher, saved_and_read
from tests.escalation.world import EVERYBODY, MINUTE, QUIET, ROSTERS, STAFF, START, fresh, team

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.escalation import RunState

seconds = st.sampled_from([0, 0, 0, 1, 30, 119, 300, 1500])
anybody = st.sampled_from(EVERYBODY)
staff = st.sampled_from(STAFF)
WELL_ON_ITS_WAY: list[tuple[str, dict[str, Any]]] = [
    ("ack", {"by": "ana"}),
    ("ack", {"by": "ben"}),
    ("accompany_start", {"by": "ana"}),
    ("accompany_end", {"by": "ana", "basis": "client_said_so"}),
    ("stand_down", {"by": "sue", "reason": OWN_WORDS}),
    ("debrief_done", {"by": "sue", "outcome": "declined_by_client"}),
]
"""How far a run may have come when it is given to the rules: they rarely bring one so far in a few steps."""
LONG_ENOUGH = 10
"""So many events come before anybody ends a run: most of what can happen needs one that is not over."""
channels = st.lists(st.sampled_from(["app", "sms", "voice"]), max_size=2)
told_of = st.sampled_from(["mobile", "kit", "client", "ana", "sue"])
outsiders = st.sampled_from(["mobile", "kit", "kit", "client"])


class Run(RuleBasedStateMachine):
    """One run of the small world. Every rule is one event; each moment is judged by every law."""

    nights: tuple[bool, ...] = (False, True)
    """Whether somebody sleeps at night."""
    levels: tuple[int, ...] = (0, 1, 2, 3, 4)
    """The levels that a run may begin at."""

    @initialize(
        rounds=st.integers(1, 2), late=st.integers(0, 5), quorum=st.sampled_from(["any", "all", {"k": 2}, {"roles": {"peer": 2}}]),
        level=st.runner().flatmap(lambda run: st.sampled_from(run.levels)),
        quiet=st.runner().flatmap(lambda run: st.sampled_from(run.nights)),
        silent=st.booleans(), far=st.integers(0, len(WELL_ON_ITS_WAY)),
    )  # fmt: skip
    def activate(self, *, rounds: int, late: int, quorum: Any, quiet: bool, level: int, silent: bool, far: int) -> None:
        self.settings = {"rounds": rounds, "late_catch_up": late, "quorum": quorum}
        self.quiet = quiet
        later = None if quiet else fresh(origin=START + SOME_DAYS, **self.settings)  # a wall time does not move along with a run
        self.watcher = Watcher(fresh(quiet=quiet, **self.settings), days_later=later, quiet=QUIET if quiet else {})
        self.now = START
        self.ids = 0
        self.on_its_way: list[tuple[dict[str, Any], datetime]] = []
        self.feed("trigger", kind="code_word", level=level, silent=silent)
        for event, fields in WELL_ON_ITS_WAY[:far]:
            self.feed(event, **fields)

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

    def assert_nothing_was_left_undone(self) -> None:
        """A tick looks at the whole run, which a receipt that only marks its message does not."""
        assert self.state.last is not None
        assert step(self.state, event_from({"type": "tick"}), self.state.last) == (self.state, ())

    # -- time -------------------------------------------------------------------------------------------------------
    @precondition(lambda self: self.state.next_due is not None)
    @rule(late=st.sampled_from([0, 0, 0, 0, 1, 59, 60, 7 * 60, 15 * 60, 45 * 60]))
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
        again = saved_and_read(self.state)
        assert again == self.state
        self.watcher.state = again

    @rule()
    def deliver_the_last_event_again(self) -> None:
        data, at = next(((data, at) for data, at in reversed(self.watcher.fed) if "id" in data), self.watcher.fed[-1])
        self.judge(data, at)

    @rule(data=st.data())
    def deliver_an_earlier_event_again(self, data: st.DataObject) -> None:
        self.judge(*data.draw(st.sampled_from(self.watcher.fed)))

    @rule(kind=st.sampled_from(["ack", "ack", "decline", "un_ack"]), by=staff)
    def something_is_on_its_way(self, kind: str, by: str) -> None:
        self.ids += 1
        self.on_its_way.append(({"type": kind, "id": f"e{self.ids}", "by": by}, self.now))

    @precondition(lambda self: self.on_its_way)
    @rule(data=st.data(), stamped=st.booleans())
    def what_was_on_its_way_comes(self, *, data: st.DataObject, stamped: bool) -> None:
        """In any order, after what happened since; with the time it was given, or with the time at which it comes."""
        event, at = self.on_its_way.pop(data.draw(st.integers(0, len(self.on_its_way) - 1)))
        self.judge(event, at if stamped else self.now)

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

    @rule(level=st.sampled_from([0, 1, 2]))
    def sue_calms_it_down(self, level: int) -> None:
        self.feed("set_level", level=level, by="sue", reason=OWN_WORDS)

    @precondition(lambda self: self.ids > LONG_ENOUGH)
    @rule(by=st.sampled_from(["sue", "sue", "sue", "ana", None]), reason=st.sampled_from([None, OWN_WORDS, OWN_WORDS]), later=seconds)
    def stand_down(self, by: str | None, reason: str | None, later: int) -> None:
        self.feed("stand_down", later, by=by, reason=reason)

    @precondition(lambda self: self.state.status in ("stood_down", "closed"))
    @rule(kind=st.sampled_from(["debrief_done", "close"]), by=st.sampled_from(["sue", "sue", "kit"]))
    def finish(self, kind: str, by: str) -> None:
        more = {"outcome": "done", "actions": [{"owner": "ana", "due": utc_text(self.now + MINUTE)}]} if kind == "debrief_done" else {}
        self.feed(kind, by=by, **more)

    @precondition(lambda self: self.state.status == "stood_down" and not self.state.debrief_open)
    @rule()
    def sue_closes_it(self) -> None:
        self.feed("close", by="sue")

    @rule(whom=outsiders, minutes=st.sampled_from([-1, 0, 1, 5, 30]), by=st.sampled_from(["sue", "sue", "sue", "ana"]))
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
        self.assert_nothing_was_left_undone()

    @rule(whom=told_of, contact=st.sampled_from(["permit", "deny", "unknown"]), most=st.sampled_from(["C0", "C1", "C2"]))
    def consent(self, whom: str, contact: str, most: str) -> None:
        self.feed("consent_change", consent={whom: {"contact": contact, "max_class": most}})

    @rule(
        never=st.lists(st.sampled_from(EVERYBODY), max_size=2), unsafe=channels, safe=channels, dv=st.booleans(), no_contact=st.booleans()
    )
    def safety(self, *, never: list[str], unsafe: list[str], safe: list[str], dv: bool, no_contact: bool) -> None:
        channels = {"unsafe_channels": {"kit": unsafe, "client": unsafe}, "safe_channels": {"kit": safe}}
        self.feed("consent_change", safety={"never_contact": never, "dv": dv, "no_contact": no_contact, **channels})

    @precondition(lambda self: self.state.messages)
    @rule(times=st.integers(1, 3))
    def nothing_reaches_whoever_was_asked_last(self, times: int) -> None:
        for _ in range(times):
            self.feed("receipt", key=list(self.state.messages)[-1], status="failed_permanent")
            self.assert_nothing_was_left_undone()

    @precondition(lambda self: self.state.messages)
    @rule(data=st.data())
    def somebody_asked_must_not_be_contacted_any_more(self, data: st.DataObject) -> None:
        asked = sorted({each.target for each in self.state.messages.values()})
        self.feed("consent_change", safety={"never_contact": [data.draw(st.sampled_from(asked))]})

    @rule(kind=st.sampled_from(("full", "full", *ROSTERS)), later=seconds)
    def roster(self, kind: str, later: int) -> None:
        self.feed("roster_change", later, team=team(kind, quiet=self.quiet))


QUICK = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
Run.TestCase.settings = QUICK
TestEveryRunKeepsTheLaws = Run.TestCase


@pytest.mark.prove
@pytest.mark.parametrize("night", Run.nights)
@pytest.mark.parametrize("level", Run.levels)
def test_very_many_long_runs_keep_the_laws(level: int, night: object, record_property: Callable[[str, object], None]) -> None:
    part = type("Part", (Run,), {"levels": (level,), "nights": (night,)})
    runs = settings().max_examples // 100
    run_state_machine_as_test(part, settings=settings(QUICK, max_examples=runs, stateful_step_count=60, print_blob=True))
    record_property("proved", f"{runs} runs of up to 60 events keep {len(LAWS)} laws")
