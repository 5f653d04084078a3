"""What only a real browser shows: that a page and a picture of a run are drawn, in light and in dark, and that nothing was held back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import DARK, accessibility, background, colours, look, photographed, saved
from tests.views.samples import RECORDS, hostile

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser
NIGHT = RECORDS["a_silent_hour"]


def test_a_page_is_drawn_whole_and_nothing_in_it_was_blocked(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "night.html", NIGHT.to_html()), "--dump-dom")
    assert "Refused" not in seen.stderr
    assert "CONSOLE" not in seen.stderr
    assert seen.stdout.count("<tr") == len(NIGHT.happenings) + 1
    assert "peer_ade was asked over voice" in seen.stdout
    assert len(re.findall(r"<svg\b", seen.stdout)) == 1
    assert "</svg>" in seen.stdout[: seen.stdout.index("<table")]  # the picture ended where it should


def test_what_the_page_forbids_would_be_told(tmp_path: Path) -> None:
    """The control of the test above: a script in such a page is refused, and it is seen that it was."""
    page = NIGHT.to_html().replace("</main>", "<script>document.title = 'ran'</script></main>")
    seen = look(tmp_path, saved(tmp_path, "script.html", page), "--dump-dom")
    assert "CONSOLE" in seen.stderr
    assert "<title>ran" not in seen.stdout


def test_a_picture_is_a_document_of_its_own_whose_words_can_be_selected(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "night.svg", NIGHT.to_svg()), "--dump-dom")
    assert "parsererror" not in seen.stdout
    assert "This page contains the following errors" not in seen.stdout
    assert re.search(r"<text[^>]*>asked by voice</text>", seen.stdout)
    assert "user-select" not in seen.stdout


def test_a_broken_picture_would_be_told(tmp_path: Path) -> None:
    seen = look(tmp_path, saved(tmp_path, "broken.svg", NIGHT.to_svg().replace("</title>", "", 1)), "--dump-dom")
    assert "parsererror" in seen.stdout


@pytest.mark.parametrize("name", ["night.svg", "night.html"])
def test_a_picture_and_a_page_are_not_blank_in_light_or_in_dark(tmp_path: Path, name: str) -> None:
    file = saved(tmp_path, name, NIGHT.to_svg() if name.endswith("svg") else NIGHT.to_html())
    light, dark = photographed(tmp_path, file), photographed(tmp_path, file, DARK)
    assert min(len(colours(light)), len(colours(dark))) > 50
    assert background(light) == 255
    if name.endswith("html"):  # a picture by itself is shown as its reader's program shows pictures
        assert background(dark) < 40


def test_a_hostile_id_runs_nothing_in_a_browser(tmp_path: Path) -> None:
    page = hostile("</title></style></svg><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">").to_html()
    seen = look(tmp_path, saved(tmp_path, "hostile.html", page), "--dump-dom")
    assert "<title>What happened</title>" in seen.stdout
    assert "<img" not in seen.stdout
    assert "CONSOLE" not in seen.stderr


@pytest.mark.parametrize("options", [(), (DARK,)], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_page(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert accessibility(tmp_path, NIGHT.to_html(), *options) == []
