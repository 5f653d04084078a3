"""The process is killed at any SQL statement of a crisis, and the step is done again: nothing is lost, nothing is doubled.

Each step of the story starts from a copy of the file as it was before. A child process plays it and kills itself, with the
signal that nobody can catch, at one statement; then the step is played again on what it left behind.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Receipt, RecoveryHooks, hookimpl
from recoverycore.engine.stores import SqliteStore
from recoverycore.testing.stories import Player, Story, StoryStep, load_story

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="killing a copy of this process needs fork")

STORY = load_story("monique")


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

    def keys(self) -> list[str]:
        """Every key that was written, in order."""
        return self.path.read_text("utf-8").splitlines() if self.path.exists() else []


def play(story: Story, step: StoryStep, database: Path, paper: Path, kill_at: int | None = None) -> int:
    """Play one step on a file; the number of statements comes back, if the process lives.

    Setting the story up again only looks whether it was set up; those statements count where it was not, at the first step.
    """
    statements = 0
    counts = step is story.steps[0]

    def trace(_: str) -> None:
        nonlocal statements
        statements += counts
        if counts and statements == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    player = Player(story, database, plugins=[Paper(paper)], trace=trace)
    counts = True
    try:
        player.play(step)
    finally:
        player.engine.close()
    return statements


def killed(story: Story, step: StoryStep, database: Path, paper: Path, kill_at: int) -> None:
    """Play one step in a child that dies at the statement `kill_at`."""
    child = os.fork()
    if child == 0:
        try:
            play(story, step, database, paper, kill_at)
        finally:
            os._exit(3)  # it lived: the parent will notice
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child was not killed"


def essence(database: Path) -> dict[str, Any]:
    """What must be the same after a crash as without one: all but how often something was tried, and in which order it was noted."""
    store = SqliteStore(database)
    with store.unit() as unit:
        documents = {(each.kind, each.id): each.body for each in unit.documents() if each.kind != "run"}
        runs = {each.id: _run(each.body) for each in unit.all("run")}
        messages = {row.key: row.status for row in unit.outbox()}
        timers = [(name, due.isoformat()) for name, due, _, _ in unit.timers()]
        notes = sorted(json.dumps(link.body, sort_keys=True) for link in unit.audit() if link.body["what"] not in ("handed_out", "event"))
    store.close()
    return {"documents": documents, "runs": runs, "messages": messages, "timers": timers, "notes": notes}


def _run(body: dict[str, Any]) -> dict[str, Any]:
    state = dict(body["state"])
    state["applied"] = sorted(each for each in state["applied"] if not each.startswith("sent:"))
    return {**body, "state": state}


def copied(database: Path, into: Path) -> Path:
    """The file and what SQLite and the engine keep beside it, in another folder."""
    into.mkdir(parents=True, exist_ok=True)
    for file in database.parent.glob(database.name + "*"):
        shutil.copy(file, into / file.name)
    return into / database.name


def crash_everywhere(story: Story, steps: tuple[StoryStep, ...], folder: Path, apart: int = 1) -> int:
    """Kill the last of `steps` at every statement of it, or at each one `apart`, after the others were played.

    Returns how many statements there were.
    """
    before, step = folder / "before" / "story.db", steps[-1]
    before.parent.mkdir()
    for earlier in steps[:-1]:
        play(story, earlier, before, folder / "ink.txt")
    clean, paper = copied(before, folder / "clean"), folder / "paper.txt"
    statements = play(story, step, clean, paper)
    wanted, keys = essence(clean), Paper(paper).keys()
    for kill_at in range(1 + len(steps) % apart, statements + 1, apart):
        here, ink = copied(before, folder / "crash"), folder / "crash" / "paper.txt"
        killed(story, step, here, ink, kill_at)
        play(story, step, here, ink)
        assert essence(here) == wanted, f"statement {kill_at}"
        seen = Paper(ink).keys()
        assert set(seen) == set(keys), f"statement {kill_at}"
        assert len(seen) - len(set(seen)) <= 1, f"statement {kill_at}"
        shutil.rmtree(folder / "crash")
    return statements


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where the system has one: a killed process loses no more there, and thousands of syncs cost nothing."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made)


# A kill at each statement of the whole crisis takes minutes: here each third one, begun elsewhere from step to step.
@pytest.mark.parametrize("count", range(1, len(STORY.steps) + 1))
def test_the_crisis_survives_a_kill_at_each_third_statement(count: int, folder: Path) -> None:
    assert crash_everywhere(STORY, STORY.steps[:count], folder, apart=3) > 2


@pytest.mark.prove
@pytest.mark.parametrize("count", range(1, len(STORY.steps) + 1))
def test_the_crisis_survives_a_kill_at_every_statement(count: int, folder: Path) -> None:
    assert crash_everywhere(STORY, STORY.steps[:count], folder) > 0


@pytest.mark.prove
@pytest.mark.parametrize("variant", [each.id for each in STORY.variants])
def test_every_variant_survives_a_kill_at_every_statement(variant: str, folder: Path) -> None:
    steps = STORY.told_as(variant)
    for count in range(2, len(steps) + 1):
        (folder / str(count)).mkdir()
        assert crash_everywhere(STORY, steps[:count], folder / str(count)) > 0


def test_the_comparison_notices_a_message_that_was_lost(folder: Path) -> None:
    database, paper = folder / "story.db", folder / "paper.txt"
    for step in STORY.steps[:2]:
        play(STORY, step, database, paper)
    before = essence(database)
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM outbox")
    assert essence(database) != before
