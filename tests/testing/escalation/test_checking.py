"""`escalation_laws`: the machine keeps every law in drawn runs of any protocol, and what a broken one breaks is told as a small story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings

from recoverycore.escalation import step
from recoverycore.testing.escalation import escalation_laws, strategies
from recoverycore.testing.escalation.checking import World
from recoverycore.testing.escalation.faults import deaf, drop, is_debrief, seeing
from recoverycore.testing.escalation.moments import OWN_WORDS
from tests.escalation import world
from tests.testing.clinic.night_call import MONDAY, facts, protocol

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.escalation import Event, Protocol, RunFacts, RunState
    from recoverycore.testing.escalation.moments import Effects


def test_the_machine_keeps_the_laws_with_a_weekly_roster() -> None:
    assert escalation_laws(protocol(), facts(), start=MONDAY, runs=12) == []


def test_the_machine_keeps_the_laws_where_the_same_run_is_played_some_days_later_too() -> None:
    opened = World(world.protocol(rounds=2), world.facts(), world.START)
    assert opened.later is not None
    assert opened.bound is not None
    assert escalation_laws(world.protocol(rounds=2), world.facts(), start=world.START, runs=8, seed=3) == []


def test_a_wall_time_does_not_move_along_with_a_run() -> None:
    assert World(protocol(), facts(), MONDAY).later is None


def test_quiet_hours_leave_the_bound_open() -> None:
    assert World(world.protocol(quiet=True), world.facts(quiet=True), world.START).bound is None


@given(strategies.protocols(), strategies.run_facts())
@settings(max_examples=15, deadline=None)
def test_the_machine_keeps_the_laws_under_any_protocol(written: Protocol, people: RunFacts) -> None:
    assert escalation_laws(written, people, start=strategies.FROM, runs=1) == []


@pytest.mark.prove
@given(strategies.protocols(), strategies.run_facts())
@settings(max_examples=max(1, settings().max_examples // 25))
def test_the_machine_keeps_the_laws_under_very_many_protocols(written: Protocol, people: RunFacts) -> None:
    assert escalation_laws(written, people, start=strategies.FROM, runs=1) == []


def test_what_breaks_a_law_is_told_as_the_smallest_story() -> None:
    found = escalation_laws(protocol(), facts(), start=MONDAY, runs=8, seed=2, machine=drop(is_debrief))
    assert [each.law for each in found] == ["each_stand_down_owes_one_debrief"]
    told = str(found[0])
    assert told.startswith("BROKEN: Each stand-down owes one debrief, where the protocol has one.\nSmallest story (seed 2, run ")
    assert [data["type"] for data, _ in found[0].story] == ["trigger", "stand_down"]
    assert "stand down by noor" in told
    assert OWN_WORDS not in told


def test_nothing_can_be_left_out_of_the_smallest_story() -> None:
    [found] = escalation_laws(protocol(), facts(), start=MONDAY, runs=8, machine=deaf)
    again = World(protocol(), facts(), MONDAY, deaf)
    assert again.breaks(found.law, found.story)
    for place in range(len(found.story)):
        assert not again.breaks(found.law, found.story[:place] + found.story[place + 1 :])


def test_an_event_that_comes_once_more_is_told_as_such() -> None:
    found = escalation_laws(protocol(), facts(), start=MONDAY, runs=8, machine=seeing(applied=[]))
    assert "once more" in str(found[0])


def test_the_same_seed_finds_the_same() -> None:
    one, other = (escalation_laws(protocol(), facts(), start=MONDAY, runs=4, seed=5, machine=drop(is_debrief)) for _ in range(2))
    assert one == other


def test_an_instant_that_went_back_is_told_as_before() -> None:
    def backwards(state: RunState, event: Event, now: datetime) -> tuple[RunState, Effects]:
        made, effects = step(state, event, now)
        return evolve(made, generation=made.generation + 1), effects

    assert all(str(each) for each in escalation_laws(protocol(), facts(), start=MONDAY, runs=1, machine=backwards))
