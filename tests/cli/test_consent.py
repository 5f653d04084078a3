"""Consent from a terminal: a decision explained to staff, one constant for whoever was refused, and tables run as tests."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from recoverycore.cli.commands import recoverycore
from recoverycore.consent import REFUSAL
from recoverycore.views.decisions import requester_page

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "bluebird-7731"
BOX = {"labels": "*", "categories": ["goals"], "purposes": ["peer_support"], "recipients": [{"org": "lakeview_peers"}]}
C2 = {"id": "c2", "polarity": "permit", "discloser": "*", "boxes": [BOX], "expires": {"kind": "date", "value": "2026-09-30"}}
D1 = {"id": "d1", "polarity": "deny", "boxes": [{"categories": ["goals"]}]}
ELENA: dict[str, Any] = {"client": {"zone": "America/New_York"}, "directives": [C2]}
ASKED = ("--who", "peer_sol", "--org", "lakeview_peers", "--sees", "goals", "--why", "peer_support", "--at", "2026-06-10T11:00")
REQUEST = {
    "discloser": {"id": "prog:harbor", "kind": "part2_program"},
    "recipient": {"id": "per:x", "kind": "court"},
    "purposes": ["civil_proceedings"],
    "at": "2026-06-10T15:00:00Z",
    "records": [{"id": "r1", "labels": ["SUD"], "category": "diagnosis"}],
}
COURT = {"given": {"profiles": ["us.42cfr2"]}, "when": {"request": REQUEST}}


def run(*words: object) -> Result:
    return CliRunner().invoke(recoverycore, [str(word) for word in words])


def saved(folder: Path, data: object, name: str = "consents.json") -> Path:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return file


def explained(folder: Path, data: object, *words: object) -> Result:
    return run("explain", "consent", saved(folder, data), *words)


# Explained to staff
def test_a_question_in_short_is_answered_with_its_reasons(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED)
    assert shown.exit_code == 0
    for line in (
        "Permitted: everything that was asked for may be released.",
        "  who: peer_sol (lakeview_peers)",
        "  at: 2026-06-10T11:00:00-04:00",
        "  goals permit: directive c2 permits it (directive:c2)",
        "  afterwards: write the release down (log_disclosure)",
        '  whoever asked is told: {"released": ["goals"]}',
    ):
        assert line in shown.output.splitlines()


def test_a_refusal_tells_near_misses_by_axis_and_what_would_be_needed(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--at", "2026-11-01T11:00")
    assert shown.exit_code == 0
    assert "  c2 on goals: it has ended, or nobody knows whether it has (ended)" in shown.output
    assert "  a new directive of the form specific (directive:specific)" in shown.output


def test_a_whole_request_in_the_file_is_decided_under_the_profile_it_names(tmp_path: Path) -> None:
    shown = explained(tmp_path, COURT)
    assert shown.exit_code == 0
    assert "  r1 deny: bar proceedings holds it back (bar:proceedings)" in shown.output
    assert re.search(r"  bar:proceedings: 42 CFR 2\.\d+", shown.output)
    assert "an order of a court under the law that applies (order)" in shown.output


def test_options_take_the_place_of_parts_of_the_files_question(tmp_path: Path) -> None:
    shown = explained(tmp_path, COURT, "--why", "treatment", "--who", "per:y", "--kind", "provider", "--treating", "--from", "prog:other")
    assert "  who: per:y (provider)" in shown.output
    assert "  why: treatment" in shown.output
    assert "  from: prog:other" in shown.output


@pytest.mark.parametrize(
    ("options", "verdict"),
    [
        (("--role", "family"), "Denied"),
        (("--role", "peer"), "Permitted"),
        ((), "Denied"),  # nobody asked which roles they hold
    ],
)
def test_a_role_may_be_named(tmp_path: Path, options: tuple[str, ...], verdict: str) -> None:
    wall = {"id": "d1", "polarity": "deny", "boxes": [{"recipients": [{"role": "family"}]}]}
    assert explained(tmp_path, {**ELENA, "directives": [C2, wall]}, *ASKED, *options).output.startswith(verdict)


def test_labels_and_an_action_may_be_named(tmp_path: Path) -> None:
    narrow = {**ELENA, "directives": [{**C2, "boxes": [{**BOX, "labels": ["MH"]}]}]}
    assert explained(tmp_path, narrow, *ASKED, "--label", "MH").output.startswith("Permitted")
    assert explained(tmp_path, narrow, *ASKED, "--label", "MH", "--label", "SUD").output.startswith("Denied")
    assert "  what: use goals" in explained(tmp_path, narrow, *ASKED, "--action", "use").output


def test_a_profile_named_by_an_option_counts(tmp_path: Path) -> None:
    asked = (*ASKED, "--label", "SUD")
    assert explained(tmp_path, ELENA, *asked).output.startswith("Permitted")
    shown = explained(tmp_path, ELENA, *asked, "--profile", "us.42cfr2")
    assert shown.output.startswith("Denied")
    assert "(form)" in shown.output


def test_json_is_one_object_with_both_views(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--json")
    told = json.loads(shown.stdout)
    assert (told["decision"]["verdict"], told["requester_view"]) == ("permit", '{"released": ["goals"]}')


def test_one_case_of_a_table_is_explained(tmp_path: Path) -> None:
    table = {"given": ELENA, "rows": [{"id": "a"}, {"id": "b", "who": "x", "sees": "y", "why": "z", "at": "2026-01-01T00:00:00Z"}]}
    assert "  who: x" in explained(tmp_path, table, "--case", "b").output
    assert "RC9305 case_not_chosen" in explained(tmp_path, table).stderr
    assert "RC9304 no_such_case" in explained(tmp_path, table, "--case", "c").stderr


def test_a_profile_that_is_not_there_is_told_and_the_refusal_shown_that_a_host_would_give(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--profile", "us.42cfr")
    assert shown.exit_code == 2
    assert "a profile that was named is not there (profile_unavailable)" in shown.stdout
    assert shown.stderr.startswith("--profile: RC9001 plugin_unknown")
    assert "Did you mean 'us.42cfr2'?" in shown.stderr


def test_a_plugin_that_brings_no_profile_is_told(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--profile", "us")
    assert (shown.exit_code, "--profile: RC9306 profile_not_brought" in shown.stderr) == (2, True)


# What cannot be asked
@pytest.mark.parametrize(
    ("data", "options", "told"),
    [
        (ELENA, (), "RC9301 ask_incomplete"),
        (ELENA, ASKED[:8], "missing: at"),
        (ELENA, (*ASKED, "--at", "soon"), "--at: RC10"),
        ({"directives": []}, ASKED, "--at: RC1003 naive_time"),
        ({**ELENA, "directives": [{**C2, "colour": "red"}]}, ASKED, "/directives/0/?: RC1002 unknown_field"),
        ({**ELENA, "directives": [C2, C2]}, ASKED, "RC4002 duplicate_directive"),
        ("{", ASKED, "RC1013 bad_syntax"),
        ({"given": ELENA, "when": {"request": {"at": "2026-06-10T15:00:00"}}}, (), "/when/request/at: RC1003 naive_time"),
    ],
)
def test_what_cannot_be_asked_is_a_line_with_code_and_place_and_ends_with_two(
    tmp_path: Path, data: object, options: tuple[str, ...], told: str
) -> None:
    shown = explained(tmp_path, data, *options)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert told in shown.stderr
    assert "Traceback" not in shown.stderr


def test_a_canary_in_a_broken_file_shows_nowhere(tmp_path: Path) -> None:
    for data in ({CANARY: CANARY, "directives": [CANARY]}, {"directives": [{**C2, "starts": CANARY}]}, f"{{{CANARY}"):
        for options in ((), ("--json",), ("--requester",)):
            shown = explained(tmp_path, data, *ASKED, *options)
            assert shown.exit_code == 2
            assert CANARY not in shown.output + shown.stderr


def test_an_error_in_json_has_code_path_and_hint(tmp_path: Path) -> None:
    error = json.loads(explained(tmp_path, ELENA, "--json").stderr)["error"]
    assert (error["code"], error["name"]) == ("RC9301", "ask_incomplete")
    assert {"path", "hint", "detail"} <= error.keys()


def test_what_an_id_does_to_a_terminal_is_taken_out(tmp_path: Path) -> None:
    shown = explained(tmp_path, {**ELENA, "directives": [{**C2, "id": "c\x1b[31m2\u202e"}]}, *ASKED)
    assert not re.search("[\x1b\u202e]", shown.output)


# Told to whoever asked
REFUSED: dict[str, tuple[object, tuple[str, ...]]] = {
    "nobody known here": ({"directives": [], "client": {"zone": "UTC"}}, ASKED),
    "no consent": (ELENA, (*ASKED, "--sees", "notes", "--why", "care")),
    "refused": ({**ELENA, "directives": [C2, D1]}, ASKED),
    "ended": (ELENA, (*ASKED, "--at", "2027-01-01T00:00")),
    "a bar": (COURT, ()),
    "no profile": (ELENA, (*ASKED, "--profile", "us.state.x")),
    "a plugin's error": ({"given": {**ELENA, "restrictors": [{"name": "s", "answer": "error"}]}}, ASKED),
    "no purpose": ({"given": ELENA, "when": {"request": {**REQUEST, "purposes": []}}}, ()),
    "a broken file": ("{", ASKED),
    "no time": (ELENA, ASKED[:8]),
    "another file": ({"given": 3}, ASKED),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_whoever_asked_is_told_the_same_of_every_refusal_and_every_error(tmp_path: Path, name: str, form: tuple[str, ...]) -> None:
    data, options = REFUSED[name]
    page = tmp_path / "page.html"
    shown = explained(tmp_path, data, *options, "--requester", "--html", page, *form)
    assert shown.stdout_bytes == f"{REFUSAL}\n".encode()
    assert page.read_text("utf-8") == requester_page(REFUSAL)


def test_whoever_asked_is_told_the_same_where_there_is_no_file(tmp_path: Path) -> None:
    shown = run("explain", "consent", tmp_path / "none.json", *ASKED, "--requester")
    assert (shown.stdout, shown.exit_code) == (f"{REFUSAL}\n", 2)
    assert "RC1020 file_unreadable" in shown.stderr


def test_staff_are_told_something_else_of_each(tmp_path: Path) -> None:
    told = {explained(tmp_path, data, *options).output for data, options in REFUSED.values()}
    assert len(told) == len(REFUSED)


def test_whoever_asked_is_told_what_is_released_and_no_more(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--sees", "notes", "--requester")
    assert json.loads(shown.stdout) == {"released": ["goals"]}


# A page
def test_a_page_is_written_beside_the_text(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    shown = explained(tmp_path, ELENA, *ASKED, "--html", page)
    assert shown.output.startswith("Permitted")
    assert "<h1>A decision on consent</h1>" in page.read_text("utf-8")


def test_a_page_is_never_written_over_what_was_read(tmp_path: Path) -> None:
    file = saved(tmp_path, ELENA)
    before = file.read_bytes()
    shown = run("explain", "consent", file, *ASKED, "--html", file)
    assert (shown.exit_code, "--html: RC9350 page_not_written" in shown.stderr) == (2, True)
    assert file.read_bytes() == before


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    shown = explained(tmp_path, ELENA, *ASKED, "--html", tmp_path / "no" / "page.html")
    assert (shown.exit_code, "RC9350" in shown.stderr) == (2, True)


# Tables
ROWS: list[dict[str, Any]] = [
    {"id": "goals", "sees": "goals", "expect": "permit"},
    {"title": "no notes", "sees": "progress_notes", "expect": "deny"},
]
TABLE: dict[str, Any] = {
    "given": ELENA,
    "when": {"who": "peer_sol", "org": "lakeview_peers", "why": "peer_support", "at": "2026-06-10T15:00:00Z"},
    "rows": ROWS,
}


def test_a_table_that_comes_true_ends_with_zero_and_tells_what_no_row_shows(tmp_path: Path) -> None:
    shown = run("check-consent", saved(tmp_path, TABLE))
    assert shown.exit_code == 0
    assert shown.output.splitlines() == [
        "passed  goals: peer_sol, goals, for peer_support",
        "passed  rows/1: no notes",
        "No case would come out otherwise without such a paper or rule, or with a permit wider on such an axis:",
        "  axes: ended, recipient, purpose",
        "  of permit c2: ended, recipient, purpose",
        "2 passed, 0 failed",
    ]


def test_a_wrong_expectation_is_told_in_words_with_what_decided_and_ends_with_one(tmp_path: Path) -> None:
    shown = run("check-consent", saved(tmp_path, {**TABLE, "rows": [{**ROWS[0], "expect": "deny"}, ROWS[1]]}))
    assert shown.exit_code == 1
    assert "FAILED  goals: peer_sol, goals, for peer_support\n    the decision is permit, not deny\n" in shown.output
    assert "    as decided: goals permit: directive:c2" in shown.output
    assert shown.output.splitlines()[-1] == "1 passed, 1 failed"


def test_a_table_in_json_is_one_object_a_line_with_the_result_last(tmp_path: Path) -> None:
    shown = run("check-consent", saved(tmp_path, {**TABLE, "rows": [{**ROWS[0], "expect": "deny"}]}), "--json")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert shown.exit_code == 1
    assert lines[0]["case"]["differences"] == ["the decision is permit, not deny"]
    assert lines[1]["never_decisive"]["of_permits"] == {"c2": ["ended", "recipient", "purpose", "category"]}
    assert lines[2] == {"result": {"passed": 0, "failed": 1, "left_out": 0}}


def test_a_table_that_cannot_be_run_ends_with_two_and_a_canary_shows_nowhere(tmp_path: Path) -> None:
    for rows in ([], [{**ROWS[0], "at": CANARY}], [{**ROWS[0], CANARY: CANARY}]):
        shown = run("check-consent", saved(tmp_path, {**TABLE, "rows": rows}))
        assert (shown.exit_code, shown.stdout) == (2, "")
        assert re.search(r"RC\d{4} \w+: ", shown.stderr)
        assert CANARY not in shown.stderr


def test_questions_about_whole_sets_are_counted_as_left_out(tmp_path: Path) -> None:
    whole = {"id": "P1", "when": {"ask": "compare"}}
    shown = run("check-consent", saved(tmp_path, {**TABLE, "cases": [whole]}))
    assert "1 left out: they ask about whole sets of papers" in shown.output


def test_explain_has_room_for_other_subjects() -> None:
    shown = run("explain", "--help")
    assert shown.exit_code == 0
    assert "consent" in shown.output
