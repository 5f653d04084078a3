"""The shipped cases of windows, slips and reviews, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_windows import KINDS, SHIPPED, judge, run

CASES: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_decision_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_the_judge_notices_a_wrong_expectation(kind: str) -> None:
    case = copy.deepcopy(next(each for each in CASES if each["kind"] == kind))
    case["expect"][next(iter(case["expect"]))] = "something else"
    assert judge(case) != ""


def test_the_whole_file_is_counted() -> None:
    assert run(None) == (len(CASES), [])
