"""One directory from many hands: host over plugins over the floor, by id. No plugin can take anything away."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from recoverycore.directory.documents import DirectoryEntry, DirectorySettings
from recoverycore.directory.floor import built_in_floor
from recoverycore.errors import DocumentError, Problem, problem
from recoverycore.ground.canonical import canonical_json, digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["MergeReport", "Merged", "MergedEntry", "directory_merge"]

ReportCode = Literal[
    "conflict", "floor_cannot_be_removed", "floor_protected", "invalid", "nothing_to_remove", "plugin_cannot_remove",
]  # fmt: skip
HOST = "host"
FLOOR = "floor"


@frozen
class MergedEntry:
    """An entry of the merged directory: which layer it is from, and who gave it."""

    entry: DirectoryEntry
    layer: Literal["floor", "plugin", "host"]
    given_by: tuple[str, ...]


@frozen
class MergeReport:
    """Something that was not taken as it was given. `id` is None where none could be read."""

    code: ReportCode
    id: str | None
    given_by: str
    problems: tuple[Problem, ...] = field(default=(), eq=False)


@frozen
class Merged:
    """The directory, by id, and what was left out on the way, by code, id and who gave it."""

    listed: tuple[MergedEntry, ...]
    reports: tuple[MergeReport, ...]

    @property
    def entries(self) -> tuple[DirectoryEntry, ...]:
        """What `directory_lookup` reads."""
        return tuple(each.entry for each in self.listed)


def directory_merge(
    plugins: Mapping[str, Iterable[Any]],
    host: Iterable[Any] = (),
    *,
    floor: Sequence[DirectoryEntry] | None = None,
    settings: DirectorySettings | None = None,
) -> Merged:
    """The directory that plugins (by name) and the host contribute on top of the floor; `floor` goes before the settings'.

    Each contribution is a directory entry as a JSON object; the host may also write ``{"id": ..., "remove": true}``. The order of
    plugins and of their entries never matters, and the floor is there whatever they do.

    Errors: ``duplicate_id`` when the host itself gives one id two contents.
    """
    chosen = settings or DirectorySettings()
    merge = _Merge(floor or chosen.floor or built_in_floor(), frozenset(chosen.allow_floor_override))
    merge.take_plugins(plugins)
    merge.take_host(list(host))
    return merge.merged()


class _Merge:
    """The directory while it is put together, layer by layer."""

    def __init__(self, floor: Sequence[DirectoryEntry], may_replace: frozenset[str]) -> None:
        self.floor = frozenset(entry.id for entry in floor)
        self.may_replace = may_replace
        self.found = {entry.id: MergedEntry(_marked(entry, floor=True), "floor", (FLOOR,)) for entry in floor}
        self.reports: dict[MergeReport, MergeReport] = {}
        self.known = set(self.floor)

    def take_plugins(self, plugins: Mapping[str, Iterable[Any]]) -> None:
        """Everything that plugins give, save what contradicts itself or touches the floor."""
        given: dict[str, dict[str, list[tuple[str, DirectoryEntry]]]] = defaultdict(lambda: defaultdict(list))
        for name in sorted(plugins):
            for document in plugins[name]:
                identifier = _id_of(document)
                if _is_removal(document):
                    self.report("plugin_cannot_remove", identifier, name)
                elif entry := self.read(document, name):
                    if entry.id in self.floor and entry.id not in self.may_replace:
                        self.report("floor_protected", entry.id, name)
                    else:
                        own = _marked(entry, floor=entry.id in self.floor)
                        given[entry.id][_content(own)].append((name, own))
        for identifier, contents in given.items():
            self.known.add(identifier)
            names = tuple(sorted({name for alike in contents.values() for name, _ in alike}))
            if len(contents) > 1:
                self.report("conflict", identifier, ",".join(names))
            else:
                alike = next(iter(contents.values()))
                entry = min((each for _, each in alike), key=lambda each: digest(each.to_data()))  # whoever was asked first
                self.found[identifier] = MergedEntry(entry, "plugin", names)

    def take_host(self, documents: list[Any]) -> None:
        """What the host gives replaces anything; what it removes is gone, the floor apart."""
        seen: dict[str, str] = {}
        for index, document in enumerate(documents):
            identifier = _id_of(document)
            if _is_removal(document):
                content = ""
                self.remove(identifier)
            elif entry := self.read(document, HOST):
                content = _content(entry)
                own = _marked(entry, floor=entry.floor or entry.id in self.floor)
                self.found[entry.id] = MergedEntry(own, "host", (HOST,))
            else:
                continue
            if identifier is not None and seen.setdefault(identifier, content) != content:
                raise DocumentError(problem("duplicate_id", f"/host/{index}/id"))

    def remove(self, identifier: str | None) -> None:
        """Take out what a plugin gave."""
        if identifier in self.floor:
            self.report("floor_cannot_be_removed", identifier, HOST)
        elif identifier is None or identifier not in self.known:
            self.report("nothing_to_remove", identifier, HOST)
        else:
            self.found.pop(identifier, None)

    def read(self, document: Any, name: str) -> DirectoryEntry | None:
        """The entry that `document` describes; None and a report if it describes none."""
        try:
            return DirectoryEntry.model_validate(document)
        except DocumentError as error:
            self.report("invalid", _id_of(document), name, error.problems)
            return None

    def report(self, code: ReportCode, identifier: str | None, given_by: str, problems: tuple[Problem, ...] = ()) -> None:
        """Note what was not taken; the same thing once."""
        found = MergeReport(code, identifier, given_by, problems)
        self.reports.setdefault(found, found)

    def merged(self) -> Merged:
        """The result, in its order."""
        listed = sorted(self.found.values(), key=lambda each: each.entry.id)
        return Merged(tuple(listed), tuple(sorted(self.reports, key=lambda each: (each.code, each.id or "", each.given_by))))


def _id_of(document: Any) -> str | None:
    identifier = document.get("id") if isinstance(document, dict) else None
    return identifier if isinstance(identifier, str) and identifier else None


def _is_removal(document: Any) -> bool:
    return isinstance(document, dict) and document.get("remove") is True


def _marked(entry: DirectoryEntry, *, floor: bool) -> DirectoryEntry:
    """The mark is the layer's to give: a plugin cannot make a new floor entry, nor take the mark from one."""
    return entry if entry.floor == floor else entry.evolve(floor=floor)


def _content(entry: DirectoryEntry) -> str:
    """What two hands must agree on; where each of them read it, and in which order they wrote it down, they need not."""
    return digest(_unordered(entry.model_dump(mode="json", by_alias=True, exclude={"source"})))


def _unordered(value: Any) -> Any:
    """`value` with each list in one order and nothing twice. Whom to show beside a line is an order, and so may be a host's own fields."""
    if isinstance(value, dict):
        return {key: each if key == "show_together" or key.startswith("x-") else _unordered(each) for key, each in value.items()}
    if isinstance(value, list):
        return [each for _, each in sorted({canonical_json(one): one for one in map(_unordered, value)}.items())]
    return value
