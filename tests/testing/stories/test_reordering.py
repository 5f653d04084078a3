"""Out of order: which orders there are, and that an end which depends on the order is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.testing.stories import Player, Story, load_story, run_story
from recoverycore.testing.stories.reordering import FARTHEST, orders

if TYPE_CHECKING:
    from recoverycore.testing.stories import StoryStep

STORY = load_story("jamal")


def places(order: tuple[StoryStep, ...]) -> list[int]:
    return [STORY.steps.index(step) for step in order]


def test_every_order_has_every_step_and_none_is_more_than_two_places_off() -> None:
    found = list(orders(STORY.steps))
    assert len(found) > 10
    for order in found:
        assert sorted(places(order)) == list(range(len(STORY.steps)))
        assert all(abs(place - index) <= FARTHEST for index, place in enumerate(places(order)))
        assert places(order) != list(range(len(STORY.steps)))


def test_no_step_comes_before_one_whose_ids_it_names() -> None:
    slip, review = 1, 3
    assert all(places(order).index(slip) < places(order).index(review) for order in orders(STORY.steps))


def test_nothing_is_moved_across_a_step_that_is_fixed() -> None:
    fixed = tuple(step.evolve(fixed=True) if number == 4 else step for number, step in enumerate(STORY.steps))
    for order in orders(fixed):
        at = next(index for index, step in enumerate(order) if step.fixed)
        assert {step.at for step in order[:at]} == {step.at for step in fixed[:4]}


def test_an_end_that_depends_on_the_order_is_noticed() -> None:
    """Two revisions that each build on the one before: in the other order another one is the last."""
    data = STORY.to_data()
    revise = {"act": "revise", "kind": "relapse_prevention", "authors": ["client"], "reason": "new"}
    added = [{"own_coping": [{"id": name, "words": name, "by": "client"}]} for name in ("one", "two")]
    data["steps"] = [{"at": f"2026-03-0{number + 1}T10:00:00Z", "do": [{**revise, "add": each}]} for number, each in enumerate(added)]
    broken = run_story(Story.model_validate(data), way="reordered").broken
    assert [each.where for each in broken] == ["reordered/documents"]


def test_a_stopped_story_can_be_asked_how_everything_stands_then_and_later_without_being_changed() -> None:
    player = Player(STORY)
    for step in STORY.steps[:5]:
        player.play(step)
    before = player.engine.export()
    now, later = player.standing(), player.standing(STORY.steps[5].at)
    assert (now.rules_holding, later.rules_holding) == ((), ("r_quiet",))
    assert now.plans == {"relapse_prevention": 2}
    assert now.at < (now.next_due or now.at) < later.at
    assert player.engine.export() == before


@pytest.mark.parametrize("key", ["runs", "clocks", "owed", "goals", "plans", "windows_active", "plan_warnings", "slips", "next_due"])
def test_how_everything_stands_is_plain_data(key: str) -> None:
    import json

    found: dict[str, Any] = json.loads(json.dumps(Player(STORY).standing().to_dict()))
    assert key in found
