"""Words as people mean them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.ground import nearest, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is the Blue  KITE up?", ("is", "the", "blue", "kite", "up")),
        ("", ()),
        ("?! …", ()),
        ("Straße STRASSE", ("strasse", "strasse")),
        ("\N{FULLWIDTH LATIN CAPITAL LETTER B}lue", ("blue",)),
        ("blue\N{SOFT HYPHEN}bird", ("bluebird",)),
        ("blue\N{ZERO WIDTH SPACE}bird", ("bluebird",)),
        ("blue-bird_2", ("blue", "bird", "2")),
        ("e\N{COMBINING ACUTE ACCENT}t\N{LATIN SMALL LETTER E WITH ACUTE}", ("\xe9t\xe9",)),
        ("\N{DEVANAGARI LETTER KA}\N{DEVANAGARI VOWEL SIGN I}", ("\N{DEVANAGARI LETTER KA}\N{DEVANAGARI VOWEL SIGN I}",)),
    ],
)
def test_words_are_runs_of_letters_marks_and_digits_in_normal_form(text: str, words: tuple[str, ...]) -> None:
    assert tokens(text) == words


@given(st.text())
def test_a_word_holds_letters_marks_and_digits_only(text: str) -> None:
    assert {unicodedata.category(char)[0] for word in tokens(text) for char in word} <= set("LMN")


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_the_case_of_a_letter_does_not_count(text: str) -> None:
    assert tokens(text.upper()) == tokens(text.lower())


@given(st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=5)), st.sampled_from([" ", "\n", ", ", "—", "... "]))
def test_what_stands_between_words_does_not_count(words: list[str], between: str) -> None:
    assert tokens(between.join(words)) == tokens(" ".join(words))


def test_the_nearest_word_is_the_one_that_was_probably_meant() -> None:
    assert nearest("targts", ["to", "targets", "terminal"]) == "targets"


def test_nothing_is_guessed_when_nothing_is_near() -> None:
    assert nearest("bluebird", ["to", "targets", "terminal"]) is None


@given(st.text(), st.sets(st.text(), max_size=5))
def test_a_guess_is_always_one_of_the_candidates(word: str, candidates: set[str]) -> None:
    assert nearest(word, candidates) in {*candidates, None}


@given(st.text(min_size=1), st.sets(st.text(), max_size=5))
def test_a_candidate_itself_is_its_own_nearest(word: str, others: set[str]) -> None:
    assert nearest(word, {word, *others}) == word


@given(st.permutations(["target", "targets", "targeted"]))
def test_the_order_of_the_candidates_does_not_count(candidates: list[str]) -> None:
    assert nearest("targetz", candidates) == nearest("targetz", sorted(candidates))
