"""What tests of the store in a SQLite file share: an instant, a client to keep, and the file byte for byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from recoverycore.engine.stores import SqliteStore

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def put(store: SqliteStore, identifier: str = "monique", text: str = "") -> None:
    with store.unit() as unit:
        unit.put("client", identifier, {"text": text}, None)


def kept(store: SqliteStore) -> list[str]:
    with store.unit() as unit:
        return [each.id for each in unit.all("client")]


def contents(path: Path) -> dict[str, bytes]:
    """The database and its log, byte for byte; what SQLite shares among readers and the lock hold nothing."""
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.name in (path.name, path.name + "-wal")}
