"""The county's own line from a terminal: it shows up in a run, and what is wrong with a plugin is listed beside its name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from recoverycore.cli.commands import recoverycore
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.hooks.lines import FileLines, LinesFile
from recoverycore.hooks.loading import Candidate
from recoverycore.testing.stories import load_story, run_story

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "bluebird-7731"
ENTRY = {
    "id": "night-line",
    "name": "Example County night line",
    "service_kinds": ["crisis_line"],
    "region": "GB",
    "channels": [{"id": "voice", "reach": {"kind": "e164", "value": "+441632960001"}, "hours": "always"}],
    "verified_on": "2026-10-20",
}
HOOK = "recovery_contribute_directories"


def run(*words: object) -> Result:
    return CliRunner().invoke(recoverycore, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file of lines that is well."""
    made = tmp_path / "my_lines"
    made.mkdir()
    write(made)
    return made


def write(folder: Path, name: str = "night_line.json", **changes: object) -> None:
    (folder / name).write_text(json.dumps({"region": "GB", "entries": [ENTRY], **changes}), "utf-8")


# In a run
@pytest.mark.parametrize("command", [("demo",), ("run", "monique")])
def test_the_countys_own_line_shows_up_in_a_run(folder: Path, command: tuple[str, ...]) -> None:
    shown = run(*command, "--plugins", folder)
    assert "offered because of r_code: lines line_a, line_b, night-line; from the plan co1, co2" in shown.output


def test_what_a_story_expects_stands_beside_a_line_that_it_does_not_know(folder: Path) -> None:
    assert run("demo", "--plugins", folder).exit_code == 0


def test_what_a_story_expects_of_its_own_lines_is_judged_as_ever(folder: Path) -> None:
    """The control of the test above: a plugin that contradicts a line of the story is noticed."""
    write(folder, entries=[{**ENTRY, "id": "line_a"}])
    shown = run("run", "monique", "--plugins", folder)
    assert shown.exit_code == 1
    assert "lines/open: expected ['line_a', 'line_b'], got ['line_b']" in shown.output


def test_a_line_that_nobody_expects_is_noticed_where_no_plugin_came_from_outside() -> None:
    data = load_story("monique").to_data()
    data["start"]["lines"][0]["entries"].append(ENTRY)
    story = type(load_story("monique")).model_validate(data)
    assert {each.where for each in run_story(story).broken} == {"lines/open", "offers"}


def test_a_story_may_expect_a_line_from_outside(folder: Path) -> None:
    data = load_story("monique").to_data()
    for step in data["steps"]:
        if "lines" in step.get("expect", {}):
            step["expect"]["lines"]["open"] = ["line_a", "line_b", "night-line"]
    (folder.parent / "story.json").write_text(json.dumps(data), "utf-8")
    story = folder.parent / "story.json"
    assert run("run", story, "--plugins", folder).exit_code == 0
    assert run("run", story).exit_code == 1


def test_a_wrong_entry_is_told_in_the_run(folder: Path) -> None:
    write(folder, entries=[ENTRY, {"id": "half", "region": "GB"}, {"name": CANARY}])
    shown = run("demo", "--plugins", folder)
    assert "entry half of plugin night_line left out: invalid" in shown.output
    assert "an entry of plugin night_line left out: invalid" in shown.output
    assert CANARY not in shown.output


def test_a_file_that_cannot_be_taken_ends_a_run_before_it_begins(folder: Path) -> None:
    (folder / "other.json").write_text(f'{{"{CANARY}"', "utf-8")
    for words in (("demo",), ("run", "monique", "--json")):
        shown = run(*words, "--plugins", folder)
        assert shown.exit_code == 2
        assert "/plugin_folder/other.json" in shown.stderr
        assert "RC1013" in shown.stderr
        assert CANARY not in shown.output + shown.stderr
        assert "Traceback" not in shown.output + shown.stderr


def test_a_folder_that_is_none_ends_a_run_before_it_begins(tmp_path: Path) -> None:
    shown = run("demo", "--plugins", tmp_path / "none")
    assert (shown.exit_code, "RC9030" in shown.stderr) == (2, True)


# In the list
def test_installed_plugins_are_listed_with_their_hooks() -> None:
    shown = run("plugins")
    assert shown.exit_code == 0
    assert f"us (recoverycore-us 0.1.0): {HOOK}" in shown.output


def test_the_plugins_of_a_folder_are_listed_with_their_files_and_hooks(folder: Path) -> None:
    shown = run("plugins", folder)
    assert shown.exit_code == 0
    assert f"night_line (night_line.json): {HOOK}" in shown.output


def test_what_is_wrong_is_listed_under_the_file_and_ends_with_one(folder: Path) -> None:
    (folder / "other.py").write_text(f"raise ValueError('{CANARY}')", "utf-8")
    shown = run("plugins", folder)
    assert shown.exit_code == 1
    assert "other.py: cannot be used\n    /plugin_folder/other.py: RC9004" in shown.output
    assert f"night_line (night_line.json): {HOOK}" in shown.output
    assert CANARY not in shown.output


def test_a_wrong_entry_is_listed_with_its_place(folder: Path) -> None:
    write(folder, entries=[ENTRY, {**ENTRY, "id": "other", "channels": [], "canary": CANARY}])
    shown = run("plugins", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/night_line.json/entries/1/channels: RC" in shown.output
    assert CANARY not in shown.output


def test_an_empty_folder_says_what_it_looked_for(tmp_path: Path) -> None:
    assert "no file that ends in .py, .json, .toml or .yaml" in run("plugins", tmp_path).output


def test_json_is_one_plugin_a_line(folder: Path) -> None:
    (folder / "other.json").write_text("{", "utf-8")
    rows = {row["plugin"]["name"]: row["plugin"] for row in map(json.loads, run("plugins", folder, "--json").stdout.splitlines())}
    lines = ["night-line: crisis_line, for GB"]
    assert rows["night_line"].pop("load_seconds") >= 0
    assert rows["night_line"] == {
        "name": "night_line",
        "from": "night_line.json",
        "dist": "",
        "version": "",
        "hooks": [HOOK],
        "status": "ready",
        "last_problem": None,
        "problems": [],
        "lines": lines,
    }
    assert (rows["other.json"]["status"], rows["other.json"]["last_problem"]) == ("refused", "RC1013 bad_syntax")
    assert (rows["us"]["dist"], rows["us"]["version"], rows["us"]["status"]) == ("recoverycore-us", "0.1.0", "ready")
    assert [each["code"] for each in rows["other.json"]["problems"]] == ["RC1013"]


# Looked at
def test_the_lines_of_installed_plugins_say_that_nobody_has_called_them() -> None:
    shown = run("plugins", "--check")
    assert shown.exit_code == 0
    first = shown.output.partition("  ie (recoverycore-ie 0.1.0)")[2].splitlines()[1].strip()
    assert first.startswith("lines: 14; verified_on from 2026-06-05 to 2026-10-08, empty in 3; call-tested: 0.")
    assert first.endswith("Nobody has called any: do so before anybody is shown them")


def test_without_being_asked_nothing_is_said_of_calls(folder: Path) -> None:
    assert "call-tested" not in run("plugins", folder).output


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"call_tested_on": "2026-10-20"}, "lines: 1; verified_on from 2026-10-20 to 2026-10-20; call-tested: 1"),
        ({"verified_on": None}, "lines: 1; verified_on empty in all; call-tested: 0."),
    ],
)
def test_who_has_called_the_lines_of_a_folder_is_told(folder: Path, fields: dict[str, object], said: str) -> None:
    write(folder, entries=[{**ENTRY, **fields}])
    assert said in run("plugins", "--check", folder).output


def test_who_has_called_only_some_is_asked_to_call_the_others(folder: Path) -> None:
    write(folder, entries=[ENTRY, {**ENTRY, "id": "called", "call_tested_on": "2026-10-20"}])
    assert "call-tested: 1. Nobody has called the others: do so" in run("plugins", "--check", folder).output


def test_a_number_that_was_given_up_is_listed_with_what_to_write_instead(folder: Path) -> None:
    old = {"id": "voice", "reach": {"kind": "e164", "value": "+448457909090"}, "hours": "always"}
    write(folder, entries=[ENTRY, {**ENTRY, "id": "old", "channels": [old]}])
    shown = run("plugins", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/night_line.json/entries/1/channels/0: RC8005 retired_way" in shown.output
    assert "instead: 116 123" in shown.output


def test_a_wrong_line_of_an_installed_plugin_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = FileLines("us", LinesFile(region="US", entries=({**ENTRY, "region": "US", "channels": []},)))
    monkeypatch.setattr("recoverycore.cli.listing.candidates", lambda *_: [Candidate("us", "/plugins/0", wrong)])
    assert run("plugins", "--check").exit_code == 1
    assert run("plugins").exit_code == 0


def test_protocols_of_a_file_are_listed_and_looked_at(folder: Path) -> None:
    well = {"id": "mn.rule", "kind": "rule", "region": "GB", "data": {"id": "r", "when": {"event": "code_word"}}}
    wrong = {**well, "id": "half", "data": {"id": CANARY}}
    write(folder, documents=[well, wrong])
    shown = run("plugins", folder)
    assert shown.exit_code == 1
    assert "mn.rule: rule, for GB; in force when a programme keeps it" in shown.output
    assert "/plugin_folder/night_line.json/documents/1/data: RC8006 schema_mismatch" in shown.output
    assert CANARY not in shown.output


# What the code of a folder may do in a story
GATEWAY = """
from pathlib import Path

from recoverycore import Receipt, hookimpl

recoverycore_api = 1
_sent = Path(__file__).with_name("sent.txt")


@hookimpl
def recovery_deliver_message(message, key):
    _sent.write_text(key)
    return Receipt("accepted")


@hookimpl
def recovery_on_tick(at):
    _sent.write_text("a tick")
"""
LINES_IN_CODE = f"""

@hookimpl
def recovery_contribute_directories(region):
    return [{ENTRY!r}] if region.startswith("GB") else None
"""


@pytest.mark.parametrize("words", [("demo",), ("run", "monique"), ("run", "monique", "--json")])
def test_no_plugin_of_a_folder_is_handed_a_message_or_told_anything_in_a_story(folder: Path, words: tuple[str, ...]) -> None:
    (folder / "gateway.py").write_text(GATEWAY, "utf-8")
    shown = run(*words, "--plugins", folder)
    assert shown.exit_code == 0
    assert not (folder / "sent.txt").exists()
    assert "gateway" in shown.output


def test_a_story_says_which_hooks_of_a_folder_it_leaves_alone(folder: Path) -> None:
    (folder / "gateway.py").write_text(GATEWAY, "utf-8")
    said = "gateway: recovery_deliver_message, recovery_on_tick not called, as a story sends nothing"
    assert said in run("demo", "--plugins", folder).output
    assert said in run("run", "monique", "--plugins", folder).output


def test_a_story_that_is_read_by_a_program_says_so_too(folder: Path) -> None:
    (folder / "gateway.py").write_text(GATEWAY, "utf-8")
    first = json.loads(run("run", "monique", "--plugins", folder, "--json").stdout.splitlines()[0])
    assert first == {"not_called": {"plugin": "gateway", "hooks": ["recovery_deliver_message", "recovery_on_tick"]}}


def test_of_a_file_that_delivers_too_the_lines_are_offered(folder: Path) -> None:
    (folder / "night_line.json").unlink()
    (folder / "town.py").write_text(GATEWAY + LINES_IN_CODE, "utf-8")
    shown = run("demo", "--plugins", folder)
    assert "offered because of r_code: lines line_a, line_b, night-line" in shown.output
    assert not (folder / "sent.txt").exists()


def test_a_demo_with_code_does_not_promise_what_the_code_may_break(folder: Path) -> None:
    assert "nothing is sent anywhere" in run("demo", "--plugins", folder).output
    (folder / "gateway.py").write_text(GATEWAY, "utf-8")
    shown = run("demo", "--plugins", folder).output
    assert "nothing is sent anywhere" not in shown
    assert "No message is handed to a plugin of the folder; what else the code in it does, it does." in shown


# Code is asked, where somebody says for which region
SLIP = {**ENTRY, "channels": [{**ENTRY["channels"][0], "hours": [{"form": "18:00", "to": "06:00"}]}]}
"""An entry with the slip that nobody hears of before the hour of need."""


def write_code(folder: Path, *entries: object, first: str = "", name: str = "town.py") -> None:
    (folder / name).write_text(
        "from recoverycore import hookimpl\nrecoverycore_api = 1\n\n@hookimpl\ndef recovery_contribute_directories(region):\n"
        f"    {first or 'pass'}\n    return {list(entries)!r} if region.startswith('GB') else None\n",
        "utf-8",
    )


@pytest.mark.parametrize("words", [("--check",), ()])
def test_the_lines_of_code_are_asked_for_in_a_region_and_a_slip_in_one_ends_with_one(folder: Path, words: tuple[str, ...]) -> None:
    write_code(folder, ENTRY, SLIP)
    shown = run("plugins", *words, "--region", "GB-KEN", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/town.py/entries/1/channels/0/hours/0/?: RC1002 unknown_field" in shown.output
    assert "Did you mean 'from'?" in shown.output


def test_the_lines_of_code_stand_below_its_file_once_however_many_regions_are_asked(folder: Path) -> None:
    (folder / "night_line.json").unlink()
    write_code(folder, ENTRY)
    shown = run("plugins", "--check", "--region", "GB-KEN", "--region", "GB", folder)
    assert shown.exit_code == 0
    assert shown.output.count("night-line: crisis_line, for GB\n") == 1
    assert "lines: 1; verified_on from 2026-10-20 to 2026-10-20; call-tested: 0." in shown.output.partition("In the folder:")[2]


def test_code_that_was_asked_about_no_region_is_said_to_be_unlooked_at(folder: Path) -> None:
    write_code(folder, SLIP)
    shown = run("plugins", folder)
    assert shown.exit_code == 0
    assert "nobody has looked at what it contributes; say for which region with --region" in shown.output


def test_a_check_of_a_folder_is_not_well_while_code_in_it_was_not_asked(folder: Path) -> None:
    write_code(folder, ENTRY)
    shown = run("plugins", "--check", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/town.py: RC9036 plugin_not_asked" in shown.output


def test_code_that_has_nothing_for_the_region_says_so(folder: Path) -> None:
    write_code(folder, ENTRY)
    shown = run("plugins", "--check", "--region", "IE", folder)
    assert shown.exit_code == 0
    assert "asked for IE: nothing" in shown.output


@pytest.mark.parametrize("slip", [f"raise ValueError({CANARY!r})", "return 7", "import socket; socket.getaddrinfo('127.0.0.1', 9)"])
def test_code_that_cannot_answer_is_told_and_ends_with_one(folder: Path, slip: str) -> None:
    write_code(folder, ENTRY, first=slip)
    shown = run("plugins", "--check", "--region", "GB", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/town.py: RC9015 hook_failed" in shown.output
    assert CANARY not in shown.output


def test_what_code_does_not_contribute_is_not_asked_for(folder: Path) -> None:
    (folder / "gateway.py").write_text(GATEWAY, "utf-8")
    shown = run("plugins", "--check", folder)
    assert shown.exit_code == 0
    assert not (folder / "sent.txt").exists()


def test_protocols_of_code_are_looked_at_too(folder: Path) -> None:
    wrong = {"id": "half", "kind": "rule", "region": "GB", "data": {"id": CANARY}}
    write_code(folder, wrong)
    text = (folder / "town.py").read_text("utf-8").replace("contribute_directories", "contribute_documents")
    (folder / "town.py").write_text(text, "utf-8")
    shown = run("plugins", "--region", "GB", folder)
    assert shown.exit_code == 1
    assert "/plugin_folder/town.py/documents/0/data: RC8006 schema_mismatch" in shown.output


def test_code_that_is_installed_is_asked_in_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    class Town(RecoveryHooks):
        @hookimpl
        def recovery_contribute_directories(self, region: str) -> list[dict[str, object]]:
            return [{**SLIP, "region": region}]

    town = Candidate("us", "/plugins/0", Town(), hooks=(HOOK,))
    monkeypatch.setattr("recoverycore.cli.listing.candidates", lambda *_: [town])
    assert run("plugins", "--check", "--region", "US").exit_code == 1
    assert run("plugins", "--check").exit_code == 0
    assert "nobody has looked at what it contributes" in run("plugins", "--check").output
