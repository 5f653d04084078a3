"""What a contract is held against: a plugin of crisis lines, where it is to answer, and what it answers there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from recoverycore.directory import DirectoryEntry, directory_merge, read_entries
from recoverycore.testing.plugins.contributed import ContributedGiven

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.directory import Channel

__all__ = ["LinesGiven"]


class LinesGiven(ContributedGiven):
    """A plugin of lines and what it is said to be for.

    `call_tested` says that people have called the numbers; `day_and_night` are the kinds of which somebody always answers. `beside` are
    plugins without which nobody is to show these lines, as an engine takes them: a county's line stands beside those of its country.
    """

    hook = "recovery_contribute_directories"
    noun = "line"

    def __init__(
        self,
        plugin: object,
        regions: tuple[str, ...],
        *,
        worldwide: bool = False,
        call_tested: bool = False,
        day_and_night: tuple[str, ...] = ("emergency",),
        beside: tuple[object, ...] = (),
    ) -> None:
        super().__init__(plugin, regions, worldwide=worldwide)
        self.call_tested = call_tested
        self.day_and_night = day_and_night
        self.beside = beside

    @cached_property
    def entries(self) -> tuple[DirectoryEntry, ...]:
        """The entries that can be read, in their order."""
        return read_entries(self.documents.values())[0]

    def shown_in(self, region: str) -> tuple[DirectoryEntry, ...]:
        """The own entries, and those of whoever stands beside for `region`, as a directory has them above its floor."""
        if not self.beside or not self.accepted:
            return self.entries
        merged = directory_merge(self.ask(region, *self.beside).values)
        return tuple(each.entry for each in merged.listed if each.layer != "floor")

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of what can be read."""
        return frozenset(each.id for each in self.entries)

    def ways(self) -> Iterator[tuple[str, DirectoryEntry, Channel]]:
        """Each channel of each entry, with the words by which a sentence names it."""
        for entry in self.entries:
            for channel in entry.channels:
                yield f"{entry.id}, {channel.id}", entry, channel
