"""What every store promises. The contract tests of `recoverycore.engine.stores` hold each store to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from recoverycore.ground.canonical import digest
from recoverycore.ground.instants import utc_text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import datetime, timedelta

__all__ = ["PENDING", "AuditLink", "OutboxRow", "Store", "Stored", "Unit", "link_hash"]

PENDING = ("queued", "failed_transient", "unconfirmed")
"""The outbox statuses that still wait to be sent. ``leased`` returns to them when its lease ends."""


@frozen
class Stored:
    """One revision of a document."""

    kind: str
    id: str
    rev: int
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Stored {self.kind} rev {self.rev}>"


@frozen
class OutboxRow:
    """A message that waits to be sent, or was."""

    key: str
    level: int
    due: datetime
    status: str
    attempts: int
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"<OutboxRow {self.status}>"


@frozen
class AuditLink:
    """One link of the audit chain: its hash covers the one before, its number, its instant and its body."""

    seq: int
    prev: str
    hash: str
    at: datetime
    body: dict[str, Any]

    def __repr__(self) -> str:
        return f"<AuditLink {self.seq}>"


def link_hash(prev: str, seq: int, at: datetime, body: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a link; the first link's `prev` is empty."""
    return digest([prev, seq, utc_text(at), body])


class Unit(Protocol):
    """One transaction. All instants are aware; whole seconds are kept of an audit link, microseconds of the rest."""

    def get(self, kind: str, identifier: str) -> Stored | None:
        """The newest revision of a document."""
        ...

    def put(self, kind: str, identifier: str, body: dict[str, Any], expected_rev: int | None) -> int:
        """Keep the next revision. `expected_rev` None means it must be new. Error: ``revision_conflict``."""
        ...

    def revisions(self, kind: str, identifier: str) -> tuple[Stored, ...]:
        """Every revision of a document, oldest first."""
        ...

    def all(self, kind: str) -> tuple[Stored, ...]:
        """The newest revision of every document of `kind`, by id."""
        ...

    def command(self, command_id: str) -> dict[str, Any] | None:
        """The result of a command that was carried out before."""
        ...

    def record_command(self, command_id: str, at: datetime, body: dict[str, Any], result: dict[str, Any]) -> None:
        """Keep a command and its result for ever. Error: ``command_id_reused``."""
        ...

    def set_timer(self, run: str, due: datetime, gen: int, level: int) -> None:
        """Arm the one timer of a run."""
        ...

    def clear_timer(self, run: str) -> None:
        """Take the timer of a run away."""
        ...

    def due_timers(self, now: datetime) -> tuple[tuple[str, int], ...]:
        """Run and generation of every timer that is due, the most urgent first, then the earliest."""
        ...

    def next_timer(self) -> datetime | None:
        """The earliest instant at which a timer is due."""
        ...

    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        """Put a message into the outbox; the same key again does nothing."""
        ...

    def cancel(self, key: str) -> None:
        """Take a message back, unless it was handed over."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> OutboxRow | None:
        """The most urgent message that is due, leased to the caller; its attempts are counted."""
        ...

    def settle(self, key: str, status: str, next_try: datetime | None = None) -> None:
        """Say what became of a claimed message."""
        ...

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Every message, by key."""
        ...

    def append_audit(self, at: datetime, body: dict[str, Any]) -> AuditLink:
        """Add a link to the audit chain."""
        ...

    def audit(self, since: int = 0) -> tuple[AuditLink, ...]:
        """The links after number `since`."""
        ...


class Store(Protocol):
    """Whatever keeps units."""

    def unit(self) -> AbstractContextManager[Unit]:
        """One transaction: kept when the block ends well, else as if it had never been."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...
