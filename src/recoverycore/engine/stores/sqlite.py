"""A store in one SQLite file: durable at every commit, one connection under an operating-system lock.

Write-ahead log with ``synchronous=FULL`` (with NORMAL a power cut loses acknowledged commits), every unit begins
IMMEDIATE, tables are STRICT. One connection a file, since SQLite before 3.51.3 can corrupt a write-ahead log that two
connections reset at once.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.engine.stores.going import held_of_text, run_of_text
from recoverycore.engine.stores.known import Known
from recoverycore.engine.stores.lock import FileLock, Turns
from recoverycore.engine.stores.sqlite_unit import SqliteUnit
from recoverycore.errors import StoreError, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recoverycore.errors import Problem

__all__ = ["OLDEST_SQLITE", "SCHEMA_VERSION", "SqliteStore"]

OLDEST_SQLITE = (3, 37, 0)
"""The first SQLite with STRICT tables."""
SCHEMA_VERSION = 3
_APPLICATION = 0x52434F52  # "RCOR"
_HEADER = 100  # bytes: the version is at 60, the application's mark at 68
_FILES = ("", "-wal", "-shm", "-journal")

_SETTINGS = (
    "trusted_schema=OFF", "cell_size_check=ON", "foreign_keys=ON", "mmap_size=0", "busy_timeout=5000", "fullfsync=ON", "synchronous=FULL",
)  # fmt: skip
_MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE doc(kind TEXT NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY(kind, id, rev)) STRICT, WITHOUT ROWID""",
        """CREATE TABLE command(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, body TEXT NOT NULL,
        result TEXT NOT NULL) STRICT""",
        """CREATE TABLE timer(run TEXT PRIMARY KEY, due INTEGER NOT NULL, gen INTEGER NOT NULL, level INTEGER NOT NULL)
        STRICT, WITHOUT ROWID""",
        "CREATE INDEX timer_due ON timer(due, level, run, gen)",
        """CREATE TABLE outbox(key TEXT PRIMARY KEY, level INTEGER NOT NULL, due INTEGER NOT NULL, status TEXT NOT NULL,
        attempts INTEGER NOT NULL, lease INTEGER, body TEXT NOT NULL) STRICT, WITHOUT ROWID""",
        """CREATE INDEX outbox_waiting ON outbox(level DESC, due, key)
        WHERE status IN ('queued', 'failed_transient', 'unconfirmed', 'leased')""",
        """CREATE TABLE audit(seq INTEGER PRIMARY KEY, prev TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL,
        body TEXT NOT NULL) STRICT""",
    ),
    (
        "CREATE TABLE going(run TEXT PRIMARY KEY, held INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE INDEX going_held ON going(held, run)",
        """INSERT INTO going SELECT id, held_of(body) FROM doc WHERE kind='run'
        AND rev=(SELECT max(rev) FROM doc AS each WHERE each.kind=doc.kind AND each.id=doc.id) AND held_of(body) IS NOT NULL""",
        "ALTER TABLE outbox ADD COLUMN run TEXT",
        "UPDATE outbox SET run=run_of(body)",
        "CREATE INDEX outbox_of_run ON outbox(run, status) WHERE status IN ('queued', 'failed_transient', 'unconfirmed', 'leased')",
    ),
    (),
)
"""How each version is made from the one before. `held_of` and `run_of` read what version 1 kept as text.

Version 3 has the tables of version 2: in its documents a run's protocol and facts stand apart, so nothing older may open it.
"""


class SqliteStore:
    """Everything in the file at `path`, for its owner only, and beside it a lock that one process at a time holds.

    `trace` is called before each SQL statement except ROLLBACK, with its text: a test stops the process there. Errors, each
    leaving the file as it was: ``sqlite_too_old``, ``store_locked``, ``not_a_store``, ``store_newer``, ``store_unreadable``.
    """

    def __init__(
        self, path: str | Path, *, trace: Callable[[str], None] | None = None, version: tuple[int, ...] = sqlite3.sqlite_version_info
    ) -> None:
        if version < OLDEST_SQLITE:
            raise StoreError(problem("sqlite_too_old", detail=f"found {'.'.join(map(str, version))}, needed 3.37"))
        self._path = _resolved(path)
        self._trace = trace
        self._turns = Turns()
        self._process = os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._failed: Problem | None = None
        self._known = Known()
        self._lock = FileLock(self._path.with_name(self._path.name + ".lock"))
        try:
            found = self._open()
        except BaseException:
            self.close()
            raise
        if found is not None:
            self.close()
            raise StoreError(found)

    def _open(self) -> Problem | None:
        """Make the file ready, or say what is wrong with it. It is looked at before SQLite may write to it."""
        try:
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
            found = _refusal(self._path)
            if found is None:
                for name in _FILES:
                    with contextlib.suppress(FileNotFoundError):
                        self._path.with_name(self._path.name + name).chmod(0o600)
                self._connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
                self._prepare(self._connection)
        except sqlite3.Error as error:
            found = problem("store_unreadable", detail=_error_name(error))
        except OSError as error:
            found = problem("store_unreadable", detail=type(error).__name__)
        return found

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Settings, and the present schema, each version in one transaction.

        The log is switched to after the first version: so the file itself, without its log, tells whose it is from its first
        byte on.
        """

        def run(statement: str) -> sqlite3.Cursor:
            self._announce(statement)
            return connection.execute(statement)

        for setting in _SETTINGS:
            run(f"PRAGMA {setting}")
        (version,) = run("PRAGMA user_version").fetchone()
        connection.create_function("held_of", 1, held_of_text, deterministic=True)
        connection.create_function("run_of", 1, run_of_text, deterministic=True)
        for number, statements in enumerate(_MIGRATIONS[version:], start=version + 1):
            run("BEGIN IMMEDIATE")
            for statement in statements:
                run(statement)
            run(f"PRAGMA application_id={_APPLICATION}")
            run(f"PRAGMA user_version={number}")
            run("COMMIT")
        run("PRAGMA journal_mode=WAL")

    def _announce(self, statement: str) -> None:
        if self._trace is not None:
            self._trace(statement)

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """The rows of one statement. An error ends the unit: whoever hides it cannot commit what came before."""
        if self._connection is None:
            raise StoreError(problem("store_closed"))
        if self._failed is None:
            self._announce(statement)
            try:
                return self._connection.execute(statement, values).fetchall()
            except (sqlite3.Error, UnicodeEncodeError, OverflowError) as error:
                self._failed = problem("store_failed", detail=_error_name(error))
        raise StoreError(self._failed)

    @contextlib.contextmanager
    def unit(self) -> Iterator[SqliteUnit]:
        """One transaction. Errors: ``store_failed`` (nothing was kept), ``store_closed``, ``store_locked`` (in a forked process)."""
        if os.getpid() != self._process:
            raise StoreError(problem("store_locked", detail="forked"))
        with self._turns.unit():
            self._failed = None
            known, self._known = self._known, Known()  # given back at a good end: an interrupt may come while a COMMIT counts already
            unit = SqliteUnit(self._run, known)
            try:
                self._run("BEGIN IMMEDIATE")
                ((others,),) = self._run("PRAGMA data_version")
                known.as_of((others, self._changes))
                yield unit
                self._run("COMMIT")
                known.stamp = others, self._changes
                self._known = known
            except BaseException:
                self._roll_back()
                raise
            finally:
                unit.end()

    @property
    def _changes(self) -> int:
        """How many rows were changed through this connection: with what SQLite counts of the others, all that was ever written."""
        return 0 if self._connection is None else self._connection.total_changes

    def _roll_back(self) -> None:
        if self._connection is not None and self._connection.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # then the next unit cannot begin, and says so
                self._connection.execute("ROLLBACK")

    def backup(self, into: str | Path) -> None:
        """A copy of everything as it stands, in a new file with mode 0600, while the store goes on. It is opened like any other.

        The key of the code words is not in it and is backed up apart. Errors: ``backup_exists``, ``store_unreadable``,
        ``store_closed``.
        """
        target = _resolved(into)
        with self._turns.unit():
            if self._connection is None:
                raise StoreError(problem("store_closed"))
            found = _backed_up(self._connection, target)
        if found is not None:
            raise StoreError(found)

    def close(self) -> None:
        """Close the file and let the lock go. A second time does nothing."""
        with self._turns.lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            self._lock.release()


def _backed_up(connection: sqlite3.Connection, target: Path) -> Problem | None:
    """Copy everything into a new file, or say why not; a file that is there is never written over."""
    try:
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    except FileExistsError:
        return problem("backup_exists")
    except (OSError, sqlite3.Error) as error:
        return problem("store_unreadable", detail=_error_name(error))
    return None


def _resolved(path: str | Path) -> Path:
    """The real place of `path`: however it is called, it has one lock."""
    try:
        return Path(path).resolve()
    except (OSError, ValueError, RuntimeError) as error:  # no path can hold a NUL; links may lead in a circle
        found = problem("store_unreadable", detail=type(error).__name__)
    raise StoreError(found)


def _error_name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", None) or type(error).__name__


def _refusal(path: Path) -> Problem | None:
    """Why the file is not taken: it is somebody else's, or of a newer version. SQLite does not write to it for this."""
    with path.open("rb") as stream:
        head = stream.read(_HEADER)
    if not head:
        return None
    mark, version = int.from_bytes(head[68:72], "big"), int.from_bytes(head[60:64], "big")
    if not head.startswith(b"SQLite format 3\x00") or mark != _APPLICATION:
        return problem("not_a_store")
    if path.with_name(path.name + "-wal").exists():  # what it holds goes before the header
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    return problem("store_newer", detail=f"file {version}, library {SCHEMA_VERSION}") if version > SCHEMA_VERSION else None
