"""The store in a SQLite file: one process at a time, and what becomes of a disk that fails."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from recoverycore.engine.stores import SqliteStore
from recoverycore.errors import Conflict, StoreError
from tests.engine.stores.files import AT, MINUTE, kept, put

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from recoverycore.engine.stores import Unit


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path)) as made:
        yield made


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
    [
        (lambda unit: unit.claim(AT, MINUTE), "outbox_waiting"),
        (lambda unit: unit.next_timer(), "timer_due"),
        (lambda unit: unit.due_timers(AT), "timer_due"),
    ],
)
def test_what_is_asked_all_the_time_reads_an_index(path: Path, act: Callable[[Unit], object], index: str) -> None:
    told: list[str] = []
    with closing(SqliteStore(path, trace=told.append)) as store:
        with store.unit() as unit:
            told.clear()
            act(unit)
        plan = store._run(f"EXPLAIN QUERY PLAN {told[0]}", (0,) * told[0].count("?"))
    assert any(index in row[3] for row in plan)
