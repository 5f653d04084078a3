"""Canonical JSON and its digest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.ground import canonical_json, digest
from tests.ground.samples import json_values


def turned(value: Any) -> Any:
    """`value` with the keys of every object in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(list(value))}
    if isinstance(value, list):
        return [turned(each) for each in value]
    return value


@given(json_values)
def test_equal_values_have_one_text_whatever_the_order_of_their_keys(value: Any) -> None:
    assert canonical_json(turned(value)) == canonical_json(value)
    assert digest(turned(value)) == digest(value)


@given(json_values)
def test_the_text_reads_back_as_the_value(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value


@given(json_values, json_values)
def test_values_with_one_text_are_equal(one: Any, other: Any) -> None:
    assert (canonical_json(one) == canonical_json(other)) <= (one == other)


@given(st.lists(st.integers(), min_size=2, unique=True))
def test_the_order_of_a_list_is_part_of_its_meaning(items: list[int]) -> None:
    assert digest(items) != digest(items[::-1])


def test_the_text_has_no_spaces_and_keeps_every_letter() -> None:
    assert canonical_json({"b": [1, None], "a": "Zoë"}) == '{"a":"Zoë","b":[1,null]}'


def test_how_a_number_is_written_counts() -> None:
    assert canonical_json(1) != canonical_json(1.0)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_no_text(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json([number])


def test_the_digest_is_sha_256_of_the_text_in_utf_8() -> None:
    assert digest("é") == "f2886017e9c7abacf804b54d64787dce2b611c9544ba21f3affdd126a6e50086"
