"""A database of every schema version there has been opens, is brought to the present one, and goes on as if nothing had happened."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from recoverycore import Engine
from recoverycore.engine.stores import SqliteStore, verify_audit
from recoverycore.engine.stores.sqlite import SCHEMA_VERSION
from recoverycore.ground import ManualClock
from tests.engine.clinic import ME, MINUTE, NIGHT, Deliverer, rows, settings

FOLDER = Path(__file__).parent / "stores"
VERSIONS = sorted(FOLDER.glob("version_*.db"))


def test_there_is_a_database_of_every_version() -> None:
    assert [file.name for file in VERSIONS] == [f"version_{number}.db" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_crisis_that_was_going_goes_on(file: Path, tmp_path: Path) -> None:
    database = tmp_path / "clinic.db"
    shutil.copy(file, database)
    with Engine.open(database, [Deliverer()], settings=settings(), clock=ManualClock(NIGHT)) as engine:
        (before,) = engine.runs(client=ME)
        assert (before.status, before.level) == ("open", 3)
        engine.tick(NIGHT + 5 * MINUTE)
        assert "cm_quinn" in {row["to"] for row in rows(engine, "message")}
        engine.acknowledge(before.run, by="cm_quinn", at=NIGHT + 6 * MINUTE)
        assert engine.runs(client=ME)[0].owner == "cm_quinn"


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_it_has_the_present_schema_then_and_its_record_is_whole(file: Path, tmp_path: Path) -> None:
    database = tmp_path / "clinic.db"
    shutil.copy(file, database)
    store = SqliteStore(database)
    with store.unit() as unit:
        verify_audit(unit.audit())
        assert unit.audit()
    store.close()
    with sqlite3.connect(database) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    connection.close()
