"""A simulation is told in words, in rows and as a picture, and each says the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from recoverycore.ground.durations import elapsed_text
from recoverycore.testing.clinic import Simulation, simulate
from tests.testing.clinic.night_call import CARRIERS, HABITS, MONDAY, PEOPLE, facts, protocol


@pytest.fixture(scope="module")
def found() -> Simulation:
    return simulate(protocol(), facts(), start=MONDAY, answers=HABITS, carriers=CARRIERS, runs=80, seed=3)


def row(found: Simulation, what: str) -> dict[str, Any]:
    return next(each for each in found.to_rows() if each["what"] == what)


def test_the_rows_say_when_there_was_a_human(found: Simulation) -> None:
    half = found.human_within(0.5)
    assert half is not None
    assert row(found, "human")["within_50"] == elapsed_text(half)
    assert row(found, "human")["runs"] == found.with_a_human


def test_each_check_and_each_person_has_a_row(found: Simulation) -> None:
    whats = [each["what"] for each in found.to_rows()]
    assert whats[:7] == ["human", "terminal", "left_alone", "lost", "two_owners", "early_step", "act_after_the_end"]
    assert [each["who"] for each in found.to_rows() if each["what"] == "load"] == [each.who for each in found.load]


def test_the_waits_grow_with_the_share(found: Simulation) -> None:
    waits = [found.human_within(share) or timedelta.max for share in (0.1, 0.5, 0.9)]
    assert waits == sorted(waits)


def test_the_words_name_the_seed_and_everybody_who_was_asked(found: Simulation) -> None:
    told = found.explain()
    assert "seed 3" in told
    assert all(f"  {each.who}: " in told for each in found.load)
    assert str(found) == told


def test_the_picture_is_whole_and_says_all_of_it_in_words(found: Simulation) -> None:
    root = ET.fromstring(found.to_svg())  # noqa: S314 - our own picture
    texts = [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {each.who for each in found.load} <= set(texts)
    assert found.explain().split() == (root.findtext("{http://www.w3.org/2000/svg}desc") or "").split()


def test_a_notebook_may_choose(found: Simulation) -> None:
    assert set(found._repr_mimebundle_()) == {"text/plain", "image/svg+xml"}


def test_a_picture_is_drawn_where_everything_happens_at_once_too() -> None:
    alone = simulate(protocol(), facts(), start=MONDAY, runs=3, without=PEOPLE, follow=timedelta())
    assert alone.longest == timedelta()
    ET.fromstring(alone.to_svg())  # noqa: S314 - our own picture
