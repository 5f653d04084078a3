"""What must never happen in a run: it does not with the real machine, and each check finds the machine in which it does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings

from recoverycore.escalation import Event, RunState, Send, Timer, step, verify
from recoverycore.escalation.effects import Effect
from recoverycore.testing.clinic import CHECKS, Carrier, Habit, simulate
from tests.escalation.verification.worlds import FROM, HORIZON, PROVIDERS, World, worlds
from tests.testing.clinic.night_call import CARRIERS, HABITS, MONDAY, facts, protocol

if TYPE_CHECKING:
    from recoverycore.testing.escalation.moments import Stepping

Result = tuple[RunState, tuple[Effect, ...]]
MINUTE = timedelta(minutes=1)
ASSUMED = (
    (Habit(answers=0.0, declines=1.0),),
    (Habit(answers=0.3, declines=0.3, keeps=0.5),),
    (Habit(channel="app", answers=0.1), Habit(answers=0.5, declines=0.5)),
)
FAILING = Carrier(id="one", channels=("app", "sms"), fails=0.4, down=0.2)


def kept(world: World, habits: tuple[Habit, ...], seed: int) -> None:
    """No simulated run in this world takes longer than the verifier says."""
    found = verify(world.protocol, world.facts, horizon=HORIZON, providers=PROVIDERS)
    made = simulate(
        world.protocol, world.facts, start=FROM, lasting=timedelta(days=4), answers=habits, carriers=[FAILING], runs=4, seed=seed,
        follow=timedelta(hours=1),
    )  # fmt: skip
    assert found.bound is not None or not found.ok
    if found.bound is not None:
        assert made.ok
        assert made.longest is not None
        assert made.longest <= found.bound


@given(worlds, st.sampled_from(ASSUMED), st.integers(0, 99))
@settings(max_examples=60, deadline=None)
def test_no_simulated_run_exceeds_the_bound_of_the_verifier(world: World, habits: tuple[Habit, ...], seed: int) -> None:
    kept(world, habits, seed)


@pytest.mark.prove
@given(worlds, st.sampled_from(ASSUMED), st.integers(0, 99))
def test_very_many_simulated_worlds_keep_their_bounds(world: World, habits: tuple[Habit, ...], seed: int) -> None:
    kept(world, habits, seed)


# -- each check finds what it is there for ------------------------------------------------------------------------------
def without_a_timer(state: RunState, event: Event, now: datetime) -> Result:
    """After a stage was left nobody wakes the run any more."""
    made, effects = step(state, event, now)
    if made.stage and made.status == "open":
        return evolve(made, next_due=None), tuple(each for each in effects if not isinstance(each, Timer))
    return made, effects


def deaf(state: RunState, event: Event, now: datetime) -> Result:
    """An answer that comes after the first stage is not heard."""
    return (state, ()) if event.type == "ack" and state.stage else step(state, event, now)


def generous(state: RunState, event: Event, now: datetime) -> Result:
    """Whoever answers second holds it as well."""
    made, effects = step(state, event, now)
    second = event.type == "ack" and state.status == made.status == "held" and event.by not in made.holders
    return (evolve(made, holders=[*made.holders, event.by or ""]) if second else made), effects


def twice(state: RunState, event: Event, now: datetime) -> Result:
    """Whoever answers is written down twice."""
    made, effects = step(state, event, now)
    return (evolve(made, holders=made.holders * 2) if event.type == "ack" and len(made.holders) == 1 else made), effects


def hasty(state: RunState, event: Event, now: datetime) -> Result:
    """Every stage has two minutes less than the protocol says."""
    made, effects = step(state, event, now)
    fresh = {name for name, each in made.entries.items() if each.entered == now and each.deadline and name in made.current}
    if not fresh or made.next_due is None or event.type == "note":
        return made, effects
    entries = {name: evolve(each, deadline=each.deadline - 2 * MINUTE) if name in fresh and each.deadline else each
               for name, each in made.entries.items()}  # fmt: skip
    due = max(now, min(each.deadline for name in fresh if (each := entries[name]).deadline))
    moved = tuple(Timer(due, each.gen) if isinstance(each, Timer) else each for each in effects)
    return evolve(made, entries=entries, next_due=due), moved


def forever(state: RunState, event: Event, now: datetime) -> Result:
    """What is over still sends."""
    made, effects = step(state, event, now)
    more = Send("S/1/taken/noor/sms/9", "taken", "C0", "taken", 1, "noor", "sms", 9)
    return made, (*effects, more) if state.status == "stood_down" and event.type != "close" else effects


def risen(state: RunState, event: Event, now: datetime) -> Result:
    """What is closed opens again when somebody answers late."""
    made, effects = step(state, event, now)
    return (evolve(made, status="open") if state.status == "stood_down" and event.type == "ack" else made), effects


FAULTS: list[tuple[str, Stepping]] = [
    ("lost", without_a_timer), ("lost", deaf), ("two_owners", generous), ("two_owners", twice), ("early_step", hasty),
    ("act_after_the_end", forever), ("act_after_the_end", risen),
]  # fmt: skip


@pytest.mark.parametrize(("check", "machine"), FAULTS, ids=[machine.__name__ for _, machine in FAULTS])
def test_a_check_finds_the_machine_that_it_is_there_for(check: str, machine: Stepping) -> None:
    slow = (Habit(answers=0.6, half_within=20 * MINUTE, most_within=90 * MINUTE),)
    found = simulate(protocol(), facts(), start=MONDAY, answers=slow, runs=60, seed=5, machine=machine)
    assert found.breaches[check]
    number = next(each.run for each in found.broken if each.check == check)
    again = simulate(protocol(), facts(), start=MONDAY, answers=slow, runs=1, first=number, seed=5, machine=machine)
    assert again.breaches[check]
    assert not again.ok


def test_every_check_has_a_machine_that_it_finds() -> None:
    assert {check for check, _ in FAULTS} == set(CHECKS)


# -- a million runs -----------------------------------------------------------------------------------------------------
PARTS = 4
"""Each part is a test of its own, so that two processes share them."""


@pytest.mark.prove
@pytest.mark.parametrize("part", range(PARTS))
def test_a_million_runs_lose_nobody(part: int, request: pytest.FixtureRequest, record_property: pytest.RecordProperty) -> None:
    runs = (1_000_000 if settings().max_examples > 10_000 else 10_000) // PARTS
    seed = int(request.config.getoption("--hypothesis-seed") or 1)
    bound = verify(protocol(), facts(), horizon=(MONDAY, MONDAY + timedelta(days=14))).bound
    found = simulate(protocol(), facts(), start=MONDAY, answers=HABITS, carriers=CARRIERS, runs=runs, first=part * runs, seed=seed)
    assert found.ok, found.explain()
    assert bound is not None
    assert found.longest is not None
    assert found.longest <= bound
    record_property("proved", f"{found.runs:,} simulated runs from {found.first:,} on, {found.calls:,} events, seed {seed}: 0 lost, "
                    "0 with two owners, 0 steps early, 0 acts after the end")  # fmt: skip
