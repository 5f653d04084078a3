"""The base of every document: strict, frozen, extensible, changed only by making a new one."""

from __future__ import annotations

import copy
import json
import pickle
from functools import cached_property
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import Document, Id, Sensitive, Text, canonical_json, digest, loads
from tests.ground.samples import Letter, Part, extensions, letters, told

ROBIN = Letter(id="robin", words=("a", "b"), note=Sensitive("kite"), parts=(Part(k=1),))


class Sheet(Document):
    """A document that never stands alone."""

    id: Id
    text: Text = ""


class Measured(Sheet):
    """A document that works something out once."""

    @cached_property
    def length(self) -> int:
        return len(self.text)


@given(letters)
def test_a_document_reads_back_from_its_data_as_it_was(data: dict[str, Any]) -> None:
    letter = Letter.model_validate(data)
    assert loads(json.dumps(letter.to_data()), Letter) == letter


@given(letters)
def test_a_document_reads_back_from_its_envelope_as_it_was(data: dict[str, Any]) -> None:
    letter = Letter.model_validate(data)
    assert loads(canonical_json(letter.to_envelope()), Letter) == letter
    assert loads(canonical_json(letter.to_envelope()), Letter).to_data() == letter.to_data()


@given(letters)
def test_what_was_not_said_is_not_written(data: dict[str, Any]) -> None:
    assert Letter.model_validate(data).to_data().keys() == data.keys()


@given(extensions)
def test_fields_of_your_own_survive_a_round_trip(own: dict[str, Any]) -> None:
    sheet = loads(json.dumps({"id": "a", **own}), Sheet)
    assert sheet.extensions == own
    assert sheet.to_data() == {"id": "a", **own}


def test_fields_of_your_own_survive_in_a_nested_document() -> None:
    data = {"id": "a", "parts": [{"k": 1, "x-colour": {"deep": [1]}}], "quorum": {"k": 2, "x-why": None}}
    assert loads(json.dumps(data), Letter).to_data() == data


def test_python_finds_fields_of_your_own_in_extensions_and_gives_them_by_their_names() -> None:
    assert Sheet(id="a", **{"x-b": 1}).extensions == {"x-b": 1}  # type: ignore[arg-type]  # it may be any JSON
    assert told(lambda: Sheet.model_validate({"id": "a", "extensions": {"x-b": 1}})) == [("unknown_field", "/?")]
    assert Sheet.model_validate({"id": "a", "x-": {"x-b": 1}}).to_data() == {"id": "a", "x-": {"x-b": 1}}
    assert Sheet(id="a").extensions == {}


def test_only_names_that_begin_with_x_are_your_own() -> None:
    assert told(lambda: Sheet(id="a", **{"X-b": "1"})) == [("unknown_field", "/?")]
    assert told(lambda: Sheet.model_validate({"id": "a", "X-b": [float("nan"), object()]})) == [("unknown_field", "/?")]
    assert told(lambda: Sheet.model_validate({"id": "a", "x-\ud800": 1})) == [("wrong_type", "")]


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], "\ud800", {"\ud800": 1}, 16**5000], ids=range(5))
def test_a_field_of_your_own_holds_only_what_can_be_written(value: object) -> None:
    assert told(lambda: Sheet.model_validate({"id": "a", "x-b": value})) == [("bad_value", "/?")]


@pytest.mark.parametrize("value", [object(), {1: 2}, (1,), b"x", {1}], ids=range(5))
def test_a_field_of_your_own_holds_json_only(value: object) -> None:
    assert {name for name, _ in told(lambda: Sheet.model_validate({"id": "a", "x-b": value}))} == {"wrong_type"}


def test_a_value_that_holds_itself_is_too_deep() -> None:
    endless: list[Any] = []
    endless.append(endless)
    assert [name for name, _ in told(lambda: Sheet.model_validate({"id": "a", "x-b": endless}))] == ["too_deep"]


def test_what_was_given_can_change_without_the_document() -> None:
    given_ = {"id": "a", "x-b": [1]}
    sheet = Sheet.model_validate(given_)
    given_["x-b"].append(2)  # type: ignore[attr-defined]  # it is the list
    assert sheet.to_data() == {"id": "a", "x-b": [1]}


@pytest.mark.parametrize(
    "act",
    [
        lambda: setattr(ROBIN, "id", "b"),
        lambda: setattr(ROBIN, "extensions", {}),
        lambda: setattr(ROBIN, "unheard_of", 1),
        lambda: delattr(ROBIN, "id"),
        lambda: delattr(ROBIN, "unheard_of"),
        lambda: setattr(ROBIN.parts[0], "k", 2),
    ],
)
def test_a_document_is_never_changed_in_place(act: Any) -> None:
    before = digest(ROBIN.to_data())
    with pytest.raises(DocumentError, match=r"RC1027 frozen: .*evolve"):
        act()
    assert digest(ROBIN.to_data()) == before


def test_the_field_that_was_to_change_is_named() -> None:
    assert told(lambda: setattr(ROBIN, "id", "b")) == [("frozen", "/id")]


def test_lists_in_a_document_are_tuples() -> None:
    assert Letter.model_validate({"id": "a", "words": ["b"], "parts": [{"k": 1}]}).words == ("b",)


def test_evolving_makes_a_new_document_and_leaves_the_old_one() -> None:
    newer = ROBIN.evolve(level=3)
    assert (newer.level, ROBIN.level) == (3, 0)
    assert newer.evolve(level=0) == ROBIN


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"level": 9}, [("bad_value", "/level")]),
        ({"level": "3"}, [("wrong_type", "/level")]),
        ({"id": ""}, [("blank", "/id")]),
        ({"at": "2026-01-01T09:00:00"}, [("naive_time", "/at")]),
        ({"parts": [{"k": 0}]}, [("bad_value", "/parts/0/k")]),
        ({"unheard_of": 1, "id": 3}, [("unknown_field", "/?"), ("wrong_type", "/id")]),
        ({"extensions": {"a": 1}}, [("unknown_field", "/?")]),
    ],
)
def test_evolving_validates_again(changes: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert told(lambda: ROBIN.evolve(**changes)) == problems


@given(letters)
def test_evolving_without_a_change_is_the_same_document(data: dict[str, Any]) -> None:
    letter = Letter.model_validate(data)
    assert letter.evolve() == letter
    assert letter.evolve().to_data() == letter.to_data()


def test_evolving_keeps_fields_of_your_own_or_takes_new_ones() -> None:
    sheet = Sheet.model_validate({"id": "a", "x-b": 1})
    assert sheet.evolve(text="t").to_data() == {"id": "a", "text": "t", "x-b": 1}
    assert sheet.evolve(**{"x-c": 2}).to_data() == {"id": "a", "x-b": 1, "x-c": 2}
    assert sheet.evolve(**{"x-b": 2}).to_data() == {"id": "a", "x-b": 2}


def test_evolving_speaks_of_a_field_as_python_does() -> None:
    assert ROBIN.evolve(from_="end").to_data()["from"] == "end"


@given(letters)
def test_equal_documents_have_one_hash(data: dict[str, Any]) -> None:
    data.pop("tally", None)  # an object has no hash
    one, other = Letter.model_validate(data), Letter.model_validate(copy.deepcopy(data))
    assert one == other
    assert len({one, other}) == 1


def test_documents_of_two_kinds_are_never_equal() -> None:
    assert Sheet(id="a") != Letter(id="a")  # type: ignore[comparison-overlap]  # which is the claim


def test_a_repr_shows_the_id_and_nothing_else() -> None:
    assert repr(ROBIN) == str(ROBIN) == f"{ROBIN}" == "Letter(id='robin')"
    assert repr(Part(k=1)) == "Part()"


def test_a_document_without_sensitive_text_can_be_pickled() -> None:
    sheet = Sheet.model_validate({"id": "a", "x-b": [1]})
    assert pickle.loads(pickle.dumps(sheet)) == sheet  # noqa: S301 - our own bytes


def test_a_document_can_be_copied() -> None:
    assert copy.copy(ROBIN) == copy.deepcopy(ROBIN) == ROBIN


@pytest.mark.parametrize("deep", [False, True])
def test_a_copy_takes_nothing_along_that_was_worked_out_from_other_fields(*, deep: bool) -> None:
    sheet = Measured(id="a", text="kite")
    assert sheet.length == 4
    assert sheet.model_copy(update={"text": "kites"}, deep=deep).length == 5
    assert sheet.evolve(text="kites").length == 5


def test_what_was_worked_out_is_no_part_of_a_document() -> None:
    sheet, fresh = Measured(id="a", text="kite"), Measured(id="a", text="kite")
    assert sheet.length == 4
    assert sheet == fresh
    assert hash(sheet) == hash(fresh)
    assert sheet.to_data() == fresh.to_data()
    assert repr(sheet) == repr(fresh)


def test_only_a_document_that_stands_alone_has_an_envelope() -> None:
    assert ROBIN.to_envelope().keys() == {"schema", "version", "data"}
    with pytest.raises(DocumentError, match=r"bad_envelope: .*\(Sheet\)"):
        Sheet(id="a").to_envelope()


def test_constructing_tells_every_problem_at_once() -> None:
    assert told(lambda: Letter(level=7, words=[3], parts=[{"k": 1}, {"label": "x"}])) == [  # type: ignore[call-arg,arg-type]  # what is refused
        ("missing_field", "/id"),
        ("bad_value", "/level"),
        ("missing_field", "/parts/1/k"),
        ("wrong_type", "/words/0"),
    ]


@pytest.mark.parametrize("text", [b'{"id": "a", "id": "b"}', bytearray(b'{"id": "a", "id": "b"}'), '{"id": "a", "id": "b"}'])
def test_pydantics_own_reading_of_json_is_as_strict(text: str | bytes | bytearray) -> None:
    assert told(lambda: Sheet.model_validate_json(text)) == [("duplicate_key", "")]
    assert Sheet.model_validate_json('{"id": "a"}') == Sheet(id="a")


def test_pydantics_reading_of_texts_raises_no_error_of_its_own() -> None:
    assert Sheet.model_validate_strings({"id": "a"}) == Sheet(id="a")
    assert told(lambda: Sheet.model_validate_strings({"bluebird": "a"})) == [("unknown_field", "/?"), ("missing_field", "/id")]


@given(st.none() | st.text() | st.integers() | st.lists(st.none()))
def test_what_is_no_object_is_no_document(value: object) -> None:
    assert told(lambda: Sheet.model_validate(value)) == [("wrong_type", "")]
