"""More questions about whole sets of papers, each reasoned by hand from the rules: the lists are counted, and no proof denies them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.consent.test_reference_cases import answer_to
from tests.suite.judge_consent import SHIPPED, judge, run

FILE = SHIPPED.with_name("consent_plans.json")
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["cases"]
OTHERWISE: dict[str, Any] = {"compare": {"verdict": "neither"}, "redundant": {"ids": ["nobody's"]}, "who_can_see": {"matrix": {}}}


def test_every_question_is_answered_as_its_case_says() -> None:
    assert run(FILE) == (len(CASES), [])


@pytest.mark.parametrize("ask", ["compare", "redundant"])
def test_the_reference_counts_the_same_cells(ask: str) -> None:
    counted = [(case, answer_to(case)) for case in CASES if case["when"]["ask"] == ask and "from" not in case["when"]]
    assert len(counted) > 3
    found = {case["id"]: {name: sorted(value) if name == "ids" else value for name, value in answer.items()} for case, answer in counted}
    assert found == {case["id"]: {name: case["expect"][name] for name in answer} for case, answer in counted}


def test_no_case_passes_with_another_answer() -> None:
    turned = []
    for case in CASES[::3]:
        ask, expect = case["when"]["ask"], case["expect"]
        other = {**expect, **OTHERWISE.get(ask, {name: value + 1 for name, value in expect.items() if name.endswith("_count")})}
        turned.append({**case, "expect": other})
    assert [case["id"] for case in turned if not judge(case)] == []
