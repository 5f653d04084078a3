"""The benches: their last line is one object that a machine can read, and a program that fails is no figure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from tools import bench
from tools.bench import escalation, import_, verify

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
