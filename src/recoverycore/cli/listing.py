"""Which plugins there are, each with its hooks or whatever is wrong with it: the installed ones, and those of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.cli.contributed import DOCUMENTS, ENTRIES, Contributed, contributed
from recoverycore.errors import Problem, problem
from recoverycore.hooks import Plugins, discover
from recoverycore.hooks.files import PLACE, checked_files
from recoverycore.hooks.loading import candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["Listed", "in_folder", "installed"]


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
    """Each line with its kinds and its region, as it would be offered; when they were checked, and who was called; and of code, whether
    it was asked."""

    @property
    def wrong_lines(self) -> bool:
        """Whether a line, a protocol or a rule is among what is wrong."""
        return any(each.path.startswith((ENTRIES, DOCUMENTS)) for each in self.problems)

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


def installed(*, check: bool = False, regions: Sequence[str] = ()) -> Iterator[Listed]:
    """Every plugin that is installed, by name, made by itself: two that exclude each other are no problem until both are asked for.

    With `check` the lines are looked at too, those of code in each of `regions`: what is wrong with them, and who has called them.
    """
    sources: dict[str, list[str]] = {}
    for each in discover():
        sources.setdefault(each.name, []).append(f"{each.dist} {each.version}".strip())
    for name, dists in sources.items():
        built = Plugins.build([name], on_failure="report")
        (row,) = built.to_rows()
        hooks = row["hooks"] if built.names else ()
        held = contributed(candidates([name], {})[0].plugin, hooks, regions) if check and built.names else Contributed()
        where = {each: row[each] for each in ("dist", "version", "load_seconds")}
        problems = (*built.problems, *held.wrong())
        yield Listed(name, ", ".join(dists), hooks, problems, **where, lines_for=(*held.notes, *held.how_checked()))


def in_folder(folder: Path, *, check: bool = False, regions: Sequence[str] = ()) -> Iterator[Listed]:
    """Every plugin in `folder`, by file. Each line and document of a file is looked at too, and of code what it answers for `regions`.

    With `check` it is told who has called the lines, and code that was not asked for its lines is no longer well.
    """
    for each in checked_files(folder):
        hooks = () if each.problems else each.hooks
        source = each.path.removeprefix(PLACE).removeprefix("/")
        held = contributed(each.plugin, hooks, regions)
        unasked = [problem("plugin_not_asked", each.path)] if check and held.unasked else []
        wrong = (found.under(each.path) for found in held.wrong())
        notes = () if unasked else held.notes
        lines_for = (*notes, *held.each_with_its_region(), *(held.how_checked() if check else ()))
        yield Listed(each.name, source, hooks, (*each.problems, *unasked, *wrong), load_seconds=each.seconds, lines_for=lines_for)
