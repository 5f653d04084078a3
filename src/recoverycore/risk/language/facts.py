"""Facts as a host records them, read into what is known. Nothing raises, and nothing that is missing or wrong becomes a "no"."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.errors import RecoveryError
from recoverycore.ground.instants import parse_day, parse_instant, require_aware
from recoverycore.risk.language.declarations import is_constant
from recoverycore.risk.language.knowledge import (
    FAULTS,
    Choice,
    Event,
    Known,
    Members,
    Never,
    Reason,
    Series,
    Span,
    Stretch,
    Unknown,
    Value,
)
from recoverycore.risk.language.suggestions import suggest

if TYPE_CHECKING:
    from recoverycore.risk.language.declarations import Declaration

__all__ = ["SINCE_NOBODY_KNOWS", "FactError", "read_facts", "read_instant"]

_WHY: tuple[Reason, ...] = ("not_asked", "unanswered", "refused")
SINCE_NOBODY_KNOWS = datetime.max.replace(tzinfo=UTC)
"""When recording began, if that cannot be read: after every window, so that no absence is relied upon."""
_WRONG = Unknown("wrong_type")


@frozen
class FactError:
    """Something wrong with the facts that were delivered: for the operator, not for a person who helps."""

    fact: str
    code: str
    suggest: str | None = field(default=None)

    def to_data(self) -> dict[str, Any]:
        """The error as plain data, with a ``suggest`` where nobody declared the fact."""
        data = {"fact": self.fact, "code": self.code}
        return {**data, "suggest": self.suggest} if self.code == "undeclared_fact" else data


def read_facts(given: Mapping[str, Any], declared: Mapping[str, Declaration], now: datetime) -> tuple[dict[str, Known], list[FactError]]:
    """What is known of every declared fact that is `given`, and everything that is wrong with what was given, in no order."""
    known: dict[str, Known] = {}
    errors: list[FactError] = []
    for name, record in given.items():
        if name in declared:
            known[name] = _read(record, declared[name], now)
            errors += (FactError(name, code) for code in faults_of(known[name]))
        else:
            named = name if type(name) is str else "?"
            errors.append(FactError(named, "undeclared_fact", suggest(named, declared)))
    return known, errors


def faults_of(known: Known) -> frozenset[Reason]:
    """What of the facts' errors reading this one met."""
    match known:
        case Unknown(reason):
            return FAULTS & {reason}
        case Members(_, "unknown_code"):
            return frozenset({"unknown_code"})
        case Series(faults=faults):
            return faults
        case _:
            return frozenset()


def _read(record: Any, declaration: Declaration, now: datetime) -> Known:
    try:
        return _series(record, declaration) if declaration.series else _dated(record, declaration, now)
    except Exception:  # noqa: BLE001 - whatever a host's own objects do, a fact that cannot be read is not known
        return _WRONG


def _dated(record: Any, declaration: Declaration, now: datetime) -> Value:
    """The value of a single fact, unless its own date makes it unknown."""
    value = _value(record, declaration)
    if isinstance(value, Unknown):
        return value
    at = None if record.get("at") is None else read_instant(record["at"])
    if isinstance(at, str):
        return Unknown(at)
    if at is not None and at > now:
        return Unknown("future")
    if declaration.stale_after is None:
        return value
    if at is None:
        return Unknown("undated")
    return value if now - at <= declaration.stale_after else Unknown("stale", outdated=not isinstance(value, Never))


def _value(record: Any, declaration: Declaration) -> Value:
    """What a record says of one value, whenever it was."""
    match record:
        case None:
            return Unknown("not_recorded")
        case {"value": None}:
            return Unknown(next((why for why in _WHY if why == record.get("why")), "not_recorded"))
        case {"value": [*codes]} if declaration.kind == "codes":
            return _members(codes, record.get("open"), declaration)
        case {"value": value}:
            return _instants(value, value) if declaration.kind == "instant" else _constant(value, declaration)
        case {"bounds": [low, high]} if declaration.kind == "instant":
            return _instants(low, high)
        case {"bounds": [low, high]} if declaration.numeric:
            return _numbers(low, high, declaration)
        case {"one_of": [_, *_] as codes} if declaration.kind == "code":
            return _choice(codes, declaration)
        case {"none": True} if declaration.kind == "instant" and record["none"] is True:
            return Never()
        case _:
            return _WRONG


def _constant(value: Any, declaration: Declaration) -> Value:
    if declaration.numeric:
        return _WRONG if value is None else _numbers(value, value, declaration)
    return _choice([value], declaration) if declaration.kind in ("code", "boolean") else _WRONG


def _numbers(low: Any, high: Any, declaration: Declaration) -> Value:
    given = [end for end in (low, high) if end is not None]
    if not all(is_constant(end, declaration) for end in given) or (len(given) > 1 and low > high):
        return _WRONG
    least, most = declaration.low, declaration.high
    if any((least is not None and end < least) or (most is not None and end > most) for end in given):
        return Unknown("out_of_range")
    return Span(least if low is None else low, most if high is None else high, whole=declaration.kind == "integer")


def _instants(low: Any, high: Any) -> Value:
    read = [None if end is None else read_instant(end) for end in (low, high)]
    faults = [end for end in read if isinstance(end, str)]
    if faults:
        return Unknown("wrong_type" if "wrong_type" in faults else "naive_time")
    begin, end = (each if isinstance(each, datetime) else None for each in read)
    return _WRONG if begin is not None and end is not None and begin > end else Stretch(begin, end)


def _choice(codes: list[Any], declaration: Declaration) -> Value:
    if not all(is_constant(code, declaration) for code in codes):
        return _WRONG
    if declaration.values and not {*codes} <= {*declaration.values}:
        return Unknown("unknown_code")
    return Choice(frozenset(codes))


def _members(codes: list[Any], opened: Any, declaration: Declaration) -> Value:
    if not all(isinstance(code, str) for code in codes) or opened not in (None, False, True) or not isinstance(opened, bool | None):
        return _WRONG
    if not {*codes} <= {*declaration.values}:
        return Members(frozenset(codes) & {*declaration.values}, "unknown_code")
    return Members(frozenset(codes), "partial" if opened else None)


def _series(record: Any, declaration: Declaration) -> Known:
    match record:
        case None | {"value": None}:
            return _value(record, declaration)
        case {"events": [*given]}:
            faults: set[Reason] = set()
            events = tuple(_event(each, declaration, faults) for each in given)
            since = None if record.get("known_since") is None else read_instant(record["known_since"])
            if isinstance(since, str):
                faults.add(since)
                since = SINCE_NOBODY_KNOWS
            return Series(events, since, frozenset(faults))
        case _:
            return _WRONG


def _event(given: Any, declaration: Declaration, faults: set[Reason]) -> Event:
    """One event of a series. What is wrong with it is added to the `faults`; a time that cannot be read is not known."""
    if not isinstance(given, Mapping):
        faults.add("wrong_type")
        return Event(None, _WRONG)
    at = None if given.get("at") is None else read_instant(given["at"])
    said = {key: part for key, part in given.items() if key not in ("at", "known_since")}
    value = _value(said or None, declaration) if declaration.kind is not None else Unknown("not_recorded")
    faults.update([at] if isinstance(at, str) else ())
    faults |= faults_of(value)
    return Event(at if isinstance(at, datetime) else None, value)


def read_instant(given: Any) -> datetime | Reason:
    """The instant in UTC, or why it cannot be told: ``naive_time`` without an offset, ``wrong_type`` if it is no instant at all."""
    try:
        if isinstance(given, datetime):
            return require_aware(given).astimezone(UTC)
        return parse_instant(given).astimezone(UTC) if isinstance(given, str) else "wrong_type"
    except RecoveryError as error:
        return "naive_time" if error.name == "naive_time" or _is_day(given) else "wrong_type"


def _is_day(given: Any) -> bool:
    try:
        return isinstance(given, str) and bool(parse_day(given))
    except RecoveryError:
        return False
