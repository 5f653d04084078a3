"""Which plugins there are, each with its hooks or whatever is wrong with it: the installed ones, and those of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.directory import read_entries
from recoverycore.errors import Problem
from recoverycore.hooks import Plugins, discover
from recoverycore.hooks.files import PLACE, checked_files
from recoverycore.hooks.lines import FileLines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from recoverycore.hooks.loading import Candidate

__all__ = ["Listed", "in_folder", "installed"]


@frozen
class Listed:
    """A plugin as it is listed: its name, where it comes from, what it implements, and what is wrong with it or with its entries."""

    name: str
    source: str
    hooks: tuple[str, ...]
    problems: tuple[Problem, ...]
    lines_for: tuple[str, ...] = ()
    """Of a file of lines each one with its kinds and its region, as it would be offered."""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        problems = [each.to_dict() for each in self.problems]
        return {"name": self.name, "from": self.source, "hooks": list(self.hooks), "problems": problems, "lines": list(self.lines_for)}

    def lines(self) -> Iterator[str]:
        """The same for a person: a line for the plugin, and one for each problem."""
        what = ", ".join(self.hooks) if self.hooks else "cannot be used"
        yield f"{self.name} ({self.source}): {what}" if self.source not in ("", self.name) else f"{self.name}: {what}"
        yield from (f"  {each}" for each in (*self.lines_for, *self.problems))


def installed() -> Iterator[Listed]:
    """Every plugin that is installed, by name, made by itself: two that exclude each other are no problem until both are asked for."""
    sources: dict[str, list[str]] = {}
    for each in discover():
        sources.setdefault(each.name, []).append(f"{each.dist} {each.version}".strip())
    for name, dists in sources.items():
        built = Plugins.build([name], strict=False)
        yield Listed(name, ", ".join(dists), built.to_rows()[0]["hooks"] if built.names else (), built.problems)


def in_folder(folder: Path) -> Iterator[Listed]:
    """Every plugin in `folder`, by file. Of a file of lines each entry is looked at too."""
    for each in checked_files(folder):
        hooks = () if each.problems else each.hooks
        source = each.path.removeprefix(PLACE).removeprefix("/")
        yield Listed(each.name, source, hooks, (*each.problems, *_wrong_entries(each)), _lines_for(each))


def _lines_for(candidate: Candidate) -> tuple[str, ...]:
    if candidate.problems or not isinstance(candidate.plugin, FileLines):
        return ()
    return tuple(f"{each.id}: {', '.join(each.service_kinds)}, for {each.region}" for each in read_entries(candidate.plugin.entries)[0])


def _wrong_entries(candidate: Candidate) -> Iterator[Problem]:
    if not candidate.problems and isinstance(candidate.plugin, FileLines):
        for each in read_entries(candidate.plugin.entries)[1]:
            yield each.under(f"{candidate.path}/entries")
