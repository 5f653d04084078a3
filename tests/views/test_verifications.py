"""A verification as it is shown: the week in words, signs and bars, and nothing in it that an id could do."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings

from recoverycore.errors import DocumentError
from recoverycore.escalation.verification.findings import Finding
from recoverycore.ground import render
from recoverycore.views.texts import one_line
from tests.views.samples import ALLOWED, HOSTILE, Page, as_xml
from tests.views.verifications import GOLDEN, hostile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "{http://www.w3.org/2000/svg}"


def storable(text: str) -> bool:
    """Whether `text` may be an id at all."""
    try:
        hostile(text)
    except DocumentError:
        return False
    return True


IDS = [text for text in HOSTILE if storable(text)]


def words_of(page: str) -> str:
    return " ".join("".join(Page(page).words).split())


def stretches(root: Element) -> list[Element]:
    """The bars of the picture, each with its title."""
    return [each for each in root.iter(f"{SVG}g") if each.find(f"{SVG}title") is not None]


def test_most_hostile_texts_are_ids_that_may_be_stored() -> None:
    assert len(IDS) >= len(HOSTILE) - 2


@pytest.mark.parametrize("text", IDS, ids=range(len(IDS)))
def test_a_hostile_id_is_text_and_nothing_else(text: str) -> None:
    found = hostile(text)
    as_xml(found.to_svg())
    read = Page(found.to_html())
    assert read.open == []
    assert {tag for tag, _ in read.elements} <= ALLOWED
    names = {name for _, attributes in read.elements for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("href", "src", "action", "srcdoc")]
    assert one_line(text)[:20] in words_of(found.to_html())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(storable))
@settings(max_examples=20)
def test_any_id_leaves_a_picture_valid_and_a_page_whole(text: str) -> None:
    found = hostile(text)
    as_xml(found.to_svg())
    assert {tag for tag, _ in Page(found.to_html()).elements} <= ALLOWED


def test_a_picture_is_xml_of_its_own_with_a_title_and_everything_of_it_in_its_description() -> None:
    root = as_xml(GOLDEN.to_svg())
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    for text in ("peer: 9 times from Fri 2026-10-30 08:00 to 20:00, ana", "Sun 2026-11-01 20:00 to Mon 2026-11-02 08:00, nobody"):
        assert text in (desc.text or "")


def test_every_stretch_is_a_bar_in_its_week_and_says_when_and_who() -> None:
    root = as_xml(GOLDEN.to_svg())
    titles = [each.findtext(f"{SVG}title") for each in stretches(root)]
    assert len(titles) >= len(GOLDEN.cover)
    assert "Sun 2026-11-01 20:00 to Mon 2026-11-02 08:00: nobody" in titles
    assert (
        "Sat 2026-10-31 21:00 to Sun 2026-11-01 07:00: nobody for quiet hours alone (dev: quiet hours, brother: consent blocked)" in titles
    )


def test_nothing_of_a_picture_stands_outside_of_it() -> None:
    for found in (GOLDEN, hostile("a" * 60)):
        root = as_xml(found.to_svg())
        width, height = float(root.get("width", 0)), float(root.get("height", 0))
        for each in root.iter(f"{SVG}text"):
            assert 0 <= float(each.get("x", -1)) <= width
            assert 0 <= float(each.get("y", -1)) <= height
        for each in root.iter(f"{SVG}rect"):
            assert float(each.get("width", -1)) > 0
            assert float(each.get("x", 0)) + float(each.get("width", 0)) <= width


def test_no_words_in_a_row_of_the_picture_meet_the_next_ones() -> None:
    root = as_xml(GOLDEN.to_svg())
    rows: dict[str, list[tuple[float, float]]] = {}
    for each in root.iter(f"{SVG}text"):
        rows.setdefault(each.get("y", ""), []).append((float(each.get("x", 0)), len(each.text or "") * 6.9))
    for row in rows.values():
        ordered = sorted(row)
        assert all(one[0] + one[1] <= other[0] for one, other in pairwise(ordered))


def test_a_hole_is_told_from_cover_by_a_sign_and_not_by_colour_alone() -> None:
    marks: dict[object, set[object]] = {}
    for each in stretches(as_xml(GOLDEN.to_svg())):
        signs = [child.tag.removeprefix(SVG) for child in each if child.tag in (f"{SVG}path", f"{SVG}circle")]
        bar = each.find(f"{SVG}rect")
        assert bar is not None
        drawn = [child.get("d", "").partition("l")[2] for child in each if child.tag == f"{SVG}path"]
        marks.setdefault((bar.get("class"), bar.get("height")), set()).add((*signs, *drawn))
    shapes = [frozenset(each - {()}) for each in marks.values()]
    assert len(marks) == 4  # covered, hole, quiet hours, outside
    assert len(set(shapes)) == 4


def test_a_horizon_of_more_than_a_week_has_a_row_of_days_for_each_week() -> None:
    days = re.findall(r">((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[^<]*)</text>", GOLDEN.to_svg())
    assert days.count("Fri") == 3  # parts of a day are told without their date
    assert "Sat 2026-10-31" in days
    assert "Sat 2026-11-07" in days


def test_a_page_says_what_is_wrong_first_then_what_happens_then_who_covers_what() -> None:
    read = Page(GOLDEN.to_html())
    assert [tag for tag, _ in read.elements if tag in ("h1", "h2")] == ["h1", "h2", "h2", "h2", "h2", "h2"]
    page = words_of(re.sub("<svg.*</svg>", "", GOLDEN.to_html(), flags=re.DOTALL))
    order = [
        "p_night version 1, level 2, cannot be relied on", "Error: no step has anybody to ask, and only quiet hours",
        "To mend it: put somebody who is peer on duty from", "How it comes to dead_zone", "If nobody answers",
        "How long it takes at the longest: 40 min", "Warnings", "Who covers what", "When it rests on one person",
    ]  # fmt: skip
    places = [page.index(each) for each in order]
    assert places == sorted(places)


def test_every_table_has_a_caption_and_heads() -> None:
    tags = [(tag, attributes.get("scope")) for tag, attributes in Page(GOLDEN.to_html()).elements]
    assert tags.count(("caption", None)) == tags.count(("table", None)) == 3
    assert tags.count(("th", "row")) == tags.count(("tr", None)) - 3


def test_a_page_can_run_and_fetch_nothing() -> None:
    page = GOLDEN.to_html()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|javascript:|url\(|@import|https?://(?!www\.w3\.org/2000/svg)", page)


def test_an_error_without_a_story_has_its_heading_and_no_empty_table() -> None:
    found = evolve(GOLDEN, stories=(evolve(GOLDEN.stories[-1], lines=(), finding=Finding(code="no_alarm", severity="error")),))
    assert "Error: no alarm role is named" in words_of(found.to_html())
    assert "How it comes to" not in found.to_html()


def test_a_protocol_of_nothing_has_a_picture_and_a_page() -> None:
    found = evolve(GOLDEN, cover=(), stories=(), findings=())
    as_xml(found.to_svg())
    assert Page(found.to_html()).open == []


def test_two_verifications_on_one_page_share_no_id() -> None:
    ids = [re.findall(r' id="([^"]+)"', found.to_svg()) for found in (GOLDEN, hostile("a"))]
    assert not set(ids[0]) & set(ids[1])


def test_a_notebook_is_given_a_page_part_a_picture_and_the_text() -> None:
    shown = GOLDEN._repr_mimebundle_()
    assert shown.keys() == {"text/html", "image/svg+xml", "text/plain"}
    assert "<html" not in shown["text/html"]
    assert shown["text/plain"] == GOLDEN.explain()


def test_a_medium_that_nobody_draws_is_not_shown() -> None:
    assert render(GOLDEN, "image/png") is None
