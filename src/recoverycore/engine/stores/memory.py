"""A store in memory, for tests, simulations and trying things out: the promises of the others, and nothing outlives it.

What is kept is text, as in a file, so no value is ever shared with a caller. A unit writes in place and notes how to take
each write back; a unit that fails takes them all back, the last one first.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define, evolve, field, frozen

from recoverycore.engine.stores.lock import Turns
from recoverycore.engine.stores.protocol import PENDING, AuditLink, Command, OutboxRow, Stored, Timer, made_link, packed, unpacked
from recoverycore.errors import Conflict, StoreError, problem
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    K = TypeVar("K")
    V = TypeVar("V")

__all__ = ["MemoryStore"]

_WAITING = (*PENDING, "leased")


def _utc(instant: datetime) -> datetime:
    return require_aware(instant).astimezone(UTC)


@frozen
class _Message:
    """A message as it is kept: its body is text."""

    level: int
    due: datetime
    status: str
    attempts: int
    body: str
    lease: datetime | None = None

    def row(self, key: str) -> OutboxRow:
        return OutboxRow(key, self.level, self.due, self.status, self.attempts, unpacked(self.body), self.lease)


@define
class _Tables:
    """What the store holds. `waiting` names the messages that may still be claimed, `going` the runs and whether one is held."""

    docs: dict[str, dict[str, tuple[str, ...]]] = field(factory=dict)
    commands: dict[str, tuple[datetime, str, str]] = field(factory=dict)
    timers: dict[str, Timer] = field(factory=dict)
    outbox: dict[str, _Message] = field(factory=dict)
    waiting: dict[str, None] = field(factory=dict)
    going: dict[str, bool] = field(factory=dict)
    audit: dict[int, AuditLink] = field(factory=dict)


class MemoryUnit:
    """The `Unit` of a store in memory. Lives inside one transaction."""

    def __init__(self, tables: _Tables) -> None:
        self._kept = tables
        self._undo: list[Callable[[], object]] = []
        self._ended = False

    @property
    def _tables(self) -> _Tables:
        if self._ended:
            raise StoreError(problem("unit_ended"))
        return self._kept

    def end(self) -> None:
        """Nothing can be read or written through this unit any more."""
        self._ended = True

    def roll_back(self) -> None:
        """Take back everything that was written."""
        while self._undo:
            self._undo.pop()()

    def _write(self, table: dict[K, V], key: K, value: V) -> None:
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
        else:
            self._undo.append(lambda: table.pop(key, None))
        table[key] = value

    def _remove(self, table: dict[K, V], key: K) -> None:
        if key in table:
            before = table[key]
            self._undo.append(lambda: table.update({key: before}))
            del table[key]

    def get(self, kind: str, identifier: str) -> Stored | None:
        """See `Unit.get`."""
        texts = self._tables.docs.get(kind, {}).get(identifier)
        return None if texts is None else Stored(kind, identifier, len(texts), texts[-1])

    def put(self, kind: str, identifier: str, body: dict[str, Any], expected_rev: int | None) -> Stored:
        """See `Unit.put`."""
        docs = self._tables.docs
        texts = docs.get(kind, {}).get(identifier, ())
        if (len(texts) or None) != expected_rev:
            raise Conflict(problem("revision_conflict", detail=kind))
        text = packed(body)
        if kind not in docs:
            self._write(docs, kind, {})
        self._write(docs[kind], identifier, (*texts, text))
        return Stored(kind, identifier, len(texts) + 1, text)

    def revisions(self, kind: str, identifier: str) -> tuple[Stored, ...]:
        """See `Unit.revisions`."""
        texts = self._tables.docs.get(kind, {}).get(identifier, ())
        return tuple(Stored(kind, identifier, rev, text) for rev, text in enumerate(texts, 1))

    def all(self, *kinds: str) -> tuple[Stored, ...]:
        """See `Unit.all`."""
        docs = self._tables.docs
        found = ((kind, identifier, texts) for kind in sorted(set(kinds)) for identifier, texts in sorted(docs.get(kind, {}).items()))
        return tuple(Stored(kind, identifier, len(texts), texts[-1]) for kind, identifier, texts in found)

    def documents(self) -> tuple[Stored, ...]:
        """See `Unit.documents`."""
        docs = self._tables.docs
        return tuple(each for kind in sorted(docs) for identifier in sorted(docs[kind]) for each in self.revisions(kind, identifier))

    def command(self, command_id: str) -> dict[str, Any] | None:
        """See `Unit.command`."""
        found = self._tables.commands.get(command_id)
        return None if found is None else unpacked(found[2])

    def record_command(self, command_id: str, at: datetime, body: dict[str, Any], result: dict[str, Any]) -> None:
        """See `Unit.record_command`."""
        if command_id in self._tables.commands:
            raise Conflict(problem("command_id_reused"))
        self._write(self._tables.commands, command_id, (_utc(at), packed(body), packed(result)))

    def commands(self, since: int = 0) -> tuple[Command, ...]:
        """See `Unit.commands`."""
        found = list(self._tables.commands.items())[since:]
        return tuple(Command(identifier, at, unpacked(body), unpacked(result)) for identifier, (at, body, result) in found)

    def set_timer(self, run: str, due: datetime, gen: int, level: int) -> None:
        """See `Unit.set_timer`."""
        self._write(self._tables.timers, run, Timer(run, _utc(due), gen, level))

    def clear_timer(self, run: str) -> None:
        """See `Unit.clear_timer`."""
        self._remove(self._tables.timers, run)

    def due_timers(self, now: datetime) -> tuple[tuple[str, int], ...]:
        """See `Unit.due_timers`."""
        at = _utc(now)
        found = sorted((-each.level, each.due, each.run, each.gen) for each in self._tables.timers.values() if each.due <= at)
        return tuple((run, gen) for _, _, run, gen in found)

    def next_timer(self) -> datetime | None:
        """See `Unit.next_timer`."""
        return min((each.due for each in self._tables.timers.values()), default=None)

    def timers(self) -> tuple[Timer, ...]:
        """See `Unit.timers`."""
        return tuple(sorted(self._tables.timers.values()))

    def list_going(self, run: str, *, held: bool) -> None:
        """See `Unit.list_going`."""
        self._write(self._tables.going, run, held)

    def drop_going(self, run: str) -> None:
        """See `Unit.drop_going`."""
        self._remove(self._tables.going, run)

    def unattended(self, now: datetime) -> tuple[str, ...]:
        """See `Unit.unattended`."""
        tables, at = self._tables, _utc(now)
        moved: set[str | None] = {run for run, timer in tables.timers.items() if timer.due > at}
        moved |= {unpacked(tables.outbox[key].body).get("run") for key in tables.waiting}
        return tuple(sorted(run for run, held in tables.going.items() if not held and run not in moved))

    def _keep(self, key: str, message: _Message) -> None:
        self._write(self._tables.outbox, key, message)
        if message.status in _WAITING:
            self._write(self._tables.waiting, key, None)
        else:
            self._remove(self._tables.waiting, key)

    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        """See `Unit.enqueue`."""
        message = _Message(level, _utc(due), "queued", 0, packed(body))
        if key not in self._tables.outbox:
            self._keep(key, message)

    def cancel(self, key: str) -> None:
        """See `Unit.cancel`."""
        if key in self._tables.waiting:
            self._keep(key, evolve(self._tables.outbox[key], status="cancelled", lease=None))

    def _next(self, now: datetime) -> str | None:
        """The key of the message that may be claimed first."""
        at, rows = _utc(now), self._tables.outbox
        free = (key for key in self._tables.waiting if rows[key].due <= at and ((until := rows[key].lease) is None or until <= at))
        return min(free, key=lambda each: (-rows[each].level, rows[each].due, each), default=None)

    def waits(self, now: datetime) -> bool:
        """See `Unit.waits`."""
        return self._next(now) is not None

    def claim(self, now: datetime, lease: timedelta) -> OutboxRow | None:
        """See `Unit.claim`."""
        at, rows, key = _utc(now), self._tables.outbox, self._next(now)
        if key is None:
            return None
        self._keep(key, evolve(rows[key], status="leased", attempts=rows[key].attempts + 1, lease=at + lease))
        return rows[key].row(key)

    def settle(self, key: str, status: str, next_try: datetime | None = None) -> None:
        """See `Unit.settle`."""
        message = self._tables.outbox.get(key)
        if message is None or message.attempts == 0:
            return
        late = status not in _WAITING and message.status in (*PENDING, "cancelled")
        if message.status == "leased" or late:
            due = message.due if next_try is None else _utc(next_try)
            self._keep(key, evolve(message, status=status, lease=None, due=due))

    def message(self, key: str) -> OutboxRow | None:
        """See `Unit.message`."""
        found = self._tables.outbox.get(key)
        return found.row(key) if found else None

    def outbox(self) -> tuple[OutboxRow, ...]:
        """See `Unit.outbox`."""
        return tuple(message.row(key) for key, message in sorted(self._tables.outbox.items(), key=lambda each: each[0]))

    def restore(self, row: OutboxRow) -> None:
        """See `Unit.restore`."""
        if row.key in self._tables.outbox:
            raise Conflict(problem("revision_conflict", detail="outbox"))
        lease = None if row.lease is None else _utc(row.lease)
        self._keep(row.key, _Message(row.level, _utc(row.due), row.status, row.attempts, packed(row.body), lease))

    def append_audit(self, at: datetime, body: dict[str, Any]) -> AuditLink:
        """See `Unit.append_audit`."""
        audit = self._tables.audit
        made = made_link(audit.get(len(audit)), at, body)
        self._write(audit, made.seq, made)
        return made

    def audit(self, since: int = 0) -> tuple[AuditLink, ...]:
        """See `Unit.audit`."""
        audit = self._tables.audit
        return tuple(evolve(audit[seq]) for seq in range(since + 1, len(audit) + 1))  # a copy, with a body of its own


class MemoryStore:
    """Everything in this process's memory, until `close` or the end of the process."""

    def __init__(self) -> None:
        self._tables: _Tables | None = _Tables()
        self._turns = Turns()

    def _open_tables(self) -> _Tables:
        if self._tables is None:
            raise StoreError(problem("store_closed"))
        return self._tables

    @contextlib.contextmanager
    def unit(self) -> Iterator[MemoryUnit]:
        """One transaction. Error: ``store_closed``."""
        with self._turns.unit():
            unit = MemoryUnit(self._open_tables())
            try:
                yield unit
                self._open_tables()
            except BaseException:
                unit.roll_back()
                raise
            finally:
                unit.end()

    def close(self) -> None:
        """Forget everything. A second time does nothing."""
        with self._turns.lock:
            self._tables = None
