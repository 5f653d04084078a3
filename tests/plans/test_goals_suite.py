"""The shipped goal cases, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_goals import SHIPPED, judge, run

CASES: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_decision_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == ""


def test_the_judge_notices_a_wrong_expectation() -> None:
    case = copy.deepcopy(CASES[0])
    case["expect"][next(iter(case["expect"]))] = "something else"
    assert judge(case) != ""


def test_the_whole_file_is_counted() -> None:
    assert run(None) == (len(CASES), [])
