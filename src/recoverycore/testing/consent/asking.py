"""What laws have in common: asking about a world that is changed in one way, and saying in words what came of it."""

from __future__ import annotations

import copy
import marshal
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from recoverycore.ground.instants import parse_instant
from recoverycore.ground.text import nearest

__all__ = [
    "Decide",
    "Json",
    "NoAnswer",
    "basis_of",
    "changed",
    "copied",
    "kind_of",
    "labels_of",
    "later",
    "named",
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
BOTH = ("permit", "deny")
VERDICTS = ("permit", "partial", "deny")
LISTS = ("withheld", "obligations", "entries")
ROWS = (list, tuple)
WORDS = frozenset({str})
REMEMBERED = 1024


class NoAnswer(TypeError):
    """What came back from a decider is no answer to what it was asked; its text tells why, and repeats nothing that was given back."""


def changed(case: Json, **values: Any) -> Json:
    """The case with other values: of the request (`purposes`, `records`, ...), or of what is given (`directives`, `facts`, ...).

    What is not named is shared with the old case: whoever asks changes nothing in what it asks about.
    """
    given, request = dict(case["given"]), dict(case["when"]["request"])
    for name, value in values.items():
        (given if name in GIVEN else request)[name] = value
    return {"given": given, "when": {"request": request}}


def copied(case: Json) -> Json:
    """The whole case once more, with nothing in common. Of plain JSON this way is many times faster than any other."""
    try:
        found: Json = marshal.loads(marshal.dumps(case))  # noqa: S302 - it was written here
    except ValueError:
        found = copy.deepcopy(case)
    return found


def told(answer: Any, case: Json) -> Json:
    """An answer with its verdict on the whole, and with what is withheld, where it gives only a verdict for each record.

    Raises NoAnswer where there is no verdict for each record that was asked for, and for no other.
    """
    records = answer.get("records") if isinstance(answer, dict) else None
    asked = [record["id"] for record in records_of(case)]
    if not isinstance(records, dict) or records.keys() != set(asked) or not all(map(BOTH.__contains__, records.values())) or _odd(answer):
        raise NoAnswer(_why_none(answer, asked))
    if "decision" in answer:
        return dict(answer)
    denied = sorted(name for name, verdict in records.items() if verdict == "deny")
    decision = "deny" if len(denied) == len(records) else "partial" if denied else "permit"
    return {"decision": decision, "withheld": denied if decision == "partial" else [], **answer}


def _odd(answer: Json) -> str | None:
    """The first part beside the records that is of another kind than laws read."""
    if "decision" in answer and answer["decision"] not in VERDICTS:
        return "decision"
    basis = answer.get("basis")
    if basis is not None and not isinstance(basis, str) and not _is_list(basis):
        return "basis"
    for name in LISTS:
        if name in answer and not _is_list(answer[name]):
            return name
    return None


def _is_list(value: Any) -> bool:
    return isinstance(value, ROWS) and WORDS.issuperset(map(type, value))


def _why_none(answer: Any, asked: list[str]) -> str:
    """Why this is no answer, in words: by the kind of what was given back, or by the ids it speaks of."""
    form = "an answer is a dict whose `records` give each record's id the verdict 'permit' or 'deny'"
    if not isinstance(answer, dict):
        return f"it gave back {kind_of(answer)}, and {form}"
    records = answer.get("records")
    if not isinstance(records, dict):
        return f"its `records` are {kind_of(records)}, and {form}" if "records" in answer else f"its answer has no `records`, and {form}"
    if records.keys() != set(asked):
        return f"it answered for {_listed(records)}, and was asked for {_listed(asked)}"
    wrong = [name for name, verdict in records.items() if verdict not in BOTH]
    if wrong:
        return f"what it gave for {_listed(wrong)} ({kind_of(records[wrong[0]])}) is no verdict, and {form}"
    part = str(_odd(answer))
    kinds = {"decision": "neither 'permit' nor 'partial' nor 'deny'", "basis": "neither None nor an id nor a list of ids"}
    return f"its `{part}` ({kind_of(answer[part])}) is {kinds.get(part, 'no list of words')}"


def kind_of(value: Any) -> str:
    """What sort of thing it is, and nothing of what it holds."""
    return "None" if value is None else f"a value of type {type(value).__name__}"


def _listed(names: Iterable[Any]) -> str:
    return ", ".join(str(name) for name in names) or "no record"


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
    return _later(case["when"]["request"]["at"], seconds)


@lru_cache(REMEMBERED)
def _later(at: str, seconds: int) -> str:
    return (parse_instant(at) + timedelta(seconds=seconds)).isoformat()


def named(names: Iterable[str], known: Iterable[str], what: str, where: str) -> frozenset[str]:
    """What was chosen by name. Errors: TypeError for one name instead of several; ValueError for a name that nothing has."""
    if isinstance(names, str):
        message = f"{where} takes several names, such as ({names!r},), and was given one"
        raise TypeError(message)
    found, known = frozenset(names), frozenset(known)
    for name in sorted(found - known, key=str):
        guess = nearest(str(name), known)
        message = f"{where}: {name!r} is the name of {what} that is not there. " + (
            f"Did you mean {guess!r}?" if guess else f"There are: {', '.join(sorted(known))}"
        )
        raise ValueError(message)
    return found


def labels_of(case: Json, record: Json) -> list[str]:
    """The labels of a record, those of its source, and SUD where a Part 2 programme made what it is asked for."""
    sources, discloser = case["given"]["facts"].get("sources") or {}, request_of(case)["discloser"]
    own = record.get("source") == discloser.get("id") and discloser.get("kind") == "part2_program"
    return [*(record.get("labels") or ()), *(sources.get(record.get("source")) or ()), *(["SUD"] if own else ())]


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
