"""What laws have in common: asking about a world that is changed in one way, and saying in words what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from recoverycore.ground.instants import parse_instant

__all__ = [
    "Decide",
    "Json",
    "basis_of",
    "changed",
    "labels_of",
    "later",
    "records_of",
    "released",
    "request_of",
    "same",
    "switched",
    "told",
]

Json = dict[str, Any]
Decide = Callable[[Json], Json]
GIVEN = ("profiles", "loaded", "restrictors", "client", "directives", "facts", "switches")
TOLD = ("decision", "records", "withheld", "basis", "obligations")


def changed(case: Json, **values: Any) -> Json:
    """The case with other values: of the request (`purposes`, `records`, ...), or of what is given (`directives`, `facts`, ...).

    What is not named is shared with the old case: whoever asks changes nothing in what it asks about.
    """
    given, request = dict(case["given"]), dict(case["when"]["request"])
    for name, value in values.items():
        (given if name in GIVEN else request)[name] = value
    return {"given": given, "when": {"request": request}}


def told(answer: Any, case: Json) -> Json:
    """An answer with its verdict on the whole, and with what is withheld, where it gives only a verdict for each record.

    Raises TypeError where there is no verdict for each record that was asked for, and for no other.
    """
    records = answer.get("records") if isinstance(answer, dict) else None
    asked = {record["id"] for record in records_of(case)}
    if not isinstance(records, dict) or set(records) != asked or any(each not in ("permit", "deny") for each in records.values()):
        message = "an answer is a dict whose `records` give each record's id the verdict 'permit' or 'deny'"
        raise TypeError(message)
    if "decision" in answer:
        return dict(answer)
    denied = sorted(name for name, verdict in records.items() if verdict == "deny")
    decision = "deny" if len(denied) == len(records) else "partial" if denied else "permit"
    return {"decision": decision, "withheld": denied if decision == "partial" else [], **answer}


def released(answer: Json) -> set[str]:
    """The ids of what goes out; of a request about no record, the request itself."""
    found = {name for name, verdict in answer["records"].items() if verdict == "permit"}
    return found or ({"(the list)"} if answer["decision"] == "permit" else set())


def basis_of(answer: Json) -> list[str]:
    """What an answer rests on, as a list."""
    basis = answer.get("basis")
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
