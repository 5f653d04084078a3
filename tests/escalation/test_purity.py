"""The step is a function: it changes nothing it was given, and the same question has the same answer."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given, settings

from recoverycore.errors import InstantError
from recoverycore.escalation import Event, RunState, Send, event_from, open_run, step
from recoverycore.testing.escalation.laws import RANKS
from tests.escalation.world import EVERYBODY, MINUTE, ROSTERS, START, facts, fresh, protocol, team

KEYS = [
    f"R/1/{name}/{target}/{channel}/1"
    for name, target, channel in (("peers", "ana", "app"), ("peers", "ben", "app"), ("manager", "cara", "app"))
]
people = st.sampled_from(EVERYBODY)
some_events = st.one_of(
    st.builds(lambda by, named: {"type": "ack", "by": by, "named_human": named}, people, st.booleans()),
    st.builds(lambda kind, by: {"type": kind, "by": by}, st.sampled_from(["decline", "un_ack", "accompany_start", "contact_made"]), people),
    st.builds(lambda by, to: {"type": "hand_over", "by": by, "to": to}, people, people),
    st.builds(lambda by: {"type": "hand_over_confirm", "by": by}, people),
    st.builds(lambda by: {"type": "accompany_end", "by": by, "basis": "in_care"}, people),
    st.builds(lambda key, status: {"type": "receipt", "key": key, "status": status}, st.sampled_from(KEYS), st.sampled_from(RANKS)),
    st.builds(lambda level, by: {"type": "set_level", "level": level, "by": by, "reason": "r"}, st.integers(0, 4), people),
    st.builds(lambda kind: {"type": "roster_change", "team": team(kind)}, st.sampled_from(ROSTERS)),
    st.builds(lambda who, may: {"type": "consent_change", "consent": {who: {"contact": may}}}, people, st.sampled_from(["permit", "deny"])),
    st.builds(lambda who: {"type": "consent_change", "safety": {"never_contact": [who]}}, people),
    st.builds(lambda whom: {"type": "break_glass", "by": "sue", "target": whom, "reason": "r", "until": "2026-03-11T00:00:00Z"}, people),
    st.builds(lambda by: {"type": "stand_down", "by": by, "reason": "r"}, st.sampled_from(["sue", "ana"])),
    st.sampled_from([{"type": "escalate"}, {"type": "note"}, {"type": "tick"}, {"type": "close", "by": "sue"}]),
    st.just({"type": "debrief_done", "by": "sue", "outcome": "done"}),
)  # fmt: skip
runs = st.lists(st.tuples(some_events, st.sampled_from([0, 1, 120, 300, 900])), max_size=14)


def reached(events: list[tuple[dict[str, Any], int]]) -> list[tuple[RunState, Event, datetime]]:
    """Every state on the way, each with the event that meets it and when."""
    now, state, met = START, fresh(), []
    for number, (data, later) in enumerate([({"type": "trigger", "kind": "code_word"}, 0), *events]):
        now += timedelta(seconds=later)
        event = event_from(data if data["type"] == "tick" else {**data, "id": f"e{number}"})
        met.append((state, event, now))
        state, _ = step(state, event, now)
    return [*met, (state, event_from({"type": "tick"}), now)]


@given(runs)
@settings(max_examples=60, deadline=None)
def test_a_step_never_changes_the_state_it_was_given(events: list[tuple[dict[str, Any], int]]) -> None:
    for state, event, now in reached(events):
        before = copy.deepcopy(state)
        step(state, event, now)
        assert state == before


@given(runs)
@settings(max_examples=60, deadline=None)
def test_what_comes_out_of_a_step_shares_nothing_that_the_next_one_changes(events: list[tuple[dict[str, Any], int]]) -> None:
    states = [state for state, _, _ in reached(events)]
    as_they_were = [state.to_dict() for state in states]
    step(states[-1], event_from({"type": "set_level", "id": "last", "level": 4}), START + 60 * MINUTE)
    assert [state.to_dict() for state in states] == as_they_were


@given(runs)
@settings(max_examples=60, deadline=None)
def test_the_same_state_and_event_give_the_same_effects(events: list[tuple[dict[str, Any], int]]) -> None:
    for state, event, now in reached(events):
        assert step(state, event, now) == step(copy.deepcopy(state), event_from(event.to_data()), now)


@given(runs)
@settings(max_examples=60, deadline=None)
def test_every_state_survives_json_and_goes_on_as_if_nothing_had_happened(events: list[tuple[dict[str, Any], int]]) -> None:
    for state, event, now in reached(events):
        again = RunState.from_dict(json.loads(json.dumps(state.to_dict())))
        assert again == state
        assert step(again, event, now) == step(state, event, now)


def test_nobody_can_change_a_run_before_or_after_a_step() -> None:
    before = fresh()
    after, _ = step(before, event_from({"type": "trigger", "id": "e0", "kind": "code_word"}), START)
    for state in (before, after):
        assert type(state) is RunState
        with pytest.raises(FrozenInstanceError):
            state.level = 0  # type: ignore[misc]  # what is refused
        with pytest.raises(FrozenInstanceError):
            del state.level
    with pytest.raises(FrozenInstanceError):
        after.messages[KEYS[0]].status = "answered"  # type: ignore[misc]  # as above


@pytest.mark.parametrize("kind", ["tick", "note"])
def test_an_instant_without_an_offset_is_refused_by_name(kind: str) -> None:
    data = {"type": kind} if kind == "tick" else {"type": kind, "id": "e1"}
    with pytest.raises(InstantError) as caught:
        step(fresh(), event_from(data), datetime(2026, 3, 10, 15))  # noqa: DTZ001 - this is what is refused
    assert caught.value.name == "naive_time"
    assert caught.value.code == "RC1003"


def test_a_stale_tick_and_a_repeated_event_need_an_offset_too() -> None:
    state, _ = step(fresh(), event_from({"type": "note", "id": "e1"}), START)
    for data in ({"type": "tick", "gen": 7}, {"type": "note", "id": "e1"}):
        with pytest.raises(InstantError):
            step(state, event_from(data), datetime(2026, 3, 10, 15))  # noqa: DTZ001 - this is what is refused


@pytest.mark.parametrize("zone", [timezone(timedelta(hours=5, minutes=45)), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")])
def test_the_zone_in_which_an_instant_is_written_changes_nothing(zone: Any) -> None:
    trigger = event_from({"type": "trigger", "id": "e0", "kind": "code_word"})
    assert step(fresh(), trigger, START.astimezone(zone)) == step(fresh(), trigger, START)


def test_a_deadline_does_not_stretch_over_a_clock_change() -> None:
    before_the_jump = datetime(2026, 3, 8, 1, 58, tzinfo=ZoneInfo("America/New_York"))
    state, _ = step(
        fresh(origin=before_the_jump.astimezone(UTC)), event_from({"type": "trigger", "id": "e0", "kind": "code_word"}), before_the_jump
    )
    assert state.entries["peers"].deadline == datetime(2026, 3, 8, 7, 3, tzinfo=UTC)


def test_what_the_host_edits_in_place_after_the_run_was_opened_does_not_reach_the_run() -> None:
    given, written = facts(), protocol()
    run = open_run("R", written, given)
    as_it_was = run.to_dict()
    given.contacts.clear()
    given.directory.clear()
    given.team.persons.clear()
    given.consent.clear()
    given.safety.unsafe_channels["kit"] = ("sms",)
    assert run.to_dict() == as_it_was


def held_run() -> tuple[RunState, list[str]]:
    state, _ = step(fresh(quorum="all"), event_from({"type": "trigger", "id": "e0", "kind": "code_word"}), START)
    state, _ = step(state, event_from({"type": "ack", "id": "e1", "by": "cara"}), START + MINUTE)
    return state, list(state.messages)


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(RANKS), st.booleans()), max_size=5), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_receipts_and_their_repetition_do_not_matter(receipts: list[tuple[int, str, bool]], random: Any) -> None:
    """On channels without a fallback: a failure that is told first may send one message more, and changes no status."""

    def told(order: list[tuple[int, str, bool]]) -> dict[str, str]:
        state, keys = held_run()
        for number, (which, status, human) in enumerate(order):
            data = {"type": "receipt", "id": f"r{number}", "key": keys[which], "status": status, "human": human}
            state, _ = step(state, event_from(data), START + MINUTE)
        return {key: state.messages[key].status for key in keys}

    other = [*receipts, *receipts[:1]]
    random.shuffle(other)
    assert told(receipts) == told(other)


def test_an_answer_that_no_human_gave_counts_as_seen() -> None:
    state, keys = held_run()
    state, _ = step(state, event_from({"type": "receipt", "id": "r", "key": keys[0], "status": "answered"}), START + MINUTE)
    assert state.messages[keys[0]].status == "seen"
    assert state.holders == ["cara"]


def test_a_key_is_made_of_what_the_message_is() -> None:
    _, effects = step(fresh(), event_from({"type": "trigger", "id": "e0", "kind": "code_word"}), START)
    assert [each.key for each in effects if isinstance(each, Send)] == KEYS[:2]


@pytest.mark.parametrize(("first", "second"), [("delivered", "failed_permanent"), ("failed_permanent", "delivered")])
def test_a_failure_after_or_before_a_delivery_is_joined_to_the_same_status(first: str, second: str) -> None:
    state, _ = step(fresh(), event_from({"type": "trigger", "id": "e0", "kind": "code_word"}), START)
    for number, status in enumerate((first, second)):
        state, _ = step(state, event_from({"type": "receipt", "id": f"r{number}", "key": KEYS[0], "status": status}), START)
    assert state.messages[KEYS[0]].status == "delivered"
