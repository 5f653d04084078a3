"""The shipped cases of the rule language, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_rules import SHIPPED, judge, run

SUITE: dict[str, Any] = json.loads(SHIPPED.read_text("utf-8"))
CASES: list[dict[str, Any]] = SUITE["cases"]
FACTS: dict[str, Any] = SUITE["conventions"]["facts"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_rules_say_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case, FACTS) == ""


@pytest.mark.parametrize("kind", sorted({case["when"] for case in CASES}))
def test_the_judge_notices_a_wrong_expectation(kind: str) -> None:
    case = copy.deepcopy(next(case for case in CASES if case["when"] == kind))
    case["expect"][next(iter(case["expect"]))] = "something else"
    assert judge(case, FACTS) != ""


def test_a_case_of_an_unknown_kind_is_no_pass() -> None:
    assert judge({**CASES[0], "when": "guess"}, FACTS) != ""


def test_the_whole_file_is_counted() -> None:
    assert run(None) == (len(CASES), [])
