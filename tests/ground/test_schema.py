"""The JSON Schema of a document and the document itself take the same."""

from __future__ import annotations

import copy
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import Field

from recoverycore.ground import Count, Document, Number, Text
from tests.ground.samples import Letter, finite, json_values, letters, texts, told

SCHEMA = Letter.model_json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)
# Dates and zones of the right form that there are not: no pattern can tell. (Nor does Python's `$`, before a last line break.)
NEAR = st.sampled_from(
    [
        None, True, False, 0, 1, 4, 5, -1, 3.0, 3.5, 2**53, 1e300, "", "a", "any", "all", "start", "yes", "true", "3", [], [1], ["a"],
        {}, {"k": 1}, {"k": 0}, {"k": 2.0}, {"k": 1, "x-y": []}, {"k": 1, "y": 2}, {"kind": "phone", "number": "1"}, {"kind": "phone",
        "place": "x"}, {"kind": 3}, {"kind": "person", "place": "x", "x-z": 1}, [{"k": 1}, {"k": "1"}], "2026-01-01", "2026-13-01",
        "22:47", "24:00", "24:01", "9:00", "2026-01-01T09:00Z", "2026-01-01T09:00:00", "2026-01-01T09:00:00.5+05:45",
        "2026-01-01 09:00Z", "P1D", "PT15M", "P", "P1M", "PT", "P1DT", "UTC", "GMT", "Europe/London", "posix/Europe/London", "+01:00",
        "GB", ["a"] * 6, {"a": 1}, {"": 1}, {"a": 1.5}, {"from": "09:00", "to": "24:00", "zone": "UTC"}, {"from": "24:00", "to": "09:00",
        "zone": "UTC"}, {"from_": "09:00", "to": "1", "zone": "UTC"}, {"from": "09:00", "to": "24:00", "zone": "UTC", "days": ["mon",
        "sonntag"]},
    ]
)  # fmt: skip
NAMES = st.sampled_from([*SCHEMA["properties"], "from_", "extensions", "x-own", "x-", "X-own", "lvl"])


def taken_by_the_document(data: object) -> bool:
    return not told(lambda: Letter.model_validate(data))


@given(letters)
def test_what_the_document_takes_the_schema_takes(data: dict[str, Any]) -> None:
    assert taken_by_the_document(data)
    VALIDATOR.validate(data)


@given(letters)
def test_what_a_document_writes_its_schema_takes(data: dict[str, Any]) -> None:
    VALIDATOR.validate(Letter.model_validate(data).to_data())


@given(letters, st.dictionaries(NAMES, NEAR, min_size=1, max_size=2))
def test_the_schema_and_the_document_agree_on_a_broken_letter(data: dict[str, Any], changes: dict[str, Any]) -> None:
    changed = {**data, **changes}
    assert VALIDATOR.is_valid(changed) == taken_by_the_document(changed)


@pytest.mark.parametrize("name", list(SCHEMA["properties"]))
@given(NEAR | json_values)
def test_the_schema_and_the_document_agree_on_each_field(name: str, value: object) -> None:
    data = {"id": "a", name: value}
    assert VALIDATOR.is_valid(data) == taken_by_the_document(data)


@given(json_values)
def test_the_schema_and_the_document_agree_on_any_json(value: Any) -> None:
    assert VALIDATOR.is_valid(value) == taken_by_the_document(value)


@given(letters)
def test_the_schema_and_the_document_agree_that_a_needed_field_is_needed(data: dict[str, Any]) -> None:
    changed = copy.deepcopy(data)
    del changed["id"]
    assert not VALIDATOR.is_valid(changed)
    assert told(lambda: Letter.model_validate(changed)) == [("missing_field", "/id")]


def test_the_generated_changes_break_letters_and_leave_some_whole() -> None:
    taken = {taken_by_the_document({"id": "a", "level": value}) for value in (0, 4, 5, "3")}
    assert taken == {True, False}


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_does_not_name_what_only_python_knows() -> None:
    assert not {"extensions", "x-", "from_"} & SCHEMA["properties"].keys()
    assert SCHEMA["patternProperties"] == {"^x-": {}}
    assert SCHEMA["additionalProperties"] is False


class Limits(Document):
    """Limits around fields of every depth, and a field whose name is a limit's in Python."""

    few: Annotated[Count, Field(gt=0, lt=10)]
    even: Annotated[Count, Field(multiple_of=2)] = 0
    many: tuple[Annotated[Count, Field(ge=1)] | None, ...] = ()
    by: dict[Text, Annotated[Number, Field(le=1)]] = Field(default_factory=dict)
    ge: Text = ""


def test_limits_are_published_in_the_words_of_json_schema() -> None:
    published = Limits.model_json_schema()["properties"]
    assert (published["few"]["exclusiveMinimum"], published["few"]["exclusiveMaximum"]) == (0, 10)
    assert published["even"]["multipleOf"] == 2
    assert published["many"]["items"]["anyOf"][0]["minimum"] == 1
    assert published["by"]["additionalProperties"]["maximum"] == 1
    assert published["ge"]["type"] == "string"


@given(
    st.integers(-2, 12),
    st.integers(-3, 3),
    st.lists(st.integers(-1, 3) | st.none(), max_size=2),
    st.dictionaries(texts, finite, max_size=2),
)
def test_the_schema_and_the_document_agree_on_limits(few: int, even: int, many: list[int | None], by: dict[str, float]) -> None:
    data = {"few": few, "even": even, "many": many, "by": by}
    assert Draft202012Validator(Limits.model_json_schema()).is_valid(data) == (not told(lambda: Limits.model_validate(data)))
