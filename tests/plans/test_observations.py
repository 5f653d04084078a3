"""What is said about a goal, and which of it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans.observations import Observation, holding
from tests.plans.goal_strategies import entries, entry, instants

LATE = datetime(2026, 12, 31, tzinfo=UTC)


def held(*observations: Observation, known_at: datetime = LATE) -> set[str]:
    return {each.id for each in holding(observations, known_at)}


@pytest.mark.parametrize(
    "said",
    [
        {"date": "2026-03-02", "value": "declined"},
        {"at": "2026-03-02T20:00:00Z"},
        {"at": "2026-03-02T20:00:00Z", "value": "no"},
        {"at": "2026-03-02T20:00:00Z", "amount": 2},
        {"date": "2026-03-02"},
        {"date": "2026-03-02", "value": "yes", "amount": 2},
        {"date": "2026-03-02", "total": 0},
        {"summary_from": "2026-03-02", "total": 0},
        {"date": "2026-03-02", "value": "no", "corrects": "o0"},
        {"retracts": "o0"},
    ],
)
def test_one_statement_can_be_written_and_comes_back_as_it_was(said: dict[str, Any]) -> None:
    written = entry("o1", **said).to_data()
    assert Observation.model_validate(written).to_data() == {"id": "o1", "by": "client", "recorded_at": "2026-03-23T12:00:00Z", **said}


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"value": "yes"},
        {"total": 3},
        {"date": "2026-03-02", "at": "2026-03-02T20:00:00Z"},
        {"date": "2026-03-02", "value": "no", "amount": 2},
        {"date": "2026-03-02", "value": "no", "total": 0},
        {"at": "2026-03-02T20:00:00Z", "total": 1},
        {"summary_from": "2026-03-02"},
        {"summary_from": "2026-03-02", "date": "2026-03-02", "total": 1},
        {"corrects": "o0"},
        {"retracts": "o0", "date": "2026-03-02", "value": "no"},
        {"retracts": "o0", "corrects": "o0"},
    ],
)
def test_nothing_and_two_things_at_once_are_refused(said: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match="not_one_statement"):
        entry("o1", **said)


@pytest.mark.parametrize("said", [{"total": -1}, {"amount": 0}])
def test_less_than_nothing_did_not_happen(said: dict[str, int]) -> None:
    with pytest.raises(DocumentError, match="bad_value"):
        entry("o1", date="2026-03-02", **said)


def test_what_is_recorded_later_is_not_known_yet() -> None:
    early = entry("o1", at="2026-03-02T20:00:00Z", recorded_at="2026-03-03T00:00:00Z")
    assert held(early, known_at=datetime(2026, 3, 3, tzinfo=UTC)) == {"o1"}
    assert held(early, known_at=datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)) == set()


def test_of_two_entries_with_one_id_the_one_recorded_first_counts() -> None:
    first = entry("o1", date="2026-03-02", value="no", recorded_at="2026-03-03T00:00:00Z")
    again = entry("o1", date="2026-03-02", value="yes", recorded_at="2026-03-04T00:00:00Z")
    assert holding([again, first], LATE) == (first,)


def test_a_correction_stands_in_for_the_entry_whole() -> None:
    assert held(entry("o1", date="2026-03-02", value="no"), entry("k1", date="2026-03-08", value="yes", corrects="o1")) == {"k1"}


def test_of_several_corrections_the_one_recorded_last_holds_whatever_it_corrects() -> None:
    original = entry("o1", date="2026-03-02", value="no")
    first = entry("k1", date="2026-03-02", value="yes", corrects="o1", recorded_at="2026-03-25T00:00:00Z")
    of_the_first = entry("k2", date="2026-03-03", value="yes", corrects="k1", recorded_at="2026-03-24T00:00:00Z")
    assert held(original, first, of_the_first) == {"k1"}


def test_of_two_corrections_at_once_the_greater_id_holds() -> None:
    original = entry("o1", date="2026-03-02", value="no")
    assert held(original, *(entry(name, date="2026-03-02", value="yes", corrects="o1") for name in ("k1", "k9", "k2"))) == {"k9"}


def test_a_correction_holds_also_when_it_was_recorded_before_its_entry() -> None:
    correction = entry("k1", date="2026-03-02", value="yes", corrects="o1", recorded_at="2026-03-03T00:00:00Z")
    assert held(entry("o1", date="2026-03-02", value="no"), correction) == {"k1"}


def test_after_a_retraction_nothing_is_left_not_even_of_a_corrected_entry() -> None:
    corrected = entry("k1", date="2026-03-02", value="yes", corrects="o1")
    taken_back = entry("r1", retracts="k1", recorded_at="2026-03-24T00:00:00Z")
    assert held(entry("o1", date="2026-03-02", value="no"), corrected, taken_back) == set()


def test_a_correction_after_a_retraction_brings_a_statement_back() -> None:
    corrected = entry("k1", date="2026-03-02", value="yes", corrects="o1", recorded_at="2026-03-25T00:00:00Z")
    taken_back = entry("r1", retracts="o1", recorded_at="2026-03-24T00:00:00Z")
    assert held(entry("o1", date="2026-03-02", value="no"), corrected, taken_back) == {"k1"}


def test_an_amendment_of_what_is_not_known_says_nothing() -> None:
    assert (
        held(entry("k1", date="2026-03-02", value="yes", corrects="o1"), entry("k2", date="2026-03-02", value="no", corrects="k1")) == set()
    )


def test_amendments_in_a_circle_say_nothing() -> None:
    one = entry("k1", date="2026-03-02", value="yes", corrects="k2")
    other = entry("k2", date="2026-03-02", value="no", corrects="k1")
    assert held(one, other, entry("k3", date="2026-03-02", value="no", corrects="k3"), entry("o1", date="2026-03-02")) == {"o1"}


@given(entries(), st.randoms())
def test_the_order_of_entries_and_their_repetition_never_matter(observations: list[Observation], random: Any) -> None:
    shuffled = observations * 2
    random.shuffle(shuffled)
    assert set(holding(shuffled, LATE)) == set(holding(observations, LATE))


@given(entries(), instants)
def test_what_is_recorded_later_never_changes_what_was_known(observations: list[Observation], known_at: datetime) -> None:
    then = [each for each in observations if each.recorded_at <= known_at]
    assert set(holding(observations, known_at)) == set(holding(then, known_at))
