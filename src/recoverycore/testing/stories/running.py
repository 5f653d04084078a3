"""A story run from its first step to its last, judged step by step, and the ways in which it must come out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from recoverycore.errors import DocumentError, NotFound, problem
from recoverycore.testing.stories.documents import StoryStep
from recoverycore.testing.stories.judging import Broken, judge
from recoverycore.testing.stories.loading import load_story
from recoverycore.testing.stories.playing import Player
from recoverycore.testing.stories.reordering import final_state, orders
from recoverycore.testing.stories.standing import StoryStanding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from recoverycore.testing.stories.documents import Story

__all__ = ["WAYS", "Played", "StoryResult", "Way", "run_story", "run_story_all_ways", "ways_of"]

Way = Literal["as_given", "twice", "reloaded", "a_year_on", "reordered"]
WAYS: tuple[Way, ...] = ("as_given", "twice", "reloaded", "a_year_on", "reordered")
"""As written; with everything delivered twice; exported and imported after each step; moved by 53 weeks; out of order, where the
story allows it."""
MOVED_BY = 371


@frozen
class StoryResult:
    """What came of a story: how many steps were judged, what was broken, and how everything stands in the end.

    `standing` is as of the instant that the run was asked to stop at, else of its last step.
    """

    story: str
    variant: str | None
    way: Way
    steps: int
    broken: tuple[Broken, ...]
    standing: StoryStanding | None = None

    @property
    def name(self) -> str:
        """The story, its variant and the way it was run, in one word."""
        return "/".join(part for part in (self.story, self.variant, self.way) if part)


@frozen
class Played:
    """A step that was just played: what happened in it, what is broken, and the clocks that run now."""

    step: StoryStep
    rows: list[dict[str, Any]]
    broken: list[Broken]
    clocks: list[dict[str, Any]]


def run_story(
    story: Story,
    *,
    variant: str | None = None,
    way: Way = "as_given",
    path: Path | None = None,
    until: datetime | None = None,
    plugins: Iterable[object] = (),
    trace: Callable[[str], None] | None = None,
    watch: Callable[[Played], object] | None = None,
) -> StoryResult:
    """Play `story` and judge each step. Error: ``unknown_variant``.

    With a `path` the engine keeps its state in that file; a run that goes on there judges only what it newly plays. `until`
    ends before the first step after it. `plugins` stand beside those of the story and are called like them: what a deliverer among
    them sends is sent. `watch` is called after each step. Out of order (`way`) only the end is judged: it has
    to be the same as in order.
    """
    if variant is not None and variant not in {each.id for each in story.variants}:
        raise NotFound(problem("unknown_variant", detail=variant))
    if way == "reordered":
        return _run_reordered(story, variant)
    broken: list[Broken] = []
    steps = [step for step in story.told_as(variant) if until is None or step.at <= until]
    player = _checked(Player(story, path, plugins=plugins, trace=trace))
    judged = 0
    try:
        before: datetime | None = None
        for step in steps:
            mark = _mark(player, before, step)
            already = player.engine.done(f"{story.id}:{variant or ''}:{step.at.isoformat()}") is not None
            player.play(step, twice=way == "twice")
            rows = player.engine.timeline().to_rows()[mark:]
            found = [] if already else judge(player, step, rows)
            player.engine.remember(f"{story.id}:{variant or ''}:{step.at.isoformat()}", at=step.at)
            judged += not already
            broken += found
            if watch is not None:
                watch(Played(step, rows, found, player.engine.clocks(client=player.client)))
            if way == "reloaded":
                player.reload()
            before = step.at
        standing = player.standing(until)
    finally:
        player.engine.close()
    return StoryResult(story.id, variant, way, judged, tuple(broken), standing)


def run_story_all_ways(name: str | Path) -> Iterable[StoryResult]:
    """The story called `name` and every variant of it, each in every way it must come out the same."""
    for way in ways_of(load_story(name)):
        story = load_story(name, moved_by=MOVED_BY if way == "a_year_on" else 0)
        for variant in (None, *(each.id for each in story.variants)):
            yield run_story(story, variant=variant, way=way)


def ways_of(story: Story) -> tuple[Way, ...]:
    """The ways in which `story` has to come out the same: out of order only where it says so."""
    return tuple(way for way in WAYS if way != "reordered" or story.reorder_ok)


def _checked(player: Player) -> Player:
    """A player in whose story nothing is named that nobody knows, and every crisis protocol can be relied on.

    Error: `DocumentError` with everything that the engine's `check` finds, but for lines that are left out: a story may tell of those.
    """
    wrong = [each for each in player.engine.check(client=player.client) if each.name != "line_left_out"]
    if wrong:
        player.engine.close()
        raise DocumentError(*(each.under("/data/start/rules") for each in wrong))
    return player


def _run_reordered(story: Story, variant: str | None) -> StoryResult:
    """The end of a story in every order in which its steps may arrive, beside its end in order."""
    steps = story.told_as(variant)
    wanted = _end_of(story, steps, steps)
    broken: list[Broken] = []
    tried = 0
    for order in orders(steps):
        tried += 1
        found = _end_of(story, order, steps)
        broken += [
            Broken(late.at, f"reordered/{name}", wanted[name], found[name])
            for name in wanted
            if found[name] != wanted[name]
            for late in [next(step for step, there in zip(order, steps, strict=True) if step is not there)]
        ]
    return StoryResult(story.id, variant, "reordered", tried, tuple(broken))


def _end_of(story: Story, order: tuple[StoryStep, ...], steps: tuple[StoryStep, ...]) -> dict[str, Any]:
    player = _checked(Player(story))
    try:
        for step in order:
            player.play(step)
        return final_state(player, steps)
    finally:
        player.engine.close()


def _mark(player: Player, before: datetime | None, step: StoryStep) -> int:
    """How many rows there were before `step`, also where an earlier, broken run has already written some of its own."""
    happened = player.engine.timeline().happenings
    if before is None:
        return 0
    return len(happened) if before == step.at else sum(1 for each in happened if each.at <= before)
