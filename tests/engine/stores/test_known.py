"""What a SQLite store knows without reading it again: never older than the file, whoever wrote to it, and never without bounds."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverycore.engine.stores import MemoryStore, SqliteStore, known, verify_audit
from recoverycore.engine.stores.known import Known
from tests.engine.folders import MEMORY
from tests.engine.stores.files import AT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recoverycore.engine.stores import Store


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def store(path: Path, told: list[str]) -> Iterator[SqliteStore]:
    with closing(SqliteStore(path, trace=told.append)) as made:
        yield made


class Stop(Exception):
    """What ends a unit before it is kept."""


def keep(store: Store, identifier: str, number: int) -> None:
    """The next revision of a goal."""
    with store.unit() as unit:
        found = unit.get("goal", identifier)
        unit.put("goal", identifier, {"n": number}, found.rev if found else None)


def goals(store: Store) -> dict[str, int]:
    """Every goal, read one by one and all at once: both say the same."""
    with store.unit() as unit:
        listed = {each.id: each.body["n"] for each in unit.all("goal", "none")}
        assert {name: found.body["n"] for name in "abc" if (found := unit.get("goal", name)) is not None} == listed
    return listed


def test_what_a_unit_has_read_or_written_the_next_one_does_not_read_again(store: SqliteStore, told: list[str]) -> None:
    keep(store, "a", 1)
    assert goals(store) == {"a": 1}
    told.clear()
    assert goals(store) == {"a": 1}
    assert told == ["BEGIN IMMEDIATE", "PRAGMA data_version", "COMMIT"]


def test_what_another_connection_has_written_is_seen_by_the_next_unit(store: SqliteStore, path: Path) -> None:
    keep(store, "a", 1)
    assert goals(store) == {"a": 1}
    with closing(sqlite3.connect(path)) as tool, tool:
        tool.execute("""UPDATE doc SET body='{"n":2}'""")
        tool.execute("""INSERT INTO doc VALUES('goal', 'b', 1, '{"n":3}')""")
    assert goals(store) == {"a": 2, "b": 3}


def test_a_link_that_another_connection_has_added_is_the_one_that_the_next_follows(store: SqliteStore, path: Path) -> None:
    with store.unit() as unit:
        unit.append_audit(AT, {"n": 1})
    with SqliteStore(path.with_name("other.db")).unit() as unit:
        unit.append_audit(AT, {"n": 1})
        second = unit.append_audit(AT, {"n": 2})
    with closing(sqlite3.connect(path)) as tool, tool:
        tool.execute("INSERT INTO audit SELECT ?, ?, ?, at, ? FROM audit", (second.seq, second.prev, second.hash, second.text))
    with store.unit() as unit:
        unit.append_audit(AT, {"n": 3})
        verify_audit(unit.audit())
        assert [each.body["n"] for each in unit.audit()] == [1, 2, 3]


def test_what_was_written_past_the_units_is_seen_by_the_next_one(store: SqliteStore) -> None:
    keep(store, "a", 1)
    store._run("""UPDATE doc SET body='{"n":2}'""")
    assert goals(store) == {"a": 2}


def test_nothing_is_known_of_a_unit_that_was_rolled_back(store: SqliteStore) -> None:
    keep(store, "a", 1)
    with suppress(Stop), store.unit() as unit:
        unit.put("goal", "a", {"n": 2}, 1)
        unit.put("goal", "b", {"n": 2}, None)
        assert [each.id for each in unit.all("goal")] == ["a", "b"]
        raise Stop
    assert goals(store) == {"a": 1}


def test_an_interrupt_right_after_a_row_was_written_leaves_nothing_older_known(path: Path) -> None:
    class Interrupted(SqliteStore):
        def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
            found = super()._run(statement, values)
            if statement.startswith("INSERT INTO"):
                raise KeyboardInterrupt
            return found

    with closing(Interrupted(path)) as store, store.unit() as unit:
        assert unit.get("goal", "a") is None
        assert unit.all("goal") == ()
        for write in (lambda: unit.put("goal", "a", {"n": 1}, None), lambda: unit.append_audit(AT, {"n": 1})):
            with pytest.raises(KeyboardInterrupt):
                write()
        assert [each.rev for each in (unit.get("goal", "a"), *unit.all("goal")) if each] == [1, 1]
        with pytest.raises(KeyboardInterrupt):
            unit.append_audit(AT, {"n": 2})
        verify_audit(unit.audit())


def test_what_was_not_there_is_known_to_be_there_once_it_is_written(store: SqliteStore) -> None:
    assert goals(store) == {}
    keep(store, "a", 1)
    assert goals(store) == {"a": 1}


@pytest.mark.parametrize("most", [0, 500, 2_000])
def test_more_than_there_is_room_for_is_read_again(store: SqliteStore, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_MOST", most)
    for number in range(30):
        keep(store, "abc"[number % 3], number)
    assert goals(store) == {"a": 27, "b": 28, "c": 29}
    assert store._known._size <= most


def test_what_was_asked_for_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_MOST", 3 * 2 * known._EACH + 3)
    seen = Known()
    for name in "abc":
        seen.keep(("goal", name), (("goal", name, 1, "x"),))
    assert seen.rows(("goal", "a"))
    seen.keep(("goal", "d"), (("goal", "d", 1, "x"),))
    assert [name for name in "abcd" if seen.rows(("goal", name)) is not None] == ["a", "c", "d"]


def test_it_shows_nothing_of_what_it_holds() -> None:
    seen = Known()
    seen.keep(("goal", "Bluebird"), (("goal", "Bluebird", 1, "Bluebird"),))
    assert "Bluebird" not in repr(seen)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.booleans()), max_size=12))
def test_whatever_is_written_kept_or_not_both_stores_say_the_same(steps: list[tuple[str, int, bool]]) -> None:
    with TemporaryDirectory(dir=MEMORY) as folder, closing(SqliteStore(Path(folder) / "clinic.db")) as one, closing(MemoryStore()) as other:
        for name, number, well in steps:
            for store in (one, other):
                with suppress(Stop), store.unit() as unit:
                    found = unit.get("goal", name)
                    unit.put("goal", name, {"n": number}, found.rev if found else None)
                    if not well:
                        raise Stop
            assert goals(one) == goals(other)
