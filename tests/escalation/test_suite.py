"""The shipped escalation cases, each judged whole."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.suite.judge_escalation import SHIPPED, cases_in, judge, run

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


def test_both_files_are_counted_whole() -> None:
    assert run(None) == (len(CASES), [])
