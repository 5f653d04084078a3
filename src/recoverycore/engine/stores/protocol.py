"""What every store promises. `StoreContract` in `recoverycore.testing` holds any store to it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from attrs import frozen

from recoverycore.errors import StoreError, problem
from recoverycore.ground.canonical import canonical_json
from recoverycore.ground.instants import require_aware, utc_text

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import timedelta

__all__ = [
    "PENDING",
    "AuditLink",
    "Command",
    "OutboxRow",
    "Packed",
    "Store",
    "Stored",
    "Timer",
    "Unit",
    "link_hash",
    "made_link",
    "packed",
    "unpacked",
]

PENDING = ("queued", "failed_transient", "unconfirmed")
"""The outbox statuses that still wait to be sent. ``leased`` returns to them when its lease ends."""


@frozen
class Stored:
    """One revision of a document, as the text that is kept: most of those that a step looks at are only compared."""

    kind: str
    id: str
    rev: int
    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the text says. Error: ``store_unreadable`` when it is damaged."""
        return unpacked(self.text)

    def __repr__(self) -> str:
        return f"<Stored {self.kind} rev {self.rev}>"


class Command(NamedTuple):
    """A command that was carried out, and what came of it."""

    id: str
    at: datetime
    body: dict[str, Any]
    result: dict[str, Any]

    def __repr__(self) -> str:
        return "<Command>"


class Timer(NamedTuple):
    """The one timer of a run."""

    run: str
    due: datetime
    gen: int
    level: int

    def __repr__(self) -> str:
        return f"<Timer generation {self.gen}>"


@frozen
class OutboxRow:
    """A message that waits to be sent, or was. `lease` is when its sender's time is over, while it is ``leased``."""

    key: str
    level: int
    due: datetime
    status: str
    attempts: int
    body: dict[str, Any]
    lease: datetime | None = None

    def __repr__(self) -> str:
        return f"<OutboxRow {self.status}>"


@frozen
class AuditLink:
    """One link of the audit chain: its hash covers the one before, its number, its instant and its body."""

    seq: int
    prev: str
    hash: str
    at: datetime
    text: str

    @cached_property
    def body(self) -> dict[str, Any]:
        """What the text says. Error: ``store_unreadable`` when it is damaged."""
        return unpacked(self.text)

    def __repr__(self) -> str:
        return f"<AuditLink {self.seq}>"


def link_hash(prev: str, seq: int, at: datetime, body: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a link; the first link's `prev` is empty."""
    return _hash(prev, seq, at, canonical_json(body))


def _hash(prev: str, seq: int, at: datetime, text: str) -> str:
    """The digest of ``[prev, seq, at, body]``, where `text` is the canonical JSON of the body already."""
    return hashlib.sha256(f'[{canonical_json(prev)},{seq},"{utc_text(at)}",{text}]'.encode()).hexdigest()


def made_link(before: AuditLink | None, at: datetime, body: dict[str, Any]) -> AuditLink:
    """The link that follows `before`; its instant is kept as it is hashed, in whole seconds of UTC."""
    seq, prev = (1, "") if before is None else (before.seq + 1, before.hash)
    second = require_aware(at).astimezone(UTC).replace(microsecond=0)
    text = packed(body)
    return AuditLink(seq, prev, _hash(prev, seq, second, text), second, text)


class Packed(dict[str, Any]):
    """A body beside the canonical JSON that it has, for what is kept in more than one place. Nobody changes it from here on."""

    def __init__(self, body: dict[str, Any], text: str | None = None) -> None:
        super().__init__(body)
        self.text = canonical_json(body) if text is None else text


def packed(body: dict[str, Any]) -> str:
    """`body` as the one text that every store keeps. Error: ``store_failed`` when half a surrogate pair is in it."""
    text = body.text if isinstance(body, Packed) else canonical_json(body)
    try:
        text.encode()
    except UnicodeEncodeError:  # it would carry the whole text along
        pass
    else:
        return text
    raise StoreError(problem("store_failed", detail="not UTF-8"))


def unpacked(text: str) -> dict[str, Any]:
    """What was `packed`, fresh at every call. Error: ``store_unreadable`` when it is damaged."""
    try:
        found = json.loads(text)
    except ValueError:  # it would carry the whole text along
        found = None
    if not isinstance(found, dict):
        raise StoreError(problem("store_unreadable", detail="a row"))
    return found


class Unit(Protocol):
    """One transaction. All instants are aware; whole seconds are kept of an audit link, microseconds of the rest.

    Bodies are JSON objects, and never shared: whoever changes one changes a copy. Used after its block has ended, a unit
    answers only with the error ``unit_ended``.
    """

    def get(self, kind: str, identifier: str) -> Stored | None:
        """The newest revision of a document."""
        ...

    def put(self, kind: str, identifier: str, body: dict[str, Any], expected_rev: int | None) -> Stored:
        """Keep the next revision, and give it back. `expected_rev` None means it must be new. Error: ``revision_conflict``."""
        ...

    def revisions(self, kind: str, identifier: str) -> tuple[Stored, ...]:
        """Every revision of a document, oldest first."""
        ...

    def all(self, *kinds: str) -> tuple[Stored, ...]:
        """The newest revision of every document of these kinds, by kind and id."""
        ...

    def documents(self) -> tuple[Stored, ...]:
        """Every revision of every document, by kind, id and revision."""
        ...

    def command(self, command_id: str) -> dict[str, Any] | None:
        """The result of a command that was carried out before."""
        ...

    def record_command(self, command_id: str, at: datetime, body: dict[str, Any], result: dict[str, Any]) -> None:
        """Keep a command and its result for ever. Error: ``command_id_reused``."""
        ...

    def commands(self, since: int = 0) -> tuple[Command, ...]:
        """The commands in the order they were recorded, without the first `since`."""
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

    def timers(self) -> tuple[Timer, ...]:
        """Every timer, by run."""
        ...

    def list_going(self, run: str, *, held: bool) -> None:
        """Say that a run is not over, and whether a human holds it."""
        ...

    def drop_going(self, run: str) -> None:
        """Say that a run is over."""
        ...

    def unattended(self, now: datetime) -> tuple[str, ...]:
        """Every run that is not over and that nothing will move: no holder, no timer after `now`, no message that waits. By id."""
        ...

    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        """Put a message into the outbox; the same key again does nothing."""
        ...

    def cancel(self, key: str) -> None:
        """Take a message back, unless it was handed over."""
        ...

    def waits(self, now: datetime) -> bool:
        """Whether there is a message for `claim`."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> OutboxRow | None:
        """The most urgent message that is due, then the earliest, leased to the caller; its attempts are counted.

        A lease that has ended is no lease: whoever held it may have died, so the message is claimed again.
        """
        ...

    def settle(self, key: str, status: str, next_try: datetime | None = None) -> None:
        """Say what became of a claimed message.

        A final status also counts when it comes late, after the lease was lost or the message was taken back: what went
        out, went out. A waiting one (`PENDING`) counts only while the lease is held.
        """
        ...

    def message(self, key: str) -> OutboxRow | None:
        """One message, or None."""
        ...

    def outbox(self) -> tuple[OutboxRow, ...]:
        """Every message, by key."""
        ...

    def restore(self, row: OutboxRow) -> None:
        """Put a message back into the outbox exactly as it stood; for an import. Error: ``revision_conflict`` when there is one."""
        ...

    def append_audit(self, at: datetime, body: dict[str, Any]) -> AuditLink:
        """Add a link to the audit chain."""
        ...

    def audit(self, since: int = 0) -> tuple[AuditLink, ...]:
        """The links after number `since`."""
        ...


class Store(Protocol):
    """Whatever keeps units. One unit at a time: other threads wait, a unit inside a unit is refused (``unit_nested``)."""

    def unit(self) -> AbstractContextManager[Unit]:
        """One transaction: kept when the block ends well, else as if it had never been. Error: ``store_closed``."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...
