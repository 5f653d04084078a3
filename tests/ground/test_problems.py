"""From what a validator found to problems that name the place and the next step."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.errors import DocumentError, catalogue
from recoverycore.ground import Count, Document, Id, Number, Sensitive, Text, pointer
from tests.ground.samples import ByPhone, InPerson, Letter, Part, told


class Place(Document):
    """A document whose own checks name a place and a detail."""

    region: Text = ""
    reasons: dict[Id, Text] = Field(default_factory=dict)
    by: dict[Literal["day", "night"], Part] = Field(default_factory=dict)
    either: Part | ByPhone | None = None
    codes: tuple[Annotated[Text, Field(pattern="^[a-z]+$")], ...] = Field(default=(), min_length=2)
    few: tuple[Text, ...] = Field(default=(), min_length=1)
    short: Annotated[Text, Field(max_length=3)] = ""
    even: Annotated[Count, Field(multiple_of=2)] = 0
    share: Annotated[Number, Field(gt=0, lt=1)] = 0.5

    @field_validator("region")
    @classmethod
    def _not_the_moon(cls, value: str) -> str:
        if value == "moon":
            raise PydanticCustomError("recovery", "{name}", {"name": "not_listed"})
        if value == "mars":
            message = f"{value} is no region"
            raise ValueError(message)
        if value == "venus":
            raise PydanticCustomError("recovery", "{name}", {"name": "never heard of"})
        return value

    @model_validator(mode="after")
    def _no_reason_twice(self) -> Place:
        if len(set(self.reasons.values())) < len(self.reasons):
            raise PydanticCustomError("recovery", "{name}", {"name": "duplicate_id", "at": ("reasons", 1, "two words"), "detail": "2 of 3"})
        return self


def found(**data: Any) -> list[str]:
    with pytest.raises(DocumentError) as raised:
        Place.model_validate(data)
    return [str(each) for each in raised.value.problems]


@given(st.lists(st.integers(0) | st.from_regex(r"[A-Za-z0-9_.:-]{1,64}", fullmatch=True)))
def test_a_pointer_is_the_way_from_the_top(parts: list[str | int]) -> None:
    assert pointer(parts) == "".join(f"/{part}" for part in parts)


@pytest.mark.parametrize("part", ["", "two words", "a/b", "a~b", "a" * 65, "a\n", "\N{ZERO WIDTH SPACE}"])
def test_a_part_of_a_pointer_that_is_no_plain_word_is_not_repeated(part: str) -> None:
    assert pointer(["a", part, 0]) == "/a/?/0"


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        ({"region": "moon"}, [("not_listed", "/region")]),
        ({"region": "mars"}, [("bad_value", "/region")]),
        ({"region": "venus"}, [("bad_value", "/region")]),
        ({"reasons": {"a": "x", "b": "x"}}, [("duplicate_id", "/reasons/1/?")]),
        ({"reasons": {"bluebird": 1}}, [("wrong_type", "/reasons/?")]),
        ({"reasons": {"": "x"}}, [("blank", "/reasons/?")]),
        ({"by": {"day": {"k": 0}}}, [("bad_value", "/by/day/k")]),
        ({"by": {"bluebird": {"k": 1}}}, [("not_listed", "/by/?")]),
        ({"by": {"day": {"kk": 1}}}, [("unknown_field", "/by/day/?"), ("missing_field", "/by/day/k")]),
        ({"codes": ["a"]}, [("bad_value", "/codes")]),
        ({"codes": ["a", "b", "C"]}, [("bad_value", "/codes/2")]),
        ({"codes": "ab"}, [("wrong_type", "/codes")]),
        ({"few": []}, [("blank", "/few")]),
        ({"short": "four"}, [("bad_value", "/short")]),
        ({"even": 3}, [("bad_value", "/even")]),
        ({"share": 1.5}, [("bad_value", "/share")]),
        ({"share": 0, "even": "2"}, [("wrong_type", "/even"), ("bad_value", "/share")]),
    ],
)
def test_each_problem_has_its_name_and_place(data: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert told(lambda: Place.model_validate(data)) == problems


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        ({"codes": ["a"]}, "(min_length 2)"),
        ({"short": "four"}, "(max_length 3)"),
        ({"even": 3}, "(multiple_of 2)"),
        ({"share": 1.5}, "(lt 1)"),
        ({"share": 0}, "(gt 0)"),
        ({"by": {"x": {"k": 1}}}, "(possible: 'day' or 'night')"),
        ({"reasons": {"a": "x", "b": "x"}}, "(2 of 3)"),
    ],
)
def test_a_limit_is_told_with_the_problem(data: dict[str, Any], detail: str) -> None:
    assert detail in found(**data)[0]


def test_the_branches_of_a_union_are_no_part_of_a_place() -> None:
    places = {place for _, place in told(lambda: Place.model_validate({"either": {"k": 0, "kind": "fax"}}))}
    assert places == {"/either/k", "/either/kind", "/either/number", "/either/?"}


def test_a_tag_that_is_not_known_or_not_there_is_told() -> None:
    assert told(lambda: Letter.model_validate({"id": "a", "reach": {"kind": "fax"}})) == [("not_listed", "/reach")]
    assert told(lambda: Letter.model_validate({"id": "a", "reach": {"place": "x"}})) == [("missing_field", "/reach")]


@pytest.mark.parametrize(
    ("key", "guess", "place"),
    [
        ("regoin", "region", "/regoin"),
        ("regiion", "region", "/regiion"),
        ("reason", "reasons", "/reason"),
        ("raesons", "reasons", "/raesons"),
        ("reasonz", "reasons", "/reasonz"),
        # Near enough to guess, and yet it may be a name.
        ("regina", "region", "/?"),
        ("code", "codes", "/?"),
        ("coded", "codes", "/?"),
        ("sharon", "share", "/?"),
        ("bluebird", None, "/?"),
    ],
)
def test_an_unknown_field_is_repeated_only_when_it_is_a_slip_of_the_key(key: str, guess: str | None, place: str) -> None:
    with pytest.raises(DocumentError) as raised:
        Place.model_validate({key: "x"})
    (only,) = raised.value.problems
    assert (only.name, only.did_you_mean, only.path) == ("unknown_field", guess, place)


def test_a_guess_is_made_among_the_fields_of_that_place() -> None:
    with pytest.raises(DocumentError, match="Did you mean 'label'"):
        Letter.model_validate({"id": "a", "parts": [{"k": 1, "labl": "x"}]})
    with pytest.raises(DocumentError, match="Did you mean 'number'"):
        Letter.model_validate({"id": "a", "reach": {"kind": "phone", "number": "1", "numbr": "x"}})


def test_a_misspelt_field_that_is_needed_is_told_once() -> None:
    with pytest.raises(DocumentError) as raised:
        InPerson.model_validate({"kind": "person", "plaace": "x"})
    assert [(each.name, each.did_you_mean) for each in raised.value.problems] == [("unknown_field", "place")]


def test_a_field_is_guessed_as_it_is_written_and_not_as_python_calls_it() -> None:
    with pytest.raises(DocumentError, match="Did you mean 'from'"):
        Letter.model_validate({"id": "a", "from_": "start"})


def test_hundreds_of_unknown_fields_are_told_without_guessing_for_each() -> None:
    with pytest.raises(DocumentError) as raised:
        Place.model_validate({f"regi{chr(0x4E00 + n)}n": 1 for n in range(300)})
    guessed = [each for each in raised.value.problems if each.did_you_mean]
    assert len(raised.value.problems) > len(guessed) == 100


def test_unknown_fields_that_are_not_repeated_are_counted() -> None:
    assert "(2 of them)" in found(bluebird=1, kestrel=2)[0]
    assert "of them" not in found(bluebird=1)[0]


def test_problems_stand_in_the_order_of_their_places() -> None:
    places = [place for _, place in told(lambda: Letter.model_validate({"words": [1, 2], "level": 9, "at": 3, "parts": [{}, {}]}))]
    assert places == sorted(places)
    assert len(places) == len(set(places)) == 7


@pytest.mark.parametrize("value", [3, "x", [], [3], {"k": []}, {"": {}}, {"number": Sensitive("x"), "kind": 3}])
def test_every_problem_of_a_union_is_in_the_catalogue(value: object) -> None:
    assert {name for name, _ in told(lambda: Place.model_validate({"either": value}))} <= catalogue().keys()
