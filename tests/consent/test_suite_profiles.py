"""The shipped consent cases, under named profiles and with trees, each judged whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.suite.judge_consent import SHIPPED, judge, run

TREES = SHIPPED.with_name("consent_trees.json")
CASES: list[dict[str, Any]] = [case for file in (SHIPPED, TREES) for case in json.loads(file.read_text("utf-8"))["cases"]]


WITNESS: dict[str, Any] = {
    "recipient": "org:a",
    "purpose": "treatment",
    "labels": ["SUD"],
    "category": "diagnosis",
    "at": "2026-06-15T10:00:00-05:00",
}


def _case(title: str) -> dict[str, Any]:
    return copy.deepcopy(next(case for case in CASES if case["title"] == title))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_decision_is_what_the_case_says(case: dict[str, Any]) -> None:
    assert judge(case) == []


@pytest.mark.parametrize(
    ("title", "expect"),
    [
        ("Consent expired yesterday", {"decision": "permit"}),
        ("Consent expired yesterday", {"basis": "g1"}),
        ("Consent expired yesterday", {"failed": {"g1": {"r1": ["ended", "label"]}}}),
        ("Mixed bundle, one category granted", {"withheld": ["r2"]}),
        ("Last day of a date-valued expiry", {"obligations": ["never_heard_of"]}),
        ("Last day of a date-valued expiry", {"obligations_absent": ["part2_notice"]}),
        ("Form is deficient: no purpose", {"needed": ["element:signature"]}),
        ("Patient asks for own record", {"entries": ["2026-01-01"]}),
        ("End moved one day forward", {"verdict": "equal"}),
        ("End moved one day forward", {"lost_count": 23}),
        ("Any purpose, but proceedings have their bar", {"holds": False}),
        ("Two label halves are not their whole", {"ids": ["g1"]}),
        ("Matrix under a star and a refusal", {"matrix": {}}),
        ("Criminal-justice consent not yet revocable", {"still_count": 1}),
        ("Criminal-justice consent not yet revocable", {"true_still": "true_witness_lost"}),
        ("Withdraw a refusal", {"true_witness_gained": {**WITNESS, "labels": ["HIV"]}}),
        ("Data period removed", {"true_witness_gained": {**WITNESS, "date": "2026-02-01"}}),
        ("HIV never leaves at all, but one box says every label", {"true_witness": {**WITNESS, "recipient": "org:b"}}),
    ],
)
def test_the_judge_notices_each_thing_that_is_wrong(title: str, expect: dict[str, Any]) -> None:
    case = _case(title)
    case["expect"] |= {name: case["expect"].get(value, value) if isinstance(value, str) else value for name, value in expect.items()}
    assert len(judge(case)) == 1


def test_a_case_that_cannot_be_read_fails_and_tells_why() -> None:
    case = _case("Consent expired yesterday")
    case["when"]["request"]["at"] = "2026-06-15T10:00:00"
    assert judge(case) == ["refused: naive_time at /at"]


def test_a_tree_with_a_criterion_that_nobody_knows_is_refused_and_not_read_without_it() -> None:
    case = _case("Exception by purpose")
    case["given"]["directives"][0]["provisions"][0]["weather"] = ["rain"]
    assert judge(case) == ["refused: unknown_field at /provisions/0/?"]


def test_every_case_is_counted() -> None:
    assert run(None)[0] + run(TREES)[0] == len(CASES)


def test_a_question_that_there_is_not_fails() -> None:
    case = _case("Matrix under a star and a refusal")
    case["when"]["ask"] = "who_may_see"
    assert judge(case) == ["who_may_see is no question"]


def test_a_proof_that_denies_what_the_list_shows_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recoverycore.consent.plan.plan.find", lambda *_, **__: {})
    assert judge(_case("End moved one day forward")) == ["the list shows lost and the proof denies it"]
    assert judge(_case("HIV never leaves at all, but one box says every label")) == [
        "the list shows a counterexample and the proof denies it"
    ]
