"""The one thread that has the engine. Requests hand it what they want done and await the answer; in between it ticks by itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import recoverycore as rc
from recoverycore.errors import problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from datetime import datetime

T = TypeVar("T")
_log = logging.getLogger("fastapi_host")


class Pulse(rc.RecoveryHooks):
    """A plugin that the engine calls after each tick: the heartbeat, by a clock that nobody sets."""

    recoverycore_name = "pulse"
    last = float("-inf")

    @rc.hookimpl
    def recovery_on_tick(self, at: datetime, next_due: datetime | None) -> None:  # noqa: ARG002 - the hook's own signature
        """Remember when it was."""
        self.last = time.monotonic()


class EngineThread:
    """A single worker: commands come one after the other, and nothing of SQLite is ever waited for in the event loop.

    All in seconds: it ticks every `tick_every`, and its health is bad after `late_after` without a tick or `patience` without an
    answer, which is longer than a deliverer may take. `open_engine` is given the plugin that feels the pulse.
    """

    def __init__(
        self, open_engine: Callable[[Pulse], rc.Engine], *, tick_every: float = 15, late_after: float = 60, patience: float = 15
    ) -> None:
        self._open, self._tick_every, self._late_after, self._patience = open_engine, tick_every, late_after, patience
        self._pulse = Pulse()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._engine: rc.Engine | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the engine and tick. At the end everything that was handed over is done first; then the file is closed."""
        with self._worker:
            self._engine = await asyncio.wrap_future(self._worker.submit(self._open, self._pulse))
            ticking = asyncio.create_task(self._tick())
            try:
                yield
            finally:
                ticking.cancel()
                with contextlib.suppress(rc.StoreError):
                    await self.do(rc.Engine.close)

    async def do(self, act: Callable[[rc.Engine], T]) -> T:
        """Have `act` done on the engine, also when whoever asked goes away meanwhile. Error: ``store_closed`` when it does not run."""
        if self._engine is None:
            raise rc.StoreError(problem("store_closed"))
        try:
            handed_over = self._worker.submit(act, self._engine)
        except RuntimeError:  # the worker has ended
            raise rc.StoreError(problem("store_closed")) from None
        return await asyncio.shield(asyncio.wrap_future(handed_over))

    async def _tick(self) -> None:
        while True:
            try:
                await self.do(rc.Engine.tick)
            except Exception as error:  # noqa: BLE001 - whatever it is, the next tick has to come; meanwhile `health` tells
                _log.error("a tick failed and is tried again: %s", type(error).__name__)  # no more: a stranger's error may hold words
            await asyncio.sleep(self._tick_every)

    async def health(self) -> dict[str, Any]:
        """Whether somebody would be told now: the heartbeat, clocks that nobody looked at, runs that nothing will move. Counts only."""
        try:
            stalled, unattended = await asyncio.wait_for(self.do(lambda engine: (engine.stalled(), engine.unattended())), self._patience)
        except Exception:  # noqa: BLE001 - whatever keeps it from answering
            return {"well": False, "answers": False}
        ticking = time.monotonic() - self._pulse.last < self._late_after
        well = ticking and not stalled and not unattended
        return {"well": well, "answers": True, "ticking": ticking, "stalled": len(stalled), "unattended": len(unattended)}
