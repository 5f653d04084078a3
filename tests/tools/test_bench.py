"""The benches: their last line is one object that a machine can read, and a program that fails is no figure."""

from __future__ import annotations

import json

import pytest

from tools import bench
from tools.bench import import_


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
