"""The shipped verifier cases, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.escalation.verification.findings import CODES
from tests.suite.judge_escalation_verify import SHIPPED, cases_in, judge, run

if TYPE_CHECKING:
    from pathlib import Path

CASES: list[dict[str, Any]] = cases_in(*SHIPPED)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_verifier_finds_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ok", False),
        ("held_or_terminal", False),
        ("bound", "PT21M"),
        ("bound", None),
        ("findings", [{"code": "no_alarm", "severity": "error"}]),
    ],
)
def test_the_judge_notices_another_answer(name: str, value: Any) -> None:
    case = copy.deepcopy(CASES[0])
    case["expect"][name] = value
    assert len(judge(case)) == 1


def test_the_judge_notices_a_finding_at_another_time() -> None:
    case = copy.deepcopy(next(case for case in CASES if case["expect"]["findings"] and "from" in case["expect"]["findings"][0]))
    case["expect"]["findings"][0]["from"] = "2026-03-09T00:00:01Z"
    assert len(judge(case)) == 1


def test_every_code_is_the_answer_to_some_case() -> None:
    found = {each["code"] for case in CASES for each in case["expect"]["findings"]}
    assert found == CODES.keys() - {"terminal_asks", "no_targets"}


def test_a_case_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    broken = copy.deepcopy(CASES[0])
    broken["given"]["horizon"]["to"] = "soon"
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [broken, CASES[0]]}))
    passed, failures = run(file)
    assert passed == 1
    assert len(failures) == 1


def test_both_files_are_counted_whole() -> None:
    assert run(None) == (len(CASES), [])
