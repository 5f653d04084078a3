"""One transaction on a SQLite store: each promise of `Unit` as one or two statements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from recoverycore.engine.stores.known import Known
from recoverycore.engine.stores.protocol import PENDING, AuditLink, Command, OutboxRow, Stored, Timer, made_link, packed, unpacked
from recoverycore.errors import Conflict, StoreError, problem
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recoverycore.engine.stores.known import Row

__all__ = ["UNATTENDED", "SqliteUnit"]

UNATTENDED = """SELECT run FROM going WHERE held=0
    AND NOT EXISTS (SELECT 1 FROM timer WHERE timer.run=going.run AND timer.due>?)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.run=going.run
        AND outbox.status IN ('queued', 'failed_transient', 'unconfirmed', 'leased'))
    ORDER BY run"""
"""The question of `Unit.unattended`: every part of it is answered by an index alone."""

_NEXT = """SELECT key FROM outbox
    WHERE status IN ('queued', 'failed_transient', 'unconfirmed', 'leased') AND due<=? AND (lease IS NULL OR lease<=?)
    ORDER BY level DESC, due, key LIMIT 1"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _number(instant: datetime) -> int:
    """`instant` as whole microseconds since 1970 in UTC: exact, and ordered as instants are."""
    return (require_aware(instant) - _EPOCH) // timedelta(microseconds=1)


def _instant(number: int) -> datetime:
    return _EPOCH + timedelta(microseconds=number)


@cache
def _places(count: int) -> str:
    return ", ".join("?" * count)


def _row(values: Sequence[Any]) -> OutboxRow:
    key, level, due, status, attempts, body, lease = values
    return OutboxRow(key, level, _instant(due), status, attempts, unpacked(body), None if lease is None else _instant(lease))


class SqliteUnit:
    """The `Unit` of a SQLite store. Lives inside one transaction."""

    def __init__(self, run: Callable[[str, Sequence[Any]], list[Any]], known: Known) -> None:
        """`known` is what the store knows already; the unit keeps it up with what it reads and writes."""
        self._run = run
        self._ended = False
        self._known = known
        self._unused: str | None = None
        """The id of a command that was looked for and is not there: it need not be looked for again when that command is recorded."""

    def end(self) -> None:
        """Nothing can be read or written through this unit any more."""
        self._ended = True
        self._known = Known()

    def _do(self, statement: str, *values: Any) -> list[Any]:
        if self._ended:
            raise StoreError(problem("unit_ended"))
        return self._run(statement, values)

    def get(self, kind: str, identifier: str) -> Stored | None:
        """See `Unit.get`."""
        return next((Stored(*row) for row in self._newest(kind, identifier)), None)

    def put(self, kind: str, identifier: str, body: dict[str, Any], expected_rev: int | None) -> Stored:
        """See `Unit.put`."""
        row = kind, identifier, (expected_rev or 0) + 1, packed(body)
        newest = next((rev for _, _, rev, _ in self._newest(kind, identifier)), None)
        if newest != expected_rev:
            raise Conflict(problem("revision_conflict", detail=kind))
        self._known.forget(kind, identifier)
        self._do("INSERT INTO doc VALUES(?, ?, ?, ?)", *row)
        self._known.keep((kind, identifier), (row,))
        return Stored(*row)

    def _newest(self, kind: str, identifier: str) -> tuple[Row, ...]:
        asked = kind, identifier
        known = self._known.rows(asked)
        if known is not None:
            return known
        rows = self._do("SELECT kind, id, rev, body FROM doc WHERE kind=? AND id=? ORDER BY rev DESC LIMIT 1", *asked)
        return self._known.keep(asked, tuple(rows))

    def revisions(self, kind: str, identifier: str) -> tuple[Stored, ...]:
        """See `Unit.revisions`."""
        rows = self._do("SELECT rev, body FROM doc WHERE kind=? AND id=? ORDER BY rev", kind, identifier)
        return tuple(Stored(kind, identifier, rev, text) for rev, text in rows)

    def all(self, *kinds: str) -> tuple[Stored, ...]:
        """See `Unit.all`."""
        found = {kind: self._known.rows((kind,)) for kind in sorted(kinds)}
        unknown = [kind for kind, rows in found.items() if rows is None]
        if unknown:
            newest = "SELECT max(rev) FROM doc AS each WHERE each.kind=doc.kind AND each.id=doc.id"
            statement = f"SELECT kind, id, rev, body FROM doc WHERE kind IN ({_places(len(unknown))}) AND rev=({newest}) ORDER BY kind, id"  # noqa: S608 - our own words
            read = self._do(statement, *unknown)
            found |= {kind: self._known.keep((kind,), tuple(row for row in read if row[0] == kind)) for kind in unknown}
        return tuple(Stored(*row) for rows in found.values() for row in rows or ())

    def documents(self) -> tuple[Stored, ...]:
        """See `Unit.documents`."""
        rows = self._do("SELECT kind, id, rev, body FROM doc ORDER BY kind, id, rev")
        return tuple(Stored(kind, identifier, rev, text) for kind, identifier, rev, text in rows)

    def command(self, command_id: str) -> dict[str, Any] | None:
        """See `Unit.command`."""
        found = next((unpacked(text) for (text,) in self._do("SELECT result FROM command WHERE id=?", command_id)), None)
        self._unused = command_id if found is None else None
        return found

    def record_command(self, command_id: str, at: datetime, body: dict[str, Any], result: dict[str, Any]) -> None:
        """See `Unit.record_command`."""
        if command_id != self._unused and self.command(command_id) is not None:
            raise Conflict(problem("command_id_reused"))
        self._unused = None
        values = command_id, _number(at), packed(body), packed(result)
        self._do("INSERT INTO command(id, at, body, result) VALUES(?, ?, ?, ?)", *values)

    def commands(self, since: int = 0) -> tuple[Command, ...]:
        """See `Unit.commands`."""
        rows = self._do("SELECT id, at, body, result FROM command WHERE seq>? ORDER BY seq", since)
        return tuple(Command(identifier, _instant(at), unpacked(body), unpacked(result)) for identifier, at, body, result in rows)

    def set_timer(self, run: str, due: datetime, gen: int, level: int) -> None:
        """See `Unit.set_timer`."""
        self._do("INSERT OR REPLACE INTO timer VALUES(?, ?, ?, ?)", run, _number(due), gen, level)

    def clear_timer(self, run: str) -> None:
        """See `Unit.clear_timer`."""
        self._do("DELETE FROM timer WHERE run=?", run)

    def due_timers(self, now: datetime) -> tuple[tuple[str, int], ...]:
        """See `Unit.due_timers`."""
        rows = self._do("SELECT run, gen FROM timer WHERE due<=? ORDER BY level DESC, due, run", _number(now))
        return tuple((run, gen) for run, gen in rows)

    def next_timer(self) -> datetime | None:
        """See `Unit.next_timer`."""
        ((due,),) = self._do("SELECT min(due) FROM timer")
        return None if due is None else _instant(due)

    def timers(self) -> tuple[Timer, ...]:
        """See `Unit.timers`."""
        rows = self._do("SELECT run, due, gen, level FROM timer ORDER BY run")
        return tuple(Timer(run, _instant(due), gen, level) for run, due, gen, level in rows)

    def list_going(self, run: str, *, held: bool) -> None:
        """See `Unit.list_going`."""
        self._do("INSERT OR REPLACE INTO going VALUES(?, ?)", run, int(held))

    def drop_going(self, run: str) -> None:
        """See `Unit.drop_going`."""
        self._do("DELETE FROM going WHERE run=?", run)

    def unattended(self, now: datetime) -> tuple[str, ...]:
        """See `Unit.unattended`."""
        return tuple(run for (run,) in self._do(UNATTENDED, _number(now)))

    def enqueue(self, key: str, level: int, due: datetime, body: dict[str, Any]) -> None:
        """See `Unit.enqueue`."""
        statement = """INSERT INTO outbox(key, level, due, status, attempts, body, run) VALUES(?, ?, ?, 'queued', 0, ?, ?)
            ON CONFLICT DO NOTHING"""
        self._do(statement, key, level, _number(due), packed(body), body.get("run"))

    def cancel(self, key: str) -> None:
        """See `Unit.cancel`."""
        self._do(
            """UPDATE outbox SET status='cancelled', lease=NULL
            WHERE key=? AND status IN ('queued', 'failed_transient', 'unconfirmed', 'leased')""",
            key,
        )

    def waits(self, now: datetime) -> bool:
        """See `Unit.waits`."""
        return bool(self._do(_NEXT, _number(now), _number(now)))

    def claim(self, now: datetime, lease: timedelta) -> OutboxRow | None:
        """See `Unit.claim`."""
        rows = self._do(_NEXT, _number(now), _number(now))
        for (key,) in rows:
            self._do("UPDATE outbox SET status='leased', attempts=attempts+1, lease=? WHERE key=?", _number(now + lease), key)
            rows = self._do("SELECT key, level, due, status, attempts, body, lease FROM outbox WHERE key=?", key)
        return next(map(_row, rows), None)

    def settle(self, key: str, status: str, next_try: datetime | None = None) -> None:
        """See `Unit.settle`."""
        final = status not in (*PENDING, "leased")
        self._do(
            """UPDATE outbox SET status=?, lease=NULL, due=coalesce(?, due) WHERE key=? AND attempts>0
            AND (status='leased' OR (? AND status IN ('queued', 'failed_transient', 'unconfirmed', 'cancelled')))""",
            status,
            None if next_try is None else _number(next_try),
            key,
            final,
        )

    def message(self, key: str) -> OutboxRow | None:
        """See `Unit.message`."""
        found = self._do("SELECT key, level, due, status, attempts, body, lease FROM outbox WHERE key=?", key)
        return _row(found[0]) if found else None

    def outbox(self) -> tuple[OutboxRow, ...]:
        """See `Unit.outbox`."""
        return tuple(map(_row, self._do("SELECT key, level, due, status, attempts, body, lease FROM outbox ORDER BY key")))

    def restore(self, row: OutboxRow) -> None:
        """See `Unit.restore`."""
        if self._do("SELECT 1 FROM outbox WHERE key=?", row.key):
            raise Conflict(problem("revision_conflict", detail="outbox"))
        lease = None if row.lease is None else _number(row.lease)
        statement = "INSERT INTO outbox(key, level, due, status, attempts, lease, body, run) VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
        self._do(statement, row.key, row.level, _number(row.due), row.status, row.attempts, lease, packed(row.body), row.body.get("run"))

    def append_audit(self, at: datetime, body: dict[str, Any]) -> AuditLink:
        """See `Unit.append_audit`."""
        if self._known.last_link is None:
            rows = self._do("SELECT seq, prev, hash, at, body FROM audit ORDER BY seq DESC LIMIT 1")
            self._known.last_link = next(map(_link, rows), None)
        made = made_link(self._known.last_link, at, body)
        self._known.last_link = None  # as with a document: whatever comes right after the statement, nothing older is known
        self._do("INSERT INTO audit VALUES(?, ?, ?, ?, ?)", made.seq, made.prev, made.hash, _number(made.at), made.text)
        self._known.last_link = made
        return made

    def audit(self, since: int = 0) -> tuple[AuditLink, ...]:
        """See `Unit.audit`."""
        return tuple(map(_link, self._do("SELECT seq, prev, hash, at, body FROM audit WHERE seq>? ORDER BY seq", since)))


def _link(values: Sequence[Any]) -> AuditLink:
    seq, prev, mark, at, text = values
    return AuditLink(seq, prev, mark, _instant(at), text)
