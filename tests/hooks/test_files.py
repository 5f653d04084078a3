"""A programme's own plugin is one file in a folder: what is taken, under which name, and what is told of one that cannot be."""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore import Client, Engine, Programme
from recoverycore.directory import DirectoryEntry, directory_merge
from recoverycore.errors import PluginError, Problem
from recoverycore.hooks import Plugins, RecoveryHooks, packaged_lines, plugins_in
from recoverycore.hooks.lines import FileLines, LinesFile

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "bluebird-7731"
HOOK = "recovery_contribute_directories"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ENTRY = {
    "id": "night-line",
    "name": "Example County night line",
    "service_kinds": ["crisis_line"],
    "region": "US-MN-053",
    "channels": [{"id": "voice", "reach": {"kind": "e164", "value": "+16125550100"}, "hours": "always"}],
    "verified_on": "2026-03-01",
}
YAML = """
region: US-MN-053
entries:
  - id: night-line
    name: Example County night line
    service_kinds: [crisis_line]
    region: US-MN-053
    priority: 10
    floor: false
    verified_on: 2026-03-01
    channels: [{id: voice, reach: {kind: e164, value: +16125550100}, hours: always}]
"""
TOML = """
region = "US-MN-053"
[[entries]]
id = "night-line"
name = "Example County night line"
service_kinds = ["crisis_line"]
region = "US-MN-053"
verified_on = 2026-03-01
valid_until = 2027-01-01T00:00:00Z
[[entries.channels]]
id = "voice"
zone = "America/Chicago"
reach = {kind = "e164", value = "+16125550100"}
hours = [{from = 18:00:00, to = 06:00:00}]
"""
MODULE = """
from recoverycore import hookimpl

recoverycore_api = 1

@hookimpl
def recovery_contribute_directories(region):
    return [{"id": __name__ and "night-line"}]
"""
OBJECT = """
from __future__ import annotations
from dataclasses import dataclass
from recoverycore import RecoveryHooks, hookimpl

@dataclass
class Lines(RecoveryHooks):
    identifier: str = "night-line"

    @hookimpl
    def recovery_contribute_directories(self, region):
        return [{"id": self.identifier}]

"""


def lines(**changes: Any) -> str:
    return json.dumps({"region": "US-MN-053", "entries": [ENTRY], **changes})


def problems_in(folder: Path) -> list[Problem]:
    with pytest.raises(PluginError) as caught:
        plugins_in(folder)
    assert CANARY not in f"{caught.value} {caught.value!r} {[each.to_dict() for each in caught.value.problems]}"
    return list(caught.value.problems)


def told(folder: Path) -> list[tuple[str, str]]:
    return [(each.name, each.path) for each in problems_in(folder)]


def given_by(folder: Path, region: str = "US-MN-053") -> dict[str, Any]:
    return Plugins.build(plugins_in(folder)).contribute(HOOK, region=region).values


# What is taken
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("county.json", lines()),
        ("county.yaml", YAML),
        ("county.yml", YAML),
        ("county.JSON", lines()),
        ("county.toml", TOML),
        ("county.py", MODULE),
        ("county.py", f"{OBJECT}plugin = Lines()"),
        ("county.py", f"{OBJECT}def plugin(settings):\n    return Lines()"),
    ],
)
def test_a_file_is_a_plugin_with_the_name_of_the_file(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert {plugin: [entry["id"] for entry in entries] for plugin, entries in given_by(tmp_path).items()} == {"county": ["night-line"]}


@pytest.mark.parametrize(("name", "text"), [("c.json", lines()), ("c.yaml", YAML), ("c.toml", TOML)])
def test_what_a_file_of_lines_gives_is_an_entry_of_the_directory(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    merged = directory_merge(given_by(tmp_path))
    assert [each.id for each in merged.entries if not each.floor] == ["night-line"]
    assert merged.reports == ()


def test_a_file_may_say_another_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(lines(name="hennepin"), "utf-8")
    (tmp_path / "b.py").write_text(f"{OBJECT}plugin = Lines()\nplugin.recoverycore_name = 'ramsey'", "utf-8")
    assert sorted(given_by(tmp_path)) == ["hennepin", "ramsey"]


def test_plugins_come_in_the_order_of_their_files(tmp_path: Path) -> None:
    for name in ("c.json", "a.yaml", "b.py"):
        (tmp_path / name).write_text({"c.json": lines(), "a.yaml": YAML, "b.py": MODULE}[name], "utf-8")
    assert [getattr(each, "recoverycore_name", "") for each in plugins_in(tmp_path)] == ["a", "b", "c"]


@pytest.mark.parametrize("name", [".county.json", "__pycache__/county.py", "more/county.json", "county.txt", "county.json~", "README.md"])
def test_what_editors_and_systems_leave_in_a_folder_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(CANARY, "utf-8")
    assert plugins_in(tmp_path) == []


def test_reading_code_writes_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "county.py").write_text(MODULE, "utf-8")
    plugins_in(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["county.py"]


def test_code_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "county.py").write_bytes(f"# coding: latin-1\n{MODULE}word = 'caf\xe9'".encode("latin-1"))
    assert plugins_in(tmp_path)[0].word == "caf\xe9"  # type: ignore[attr-defined]  # it is the module


def test_two_folders_with_a_file_of_one_name_are_two_plugins(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "county.py").write_text(f"{MODULE}\nwhere = {name!r}", "utf-8")
        made += plugins_in(tmp_path / name)
    assert [each.where for each in made] == ["one", "two"]  # type: ignore[attr-defined]  # they are the modules


# Which regions a file of lines serves
REGIONS = st.lists(st.sampled_from(["US", "MN", "053", "GB"]), min_size=1, max_size=3).map("-".join)


@given(own=REGIONS, asked=REGIONS)
def test_lines_are_given_to_their_region_to_its_parts_and_to_what_it_is_a_part_of(own: str, asked: str) -> None:
    inside = own.split("-")[: len(asked.split("-"))] == asked.split("-")[: len(own.split("-"))]
    entries = FileLines("x", LinesFile(region=own, entries=({"id": "a"},))).recovery_contribute_directories(asked)
    assert (entries == [{"id": "a"}]) is inside
    assert (entries is None) is not inside


@pytest.mark.parametrize(("own", "asked"), [("001", "US"), ("US-MN", "001")])
def test_everything_is_a_part_of_the_world(own: str, asked: str) -> None:
    assert FileLines("x", LinesFile(region=own, entries=({},))).recovery_contribute_directories(asked) == [{}]


def test_what_a_plugin_gave_can_be_changed_without_changing_the_next_answer(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    (plugin,) = plugins_in(tmp_path)
    built = Plugins.build([plugin])
    built.contribute(HOOK, region="US").values["county"][0]["channels"][0]["id"] = CANARY
    assert built.contribute(HOOK, region="US").values["county"] == (ENTRY,)


def test_the_numbers_of_an_entry_that_yaml_writes_as_text_are_all_known() -> None:
    """A new field of an entry that is no text has to be read from YAML too."""
    wanted = {
        name for name, field in DirectoryEntry.model_fields.items() if {int, bool, float} & {field.annotation, *get_args(field.annotation)}
    }
    assert wanted == {"priority", "floor"}


# What is told of a file that cannot be taken
@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("county.json", f'{{"region": "{CANARY}", "region": "{CANARY}"}}', [("duplicate_key", "")]),
        ("county.json", f'{{"{CANARY}": ', [("bad_syntax", "")]),
        ("county.json", f'["{CANARY}"]', [("wrong_type", "")]),
        ("county.json", lines(canary=CANARY), [("unknown_field", "/?")]),
        ("county.json", lines(regoin="US"), [("unknown_field", "/regoin")]),
        ("county.json", json.dumps({"entries": [ENTRY]}), [("missing_field", "/region")]),
        ("county.json", lines(entries=[]), [("blank", "/entries")]),
        ("county.json", lines(entries=[CANARY]), [("wrong_type", "/entries/0")]),
        ("county.json", lines(name=""), [("blank", "/name")]),
        ("county.json", lines(name=f"{CANARY}\n"), [("plugin_name", "")]),
        ("county.json", lines(region="GB"), [("plugin_file_region", "/entries/0/region")]),
        ("county.yaml", f"region: {CANARY}\nregion: GB", [("duplicate_key", "")]),
        ("county.yaml", f"region: [{CANARY}", [("bad_syntax", "")]),
        ("county.yaml", f"region: !{CANARY} GB", [("bad_syntax", "")]),
        ("county.toml", f"region = {CANARY}", [("bad_syntax", "")]),
        ("county.toml", TOML.replace("2027-01-01T00:00:00Z", "2027-01-01T00:00:00"), [("naive_time", "/entries/0/valid_until")]),
        ("county.toml", f"{TOML}\n{CANARY} = 2027-01-01T00:00:00", [("naive_time", "/entries/0/?/0/?")]),
        ("county.py", f"raise ValueError('{CANARY}')", [("plugin_load_failed", "")]),
        ("county.py", f"import sys; sys.exit('{CANARY}')", [("plugin_load_failed", "")]),
        ("county.py", f"def {CANARY}", [("plugin_load_failed", "")]),
        ("county.py", f"'{CANARY}'", [("plugin_file_empty", "")]),
        ("county.py", f"{OBJECT}", [("plugin_file_empty", "")]),
        ("county.py", f"{MODULE}\nplugin = 1", [("plugin_file_both", "")]),
        ("county.py", f"{OBJECT}plugin = Lines", [("plugin_is_class", "")]),
        ("county.py", f"{OBJECT}def plugin(settings):\n    raise ValueError('{CANARY}')", [("plugin_load_failed", "")]),
        ("county.py", f"{OBJECT}def plugin(settings):\n    Lines()", [("plugin_api", ""), ("plugin_no_hooks", "")]),
        ("county.py", MODULE.replace("= 1", "= 2"), [("plugin_api", "")]),
        ("county.py", MODULE.replace("directories", "directory"), [("hook_unknown", "")]),
        ("county.py", MODULE.replace("(region)", "(county)"), [("hook_argument", "")]),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_name_and_place(
    tmp_path: Path, name: str, text: str, expected: list[tuple[str, str]]
) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert told(tmp_path) == [(each, f"/plugin_folder/{name}{place}") for each, place in expected]


def test_every_problem_has_a_code_and_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", "utf-8")
    (tmp_path / "b.py").write_text("1 / 0", "utf-8")
    found = problems_in(tmp_path)
    assert len({each.path.split("/")[2] for each in found}) == 2
    assert all(each.code.startswith("RC") and each.hint for each in found)


@pytest.mark.parametrize("text", ["x = 1\n\n1 / 0\n", "x = 1\n\ndef broken(:\n", "def f():\n    import nowhere_at_all\n\nf()"])
def test_a_mistake_in_code_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "county.py").write_text(text, "utf-8")
    (found,) = problems_in(tmp_path)
    assert f"line {2 if 'nowhere' in text else 3}" in found.detail


def test_a_mistake_in_another_module_is_told_with_the_line_that_led_there(tmp_path: Path) -> None:
    (tmp_path / "county.py").write_text("import json\n\njson.loads('{')", "utf-8")
    assert "county.py: JSONDecodeError while imported, line 3" in problems_in(tmp_path)[0].detail


@pytest.mark.parametrize("text", ["import asyncio\n\nraise asyncio.CancelledError", "raise GeneratorExit", "raise SystemExit"])
def test_whatever_one_file_raises_the_others_are_loaded(tmp_path: Path, text: str) -> None:
    (tmp_path / "county.py").write_text(text, "utf-8")
    (tmp_path / "kent.json").write_text(lines(), "utf-8")
    plugins = Plugins.build(plugin_folder=tmp_path, on_failure="report")
    assert len(plugins.names) == len(plugins.problems) == 1


def test_code_that_fails_leaves_no_module_behind(tmp_path: Path) -> None:
    (tmp_path / "county.py").write_text("1 / 0", "utf-8")
    before = set(sys.modules)
    problems_in(tmp_path)
    assert set(sys.modules) - before == set()


def test_a_yaml_file_without_its_extra_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "county.yaml").write_text(YAML, "utf-8")
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert told(tmp_path) == [("missing_extra", "/plugin_folder/county.yaml")]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "county.py").write_bytes(b"#" * 10_000_001)
    assert told(tmp_path) == [("too_large", "/plugin_folder/county.py")]


@pytest.mark.parametrize(("one", "other"), [("county.json", "county.yaml"), ("county.py", "county.toml"), ("county.json", "County.yml")])
def test_two_files_of_one_name_are_both_refused_and_neither_is_run(tmp_path: Path, one: str, other: str) -> None:
    for name in (one, other):
        (tmp_path / name).write_text(f"raise SystemExit('{CANARY}')", "utf-8")
    assert told(tmp_path) == [("plugin_file_twice", f"/plugin_folder/{name}") for name in sorted((one, other))]


def test_two_files_that_say_one_name_are_both_refused(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        (tmp_path / name).write_text(lines(name="county"), "utf-8")
    assert told(tmp_path) == [("plugin_duplicate", f"/plugin_folder/{name}") for name in ("a.json", "b.json")]


def test_a_file_with_the_name_of_another_plugin_is_refused_when_both_are_asked_for(tmp_path: Path) -> None:
    class County(RecoveryHooks):
        recoverycore_name = "county"

    (tmp_path / "county.json").write_text(lines(), "utf-8")
    with pytest.raises(PluginError) as caught:
        Plugins.build([County()], plugin_folder=tmp_path)
    assert ("plugin_duplicate", "/plugin_folder/county.json") in [(each.name, each.path) for each in caught.value.problems]


# Links, pipes and folders
def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.json").write_text(lines(), "utf-8")
    (tmp_path / "in" / "county.json").symlink_to(tmp_path / "out.json")
    assert told(tmp_path / "in") == [("plugin_file_link", "/plugin_folder/county.json")]


def test_a_link_that_leads_nowhere_or_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to(tmp_path / "none")
    (tmp_path / "b.json").symlink_to(tmp_path / "b.json")
    assert told(tmp_path) == [("plugin_file_link", "/plugin_folder/a.json"), ("plugin_file_link", "/plugin_folder/b.json")]


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    """As in a mounted folder of settings, where each file is a link into a hidden folder beside it."""
    (tmp_path / ".data").mkdir()
    (tmp_path / ".data" / "county.json").write_text(lines(), "utf-8")
    (tmp_path / "county.json").symlink_to(tmp_path / ".data" / "county.json")
    assert list(given_by(tmp_path)) == ["county"]


def test_a_folder_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "county.json").write_text(lines(), "utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert list(given_by(tmp_path / "link")) == ["county"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "county.json")
    assert told(tmp_path) == [("file_unreadable", "/plugin_folder/county.json")]


@pytest.mark.parametrize("name", ["nowhere", "a_file"])
def test_a_folder_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "a_file").write_text(CANARY, "utf-8")
    assert told(tmp_path / name) == [("plugin_folder_unreadable", "/plugin_folder")]


# In an engine
def engine_with(folder: Path, **more: Any) -> Engine:
    engine = Engine.in_memory(plugin_folder=folder, **more)
    engine.put(Programme(id="p", zone="America/Chicago", region="US-MN-053"), at=NOON)
    engine.put(Client(id="c"), at=NOON)
    return engine


def test_the_countys_own_line_is_offered(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    with engine_with(tmp_path) as engine:
        assert engine.lines(client="c", at=NOON).to_dict()["open"] == ["night-line"]


def test_an_engine_on_a_file_takes_the_folder_too(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    with Engine.open(tmp_path / "p.db", plugin_folder=tmp_path) as engine:
        assert engine.plugins.names == ("county",)


def test_a_bad_file_keeps_an_engine_from_being_built(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    (tmp_path / "other.json").write_text("{", "utf-8")
    with pytest.raises(PluginError, match=r"/plugin_folder/other\.json: RC1013"):
        Engine.in_memory(plugin_folder=tmp_path)


def test_where_failures_are_reported_a_bad_file_stops_no_other_and_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    for name, text in (("a.json", f'{{"{CANARY}"'), ("b.py", f"raise ValueError('{CANARY}')"), ("c.yaml", f"- [{CANARY}")):
        (tmp_path / name).write_text(text, "utf-8")
    with caplog.at_level(logging.WARNING, "recoverycore.hooks"), engine_with(tmp_path, on_plugin_failure="report") as engine:
        assert engine.lines(client="c", at=NOON).to_dict()["open"] == ["night-line"]
        assert engine.plugins.names == ("county",)
        assert [each.path for each in engine.plugins.problems] == [f"/plugin_folder/{name}" for name in ("a.json", "b.py", "c.yaml")]
        assert [row["status"] for row in engine.plugins.to_rows()] == ["refused", "refused", "refused", "ready"]
    for name in ("a.json", "b.py", "c.yaml"):
        assert f"left out: /plugin_folder/{name}: RC" in caplog.text
    assert CANARY not in caplog.text


def test_where_failures_are_reported_a_folder_that_is_none_is_told_and_the_engine_runs(tmp_path: Path) -> None:
    with engine_with(tmp_path / "none", on_plugin_failure="report") as engine:
        assert [each.name for each in engine.plugins.problems] == ["plugin_folder_unreadable"]


def test_a_wrong_entry_is_left_out_and_told_and_the_others_stand(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(entries=[ENTRY, {"id": "half", "region": "US-MN-053"}]), "utf-8")
    with engine_with(tmp_path) as engine:
        found = engine.lines(client="c", at=NOON)
    assert found.to_dict()["open"] == ["night-line"]
    assert found.left_out == ({"what": "entry_left_out", "code": "invalid", "id": "half", "plugin": "county"},)


# In a distribution
def test_a_distribution_of_lines_is_a_file_beside_its_code() -> None:
    plugin = packaged_lines("recoverycore_ie")({})
    assert (plugin.recoverycore_name, plugin.region) == ("ie", "IE")


def test_its_factory_refuses_a_setting_that_would_do_nothing() -> None:
    with pytest.raises(ValueError, match="ie has no settings"):
        packaged_lines("recoverycore_ie")({"region": "IE"})


def test_what_becomes_of_one_answer_leaves_the_next_alone() -> None:
    lines = FileLines("x", LinesFile(region="GB", entries=(ENTRY,)))
    answer = lines.recovery_contribute_directories("GB") or []
    answer[0]["channels"].clear()  # type: ignore[union-attr]  # a list, as it was read
    assert lines.recovery_contribute_directories("GB") == [ENTRY]


# With protocols and rules
DOCUMENTS = """
region: US-MN
documents:
  - id: mn.crisis
    kind: protocol
    region: US-MN
    priority: 10
    data:
      {id: p, level: 1, zone: America/Chicago, triggers: [code_word], channels: [sms], owner_role: peer,
       steps: [{id: ask, targets: [{role: peer}], ack_within: PT5M}, {id: end, terminal: true, mode: show}]}
"""


def test_a_file_may_hold_protocols_and_no_lines(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(DOCUMENTS, "utf-8")
    (plugin,) = plugins_in(tmp_path)
    (found,) = plugin.recovery_contribute_documents("US-MN-053")  # type: ignore[attr-defined]
    assert (found["priority"], found["data"]["level"], found["data"]["steps"][1]["terminal"]) == (10, 1, True)
    assert plugin.recovery_contribute_documents("GB") is None  # type: ignore[attr-defined]


def test_a_document_that_does_not_fit_is_handed_on_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(DOCUMENTS.replace("level: 1", "level: one"), "utf-8")
    (plugin,) = plugins_in(tmp_path)
    assert plugin.recovery_contribute_documents("US-MN")[0]["data"]["level"] == "one"  # type: ignore[attr-defined]


def test_a_document_of_another_region_is_refused_like_a_line(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(DOCUMENTS.replace("    region: US-MN\n", "    region: GB\n"), "utf-8")
    with pytest.raises(PluginError, match="/documents/0/region"):
        plugins_in(tmp_path)


def test_a_file_of_lines_is_not_asked_for_documents(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(YAML, "utf-8")
    assert Plugins.build(plugin_folder=tmp_path).implementing("recovery_contribute_documents") == ()


def test_a_file_of_documents_is_not_asked_for_lines(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(DOCUMENTS, "utf-8")
    assert Plugins.build(plugin_folder=tmp_path).implementing(HOOK) == ()


def test_a_file_of_both_is_asked_for_both(tmp_path: Path) -> None:
    (tmp_path / "county.yaml").write_text(
        f"{YAML}{DOCUMENTS.removeprefix(chr(10) + 'region: US-MN' + chr(10))}".replace("US-MN\n", "US-MN-053\n"), "utf-8"
    )
    built = Plugins.build(plugin_folder=tmp_path)
    assert built.implementing(HOOK) == built.implementing("recovery_contribute_documents") == ("county",)


def test_one_file_is_asked_for_by_its_path_and_its_neighbours_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "county.json").write_text(lines(), "utf-8")
    (tmp_path / "other.json").write_text("{", "utf-8")
    with Engine.in_memory([tmp_path / "county.json"]) as engine:
        assert engine.plugins.names == ("county",)


@pytest.mark.parametrize("name", ["county.txt", "none.py", "none/none.py"])
def test_one_file_that_cannot_be_taken_is_told_at_its_place(tmp_path: Path, name: str) -> None:
    (tmp_path / "county.txt").write_text(lines(), "utf-8")
    with pytest.raises(PluginError, match=r"/plugins/0: RC"):
        Engine.in_memory([tmp_path / name])
