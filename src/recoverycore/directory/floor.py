"""The library's own last entry: the local emergency number, which holds everywhere and needs no software."""

from __future__ import annotations

from functools import cache
from importlib import resources

from recoverycore.directory.documents import DirectoryEntry
from recoverycore.ground.loading import read_json

__all__ = ["built_in_floor"]


@cache
def built_in_floor() -> tuple[DirectoryEntry, ...]:
    """What is shown when nothing else is left. A host puts its own words there by `DirectorySettings.floor`.

    >>> [entry.id for entry in built_in_floor()]
    ['floor.emergency']
    """
    text = resources.files("recoverycore.directory").joinpath("floor.json").read_text("utf-8")
    return tuple(DirectoryEntry.model_validate(each) for each in read_json(text))
