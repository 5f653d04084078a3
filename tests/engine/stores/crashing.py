"""A process that is killed again and again while it keeps units, and what is found after each time; a script of test_crash.

``python crashing.py FOLDER WAY``. Ways: ``statements`` (at each SQL statement in turn), ``moments`` (from outside, at drawn
moments), ``careless`` (at every third statement, with a store that keeps each statement by itself). Prints one JSON line a kill:
how many units were acknowledged, how many of them are there (null: not even whole units), and whether the rest could be done.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.engine.stores import MemoryStore, SqliteStore, export_all, verify_audit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recoverycore.engine.stores import Store, Unit

UNITS = 4
MOMENTS = 32
SEED = 20261104
AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)


class Careless(SqliteStore):
    """A store without transactions, to see that the comparison would notice."""

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        if statement in ("BEGIN IMMEDIATE", "COMMIT"):
            self._announce(statement)
            return []
        return super()._run(statement, values)


def work(unit: Unit, number: int) -> None:
    """What unit `number` does: some of everything, on what the unit before left."""
    at = AT + timedelta(minutes=number)
    unit.put("run", "r", {"n": number}, number - 1 or None)
    unit.put("client", f"client {number}", {"text": "x" * 3000}, None)
    unit.record_command(f"c{number}", at, {"n": number}, {"done": True})
    unit.set_timer(f"r{number}", at, number, 1)
    unit.clear_timer(f"r{number - 1}")
    unit.enqueue(f"m{number}", number % 3, at, {"n": number})
    row = unit.claim(at, timedelta(minutes=1))
    if row is not None and number % 2:
        unit.settle(row.key, "handed_over")
    unit.append_audit(at, {"n": number})
    unit.append_audit(at, {"n": number, "row": None if row is None else row.key})


def exported(store: Store) -> dict[str, Any]:
    with store.unit() as unit:
        verify_audit(unit.audit())
        return export_all(unit)


def stages() -> list[dict[str, Any]]:
    """The store after none, one, two ... whole units, as the store in memory has it."""
    store = MemoryStore()
    found = [exported(store)]
    for number in range(1, UNITS + 1):
        with store.unit() as unit:
            work(unit, number)
        found.append(exported(store))
    return found


def child(kind: type[SqliteStore], path: Path, trace: Callable[[str], None], said: int) -> None:
    """All units on the store at `path`, each acknowledged with a byte to `said`; never returns."""
    store = kind(path, trace=trace)
    for number in range(1, UNITS + 1):
        with store.unit() as unit:
            work(unit, number)
        os.write(said, b".")
    os._exit(0)


def killed(kind: type[SqliteStore], path: Path, trace: Callable[[str], None], moment: tuple[int, float] | None) -> tuple[bool, int]:
    """Whether a process was killed at its work on `path`, and how many units it had acknowledged.

    `moment`: so many units after the start, and so many seconds after that, it is killed from outside.
    """
    listen, said = os.pipe()
    process = os.fork()
    if not process:
        try:
            child(kind, path, trace, said)
        finally:
            os._exit(7)
    os.close(said)
    with os.fdopen(listen, "rb") as stream:
        acknowledged = 0
        if moment is not None:
            acknowledged = len(stream.read(moment[0]))
            time.sleep(moment[1])
            os.kill(process, signal.SIGKILL)
        acknowledged += len(stream.read())
    _, status = os.waitpid(process, 0)
    if status not in (0, signal.SIGKILL, 9 << 8):
        sys.exit(f"the child ended by itself: {status}")
    return status != 0, acknowledged


def judged(path: Path, wanted: list[dict[str, Any]], acknowledged: int) -> dict[str, Any]:
    """What is found at `path` after a kill, and whether the rest can be done there."""
    with closing(SqliteStore(path)) as store:
        try:
            there = wanted.index(exported(store))
        except ValueError:
            return {"acknowledged": acknowledged, "there": None, "went_on": False}
        for number in range(there + 1, UNITS + 1):
            with store.unit() as unit:
                work(unit, number)
        return {"acknowledged": acknowledged, "there": there, "went_on": exported(store) == wanted[-1]}


def stop_at(place: int) -> Callable[[str], None]:
    """A trace that ends the process before its statement `place`, by a signal and by itself in turn."""
    left = itertools.count(place, -1)

    def trace(_: str) -> None:
        if next(left) == 0:
            if place % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            os._exit(9)

    return trace


def main(folder: Path, way: str) -> None:
    """Kill, look, and tell, until a process reaches its end or all moments are tried."""
    wanted = stages()
    kind = Careless if way == "careless" else SqliteStore
    drawn = random.Random(SEED)  # noqa: S311 - moments, no secrets
    places = {"statements": itertools.count(), "careless": itertools.count(step=3), "moments": range(MOMENTS)}
    for place in places[way]:
        path = folder / str(place) / "clinic.db"
        path.parent.mkdir()
        trace, moment = (lambda _: None, (place % UNITS, drawn.uniform(0, 0.002))) if way == "moments" else (stop_at(place), None)
        stopped, acknowledged = killed(kind, path, trace, moment)
        if not stopped and moment is None:
            return
        print(json.dumps({"place": place, **judged(path, wanted, acknowledged)}))  # noqa: T201 - it is read by the test
        shutil.rmtree(path.parent)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
