"""Near-miss worlds: every story is permitted, one thing is moved, and both verdicts and every axis come up often."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import World, dealt, mix, near_misses, worlds
from recoverycore.testing.consent.edges import EDGES
from recoverycore.testing.consent.moves import MOVES
from recoverycore.testing.consent.stories import STORIES, permitted

if TYPE_CHECKING:
    from collections import Counter

SEED = 20260615
AXES = """status form not_started ended revoked suspended superseded discloser recipient purpose action label category data_period
    except bar""".split()  # noqa: SIM905 - as the specification lists them


@pytest.fixture(scope="module")
def drawn() -> list[World]:
    return list(islice(worlds(SEED), 4000))


@pytest.fixture(scope="module")
def found(drawn: list[World]) -> dict[str, Counter[str]]:
    counted = mix(reference_decide, drawn)
    for name, counts in counted.items():
        print(name, dict(counts.most_common()))  # noqa: T201 - the mix is what one wants to see when this fails
    return counted


@pytest.mark.parametrize("story", STORIES)
def test_every_story_is_permitted(story: str) -> None:
    assert reference_decide(permitted()[story])["decision"] == "permit"


def test_every_edge_belongs_to_a_story() -> None:
    assert set(EDGES) <= set(STORIES)


def test_the_same_seed_gives_the_same_worlds_and_another_seed_others() -> None:
    first, again, other = (list(islice(worlds(seed), 50)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_dealt_worlds_leave_no_story_out_and_then_move_one_thing_in_each() -> None:
    drawn = list(islice(dealt(SEED), 2 * len(STORIES)))
    first, second = drawn[: len(STORIES)], drawn[len(STORIES) :]
    assert {world.story for world in first} == {world.story for world in second} == set(STORIES)
    assert all(world.case == permitted()[world.story] for world in first)
    assert all(len(world.moves) == 1 for world in second)


def test_stories_of_ones_own_are_dealt_in_their_place() -> None:
    assert [world.story for world in islice(dealt(SEED, {"mine": permitted()["core alone"]}), 3)] == ["mine"] * 3


def test_drawing_leaves_the_stories_as_they_are() -> None:
    before = json.dumps(permitted())
    list(islice(worlds(SEED), 300))
    assert json.dumps(permitted()) == before


def test_a_world_is_plain_json(drawn: list[World]) -> None:
    assert all(json.loads(json.dumps(world.case)) == world.case for world in drawn[:300])


def test_no_two_papers_and_no_two_records_have_the_same_id(drawn: list[World]) -> None:
    for world in drawn:
        for things in (world.case["given"]["directives"], world.case["when"]["request"]["records"]):
            assert len({each["id"] for each in things}) == len(things)


def test_about_half_is_permitted(found: dict[str, Counter[str]]) -> None:
    assert 0.4 < found["verdict"]["permit"] / found["verdict"].total() < 0.65
    assert found["verdict"]["partial"] > 20


@pytest.mark.parametrize("axis", AXES)
def test_every_axis_is_often_the_only_one_that_fails(axis: str, found: dict[str, Counter[str]]) -> None:
    assert found["failed"][axis] >= 4


def test_every_kind_of_move_is_made(found: dict[str, Counter[str]]) -> None:
    assert set(found["moved"]) - {"nothing"} == {*MOVES, "an_edge_of_its_own"}


@pytest.mark.parametrize("move", [*MOVES, "an_edge_of_its_own"])
def test_every_kind_of_move_is_a_near_miss_one_way_and_the_other(move: str, drawn: list[World]) -> None:
    verdicts = {reference_decide(world.case)["decision"] for world in drawn if move in world.moves}
    assert {"permit", "deny"} <= verdicts


@settings(max_examples=50, deadline=None)
@given(world=near_misses())
def test_what_hypothesis_draws_is_decided(world: World) -> None:
    assert reference_decide(world.case)["decision"] in ("permit", "partial", "deny")


def test_worlds_and_laws_need_no_hypothesis() -> None:
    program = "import sys; sys.modules['hypothesis'] = None; from recoverycore.testing.consent import LAWS, cells, worlds; next(worlds(1))"
    subprocess.run([sys.executable, "-c", program], check=True)
