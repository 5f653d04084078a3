"""What is shown: pictures that are valid XML, pages that ask for nothing, and nothing in either that an id could do."""

from __future__ import annotations

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from recoverycore.escalation import Barrier, Explanation, causes_of
from recoverycore.ground import Timeline, render
from recoverycore.views.texts import one_line
from tests.views.samples import ALLOWED, HOSTILE, NIGHT, RECORDS, Page, as_xml, hostile

SVG = "{http://www.w3.org/2000/svg}"


def shown_of(happened: Timeline) -> list[str]:
    """A timeline as a page, and why as another."""
    found = Explanation(run="R", to="x", causes=causes_of(happened), barriers=(Barrier(code="not_named", to="x", since=NIGHT),))
    return [happened.to_html(), render(found, "text/html;page") or ""]


@pytest.mark.parametrize("name", RECORDS)
def test_a_picture_is_xml_of_its_own_with_a_title_and_a_description(name: str) -> None:
    root = as_xml(RECORDS[name].to_svg())
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "peer_ade" in (desc.text or "")


@pytest.mark.parametrize("name", RECORDS)
def test_every_word_of_a_picture_stands_in_its_description_too(name: str) -> None:
    root = as_xml(RECORDS[name].to_svg())
    desc = root.find(f"{SVG}desc")
    assert desc is not None
    lanes = [each.text or "" for group in root.findall(f"{SVG}g") for each in group.findall(f"{SVG}text")]
    assert lanes
    assert [text for text in lanes if text not in (desc.text or "")] == []


@pytest.mark.parametrize("name", RECORDS)
def test_nothing_of_a_picture_stands_outside_of_it(name: str) -> None:
    root = as_xml(RECORDS[name].to_svg())
    width, height = float(root.get("width", 0)), float(root.get("height", 0))
    for each in root.iter(f"{SVG}text"):
        assert 0 <= float(each.get("x", -1)) <= width
        assert 0 <= float(each.get("y", -1)) <= height
    assert all(float(each.get("width", -1)) > 0 for each in root.iter(f"{SVG}rect"))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_id_is_text_and_nothing_else(text: str) -> None:
    happened = hostile(text)
    as_xml(happened.to_svg())
    for page in shown_of(happened):
        read = Page(page)
        assert read.open == []
        assert {tag for tag, _ in read.elements} <= ALLOWED
        assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
        assert not [name for _, attributes in read.elements for name in attributes if name in ("href", "src", "action", "srcdoc")]
        assert one_line(text)[:20] in " ".join(one_line("".join(read.words)).split())


@given(st.text(st.characters(exclude_categories=()), max_size=30))
@settings(max_examples=50)
def test_any_id_leaves_a_picture_valid_and_a_page_whole(text: str) -> None:
    happened = hostile(text)
    as_xml(happened.to_svg())
    for page in shown_of(happened):
        page.encode("utf-8")
        assert {tag for tag, _ in Page(page).elements} <= ALLOWED


@pytest.mark.parametrize("name", RECORDS)
def test_a_page_has_a_language_a_title_and_a_table_with_heads_and_a_caption(name: str) -> None:
    read = Page(RECORDS[name].to_html())
    elements = dict(read.elements)
    assert elements["html"]["lang"] == "en"
    assert {"title", "caption", "main", "h1"} <= elements.keys()
    scopes = [attributes.get("scope") for tag, attributes in read.elements if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * len(RECORDS[name].happenings)


@pytest.mark.parametrize("name", RECORDS)
def test_a_page_can_run_and_fetch_nothing(name: str) -> None:
    page = RECORDS[name].to_html()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|javascript:|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)


def test_two_pictures_on_one_page_share_no_id() -> None:
    ids = [re.findall(r' id="([^"]+)"', happened.to_svg()) for happened in RECORDS.values()]
    assert len({each for found in ids for each in found}) == sum(map(len, ids))


@pytest.mark.parametrize("name", RECORDS)
def test_the_same_record_gives_the_same_picture(name: str) -> None:
    again = Timeline(RECORDS[name].happenings, RECORDS[name].zone)
    assert (again.to_svg(), again.to_html()) == (RECORDS[name].to_svg(), RECORDS[name].to_html())


def test_a_record_of_nothing_has_a_picture_and_a_page() -> None:
    assert as_xml(Timeline(()).to_svg()).findtext(f"{SVG}title") == "No run yet"
    assert Page(Timeline(()).to_html()).open == []


def test_a_picture_tells_the_time_of_its_reader() -> None:
    happened = RECORDS["still_open"]
    assert ">22:47<" in happened.to_svg()
    assert ">17:47<" in happened.in_zone("America/New_York").to_svg()


def test_a_notebook_is_given_a_page_part_a_picture_and_the_text() -> None:
    shown = RECORDS["still_open"]._repr_mimebundle_()
    assert shown.keys() == {"text/html", "image/svg+xml", "text/plain"}
    assert shown["text/plain"] == str(RECORDS["still_open"])
    assert "<html" not in shown["text/html"]


def test_a_notebook_is_given_an_explanation_as_a_table_and_as_text() -> None:
    found = Explanation(to="kit", barriers=(Barrier(code="not_named", to="kit"),))
    shown = found._repr_mimebundle_()
    assert shown["text/plain"] == "kit, not told:\n    no step of the protocol names kit"
    assert "no step of the protocol names kit" in shown["text/html"]
    assert "image/svg+xml" not in shown


@pytest.mark.parametrize("value", [Timeline(()), Explanation()])
def test_a_medium_that_nobody_draws_is_not_shown(value: object) -> None:
    assert render(value, "image/png") is None
