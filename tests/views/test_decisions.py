"""A decision as it is shown: in words as well as signs, without a colour, without anything that an id could do."""

from __future__ import annotations

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recoverycore.consent import REFUSAL, Request, Restriction, decide
from recoverycore.errors import DocumentError
from recoverycore.ground import render
from recoverycore.views.decisions import requester_page
from recoverycore.views.texts import one_line
from tests.views.decisions import GOLDEN, hostile
from tests.views.samples import ALLOWED, HOSTILE, Page

ASKED = {"recipient": {"id": "per:sol"}, "purposes": ["treatment"], "at": "2026-06-10T15:00:00Z", "records": [{"id": "r1"}]}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def storable(text: str) -> bool:
    """Whether `text` may be an id at all."""
    try:
        hostile(text)
    except DocumentError:
        return False
    return True


IDS = [text for text in HOSTILE if storable(text)]


def both_pages(text: str) -> list[str]:
    found = hostile(text)
    return [found.to_html(), found.to_requester_html()]


def words_of(page: str) -> str:
    return " ".join("".join(Page(page).words).split())


def test_most_hostile_texts_are_ids_that_may_be_stored() -> None:
    assert len(IDS) >= len(HOSTILE) - 2


@pytest.mark.parametrize("text", IDS, ids=range(len(IDS)))
def test_a_hostile_id_is_text_and_nothing_else(text: str) -> None:
    for page in both_pages(text):
        read = Page(page)
        assert read.open == []
        assert {tag for tag, _ in read.elements} <= ALLOWED
        assert {name for _, attributes in read.elements for name in attributes} <= {
            "lang", "dir", "charset", "http-equiv", "content", "name", "class", "scope", "aria-hidden",
        }  # fmt: skip
        assert one_line(text)[:20] in words_of(page)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
@settings(max_examples=30)
def test_any_id_leaves_a_page_whole_and_a_text_on_its_lines(text: str) -> None:
    for page in both_pages(text):
        assert {tag for tag, _ in Page(page).elements} <= ALLOWED
    shown = render(hostile(text), "text/plain") or ""
    assert not CONTROL.search(shown)
    assert len(shown.splitlines()) == len((render(hostile("plain"), "text/plain") or "").splitlines())


def test_the_page_of_staff_tells_all_that_the_view_of_staff_does() -> None:
    page = words_of(GOLDEN.to_html())
    view = GOLDEN.staff_view
    names = [*view["records"], *view["profiles"], *view["citations"], *view["citations"].values(), view["inputs_digest"]]
    names += [rule for rules in view["rules"].values() for rule in rules] + [each["code"] for each in view["obligations"]]
    names += [code for each in view["needed"] for code in each] + [directive for each in view["failed"].values() for directive in each]
    assert [each for each in names if each not in page] == []


def test_each_verdict_is_told_by_a_word_and_by_a_sign_that_is_not_read_aloud() -> None:
    page = GOLDEN.to_html()
    for sign, word in (("\u2713", "permit"), ("\u2717", "deny"), ("\u25d0", "In part")):
        assert f'<span aria-hidden="true">{sign}</span> {word}' in page


def test_a_page_has_its_language_a_title_and_headings_that_skip_no_level() -> None:
    read = Page(GOLDEN.to_html())
    assert dict(read.elements)["html"]["lang"] == "en"
    levels = [tag for tag, _ in read.elements if tag in ("h1", "h2", "h3")]
    assert levels[0] == "h1"
    assert set(levels[1:]) == {"h2"}


def test_every_table_has_a_caption_and_heads_for_its_columns_and_rows() -> None:
    tags = [(tag, attributes.get("scope")) for tag, attributes in Page(GOLDEN.to_html()).elements]
    assert tags.count(("caption", None)) == tags.count(("table", None)) == 3
    assert tags.count(("th", "col")) == 9
    assert tags.count(("th", "row")) == tags.count(("tr", None)) - 3


def test_no_colour_is_named_so_that_light_and_dark_are_the_readers() -> None:
    for page in (GOLDEN.to_html(), GOLDEN.to_requester_html()):
        assert not re.search(r"#[0-9a-fA-F]{3}|rgb\(|hsl\(|:\s*(red|green)", page)
        assert 'content="light dark"' in page
        assert "CanvasText" in page


def test_a_page_can_run_and_fetch_nothing() -> None:
    for page in (GOLDEN.to_html(), GOLDEN.to_requester_html(), requester_page(REFUSAL)):
        assert "default-src 'none'" in page
        assert not re.search(r"<script|javascript:|url\(|@import|https?://", page)


REFUSALS = {
    "nobody": decide(Request.model_validate(ASKED), []),
    "no purpose": decide(Request.model_validate({**ASKED, "purposes": []}), []),
    "many records": decide(Request.model_validate({**ASKED, "records": [{"id": "a"}, {"id": "b"}]}), []),
    "no profile": decide(Request.model_validate(ASKED), [], profiles=["us.state.x"]),
    "an error": decide(Request.model_validate(ASKED), [], restrictions=[Restriction("state", "rubbish")]),
    "somebody else, later": decide(Request.model_validate({**ASKED, "recipient": {"id": "x"}, "at": "2027-01-01T00:00:00Z"}), []),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_page_of_whoever_asked_is_the_same_for_every_refusal(name: str) -> None:
    assert REFUSALS[name].to_requester_html() == requester_page(REFUSAL)


@pytest.mark.parametrize("name", REFUSALS)
def test_the_page_of_staff_is_another_for_each_refusal(name: str) -> None:
    assert [each for each in REFUSALS if REFUSALS[each].to_html() == REFUSALS[name].to_html()] == [name]


def test_whoever_asked_sees_of_a_part_what_is_released_and_nothing_of_the_rest() -> None:
    page = words_of(GOLDEN.to_requester_html())
    assert "r1" in page
    for hidden in ("r2", "r3", "c1", "d1", "us.42cfr2", "notes", "withheld", "per:sol", "2026"):
        assert hidden not in page


def test_whoever_asked_sees_what_is_withheld_only_where_a_host_tells_that() -> None:
    assert "Withheld" in words_of(requester_page('{"released": ["r1"], "withheld": ["r2"]}'))


def test_an_accounting_that_is_granted_shows_its_entries() -> None:
    page = words_of(requester_page('{"entries": ["2026-01-01"], "granted": true, "released": []}'))
    assert "Granted." in page
    assert "2026-01-01" in page


def test_a_notebook_is_given_a_page_part_and_the_text_for_staff() -> None:
    shown = GOLDEN._repr_mimebundle_()
    assert shown.keys() == {"text/html", "text/plain"}
    assert "<html" not in shown["text/html"]
    assert shown["text/plain"].startswith("In part:")


def test_a_medium_that_nobody_draws_is_not_shown() -> None:
    assert render(GOLDEN, "image/png") is None


def test_the_same_decision_gives_the_same_page() -> None:
    assert hostile("a").to_html() == hostile("a").to_html()
