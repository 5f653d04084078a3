"""Calls with a deadline: each in its own daemon thread, so that a plugin that hangs costs the deadline and nothing more.

Daemon threads and no pool: the exit handlers of `concurrent.futures` and `asyncio.to_thread` wait for a hung call, and
a process that cannot stop is a fault of its own. Python cannot end a thread either, so late calls are counted for each
plugin and hook, and a plugin with too many is not called for that hook until some of them have ended. For its other hooks
it is: one that hangs when it is asked what to withhold still carries messages.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import copy_context
from time import monotonic
from typing import TYPE_CHECKING, TypeAlias

from recoverycore.hooks.outcome import Outcome
from recoverycore.hooks.values import class_name

if TYPE_CHECKING:
    from recoverycore.hooks.dispatch import Call

__all__ = ["LateCalls", "OnLate", "run_calls"]

_log = logging.getLogger("recoverycore.hooks")

OnLate: TypeAlias = Callable[[Outcome], None]


class LateCalls:
    """How many calls of each plugin for each hook are still running after their deadline, and how many are too many."""

    def __init__(self, limit: int) -> None:
        self._limit = max(1, limit)  # a plugin without a late call is always called
        self._lock = threading.Lock()
        self._running: Counter[tuple[str, str]] = Counter()

    def quarantined(self, plugin: str, hook: str) -> bool:
        """Whether the plugin is left alone by `hook` until one of its late calls ends."""
        return self._running[plugin, hook] >= self._limit

    def add(self, call: Call, number: int) -> None:
        """`number` calls like `call` became late, or ended when it is negative."""
        with self._lock:
            self._running[call.plugin, call.hook.name] += number


def run_calls(calls: Sequence[Call], late: LateCalls, *, deadline: float | None, on_late: OnLate | None) -> tuple[Outcome, ...]:
    """The outcomes of `calls`, in their order. `deadline` is in seconds for all of them together; None waits."""
    alone = [call for call in calls if late.quarantined(call.plugin, call.hook.name)]
    refused = {call: call.outcome("failed", "quarantined, too many late calls still run") for call in alone}
    callable_now = [call for call in calls if call not in refused]
    ended = {call: call.run() for call in callable_now} if deadline is None else _Round(late, deadline, on_late).run(callable_now)
    return tuple((refused | ended)[call] for call in calls)


class _Round:
    """One set of calls that wait for each other until the deadline, and for nobody after it."""

    def __init__(self, late: LateCalls, deadline: float, on_late: OnLate | None) -> None:
        self._late = late
        self._deadline = deadline
        self._on_late = on_late
        self._changed = threading.Condition()
        self._ended: dict[Call, Outcome] = {}
        self._over = False
        self._unfinished: list[Call] = []

    def run(self, calls: Sequence[Call]) -> dict[Call, Outcome]:
        """The outcome of each call: what it came to, or that it is late."""
        end = monotonic() + self._deadline
        started: list[Call] = []
        try:
            for call in calls:
                self._start(call)
                started.append(call)
            with self._changed:
                self._changed.wait_for(lambda: len(self._ended) == len(calls), min(max(0.0, end - monotonic()), threading.TIMEOUT_MAX))
        finally:  # also when somebody interrupts the waiting: what still runs is late
            with self._changed:
                self._over = True
                self._unfinished = [call for call in started if call not in self._ended]
                for call in self._unfinished:
                    self._late.add(call, 1)
        tardy = f"no answer within {self._deadline:g} s"
        return self._ended | {call: call.outcome("timeout", tardy, seconds=self._deadline) for call in self._unfinished}

    def _start(self, call: Call) -> None:
        # A copied context each: plugins see the caller's context variables and cannot change one another's.
        target = copy_context().run
        thread = threading.Thread(target=target, args=(self._work, call), name=f"recoverycore:{call.plugin}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no thread left; the others may still have theirs
            self._settle(call, call.outcome("failed", class_name(error)))

    def _work(self, call: Call) -> None:
        self._settle(call, call.run())

    def _settle(self, call: Call, outcome: Outcome) -> None:
        """Record the outcome, or hand it over as late; never both, never neither."""
        with self._changed:
            if not self._over:
                self._ended[call] = outcome
                self._changed.notify()
                return
        if call in self._unfinished:  # it is not when the caller was interrupted while starting it
            self._late.add(call, -1)
        if self._on_late is not None:
            try:
                self._on_late(outcome)
            except BaseException as error:  # noqa: BLE001 - nobody is left who could catch it, and Python would print its text
                _log.error("late outcome of %s was not taken: %s", call.plugin, class_name(error))
