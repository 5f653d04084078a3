"""A story run from its first step to its last, judged step by step, and the ways in which it must come out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from recoverycore.errors import NotFound, problem
from recoverycore.testing.stories.documents import StoryStep
from recoverycore.testing.stories.judging import Broken, judge
from recoverycore.testing.stories.loading import load_story
from recoverycore.testing.stories.playing import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from recoverycore.testing.stories.documents import Story

__all__ = ["WAYS", "Played", "StoryResult", "Way", "run_story", "run_story_all_ways"]

Way = Literal["as_given", "twice", "reloaded", "a_year_on"]
WAYS: tuple[Way, ...] = ("as_given", "twice", "reloaded", "a_year_on")
"""As written; with everything delivered twice; exported and imported after each step; moved by 53 weeks."""
MOVED_BY = 371


@frozen
class StoryResult:
    """What came of a story: how many steps were judged, and what was broken."""

    story: str
    variant: str | None
    way: Way
    steps: int
    broken: tuple[Broken, ...]

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
    ends before the first step after it. `watch` is called after each step.
    """
    if variant is not None and variant not in {each.id for each in story.variants}:
        raise NotFound(problem("unknown_variant", detail=variant))
    broken: list[Broken] = []
    steps = [step for step in story.told_as(variant) if until is None or step.at <= until]
    player = Player(story, path, plugins=plugins, trace=trace)
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
    finally:
        player.engine.close()
    return StoryResult(story.id, variant, way, judged, tuple(broken))


def run_story_all_ways(name: str | Path) -> Iterable[StoryResult]:
    """The story called `name` and every variant of it, each in every way it must come out the same."""
    for way in WAYS:
        story = load_story(name, moved_by=MOVED_BY if way == "a_year_on" else 0)
        for variant in (None, *(each.id for each in story.variants)):
            yield run_story(story, variant=variant, way=way)


def _mark(player: Player, before: datetime | None, step: StoryStep) -> int:
    """How many rows there were before `step`, also where an earlier, broken run has already written some of its own."""
    happened = player.engine.timeline().happenings
    if before is None:
        return 0
    return len(happened) if before == step.at else sum(1 for each in happened if each.at <= before)
