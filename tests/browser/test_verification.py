"""What only a real browser shows of a verification: the week as a picture and the page around it, in light and in dark."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import DARK, accessibility, background, colours, look, photographed, saved
from tests.views.verifications import GOLDEN, hostile

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser
PAGE = GOLDEN.to_html()


@pytest.mark.parametrize("options", [(), (DARK,)], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_page(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert accessibility(tmp_path, PAGE, *options) == []


def test_a_page_is_drawn_whole_in_light_and_in_dark_and_nothing_in_it_was_blocked(tmp_path: Path) -> None:
    file = saved(tmp_path, "week.html", PAGE)
    seen = look(tmp_path, file, "--dump-dom")
    assert "CONSOLE" not in seen.stderr
    assert "</svg>" in seen.stdout[: seen.stdout.index("<table")]  # the picture ended where it should
    light, dark = photographed(tmp_path, file), photographed(tmp_path, file, DARK)
    assert min(len(colours(light)), len(colours(dark))) > 50
    assert background(light) == 255
    assert background(dark) < 40


def test_a_picture_is_a_document_of_its_own_whose_words_can_be_selected(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "week.svg", GOLDEN.to_svg()), "--dump-dom")
    assert "parsererror" not in seen.stdout
    assert re.search(r"<text[^>]*>20:00 ben</text>", seen.stdout)


def test_a_hostile_id_runs_nothing_in_a_browser(tmp_path: Path) -> None:
    page = hostile("</title></style></svg><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">").to_html()
    seen = look(tmp_path, saved(tmp_path, "hostile.html", page), "--dump-dom")
    assert "<title>ran" not in seen.stdout
    assert "<img" not in seen.stdout
    assert "CONSOLE" not in seen.stderr
