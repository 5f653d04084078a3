"""What one plugin contributes, as far as it can be known from a terminal: a file holds it, and code is asked for it, region by region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.directory import read_entries, retired_ways
from recoverycore.engine import Settings
from recoverycore.engine.local import document_problems
from recoverycore.errors import Problem, problem
from recoverycore.hooks import Plugins
from recoverycore.hooks.lines import PluginFile
from recoverycore.testing.plugins import no_network

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverycore.directory import DirectoryEntry

__all__ = ["DOCUMENTS", "ENTRIES", "Contributed", "contributed"]

ENTRIES = "/entries"
"""Where the lines of a plugin stand for whoever is told of a problem; the place of the line follows."""
DOCUMENTS = "/documents"
"""Where its protocols and rules stand."""
_ASKED = {"recovery_contribute_directories": "entries", "recovery_contribute_documents": "documents"}


@frozen
class Contributed:
    """The lines and the local documents of a plugin as it gives them, and how it came that they are known, or not."""

    entries: tuple[dict[str, Any], ...] = ()
    documents: tuple[dict[str, Any], ...] = ()
    unasked: bool = False
    """Whether it is code that would contribute something, and nobody said where."""
    nothing_for: tuple[str, ...] = ()
    """The regions for which code was asked and has nothing."""
    failed: tuple[Problem, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """How code was asked, where that is not plain from what it answered."""
        if self.unasked:
            return ("nobody has looked at what it contributes; say for which region with --region",)
        return (f"asked for {', '.join(self.nothing_for)}: nothing",) if self.nothing_for else ()

    def each_with_its_region(self) -> tuple[str, ...]:
        """Each line and document that is well: what it is, and for where."""
        lines = (f"{each.id}: {', '.join(each.service_kinds)}, for {each.region}" for each in self._read())
        well = (each for each in self.documents if not document_problems(each))
        return (*lines, *(f"{each['id']}: {each['kind']}, for {each['region']}; in force when a programme keeps it" for each in well))

    def how_checked(self) -> tuple[str, ...]:
        """How many lines there are, of which days is the newest copy or check of each, and how many of them a person has called."""
        entries = self._read()
        if not entries:
            return ()
        days = sorted(each.verified_on for each in entries if each.verified_on)
        called = sum(each.call_tested_on is not None for each in entries)
        span = f"verified_on from {days[0]} to {days[-1]}" if days else "verified_on empty in all"
        without = f", empty in {len(entries) - len(days)}" if days and len(days) < len(entries) else ""
        nobody = f". Nobody has called {'the others' if called else 'any'}: do so before anybody is shown them"
        return (f"lines: {len(entries)}; {span}{without}; call-tested: {called}{'' if called == len(entries) else nobody}",)

    def wrong(self) -> Iterator[Problem]:
        """What cannot be read, and what is not to be shown as current, each with its place; and that the plugin did not answer."""
        yield from self.failed
        for place, document in enumerate(self.entries):
            for entry in read_entries([document])[0]:
                yield from (each.under(f"{ENTRIES}/{place}") for each in retired_ways(entry))
        for each in read_entries(self.entries)[1]:
            yield each.under(ENTRIES)
        for place, document in enumerate(self.documents):
            yield from (each.under(f"{DOCUMENTS}/{place}") for each in document_problems(document))

    def _read(self) -> tuple[DirectoryEntry, ...]:
        return read_entries(self.entries)[0]


def contributed(plugin: object, hooks: Sequence[str], regions: Sequence[str]) -> Contributed:
    """What `plugin`, which has these `hooks`, contributes; code is asked for each of `regions`, without a network, as an engine asks."""
    if isinstance(plugin, PluginFile):
        return Contributed(plugin.entries, plugin.documents)
    asked = [hook for hook in _ASKED if hook in hooks]
    if not asked or not regions:
        return Contributed(unasked=bool(asked))
    given: dict[str, list[dict[str, Any]]] = {part: [] for part in _ASKED.values()}
    failed: dict[Problem, None] = {}
    nothing = []
    for region in regions:
        answered = False
        for hook in asked:
            with no_network():
                report = Plugins.build([plugin]).contribute(hook, deadline=Settings().look_up_within, region=region)
            failed.update((problem("hook_failed", detail=f"asked for {region}: {each.error or each.status}"), None) for each in report.bad)
            for document in (each for value in report.values.values() for each in value):
                answered = True
                if document not in given[_ASKED[hook]]:
                    given[_ASKED[hook]].append(document)
            answered = answered or bool(report.bad)
        if not answered:
            nothing.append(region)
    return Contributed(tuple(given["entries"]), tuple(given["documents"]), nothing_for=tuple(nothing), failed=tuple(failed))
