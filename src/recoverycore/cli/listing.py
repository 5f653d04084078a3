"""Which plugins there are, each with its hooks or whatever is wrong with it: the installed ones, and those of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.directory import read_entries, retired_ways
from recoverycore.engine.local import document_problems
from recoverycore.errors import Problem
from recoverycore.hooks import Plugins, discover
from recoverycore.hooks.files import PLACE, checked_files
from recoverycore.hooks.lines import PluginFile
from recoverycore.hooks.loading import candidates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recoverycore.directory import DirectoryEntry

__all__ = ["Listed", "in_folder", "installed"]

_ENTRIES = "/entries"
"""Where the lines of a plugin stand for whoever is told of a problem; the place of the line follows."""
_DOCUMENTS = "/documents"
"""Where its protocols and rules stand."""


@frozen
class Listed:
    """A plugin as it is listed: its name, where it comes from, what it implements, and what is wrong with it or with its entries."""

    name: str
    source: str
    hooks: tuple[str, ...]
    problems: tuple[Problem, ...]
    dist: str = ""
    version: str = ""
    load_seconds: float = 0.0
    """How long it took to import and make it, in this terminal."""
    lines_for: tuple[str, ...] = ()
    """Of a file of lines each one with its kinds and its region, as it would be offered; and when they were checked, and who was called."""

    @property
    def wrong_lines(self) -> bool:
        """Whether a line, a protocol or a rule is among what is wrong."""
        return any(each.path.startswith((_ENTRIES, _DOCUMENTS)) for each in self.problems)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data. What goes wrong while it is called, and how long that takes, an engine knows: `Engine.plugins`."""
        return {
            "name": self.name,
            "from": self.source,
            "dist": self.dist,
            "version": self.version,
            "hooks": list(self.hooks),
            "status": "ready" if self.hooks else "refused",
            "last_problem": f"{self.problems[-1].code} {self.problems[-1].name}" if self.problems else None,
            "load_seconds": self.load_seconds,
            "problems": [each.to_dict() for each in self.problems],
            "lines": list(self.lines_for),
        }

    def lines(self) -> Iterator[str]:
        """The same for a person: a line for the plugin, and one for each problem."""
        what = ", ".join(self.hooks) if self.hooks else "cannot be used"
        yield f"{self.name} ({self.source}): {what}" if self.source not in ("", self.name) else f"{self.name}: {what}"
        yield from (f"  {each}" for each in (*self.lines_for, *self.problems))


def installed(*, check: bool = False) -> Iterator[Listed]:
    """Every plugin that is installed, by name, made by itself: two that exclude each other are no problem until both are asked for.

    With `check` the lines of those that are a file of lines are looked at too: what is wrong with them, and who has called them.
    """
    sources: dict[str, list[str]] = {}
    for each in discover():
        sources.setdefault(each.name, []).append(f"{each.dist} {each.version}".strip())
    for name, dists in sources.items():
        built = Plugins.build([name], on_failure="report")
        lines = candidates([name], {})[0].plugin if check and built.names else None
        (row,) = built.to_rows()
        hooks = row["hooks"] if built.names else ()
        problems = (*built.problems, *_wrong_entries(lines))
        where = {each: row[each] for each in ("dist", "version", "load_seconds")}
        yield Listed(name, ", ".join(dists), hooks, problems, **where, lines_for=_how_checked(lines))


def in_folder(folder: Path, *, check: bool = False) -> Iterator[Listed]:
    """Every plugin in `folder`, by file. Of a file of lines each entry is looked at too; with `check` it is told who has called them."""
    for each in checked_files(folder):
        hooks = () if each.problems else each.hooks
        source = each.path.removeprefix(PLACE).removeprefix("/")
        lines = None if each.problems else each.plugin
        wrong = (found.under(each.path) for found in _wrong_entries(lines))
        lines_for = (*_lines_for(lines), *(_how_checked(lines) if check else ()))
        yield Listed(each.name, source, hooks, (*each.problems, *wrong), load_seconds=each.seconds, lines_for=lines_for)


def _lines_for(plugin: object) -> tuple[str, ...]:
    lines = (f"{each.id}: {', '.join(each.service_kinds)}, for {each.region}" for each in _entries(plugin))
    well = (each for each in _documents(plugin) if not document_problems(each))
    return (*lines, *(f"{each['id']}: {each['kind']}, for {each['region']}; in force when a programme keeps it" for each in well))


def _how_checked(plugin: object) -> tuple[str, ...]:
    """How many lines there are, of which days is the newest copy or check of each, and how many of them a person has called."""
    entries = _entries(plugin)
    if not entries:
        return ()
    days = sorted(each.verified_on for each in entries if each.verified_on)
    called = sum(each.call_tested_on is not None for each in entries)
    span = f"verified_on from {days[0]} to {days[-1]}" if days else "verified_on empty in all"
    without = f", empty in {len(entries) - len(days)}" if days and len(days) < len(entries) else ""
    asked = "" if called == len(entries) else f". Nobody has called {'the others' if called else 'any'}: do so before anybody is shown them"
    return (f"lines: {len(entries)}; {span}{without}; call-tested: {called}{asked}",)


def _entries(plugin: object) -> tuple[DirectoryEntry, ...]:
    return read_entries(plugin.entries)[0] if isinstance(plugin, PluginFile) else ()


def _wrong_entries(plugin: object) -> Iterator[Problem]:
    """What cannot be read, and what is not to be shown as current, each with its place among the entries."""
    if not isinstance(plugin, PluginFile):
        return
    for place, document in enumerate(plugin.entries):
        for entry in read_entries([document])[0]:
            yield from (each.under(f"{_ENTRIES}/{place}") for each in retired_ways(entry))
    for each in read_entries(plugin.entries)[1]:
        yield each.under(_ENTRIES)
    for place, document in enumerate(_documents(plugin)):
        yield from (each.under(f"{_DOCUMENTS}/{place}") for each in document_problems(document))


def _documents(plugin: object) -> tuple[dict[str, Any], ...]:
    return plugin.documents if isinstance(plugin, PluginFile) else ()
