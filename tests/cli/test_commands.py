"""The command line: what it shows, how it ends, and that it tells of an error in one line without anybody's words."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recoverycore.cli.commands import recoverycore
from recoverycore.testing.stories import load_story

if TYPE_CHECKING:
    from pathlib import Path


def run(*words: str) -> Result:
    return CliRunner().invoke(recoverycore, words)


def story_file(folder: Path, **changes: object) -> str:
    file = folder / "own.json"
    file.write_text(json.dumps({**load_story("monique").to_data(), **changes}), "utf-8")
    return str(file)


def test_the_demo_shows_the_chain_and_ends_well() -> None:
    shown = run("demo")
    assert shown.exit_code == 0
    for line in (
        "told peer_ade by voice (ask, class C0, may see contact, safety_plan under c1)",
        "safety plan: revision 4",
        "waits for peer_ade to acknowledge until Wed 22:52",
        "every expectation came true",
    ):
        assert line in shown.output
    assert "kite" not in shown.output.lower()


def test_a_story_of_ones_own_is_a_file(tmp_path: Path) -> None:
    assert run("run", story_file(tmp_path)).exit_code == 0


def test_a_broken_expectation_is_named_with_its_step_and_ends_with_one(tmp_path: Path) -> None:
    steps = load_story("monique").to_data()["steps"][:2]
    steps[1]["expect"]["open_runs"] = 5
    shown = run("run", story_file(tmp_path, steps=steps, variants=[]))
    assert shown.exit_code == 1
    assert "broken: open_runs: expected 5, got 1" in shown.output


def test_json_is_one_object_a_line_with_the_result_last() -> None:
    shown = run("run", "monique", "--json")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert lines[-1] == {"result": {"story": "monique/as_given", "steps": 11, "broken": 0}}
    assert any(line.get("row", {}).get("what") == "message" for line in lines)


def test_json_tells_of_what_is_broken(tmp_path: Path) -> None:
    steps = load_story("monique").to_data()["steps"][:1]
    steps[0]["expect"]["open_runs"] = 5
    shown = run("run", story_file(tmp_path, steps=steps, variants=[]), "--json")
    assert shown.exit_code == 1
    assert {"broken": {"at": "2026-11-02T09:00:00Z", "where": "open_runs", "expected": 5, "got": 0}} in map(
        json.loads, shown.stdout.splitlines()
    )


def test_a_run_stops_where_it_is_told_to_and_goes_on_from_there(tmp_path: Path) -> None:
    database = str(tmp_path / "s.db")
    first = run("run", "monique", "--db", database, "--until", "2026-11-04T22:50")
    assert "4 steps" in first.output
    rest = run("run", "monique", "--db", database)
    assert (rest.exit_code, "7 steps" in rest.output) == (0, True)


def test_a_variant_is_run_by_its_id() -> None:
    shown = run("run", "monique", "--variant", "nobody_answers")
    assert shown.exit_code == 0
    assert "terminal step show_lines (final)" in shown.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "nobody"), "RC9205"),
        (("run", "nobody.yaml"), "RC10"),
        (("run", "monique", "--variant", "none"), "RC9202"),
        (("run", "monique", "--until", "soon"), "RC10"),
    ],
)
def test_what_cannot_be_run_is_one_line_with_a_code_and_ends_with_two(words: tuple[str, ...], code: str) -> None:
    shown = run(*words)
    assert shown.exit_code == 2
    assert code in shown.stderr
    assert "Traceback" not in shown.output + shown.stderr


def test_a_canary_in_a_broken_file_shows_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("schema: recoverycore/story\nversion: 1\ndata: {id: x, canary: [canary], zone: canary", "utf-8")
    for words in (("run", str(file)), ("run", str(file), "--json")):
        shown = run(*words)
        assert shown.exit_code == 2
        assert "canary" not in shown.output + shown.stderr
    assert "canary" not in run("run", story_file(tmp_path, canary="canary", zone="canary")).stderr


def test_a_database_of_something_else_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "s.db"
    file.write_bytes(b"something else entirely" * 50)
    before = file.read_bytes()
    shown = run("run", "monique", "--db", str(file))
    assert (shown.exit_code, "not_a_store" in shown.stderr) == (2, True)
    assert file.read_bytes() == before


def test_a_second_process_on_the_same_file_is_refused(tmp_path: Path) -> None:
    from recoverycore import Engine

    with Engine.open(tmp_path / "s.db"):
        command = [sys.executable, "-m", "recoverycore", "run", "monique", "--db", str(tmp_path / "s.db")]
        shown = subprocess.run(command, capture_output=True, text=True, check=False)
    assert shown.returncode == 2
    assert "store_locked" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_command_is_imported_when_it_is_asked_for() -> None:
    program = (
        "import sys; from recoverycore.cli.commands import recoverycore; print(sorted(each for each in sys.modules if '.cli.' in each))"
    )
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "['recoverycore.cli.commands']"
    assert set(recoverycore.commands) == {*["check-consent", "compare", "demo", "explain", "new-plugin", "plugins", "run", "verify"]}
    assert all(run(each, "--help").exit_code == 0 for each in recoverycore.commands)


def test_a_slip_in_the_name_of_a_command_is_told() -> None:
    shown = run("verfy")
    assert shown.exit_code == 2
    assert "verfy" in shown.output


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_its_extra_the_command_line_names_what_to_install(missing: str) -> None:
    program = f"import sys; sys.modules[{missing!r}] = None; from recoverycore.cli import main; main()"
    shown = subprocess.run([sys.executable, "-c", program, "demo"], capture_output=True, text=True, check=False)
    assert shown.returncode == 1
    assert shown.stderr.strip() == f"The command line needs {missing}: install it with pip install 'recoverycore[cli]'"


def test_a_stopped_run_shows_how_everything_stands_and_what_is_due_next() -> None:
    shown = run("run", "jamal", "--until", "2026-03-20T11:00")
    for line in (
        "As it stands on Fri 20 Mar 2026 11:00",
        "goal g_sober: 2 met, 0 not met, 8 nobody can tell; underway",
        "plans in force, by revision: relapse_prevention 2",
        "rules that hold now: r_quiet",
        "call_sponsor in the relapse prevention plan counts on sponsor_dee: consent missing; ask, and remove nothing",
        "due next: Fri 20 Mar 2026 14:00",
    ):
        assert line in shown.output


def test_a_run_that_is_stopped_in_a_crisis_shows_who_has_to_answer_by_when() -> None:
    shown = run("run", "monique", "--variant", "nobody_answers", "--until", "2026-11-04T22:54")
    for line in ("run of r_code: open, level 3", "waits for cm_quinn to acknowledge until Wed 22:57", "due next: Wed 04 Nov 2026 22:57"):
        assert line in shown.output


def test_stopped_json_has_the_standing_before_the_result() -> None:
    lines = [json.loads(line) for line in run("run", "jamal", "--until", "2026-02-23T00:00", "--json").stdout.splitlines()]
    assert lines[-2]["standing"]["at"] == "2026-02-23T06:00:00Z"
    assert lines[-1]["result"]["steps"] == 1


def test_what_happens_on_the_slow_path_is_told_in_plain_lines() -> None:
    shown = run("run", "jamal").output
    for line in (
        "reported by jamal: slip",
        "rule r_slip speaks",
        "jamal said something about sober_evening",
        "e_slip was looked back at with cn_ortiz; asks of the next plan: h_friday",
        "c2 was taken back by jamal",
    ):
        assert line in shown
