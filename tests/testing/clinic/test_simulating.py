"""What a simulation answers: how long until a human, what it asks of whom; the same for the same seed, wherever it runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from recoverycore.errors import DocumentError, InstantError, NotFound
from recoverycore.escalation import Event, Protocol, RunState, step, verify
from recoverycore.testing.clinic import Habit, Simulation, simulate
from tests.testing.clinic.night_call import CARRIERS, HABITS, MONDAY, NIGHT, facts, protocol

MINUTE = timedelta(minutes=1)
NEVER = Habit(answers=0)
AT_ONCE = {"half_within": timedelta(seconds=20), "most_within": timedelta(seconds=30)}


def simulated(runs: int = 60, **more: Any) -> Simulation:
    given = {"start": MONDAY, "answers": HABITS, "carriers": CARRIERS, **more}
    return simulate(protocol(), facts(), runs=runs, **given)


def test_where_nobody_answers_the_terminal_step_is_shown_when_all_had_their_time() -> None:
    found = simulated(20, answers=[NEVER], carriers=[], lasting=MINUTE, start=MONDAY + timedelta(hours=10), follow=timedelta())
    assert (found.with_a_human, found.with_terminal_step, found.unheld) == (0, 20, 0)
    bound = verify(protocol(), facts(), horizon=(MONDAY, MONDAY + timedelta(days=1))).bound
    assert found.longest == found.terminal_within(0.5) == bound == 25 * MINUTE
    assert found.human_within(0.01) is None


def test_whoever_always_answers_at_once_is_the_only_one_who_is_asked() -> None:
    found = simulated(20, answers=[Habit(answers=1, **AT_ONCE)], carriers=[], lasting=timedelta(), follow=timedelta())
    assert [(each.who, each.messages, each.took) for each in found.load] == [("bo", 20, 20)]
    assert found.with_terminal_step == 0


def test_nobody_gives_back_what_they_took_over_an_older_message() -> None:
    given_back = []

    def watched(state: RunState, event: Event, now: datetime) -> Any:
        given_back.extend([event.by] if event.type == "decline" and event.by in state.holders else [])
        return step(state, event, now)

    often = protocol().model_dump(mode="json", by_alias=True, exclude_none=True)
    for each in often["steps"][:-1]:
        each["repeat"] = {"times": 3, "every": "PT1M"}
    found = simulate(
        Protocol.model_validate(often), facts(), start=MONDAY, answers=[Habit(answers=0.5, declines=0.5)], runs=60, machine=watched
    )
    assert found.with_a_human > 0
    assert given_back == []


def test_the_first_habit_that_fits_is_the_one_that_counts() -> None:
    only_by_night = [Habit(who="bo", hours=NIGHT, answers=1, **AT_ONCE), Habit(who="bo", answers=0), NEVER]
    by_night = simulated(10, answers=only_by_night, carriers=[], lasting=timedelta(), follow=timedelta())
    evening = simulated(10, answers=only_by_night, carriers=[], start=MONDAY + timedelta(hours=21), lasting=timedelta(), follow=timedelta())
    assert (by_night.with_a_human, evening.with_a_human) == (10, 0)


def test_a_habit_of_a_channel_does_not_speak_of_another() -> None:
    found = simulated(10, answers=[Habit(channel="sms", answers=1), NEVER], carriers=[], follow=timedelta())
    assert found.human_within(0.1) is None or found.human_within(0.1) >= 25 * MINUTE  # only the alarm goes out on every channel


def test_whoever_is_down_is_answered_for_by_another_channel() -> None:
    down = CARRIERS[0].evolve(down=1.0)
    found = simulated(10, answers=[Habit(answers=1, **AT_ONCE)], carriers=[down], follow=timedelta())
    assert found.with_a_human == 10
    assert all(each.messages == 2 * each.took for each in found.load)


def test_whoever_takes_it_and_does_not_keep_it_is_asked_again() -> None:
    found = simulated(10, answers=[Habit(answers=1, keeps=0, **AT_ONCE)], carriers=[], follow=timedelta(hours=1))
    assert sum(each.took for each in found.load) > found.with_a_human == 10


def test_without_somebody_people_wait_longer() -> None:
    all_there, without = simulated(), simulated(without={"bo"})
    assert without.with_terminal_step > all_there.with_terminal_step
    assert "bo" not in {each.who for each in without.load}
    assert "Without bo." in without.explain()


def test_a_role_may_be_missing_too() -> None:
    assert {"ade", "bo"}.isdisjoint(each.who for each in simulated(20, without={"peer"}).load)


@pytest.mark.parametrize("wrong", [{"without": {"boo"}}, {"answers": [Habit(who="boo")]}])
def test_a_name_that_nobody_has_is_told_with_the_one_that_was_meant(wrong: dict[str, Any]) -> None:
    with pytest.raises(NotFound) as caught:
        simulated(**wrong)
    assert [(each.name, each.did_you_mean) for each in caught.value.problems] == [("unknown_target", "bo")]


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(InstantError, match="naive_time"):
        simulated(start=datetime(2026, 11, 2))  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"answers": 1.5}, "bad_value"),
        ({"answers": 0.8, "declines": 0.3}, "bad_value"),
        ({"half_within": timedelta(minutes=20)}, "bad_duration"),
    ],
)
def test_a_habit_that_does_not_add_up_is_refused(wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(DocumentError, match=name):
        Habit.model_validate(wrong)


def test_another_process_comes_to_the_same() -> None:
    program = "import json; from tests.testing.clinic.test_simulating import simulated; print(json.dumps(simulated(20).to_dict()))"
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": "77"}
    )
    assert json.loads(ran.stdout) == simulated(20).to_dict()


def test_another_seed_comes_to_something_else() -> None:
    assert simulated(seed=1).tally != simulated(seed=2).tally


@given(st.integers(1, 11))
def test_parts_are_the_whole(cut: int) -> None:
    parts = simulated(cut) + simulated(12 - cut, first=cut)
    assert parts == simulated(12)


def test_what_does_not_belong_together_is_not_added() -> None:
    for other in (simulated(2, first=3), simulated(2, first=2, seed=2), simulated(2, first=2, without={"bo"})):
        with pytest.raises(TypeError):
            simulated(2) + other


def test_an_interruption_gives_what_there_is_so_far() -> None:
    seen: list[tuple[int, int]] = []

    def interrupt(done: int, of: int) -> None:
        seen.append((done, of))
        raise KeyboardInterrupt

    found = simulated(3000, answers=[Habit(answers=1)], carriers=[], progress=interrupt)
    assert seen == [(1000, 3000)]
    assert (found.runs, found.asked) == (1000, 3000)
    assert "1,000 of 3,000 simulated runs" in found.explain()


def test_progress_is_told_at_the_end_too() -> None:
    seen: list[tuple[int, int]] = []
    simulated(7, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(7, 7)]


def test_no_run_at_all_has_an_answer_too() -> None:
    found = simulated(0)
    assert found.ok
    assert found.longest is None
    assert found.explain()
    assert found.to_svg()


@given(half=st.integers(60, 900), more=st.integers(60, 9000), seed=st.integers(0, 9))
def test_half_answer_by_one_length_and_nine_in_ten_by_the_other(half: int, more: int, seed: int) -> None:
    habit = Habit(half_within=timedelta(seconds=half), most_within=timedelta(seconds=half + more))
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    drawn = [habit.delay(random) for _ in range(400)]
    assert 0.35 < sum(each <= habit.half_within for each in drawn) / 400 < 0.65
    assert 0.8 < sum(each <= habit.most_within for each in drawn) / 400 < 0.99
