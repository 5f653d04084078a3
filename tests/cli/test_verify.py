"""Verification from a terminal: what a programme manager reads, how it ends, and that it tells of an error without anybody's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from recoverycore.cli.commands import recoverycore
from recoverycore.ground import ManualClock, parse_instant
from recoverycore.testing.stories import load_story

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "bluebird-7731"
MONIQUE = load_story("monique")
CODE = MONIQUE.start.protocols[0].to_data()
END = CODE["steps"][-1]
PROTOCOL = {**CODE, "message_class": "C0", "steps": [{"id": "ask", "targets": [{"role": "peer"}], "ack_within": "PT5M"}, END]}
TEAM: dict[str, Any] = {
    "zone": "Europe/London",
    "members": [{"id": "ana", "roles": ["peer"], "channels": ["sms"]}],
    "roster": [{"person": "ana", "role": "peer", "from": "00:00", "to": "00:00"}],
    "providers": {"sms": ["one", "two"]},
}
WEEK = ("--from", "2026-11-02T00:00")


def run(*words: object) -> Result:
    return CliRunner().invoke(recoverycore, ["verify", *map(str, words)])


def saved(folder: Path, data: object, name: str) -> Path:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return file


def verified(folder: Path, *words: object, protocol: object = PROTOCOL, team: object = TEAM) -> Result:
    return run(saved(folder, protocol, "protocol.json"), "--team", saved(folder, team, "team.json"), *WEEK, *words)


def on_duty(*days: str, **hours: str) -> dict[str, Any]:
    return {**TEAM, "roster": [{"person": "ana", "role": "peer", "days": days, "from": "00:00", "to": "00:00", **hours}]}


SIX_DAYS = on_duty("mon", "tue", "wed", "thu", "fri", "sat")


# What is read
def test_a_protocol_that_can_be_relied_on_says_so_with_its_bound_and_who_covers_what(tmp_path: Path) -> None:
    shown = verified(tmp_path)
    assert shown.exit_code == 0
    bound = "within 5 min somebody has it, or `show_lines` is shown, which needs nobody"
    for line in (
        f"p_code version 1, level 3, can be relied on: {bound}; no errors, no warnings.",
        "Looked at from Mon 2026-11-02 00:00 to Mon 2026-11-09 00:00, times in Europe/London.",
        "Who covers what:",
        "    \u2713 all the time: ana",
    ):
        assert line in shown.output.splitlines()


def test_a_day_on_which_nobody_can_answer_is_told_as_a_dated_timeline_and_ends_with_one(tmp_path: Path) -> None:
    shown = verified(tmp_path, team=SIX_DAYS)
    lines = shown.output.splitlines()
    assert shown.exit_code == 1
    start = lines.index("Error no_human_interval: no step has anybody to ask; first from Sun 2026-11-08 00:00 to Mon 2026-11-09 00:00")
    assert lines[start + 1] == "  To mend it: put somebody who is peer on duty from Sun 2026-11-08 00:00 to Mon 2026-11-09 00:00."
    assert lines[start + 4] == "  Sun 2026-11-08 00:00 at once: nobody was on duty as peer"
    assert "    \u2717 Sun 2026-11-08 00:00 to Mon 2026-11-09 00:00: nobody" in lines


def test_turns_that_are_alike_but_for_their_day_are_one_line(tmp_path: Path) -> None:
    shown = verified(tmp_path, team=on_duty("mon", "wed", "fri", **{"from": "22:00", "to": "06:00"})).output
    assert "    \u2713 Mon, Wed, Fri 22:00 to 06:00 on the next day: ana" in shown.splitlines()


def test_json_is_one_object_with_everything(tmp_path: Path) -> None:
    told = json.loads(verified(tmp_path, "--json", team=SIX_DAYS).stdout)
    assert (told["ok"], told["bound"]) == (False, "PT5M")
    assert {each["code"] for each in told["findings"]} == {"no_human_interval", "coverage_gap"}
    assert [each["kind"] for each in told["cover"]] == ["covered", "hole"]
    assert [each["people"] for each in told["alone"]] == [["ana"]]
    assert [(each["finding"]["code"], each["text"]) for each in told["mend"]] == [
        ("no_human_interval", "To mend it: put somebody who is peer on duty from Sun 2026-11-08 00:00 to Mon 2026-11-09 00:00.")
    ]
    assert told["notes"] == []


def test_json_tells_which_role_looks_like_a_slip(tmp_path: Path) -> None:
    slip = {**SIX_DAYS, "roster": [{**each, "role": "per"} for each in SIX_DAYS["roster"]]}
    [note] = json.loads(verified(tmp_path, "--json", team=slip).stdout)["notes"]
    assert note.endswith("Did you mean `peer`?")


def test_a_page_is_written_beside_it(tmp_path: Path) -> None:
    page = tmp_path / "week.html"
    assert verified(tmp_path, "--html", page, team=SIX_DAYS).exit_code == 1
    assert "<!doctype html>" in page.read_text("utf-8")


@pytest.mark.parametrize("name", ["protocol.json", "team.json", "nowhere/week.html"])
def test_a_page_that_cannot_be_written_is_told_and_writes_nothing_over(tmp_path: Path, name: str) -> None:
    shown = verified(tmp_path, "--html", tmp_path / name)
    assert (shown.exit_code, "RC9350" in shown.stderr) == (2, True)
    assert json.loads((tmp_path / "protocol.json").read_text("utf-8")) == PROTOCOL


# What it is looked at beside
@pytest.mark.parametrize(
    "team",
    [
        {"team": {key: TEAM[key] for key in ("zone", "members", "roster")}, "providers": TEAM["providers"]},
        {
            "team": {
                "persons": {"ana": {"roles": ["peer"], "channels": ["sms"]}},
                "shifts": [{"person": "ana", "role": "peer", "from": "00:00", "to": "00:00", "zone": "Europe/London"}],
            },
            "providers": TEAM["providers"],
        },
        {key: value for key, value in TEAM.items() if key != "zone"},
    ],
    ids=["nested", "as a run knows it", "in the zone of the protocol"],
)
def test_a_team_may_be_written_in_several_ways(tmp_path: Path, team: dict[str, Any]) -> None:
    assert verified(tmp_path, team=team).exit_code == 0


def test_a_team_in_its_envelope_has_no_providers(tmp_path: Path) -> None:
    data = {key: TEAM[key] for key in ("zone", "members", "roster")}
    shown = verified(tmp_path, team={"schema": "recoverycore/team", "version": 1, "data": data})
    assert (shown.exit_code, "single_provider" in shown.output) == (1, True)


def test_services_and_what_is_known_of_consent_count(tmp_path: Path) -> None:
    steps = [{"id": "ask", "targets": [{"service": "mobile"}], "ack_within": "PT5M"}, END]
    service = {"services": [{"id": "mobile", "role": "mobile_crisis", "channels": ["sms"]}]}
    permitted = {**TEAM, **service, "consent": {"mobile": {"contact": "permit"}}}
    assert verified(tmp_path, protocol={**CODE, "steps": steps}, team=permitted).exit_code == 0
    assert verified(tmp_path, protocol={**CODE, "steps": steps}, team={**TEAM, **service}).exit_code == 1


def test_limits_of_a_file_take_the_place_of_the_defaults(tmp_path: Path) -> None:
    assert "bound_exceeded" in verified(tmp_path, team={**TEAM, "limits": {"3": "PT1M"}}).output


def test_a_protocol_in_an_envelope_that_would_be_refused_is_looked_at_all_the_same(tmp_path: Path) -> None:
    data = {key: value for key, value in PROTOCOL.items() if key != "debrief"}
    shown = verified(tmp_path, protocol={"schema": "recoverycore/protocol", "version": 1, "data": data})
    assert (shown.exit_code, "Error no_debrief" in shown.output) == (1, True)


def test_files_may_be_toml_and_yaml(tmp_path: Path) -> None:
    team = saved(tmp_path, "members: [{id: ana, roles: [peer], channels: [sms]}]\nproviders: {sms: [a, b]}\n", "team.yaml")
    protocol = saved(
        tmp_path,
        'id = "p"\nlevel = 1\nzone = "Europe/London"\ntriggers = ["t"]\nchannels = ["sms"]\nowner_role = "lead"\nsteps = []\n',
        "p.toml",
    )
    assert "p version 1, level 1" in run(protocol, "--team", team, *WEEK).output


# The people of a story
def test_a_protocol_of_a_story_is_looked_at_beside_its_people_from_its_first_day() -> None:
    for word in ("p_code", "monique/p_code"):
        shown = run(word, "--team", "monique")
        assert shown.exit_code == 0
        assert "Looked at from Mon 2026-11-02 00:00" in shown.output
        assert "mobile_team" in shown.output


def test_a_story_may_be_a_file_and_one_that_says_nothing_of_providers_cannot_be_relied_on(tmp_path: Path) -> None:
    data = MONIQUE.to_data()
    del data["start"]["providers"]
    for written in (data, {"schema": "recoverycore/story", "version": 1, "data": data}):
        shown = run("p_code", "--team", saved(tmp_path, written, "own.json"))
        assert (shown.exit_code, "single_provider" in shown.output) == (1, True)


# When
def test_without_a_beginning_it_is_looked_at_from_todays_midnight_where_the_protocol_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recoverycore.cli.verify.SystemClock", lambda: ManualClock(parse_instant("2026-07-01T23:30:00Z")))
    shown = run(saved(tmp_path, PROTOCOL, "protocol.json"), "--team", saved(tmp_path, TEAM, "team.json"))
    assert "Looked at from Thu 2026-07-02 00:00 to Thu 2026-07-09 00:00" in shown.output


def test_a_day_begins_at_its_midnight_where_the_protocol_is(tmp_path: Path) -> None:
    files = saved(tmp_path, PROTOCOL, "protocol.json"), "--team", saved(tmp_path, TEAM, "team.json")
    assert run(*files, "--from", "2026-11-02").output == run(*files, *WEEK).output
    assert "--from: RC1004" in run(*files, "--from", "2026-11-31").output


def test_several_weeks_are_looked_at_where_that_is_asked_for(tmp_path: Path) -> None:
    assert "to Mon 2026-11-23 00:00" in verified(tmp_path, "--weeks", "3").output


# What cannot be looked at
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("p_typo", "--team", "monique"), "RC9351"),
        (("monique/p_typo", "--team", "monique"), "RC9351"),
        (("p_code", "--team", "nobody"), "RC9205"),
        (("nobody/p_code", "--team", "monique"), "RC9205"),
        (("nobody.json", "--team", "monique"), "RC1020"),
        (("p_code", "--team", "nobody.yaml"), "RC1020"),
        (("p_code", "--team", "monique", "--from", "soon"), "RC10"),
    ],
)
def test_what_cannot_be_looked_at_is_one_line_with_a_code_and_ends_with_two(words: tuple[str, ...], code: str) -> None:
    for more in ((), ("--json",)):
        shown = run(*words, *more)
        assert (shown.exit_code, code in shown.stderr, shown.stdout) == (2, True, "")


@pytest.mark.parametrize(
    ("team", "path"),
    [
        ({**TEAM, "members": [{"id": "ana"}]}, "/members/0/roles"),
        ({"team": {"members": [{"id": "ana"}]}}, "/team/members/0/roles"),
        ({"team": {"persons": {"ana": {"role": "peer"}}}}, "/team/persons/?/?"),
        ({**TEAM, "provider": {}}, "/provider"),
        ([], ""),
    ],
)
def test_what_is_wrong_with_a_team_is_told_with_its_place(tmp_path: Path, team: object, path: str) -> None:
    shown = verified(tmp_path, "--json", team=team)
    assert shown.exit_code == 2
    assert json.loads(shown.stderr.splitlines()[0])["error"]["path"] == path


def test_a_canary_in_a_broken_file_shows_nowhere(tmp_path: Path) -> None:
    for changed in ({"zone": CANARY}, {"level": CANARY}, {CANARY: CANARY}):
        shown = verified(tmp_path, protocol={**PROTOCOL, **changed})
        assert (shown.exit_code, CANARY in shown.output + shown.stderr) == (2, False)
    shown = verified(tmp_path, team={**TEAM, "roster": [{"person": CANARY, "role": "peer", "from": "x", "to": "y"}]})
    assert (shown.exit_code, CANARY in shown.output + shown.stderr) == (2, False)


def test_an_id_steers_no_terminal(tmp_path: Path) -> None:
    name = "a\u202eb\u009b31m"
    team = {**TEAM, "members": [{**TEAM["members"][0], "id": name}], "roster": [{**TEAM["roster"][0], "person": name}]}
    shown = verified(tmp_path, team=team)
    assert not {"\u202e", "\u009b"} & set(shown.output)
