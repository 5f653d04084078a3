"""Code words: found however they are said, never found by chance, and never shown."""

from __future__ import annotations

import hashlib
import hmac
import json
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import assume, given

from recoverycore.errors import DocumentError, InstantError, RecoveryError
from recoverycore.escalation import CodeWord, CodeWordMatch, code_word_digest, match_code_word
from recoverycore.ground import Sensitive

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
AT = datetime(2026, 3, 10, 15, tzinfo=UTC)
BETWEEN = " \t\n.,;:!?-_/()'\"…—\u00a0\u200b "

words = st.text("abcdefghijklmnopqrstuvwxyzäöüßéñøł0123456789", min_size=1, max_size=8)
codes = st.lists(words, min_size=1, max_size=4)
gaps = st.text(BETWEEN, min_size=1, max_size=4).filter(lambda gap: gap.replace("\u200b", ""))
others = st.lists(words, max_size=4)


def entry(code: list[str] | str, key: bytes = KEY, **more: Any) -> CodeWord:
    said = code.split() if isinstance(code, str) else code
    folded = tuple(word.casefold() for word in said)
    data = {"id": "w1", "digest": code_word_digest(key, folded), "words": len(said), "meaning": "help", **more}
    return CodeWord.model_validate(data)


def match(text: str, *entries: CodeWord, key: bytes = KEY, at: datetime = AT, misses: int = 0) -> CodeWordMatch:
    return match_code_word(Sensitive(text), entries, key, at, misses)


@st.composite
def spoken(draw: st.DrawFn, said: list[str]) -> str:
    """`said` with any spacing, punctuation and case."""
    text = draw(gaps | st.just(""))
    for word in said:
        text += draw(st.sampled_from([word, word.upper(), word.capitalize()])) + draw(gaps)
    return text


@given(st.data(), codes, others, others)
def test_spacing_case_and_punctuation_do_not_matter(data: st.DataObject, code: list[str], before: list[str], behind: list[str]) -> None:
    text = data.draw(spoken([*before, *code, *behind]))
    assert match(text, entry(code)).result == "help"


@given(st.data(), st.lists(words, min_size=2, max_size=4), st.integers(1, 3))
def test_a_word_more_inside_the_code_makes_it_another(data: st.DataObject, code: list[str], where: int) -> None:
    assume(where < len(code))
    said = [*code[:where], "kestrelwren", *code[where:]]
    assert match(data.draw(spoken(said)), entry(code)).result == "no_match"


@given(st.data(), st.lists(words, min_size=2, max_size=4))
def test_words_run_together_are_another_word(data: st.DataObject, code: list[str]) -> None:
    assert match(data.draw(spoken(["".join(code)])), entry(code)).result == "no_match"


@given(st.data(), codes)
def test_a_word_that_only_begins_like_the_code_is_another(data: st.DataObject, code: list[str]) -> None:
    assert match(data.draw(spoken([*code[:-1], code[-1] + "x"])), entry(code)).result == "no_match"


@given(st.data(), codes, others)
def test_with_the_wrong_key_nothing_matches(data: st.DataObject, code: list[str], before: list[str]) -> None:
    text = data.draw(spoken([*before, *code]))
    assert match(text, entry(code), key=OTHER_KEY).result == "no_match"


@given(codes, st.sampled_from(["help", "duress", "decoy"]))
def test_neither_word_nor_digest_is_ever_shown(code: list[str], meaning: str) -> None:
    written = entry(code, meaning=meaning)
    found = match(" ".join(code), written)
    for shown in (repr(written), str(written), repr(found), str(found), f"{written}", repr([written])):
        assert written.digest.reveal() not in shown
        assert "kestrelwren" not in repr(entry("kestrelwren", meaning=meaning))
    assert found.entry == "w1"


def test_an_entry_that_cannot_be_read_does_not_tell_its_digest() -> None:
    digest = code_word_digest(KEY, "kestrel wren")
    with pytest.raises(DocumentError) as caught:
        CodeWord.model_validate({"id": "w1", "digest": digest, "words": 0, "meaning": "helpp"})
    assert digest not in str(caught.value)
    assert [each.path for each in caught.value.problems] == ["/meaning", "/words"]


def test_an_entry_leaves_the_process_only_as_a_document() -> None:
    with pytest.raises(RecoveryError):
        pickle.dumps(entry("kestrel wren"))
    stored = entry("kestrel wren").to_data()
    assert CodeWord.model_validate(json.loads(json.dumps(stored))) == entry("kestrel wren")


def test_the_digest_is_an_hmac_of_the_normal_form_and_nothing_else() -> None:
    wanted = hmac.new(KEY, b"kestrel wren", hashlib.sha256).hexdigest()
    assert code_word_digest(KEY, ("kestrel", "wren")) == wanted
    assert code_word_digest(KEY, "Kestrel, WREN!") == wanted


def test_a_digest_written_in_capitals_is_the_same_number() -> None:
    assert match("red kite", entry("red kite", digest=code_word_digest(KEY, "red kite").upper())).result == "help"


def test_an_entry_whose_digest_is_no_hex_hides_no_other_entry() -> None:
    broken = entry("red kite", id="w0", digest="é" * 64)
    assert match("red kite", broken, entry("red kite")).entry == "w1"


def test_wide_letters_and_invisible_marks_are_read_as_what_they_mean() -> None:
    assert match("please, \uff22\uff2c\uff35\uff25 ki\u00adte \u2069", entry("blue kite")).result == "help"


@pytest.mark.parametrize(("misses", "result"), [(0, "no_match"), (9, "no_match"), (10, "to_human"), (11, "to_human")])
def test_after_ten_misses_in_the_hour_a_human_looks(misses: int, result: str) -> None:
    assert match("nothing of the kind", entry("blue kite"), misses=misses).result == result


@given(st.integers(0, 1000))
def test_misses_never_suppress_a_match(misses: int) -> None:
    assert match("blue kite", entry("blue kite"), misses=misses) == CodeWordMatch("help", "w1", 3)


def test_a_host_may_set_its_own_limit() -> None:
    found = match_code_word(Sensitive("no"), [entry("blue kite")], KEY, AT, 3, miss_limit=3)
    assert found.result == "to_human"


def test_duress_comes_before_help_and_help_before_decoy() -> None:
    three = [entry("blue", id=meaning, meaning=meaning) for meaning in ("decoy", "help", "duress")]
    assert [match("blue", *three[:count]).result for count in (1, 2, 3)] == ["decoy", "help", "duress"]
    assert match("blue", *reversed(three)).result == "duress"


def test_of_two_of_a_kind_the_higher_level_counts_and_then_the_greatest_id() -> None:
    low, high, again = entry("blue", id="a", level=3), entry("blue", id="b", level=4), entry("blue", id="c", level=4)
    assert match("blue", low, high).entry == "b"
    assert match("blue", again, high, low).entry == match("blue", low, high, again).entry == "c"


@pytest.mark.parametrize(("own", "level"), [(None, 3), (0, 3), (3, 3), (4, 4)])
def test_a_code_word_triggers_a_crisis_and_never_less(own: int | None, level: int) -> None:
    assert match("blue", entry("blue", level=own)).level == level


def test_only_duress_is_silent_and_a_decoy_triggers_nothing() -> None:
    found = {meaning: match("blue", entry("blue", meaning=meaning)) for meaning in ("help", "duress", "decoy")}
    assert {meaning: each.silent for meaning, each in found.items()} == {"help": False, "duress": True, "decoy": False}
    assert found["decoy"].level is None


def test_a_code_word_counts_until_the_instant_it_is_retired() -> None:
    retired = entry("blue", retired_from="2026-03-10T15:00:00Z")
    assert match("blue", retired, at=AT - timedelta(microseconds=1)).result == "help"
    assert match("blue", retired, at=AT).result == "no_match"


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(InstantError) as caught:
        match("blue", entry("blue"), at=datetime(2026, 3, 10, 15))  # noqa: DTZ001 - this is what is refused
    assert caught.value.name == "naive_time"


def test_an_empty_message_and_no_entries_match_nothing() -> None:
    assert match("", entry("blue")).result == match("blue").result == match("…", entry("blue kite")).result == "no_match"
