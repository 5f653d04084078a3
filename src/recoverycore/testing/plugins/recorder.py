"""An ear that keeps whatever it hears, so that a test can look at it afterwards."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from recoverycore.hooks import Receipt, RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.hooks import AuditEntry, OutgoingMessage, ProblemReport

__all__ = ["Recorder"]


class Recorder(RecoveryHooks):
    """Keeps messages, audit entries, problems and ticks, in the order in which they came. It takes the messages of `channels` only.

    Of a key that comes again it keeps each time: what was asked of a deliverer is the point, not what went out.
    """

    recoverycore_name = "recorder"

    def __init__(self, channels: tuple[str, ...] = ()) -> None:
        self.channels = channels
        self.messages: list[OutgoingMessage] = []
        self.entries: list[AuditEntry] = []
        self.problems: list[ProblemReport] = []
        self.ticks: list[datetime] = []
        self._lock = threading.Lock()

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt | None:
        """Keep it; take it on where the channel is among the own ones."""
        with self._lock:
            self.messages.append(message)
        return Receipt("accepted", provider=key) if message.channel in self.channels else None

    @hookimpl
    def recovery_on_audit(self, entry: AuditEntry) -> None:
        """Keep it."""
        self.entries.append(entry)

    @hookimpl
    def recovery_on_problem(self, problem: ProblemReport) -> None:
        """Keep it."""
        self.problems.append(problem)

    @hookimpl
    def recovery_on_tick(self, at: datetime, next_due: datetime | None) -> None:  # noqa: ARG002 - the hook's own signature
        """Keep its instant."""
        self.ticks.append(at)
