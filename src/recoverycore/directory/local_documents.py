"""Protocols and rules of a place, as people write them down and pass them on: for which region and language, from whom, and how old."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import JsonValue

from recoverycore.directory.documents import DayOrInstant, Sources
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Region, Text, Zone

__all__ = ["LocalDocument", "LocalKind"]

LocalKind = Literal["protocol", "rule"]


class LocalDocument(Document):
    """A protocol or a rule of one place, with where it holds, who says so and on which day somebody last looked at it.

    `data` is the protocol or the rule itself, as the schema of its `kind` has it (``recoverycore/protocol``, ``recoverycore/rule``);
    whether it fits is asked where documents from many hands meet. A contributed document is a proposal: it is in force when a programme
    keeps the protocol or the rule in it as its own.
    """

    schema_name: ClassVar[str] = "recoverycore/local-document"

    id: Id
    """The name of the record, the same for ever. What `data` is called may be another name."""
    kind: LocalKind
    title: Text | None = None
    region: Region
    languages: tuple[Id, ...] | None = None
    """In which languages it is worded; left out where its words are in none."""
    zone: Zone | None = None
    priority: Count = 100
    verified_on: Day | None = None
    valid_from: DayOrInstant | None = None
    valid_until: DayOrInstant | None = None
    floor: Flag = False
    source: Sources | None = None
    licence: Text | None = None
    data: dict[str, JsonValue]
