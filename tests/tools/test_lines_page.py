"""The page of crisis lines: each distribution with what it shows, and with what it hides, which it then does not show."""

import pytest

from tools.lines_page import files, page

FILES = files()


@pytest.mark.parametrize("dist", FILES)
def test_what_a_distribution_hides_it_does_not_show(dist: str) -> None:
    shown = {entry["id"]: {way["type"] for way in entry["channels"]} for entry in FILES[dist]["entries"]}
    hidden = [each["what"].partition(" (") for each in FILES[dist]["x-left-out"]]
    types = {"text": "sms", "text telephone": "tty"}
    assert [what for what, ways, _ in hidden if not ways and what in shown] == []
    assert [
        f"{what}: {way}"
        for what, _, ways in hidden
        for way in ways.removesuffix(")").split(", ")
        if way and types[way] in shown[what] and (what, way) not in KEPT
    ] == []


KEPT = {("us-veterans-crisis-line", "text")}
"""Ways of a type of which another one is well known."""


@pytest.mark.parametrize("dist", FILES)
def test_each_distribution_has_a_heading_and_each_of_its_lines_a_row(dist: str) -> None:
    made = page({dist: FILES[dist]})
    assert f"## {dist}\n" in made
    assert [entry["id"] for entry in FILES[dist]["entries"] if f"| `{entry['id']}` " not in made] == []
    assert [each["what"] for each in FILES[dist]["x-left-out"] if f"| `{each['what']}` | {each['why']} |" not in made] == []


def test_a_line_that_was_called_would_be_counted() -> None:
    entry = {**FILES["recoverycore-bg"]["entries"][0], "call_tested_on": "2026-11-01"}
    assert "1 entries, of which 1 was called" in page({"recoverycore-bg": {**FILES["recoverycore-bg"], "entries": [entry]}})
