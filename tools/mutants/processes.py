"""Jobs in processes forked from this one, a few at a time."""

from __future__ import annotations

import json
import os
import select
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["WORKERS", "in_processes"]

WORKERS = 2


def in_processes(jobs: Iterable[Callable[[], Any]], workers: int = WORKERS) -> Iterator[tuple[int, Any]]:
    """What each job gives back, run in a process forked from this one, with its place among `jobs`; what killed it, if a signal did."""
    running: dict[int, tuple[int, int]] = {}
    for place, job in enumerate(jobs):
        if len(running) >= workers:
            yield _ended(running)
        reading, writing = os.pipe()
        sys.stdout.flush()
        child = os.fork()
        if not child:
            os.close(reading)
            _child(job, writing)
        os.close(writing)
        running[child] = (place, reading)
    while running:
        yield _ended(running)


def _child(job: Callable[[], Any], writing: int) -> None:
    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for each in (0, 1) if os.environ.get("MUTANTS_LOUD") else (0, 1, 2):
            os.dup2(nowhere, each)
        answer = json.dumps(job()).encode()
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        code = 0
    except BaseException:
        if os.environ.get("MUTANTS_LOUD"):
            raise
    finally:
        os._exit(code)


def _ended(running: dict[int, tuple[int, int]]) -> tuple[int, Any]:
    ready, _, _ = select.select([reading for _, reading in running.values()], [], [])
    child = next(child for child, (_, reading) in running.items() if reading in ready)
    place, reading = running.pop(child)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return place, signal.Signals(os.WTERMSIG(status))
    return place, json.loads(told) if told else None
