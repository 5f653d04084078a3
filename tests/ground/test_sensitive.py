"""Sensitive text shows itself to nobody by accident."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import Document, Sensitive, canonical_json
from tests.ground.samples import told

CANARY = "bluebird-7f3a"
SECRET = Sensitive(CANARY)


class Note(Document):
    """A document with a person's own words in every kind of place."""

    text: Sensitive
    more: tuple[Sensitive, ...] = ()
    by: dict[str, Sensitive] | None = None


NOTE = Note(text=SECRET, more=(SECRET,), by={"a": SECRET})


@pytest.mark.parametrize(
    "shown",
    [
        str(SECRET),
        repr(SECRET),
        ascii(SECRET),
        format(SECRET),
        format(SECRET, ">40"),
        f"{SECRET} {SECRET!r} {SECRET!s:>3}",
        "{} {!r} {:10}".format(SECRET, SECRET, SECRET),  # noqa: UP032 - a way of its own
        "%s %r" % (SECRET, SECRET),  # noqa: UP031 - a way of its own
        str([SECRET, {"a": SECRET}, (SECRET,)]),
        str(NOTE),
        repr(NOTE),
        f"{NOTE}",
        str(NOTE.model_dump()),
        str(dict(NOTE)),
        str(NOTE.__dict__),
        json.dumps(str(SECRET)),
        "".join(traceback.format_exception(ValueError(SECRET))),
        str(NOTE._repr_mimebundle_()),
    ],
)
def test_no_way_of_showing_it_shows_the_text(shown: str) -> None:
    assert CANARY not in shown
    assert shown


def test_a_log_does_not_hold_the_text(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("t").warning("%s %r", SECRET, NOTE)
    assert CANARY not in caplog.text
    assert "•••" in caplog.text


@given(st.text())
def test_reveal_is_the_way_to_the_text(text: str) -> None:
    assert Sensitive(text).reveal() == text


def test_sensitive_text_of_sensitive_text_is_the_same() -> None:
    assert Sensitive(SECRET) == SECRET
    assert Sensitive(SECRET).reveal() == CANARY


@given(st.text(), st.text())
def test_it_compares_by_its_text(one: str, other: str) -> None:
    assert (Sensitive(one) == Sensitive(other)) == (one == other)
    assert hash(Sensitive(one)) == hash(Sensitive(one))


def test_it_is_no_plain_text() -> None:
    assert SECRET != CANARY
    assert CANARY not in {SECRET: 1}


@given(st.sampled_from(["", " ", "\n\t"]))
def test_blank_text_is_false(text: str) -> None:
    assert not Sensitive(text)
    assert Sensitive(text + "a")


def test_half_a_character_is_compared_too() -> None:
    assert Sensitive("\ud800") == Sensitive("\ud800") != Sensitive("\ud801")


def test_it_has_no_attributes_to_look_into() -> None:
    assert not hasattr(SECRET, "__dict__")
    with pytest.raises(TypeError, match="vars"):
        vars(SECRET)


def test_json_refuses_it() -> None:
    for act in (json.dumps, canonical_json):
        with pytest.raises(TypeError, match="not JSON serializable") as raised:
            act({"a": SECRET})
        assert CANARY not in str(raised.value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [SECRET, [SECRET], NOTE])
def test_pickle_refuses_it(value: object, protocol: int) -> None:
    with pytest.raises(DocumentError, match="RC1026 sealed") as raised:
        pickle.dumps(value, protocol)
    assert CANARY not in "".join(traceback.format_exception(raised.value))


def test_a_copy_stays_sealed_in_the_process() -> None:
    assert copy.copy(SECRET) is copy.deepcopy(SECRET) is SECRET
    assert copy.deepcopy(NOTE) == NOTE


def test_a_dump_in_pythons_types_keeps_it_sealed() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert NOTE.model_dump() == {"text": SECRET, "more": (SECRET,), "by": {"a": SECRET}}


def test_a_store_is_given_the_text() -> None:
    assert NOTE.to_data() == {"text": CANARY, "more": [CANARY], "by": {"a": CANARY}}
    assert json.loads(NOTE.model_dump_json()) == NOTE.to_data()


def test_a_document_takes_it_as_text_or_sealed() -> None:
    assert Note.model_validate({"text": CANARY}) == Note(text=SECRET)


@pytest.mark.parametrize("value", [None, 5, True, 1.5, [CANARY], {CANARY: 1}, CANARY.encode()])
def test_a_document_takes_nothing_but_text_for_it(value: object) -> None:
    assert told(lambda: Note.model_validate({"text": value})) == [("wrong_type", "/text")]


@pytest.mark.parametrize("value", ["\ud800", Sensitive("\ud800")])
def test_a_document_does_not_take_what_no_store_can_write(value: object) -> None:
    assert told(lambda: Note.model_validate({"text": value})) == [("wrong_type", "/text")]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_its_schema_is_that_of_text(mode: str) -> None:
    from pydantic import TypeAdapter

    assert TypeAdapter(Sensitive).json_schema(mode=mode) == {"type": "string"}  # type: ignore[arg-type]  # one of the two literals
