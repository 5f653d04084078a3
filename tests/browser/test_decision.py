"""What only a real browser shows of a decision: the page of staff and that of whoever asked, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import DARK, accessibility, background, colours, look, photographed, saved
from tests.views.decisions import GOLDEN, hostile

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser
PAGES = {"staff": GOLDEN.to_html(), "requester": GOLDEN.to_requester_html()}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("options", [(), (DARK,)], ids=["light", "dark"])
def test_axe_finds_nothing_in_a_page(tmp_path: Path, page: str, options: tuple[str, ...]) -> None:
    assert accessibility(tmp_path, PAGES[page], *options) == []


def test_axe_finds_what_is_wrong_with_a_page(tmp_path: Path) -> None:
    """The control of the test above: a page that says no language and a heading that says nothing."""
    page = PAGES["staff"].replace('<html lang="en"', "<html").replace("<h2>Near misses</h2>", "<h2></h2>")
    assert {"html-has-lang", "empty-heading"} <= {each["rule"] for each in accessibility(tmp_path, page)}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_drawn_in_light_and_in_dark_and_nothing_in_it_was_blocked(tmp_path: Path, page: str) -> None:
    file = saved(tmp_path, f"{page}.html", PAGES[page])
    assert "CONSOLE" not in look(tmp_path, file, "--dump-dom").stderr
    light, dark = photographed(tmp_path, file), photographed(tmp_path, file, DARK)
    assert min(len(colours(light)), len(colours(dark))) > 10
    assert background(light) == 255
    assert background(dark) < 40


def test_a_hostile_id_runs_nothing_in_a_browser(tmp_path: Path) -> None:
    found = hostile("</title></style><script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">")
    for page in (found.to_html(), found.to_requester_html()):
        seen = look(tmp_path, saved(tmp_path, "hostile.html", page), "--dump-dom")
        assert "<title>ran" not in seen.stdout
        assert "<img" not in seen.stdout
        assert "CONSOLE" not in seen.stderr
