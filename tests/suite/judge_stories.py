"""Judging stories: each one and each of its variants, as given and in every way in which it must come out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.testing.stories import run_story_all_ways, shipped_stories

if TYPE_CHECKING:
    from pathlib import Path


def run(path: Path | None) -> tuple[int, list[str]]:
    """Run the story in `path`, or all that come along: how many runs passed, and a line for each broken expectation."""
    results = [result for name in ([path] if path else shipped_stories()) for result in run_story_all_ways(name)]
    failures = [f"{result.name}: {'; '.join(map(str, result.broken))}" for result in results if result.broken]
    return len(results) - len(failures), failures
