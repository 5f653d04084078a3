"""The store in a SQLite file: what it refuses, what it leaves untouched, and what becomes of a disk that fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recoverycore.engine.stores import SqliteStore, export_all
from recoverycore.engine.stores.sqlite import _APPLICATION, SCHEMA_VERSION
from recoverycore.errors import Conflict, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "clinic.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as made:
        yield made


def put(store: SqliteStore, identifier: str = "monique", text: str = "") -> None:
    with store.unit() as unit:
        unit.put("client", identifier, {"text": text}, None)


def kept(store: SqliteStore) -> list[str]:
    with store.unit() as unit:
        return [each.id for each in unit.all("client")]


def contents(path: Path) -> dict[str, bytes]:
    """The database and its log, byte for byte; what SQLite shares among readers and the lock hold nothing."""
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.name in (path.name, path.name + "-wal")}


# --- opening ---


def test_what_was_kept_is_there_when_the_store_is_opened_again(path: Path) -> None:
    for name in ("monique", "jamal"):
        with closing(SqliteStore(path)) as store:
            put(store, name)
    with closing(SqliteStore(str(path))) as store:
        assert kept(store) == ["jamal", "monique"]


def test_a_commit_is_durable_and_a_unit_begins_by_taking_the_write_lock(path: Path) -> None:
    told: list[str] = []
    with closing(SqliteStore(path, trace=told.append)) as store:
        pragmas = {name: store._run(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "fullfsync", "mmap_size")}
        told.clear()
        put(store)
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "fullfsync": 1, "mmap_size": 0}
    assert (told[0], told[-1]) == ("BEGIN IMMEDIATE", "COMMIT")


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
    with store.unit() as unit, pytest.raises(StoreError, match="store_unreadable") as caught:
        unit.get("client", "monique")
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


# --- one process ---


OPEN = """
import sys, time
from recoverycore.engine.stores import SqliteStore
from recoverycore.errors import StoreError
began = time.monotonic()
try:
    SqliteStore(sys.argv[1]).close()
except StoreError as error:
    print(error.name, "at once" if time.monotonic() - began < 2 else "after a while")
"""


def test_a_second_process_is_refused_at_once(store: SqliteStore, path: Path) -> None:
    put(store)
    done = subprocess.run([sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "store_locked at once\n"
    assert kept(store) == ["monique"]


def test_a_second_process_is_let_in_after_the_first(path: Path) -> None:
    SqliteStore(path).close()
    done = subprocess.run([sys.executable, "-c", OPEN, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == ""


def test_a_second_store_in_the_same_process_is_refused(store: SqliteStore, path: Path) -> None:
    with pytest.raises(StoreError, match="store_locked"):
        SqliteStore(path)
    put(store)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_another_name_of_the_same_file_has_the_same_lock(store: SqliteStore, path: Path) -> None:
    put(store)
    other = path.with_name("other.db")
    other.symlink_to(path)
    with pytest.raises(StoreError, match="store_locked"):
        SqliteStore(other)


FORK = """
import os, sys
from recoverycore.engine.stores import SqliteStore
from recoverycore.errors import StoreError
store = SqliteStore(sys.argv[1])
child = os.fork()
try:
    with store.unit() as unit:
        unit.put("client", "parent" if child else "child", {}, None)
except StoreError as error:
    os.write(1, f"{error.name}\\n".encode())
if not child:
    os._exit(0)
os.waitpid(child, 0)
with store.unit() as unit:
    print([each.id for each in unit.all("client")])
store.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")
def test_a_forked_process_does_not_share_the_store(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FORK, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "store_locked\n['parent']\n"


# --- a disk that fails ---


def test_a_full_disk_keeps_nothing_of_the_unit_and_is_one_clear_error(store: SqliteStore) -> None:
    put(store)
    (pages,) = store._run("PRAGMA page_count")[0]
    store._run(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match=r"store_failed.*SQLITE_FULL") as caught, store.unit() as unit:
        unit.put("client", "jamal", {"text": "canary" * 10_000}, None)
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None
    assert kept(store) == ["monique"]
    store._run("PRAGMA max_page_count=1000000")
    put(store, "jamal", "canary" * 10_000)
    assert kept(store) == ["jamal", "monique"]


@pytest.mark.skipif(os.name == "nt", reason="no limit can be set there")
def test_a_write_that_the_system_refuses_keeps_nothing_of_the_unit(store: SqliteStore, path: Path) -> None:
    import resource

    put(store)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name("clinic.db-wal").stat().st_size + 8192, hard))
    try:
        with pytest.raises(StoreError, match=r"store_failed.*SQLITE_(FULL|IOERR)"):
            put(store, "jamal", "canary" * 10_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert kept(store) == ["monique"]
    put(store, "jamal")
    assert kept(store) == ["jamal", "monique"]


def test_whoever_hides_an_error_of_the_disk_commits_nothing(store: SqliteStore) -> None:
    put(store)
    (pages,) = store._run("PRAGMA page_count")[0]
    store._run(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="store_failed"), store.unit() as unit:  # noqa: PT012 - what stands before it is the claim
        unit.put("client", "jamal", {}, None)
        with suppress(StoreError):
            unit.put("client", "sam", {"text": "x" * 60_000}, None)
        with suppress(StoreError):
            unit.put("client", "dana", {}, None)
    assert kept(store) == ["monique"]


def test_a_file_that_somebody_else_keeps_locked_is_one_clear_error(store: SqliteStore, path: Path) -> None:
    put(store)
    store._run("PRAGMA busy_timeout=10")
    with closing(sqlite3.connect(path, isolation_level=None)) as tool:
        tool.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"store_failed.*SQLITE_BUSY"):
            put(store, "jamal")
    put(store, "jamal")
    assert kept(store) == ["jamal", "monique"]


def test_an_interrupt_between_two_statements_rolls_back(path: Path) -> None:
    interrupt = False

    def trace(statement: str) -> None:
        if interrupt and statement == "COMMIT":
            raise KeyboardInterrupt

    with closing(SqliteStore(path, trace=trace)) as store:
        put(store)
        interrupt = True
        with pytest.raises(KeyboardInterrupt):
            put(store, "jamal")
        interrupt = False
        assert kept(store) == ["monique"]


def test_an_error_of_the_caller_passes_as_it_is(store: SqliteStore) -> None:
    put(store)
    with pytest.raises(Conflict):
        put(store)
    with pytest.raises(TypeError), store.unit() as unit:
        unit.put("client", "jamal", {"no": object()}, None)
    assert kept(store) == ["monique"]


def test_an_id_with_half_a_character_is_refused_and_not_repeated(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="store_failed") as caught:
        put(store, "canary \ud83c")
    assert "canary" not in repr(caught.value) + str(caught.value)
    assert caught.value.__context__ is None


# --- speed that does not depend on the past ---


@pytest.mark.parametrize(
    ("act", "index"),
    [("claim", "outbox_waiting"), ("next_timer", "timer_due"), ("due_timers", "timer_due")],
)
def test_what_is_asked_all_the_time_reads_an_index(path: Path, act: str, index: str) -> None:
    told: list[str] = []
    with closing(SqliteStore(path, trace=told.append)) as store:
        with store.unit() as unit:
            told.clear()
            {"claim": lambda: unit.claim(AT, MINUTE), "next_timer": unit.next_timer, "due_timers": lambda: unit.due_timers(AT)}[act]()
            asked = told[0]
        plan = store._run(f"EXPLAIN QUERY PLAN {asked}", (0,) * asked.count("?"))
    assert any(index in row[3] for row in plan)


def test_an_export_reads_the_same_before_and_after_opening_again(path: Path) -> None:
    with closing(SqliteStore(path)) as store:
        put(store)
        with store.unit() as unit:
            before = export_all(unit)
    with closing(SqliteStore(path)) as store, store.unit() as unit:
        assert export_all(unit) == before
