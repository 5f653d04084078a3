"""Grading tests: what they notice of the planted faults, and that nothing is said of tests that accuse whoever is right."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, consent_laws, grade
from recoverycore.testing.consent.stories import permit, story

Json = dict[str, Any]


def ends(decide: Any) -> None:
    """One test of a user: a permit ends at its instant."""
    over = permit(expires={"kind": "instant", "value": "2026-06-15T10:00:00-05:00"})
    assert decide(story(over))["decision"] == "deny"


def needs_a_purpose(decide: Any) -> bool:
    """Another, that returns False."""
    return bool(decide(story(permit(), purposes=["marketing"]))["decision"] == "deny")


def test_what_is_noticed_and_what_is_not_is_told() -> None:
    found = grade(ends)
    names = {each.name for each in found.missed}
    assert "the end is inside" not in names
    assert "for any purpose" in names
    assert f"Your tests notice {len(ENGINES) - len(names)} of {len(ENGINES)} broken engines." in str(found)
    assert "not noticed: for any purpose. The purpose is never compared. See the law a_permit_covers_just_what_it_says." in str(found)


def test_returning_false_is_noticing() -> None:
    assert "for any purpose" not in {each.name for each in grade(needs_a_purpose).missed}


def test_returning_nothing_is_no_notice() -> None:
    assert len(grade(lambda _: None).missed) == len(ENGINES)


def test_the_grade_is_rows_too() -> None:
    rows = grade(ends, engines=[ENGINES["the end is inside"]]).to_rows()
    law = "a_permit_works_from_start_to_end"
    wrong = "A permit still works at the very instant at which it ends."
    assert rows == [{"engine": "the end is inside", "wrong": wrong, "law": law, "noticed": True}]


def test_tests_that_accuse_whoever_is_right_are_refused() -> None:
    with pytest.raises(ValueError, match=r"nothing is broken \(they returned False\)"):
        grade(lambda _: False)


def test_a_decider_of_ones_own_is_broken_in_the_same_ways() -> None:
    asked: list[str] = []

    def mine(case: Json) -> Json:
        asked.append("mine")
        return reference_decide(case)

    assert grade(ends, decide=mine, engines=[ENGINES["for any purpose"]]).missed
    assert len(asked) == 2


def test_all_names_and_sentences_are_different() -> None:
    assert len({each.wrong for each in ENGINES.values()}) == len(ENGINES) > 25


def test_what_an_engine_remembers_it_remembers_for_itself() -> None:
    case = story(permit())
    first, second = (ENGINES["moody"].decider() for _ in range(2))
    assert first(case)["decision"] == second(case)["decision"]


@pytest.mark.prove
def test_the_laws_notice_every_broken_engine() -> None:
    assert grade(consent_laws).ok
