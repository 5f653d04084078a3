"""YAML without guesses: text only, no key twice, few aliases, no tags."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import MAX_DEPTH, loads, read_text
from recoverycore.ground.yaml import MAX_ALIASES, MAX_REPEATED
from tests.ground.samples import Letter, letters, texts, told


@pytest.fixture(params=["C", "Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every claim holds for the parser in C and for the one in Python, which is used where there is no other."""
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")


def read(text: str) -> Any:
    return read_text(text, "yaml")


@pytest.mark.parametrize(
    "word",
    [
        "no",
        "yes",
        "on",
        "off",
        "true",
        "False",
        "1",
        "1.0",
        "0o17",
        "0x1F",
        "1_000",
        "1e3",
        ".inf",
        ".nan",
        "2026-01-01",
        "22:47",
        "~",
        "Null",
        "<<",
        "=",
    ],
)
def test_no_type_is_guessed(word: str) -> None:
    assert read(f"a: {word}") == {"a": word}
    assert read(f"{word}: a") == {word: "a"}


def test_nothing_written_is_an_empty_text() -> None:
    assert read("a:") == {"a": ""}


def test_a_bare_null_is_null_and_a_quoted_one_is_text() -> None:
    assert read("[null, 'null', \"null\"]") == [None, "null", "null"]
    assert read("null: a") == {"null": "a"}


@pytest.mark.parametrize("text", ["", "# only a remark", "---\n...", "null"])
def test_a_document_may_hold_nothing(text: str) -> None:
    assert read(text) in (None, "")


def test_blocks_and_flows_are_read() -> None:
    assert read("a:\n  - b\n  - {c: d}\ne: |\n  two\n  lines\n") == {"a": ["b", {"c": "d"}], "e": "two\nlines\n"}


flat: st.SearchStrategy[Any] = st.recursive(
    st.none() | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=8
)


@given(flat)
def test_what_a_writer_of_yaml_writes_of_texts_reads_back(value: Any) -> None:
    assert read(yaml.safe_dump(value)) == value


@pytest.mark.parametrize("text", ["a: 1\na: 1", "{a: 1, b: {c: 1, c: 2}}", "a: 1\n'a': 2", "- a: 1\n  a: 2"])
def test_a_key_given_twice_is_refused(text: str) -> None:
    assert told(lambda: read(text)) == [("duplicate_key", "")]


def test_a_key_given_twice_is_told_with_its_line_and_not_repeated() -> None:
    with pytest.raises(DocumentError, match=r"\(line 2\)") as raised:
        read("bluebird: 1\nbluebird: 2")
    assert "bluebird" not in str(raised.value)


@pytest.mark.parametrize(
    "text",
    ["!!int 1", "a: !!python/object/apply:os.system [ls]", "!own {a: b}", "- !!str a", "!!str a: b", "!!binary aGk="],
)
def test_tags_are_refused(text: str) -> None:
    assert told(lambda: read(text)) == [("bad_syntax", "")]


@pytest.mark.parametrize("text", ["? [a]\n: b", "? {a: b}\n: c", "a: &x b\n*x : c", "{a", "a: b: c", "\tb: c", "a: 'b", "\0", "- a\nb: c"])
def test_what_is_no_yaml_of_text_keys_is_refused(text: str) -> None:
    assert told(lambda: read(text)) == [("bad_syntax", "")]


def test_a_slip_in_yaml_is_told_with_its_line_and_column() -> None:
    with pytest.raises(DocumentError, match=r"RC1013 bad_syntax: .*\(line 2, column \d+\)"):
        read("a: b\nc: d: e")


@pytest.mark.parametrize("text", ["a\n---\nb", "--- a\n--- b"])
def test_one_text_holds_one_document(text: str) -> None:
    assert told(lambda: read(text)) == [("bad_syntax", "")]


def test_an_alias_repeats_what_it_names() -> None:
    assert read("a: &x [b, {c: d}]\ne: *x") == {"a": ["b", {"c": "d"}], "e": ["b", {"c": "d"}]}


@pytest.mark.parametrize("text", ["a: *x", "a: &x [*x]", "&x {a: *x}", "[*x, &x a]"])
def test_an_alias_names_what_is_already_there(text: str) -> None:
    assert told(lambda: read(text)) == [("bad_syntax", "")]


def test_aliases_are_counted() -> None:
    text = "- &x a\n" + "- *x\n" * MAX_ALIASES
    assert len(read(text)) == MAX_ALIASES + 1
    assert told(lambda: read(text + "- *x\n")) == [("too_many_aliases", "")]


def test_aliases_of_aliases_are_refused_before_they_multiply() -> None:
    text = "a0: &a0 [b]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    started = time.process_time()
    with pytest.raises(DocumentError, match=rf"RC1018 too_many_aliases: .*{MAX_REPEATED} values"):
        read(text)
    assert time.process_time() - started < 1


def test_a_long_part_repeated_often_is_refused() -> None:
    part = ", ".join("a" * (MAX_REPEATED // 10))
    assert told(lambda: read(f"a: &x [{part}]\nb: [{', '.join(['*x'] * 9)}]")) == []
    assert told(lambda: read(f"a: &x [{part}]\nb: [{', '.join(['*x'] * 10)}]")) == [("too_many_aliases", "")]


def test_an_alias_does_not_hide_depth() -> None:
    half = MAX_DEPTH // 2
    deep = f"- &x {'[' * half}{']' * half}\n- {'[' * (half - 1)}*x{']' * (half - 1)}"
    assert told(lambda: read(deep)) == []
    assert told(lambda: read(deep.replace("*x", "[*x]"))) == [("too_deep", "")]


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '"\\UFFFFFFFF"', '"\\U00110000"', 'id: "\\udfff"', 'id: a\nnote: "\\ud800"', 'id: a\nx-b: "\\ud800"']
)
def test_an_escape_for_no_character_makes_no_document(text: str) -> None:
    assert len(told(lambda: loads(text, Letter, format="yaml"))) == 1


@given(st.text() | st.text("abn:-[]{}&*!|>'\"%@`#,? \n\t0\\", max_size=30))
def test_whatever_is_read_nothing_but_an_error_of_this_library_is_raised(text: str) -> None:
    told(lambda: loads(text, Letter, format="yaml"))


def as_text(value: Any) -> Any:
    """`value` as YAML is read here: each number and flag as its text."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return json.dumps(value) if isinstance(value, int | float) else value


@given(letters)
def test_a_letter_in_yaml_is_the_letter_in_json(data: dict[str, Any]) -> None:
    own = {key: as_text(each) for key, each in data.items() if key.startswith("x-")}
    assert loads(yaml.safe_dump(as_text(data)), Letter, format="yaml") == Letter.model_validate({**data, **own})


def test_without_pyyaml_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(DocumentError, match=r"RC1022 missing_extra: .*\(yaml\)") as raised:
        read("a: b")
    assert raised.value.__context__ is None
