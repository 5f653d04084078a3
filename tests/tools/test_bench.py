"""The benches: their last line is one object that a machine can read, and a program that fails is no figure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from recoverycore.consent.plan import compile_plan
from tools import bench
from tools.bench import _consent_peers, _consent_world, consent, escalation, hooks, import_, verify

if TYPE_CHECKING:
    from pathlib import Path


def test_the_last_line_is_one_object_with_the_figures(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(import_, "run", lambda: ({"import_net_vs_pydantic": 0.25}, {"pydantic": "2"}))
    assert bench.main(["import", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told == {"bench": "import", "ratios": {"import_net_vs_pydantic": 0.25}, "peers": {"pydantic": "2"}, "machine": bench.machine()}


def test_an_unknown_bench_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["imports"]) == 2
    assert "import" in capsys.readouterr().out.split("there are: ")[1]


def test_the_import_bench_compares_what_its_goals_name(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = {"bare": 1.0, "recoverycore": 1.5, "pydantic": 3.0, "first client": 6.0, "first model": 4.0}
    by_program = {program: seconds[name] for name, program in import_.PROGRAMS.items()}
    monkeypatch.setattr(import_, "cpu_seconds", by_program.__getitem__)
    ratios, _ = import_.run()
    assert ratios == {"import_net_vs_pydantic": 0.25, "first_client_vs_first_model": 1.5}
    assert ratios.keys() == import_.GOALS.keys()


@pytest.mark.parametrize("name", import_.PROGRAMS)
def test_each_program_runs_and_takes_time(name: str) -> None:
    assert import_.cpu_seconds(import_.PROGRAMS[name]) > 0


def test_a_program_that_fails_is_no_figure(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="ended with status"):
        import_.cpu_seconds("raise SystemExit(3)")
    capfd.readouterr()


def test_the_escalation_bench_gives_what_its_goals_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(escalation, "STARTS", 1)
    monkeypatch.setattr(escalation, "CLIENTS", 1)
    ratios, _ = escalation.run()
    assert escalation.GOALS.keys() <= ratios.keys()
    assert all(ratio > 0 for ratio in ratios.values())


@pytest.mark.parametrize("script", escalation.SCRIPTS.values(), ids=escalation.SCRIPTS)
def test_each_run_of_the_bench_goes_all_the_way_and_is_what_a_forgetful_machine_says(script: tuple[str, ...]) -> None:
    escalation.check(escalation.play(script, escalation.FIRST))


def test_the_escalation_bench_notices_an_answer_that_is_not_that_of_the_machine() -> None:
    played = escalation.play(escalation.SCRIPTS["answered"], escalation.FIRST)
    event, at, effects = played.calls[-1]
    with pytest.raises(ValueError, match="two answers to one event: close"):
        escalation.check(evolve(played, calls=(*played.calls[:-1], (event, at, effects[1:]))))


def test_the_escalation_bench_notices_a_run_that_stops_half_way() -> None:
    with pytest.raises(ValueError, match="did not end as it should: held"):
        escalation.check(escalation.play(escalation.SCRIPTS["answered"][:5], escalation.FIRST))


def test_the_escalation_bench_notices_a_run_of_the_engine_that_stops_half_way(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_going = escalation.set_going
    monkeypatch.setattr(escalation, "CLIENTS", 1)
    monkeypatch.setattr(escalation, "set_going", lambda engine, client: (set_going(engine, client)[0], (("ack", {"by": "peer_ade"}),)))
    with pytest.raises(ValueError, match="held"):
        escalation.durable(tmp_path)


def test_the_escalation_bench_notices_an_event_that_was_refused() -> None:
    with pytest.raises(ValueError, match="an event was refused: close"):
        escalation.check(escalation.play(("trigger", "close"), escalation.FIRST))


def test_the_bench_of_the_verifier_looks_at_six_steps_and_eight_people_and_gives_its_budget_and_its_states(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(verify, "TIMES", 1)
    ratios, _ = verify.run()
    world = verify.WORLD
    assert (len(world["protocol"]["steps"]) - 1, len(world["facts"]["team"]["persons"])) == (6, 8)
    assert verify.GOALS == {"verify_seconds": 5}
    assert {"verify_seconds", "states"} <= ratios.keys()
    assert ratios["states"] > 100


def test_a_verification_that_does_not_find_the_planted_hole_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify, "TIMES", 1)
    monkeypatch.setattr(verify, "HOLE", ("no_human_interval", None))
    with pytest.raises(ValueError, match="dead_zone"):
        verify.run()


def test_a_goal_that_is_to_be_reached_is_told_as_such(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"compare_vs_z3": 4.0, "cell_bool_vs_naive": 4.5, "compile_vs_cedarpy_parse": 1.5, "law_run_seconds": 0.5}
    monkeypatch.setattr(consent, "run", lambda: (figures, {"z3": "5"}))
    assert bench.main(["consent"]) == 0
    goals = [line.partition("goal: ")[2] for line in capsys.readouterr().out.splitlines()[1:]]
    assert goals == ["at least 5, missed", "at least 4", "at most 1, missed", "at most 1"]


def test_the_consent_bench_gives_what_its_goals_name() -> None:
    ours = ("cell bool", "cell bool of 500", "cell reasons", "request", "why not", "document", "batch", "compile", "compare")
    peers = ("naive", "cedarpy", "cedarpy reasons", "cedarpy batch", "cedarpy parse", "vakt", "casbin", "z3")
    assert consent.GOALS.keys() <= consent.figures(dict.fromkeys((*ours, *peers), 1.0), 1.0).keys()
    assert consent.GOALS.keys() > consent.AT_LEAST


def test_the_work_of_the_consent_bench_is_what_it_says() -> None:
    papers = _consent_world.papers()
    assert (len(papers), sum(len(each["boxes"]) > 1 for each in papers)) == (20, 10)
    assert [sum(each["polarity"] == "deny" for each in papers), sum("revocations" in each for each in papers)] == [2, 5]
    assert (len(_consent_world.PEOPLE), len(_consent_world.CATEGORIES), len(_consent_world.PURPOSES)) == (30, 12, 8)


def test_the_papers_as_peers_read_them_are_answered_as_the_plan_answers() -> None:
    data = _consent_world.requests(500)
    directives, asked = _consent_world.read(data)
    made = compile_plan(directives, client=_consent_world.CLIENT)
    naive = _consent_peers.Naive(_consent_world.boxes(_consent_world.papers()))
    answers = [naive.ask(_consent_world.flat(each)) for each in data]
    assert answers == made.permits_all(asked)
    assert True in answers


def test_the_consent_bench_notices_an_answer_that_differs() -> None:
    with pytest.raises(ValueError, match="somebody answers otherwise: request 1"):
        consent._agree("somebody", [True, True], [True, False])


def test_work_takes_turns_and_the_middle_of_its_times_counts() -> None:
    seconds = {"a": iter([9.0, 1.0, 2.0, 3.0]), "b": iter([9.0, 4.0, 4.0, 4.0])}
    assert consent.interleaved({name: each.__next__ for name, each in seconds.items()}, 3) == {"a": 2.0, "b": 4.0}


def test_the_hooks_bench_gives_what_its_goals_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TIMES", "CALLS", "LOADS"):
        monkeypatch.setattr(hooks, name, 1)
    ratios, _ = hooks.run()
    assert ratios.keys() == hooks.GOALS.keys()
    assert all(ratio > 0 for ratio in ratios.values())


BARE = hooks.bare


def test_two_ways_of_calling_that_answer_differently_are_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "bare", lambda asked: BARE(asked[1:]))
    with pytest.raises(ValueError, match="do not answer the same"):
        hooks.run()
