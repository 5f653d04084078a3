"""Reading entries one by one, so that a wrong one is dropped and reported and the others stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.directory.documents import DirectoryEntry
from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.errors import Problem

__all__ = ["read_entries"]


def read_entries(documents: Iterable[Any]) -> tuple[tuple[DirectoryEntry, ...], tuple[Problem, ...]]:
    """The entries that `documents` describe, in their order, and every problem of those that are dropped, with its place.

    An id that stands for two different things is nobody's: both are dropped (``duplicate_id``).

    >>> entries, problems = read_entries([{"id": "line"}])
    >>> entries, problems[0].path
    ((), '/0/channels')
    """
    problems: list[Problem] = []
    read: dict[int, DirectoryEntry] = {}
    for index, document in enumerate(documents):
        try:
            read[index] = DirectoryEntry.model_validate(document)
        except DocumentError as error:
            problems += (each.under(f"/{index}") for each in error.problems)
    found: dict[str, DirectoryEntry] = {}
    twofold: set[str] = set()
    for index, entry in read.items():
        if found.setdefault(entry.id, entry) != entry:
            twofold.add(entry.id)
            problems.append(problem("duplicate_id", f"/{index}/id"))
    return tuple(entry for identifier, entry in found.items() if identifier not in twofold), tuple(problems)
