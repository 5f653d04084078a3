"""The orders in which the steps of a story may arrive, and what has to be the same in the end whatever the order was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.coordination import Obligation
from recoverycore.engine.documents import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.testing.stories.documents import StoryStep
    from recoverycore.testing.stories.playing import Player

__all__ = ["FARTHEST", "final_state", "orders"]

FARTHEST = 2
"""How many places a step may arrive late."""
_NAMES = ("id", "message_id")


def orders(steps: tuple[StoryStep, ...]) -> Iterator[tuple[StoryStep, ...]]:
    """Every order in which one step arrives one or two places late, and one in which every other step does.

    No step comes before one whose ids it names, and nothing is moved across a step that is fixed.
    """
    places = range(len(steps))
    found: dict[tuple[int, ...], None] = {}
    for late in places:
        for end in range(late + 2, min(late + FARTHEST, len(steps) - 1) + 2):
            if _may_pass(steps[late], steps[late + 1 : end]):
                found[(*places[:late], *places[late + 1 : end], late, *places[end:])] = None
    swapped = list(places)
    for late in range(0, len(steps) - 1, 2):
        if _may_pass(steps[late], steps[late + 1 : late + 2]):
            swapped[late : late + 2] = [late + 1, late]
    found[tuple(swapped)] = None
    found.pop(tuple(places), None)
    for order in found:
        yield tuple(steps[place] for place in order)


def _may_pass(late: StoryStep, others: tuple[StoryStep, ...]) -> bool:
    """Whether `others` may come before `late`, which they follow in the story."""
    return not late.fixed and not any(each.fixed or _made(late) & _named(each) for each in others)


def _made(step: StoryStep) -> set[str]:
    """The ids that something in a step is given."""
    return {value for act in step.do for key, value in _texts(act.to_data()) if key in _NAMES}


def _named(step: StoryStep) -> set[str]:
    """Every text in what a step does that may be an id."""
    return {value for act in step.do for _, value in _texts(act.to_data())}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _texts(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, key)
    elif isinstance(value, str):
        yield key, value


def final_state(player: Player, steps: tuple[StoryStep, ...]) -> dict[str, Any]:
    """What has to be the same in the end: documents, goals, obligations and runs, not the order of what was told.

    Obligations are numbered as they come, so they are compared without their ids.
    """
    engine, client, at = player.engine, player.client, max(step.at for step in steps)
    engine.tick(at)
    documents = player.documents(set(KINDS) - {"obligation"})
    owed = [{name: value for name, value in each.to_data().items() if name != "id"} for each in engine.kept(Obligation, client=client)]
    return {
        "documents": {kind: sorted((each["id"], each["revisions"][-1]) for each in found) for kind, found in documents.items()},
        "goals": engine.goals(client=client, at=at),
        "slips": engine.slips(client=client, at=at),
        "owed": sorted(owed, key=str),
        "runs": sorted((state.run, state.status, state.level, state.owner or "") for state in engine.runs(client=client)),
    }
