"""Stories: synthetic lives as data, played on a real engine and judged by values and codes.

A story is written by somebody who has never seen the code: people, agreements, dated events, and what must come of each.
Loading one needs the extra ``yaml`` (or write it in JSON or TOML). Tests, the demo and the command line use it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.stories.documents import Story as Story
    from recoverycore.testing.stories.documents import StoryStep as StoryStep
    from recoverycore.testing.stories.judging import Broken as Broken
    from recoverycore.testing.stories.loading import load_story as load_story
    from recoverycore.testing.stories.loading import shipped_stories as shipped_stories
    from recoverycore.testing.stories.loading import story_from as story_from
    from recoverycore.testing.stories.playing import Player as Player
    from recoverycore.testing.stories.playing import Recorder as Recorder
    from recoverycore.testing.stories.running import WAYS as WAYS
    from recoverycore.testing.stories.running import Played as Played
    from recoverycore.testing.stories.running import StoryResult as StoryResult
    from recoverycore.testing.stories.running import run_story as run_story
    from recoverycore.testing.stories.running import run_story_all_ways as run_story_all_ways
    from recoverycore.testing.stories.running import ways_of as ways_of
    from recoverycore.testing.stories.standing import StoryStanding as StoryStanding

__all__ = [
    "Broken",
    "Played",
    "Player",
    "Recorder",
    "Story",
    "StoryResult",
    "StoryStanding",
    "StoryStep",
    "WAYS",
    "load_story",
    "run_story",
    "run_story_all_ways",
    "shipped_stories",
    "story_from",
    "ways_of",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "documents": ("Story", "StoryStep"),
        "judging": ("Broken",),
        "loading": ("load_story", "shipped_stories", "story_from"),
        "playing": ("Player", "Recorder"),
        "running": ("WAYS", "Played", "StoryResult", "run_story", "run_story_all_ways", "ways_of"),
        "standing": ("StoryStanding",),
    },
)
