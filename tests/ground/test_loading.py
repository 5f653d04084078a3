"""Reading JSON and TOML: strict, bounded, and with one kind of error."""

from __future__ import annotations

import json
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import (
    MAX_BYTES,
    MAX_DEPTH,
    loads,
    read_json,
    read_text,
)
from tests.ground.samples import Letter, json_values, letters, told

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = ["json", "toml", "yaml"]
QUICK = 10.0
"""Seconds in which a refusal comes, even where each line is traced for coverage; a parser that reads on takes minutes or dies."""


def refused(source: str | bytes, form: str = "json") -> list[tuple[str, str]]:
    started = time.process_time()
    found = told(lambda: read_text(source, form))
    assert time.process_time() - started < QUICK
    return found


@given(json_values)
def test_json_is_read_as_python_reads_it(value: Any) -> None:
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.parametrize("text", ['{"a": 1, "a": 1}', '{"b": {"a": 1, "c": 2, "a": 3}}', '[{"a": 1, "\\u0061": 2}]'])
def test_a_key_given_twice_is_refused(text: str) -> None:
    assert refused(text) == [("duplicate_key", "")]


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", '{"a": -Infinity}', "1e999", "-1e999"])
def test_what_is_no_number_is_refused(text: str) -> None:
    assert refused(text) == [("not_a_number", "")]


@pytest.mark.parametrize(
    "text", ["", " ", "{", "[1,]", "{'a': 1}", '{"a" 1}', "nul", "[1] [2]", "// a\n1", '"a\nb"', "01", '"\\x41"', "\ufeff\ufeff1"]
)
def test_what_is_no_json_is_refused(text: str) -> None:
    assert refused(text) == [("bad_syntax", "")]


def test_a_slip_in_json_is_told_with_its_line_and_column() -> None:
    with pytest.raises(DocumentError, match=r"\(line 2, column 8\)"):
        read_json('{"a": 1,\n "b": [}')


@pytest.mark.parametrize("form", FORMATS)
def test_a_mark_of_byte_order_is_no_part_of_the_text(form: str) -> None:
    plain = {"json": '{"a": "b"}', "toml": 'a = "b"', "yaml": "a: b"}[form]
    assert read_text("\ufeff" + plain, form) == read_text(b"\xef\xbb\xbf" + plain.encode(), form) == {"a": "b"}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source", [b"\xff\xfe\x00", "é".encode("latin-1"), '"\ud800"', b'"\xed\xa0\x80"'])
def test_what_is_no_utf_8_is_refused(source: str | bytes, form: str) -> None:
    assert refused(source, form) == [("not_text", "")]


@pytest.mark.parametrize("text", ['"\\ud800"', '{"\\udc00": 1}', '["\\ud83d\\ud83d"]'])
def test_half_a_character_written_as_an_escape_is_refused(text: str) -> None:
    assert refused(text) == [("not_text", "")]


def test_both_halves_of_a_character_written_as_escapes_are_it() -> None:
    assert read_json('"\\ud83e\\ude81"') == "\N{KITE}"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "source", ["a" * (MAX_BYTES + 1), b"a" * 100_000_000, "é" * (MAX_BYTES // 2 + 1)], ids=["text", "100 MB", "letters"]
)
def test_input_beyond_the_limit_is_refused_unread(source: str | bytes, form: str) -> None:
    assert refused(source, form) == [("too_large", "")]


def test_input_up_to_the_limit_is_read() -> None:
    assert len(read_json('"' + "a" * (MAX_BYTES - 2) + '"')) == MAX_BYTES - 2


@pytest.mark.parametrize(
    "source",
    ["[" * 100_000, '{"a":' * 100_000, '[{"a": ' * 50_000, "[" * 100_000 + "]" * 100_000, '["[", ' * 100_000, "[" * MAX_BYTES],
    ids=["lists", "objects", "both", "closed", "beside strings", "10 MB"],
)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_deep_input_is_refused_at_the_limit(source: str, form: str) -> None:
    assert refused(source, form) == [("too_deep", "")]


@pytest.mark.parametrize(
    "source",
    [
        "a = " + "[" * 100_000,
        "a" + ".a" * 100_000 + " = 1",
        "[a" + ".a" * 100_000 + "]",
        "a = " + "{a=" * 100_000,
        "a" + '."b"' * 1_000_000,
    ],
    ids=["lists", "a dotted key", "a dotted table", "inline tables", "a quoted key"],
)
def test_deep_toml_is_refused_at_the_limit(source: str) -> None:
    assert refused(source, "toml") == [("too_deep", "")]


@pytest.mark.parametrize(
    ("form", "write"),
    [
        ("json", lambda depth: "[" * depth + "]" * depth),
        ("json", lambda depth: '{"[":' * depth + '"]}"' + "}" * depth),
        ("yaml", lambda depth: "[" * depth + "]" * depth),
        ("yaml", lambda depth: "\n".join(" " * level + "a:" for level in range(depth))),
        ("toml", lambda depth: "a = " + "[" * (depth - 1) + "]" * (depth - 1)),
        ("toml", lambda depth: ".".join("a" * depth) + " = 1"),
    ],
)
def test_input_is_read_up_to_the_limit_and_no_deeper(form: str, write: Callable[[int], str]) -> None:
    assert refused(write(MAX_DEPTH), form) == []
    assert refused(write(MAX_DEPTH + 1), form) == [("too_deep", "")]


def test_brackets_in_a_text_nest_nothing() -> None:
    assert read_json(json.dumps("[{\\" * 1_000)) == "[{\\" * 1_000


@pytest.mark.parametrize("form", ["json", "toml"])
def test_a_number_of_thousands_of_digits_is_refused(form: str) -> None:
    assert refused({"json": "1" * 5_000, "toml": "a = " + "1" * 5_000}[form], form) == [("bad_syntax", "")]


@pytest.mark.parametrize("source", ['"' * 200_000, '"\\' * 200_000, '"a' * 200_000 + "\\", "a." * 200_000, "'" * 199_999], ids=range(5))
@pytest.mark.parametrize("form", FORMATS)
def test_open_strings_and_odd_keys_are_read_or_refused_quickly(source: str, form: str) -> None:
    assert {name for name, _ in refused(source, form)} <= {"bad_syntax", "too_deep"}


def test_toml_is_read() -> None:
    assert read_text("a = 1\n[b]\nc = [true, 2026-01-01]", "toml") == {"a": 1, "b": {"c": [True, date(2026, 1, 1)]}}


@pytest.mark.parametrize("text", ["a", "a = ", "a = 1\na = 2", "[a]\n[a]", "a = 2026-13-01", 'a = "\\ud800"'])
def test_what_is_no_toml_is_refused(text: str) -> None:
    assert refused(text, "toml") == [("bad_syntax", "")]


@pytest.mark.parametrize("text", ["a = nan", "a = inf", "a = -inf", "a = 1e999"])
def test_what_is_no_number_is_refused_in_toml_too(text: str) -> None:
    assert refused(text, "toml") == [("not_a_number", "")]


def test_a_slip_in_toml_is_told_with_its_line_and_column() -> None:
    with pytest.raises(DocumentError, match=r"\(line 2, column 5\)"):
        read_text("a = 1\nb = ]", "toml")


def test_another_format_is_not_known() -> None:
    assert refused("", "xml") == [("unknown_format", "")]


@given(st.text() | st.binary(), st.sampled_from(FORMATS))
@example('{"schema": "sample/letter", "version": 1, "data": {}}', "json")
def test_whatever_is_read_nothing_but_an_error_of_this_library_is_raised(source: str | bytes, form: str) -> None:
    told(lambda: loads(source, Letter, format=form))


@given(json_values, st.sampled_from(["json", "yaml"]))
def test_whatever_json_is_read_as_a_letter_it_is_one_or_refused(value: Any, form: str) -> None:
    told(lambda: loads(json.dumps(value, ensure_ascii=False), Letter, format=form))


@given(letters, st.data())
def test_whatever_is_cut_out_of_a_letter_it_is_one_or_refused(data: dict[str, Any], draw: st.DataObject) -> None:
    text = json.dumps(data)
    start, end = sorted(draw.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    for form in FORMATS:
        told(lambda form=form: loads(text[:start] + text[end:], Letter, format=form))  # type: ignore[misc]  # binds each form
