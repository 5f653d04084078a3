"""A whole store as plain JSON, out of one and into another: for a move, a backup that any tool can read, a second opinion.

What is exported holds everything in clear: guard it as the store itself. An import reads all of it before it writes any.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen

from recoverycore.engine.stores.going import list_again
from recoverycore.engine.stores.protocol import AuditLink, Command, OutboxRow, Timer, link_hash, packed, unpacked
from recoverycore.errors import RecoveryError, StoreError, problem
from recoverycore.ground.instants import parse_instant, utc_text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from recoverycore.engine.stores.protocol import Unit

    T = TypeVar("T")

__all__ = ["EXPORT_VERSION", "export_all", "import_all", "verify_audit"]

EXPORT_VERSION = 1
_LARGEST = 2**53 - 1
"""The largest number that every reader of JSON reads exactly."""


@frozen(repr=False)
class _Document:
    """A document with all its revisions, the oldest first."""

    kind: str
    id: str
    revisions: list[dict[str, Any]]


def export_all(unit: Unit) -> dict[str, Any]:
    """Everything that is kept, as plain JSON: documents with all revisions, commands, timers, outbox, audit."""
    documents = groupby(unit.documents(), key=lambda each: (each.kind, each.id))
    return {
        "version": EXPORT_VERSION,
        "documents": [_record(_Document(*name, [each.body for each in revisions])) for name, revisions in documents],
        "commands": [_record(each) for each in unit.commands()],
        "timers": [_record(each) for each in unit.timers()],
        "outbox": [_record(each) for each in unit.outbox()],
        "audit": [_record(each) for each in unit.audit()],
    }


def import_all(unit: Unit, data: Any) -> None:
    """Put what `export_all` gave into the empty store of `unit`.

    Errors, each before anything is written: ``import_not_empty``, ``import_unreadable`` (with the place), ``audit_broken``.
    """
    if any((unit.documents(), unit.commands(), unit.timers(), unit.outbox(), unit.audit())):
        raise StoreError(problem("import_not_empty"))
    _check(isinstance(data, dict) and set(data) == {"version", "documents", "commands", "timers", "outbox", "audit"}, "")
    _check(type(data["version"]) is int and data["version"] == EXPORT_VERSION, "/version")
    documents = _read(data, "documents", _Document, lambda each: (each.kind, each.id))
    commands = _read(data, "commands", Command, lambda each: each.id)
    timers = _read(data, "timers", Timer, lambda each: each.run)
    outbox = _read(data, "outbox", OutboxRow, lambda each: each.key)
    audit = _read(data, "audit", _link, lambda each: each.seq)
    verify_audit(audit)
    for document in documents:
        for rev, body in enumerate(document.revisions):
            unit.put(document.kind, document.id, body, rev or None)
    for command in commands:
        unit.record_command(*command)
    for timer in timers:
        unit.set_timer(*timer)
    for row in outbox:
        unit.restore(row)
    for link in audit:
        unit.append_audit(link.at, link.body)
    list_again(unit)


def verify_audit(links: Iterable[AuditLink], after: AuditLink | None = None) -> None:
    """Check that `links` are a chain from the first link on, or from the one that follows `after`.

    A link that was changed, left out, added or moved is found; links cut off at the end show only against a number that is
    kept elsewhere. Error: ``audit_broken``, which names the number of the first broken link and nothing else.
    """
    seq, prev = (0, "") if after is None else (after.seq, after.hash)
    for link in links:
        seq += 1
        if (link.seq, link.prev) != (seq, prev) or link.at.microsecond or link.hash != link_hash(prev, seq, link.at, link.body):
            raise StoreError(problem("audit_broken", detail=f"link {seq}"))
        prev = link.hash


def _record(row: _Document | Command | Timer | OutboxRow | AuditLink) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in _FIELDS[type(row)]}
    return {name: _text(value) if isinstance(value, datetime) else value for name, value in found.items()}


def _text(instant: datetime) -> str:
    """`instant` with its microseconds, which `utc_text` leaves out."""
    micros = f".{instant.microsecond:06}Z" if instant.microsecond else "Z"
    return utc_text(instant).removesuffix("Z") + micros


def _read(data: dict[str, Any], part: str, made: Callable[..., T], identity: Callable[[T], Hashable]) -> list[T]:
    """The entries of one part, each read, none twice."""
    given, fields = data[part], _FIELDS[made]
    _check(type(given) is list, f"/{part}")
    found: list[T] = []
    seen: set[Hashable] = set()
    for number, entry in enumerate(given):
        place = f"/{part}/{number}"
        _check(type(entry) is dict and set(entry) == set(fields), place)
        found.append(made(**{name: read(entry[name], f"{place}/{name}") for name, read in fields.items()}))
        _check(identity(found[-1]) not in seen, place)
        seen.add(identity(found[-1]))
    return found


def _link(body: dict[str, Any], **facts: Any) -> AuditLink:
    return AuditLink(**facts, text=packed(body))


def _word(value: Any, place: str) -> str:
    try:
        if type(value) is str and value.encode():
            return value
    except UnicodeEncodeError:  # half a character
        pass
    raise _unreadable(place)


def _hash(value: Any, place: str) -> str:
    return "" if value == "" else _word(value, place)


def _number(value: Any, place: str) -> int:
    _check(type(value) is int and abs(value) <= _LARGEST, place)
    return int(value)


def _instant(value: Any, place: str) -> datetime:
    try:
        return parse_instant(_word(value, place)).astimezone(UTC)
    except RecoveryError:
        pass
    raise _unreadable(place)


def _lease(value: Any, place: str) -> datetime | None:
    return None if value is None else _instant(value, place)


def _body(value: Any, place: str) -> dict[str, Any]:
    """`value` itself, if it is an object that JSON gives back as it was."""
    try:
        if type(value) is dict and unpacked(packed(value)) == value:
            return value
    except (TypeError, ValueError, RecursionError, RecoveryError):  # no JSON
        pass
    raise _unreadable(place)


def _bodies(value: Any, place: str) -> list[dict[str, Any]]:
    _check(type(value) is list and len(value) > 0, place)
    return [_body(each, f"{place}/{number}") for number, each in enumerate(value)]


def _check(holds: bool, place: str) -> None:  # noqa: FBT001 - the one thing it asks
    if not holds:
        raise _unreadable(place)


def _unreadable(place: str) -> StoreError:
    return StoreError(problem("import_unreadable", place))


_FIELDS: dict[Callable[..., Any], dict[str, Callable[[Any, str], Any]]] = {
    _Document: {"kind": _word, "id": _word, "revisions": _bodies},
    Command: {"id": _word, "at": _instant, "body": _body, "result": _body},
    Timer: {"run": _word, "due": _instant, "gen": _number, "level": _number},
    OutboxRow: {
        "key": _word, "level": _number, "due": _instant, "status": _word, "attempts": _number, "lease": _lease, "body": _body,
    },
    **{made: {"seq": _number, "prev": _hash, "hash": _word, "at": _instant, "body": _body} for made in (AuditLink, _link)},
}  # fmt: skip
"""What each entry holds, and how each of its values is read."""
