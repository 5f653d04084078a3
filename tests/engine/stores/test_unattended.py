"""The watch over runs that nothing will move: what is on the list, and that an index alone answers."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from recoverycore import Engine
from recoverycore.engine.stores import MemoryStore, SqliteStore, export_all, import_all
from recoverycore.engine.stores.sqlite_unit import UNATTENDED
from recoverycore.ground import ManualClock
from tests.engine.clinic import ME, MINUTE, NIGHT, Deliverer, call, clinic, settings

if TYPE_CHECKING:
    from recoverycore.engine.stores import Store

NOW = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
OLD = Path(__file__).parents[2] / "golden" / "stores" / "version_1.db"


def test_a_run_without_holder_clock_or_message_is_named(store: Store) -> None:
    with store.unit() as unit:
        unit.list_going("lost", held=False)
        unit.list_going("held", held=True)
        unit.list_going("waiting", held=False)
        unit.set_timer("waiting", NOW + MINUTE, 1, 3)
        unit.list_going("late", held=False)
        unit.set_timer("late", NOW, 1, 3)
        unit.list_going("asked", held=False)
        unit.enqueue("k", 3, NOW, {"run": "asked"})
        unit.list_going("over", held=False)
        unit.drop_going("over")
        assert unit.unattended(NOW) == ("late", "lost")
        assert unit.unattended(NOW + MINUTE) == ("late", "lost", "waiting")


def test_a_message_that_was_settled_waits_no_more(store: Store) -> None:
    with store.unit() as unit:
        unit.list_going("asked", held=False)
        unit.enqueue("k", 3, NOW, {"run": "asked"})
        unit.claim(NOW, timedelta(minutes=2))
        assert unit.unattended(NOW) == ()
        unit.settle("k", "handed_over")
        assert unit.unattended(NOW) == ("asked",)


def test_indexes_alone_answer(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "clinic.db").close()
    connection = sqlite3.connect(tmp_path / "clinic.db")
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {UNATTENDED}", (0,))]
    connection.close()
    reads = [line for line in plan if line.startswith(("SCAN", "SEARCH"))]
    assert len(reads) == 3
    assert all("COVERING INDEX" in line or "PRIMARY KEY" in line for line in reads), reads


def test_in_a_healthy_engine_nobody_is_left_and_a_run_that_lost_its_clock_is_found() -> None:
    engine = clinic()
    run = call(engine)
    assert engine.unattended(at=NIGHT) == ()
    with engine._shell.store.unit() as unit:
        unit.clear_timer(run)
    assert engine.unattended(at=NIGHT) == (run,)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    assert engine.unattended(at=NIGHT + MINUTE) == ()


def test_a_run_is_off_the_list_when_it_is_over() -> None:
    engine = clinic()
    run = call(engine)
    engine.event(run, "stand_down", by="oncall", reason="a test", at=NIGHT + MINUTE)
    assert engine.unattended(at=NIGHT + 9999 * MINUTE) == ()


def test_an_exhausted_run_that_gives_no_further_alarm_is_on_it_until_a_human_has_it() -> None:
    engine = clinic()
    run = call(engine)
    engine.tick(NIGHT + 60 * MINUTE)
    assert engine.unattended(at=NIGHT + 60 * MINUTE) == (run,)


def test_an_import_lists_the_runs_that_are_going() -> None:
    engine = clinic()
    run = call(engine)
    with engine._shell.store.unit() as unit:
        unit.clear_timer(run)
        data = export_all(unit)
    other = MemoryStore()
    with other.unit() as unit:
        import_all(unit, data)
        assert unit.unattended(NIGHT) == (run,)


def test_a_database_of_the_first_version_is_brought_up_with_its_runs_and_messages(tmp_path: Path) -> None:
    shutil.copy(OLD, tmp_path / "clinic.db")
    with Engine.open(tmp_path / "clinic.db", [Deliverer()], settings=settings(), clock=ManualClock(NIGHT)) as engine:
        (state,) = engine.runs(client=ME)
        assert engine.unattended(at=NIGHT) == ()
        assert engine.unattended(at=NIGHT + 9999 * MINUTE) == (state.run,)
        with engine._shell.store.unit() as unit:
            assert {row.body["run"] for row in unit.outbox()} == {state.run}
