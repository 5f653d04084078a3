"""Signals as facts: each kind is a series of events, known as soon as signals were loaded at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from recoverycore.risk.language.declarations import RESERVED, SIGNAL_KINDS
from recoverycore.risk.language.facts import SINCE_NOBODY_KNOWS, FactError, read_instant
from recoverycore.risk.language.knowledge import Event, Known, Reason, Series, Unknown
from recoverycore.risk.language.suggestions import suggest
from recoverycore.risk.signals import Signal

__all__ = ["SignalLike", "read_signals"]

SignalLike: TypeAlias = Signal | Mapping[str, Any]
"""A signal, or one as plain data."""

_NAMES = tuple(RESERVED + kind for kind in SIGNAL_KINDS)
_Time: TypeAlias = datetime | Reason | None


def read_signals(signals: Iterable[SignalLike], known_since: Any, now: datetime) -> tuple[dict[str, Known], list[FactError]]:
    """The eleven series of `signals` as of `now`, and everything that is wrong with what was given, in no order.

    The same id twice is one signal; one that was retracted at or before `now` is not counted. Only ids, kinds and times are read.
    """
    since = _time(known_since)
    errors: list[FactError] = []
    times: dict[tuple[str, Any], set[_Time]] = defaultdict(set)
    retracted: set[tuple[str, Any]] = set()
    for number, given in enumerate(signals):
        kind, own_id, observed, withdrawn = _parts(given)
        name = RESERVED + (kind if isinstance(kind, str) else "?")
        if name not in _NAMES:
            errors.append(FactError(name, "undeclared_fact", suggest(name, _NAMES)))
            continue
        key = (name, own_id if isinstance(own_id, str) else number)
        times[key].add(observed)
        if isinstance(withdrawn, datetime) and withdrawn <= now:
            retracted.add(key)
        elif isinstance(withdrawn, str):  # nobody can tell whether it still counts, so it may
            times[key].add(withdrawn)
    events: dict[str, list[Event]] = defaultdict(list)
    faults: dict[str, set[Reason]] = defaultdict(set)
    for (name, own_id), seen in times.items():
        faults[name].update(each for each in seen if isinstance(each, str))
        if (name, own_id) not in retracted:
            told = {each if isinstance(each, datetime) else None for each in seen}
            events[name].append(Event(told.pop() if len(told) == 1 else None, Unknown("not_recorded")))
    begin = since if since is None or isinstance(since, datetime) else SINCE_NOBODY_KNOWS
    errors += (FactError(name, fault) for name, found in faults.items() for fault in found)
    if isinstance(since, str):
        errors += (FactError(name, since) for name in _NAMES if since not in faults[name])
    return {name: Series(tuple(events[name]), begin) for name in _NAMES}, errors


def _time(given: Any) -> _Time:
    return None if given is None else read_instant(given)


def _parts(given: Any) -> tuple[Any, Any, _Time, _Time]:
    """Kind, id, when it was observed, when it was retracted."""
    if isinstance(given, Signal):
        return given.kind, given.id, _time(given.observed_at), _time(given.retracted_at)
    if isinstance(given, Mapping):
        return given.get("kind"), given.get("id"), _time(given.get("observed_at")), _time(given.get("retracted_at"))
    return None, None, None, None
