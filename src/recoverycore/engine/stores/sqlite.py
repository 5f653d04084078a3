"""A store in one SQLite file: durable at every commit, one connection under an operating-system lock.

Write-ahead log with ``synchronous=FULL`` (with NORMAL a power cut loses acknowledged commits), every unit begins
IMMEDIATE, tables are STRICT. One connection a file, since SQLite before 3.51.3 can corrupt a write-ahead log that two
connections reset at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from recoverycore.engine.stores.lock import FileLock
from recoverycore.engine.stores.sqlite_unit import SqliteUnit
from recoverycore.errors import RecoveryError, StoreError, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["OLDEST_SQLITE", "SCHEMA_VERSION", "SqliteStore"]

OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""
SCHEMA_VERSION = 1
_APPLICATION = 0x52434F52  # "RCOR"

_SETTINGS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "busy_timeout=5000")
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE doc(kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY(kind, id, rev)) STRICT, WITHOUT ROWID",
        "CREATE TABLE command(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, body TEXT NOT NULL, result TEXT NOT NULL) STRICT",
        "CREATE TABLE timer(run TEXT PRIMARY KEY, due INTEGER NOT NULL, gen INTEGER NOT NULL, level INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX timer_due ON timer(due, level, run, gen)",
        "CREATE TABLE outbox(key TEXT PRIMARY KEY, level INTEGER NOT NULL, due INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL, lease INTEGER, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX outbox_waiting ON outbox(level DESC, due, key) WHERE status IN ('queued', 'failed_transient', 'unconfirmed', 'leased')",
        "CREATE TABLE audit(seq INTEGER PRIMARY KEY, prev TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL) STRICT",
    ),
)


class SqliteStore:
    """Everything in the file at `path`, and beside it a lock that one process at a time holds.

    `trace` is called before each SQL statement, with its text: a test stops the process there. Errors, each leaving the
    file as it was: ``sqlite_too_old``, ``store_locked``, ``not_a_store``, ``store_newer``, ``store_unreadable``.
    """

    def __init__(self, path: str | Path, *, trace: Callable[[str], None] | None = None, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
        if version < OLDEST_SQLITE:
            raise StoreError(problem("sqlite_too_old", detail=f"found {'.'.join(map(str, version))}, needed 3.37"))
        self._path = Path(path)
        self._trace = trace
        self._guard = threading.RLock()
        self._lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        self._connection: sqlite3.Connection | None = None
        try:
            self._open()
        except RecoveryError:
            self.close()
            raise

    def _open(self) -> None:
        try:
            if not self._path.exists():
                os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            _refuse_foreign(self._path)
            self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            version = self._read_version()
            if version > SCHEMA_VERSION:
                found = problem("store_newer", detail=f"file {version}, library {SCHEMA_VERSION}")
            else:
                for setting in _SETTINGS:
                    self._connection.execute(f"PRAGMA {setting}")
                self._migrate(version)
                return
        except sqlite3.DatabaseError as error:
            found = problem("not_a_store" if error.sqlite_errorname == "SQLITE_NOTADB" else "store_unreadable", detail=error.sqlite_errorname or "")
        except OSError as error:
            found = problem("store_unreadable", detail=type(error).__name__)
        raise StoreError(found)

    def _read_version(self) -> int:
        row: Sequence[Any] = self.execute("PRAGMA user_version").fetchone()
        return int(row[0])

    def _migrate(self, version: int) -> None:
        """Bring an older file to the present schema, each version in one transaction."""
        for number, statements in enumerate(_MIGRATIONS[version:], start=version + 1):
            self.execute("BEGIN IMMEDIATE")
            for statement in statements:
                self.execute(statement)
            self.execute(f"PRAGMA application_id={_APPLICATION}")
            self.execute(f"PRAGMA user_version={number}")
            self.execute("COMMIT")

    def execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        if self._connection is None:
            raise StoreError(problem("store_closed"))
        if self._trace is not None:
            self._trace(statement)
        return self._connection.execute(statement, values)

    @contextlib.contextmanager
    def unit(self) -> Iterator[SqliteUnit]:
        """One transaction. Errors: ``store_failed`` (nothing was kept), ``store_closed``."""
        found = None
        with self._guard:
            try:
                self.execute("BEGIN IMMEDIATE")
                yield SqliteUnit(self.execute)
                self.execute("COMMIT")
            except sqlite3.Error as error:
                found = problem("store_failed", detail=getattr(error, "sqlite_errorname", "") or type(error).__name__)
                self._roll_back()
            except BaseException:
                self._roll_back()
                raise
        if found is not None:
            _fail(found)

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # SQLite has rolled back by itself
                self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file and let the lock go. A second time does nothing."""
        with self._guard:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._lock.release()


def _fail(found: Any) -> NoReturn:
    raise StoreError(found)


def _refuse_foreign(path: Path) -> None:
    """Refuse a file of something else before SQLite touches it."""
    with path.open("rb") as stream:
        head = stream.read(72)
    mark = int.from_bytes(head[68:72], "big") if len(head) >= 72 else 0
    if head and (not head.startswith(b"SQLite format 3\x00") or mark not in (0, _APPLICATION)):
        raise StoreError(problem("not_a_store"))
