"""A whole store out as plain JSON and in again, and the chain that is checked on the way."""

from __future__ import annotations

import copy
import json
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recoverycore.engine.stores import MemoryStore, SqliteStore, export_all, import_all, verify_audit
from recoverycore.engine.stores.protocol import OutboxRow
from recoverycore.errors import StoreError
from tests.engine.folders import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.engine.stores import Store, Unit

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

words = st.text(min_size=1, max_size=4)
bodies = st.dictionaries(
    words,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words, st.lists, max_leaves=3
    ),
    max_size=3,
)
instants = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone stands beside
counts = st.integers(0, 9)
documents = st.lists(st.tuples(words, words, st.lists(bodies, min_size=1, max_size=3)), max_size=3, unique_by=lambda each: each[:2])
commands = st.lists(st.tuples(words, instants, bodies, bodies), max_size=3, unique_by=lambda each: each[0])
timers = st.lists(st.tuples(words, instants, counts, counts), max_size=3)
statuses = st.sampled_from(["queued", "handed_over", "cancelled", "failed_transient"])
rows = st.builds(OutboxRow, words, counts, instants, statuses, counts, bodies) | st.builds(
    OutboxRow, words, counts, instants, st.just("leased"), counts, bodies, instants
)
outboxes = st.lists(rows, max_size=3, unique_by=lambda each: each.key)
audits = st.lists(st.tuples(instants, bodies), max_size=4)


def exported(store: Store) -> dict[str, Any]:
    with store.unit() as unit:
        return export_all(unit)


def imported(data: Any, store: Store | None = None) -> dict[str, Any]:
    """`data` put into `store` (in memory, if none is given), and out of it again."""
    into = MemoryStore() if store is None else store
    with into.unit() as unit:
        import_all(unit, data)
    return exported(into)


def write(unit: Unit) -> None:
    unit.put("client", "monique", {"n": 1}, None)
    unit.put("client", "monique", {"n": 2}, 1)
    unit.put("plan", "p1", {}, None)
    unit.record_command("c2", AT, {"do": "it"}, {"done": True})
    unit.record_command("c1", AT - MINUTE, {}, {})
    unit.set_timer("r1", AT + timedelta(microseconds=1), 1, 3)
    unit.enqueue("m1", 3, AT, {"to": "dana"})
    unit.enqueue("m2", 1, AT, {"to": "sam"})
    unit.claim(AT, MINUTE)
    unit.append_audit(AT, {"what": "began"})
    unit.append_audit(AT, {"what": "ended"})


def sample() -> dict[str, Any]:
    store = MemoryStore()
    with store.unit() as unit:
        write(unit)
    return exported(store)


# --- out and in ---


@settings(max_examples=50)
@given(documents, commands, timers, outboxes, audits)
def test_an_import_of_an_export_is_the_same_store(
    docs: list[Any], done: list[Any], armed: list[Any], outbox: list[OutboxRow], links: list[Any]
) -> None:
    first = MemoryStore()
    with first.unit() as unit:
        for kind, name, revisions in docs:
            for rev, body in enumerate(revisions):
                unit.put(kind, name, body, rev or None)
        for command in done:
            unit.record_command(*command)
        for timer in armed:
            unit.set_timer(*timer)
        for row in outbox:
            unit.restore(row)
        for link in links:
            unit.append_audit(*link)
    data = exported(first)
    assert json.loads(json.dumps(data)) == data
    assert imported(json.loads(json.dumps(data))) == data
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, closing(SqliteStore(Path(folder) / "clinic.db")) as second:
        assert imported(data, second) == data


def test_a_store_goes_from_sqlite_to_memory_as_it_is(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "clinic.db")) as store:
        with store.unit() as unit:
            write(unit)
        assert exported(store) == imported(exported(store)) == sample()


def test_an_export_holds_every_part() -> None:
    data = sample()
    assert {part: len(entries) for part, entries in data.items() if part != "version"} == {
        "documents": 2, "commands": 2, "timers": 1, "outbox": 2, "audit": 2,
    }  # fmt: skip
    assert data["documents"][0] == {"kind": "client", "id": "monique", "revisions": [{"n": 1}, {"n": 2}]}
    assert [each["id"] for each in data["commands"]] == ["c2", "c1"]
    assert data["timers"] == [{"run": "r1", "due": "2026-11-04T22:47:00.000001Z", "gen": 1, "level": 3}]
    assert [(each["key"], each["status"], each["lease"]) for each in data["outbox"]] == [
        ("m1", "leased", "2026-11-04T22:48:00Z"), ("m2", "queued", None),
    ]  # fmt: skip


def test_what_was_imported_goes_on_as_before() -> None:
    store = MemoryStore()
    imported(sample(), store)
    with store.unit() as unit:
        row = unit.claim(AT, MINUTE)
        assert row is not None
        assert row.key == "m2"
        assert unit.put("client", "monique", {"n": 3}, 2).rev == 3
        assert unit.command("c2") == {"done": True}
        unit.append_audit(AT, {"what": "went on"})
        verify_audit(unit.audit())


@pytest.mark.parametrize(
    "act",
    [
        lambda unit: unit.put("client", "jamal", {}, None),
        lambda unit: unit.record_command("c1", AT, {}, {}),
        lambda unit: unit.set_timer("r1", AT, 1, 1),
        lambda unit: unit.enqueue("m1", 1, AT, {}),
        lambda unit: unit.append_audit(AT, {}),
    ],
)
def test_an_import_goes_into_an_empty_store_only(act: Callable[[Unit], object]) -> None:
    store = MemoryStore()
    with store.unit() as unit:
        act(unit)
    before = exported(store)
    with store.unit() as unit, pytest.raises(StoreError, match="import_not_empty"):
        import_all(unit, sample())
    assert exported(store) == before


# --- what is no export ---

BROKEN: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("", lambda data: data.pop("audit")),
    ("", lambda data: data.update(more=[])),
    ("/version", lambda data: data.update(version=2)),
    ("/version", lambda data: data.update(version=True)),
    ("/timers", lambda data: data.update(timers={})),
    ("/timers/0", lambda data: data["timers"][0].pop("gen")),
    ("/timers/0", lambda data: data["timers"][0].update(canary=1)),
    ("/timers/0", lambda data: data.update(timers=["canary"])),
    ("/timers/1", lambda data: data["timers"].append(data["timers"][0])),
    ("/timers/0/gen", lambda data: data["timers"][0].update(gen=True)),
    ("/timers/0/gen", lambda data: data["timers"][0].update(gen=2**53)),
    ("/timers/0/due", lambda data: data["timers"][0].update(due="2026-11-04T22:47:00")),
    ("/timers/0/due", lambda data: data["timers"][0].update(due=7)),
    ("/timers/0/run", lambda data: data["timers"][0].update(run="")),
    ("/timers/0/run", lambda data: data["timers"][0].update(run="canary \ud83c")),
    ("/documents/1", lambda data: data["documents"][1].update(kind="client", id="monique")),
    ("/documents/0/revisions", lambda data: data["documents"][0].update(revisions=[])),
    ("/documents/0/revisions/1", lambda data: data["documents"][0]["revisions"].__setitem__(1, "canary")),
    ("/documents/0/revisions/0", lambda data: data["documents"][0]["revisions"][0].update(n=float("nan"))),
    ("/documents/0/revisions/0", lambda data: data["documents"][0]["revisions"][0].update(n={"canary"})),
    ("/documents/0/revisions/0", lambda data: data["documents"][0]["revisions"][0].update({7: "canary"})),
    ("/documents/0/revisions/0", lambda data: data["documents"][0]["revisions"][0].update(n=("canary",))),
    ("/documents/0/revisions/0", lambda data: data["documents"][0]["revisions"][0].update(n="canary \ud83c")),
    ("/commands/1", lambda data: data["commands"][1].update(id="c2")),
    ("/commands/0/result", lambda data: data["commands"][0].update(result=None)),
    ("/outbox/1", lambda data: data["outbox"][1].update(key="m1")),
    ("/outbox/0/lease", lambda data: data["outbox"][0].update(lease="canary")),
    ("/outbox/0/attempts", lambda data: data["outbox"][0].update(attempts=1.0)),
    ("/audit/1", lambda data: data["audit"][1].update(seq=1)),
    ("/audit/0/hash", lambda data: data["audit"][0].update(hash=None)),
]


@pytest.mark.parametrize(("place", "spoil"), BROKEN)
def test_what_is_no_export_is_refused_with_its_place_and_no_value(place: str, spoil: Callable[[dict[str, Any]], object]) -> None:
    data = sample()
    spoil(data)
    store = MemoryStore()
    with store.unit() as unit, pytest.raises(StoreError, match="import_unreadable") as caught:
        import_all(unit, data)
    assert [each.path for each in caught.value.problems] == [place]
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None
    assert exported(store) == exported(MemoryStore())


@pytest.mark.parametrize("data", [None, [], "canary", 7, {}])
def test_what_is_no_object_of_these_parts_is_no_export(data: Any) -> None:
    with pytest.raises(StoreError, match="import_unreadable"):
        imported(data)


def test_an_import_with_a_broken_chain_writes_nothing() -> None:
    data = sample()
    data["audit"][1]["body"]["what"] = "never began"
    store = MemoryStore()
    with store.unit() as unit, pytest.raises(StoreError, match="audit_broken"):
        import_all(unit, data)
    assert exported(store) == exported(MemoryStore())


def test_an_export_is_not_changed_by_an_import() -> None:
    data = sample()
    before = copy.deepcopy(data)
    imported(data)
    assert data == before
