"""What a message may hold, by its class."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from recoverycore.escalation import CodeWord, ContentFacts, check_message, code_word_digest
from recoverycore.escalation.content import STEMS
from recoverycore.ground import Sensitive

KEY = bytes(range(32))
NEUTRAL = "Please open the app. Reference 7Q2."
SPEC_STEMS = (
    "addict alcohol abuse clinic counsel crisis detox drug emergenc intox medicat methadone naloxone overdos recover rehab relaps "
    "shelter sober substance suicid therap treatment violen withdraw"
)


def found(text: str, content_class: Any = "C0", **facts: Any) -> tuple[str, ...]:
    return check_message(content_class, Sensitive(text), ContentFacts(**facts))


def code_word(code: str, **more: Any) -> CodeWord:
    data = {"id": "w1", "digest": code_word_digest(KEY, code), "words": len(code.split()), "meaning": "help", **more}
    return CodeWord.model_validate(data)


@pytest.mark.parametrize("content_class", ["C0", "C1", "C2"])
def test_neutral_text_may_go_out_in_every_class(content_class: str) -> None:
    assert found(NEUTRAL, content_class, first_name=Sensitive("Robin"), forbidden_names=("Harbour House",)) == ()


def test_the_stems_are_those_that_are_published() -> None:
    assert tuple(SPEC_STEMS.split()) == STEMS


@given(st.sampled_from(STEMS), st.text("abcxyz", max_size=4), st.sampled_from(["C0", "C1"]), st.booleans())
def test_a_word_that_begins_with_a_stem_is_found(stem: str, ending: str, content_class: str, upper: bool) -> None:  # noqa: FBT001 - hypothesis
    word = (stem + ending).upper() if upper else stem + ending
    assert "word" in found(f"see you, {word}!", content_class)
    assert found(f"see you, {word}!", "C2") == ()


@pytest.mark.parametrize("text", ["discovery garden", "the undrugged truth", "a nonviolent film", "postclinical"])
def test_a_stem_in_the_middle_of_a_word_is_no_finding(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "codes"), [("Meet at HARBOUR  house?", ("name",)), ("Meet at harbour my house", ()), ("harbourhouse", ())]
)
def test_a_name_that_gives_the_programme_away_is_found_as_a_run_of_words(text: str, codes: tuple[str, ...]) -> None:
    assert found(text, "C1", forbidden_names=("Harbour House",)) == codes


def test_a_forbidden_name_without_any_word_finds_nothing() -> None:
    assert found(NEUTRAL, forbidden_names=("", "…")) == ()


@pytest.mark.parametrize(("content_class", "codes"), [("C0", ("first_name",)), ("C1", ()), ("C2", ())])
def test_the_first_name_is_kept_out_of_the_neutral_class_alone(content_class: str, codes: tuple[str, ...]) -> None:
    assert found("Robin, please call", content_class, first_name=Sensitive("robin")) == codes


def test_a_first_name_of_two_words_and_one_inside_another_word_are_told_apart() -> None:
    assert found("for Anna Lee.", first_name=Sensitive("Anna Lee")) == ("first_name",)
    assert found("a robinia tree", first_name=Sensitive("Robin")) == ()


@pytest.mark.parametrize(("length", "codes"), [(160, ()), (161, ("too_long",))])
def test_a_text_of_more_than_the_limit_is_too_long(length: int, codes: tuple[str, ...]) -> None:
    assert found("a" * length) == codes
    assert found("a" * length, "C2") == ()


def test_a_host_may_set_its_own_limit() -> None:
    assert found("abcdef", max_chars=5) == ("too_long",)


@pytest.mark.parametrize("text", ["see http://x.example", "see HTTPS://x.example", "(https://"])
def test_a_link_is_found_however_it_is_spelt(text: str) -> None:
    assert found(text) == ("link",)
    assert found(text, "C2") == ()


@pytest.mark.parametrize("content_class", ["C0", "C1", "C2"])
def test_a_code_word_goes_out_in_no_class_and_a_retired_one_neither(content_class: str) -> None:
    retired = code_word("blue kite", retired_from="2020-01-01T00:00:00Z")
    assert found("the BLUE-kite is up", content_class, code_words=(retired,), key=KEY) == ("code_word",)
    assert found("the blue paper kite is up", content_class, code_words=(retired,), key=KEY) == ()


@given(st.text(max_size=200), st.lists(st.sampled_from(STEMS), max_size=3))
def test_a_wider_class_never_finds_more(text: str, stems: list[str]) -> None:
    facts = {"first_name": Sensitive("Robin"), "forbidden_names": ("Harbour House",), "code_words": (code_word("blue kite"),), "key": KEY}
    whole = " ".join([text, *stems, "robin", "blue kite"])
    c0, c1, c2 = (set(found(whole, content_class, **facts)) for content_class in ("C0", "C1", "C2"))
    assert c2 <= c1 <= c0
    assert c2 == {"code_word"}
    assert "first_name" in c0 - c1


@given(st.text(max_size=300))
def test_findings_are_sorted_and_each_is_told_once(text: str) -> None:
    codes = found(text + " http://x.example drug", first_name=Sensitive("Robin"))
    assert list(codes) == sorted(set(codes))


def test_what_a_text_is_checked_against_is_never_shown() -> None:
    facts = ContentFacts(first_name=Sensitive("Robin"), forbidden_names=("Harbour House",), code_words=(code_word("blue kite"),), key=KEY)
    shown = repr(facts)
    assert not any(secret in shown for secret in ("Robin", "Harbour", repr(KEY), code_word_digest(KEY, "blue kite")))
