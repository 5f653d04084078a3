"""A crisis whose process is killed at every SQL statement, and what comes of doing the step again; a script of test_crash.

``python crashing.py FOLDER --steps FIRST END [--variant V] [--fault F] [--most N] [--kill-each N]``. Each step starts from a copy of the
file as the step before left it. What a kill before a statement leaves behind is what lies in the files just then: so a process plays the
step, and before each statement a copy of the files is set aside. At each Nth statement a process plays it once more and kills itself,
with the signal that nobody can catch, and must have left just that. Another does the step again on what was left, as a host does that
starts once more, and plays on to the story's end. Each is a copy of this process, which has no thread and no open file. Prints one JSON
line a step: its number, how many statements it has, how many processes were killed, how many different things were left behind, what came
of them, and after which statements something was lost or doubled; it ends a step where N (`--most`) have done so.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gc
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore import Receipt, RecoveryHooks, hookimpl
from recoverycore.engine.stores import SqliteStore, sqlite
from recoverycore.engine.stores.sqlite_unit import SqliteUnit
from recoverycore.testing.stories import Player, StoryStep, load_story

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recoverycore.engine.stores import OutboxRow

STORY = load_story("monique")
DATABASE, PAPER = "story.db", "paper.txt"
END_OF_TIME = datetime.max.replace(tzinfo=UTC)
NOT_COMPARED = ("handed_out", "event")
"""What the record notes once more, with the same key, when a message whose fate nobody knew was sent again."""


class Paper(RecoveryHooks):
    """A deliverer that writes each key down before it answers, where no crash takes it away."""

    recoverycore_name = "a.paper"

    def __init__(self, path: Path) -> None:
        self.path = path

    @hookimpl
    def recovery_deliver_message(self, message: Any, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        """Write it down."""
        line = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(line, f"{key}\n".encode())
        os.close(line)
        return Receipt("handed_over")


class Resumed(Player):
    """A player of a story that was set up before. Each set-up is killed in the first step, and looked over when a step is done again."""

    def _set_up(self, *_: Any) -> None:
        """Nothing."""


class Split(SqliteUnit):
    """A planted fault: that a command was carried out is kept after what it did, in a transaction of its own."""

    def record_command(self, *told: Any) -> None:
        self._run("COMMIT", ())
        self._run("BEGIN IMMEDIATE", ())
        super().record_command(*told)


class Early(SqliteUnit):
    """A planted fault: a message counts as sent before it is handed over."""

    def claim(self, *told: Any) -> OutboxRow | None:
        row = super().claim(*told)
        if row is not None:
            self.settle(row.key, "handed_over")
        return row


FAULTS = {"split": Split, "early": Early}


def warm(steps: Sequence[StoryStep]) -> None:
    """Play once in memory, so that no copy of this process builds again what is built at first need; then let every thread end."""
    player = Player(STORY)
    for step in steps:
        player.play(step)
    player.engine.close()
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()
    gc.collect()
    gc.freeze()
    gc.disable()


def elsewhere(work: Callable[[], Any]) -> Any:
    """What `work` comes to in a process of its own; None where that was killed."""
    if threading.active_count() != 1:
        sys.exit("a process with threads cannot be copied")
    listen, said = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(listen)
            with os.fdopen(said, "w", encoding="utf-8") as stream:
                json.dump(work(), stream)
            os._exit(0)
        except BaseException:  # noqa: BLE001 - it is told, and this process must not go on as its parent
            traceback.print_exc()
        finally:
            os._exit(3)
    os.close(said)
    with os.fdopen(listen, encoding="utf-8") as stream:
        told = stream.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return None
    if status:
        sys.exit(f"a process ended by itself: {status}")
    return json.loads(told)


def play(
    steps: Sequence[StoryStep], folder: Path, kind: type[Player] = Player, kill_at: int | None = None, aside: Path | None = None
) -> int:
    """Play steps on the file in `folder`; the number of statements comes back, if the process lives.

    Before each statement the folder is copied into one of that number in `aside`, where that is given.
    """
    statements = 0

    def trace(_: str) -> None:
        nonlocal statements
        statements += 1
        if statements == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if aside is not None:  # in another process: whoever opens and closes the file in this one takes its locks away
            elsewhere(lambda: str(copied(folder, aside / str(statements))))

    player = kind(STORY, folder / DATABASE, plugins=[Paper(folder / PAPER)], trace=trace)
    try:
        for step in steps:
            player.play(step)
    finally:
        player.engine.close()
    return statements


def copied(folder: Path, into: Path) -> Path:
    """Everything in a folder, in a new one instead of what was there."""
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into)
    return into


def keys(folder: Path) -> list[str]:
    """Every key that was written, in order."""
    paper = folder / PAPER
    return paper.read_text("utf-8").splitlines() if paper.exists() else []


def essence(folder: Path) -> dict[str, Any]:
    """What must be the same after a crash as without one: all but how often something was tried, and in which order it was noted."""
    store = SqliteStore(folder / DATABASE)
    with store.unit() as unit:
        documents = [(each.kind, each.id, each.body) for each in unit.documents() if each.kind != "run"]
        runs = {each.id: _run(each.body) for each in unit.all("run")}
        messages = {row.key: row.status for row in unit.outbox()}
        timers = [(name, due.isoformat()) for name, due, _, _ in unit.timers()]
        going = unit.unattended(END_OF_TIME)
        notes = sorted(json.dumps(link.body, sort_keys=True) for link in unit.audit() if link.body["what"] not in NOT_COMPARED)
    store.close()
    told = sorted(set(keys(folder)))
    return {"documents": documents, "runs": runs, "messages": messages, "timers": timers, "going": going, "notes": notes, "told": told}


def _run(body: dict[str, Any]) -> dict[str, Any]:
    state = dict(body["state"])
    state["applied"] = sorted(each for each in state["applied"] if not each.startswith("sent:"))
    return {**body, "state": state}


def left(folder: Path) -> str:
    """The digest of all that a killed process left: which files, every table with its rows, every line on the paper.

    It is read from a copy, by SQLite alone, so that the step is done again on a file that nobody has touched. Two files with the
    same rows are one to whoever opens them next; so what came of the first need not be tried again on the second.
    """
    found: list[Any] = [sorted(file.name for file in folder.iterdir()), keys(folder)]
    copy = copied(folder, folder.with_name("looked at"))
    with contextlib.closing(sqlite3.connect(copy / DATABASE)) as connection:
        found += [connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version", "journal_mode")]
        found += connection.iterdump()
    return hashlib.sha256(repr(found).encode()).hexdigest()


def done_again(step: StoryStep, folder: Path, wanted: dict[str, Any]) -> tuple[list[str], str]:
    """Do a step again on what was left: what differs from `wanted` then, and the digest of what there is."""
    play([step], folder)
    mark = left(folder)
    return [f"{each}, when done again" for each in differences(folder, wanted)], mark


def gone_on(steps: Sequence[StoryStep], folder: Path, wanted: dict[str, Any]) -> list[str]:
    """Play on to the end of the story: what differs from `wanted` there."""
    play(steps, folder, Resumed)
    return [f"{each}, at the end" for each in differences(folder, wanted)]


def differences(folder: Path, wanted: dict[str, Any]) -> list[str]:
    """In what a folder differs from the essence that it should have. Of the messages one may have been sent twice, under its key."""
    here, seen = json.loads(json.dumps(essence(folder))), keys(folder)
    doubled = ["doubled"] if len(seen) - len(set(seen)) > 1 else []
    return [name for name in wanted if here[name] != wanted[name]] + doubled


def crash(
    folder: Path, steps: Sequence[StoryStep], number: int, wanted: Sequence[dict[str, Any]], *, most: int | None, kill_each: int
) -> dict[str, Any]:
    """End step `number` at each of its statements, do it again on each different thing that is left, and go on from what comes of it.

    Where it is given, it ends when `most` ends have lost or doubled something.
    """
    before, here, aside = folder / str(number), folder / "killed", folder / "aside"
    step = functools.partial(play, steps[number : number + 1], here, Resumed if number else Player)
    aside.mkdir()
    copied(before, here)
    statements = elsewhere(functools.partial(step, aside=aside))
    known: dict[str, list[str]] = {}
    ends: dict[str, list[str]] = {}
    broken, killed = {}, 0
    for kill_at in range(1, statements + 1):
        copied(aside / str(kill_at), here)
        mark = left(here)
        if kill_at % kill_each == 0:
            killed += 1
            copied(before, here)
            if elsewhere(functools.partial(step, kill_at)) is not None:
                sys.exit("a process that should have been killed lived")
            if left(here) != mark:
                sys.exit("a process that was killed left something else than what lay in the files just then")
        if mark not in known:
            found, after = elsewhere(functools.partial(done_again, steps[number], here, wanted[number]))
            if after not in ends:
                ends[after] = elsewhere(functools.partial(gone_on, steps[number + 1 :], here, wanted[-1]))
            known[mark] = found + ends[after]
        if known[mark]:
            broken[kill_at] = known[mark]
        if len(broken) == most:
            break
    shutil.rmtree(aside)
    return {"step": number, "statements": statements, "killed": killed, "left": len(known), "ends": len(ends), "broken": broken}


def main() -> None:
    """Play the story once without a crash, then kill it everywhere."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--variant")
    parser.add_argument("--fault", choices=FAULTS)
    parser.add_argument("--steps", type=int, nargs=2, required=True)
    parser.add_argument("--most", type=int)
    parser.add_argument("--kill-each", type=int, default=1)
    asked = parser.parse_args()
    sqlite.SqliteUnit = FAULTS.get(asked.fault, SqliteUnit)
    steps = STORY.told_as(asked.variant)
    warm(steps)
    (asked.folder / "0").mkdir()
    wanted = []
    for number, step in enumerate(steps):
        after = copied(asked.folder / str(number), asked.folder / str(number + 1))
        elsewhere(functools.partial(play, [step], after))
        wanted.append(elsewhere(functools.partial(essence, copied(after, asked.folder / "tried"))))
    for number in range(*asked.steps):
        print(json.dumps(crash(asked.folder, steps, number, wanted, most=asked.most, kill_each=asked.kill_each)), flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
