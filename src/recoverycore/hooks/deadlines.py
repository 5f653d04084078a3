"""Calls with a deadline: each in its own daemon thread, so that a plugin that hangs costs the deadline and nothing more.

Daemon threads and no pool: the exit handlers of `concurrent.futures` and `asyncio.to_thread` wait for a hung call, and
a process that cannot stop is a fault of its own. Python cannot end a thread either, so late calls are counted for each
plugin, and a plugin with too many is not called until some of them have ended.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import copy_context
from time import monotonic
from typing import TypeAlias

from recoverycore.hooks.dispatch import Call
from recoverycore.hooks.outcome import Outcome

__all__ = ["LateCalls", "OnLate", "run_calls"]

_log = logging.getLogger("recoverycore.hooks")

OnLate: TypeAlias = Callable[[Outcome], None]


class LateCalls:
    """How many calls of each plugin are still running after their deadline, and how many are too many."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()

    def quarantined(self, plugin: str) -> bool:
        """Whether the plugin is left alone until one of its late calls ends."""
        return self._running[plugin] >= self._limit

    def add(self, plugin: str, number: int) -> None:
        """`number` calls became late, or ended when it is negative."""
        with self._lock:
            self._running[plugin] += number


def run_calls(calls: Sequence[Call], late: LateCalls, *, deadline: float | None, on_late: OnLate | None) -> tuple[Outcome, ...]:
    """The outcomes of `calls`, in their order. `deadline` is in seconds for all of them together; None waits."""
    refused = {call: call.outcome("failed", "quarantined, too many late calls still run") for call in calls if late.quarantined(call.plugin)}
    callable_now = [call for call in calls if call not in refused]
    if deadline is None:
        ended = {call: call.run() for call in callable_now}
    else:
        ended = _Round(late, deadline, on_late).run(callable_now)
    return tuple((refused | ended)[call] for call in calls)


class _Round:
    """One set of calls that wait for each other until the deadline, and for nobody after it."""

    def __init__(self, late: LateCalls, deadline: float, on_late: OnLate | None) -> None:
        self._late = late
        self._deadline = deadline
        self._on_late = on_late
        self._changed = threading.Condition()
        self._ended: dict[Call, Outcome] = {}
        self._interrupt: BaseException | None = None
        self._over = False

    def run(self, calls: Sequence[Call]) -> dict[Call, Outcome]:
        end = monotonic() + self._deadline
        for call in calls:
            # A copied context each: plugins see the caller's context variables and cannot change one another's.
            thread = threading.Thread(target=copy_context().run, args=(self._work, call), name=f"recoverycore:{call.plugin}", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the system has no thread left; the others may still have theirs
                self._settle(call, call.outcome("failed", type(error).__name__))
        with self._changed:
            try:
                self._changed.wait_for(lambda: self._interrupt or len(self._ended) == len(calls), max(0.0, end - monotonic()))
            finally:
                self._over = True
                unfinished = [call for call in calls if call not in self._ended]
                for call in unfinished:
                    self._late.add(call.plugin, 1)
        if self._interrupt:
            raise self._interrupt
        tardy = f"no answer within {self._deadline:g} s"
        return self._ended | {call: call.outcome("timeout", tardy, seconds=self._deadline) for call in unfinished}

    def _work(self, call: Call) -> None:
        interrupt: BaseException | None = None
        try:
            outcome = call.run()
        except BaseException as error:  # noqa: BLE001 - KeyboardInterrupt and the like belong to the caller, in the caller's thread
            outcome, interrupt = call.outcome("failed", type(error).__name__), error
        self._settle(call, outcome, interrupt)

    def _settle(self, call: Call, outcome: Outcome, interrupt: BaseException | None = None) -> None:
        """Record the outcome, or hand it over as late; never both, never neither."""
        with self._changed:
            if not self._over:
                self._ended[call] = outcome
                self._interrupt = self._interrupt or interrupt
                self._changed.notify()
                return
        self._late.add(call.plugin, -1)
        if self._on_late is not None:
            try:
                self._on_late(outcome)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - nobody is left who could catch it
                _log.error("late outcome of %s was not taken: %s", call.plugin, type(error).__name__)
