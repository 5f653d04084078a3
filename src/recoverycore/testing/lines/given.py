"""What a contract is held against: a plugin of crisis lines, where it is to answer, and what it answers there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from recoverycore.directory import DirectoryEntry, read_entries
from recoverycore.hooks import Plugins

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.directory import Channel
    from recoverycore.hooks import Report

__all__ = ["HOOK", "LinesGiven"]

HOOK = "recovery_contribute_directories"


class LinesGiven:
    """A plugin and what it is said to be for. Everything that is worked out from its answers is worked out once.

    `regions` are those that it must answer for; with `worldwide` it may answer for any other too. `call_tested` says that people have
    called the numbers; `day_and_night` are the kinds of which somebody always answers.
    """

    def __init__(
        self,
        plugin: object,
        regions: tuple[str, ...],
        *,
        worldwide: bool = False,
        call_tested: bool = False,
        day_and_night: tuple[str, ...] = ("emergency",),
    ) -> None:
        self.plugin = plugin
        self.regions = regions
        self.worldwide = worldwide
        self.call_tested = call_tested
        self.day_and_night = day_and_night

    def ask(self, region: str, *others: object) -> Report:
        """What the plugin, and any `others` beside it, answers for `region`, as an engine asks. Raises what an engine would refuse."""
        return Plugins.build([self.plugin, *others]).contribute(HOOK, region=region)

    def answer(self, region: str) -> list[dict[str, Any]]:
        """The documents that the plugin gives for `region`; none where it abstains or fails."""
        return [document for answer in self.ask(region).values.values() for document in answer]

    @cached_property
    def documents(self) -> dict[str, dict[str, Any]]:
        """Every document for the own regions, by a label that a sentence can name: its id, or its place."""
        found: dict[str, dict[str, Any]] = {}
        for region in self.regions:
            for place, document in enumerate(self.answer(region)):
                label = str(document.get("id", f"entry {place} for {region}"))
                while found.get(label, document) != document:
                    label = f"{label} (again)"
                found[label] = document
        return found

    @cached_property
    def entries(self) -> tuple[DirectoryEntry, ...]:
        """The entries that can be read, in their order."""
        return read_entries(self.documents.values())[0]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The ids of what can be read."""
        return frozenset(each.id for each in self.entries)

    def ways(self) -> Iterator[tuple[str, DirectoryEntry, Channel]]:
        """Each channel of each entry, with the words by which a sentence names it."""
        for entry in self.entries:
            for channel in entry.channels:
                yield f"{entry.id}, {channel.id}", entry, channel
