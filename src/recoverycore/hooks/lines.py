"""The crisis lines of one region as a file holds them, with its protocols and rules, and the plugin that such a file is.

Read here is what belongs to the file itself: its region, its name, that its entries are objects of that region. What an entry
says is looked at where all entries meet, like those of any other plugin.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, time
from importlib import resources
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Id, Region
from recoverycore.ground.loading import read_json
from recoverycore.ground.problems import pointer
from recoverycore.hooks.marks import hookimpl
from recoverycore.hooks.specs import RecoveryHooks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from recoverycore.errors import Problem

__all__ = ["FileDocuments", "FileLines", "LinesFile", "PluginFile", "packaged_lines", "plugin_of", "read_lines"]

_WORLD = "001"
_SHOWN = frozenset({"entries", "valid_from", "valid_until"})
"""The keys on the way to an instant. Any other key may be somebody's text, so a problem does not repeat it."""
_FLAGS = {"true": True, "false": False}


class LinesFile(Document):
    """What stands in the file: its region, directory entries, and local documents. Without a `name` it has that of the file."""

    name: Id | None = None
    region: Region
    entries: tuple[dict[str, JsonValue], ...] = ()
    documents: tuple[dict[str, JsonValue], ...] = ()


class PluginFile(RecoveryHooks):
    """The plugin that a file is: its name, its region, and what it holds. It is asked for what there is in it, and for nothing else.

    It answers for its region, for the parts of that and for what it is a part of; what of it is near enough, the look-up decides.
    """

    def __init__(self, name: str, lines: LinesFile) -> None:
        self.recoverycore_name = name
        self.region = lines.region
        self.entries = lines.entries
        self.documents = lines.documents


class FileLines(PluginFile):
    """A file of crisis lines.

    >>> lines = FileLines("kent", LinesFile(region="GB-KEN", entries=({"id": "night-line"},)))
    >>> lines.recovery_contribute_directories("GB")
    [{'id': 'night-line'}]
    >>> lines.recovery_contribute_directories("GB-DEV") is None
    True
    """

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Sequence[dict[str, Any]] | None:
        """Every entry of the file, or None for a region that has nothing to do with it."""
        return [deepcopy(entry) for entry in self.entries] if _related(self.region, region) else None


class FileDocuments(PluginFile):
    """A file of protocols and rules."""

    @hookimpl
    def recovery_contribute_documents(self, region: str) -> Sequence[dict[str, Any]] | None:
        """Every local document of the file, or None for a region that has nothing to do with it."""
        return [deepcopy(each) for each in self.documents] if _related(self.region, region) else None


class FileLinesAndDocuments(FileLines, FileDocuments):
    """A file that holds both."""


def plugin_of(name: str, lines: LinesFile) -> PluginFile:
    """The plugin that a file is."""
    if lines.entries and lines.documents:
        return FileLinesAndDocuments(name, lines)
    return FileDocuments(name, lines) if lines.documents else FileLines(name, lines)


def packaged_lines(package: str) -> Callable[[Mapping[str, Any]], PluginFile]:
    """The factory of a distribution that is lines and nothing else: ``lines.json`` beside the code of `package`, in the form of a file.

    An entry point names what this gives. There is nothing to set, and a setting that would do nothing is refused. The file is read when
    an engine is built, so what is wrong with it is told then.
    """

    def plugin(settings: Mapping[str, Any]) -> PluginFile:
        """The plugin, as an engine makes it."""
        lines = read_lines(read_json(resources.files(package).joinpath("lines.json").read_bytes()), text_only=False)
        name = lines.name or package
        if settings:
            message = f"{name} has no settings"
            raise ValueError(message)
        return plugin_of(name, lines)

    return plugin


def read_lines(data: Any, *, text_only: bool) -> LinesFile:
    """The file of lines that `data` is, as it was read; `text_only` where the format has no numbers.

    Errors: ``naive_time``, ``blank``, ``plugin_file_region``, and those of every document.
    """
    found: list[Problem] = []
    lines = LinesFile.model_validate(_as_json(data, (), found))
    if not lines.entries and not lines.documents:
        found.append(problem("blank", "/entries"))
    for part, given in (("entries", lines.entries), ("documents", lines.documents)):
        for place, entry in enumerate(given):
            region = entry.get("region")
            if isinstance(region, str) and not _related(lines.region, region):
                found.append(problem("plugin_file_region", f"/{part}/{place}/region"))
    if found:
        raise DocumentError(*found)
    if not text_only:
        return lines
    documents = tuple(_with_values(_with_numbers(each)) for each in lines.documents)
    return lines.evolve(entries=tuple(_with_numbers(entry) for entry in lines.entries), documents=documents)


def _related(one: str, other: str) -> bool:
    """Whether one region is the other, or a part of it; everything is a part of the world.

    >>> _related("US-MN-053", "US"), _related("US", "US-MN"), _related("US-MN", "US-MI"), _related("US-MN-053", "US-MN-05")
    (True, True, False, False)
    """
    return _WORLD in (one, other) or f"{one}-".startswith(f"{other}-") or f"{other}-".startswith(f"{one}-")


def _as_json(value: Any, place: tuple[str | int, ...], found: list[Problem]) -> Any:
    """`value` with the dates and times of TOML as the texts that JSON would hold; an instant without an offset is noted."""
    match value:
        case dict():
            return {key: _as_json(each, (*place, key if key in _SHOWN else "?"), found) for key, each in value.items()}
        case list():
            return [_as_json(each, (*place, number), found) for number, each in enumerate(value)]
        case datetime():
            if value.tzinfo is None:
                found.append(problem("naive_time", pointer(place)))
            return value.isoformat()
        case date():
            return value.isoformat()
        case time(second=0, microsecond=0):
            return value.isoformat("minutes")
        case time():
            return value.isoformat()
        case _:
            return value


def _with_numbers(entry: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """An entry from a format that has text only, with the two fields of an entry that are no text as what they say."""
    made = dict(entry)
    priority, floor = made.get("priority"), made.get("floor")
    if isinstance(priority, str) and priority.isascii() and priority.isdecimal():
        made["priority"] = int(priority)
    if isinstance(floor, str):
        made["floor"] = _FLAGS.get(floor, floor)
    return made


def _with_values(document: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """A local document from a format that has text only, with what it holds as its kind says; as it is where that does not fit."""
    from recoverycore.escalation import Protocol  # a file without documents pays nothing for them
    from recoverycore.risk import Rule

    for kind in (Protocol, Rule):
        if document.get("kind") == kind.schema_name.rpartition("/")[2]:
            try:
                return {**document, "data": kind.model_validate(document.get("data"), context={"text_only": True}).to_data()}
            except DocumentError:
                return document  # what is wrong is told where all documents meet
    return document
