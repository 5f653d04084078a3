"""What a signature changes, from a terminal: in words for the client, in both directions, and never a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_consent import BOX, C2, D1, ELENA, run, saved

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

LONGER = {**C2, "expires": {"kind": "date", "value": "2026-12-31"}}
OTHER = {**C2, "id": "c3", "boxes": [{**BOX, "categories": ["attendance"], "recipients": [{"person": "sol", "org": "away"}]}]}


def compared(folder: Path, old: object, new: object, *words: object) -> Result:
    return run("compare", saved(folder, old, "old.json"), saved(folder, new, "new.json"), *words)


def told(folder: Path, old: object, new: object, *words: object) -> list[str]:
    shown = compared(folder, old, new, *words)
    assert (shown.exit_code, shown.stderr) == (0, "")
    return shown.stdout.splitlines()


def test_what_is_new_what_ends_and_what_stays_is_told_each_from_when(tmp_path: Path) -> None:
    old = {**ELENA, "directives": [C2, {**OTHER, "starts": "2026-02-01"}]}
    assert told(tmp_path, old, [LONGER], "--from", "2026-06-01") == [
        "From 2026-06-01 on:",
        (
            "New: the new version lets lakeview peers see goals (any label) for peer support"
            " from 2026-10-01 until the end of 2026-12-31; the old one did not."
        ),
        (
            "Ends: the old version let sol at away see attendance (any label) for peer support"
            " from 2026-06-01 until the end of 2026-09-30; the new one does not."
        ),
        "Stays: both let lakeview peers see goals (any label) for peer support from 2026-06-01 until the end of 2026-09-30.",
    ]


def test_with_a_draft_the_other_papers_stay(tmp_path: Path) -> None:
    whole, draft = {**ELENA, "directives": [C2, OTHER]}, [LONGER]
    assert any(line.startswith("Ends:") for line in told(tmp_path, whole, draft))
    lines = told(tmp_path, whole, draft, "--draft")
    assert [line.split(":")[0] for line in lines] == ["New", "Stays", "Stays"]


def test_what_the_second_file_leaves_out_the_first_says_for_it(tmp_path: Path) -> None:
    zoned = told(tmp_path, ELENA, [LONGER], "--from", "2026-06-01T09:30")
    assert zoned[0] == "From 2026-06-01 09:30 (America/New_York) on:"
    assert "from 2026-10-01 " in zoned[1]


def test_nothing_that_changes_and_nothing_that_stays_are_told_too(tmp_path: Path) -> None:
    same = told(tmp_path, ELENA, ELENA)
    assert same[0] == "Nothing changes about who can see what."
    assert told(tmp_path, {"directives": [D1]}, [])[-1] == "Nothing stays that anybody could see before."


def test_roles_are_told_as_anybody_who_holds_them(tmp_path: Path) -> None:
    nurses = {**C2, "boxes": [{**BOX, "recipients": [{"role": "nurse"}]}]}
    assert any("anybody as nurse see goals" in line for line in told(tmp_path, [], [nurses]))


def test_a_case_with_what_is_given_is_compared_by_its_id(tmp_path: Path) -> None:
    table = {"cases": [{"id": "a", "given": ELENA}, {"id": "b", "given": {**ELENA, "directives": []}}]}
    assert told(tmp_path, ELENA, table, "--case", "a")[0].startswith("Nothing changes") is True
    assert "RC9305 case_not_chosen" in compared(tmp_path, ELENA, table).stderr


def test_an_envelope_of_consents_is_compared(tmp_path: Path) -> None:
    envelope = {"schema": "recoverycore/consents", "version": 1, "data": {"directives": [LONGER]}}
    assert compared(tmp_path, ELENA, envelope).exit_code == 0


def test_under_a_profile_of_law_what_it_permits_without_a_paper_is_nothing_that_stays(tmp_path: Path) -> None:
    lines = told(tmp_path, ELENA, ELENA, "--profile", "us.hipaa")
    assert not [line for line in lines if line.startswith("Stays") and "peer support" not in line]


def test_json_is_one_object_with_the_sentences_in_it(tmp_path: Path) -> None:
    found: dict[str, Any] = json.loads(compared(tmp_path, ELENA, [LONGER], "--json").stdout)["comparison"]
    assert (found["verdict"], [each["category"] for each in found["gained"]], found["lost"]) == ("wider", ["goals"], [])
    assert found["told"][0].startswith("New:")


def test_what_is_wrong_with_a_draft_is_told_by_its_place_in_the_draft(tmp_path: Path) -> None:
    whole = {**ELENA, "directives": [C2, D1, OTHER]}
    shown = compared(tmp_path, whole, [{**OTHER, "id": "z"}, {**OTHER, "id": "z"}], "--draft")
    assert (shown.exit_code, "NEW/directives/1/id: RC" in shown.stderr) == (2, True)


@pytest.mark.parametrize(
    ("new", "words", "wanted"),
    [
        ([{**LONGER, "polarty": "permit"}], (), "NEW/0/polarty: RC"),
        ("{", (), "NEW: RC"),
        ([LONGER], ("--from", "soon"), "--from: RC1004"),
        ([LONGER], ("--profile", "us.hippa"), "--profile: RC"),
        ({"profiles": ["us.nowhere"], "directives": [LONGER]}, (), "NEW/profiles/0: RC"),
        ([LONGER, LONGER], (), "NEW/directives/1/id: RC"),
    ],
)
def test_what_cannot_be_compared_is_told_with_its_code_its_place_and_what_to_do(
    tmp_path: Path, new: object, words: tuple[str, ...], wanted: str
) -> None:
    shown = compared(tmp_path, ELENA, new, *words)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert wanted in shown.stderr
    assert "Traceback" not in shown.stderr
