"""More consent cases, each reasoned by hand from one sentence of the rules, judged on both deciders."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.consent.fast import fast
from tests.consent.faults import FAULTS, told_wrongly
from tests.consent.test_reference_cases import wrong
from tests.suite.judge_consent import SHIPPED, judge, run

if TYPE_CHECKING:
    from pathlib import Path

FILE = SHIPPED.with_name("consent_more.json")
TREES = SHIPPED.with_name("consent_trees_more.json")
CASES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))["cases"]
OF_TREES: list[dict[str, Any]] = json.loads(TREES.read_text("utf-8"))["cases"]
# An emergency in data is no part of the cases; the other two speak of copies in ways that the cases leave open.
UNSEEN = {"an emergency in data needs nothing", "a copy goes on for ever", "any permit lets a copy go on"}
OPPOSITE = {"permit": "deny", "deny": "permit", "partial": "permit"}


def test_the_fast_decider_decides_as_every_case_says() -> None:
    assert run(FILE) == (len(CASES), [])


def test_it_decides_on_trees_as_every_case_says() -> None:
    assert run(TREES) == (len(OF_TREES), [])


def test_the_reference_decides_as_every_case_says() -> None:
    assert {case["id"]: found for case in [*CASES, *OF_TREES] if (found := wrong(case))} == {}


@pytest.mark.parametrize("judged", [judge, wrong])
def test_no_case_passes_with_the_opposite_verdict(judged: Any) -> None:
    turned = [{**case, "expect": {**case["expect"], "decision": OPPOSITE[case["expect"]["decision"]]}} for case in CASES[::7]]
    assert [case["id"] for case in turned if not judged(case)] == []


def test_what_a_release_rests_on_is_told_nowhere_as_failing() -> None:
    one = [
        case for case in [*CASES, *OF_TREES] if all(len(case["when"]["request"].get(each) or ()) == 1 for each in ("records", "purposes"))
    ]
    released = [answer for answer in map(fast, one) if answer["decision"] == "permit" and isinstance(answer["basis"], str)]
    assert len(released) > 100
    assert [answer for answer in released if answer["basis"] in answer["failed"]] == []


def test_no_two_cases_have_one_id() -> None:
    names = [case["id"] for case in [*CASES, *OF_TREES]]
    assert len(set(names)) == len(names)


@pytest.mark.prove
@pytest.mark.parametrize("fault", sorted(set(FAULTS) - UNSEEN))
def test_some_case_notices_each_sentence_told_wrongly(fault: str, tmp_path: Path) -> None:
    decide = told_wrongly(fault, tmp_path)
    assert any(wrong(case, decide) for case in [*CASES, *OF_TREES])
