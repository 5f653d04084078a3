"""The store in a file against the store in memory: whatever is done to both, in whatever order, both answer the same."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from recoverycore.engine.stores import MemoryStore, SqliteStore, export_all, import_all, verify_audit
from recoverycore.engine.stores.memory import MemoryUnit
from recoverycore.errors import RecoveryError
from tests.engine.folders import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.engine.stores import Store, Unit

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
STEPS = settings(max_examples=30, stateful_step_count=40, deadline=None)
FIND = settings(STEPS, max_examples=1000, derandomize=True, phases=[Phase.generate], database=None, print_blob=False)
"""For the stores that are wrong on purpose: any example will do, the first one is enough."""

NAMES = ("a", "b", "ab", "é", "\U0001f331")
names = st.sampled_from(NAMES)
instants = st.integers(0, 6).map(lambda minutes: AT + timedelta(minutes=minutes, microseconds=minutes % 2))
levels = st.integers(0, 4)
bodies = st.fixed_dictionaries({"n": st.integers(0, 3)}, optional={"run": names})
statuses = st.sampled_from(["failed_transient", "unconfirmed", "queued", "leased", "handed_over", "failed_permanent"])


class RolledBack(Exception):
    """What ends a unit that is not to be kept."""


class BothStores(RuleBasedStateMachine):
    """Units on both stores at the same time, kept or rolled back, with the file closed and opened in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self.left: Store = MemoryStore()
        self.right: Store = SqliteStore(self.folder / "clinic.db")
        self.open: tuple[Unit, Unit] | None = None
        self.blocks = ExitStack()

    def both(self, act: Callable[[Unit], Any]) -> None:
        assert self.open is not None
        left, right = (self.answer(act, unit) for unit in self.open)
        assert left == right

    @staticmethod
    def answer(act: Callable[[Unit], Any], unit: Unit) -> Any:
        try:
            return act(unit)
        except RecoveryError as error:
            return error.name

    @initialize()
    def nothing(self) -> None:
        self.begin()

    @precondition(lambda self: self.open is None)
    @rule()
    def begin(self) -> None:
        self.open = (self.blocks.enter_context(self.left.unit()), self.blocks.enter_context(self.right.unit()))

    @precondition(lambda self: self.open is not None)
    @rule(keep=st.booleans())
    def end(self, keep: bool) -> None:  # noqa: FBT001 - drawn
        self.both(export_all)
        if keep:
            self.blocks.close()
        else:
            with pytest.raises(RolledBack), self.blocks:
                raise RolledBack
        self.open = None
        self.begin()
        self.both(export_all)
        self.both(lambda unit: verify_audit(unit.audit()))
        self.blocks.close()
        self.open = None

    @precondition(lambda self: self.open is None)
    @rule()
    def open_the_file_again(self) -> None:
        self.right.close()
        self.right = SqliteStore(self.folder / "clinic.db")

    @precondition(lambda self: self.open is None)
    @rule()
    def move_into_a_new_store(self) -> None:
        with self.right.unit() as unit:
            data = export_all(unit)
        self.left.close()
        self.left = MemoryStore()
        with self.left.unit() as unit:
            import_all(unit, data)
        with self.right.unit() as unit:  # which runs are going is read anew from the runs that are kept, and here are none
            for name in NAMES:
                unit.drop_going(name)

    @precondition(lambda self: self.open is not None)
    @rule(kind=names, name=names, body=bodies, expected=st.none() | st.integers(0, 3))
    def put(self, kind: str, name: str, body: dict[str, Any], expected: int | None) -> None:
        self.both(lambda unit: unit.put(kind, name, body, expected))

    @precondition(lambda self: self.open is not None)
    @rule(kind=names, name=names, body=bodies)
    def put_next(self, kind: str, name: str, body: dict[str, Any]) -> None:
        self.both(lambda unit: unit.put(kind, name, body, found.rev if (found := unit.get(kind, name)) else None))

    @precondition(lambda self: self.open is not None)
    @rule(kind=names, name=names, since=st.integers(0, 3))
    def read(self, kind: str, name: str, since: int) -> None:
        self.both(lambda unit: (unit.get(kind, name), unit.revisions(kind, name), unit.all(kind, name), unit.command(name)))
        self.both(lambda unit: (unit.commands(since), unit.audit(since), unit.timers(), unit.next_timer(), unit.outbox()))

    @precondition(lambda self: self.open is not None)
    @rule(name=names, at=instants, body=bodies)
    def record_command(self, name: str, at: datetime, body: dict[str, Any]) -> None:
        self.both(lambda unit: unit.record_command(name, at, body, {**body, "done": True}))

    @precondition(lambda self: self.open is not None)
    @rule(run=names, due=instants, gen=st.integers(0, 3), level=levels)
    def set_timer(self, run: str, due: datetime, gen: int, level: int) -> None:
        self.both(lambda unit: unit.set_timer(run, due, gen, level))

    @precondition(lambda self: self.open is not None)
    @rule(run=names)
    def clear_timer(self, run: str) -> None:
        self.both(lambda unit: unit.clear_timer(run))

    @precondition(lambda self: self.open is not None)
    @rule(run=names, held=st.booleans())
    def list_going(self, run: str, held: bool) -> None:  # noqa: FBT001 - drawn
        self.both(lambda unit: unit.list_going(run, held=held))

    @precondition(lambda self: self.open is not None)
    @rule(run=names)
    def drop_going(self, run: str) -> None:
        self.both(lambda unit: unit.drop_going(run))

    @precondition(lambda self: self.open is not None)
    @rule(now=instants)
    def unattended(self, now: datetime) -> None:
        self.both(lambda unit: unit.unattended(now))

    @precondition(lambda self: self.open is not None)
    @rule(now=instants)
    def due_timers(self, now: datetime) -> None:
        self.both(lambda unit: unit.due_timers(now))

    @precondition(lambda self: self.open is not None)
    @rule(key=names, level=levels, due=instants, body=bodies)
    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        self.both(lambda unit: unit.enqueue(key, level, due, body))

    @precondition(lambda self: self.open is not None)
    @rule(now=instants, minutes=st.integers(0, 3))
    def claim(self, now: datetime, minutes: int) -> None:
        def claimed(unit: Unit) -> Any:
            waits, row = unit.waits(now), unit.claim(now, timedelta(minutes=minutes))
            assert waits is (row is not None)
            return row

        self.both(claimed)

    @precondition(lambda self: self.open is not None)
    @rule(key=names, status=statuses, next_try=st.none() | instants)
    def settle(self, key: str, status: str, next_try: datetime | None) -> None:
        self.both(lambda unit: unit.settle(key, status, next_try))

    @precondition(lambda self: self.open is not None)
    @rule(key=names)
    def cancel(self, key: str) -> None:
        self.both(lambda unit: unit.cancel(key))

    @precondition(lambda self: self.open is not None)
    @rule(at=instants, body=bodies)
    def append_audit(self, at: datetime, body: dict[str, Any]) -> None:
        self.both(lambda unit: unit.append_audit(at, body))

    def teardown(self) -> None:
        self.blocks.close()
        self.left.close()
        self.right.close()
        shutil.rmtree(self.folder)


def test_both_stores_answer_the_same() -> None:
    run_state_machine_as_test(BothStores, settings=STEPS)


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("roll_back", lambda self: self._undo.clear()),
        ("clear_timer", lambda self, run: self._kept.timers.pop(run, None)),  # without a way back
        ("next_timer", lambda self: None),  # noqa: ARG005 - it never knows
        ("unattended", lambda self, now: ()),  # noqa: ARG005 - nobody is ever left
    ],
)
def test_the_comparison_finds_a_store_that_breaks_a_promise(
    monkeypatch: pytest.MonkeyPatch, name: str, slip: Callable[..., object]
) -> None:
    monkeypatch.setattr(MemoryUnit, name, slip)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(BothStores, settings=FIND)
