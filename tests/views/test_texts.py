"""Text on its way into a page or a picture."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from recoverycore.views.texts import escaped, one_line, shortened
from tests.views.samples import as_xml

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
def test_whatever_is_escaped_is_text_of_an_element_and_of_an_attribute(text: str) -> None:
    read = as_xml(f'<a b="{escaped(text)}">{escaped(text)}</a>')
    assert read.text or escaped(text) == ""
    assert (read.text or "") == read.get("b") == one_line(text)


@given(ANY)
def test_whatever_is_on_one_line_cannot_turn_it_around(text: str) -> None:
    assert not set(one_line(text)) & set(map(chr, range(0x7F, 0xA0)))
    assert not set(one_line(text)) & set("\n\r\t\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def test_what_xml_forbids_leaves_a_mark_where_it_stood() -> None:
    assert one_line("a\x00b\ud800c") == "a\ufffdb\ufffdc"


def test_a_long_text_ends_with_a_sign_that_it_goes_on() -> None:
    assert (shortened("abcdef", 4), shortened("abcd", 4)) == ("abc\u2026", "abcd")
