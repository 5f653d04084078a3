"""The store in a SQLite file: how it is opened, and what is refused and left untouched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine.stores import SqliteStore, export_all, verify_audit
from recoverycore.engine.stores.sqlite import _APPLICATION, SCHEMA_VERSION
from recoverycore.errors import StoreError
from tests.engine.stores.files import AT, contents, kept, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as made:
        yield made


# --- opening ---


def test_what_was_kept_is_there_when_the_store_is_opened_again(path: Path) -> None:
    for name in ("monique", "jamal"):
        with closing(SqliteStore(path)) as store:
            put(store, name)
    with closing(SqliteStore(str(path))) as store:
        assert kept(store) == ["jamal", "monique"]


def test_an_export_reads_the_same_before_and_after_opening_again(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        put(store)
        with store.unit() as unit:
            before = export_all(unit)
    with closing(SqliteStore(path)) as store, store.unit() as unit:
        assert export_all(unit) == before


def test_a_commit_is_durable_and_a_unit_begins_by_taking_the_write_lock(path: Path) -> None:
    told: list[str] = []
    with closing(SqliteStore(path, trace=told.append)) as store:
        pragmas = {name: store._run(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "fullfsync", "mmap_size")}
        told.clear()
        put(store)
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "fullfsync": 1, "mmap_size": 0}
    assert (told[0], told[-1]) == ("BEGIN IMMEDIATE", "COMMIT")


class Interrupted(SqliteStore):
    """Somebody presses a key while a commit waits for the disk: Python raises it once SQLite is done, so what was kept is kept."""

    pressed = False

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        found = super()._run(statement, values)
        if self.pressed and statement == "COMMIT":
            self.pressed = False
            raise KeyboardInterrupt
        return found


def test_the_audit_chain_goes_on_after_an_interrupt_while_a_commit_was_written(path: Path) -> None:
    def note(number: int) -> None:
        with store.unit() as unit:
            unit.append_audit(AT, {"number": number})

    with closing(Interrupted(path)) as store:
        note(1)
        store.pressed = True
        with pytest.raises(KeyboardInterrupt):
            note(2)
        note(3)
        with store.unit() as unit:
            verify_audit(unit.audit())
            assert [each.body["number"] for each in unit.audit()] == [1, 2, 3]


def test_the_settings_hold_again_when_the_store_is_opened_again(path: Path) -> None:
    SqliteStore(path).close()
    with closing(SqliteStore(path)) as store:
        assert [store._run(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous")] == ["wal", 2]


@pytest.mark.parametrize("version", [(3, 36, 9), (3, 7), (2,)])
def test_an_older_sqlite_is_refused_by_name_and_nothing_is_made(path: Path, version: tuple[int, ...]) -> None:
    with pytest.raises(StoreError, match=r"sqlite_too_old.*found " + ".".join(map(str, version))):
        SqliteStore(path, version=version)
    assert list(path.parent.iterdir()) == []


def test_the_oldest_sqlite_with_strict_tables_is_taken(path: Path) -> None:
    SqliteStore(path, version=(3, 37, 0)).close()


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()
    with closing(SqliteStore(path)) as store:
        put(store)
        assert kept(store) == ["monique"]


def test_the_file_itself_tells_from_the_first_commit_on_whose_it_is(path: Path) -> None:
    stopped: list[str] = []

    class Stop(Exception):
        pass

    def stop(statement: str) -> None:
        stopped.append(statement)
        if "journal_mode" in statement:
            raise Stop

    with suppress(Stop):
        SqliteStore(path, trace=stop)
    assert stopped[-1] == "PRAGMA journal_mode=WAL"
    assert int.from_bytes(path.read_bytes()[68:72], "big") == _APPLICATION
    SqliteStore(path).close()


def test_a_store_that_could_not_be_opened_lets_its_lock_go(path: Path) -> None:
    path.write_bytes(b"somebody's letter")
    for _ in range(2):
        with pytest.raises(StoreError, match="not_a_store"):
            SqliteStore(path)


# --- files that are not taken ---


@pytest.mark.parametrize("content", [b"x", b"somebody's letter " * 100, b"SQLite format 3\x00", b"SQLite format 3\x00" + b"\x00" * 84])
def test_a_file_of_something_else_is_refused_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o640)
    with pytest.raises(StoreError, match="not_a_store"):
        SqliteStore(path)
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_database_of_something_else_is_refused_untouched(path: Path, mode: str) -> None:
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute(f"PRAGMA journal_mode={mode}")
        foreign.execute("CREATE TABLE theirs(a)")
        foreign.commit()
        before = contents(path)
        with pytest.raises(StoreError, match="not_a_store"):
            SqliteStore(path)
        assert contents(path) == before


def test_a_newer_store_is_refused_untouched(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        put(store)
        store._run(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    before = contents(path)
    with pytest.raises(StoreError, match=f"store_newer.*file {SCHEMA_VERSION + 1}, library {SCHEMA_VERSION}"):
        SqliteStore(path)
    assert contents(path) == before


def test_a_newer_store_that_tells_so_only_in_its_log_is_refused_untouched(tmp_path: Path, path: Path) -> None:
    left = tmp_path / "left" / "clinic.db"
    left.parent.mkdir()
    with closing(SqliteStore(path)) as store:
        store._run(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
        for name in contents(path):  # as a process that died would leave it
            shutil.copy(tmp_path / name, left.parent / name)
    before = contents(left)
    assert len(before) == 2
    assert int.from_bytes(before["clinic.db"][60:64], "big") == SCHEMA_VERSION
    with pytest.raises(StoreError, match="store_newer"):
        SqliteStore(left)
    assert contents(left) == before


def test_a_log_of_this_version_is_read_after_its_process_died(tmp_path: Path, path: Path) -> None:
    left = tmp_path / "left" / "clinic.db"
    left.parent.mkdir()
    with closing(SqliteStore(path)) as store:
        put(store)
        for name in contents(path):
            shutil.copy(tmp_path / name, left.parent / name)
    with closing(SqliteStore(left)) as store:
        assert kept(store) == ["monique"]


def test_a_damaged_store_is_one_clear_error(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        put(store)
    raw = bytearray(path.read_bytes())
    raw[100:] = b"\xff" * (len(raw) - 100)
    path.write_bytes(raw)
    with pytest.raises(StoreError, match=r"store_unreadable|store_failed") as caught, closing(SqliteStore(path)) as store:
        put(store, "jamal")
    assert caught.value.__context__ is None


def test_a_damaged_row_tells_nothing_of_what_it_held(store: SqliteStore) -> None:
    put(store)
    store._run('UPDATE doc SET body=\'{"text": "canary\'')
    with store.unit() as unit:
        found = unit.get("client", "monique")
    with pytest.raises(StoreError, match="store_unreadable") as caught:
        _ = found and found.body
    assert "canary" not in repr(caught.value) + str(caught.value)
    assert caught.value.__context__ is None


# --- places that cannot be used ---


def test_a_folder_that_is_not_there_is_one_clear_error(path: Path) -> None:
    with pytest.raises(StoreError, match="store_unreadable"):
        SqliteStore(path.parent / "missing" / "clinic.db")


def test_a_folder_in_the_place_of_the_file_is_one_clear_error(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StoreError, match="store_unreadable"):
        SqliteStore(path)


def test_a_path_that_no_system_can_hold_is_one_clear_error(path: Path) -> None:
    with pytest.raises(StoreError, match="store_unreadable"):
        SqliteStore(path.with_name("a\0b"))


@pytest.fixture
def somebody() -> Iterator[Path]:
    """A folder of one's own, while the tests run as somebody who may not do everything."""
    folder = Path(tempfile.mkdtemp())
    everything = os.geteuid() == 0
    if everything:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if everything:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="a folder is closed otherwise there")
@pytest.mark.parametrize("is_there", [False, True])
def test_a_folder_that_may_only_be_read_is_one_clear_error(somebody: Path, is_there: bool) -> None:  # noqa: FBT001 - a case of the claim
    path = somebody / "clinic.db"
    if is_there:
        SqliteStore(path).close()
        Path(f"{path}.lock").unlink()
    before = [each.name for each in somebody.iterdir()]
    somebody.chmod(0o500)
    with pytest.raises(StoreError, match="store_unreadable") as caught:
        SqliteStore(path)
    assert len(caught.value.problems) == 1
    assert caught.value.__context__ is None
    assert [each.name for each in somebody.iterdir()] == before


@pytest.mark.skipif(os.name == "nt", reason="a file is closed otherwise there")
def test_a_file_that_nobody_may_write_is_one_clear_error(somebody: Path) -> None:
    path = somebody / "clinic.db"
    SqliteStore(path).close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="store_unreadable"):
        SqliteStore(path)


@pytest.mark.skipif(os.name == "nt", reason="modes mean little there")
def test_every_file_of_the_store_is_for_its_owner_only(path: Path) -> None:
    mask = os.umask(0)
    try:
        with closing(SqliteStore(path)) as store:
            put(store)
            modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    finally:
        os.umask(mask)
    assert modes == dict.fromkeys(["clinic.db", "clinic.db-wal", "clinic.db-shm", "clinic.db.lock"], 0o600)


@pytest.mark.skipif(os.name == "nt", reason="modes mean little there")
def test_a_store_that_came_back_from_a_backup_open_to_others_is_closed_to_them(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        put(store)
    path.chmod(0o644)
    with closing(SqliteStore(path)) as store:
        put(store, "jamal")
        modes = {each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert modes == {0o600}
