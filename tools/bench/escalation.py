"""What an escalation costs: one event of the pure machine, and one step that an engine makes durable against one bare fdatasync.

The machine is measured in CPU time over whole runs of a crisis protocol under a weekly roster, each a day and more after the one before, so
that every run meets a calendar nobody has looked at yet. The engine is measured in wall time on a SQLite file; each of its steps takes
turns with a sync of another file in the same folder, since that is what the disk charges for keeping anything at all, and with a commit of
rows of the same number and size in a bare SQLite file, the least that a step could cost. A disk may charge ten times as much from one
minute to the next; so the CPU time of a step is told beside the ratios.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from recoverycore import Engine, OutgoingMessage, Receipt, RecoveryHooks, Settings, hookimpl
from recoverycore.escalation import Audit, Event, Protocol, RunFacts, RunState, event_from, open_run, step
from recoverycore.escalation.effects import Effect
from recoverycore.testing.stories import load_story
from tools.process import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

GOALS = {"microseconds_per_event": 130, "durable_step_vs_fdatasync": 3}
STARTS = 150
FIRST = datetime(2026, 1, 5, 3, 10, tzinfo=UTC)
APART = timedelta(hours=31)
PAUSE = timedelta(seconds=40)
NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
CLIENTS = 24

_WORLD = json.loads(Path(__file__).with_name("crisis.json").read_text("utf-8"))
PROTOCOL = Protocol.model_validate(_WORLD["protocol"])
FACTS = RunFacts.model_validate(_WORLD["facts"])

ENDING = ("contact_made", "accompany_start", "accompany_end", "stand_down", "debrief_done", "close")
SCRIPTS = {
    "answered": ("trigger", "handed_over", "seen", "ack", "ack", *ENDING),
    "declined": ("trigger", "decline", "tick", "ack", "contact_made", *ENDING[-3:]),
    "unanswered": ("trigger", "failed_permanent", "tick", "tick", "tick", "ack", *ENDING[-3:]),
}
"""What happens in a run, in order. A tick comes when it is due, everything else a little after what came before."""
_RECEIPTS = ("handed_over", "seen", "failed_permanent")


@frozen
class Played:
    """A run that was played: each event with its instant and effects, the state it ended in, the CPU seconds that its steps took."""

    calls: tuple[tuple[Event, datetime, tuple[Effect, ...]], ...]
    end: RunState
    seconds: float


def run() -> tuple[dict[str, float], dict[str, str]]:
    """Measure both. What each of them answers is compared: with a machine that forgets everything, with the end that was wanted."""
    runs = [play(script, FIRST + number * APART) for number in range(STARTS) for script in SCRIPTS.values()]
    for each in runs:
        check(each)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        taken = durable(Path(folder))
    wall, cpu, sync, commit = (statistics.median(each) for each in zip(*taken, strict=True))
    ratios = {
        "microseconds_per_event": round(statistics.median(each.seconds / len(each.calls) for each in runs) * 1e6, 1),
        "durable_step_vs_fdatasync": round(wall / sync, 2),
        "bare_commit_vs_fdatasync": round(commit / sync, 2),
        "durable_step_vs_bare_commit": round(wall / commit, 2),
        "durable_step_cpu_microseconds": round(cpu * 1e6, 1),
        "fdatasync_microseconds": round(sync * 1e6, 1),
    }
    return ratios, {"fdatasync": platform.release(), "sqlite": sqlite3.sqlite_version, "pydantic": version("pydantic")}


# -- the pure machine -----------------------------------------------------------------------------------------------
def play(script: tuple[str, ...], start: datetime) -> Played:
    """One run on the machine; only its steps are timed."""
    state, at, calls, spent = open_run("R", PROTOCOL, FACTS), start, [], 0
    for number, word in enumerate(script):
        at = state.next_due if word == "tick" and state.next_due is not None else at + PAUSE
        event = event_from(_event(word, state, f"e{number}"))
        before = time.thread_time_ns()
        state, effects = step(state, event, at)
        spent += time.thread_time_ns() - before
        calls.append((event, at, effects))
    return Played(tuple(calls), state, spent / 1e9)


def check(played: Played) -> None:
    """The run went all the way, and a machine that reads everything again before each step says the same. Error: `ValueError`."""
    state = open_run("R", PROTOCOL, FACTS)
    for event, at, effects in played.calls:
        state, again = step(RunState.from_dict(json.loads(json.dumps(state.to_dict()))), event_from(event.to_data()), at)
        if again != effects:
            raise ValueError("two answers to one event: " + event.type)
        if any(isinstance(each, Audit) and each.code.startswith("refused") for each in effects):
            raise ValueError("an event was refused: " + event.type)
    if state != played.end or state.status != "closed":
        raise ValueError("the run did not end as it should: " + state.status)


def _event(word: str, state: RunState, identifier: str) -> dict[str, Any]:
    """What `word` stands for in this state: somebody who was asked answers, the one who has it acts, and a supervisor ends it."""
    if word == "tick":
        return {"type": "tick", "gen": state.generation}
    if word in _RECEIPTS:
        return {"type": "receipt", "id": identifier, "key": next(iter(state.messages)), "status": word}
    asked = [each.target for each in state.messages.values() if each.kind in ("ask", "alarm")]
    staff = [each for each in asked if each in state.facts.team.persons and each not in state.holders]
    fields: dict[str, dict[str, Any]] = {
        "trigger": {"kind": "code_word"},
        "ack": {"by": staff[-1] if staff else None},
        "decline": {"by": staff[0] if staff else None},
        "accompany_end": {"by": state.owner, "basis": "client_said_so"},
        "stand_down": {"by": "sue", "reason": "safe with a friend"},
        "debrief_done": {"by": "sue", "outcome": "done"},
        "close": {"by": "sue"},
    }
    return {"type": word, "id": identifier, **fields.get(word, {"by": state.owner})}


# -- the engine -----------------------------------------------------------------------------------------------------
class Taker(RecoveryHooks):
    """A deliverer that takes everything at once, so that no message waits."""

    recoverycore_name = "taker"

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:  # noqa: ARG002 - the hook's own names
        """It has gone out."""
        return Receipt("handed_over")


class Turn(NamedTuple):
    """One step of the engine, one bare sync and one bare commit, in seconds."""

    wall: float
    cpu: float
    sync: float
    commit: float


class Bare:
    """What a step cannot do without, in `folder`: a file that is synced, and SQLite that keeps rows of the size of those of a step."""

    ROWS = ("d" * 1350, "c" * 500, "a" * 240, "a" * 240)  # a run, a command with what it came to, two links of the audit

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "bare").open("wb", buffering=0)
        self._sync = getattr(os, "fdatasync", os.fsync)  # not every system has the cheaper one
        self._rows = sqlite3.connect(folder / "bare.db", isolation_level=None)
        for setting in ("journal_mode=WAL", "synchronous=FULL"):
            self._rows.execute(f"PRAGMA {setting}")
        self._rows.execute("CREATE TABLE kept(seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")

    def sync(self) -> None:
        """Write one page, and wait until the disk has it."""
        self._file.seek(0)
        self._file.write(bytes(4096))
        self._sync(self._file.fileno())

    def commit(self) -> None:
        """One transaction with the rows of a step, and nothing read."""
        self._rows.execute("BEGIN IMMEDIATE")
        for row in self.ROWS:
            self._rows.execute("INSERT INTO kept(body) VALUES (?)", (row,))
        self._rows.execute("COMMIT")

    def close(self) -> None:
        """Close both."""
        self._file.close()
        self._rows.close()


def seconds(act: Callable[[], None]) -> float:
    """How long `act` took by the clock."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def durable(folder: Path) -> list[Turn]:
    """Steps of an engine in `folder`, bare syncs and bare commits there, by turns. Error: `ValueError` when a run did not end as it should.

    A step is a command: what the host was told to have happened to a run, up to the answer that it will never be forgotten.
    """
    turns = []
    settings = Settings(code_word_key=bytes(32))
    with Engine.open(folder / "bench.db", [Taker()], settings=settings) as engine, contextlib.closing(Bare(folder)) as bare:
        clients = [f"client-{number}" for number in range(CLIENTS)]
        going = [set_going(engine, client) for client in clients]  # by then the store's log has its full size, as in a service that runs
        for number, at_once in enumerate(zip(*(calls for _, calls in going), strict=True), start=1):
            for (run, _), (kind, fields) in zip(going, at_once, strict=True):
                cpu, begun = time.process_time(), time.perf_counter()
                engine.event(run, kind, at=NIGHT + number * PAUSE, **fields)
                cpu, wall = time.process_time() - cpu, time.perf_counter() - begun
                turns.append(Turn(wall, cpu, seconds(bare.sync), seconds(bare.commit)))
        ends = {state.status for client in clients for state in engine.runs(client=client)}
    if ends != {"closed"}:
        raise ValueError("runs of the engine ended " + ", ".join(sorted(ends)))
    return turns


def set_going(engine: Engine, client: str) -> tuple[str, tuple[tuple[str, dict[str, Any]], ...]]:
    """A run for `client` in the programme of the shipped story, and what is going to happen in it."""
    start = load_story("monique").start
    for shared in (start.programme, start.client.evolve(id=client), *start.services, *start.protocols, *start.rules):
        engine.put(shared, at=NIGHT)
    for own in (start.team, *start.directives):
        engine.put(own, client=client, at=NIGHT)
    run = engine.report(client=client, kind="code_word", by="peer_ade", at=NIGHT).run or ""
    key = next(row["key"] for row in engine.timeline(run).to_rows() if row["what"] == "message")
    peer, lead = {"by": "peer_ade"}, {"by": "lead_noor"}
    return run, (
        ("receipt", {"key": key, "status": "seen"}), ("ack", peer), ("contact_made", peer), ("accompany_start", peer), ("note", peer),
        ("accompany_end", {**peer, "basis": "client_said_so"}), ("stand_down", {**lead, "reason": "safe with a friend"}),
        ("debrief_done", {**lead, "outcome": "done"}), ("close", lead),
    )  # fmt: skip
