"""The shipped consent cases that need no profile, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_consent_core import SHIPPED, judge, run

CASES: list[dict[str, Any]] = json.loads(SHIPPED.read_text("utf-8"))["cases"]


def _case(title: str) -> dict[str, Any]:
    return copy.deepcopy(next(case for case in CASES if case["title"] == title))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_decision_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == []


def test_the_judge_notices_a_wrong_verdict_and_a_wrong_basis() -> None:
    case = _case("Consent expired yesterday")
    case["expect"] |= {"decision": "permit", "basis": "g1"}
    assert len(judge(case)) == 2


def test_the_judge_notices_an_axis_that_did_not_fail() -> None:
    case = _case("Consent expired yesterday")
    case["expect"]["failed"] = {"g1": {"r1": ["ended", "label"]}}
    assert len(judge(case)) == 1


def test_the_judge_notices_an_obligation_too_few_and_one_too_many() -> None:
    case = _case("Last day of a date-valued expiry")
    case["expect"] |= {"obligations": ["never_heard_of"], "obligations_absent": ["log_disclosure"]}
    assert len(judge(case)) == 2


def test_the_judge_notices_a_wrong_count_of_cells() -> None:
    case = _case("End moved one day forward")
    case["expect"]["lost_count"] += 1
    assert len(judge(case)) == 1


def test_the_judge_notices_a_witness_that_is_none() -> None:
    case = _case("Data period removed")
    case["expect"]["true_witness_gained"]["recipient"] = "org:b"
    assert judge(case) == ["true_witness_gained is not judged"]


def test_the_whole_file_is_counted() -> None:
    assert run(None) == (len(CASES), [])
