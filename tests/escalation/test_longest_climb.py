"""Nobody ever acks: whatever else happens, the terminal step is shown no later than the longest path through the protocol takes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from recoverycore.escalation import Protocol, RunFacts, RunState, event_from, open_run, step
from tests.escalation.bound import longest_climb
from tests.escalation.watcher import lateness
from tests.escalation.world import MINUTE, START, facts, team

TARGETS = [{"role": "peer"}, {"role": "case_manager"}, {"person": "dev"}, {"contact": "kit"}, {"service": "mobile"}, {"client": True}]
END = {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False}
QUORUMS = ["any", "any", "all", "none", {"k": 2}, {"roles": {"peer": 1}}]
REASONS = ["timeout", "declined", "unreachable", "no_recipient", "consent_blocked"]
QUIET = {"dev": 120 * MINUTE}

reasons = st.none() | st.lists(st.sampled_from(REASONS), min_size=1, max_size=2)
steps = st.fixed_dictionaries({
    "targets": st.lists(st.sampled_from(TARGETS), min_size=1, max_size=2),
    "ack_within": st.integers(1, 9).map(lambda minutes: f"PT{minutes}M"),
    "from": st.sampled_from(["previous", "previous", "activation"]),
    "quorum": st.sampled_from(QUORUMS),
    "group": st.sampled_from([None, None, "g", "h"]),
    "jump": st.lists(st.fixed_dictionaries({"on": reasons, "to": st.integers(0, 4)}), max_size=1),
})  # fmt: skip
happenings = st.one_of(
    st.builds(lambda by: {"type": "decline", "by": by}, st.sampled_from(["ana", "ben", "cara", "dev"])),
    st.builds(lambda kind: {"type": "roster_change", "team": team(kind, quiet=True)}, st.sampled_from(["full", "no peers", "empty"])),
    st.builds(lambda who, may: {"type": "consent_change", "consent": {who: {"contact": may}}},
              st.sampled_from(["kit", "mobile"]), st.sampled_from(["permit", "deny"])),
    st.builds(lambda who: {"type": "consent_change", "safety": {"never_contact": [who]}}, st.sampled_from(["ana", "dev", "kit"])),
    st.just({"type": "receipt", "status": "failed_permanent"}),
    st.just({"type": "note", "by": "sue"}),
)  # fmt: skip


def protocol(level: int, rounds: int, late_catch_up: int, written: list[dict[str, Any]]) -> Protocol:
    """A protocol of these steps; a jump to a number leads to the step of that number, or to the end."""
    names = [*(f"s{number}" for number in range(len(written))), *["end"] * 5]
    made = [
        {**each, "id": names[number], "jump": [{**rule, "to": names[rule["to"]]} for rule in each["jump"]]}
        for number, each in enumerate(written)
    ]
    return Protocol.model_validate({
        "id": "p", "level": level, "zone": "America/New_York", "triggers": ["t"], "channels": ["app", "sms"], "rounds": rounds,
        "hold_roles": ["peer", "case_manager", "clinician", "service"], "stand_down_roles": ["supervisor"], "owner_role": "lead",
        "late_catch_up": late_catch_up, "contact_within": "PT5M", "exhausted": {"alarm_roles": ["supervisor"]},
        "debrief": {"owner_role": "lead", "due": {"after": "P1D"}}, "steps": [*made, END],
    })  # fmt: skip


protocols = st.builds(protocol, st.integers(0, 4), st.integers(1, 3), st.sampled_from([0, 3, 5]), st.lists(steps, min_size=1, max_size=4))


def climb(written: Protocol, given: RunFacts, events: list[tuple[dict[str, Any], int]], late: list[int]) -> tuple[timedelta, timedelta]:
    """How long the climb took, and by how much its ticks came late altogether."""
    run, _ = step(open_run("R", written, given), event_from({"type": "trigger", "id": "t", "kind": "t"}), START)
    waiting = [(START + timedelta(seconds=after), number, data) for number, (data, after) in enumerate(events)]
    waiting.sort(key=lambda each: each[:2])
    lateness_so_far, ticks = timedelta(), 0
    while run.status == "open":
        assert run.next_due is not None
        due = run.next_due + timedelta(seconds=late[ticks % len(late)])
        if waiting and waiting[0][0] <= due:
            at, number, data = waiting.pop(0)
            event = {**data, "id": f"e{number}", **({"key": next(reversed(run.messages), "none")} if data["type"] == "receipt" else {})}
        else:
            at, event, ticks = due, {"type": "tick", "gen": run.generation}, ticks + 1
        before = run
        run, _ = step(run, event_from(event), at)
        lateness_so_far += lateness(before, run)
    assert run.status == "exhausted"
    return _last(run) - START, lateness_so_far


def _last(run: RunState) -> datetime:
    assert run.last is not None
    return run.last


climbs = st.tuples(
    protocols, st.just(facts(quiet=True)), st.lists(st.tuples(happenings, st.integers(0, 2400)), max_size=6),
    st.lists(st.sampled_from([0, 0, 1, 90, 400, 2000]), min_size=1, max_size=4),
)  # fmt: skip
Climb = tuple[Protocol, RunFacts, list[tuple[dict[str, Any], int]], list[int]]


@given(climbs)
@settings(max_examples=100, deadline=None)
def test_the_climb_is_over_by_its_bound_and_each_late_wake_up_adds_at_most_its_lateness(drawn: Climb) -> None:
    took, late = climb(*drawn)
    assert took <= longest_climb(drawn[0], QUIET) + late


@pytest.mark.prove
@given(climbs)
def test_very_many_climbs_are_over_by_their_bounds(drawn: Climb) -> None:
    took, late = climb(*drawn)
    assert took <= longest_climb(drawn[0], QUIET) + late


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["ana", "cara", "sue"])), min_size=1, max_size=4),
    st.integers(1, 3),
    st.integers(0, 4),
)
@example([(5, "ana")], 2, 3)
@settings(max_examples=40, deadline=None)
def test_where_everybody_is_reached_and_silent_the_climb_takes_all_of_its_bound(
    asked: list[tuple[int, str]], rounds: int, level: int
) -> None:
    written = [
        {"targets": [{"person": who}], "ack_within": f"PT{minutes}M", "jump": [], "quorum": "any"} for minutes, who in asked
    ]  # fmt: skip
    one_by_one = protocol(level, rounds, 3, written).evolve(hold_roles=("peer", "case_manager", "supervisor"))
    took, _ = climb(one_by_one, RunFacts.model_validate({"team": {**team(), "shifts": []}}), [], [0])
    assert took == longest_climb(one_by_one) == rounds * sum(minutes for minutes, _ in asked) * MINUTE


def test_the_bound_of_a_protocol_with_jumps_groups_and_a_pause_is_the_longest_of_its_paths() -> None:
    def asks(minutes: int, **more: Any) -> dict[str, Any]:
        return {"targets": [{"role": "peer"}], "ack_within": f"PT{minutes}M", "jump": [], **more}

    assert longest_climb(protocol(3, 1, 3, [asks(5), asks(7, **{"from": "activation"})])) == 7 * MINUTE
    assert longest_climb(protocol(3, 1, 3, [asks(5, group="g"), asks(7, group="g"), asks(2)])) == 9 * MINUTE
    assert longest_climb(protocol(3, 2, 3, [asks(5, quorum="none"), asks(1)])) == 12 * MINUTE
    assert longest_climb(protocol(3, 2, 3, [asks(5, jump=[{"on": ["declined"], "to": 4}]), asks(1)])) == 12 * MINUTE
    assert longest_climb(protocol(3, 1, 3, [asks(5), asks(3, jump=[{"to": 0}])])) == 8 * MINUTE
    assert longest_climb(protocol(3, 1, 3, [{**asks(5), "targets": [{"person": "dev"}]}]), QUIET) == 125 * MINUTE
