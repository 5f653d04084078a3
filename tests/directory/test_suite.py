"""The shipped directory cases, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_directory import JUDGES, SHIPPED, judge, run

CASES: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_directory_does_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == ""


@pytest.mark.parametrize("kind", sorted(JUDGES))
def test_the_judge_notices_a_wrong_answer(kind: str) -> None:
    case = copy.deepcopy(next(each for each in CASES if each["kind"] == kind))
    case["expect"] = {"error": "never_happened"}
    assert "is not" in judge(case)


def test_an_error_is_an_answer_too() -> None:
    case = copy.deepcopy(next(each for each in CASES if each["kind"] == "hours"))
    case["when"]["at"] = "2026-06-02T12:00:00"
    case["expect"] = {"error": "naive_time"}
    assert judge(case) == ""


def test_the_whole_file_is_counted() -> None:
    assert run(None) == (len(CASES), [])
