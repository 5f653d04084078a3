"""The web example as a person meets it: a call is seen and taken by clicking, in light and in dark, on a wide and a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from examples.fastapi_host.tests.serving import Host, served
from tests.browser.driving import Browser
from tests.browser.looking import background, colours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser
QUESTION = "consent?who=friend_bea&why=crisis&sees=contact&sees=safety_plan"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with served(tmp_path / "clinic.db") as found:
        yield found


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with Browser(tmp_path) as found:
        yield found


def test_a_call_is_seen_and_taken_by_clicking(host: Host, browser: Browser) -> None:
    browser.look()
    browser.go(f"{host.address}/")
    assert "This is no sign-in." in browser.text
    browser.click("peer_ade, peer")
    assert "Nobody has it yet." in browser.text
    browser.click("The call of monique")
    assert "peer_ade was asked over voice" in browser.text
    browser.click("I take it")
    assert "You have it." in browser.text
    assert "a human has it: peer_ade" in browser.text
    assert browser.run("[...document.querySelectorAll('button')].length") == 0
    assert host.holders == ["peer_ade"]
    assert browser.complaints == []
    assert [each for each in browser.requests if not each.startswith(host.address)] == []


def test_somebody_who_comes_too_late_is_told_so_on_the_page(host: Host, browser: Browser) -> None:
    browser.look()
    browser.go(f"{host.address}/sign-in")
    browser.click("cm_quinn, case manager")
    browser.click("The call of monique")
    host.take("peer_ade")
    browser.click("I take it")
    assert "It did not become yours" in browser.text
    assert "peer_ade has it." in browser.text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(900, 800), (360, 740)], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_a_page_and_nothing_runs_out_of_it(
    host: Host, browser: Browser, *, dark: bool, width: int, height: int
) -> None:
    browser.look(dark=dark, width=width, height=height)
    browser.go(f"{host.address}/sign-in")
    browser.click("cm_quinn, case manager")
    pages = ["sign-in", "", host.place[1:], f"clients/monique/{QUESTION}", "clients/nobody/consent"]
    for page in pages:
        browser.go(f"{host.address}/{page}")
        seen = browser.picture()
        assert len(colours(seen)) > 10, page
        assert (background(seen) < 40) is dark, page
        assert browser.run("document.documentElement.scrollWidth") == width, page
        assert browser.accessibility() == [], page
    assert [each for each in browser.complaints if "404" not in each] == []
    assert [each for each in browser.requests if not each.startswith(host.address)] == []


def test_what_is_wrong_with_a_page_would_be_told(host: Host, browser: Browser) -> None:
    """The control of the test above: a page with a button without a name, a script, and a picture from elsewhere."""
    browser.look()
    browser.go(f"{host.address}/sign-in")
    browser.run("document.querySelector('button').textContent = ''")
    assert "button-name" in {each["rule"] for each in browser.accessibility()}
    browser.run("document.body.append(Object.assign(new Image(), {src: 'http://elsewhere.invalid/x.png'}))")
    browser.run("new Promise(done => setTimeout(done, 300))")
    assert [each for each in browser.complaints if "Content Security Policy" in each]
