"""The shipped escalation cases, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.suite.judge_escalation import SHIPPED, cases_in, judge, run

if TYPE_CHECKING:
    from pathlib import Path

CASES: list[dict[str, Any]] = cases_in(*SHIPPED)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_machine_does_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == []


def test_the_judge_notices_a_message_too_many_and_a_wrong_state() -> None:
    case = copy.deepcopy(CASES[0])
    case["expect"]["timeline"].pop()
    case["expect"]["state"]["status"] = "held"
    wrong = judge(case)
    assert any("too much" in each for each in wrong)
    assert any("state.status" in each for each in wrong)


def test_the_judge_notices_a_missing_audit_entry() -> None:
    case = copy.deepcopy(CASES[0])
    case["expect"]["audit"] = [{"at": "2026-03-10T15:00:00Z", "code": "never_happened"}]
    assert len(judge(case)) == 1


def test_a_case_that_cannot_be_read_fails_alone(tmp_path: Path) -> None:
    broken = copy.deepcopy(CASES[0])
    broken["when"].append({"at": "2026-03-10T15:01:00Z", "type": "no such event", "id": "e9"})
    file = tmp_path / "cases.json"
    file.write_text(json.dumps({"cases": [broken, CASES[0]]}))
    passed, failures = run(file)
    assert passed == 1
    assert len(failures) == 1


def test_both_files_are_counted_whole() -> None:
    assert run(None) == (len(CASES), [])
