"""The process is killed at every SQL statement of a crisis, and the step is done again: nothing is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.crashing import DATABASE, FAULTS, PAPER, STORY, copied, differences, essence, left, play
from tests.engine.folders import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")

SCRIPT = Path(__file__).with_name("crashing.py")
STEPS = len(STORY.steps)
# Shares of about the same length: the set-up, the night's beginning, and what came of it.
SHARES = [(0, 1), (1, 6), (6, STEPS)]


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


def kills(folder: Path, steps: tuple[int, int], *words: str) -> list[dict[str, Any]]:
    """What the script tells of these steps, by their numbers."""
    command = [sys.executable, str(SCRIPT), str(folder), "--steps", *map(str, steps), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["step"] for each in told] == list(range(*steps))
    return told


def broken(told: list[dict[str, Any]]) -> list[tuple[int, dict[str, list[str]]]]:
    return [(each["step"], each["broken"]) for each in told if each["broken"]]


@pytest.mark.parametrize("share", SHARES)
def test_the_crisis_survives_an_end_at_every_statement(share: tuple[int, int], folder: Path) -> None:
    told = kills(folder, share, "--kill-each", "10")  # of the others the files are as they lay just then
    assert broken(told) == []
    assert all(each["statements"] > 15 and each["killed"] == each["statements"] // 10 and each["left"] > 1 for each in told)


@pytest.mark.prove
@pytest.mark.parametrize("share", SHARES)
def test_the_crisis_survives_a_kill_at_every_statement(share: tuple[int, int], folder: Path) -> None:
    told = kills(folder, share)
    assert broken(told) == []
    assert all(each["killed"] == each["statements"] for each in told)


def test_no_step_is_left_out() -> None:
    assert [number for share in SHARES for number in range(*share)] == list(range(STEPS))


@pytest.mark.prove
@pytest.mark.parametrize("variant", [each.id for each in STORY.variants])
def test_every_variant_survives_a_kill_at_every_statement(variant: str, folder: Path) -> None:
    assert broken(kills(folder, (1, len(STORY.told_as(variant))), "--variant", variant)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_library_that_commits_at_the_wrong_moment_is_noticed(fault: str, folder: Path) -> None:
    step = {"split": 4, "early": 1}[fault]  # a short one in which it can be seen
    assert broken(kills(folder, (step, step + 1), "--fault", fault, "--most", "1", "--kill-each", "10")) != []


# What may be wrong after a crash: its name, and how it is done to the database or to the paper.
WRONGS = {
    "messages": "DELETE FROM outbox",
    "documents": "DELETE FROM doc WHERE kind = 'client'",
    "runs": "DELETE FROM doc WHERE kind = 'run'",
    "timers": "UPDATE timer SET due = due + 1",
    "going": "DELETE FROM going",
    "notes": "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
    "told": lambda lines: lines[1:],
    "doubled": lambda lines: lines * 3,
}


@pytest.mark.parametrize(("wrong", "done"), WRONGS.items(), ids=WRONGS)
def test_the_comparison_notices_what_is_wrong(wrong: str, done: str | Callable[[list[str]], list[str]], folder: Path) -> None:
    (folder / "clean").mkdir()
    play(STORY.steps[:2], folder / "clean")
    wanted, mark = json.loads(json.dumps(essence(folder / "clean"))), left(folder / "clean")
    here = copied(folder / "clean", folder / "here")
    assert (differences(here, wanted), left(here)) == ([], mark)
    if isinstance(done, str):
        with contextlib.closing(sqlite3.connect(here / DATABASE)) as connection, connection:
            connection.execute(done)
    else:
        lines = (here / PAPER).read_text("utf-8").splitlines()
        (here / PAPER).write_text("".join(f"{line}\n" for line in done(lines)), "utf-8")
    assert left(here) != mark
    assert differences(here, wanted) == [wrong]
