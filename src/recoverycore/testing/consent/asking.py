"""What laws have in common: asking about a world that is changed in one way, and saying in words what came of it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from recoverycore.ground.instants import parse_instant

__all__ = ["Decide", "Json", "basis_of", "changed", "labels_of", "later", "records_of", "released", "request_of", "same", "switched"]

Json = dict[str, Any]
Decide = Callable[[Json], Json]
TOLD = ("decision", "records", "withheld", "basis", "obligations")


def changed(case: Json, **values: Any) -> Json:
    """The case with other values: of the request (`purposes`, `records`, ...), or of what is given (`directives`, `facts`, ...)."""
    new = copy.deepcopy(case)
    for name, value in values.items():
        place = (
            new["given"]
            if name in ("profiles", "loaded", "restrictors", "client", "directives", "facts", "switches")
            else new["when"]["request"]
        )
        place[name] = copy.deepcopy(value)
    return new


def released(answer: Json) -> set[str]:
    """The ids of what goes out; of a request about no record, the request itself."""
    found = {name for name, verdict in answer["records"].items() if verdict == "permit"}
    return found or ({"(the list)"} if answer["decision"] == "permit" else set())


def basis_of(answer: Json) -> list[str]:
    """What an answer rests on, as a list."""
    basis = answer["basis"]
    return [] if basis is None else [basis] if isinstance(basis, str) else basis


def same(one: Json, other: Json) -> str | None:
    """In which part two answers differ, in words; None if in none."""
    for name in TOLD:
        if one.get(name) != other.get(name):
            return f"{name}: {_plain(one.get(name))} became {_plain(other.get(name))}"
    return None


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {verdict}" for name, verdict in value.items()) or "nothing"
    return (", ".join(value) or "nothing") if isinstance(value, list) else str(value)


def later(case: Json, seconds: int) -> str:
    """The instant so many seconds after the question; before it, if there are less than none."""
    return (parse_instant(case["when"]["request"]["at"]) + timedelta(seconds=seconds)).isoformat()


def labels_of(case: Json, record: Json) -> list[str]:
    """The labels of a record and of its source."""
    sources = case["given"]["facts"].get("sources") or {}
    return [*(record.get("labels") or ()), *(sources.get(record.get("source")) or ())]


def request_of(case: Json) -> Json:
    """What is asked."""
    found: Json = case["when"]["request"]
    return found


def records_of(case: Json) -> list[Json]:
    """The records asked for."""
    found: list[Json] = request_of(case)["records"]
    return found


def switched(case: Json, *names: str) -> bool:
    """The host has chosen one of these."""
    return any(name in (case["given"].get("switches") or {}) for name in names)
