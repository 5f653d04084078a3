"""One transaction on a SQLite store: each promise of `Unit` as one or two statements."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.engine.stores.protocol import AuditLink, OutboxRow, Stored, link_hash
from recoverycore.errors import Conflict, problem
from recoverycore.ground.canonical import canonical_json

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

__all__ = ["SqliteUnit"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WAITING = "status IN ('queued', 'failed_transient', 'unconfirmed', 'leased')"


def _number(instant: datetime) -> int:
    """`instant` as whole microseconds since 1970 in UTC: exact, and ordered as instants are."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _instant(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


class SqliteUnit:
    """The `Unit` of a SQLite store. Lives inside one transaction."""

    def __init__(self, execute: Callable[..., sqlite3.Cursor]) -> None:
        self._do = execute

    def get(self, kind: str, identifier: str) -> Stored | None:
        """See `Unit.get`."""
        row = self._do("SELECT rev, body FROM doc WHERE kind=? AND id=? ORDER BY rev DESC LIMIT 1", (kind, identifier)).fetchone()
        return Stored(kind, identifier, row[0], json.loads(row[1])) if row else None

    def put(self, kind: str, identifier: str, body: dict[str, Any], expected_rev: int | None) -> int:
        """See `Unit.put`."""
        row = self._do("SELECT max(rev) FROM doc WHERE kind=? AND id=?", (kind, identifier)).fetchone()
        if row[0] != expected_rev:
            raise Conflict(problem("revision_conflict", detail=kind))
        rev = (expected_rev or 0) + 1
        self._do("INSERT INTO doc VALUES(?, ?, ?, ?)", (kind, identifier, rev, canonical_json(body)))
        return rev

    def revisions(self, kind: str, identifier: str) -> tuple[Stored, ...]:
        """See `Unit.revisions`."""
        rows = self._do("SELECT rev, body FROM doc WHERE kind=? AND id=? ORDER BY rev", (kind, identifier))
        return tuple(Stored(kind, identifier, rev, json.loads(body)) for rev, body in rows)

    def all(self, kind: str) -> tuple[Stored, ...]:
        """See `Unit.all`."""
        rows = self._do("SELECT id, max(rev), body FROM doc WHERE kind=? GROUP BY id ORDER BY id", (kind,))
        return tuple(Stored(kind, identifier, rev, json.loads(body)) for identifier, rev, body in rows)

    def command(self, command_id: str) -> dict[str, Any] | None:
        """See `Unit.command`."""
        row = self._do("SELECT result FROM command WHERE id=?", (command_id,)).fetchone()
        return json.loads(row[0]) if row else None

    def record_command(self, command_id: str, at: datetime, body: dict[str, Any], result: dict[str, Any]) -> None:
        """See `Unit.record_command`."""
        if self.command(command_id) is not None:
            raise Conflict(problem("command_id_reused"))
        values = (command_id, _number(at), canonical_json(body), canonical_json(result))
        self._do("INSERT INTO command(id, at, body, result) VALUES(?, ?, ?, ?)", values)

    def set_timer(self, run: str, due: datetime, gen: int, level: int) -> None:
        """See `Unit.set_timer`."""
        self._do("INSERT OR REPLACE INTO timer VALUES(?, ?, ?, ?)", (run, _number(due), gen, level))

    def clear_timer(self, run: str) -> None:
        """See `Unit.clear_timer`."""
        self._do("DELETE FROM timer WHERE run=?", (run,))

    def due_timers(self, now: datetime) -> tuple[tuple[str, int], ...]:
        """See `Unit.due_timers`."""
        rows = self._do("SELECT run, gen FROM timer WHERE due<=? ORDER BY level DESC, due, run", (_number(now),))
        return tuple((run, gen) for run, gen in rows)

    def next_timer(self) -> datetime | None:
        """See `Unit.next_timer`."""
        row = self._do("SELECT min(due) FROM timer").fetchone()
        return None if row[0] is None else _instant(row[0])

    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        """See `Unit.enqueue`."""
        self._do("INSERT OR IGNORE INTO outbox VALUES(?, ?, ?, 'queued', 0, NULL, ?)", (key, level, _number(due), canonical_json(body)))

    def cancel(self, key: str) -> None:
        """See `Unit.cancel`."""
        self._do(f"UPDATE outbox SET status='cancelled', lease=NULL WHERE key=? AND {_WAITING}", (key,))

    def claim(self, now: datetime, lease: timedelta) -> OutboxRow | None:
        """See `Unit.claim`."""
        at = _number(now)
        query = f"SELECT key, level, due, attempts, body FROM outbox WHERE {_WAITING} AND due<=? AND (lease IS NULL OR lease<=?) ORDER BY level DESC, due, key LIMIT 1"
        row = self._do(query, (at, at)).fetchone()
        if row is None:
            return None
        key, level, due, attempts, body = row
        self._do("UPDATE outbox SET status='leased', attempts=?, lease=? WHERE key=?", (attempts + 1, _number(now + lease), key))
        return OutboxRow(key, level, _instant(due), "leased", attempts + 1, json.loads(body))

    def settle(self, key: str, status: str, next_try: datetime | None = None) -> None:
        """See `Unit.settle`."""
        self._do("UPDATE outbox SET status=?, lease=NULL WHERE key=? AND status='leased'", (status, key))
        if next_try is not None:
            self._do("UPDATE outbox SET due=? WHERE key=?", (_number(next_try), key))

    def outbox(self) -> tuple[OutboxRow, ...]:
        """See `Unit.outbox`."""
        rows = self._do("SELECT key, level, due, status, attempts, body FROM outbox ORDER BY key")
        return tuple(OutboxRow(key, level, _instant(due), status, attempts, json.loads(body)) for key, level, due, status, attempts, body in rows)

    def append_audit(self, at: datetime, body: dict[str, Any]) -> AuditLink:
        """See `Unit.append_audit`."""
        row = self._do("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        seq, prev = (row[0] + 1, row[1]) if row else (1, "")
        made = AuditLink(seq, prev, link_hash(prev, seq, at, body), at, body)
        self._do("INSERT INTO audit VALUES(?, ?, ?, ?, ?)", (seq, prev, made.hash, _number(at), canonical_json(body)))
        return made

    def audit(self, since: int = 0) -> tuple[AuditLink, ...]:
        """See `Unit.audit`."""
        rows = self._do("SELECT seq, prev, hash, at, body FROM audit WHERE seq>? ORDER BY seq", (since,))
        return tuple(AuditLink(seq, prev, mark, _instant(at), json.loads(body)) for seq, prev, mark, at, body in rows)
