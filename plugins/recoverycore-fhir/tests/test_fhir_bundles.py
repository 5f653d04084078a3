"""A bundle that was filtered holds what is released, and tells nothing of what is not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import ConsentBook, Decision, Directive, Record
from recoverycore.errors import DocumentError
from recoverycore.ground import parse_instant
from recoverycore_fhir import filtered, record_id

Json = dict[str, Any]
NUMBERS = range(6)
AT = parse_instant("2026-06-15T12:00:00Z")


def observation(number: int, **search: str) -> Json:
    entry: Json = {
        "fullUrl": f"https://clinic.example/Observation/o{number}",
        "resource": {"resourceType": "Observation", "id": f"o{number}"},
    }
    return {**entry, "search": search} if search else entry


def searchset(*entries: Json) -> Json:
    links = [{"relation": "next", "url": "https://clinic.example/Observation?page=2"}]
    return {"resourceType": "Bundle", "id": "b1", "type": "searchset", "total": 41, "link": links, "entry": list(entries)}


def releasing(numbers: set[int], asked: set[int] | None = None) -> Decision:
    """A decision on the observations that were `asked` for, which releases those of these `numbers`."""
    box = {"labels": "*", "categories": [f"kind-{each}" for each in sorted(numbers)], "purposes": "*", "recipients": "*"}
    permit = Directive.model_validate({"id": "g1", "polarity": "permit", "discloser": "*", "boxes": [box]})
    records = [Record(id=f"Observation/o{each}", category=f"kind-{each}") for each in sorted(set(NUMBERS) if asked is None else asked)]
    return ConsentBook([permit]).decide(who="lee", sees=records, why="treatment", at=AT)


def test_it_holds_what_is_released_in_its_order_and_counts_no_more() -> None:
    bundle = filtered(searchset(observation(2), observation(0), observation(1)), releasing({0, 2}))
    assert bundle == {"resourceType": "Bundle", "type": "searchset", "total": 2, "entry": [observation(2), observation(0)]}


def test_nothing_released_looks_like_nothing_found() -> None:
    assert filtered(searchset(observation(1)), releasing(set())) == filtered(searchset(), releasing(set()))
    assert filtered(searchset(), releasing({0})) == {"resourceType": "Bundle", "type": "searchset", "total": 0}


def test_what_comes_along_is_filtered_too_and_is_no_match() -> None:
    outcome = {"resource": {"resourceType": "OperationOutcome"}, "search": {"mode": "outcome"}}
    bundle = filtered(searchset(observation(0, mode="match"), observation(1, mode="include"), outcome), releasing({0, 1}))
    assert (bundle["total"], [record_id(each["resource"]) for each in bundle["entry"]]) == (1, ["Observation/o0", "Observation/o1"])


@given(st.sets(st.sampled_from(NUMBERS)), st.sets(st.sampled_from(NUMBERS)), st.lists(st.sampled_from(NUMBERS)))
def test_what_was_not_asked_for_is_never_in_it(released: set[int], asked: set[int], shown: list[int]) -> None:
    bundle = filtered(searchset(*map(observation, shown)), releasing(released, asked))
    assert bundle.get("entry", []) == [observation(each) for each in shown if each in released & asked]


@pytest.mark.parametrize("kind", ["document", "message", "transaction", "history", None])
def test_what_is_nothing_by_halves_is_refused(kind: str | None) -> None:
    with pytest.raises(DocumentError) as caught:
        filtered({**searchset(observation(0)), "type": kind}, releasing({0}))
    assert [(each.name, each.path) for each in caught.value.problems] == [("not_listed", "/type")]


@pytest.mark.parametrize("given_", [{}, {"resourceType": "Patient"}, {"resourceType": "Bundle", "type": "searchset", "entry": {}}])
def test_what_is_no_bundle_is_refused(given_: Json) -> None:
    with pytest.raises(DocumentError, match="wrong_type"):
        filtered(given_, releasing({0}))


@pytest.mark.parametrize("entry", [None, {}, {"resource": None}, {"resource": {"resourceType": "Observation"}}, {"resource": {"id": 4}}])
def test_an_entry_that_names_no_record_is_left_out(entry: Any) -> None:
    assert "entry" not in filtered({**searchset(), "entry": [entry]}, releasing(set(NUMBERS)))
