"""`EscalationMachine` plays a run with a store and a deliverer of somebody's own, and finds the one that does not keep its word."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from attrs import evolve
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from recoverycore.escalation import RunState, Send, event_from, open_run, step
from recoverycore.testing.escalation import strategies
from recoverycore.testing.escalation.stateful import EscalationMachine
from tests.testing.clinic.night_call import MONDAY, facts, protocol

FEW = settings(max_examples=6, stateful_step_count=15, deadline=None, database=None)


class NightCall(EscalationMachine):
    """A store that writes JSON, and a deliverer that delivers."""

    protocol = protocol()
    facts = facts()
    start = MONDAY

    def kept(self, state: RunState) -> RunState:
        return RunState.from_dict(json.loads(json.dumps(state.to_dict())))

    def delivered(self, sent: Send) -> str | None:
        return "delivered" if sent.channel == "voice" else "failed_permanent"


class Forgetful(NightCall):
    """A store that forgets which events it has seen."""

    def kept(self, state: RunState) -> RunState:
        return evolve(state, applied=[])


class Unranked(NightCall):
    """A store that keeps the first receipt."""

    def kept(self, state: RunState) -> RunState:
        return evolve(state, messages={key: each.with_status("queued") for key, each in state.messages.items()})


def test_a_store_and_a_deliverer_that_keep_their_word_break_no_law() -> None:
    run_state_machine_as_test(NightCall, settings=FEW)


@pytest.mark.parametrize("broken", [Forgetful, Unranked])
def test_a_store_that_loses_something_is_found(broken: type[EscalationMachine]) -> None:
    with pytest.raises(AssertionError, match="broken by"):
        run_state_machine_as_test(broken, settings=settings(FEW, max_examples=40, phases=[Phase.generate]))


def test_what_a_deliverer_says_comes_back_as_a_receipt() -> None:
    seen: Counter[str] = Counter()

    class Counting(NightCall):
        def delivered(self, sent: Send) -> str | None:
            seen[sent.kind] += 1
            return super().delivered(sent)

    run_state_machine_as_test(Counting, settings=FEW)
    assert seen["ask"]


@given(st.data())
@settings(max_examples=20, deadline=None)
def test_a_stream_of_events_is_one_that_the_machine_takes(data: st.DataObject) -> None:
    stream: list[tuple[dict[str, Any], Any]] = data.draw(strategies.event_streams(protocol(), facts(), MONDAY))
    state = open_run("R", protocol(), facts())
    for each, at in stream:
        state, _ = step(state, event_from(each), at)
    assert state.status != "new"
    assert [at for _, at in stream] == sorted(at for _, at in stream)
