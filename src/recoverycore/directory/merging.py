"""One directory from many hands: host over plugins over the floor, by id. No plugin can take anything away.

Lines and local documents are merged by the same rules.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from attrs import field, frozen

from recoverycore.directory.documents import DirectoryEntry, DirectorySettings
from recoverycore.directory.floor import built_in_floor, built_in_local
from recoverycore.directory.local_documents import LocalDocument
from recoverycore.errors import DocumentError, Problem, problem
from recoverycore.ground.canonical import canonical_json, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = ["MergeReport", "Merged", "MergedEntry", "directory_merge", "local_merge"]

ReportCode = Literal[
    "conflict", "floor_cannot_be_removed", "floor_protected", "invalid", "nothing_to_remove", "plugin_cannot_remove",
]  # fmt: skip
HOST = "host"
FLOOR = "floor"
_E = TypeVar("_E", DirectoryEntry, LocalDocument)


_ORDERED = frozenset({"data", "show_together"})
"""Whom to show beside a line, and the steps of a protocol, have an order; so may a host's own fields."""


@frozen
class MergedEntry(Generic[_E]):
    """An entry of the merged directory: which layer it is from, and who gave it."""

    entry: _E
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
class Merged(Generic[_E]):
    """The directory, by id, and what was left out on the way, by code, id and who gave it."""

    listed: tuple[MergedEntry[_E], ...]
    reports: tuple[MergeReport, ...]

    @property
    def entries(self) -> tuple[_E, ...]:
        """What a look-up reads."""
        return tuple(each.entry for each in self.listed)

    @property
    def given_by(self) -> dict[str, tuple[str, ...]]:
        """Who gave each entry, by its id: names of plugins, ``host`` or ``floor``."""
        return {each.entry.id: each.given_by for each in self.listed}


def directory_merge(
    plugins: Mapping[str, Iterable[Any]],
    host: Iterable[Any] = (),
    *,
    floor: Sequence[DirectoryEntry] | None = None,
    settings: DirectorySettings | None = None,
) -> Merged[DirectoryEntry]:
    """The directory that plugins (by name) and the host contribute on top of the floor; `floor` goes before the settings'.

    An empty `floor` is none: then the built-in one joins only when somebody looks. Each contribution is a directory entry as a JSON
    object; the host may also write ``{"id": ..., "remove": true}``. The order of plugins and of their entries never matters, and the
    floor is there whatever they do.

    Errors: ``duplicate_id`` when the host itself gives one id two contents.
    """
    chosen = settings or DirectorySettings()
    merge = _Merge(DirectoryEntry, (chosen.floor or built_in_floor()) if floor is None else floor, frozenset(chosen.allow_floor_override))
    return merge.of(plugins, list(host))


def local_merge(
    plugins: Mapping[str, Iterable[Any]],
    host: Iterable[Any] = (),
    *,
    check: Callable[[LocalDocument], tuple[Problem, ...]],
    floor: Sequence[LocalDocument] | None = None,
    settings: DirectorySettings | None = None,
) -> Merged[LocalDocument]:
    """The local documents that plugins (by name) and the host contribute on top of the floor, by the rules of `directory_merge`.

    `check` tells what is wrong with what a document holds; one with which anything is wrong is left out and reported. A plugin may
    replace a floor document that the host names in `allow_floor_override`.

    Errors: ``duplicate_id`` when the host itself gives one id two contents.
    """
    chosen = settings or DirectorySettings()
    merge = _Merge(LocalDocument, built_in_local() if floor is None else floor, frozenset(chosen.allow_floor_override), check)
    return merge.of(plugins, list(host))


class _Merge(Generic[_E]):
    """The directory while it is put together, layer by layer."""

    def __init__(
        self, kind: type[_E], floor: Sequence[_E], may_replace: frozenset[str], check: Callable[[_E], tuple[Problem, ...]] | None = None
    ) -> None:
        self.kind: type[_E] = kind
        self.check: Callable[[_E], tuple[Problem, ...]] | None = check
        self.floor = frozenset(entry.id for entry in floor)
        self.may_replace = may_replace
        self.found: dict[str, MergedEntry[_E]] = {entry.id: MergedEntry(_marked(entry, floor=True), "floor", (FLOOR,)) for entry in floor}
        self.reports: dict[MergeReport, MergeReport] = {}
        self.known = set(self.floor)

    def of(self, plugins: Mapping[str, Iterable[Any]], host: list[Any]) -> Merged[_E]:
        """The directory of all layers."""
        self.take_plugins(plugins)
        self.take_host(host)
        listed = sorted(self.found.values(), key=lambda each: each.entry.id)
        return Merged(tuple(listed), tuple(sorted(self.reports, key=lambda each: (each.code, each.id or "", each.given_by))))

    def take_plugins(self, plugins: Mapping[str, Iterable[Any]]) -> None:
        """Everything that plugins give, save what contradicts itself or touches the floor."""
        given: dict[str, dict[str, list[tuple[str, _E]]]] = defaultdict(lambda: defaultdict(list))
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

    def read(self, document: Any, name: str) -> _E | None:
        """The entry that `document` describes; None and a report if it describes none."""
        try:
            entry: _E = self.kind.model_validate(document)
        except DocumentError as error:
            self.report("invalid", _id_of(document), name, error.problems)
            return None
        wrong = self.check(entry) if self.check else ()
        if wrong:
            self.report("invalid", entry.id, name, wrong)
        return None if wrong else entry

    def report(self, code: ReportCode, identifier: str | None, given_by: str, problems: tuple[Problem, ...] = ()) -> None:
        """Note what was not taken; the same thing once."""
        found = MergeReport(code, identifier, given_by, problems)
        self.reports.setdefault(found, found)


def _id_of(document: Any) -> str | None:
    """The id that a document has, if a record can hold it: half of a surrogate pair no record can."""
    identifier = document.get("id") if isinstance(document, dict) else None
    if not isinstance(identifier, str) or any("\ud800" <= each <= "\udfff" for each in identifier):
        return None
    return identifier or None


def _is_removal(document: Any) -> bool:
    return isinstance(document, dict) and document.get("remove") is True


def _marked(entry: _E, *, floor: bool) -> _E:
    """The mark is the layer's to give: a plugin cannot make a new floor entry, nor take the mark from one."""
    return entry if entry.floor == floor else entry.evolve(floor=floor)


def _content(entry: DirectoryEntry | LocalDocument) -> str:
    """What two hands must agree on; where each of them read it, and in which order they wrote it down, they need not."""
    return digest(_unordered(entry.model_dump(mode="json", by_alias=True, exclude={"source"})))


def _unordered(value: Any) -> Any:
    """`value` with each list in one order and nothing twice, save where an order says something."""
    if isinstance(value, dict):
        return {key: each if key in _ORDERED or key.startswith("x-") else _unordered(each) for key, each in value.items()}
    if isinstance(value, list):
        return [each for _, each in sorted({canonical_json(one): one for one in map(_unordered, value)}.items())]
    return value
