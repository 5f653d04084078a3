"""Grading tests: what they notice of the planted faults, and that nothing is said of tests that accuse whoever is right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, by_pytest, consent_laws, grade
from recoverycore.testing.consent.stories import permit, story

if TYPE_CHECKING:
    from pathlib import Path

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


def test_tests_that_pass_one_time_and_accuse_the_next_are_refused() -> None:
    asked: list[Any] = []

    def moody(decide: Any) -> bool:
        asked.append(decide)
        return len(asked) % 2 == 1

    with pytest.raises(ValueError, match="nothing is broken one time of two"):
        grade(moody)


@pytest.mark.parametrize("ends", [lambda _: sys.exit(0), lambda _: pytest.skip("not here"), lambda _: pytest.fail("so it is")])
def test_tests_that_leave_the_program_or_are_skipped_do_not_pass_for_tests_that_ran(ends: Any) -> None:
    with pytest.raises(ValueError, match=r"nothing is broken \(ended by \w+ at "):
        grade(ends)


def test_whoever_presses_a_key_is_let_through() -> None:
    def stopped(_: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(stopped)


async def runs_later(decide: Any) -> None:
    ends(decide)


def yields(decide: Any) -> Any:
    yield ends(decide)


async def both(decide: Any) -> Any:
    yield ends(decide)


@pytest.mark.parametrize("tests", [runs_later, yields, both])
def test_tests_in_which_nothing_has_run_are_refused(tests: Any) -> None:
    with pytest.raises(TypeError, match="so nothing in it has run"):
        grade(tests)


@pytest.mark.parametrize("tests", [None, lambda: None, divmod, "tests/test_consent.py"])
def test_what_takes_no_decider_is_refused(tests: Any) -> None:
    with pytest.raises(TypeError, match="called as my_tests"):
        grade(tests)


def test_of_tests_for_pytest_the_one_that_fails_is_named(tmp_path: Path) -> None:
    file = tmp_path / "test_wrong.py"
    file.write_text("def test_wrong(consent_decider): assert consent_decider is None")
    with pytest.raises(ValueError, match=r"nothing is broken \(.*test_wrong.py::test_wrong failed\)"):
        grade(by_pytest(str(file), "--rootdir", str(tmp_path)))


def test_where_pytest_finds_no_test_it_says_why(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no verdict: ERROR: file or directory not found") as told:
        grade(by_pytest(str(tmp_path / "test_nope.py")))
    assert type(told.value) is ValueError


def test_a_decider_of_ones_own_is_broken_in_the_same_ways() -> None:
    asked: list[str] = []

    def mine(case: Json) -> Json:
        asked.append("mine")
        return reference_decide(case)

    assert grade(ends, decide=mine, engines=[ENGINES["for any purpose"]]).missed
    assert len(asked) == 3  # twice as it stands, and once broken


def test_all_names_and_sentences_are_different() -> None:
    assert len({each.wrong for each in ENGINES.values()}) == len(ENGINES) > 25


def test_what_an_engine_remembers_it_remembers_for_itself() -> None:
    case = story(permit())
    first, second = (ENGINES["moody"].decider() for _ in range(2))
    assert first(case)["decision"] == second(case)["decision"]


@pytest.mark.prove
def test_the_laws_notice_every_broken_engine() -> None:
    assert grade(consent_laws).ok
