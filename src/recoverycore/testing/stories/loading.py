"""Reading stories: civil times become instants in the story's zone; a story can be moved by whole weeks as it is read."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.errors import DocumentError, InstantError, NotFound, problem
from recoverycore.ground.instants import calendar_add, local_date, moment, parse_day, parse_instant, utc_text, wall_minutes, zone_info
from recoverycore.ground.loading import open_envelope, read_file, read_text
from recoverycore.ground.problems import pointer
from recoverycore.plans import AnniversaryWindow, AnyRiskWindow
from recoverycore.testing.stories.documents import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["civil_instant", "load_story", "shipped_stories", "story_from"]

_CIVIL = re.compile(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::00)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = timedelta(days=364)


def shipped_stories() -> tuple[str, ...]:
    """The names of the stories that come with the library. All of them are synthetic."""
    folder = resources.files("recoverycore.testing.stories").joinpath("shipped")
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml")))


def load_story(name: str | Path, *, moved_by: int = 0) -> Story:
    """The story in the file `name`, or the one of that name that comes with the library.

    `moved_by` days: every date moves, yearly dates with it; steps a year or more after the first are left out then. Errors:
    ``no_story``, and everything that is wrong with its documents.
    """
    path = Path(name)
    if path.suffix:
        return story_from(read_file(path), text_only=path.suffix != ".json", moved_by=moved_by)
    if str(name) not in shipped_stories():
        raise NotFound(problem("no_story"))
    text = resources.files("recoverycore.testing.stories").joinpath("shipped", f"{name}.yaml").read_text("utf-8")
    return story_from(read_text(text, "yaml"), moved_by=moved_by)


def story_from(data: Any, *, text_only: bool = True, moved_by: int = 0) -> Story:
    """The story that `data`, as it stands in a file, tells."""
    inner = data.get("data", data) if isinstance(data, dict) else data
    if isinstance(inner, dict):
        place = "/data/zone" if inner is not data else "/zone"
        zone = inner.get("zone")
        if not isinstance(zone, str):  # without it no time in the file means anything, and each would be told
            raise DocumentError(problem("missing_field" if zone is None else "wrong_type", place))
        with _at(place):
            zone_info(zone)
        data = _resolved(data, zone, moved_by)
    story = open_envelope(data, Story, text_only=text_only)
    return _moved(story, moved_by) if moved_by else story


def civil_instant(text: str, zone: str) -> datetime | None:
    """The instant that a civil time of `zone` means, or None where `text` is none: a repeated time is its first occurrence."""
    found = _CIVIL.fullmatch(text)
    return moment(parse_day(found[1]), wall_minutes(found[2]), zone) if found else None


@contextmanager
def _at(place: str) -> Iterator[None]:
    """What cannot be read in here is told with its `place` in the file."""
    try:
        yield
    except InstantError as error:
        found = tuple(each.under(place) for each in error.problems)
    else:
        return
    raise InstantError(*found)


def _resolved(value: Any, zone: str, moved_by: int, place: tuple[str | int, ...] = ()) -> Any:
    """Every text that is wholly a civil time as an instant, every date moved. Error: ``bad_time``, with the place."""
    if isinstance(value, dict):
        read = {key: _resolved(each, zone, moved_by, (*place, str(key))) for key, each in value.items()}
        return {**read, **_walls(value, moved_by)} if value.get("kind") == "date" else read
    if isinstance(value, list):
        return [_resolved(each, zone, moved_by, (*place, number)) for number, each in enumerate(value)]
    if isinstance(value, str) and (found := _CIVIL.fullmatch(value)):
        with _at(pointer(place)):
            return utc_text(moment(parse_day(found[1]) + timedelta(days=moved_by), wall_minutes(found[2]), zone))
    if isinstance(value, str) and moved_by:
        return _moved_text(value, zone, moved_by)
    return value


def _walls(window: dict[str, Any], days: int) -> dict[str, str]:
    """The wall times of a window of a date: they stay civil, since the window may have a zone of its own."""
    found = {key: _CIVIL.fullmatch(window[key]) for key in ("start", "end") if isinstance(window.get(key), str)}
    return {key: f"{parse_day(each[1]) + timedelta(days=days)}T{each[2]}" for key, each in found.items() if each}


def _moved_text(text: str, zone: str, days: int) -> str:
    """A date, or an instant with its offset, so many days later at the same wall time; any other text as it is."""
    if _DAY.fullmatch(text):
        return (date.fromisoformat(text) + timedelta(days=days)).isoformat()
    try:
        return utc_text(calendar_add(parse_instant(text), days, timedelta(), zone))
    except InstantError:
        return text


def _moved(story: Story, days: int) -> Story:
    """Yearly dates moved along with the rest, and without the steps that would need another year."""
    first = local_date(story.steps[0].at, story.zone)
    windows: list[AnyRiskWindow] = []
    for window in story.start.windows:
        if not isinstance(window, AnniversaryWindow):
            windows.append(window)
            continue
        near = date(first.year, window.month, window.day) - timedelta(days=days)
        # The date as it was in the year the story was written for, moved as every other date is.
        there = min((date(near.year + year, window.month, window.day) for year in (-1, 0, 1)), key=lambda each: abs(each - near))
        new = there + timedelta(days=days)
        windows.append(window.evolve(month=new.month, day=new.day))
    kept = tuple(step for step in story.steps if step.at - story.steps[0].at < _YEAR)
    return story.evolve(start=story.start.evolve(windows=tuple(windows)), steps=kept)
