"""The library's own last entries: the local emergency number, which holds everywhere and needs no software, and what to do with a call."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from recoverycore.directory.documents import DirectoryEntry
from recoverycore.directory.local_documents import LocalDocument
from recoverycore.ground.loading import read_json

__all__ = ["built_in_floor", "built_in_local"]


@cache
def built_in_floor() -> tuple[DirectoryEntry, ...]:
    """What is shown when nothing else is left. A host puts its own words there by `DirectorySettings.floor`.

    >>> [entry.id for entry in built_in_floor()]
    ['floor.emergency']
    """
    return tuple(DirectoryEntry.model_validate(each) for each in _read("floor.json"))


@cache
def built_in_local() -> tuple[LocalDocument, ...]:
    """The protocol and the rule that are looked at where nobody has contributed any: starting values, for clinical sign-off.

    Whoever is on call is asked, then a supervisor, and the lines are shown. Nothing here is in force until a programme takes it over.

    >>> [each.id for each in built_in_local()]
    ['floor.protocol', 'floor.rule']
    """
    return tuple(LocalDocument.model_validate(each) for each in _read("local_floor.json"))


def _read(name: str) -> list[Any]:
    found: list[Any] = read_json(resources.files("recoverycore.directory").joinpath(name).read_text("utf-8"))
    return found
