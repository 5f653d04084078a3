"""Turning what a validator found into problems that name the place and the next step, and no value.

A key of an object may be a person's name as well as a field's, so a place shows only the names that the document itself
has; any other key is ``?``.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel

from recoverycore.errors import catalogue, problem
from recoverycore.ground.text import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from recoverycore.errors import Problem

__all__ = ["pointer", "problems_of"]

_BY_TYPE = {
    "missing": "missing_field",
    "union_tag_not_found": "missing_field",
    "frozen_instance": "frozen",
    "greater_than": "bad_value",
    "greater_than_equal": "bad_value",
    "less_than": "bad_value",
    "less_than_equal": "bad_value",
    "value_error": "bad_value",
    "multiple_of": "bad_value",
    "string_pattern_mismatch": "bad_value",
    "string_too_long": "bad_value",
    "too_long": "bad_value",
    "recursion_loop": "too_deep",
    "finite_number": "not_a_number",
}
_LIMITS = ("ge", "gt", "le", "lt", "max_length", "min_length", "multiple_of")
_PLAIN = re.compile(r"[\w.:-]{1,64}\Z")
_LONG = 6
"""So many letters a mistyped name has before it is repeated: in a shorter one, one letter makes it a given name."""
_GUESSES = 100
"""So many unknown fields are compared with the known ones; whoever has more needs another kind of help."""


def pointer(parts: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901). A part that is more than a plain word is not repeated: it may be somebody's text."""
    return "".join(f"/{part}" if isinstance(part, int) or _PLAIN.match(part) else "/?" for part in parts)


def problems_of(error: ValidationError, model: type[BaseModel], given: Any) -> tuple[Problem, ...]:
    """Every problem that `error` found in what was `given`, by place. A misspelt field that is needed is told once."""
    unknown: Counter[tuple[str, str | None]] = Counter()
    details = error.errors(include_url=False, include_context=True, include_input=False)
    nobodys = {each["loc"] for each in details if each["type"] == "extra_forbidden"}
    details = [each for each in details if not _only_what_is_inside(each, details) and not _in_no_field(each, nobodys)]
    explained: set[tuple[Any, ...]] = set()
    for number, each in enumerate(each for each in details if each["type"] == "extra_forbidden"):
        *where, key = each["loc"]
        guess = nearest(str(key), _fields(model, tuple(where))) if number < _GUESSES else None
        explained.add((*where, guess))
        last = key if guess and _is_slip(str(key), guess) else "?"
        unknown[pointer([*_place(tuple(where), given, _known(model)), last]), guess] += 1
    found = {
        problem("unknown_field", place, did_you_mean=guess, detail=f"{many} of them" if many > 1 else "")
        for (place, guess), many in unknown.items()
    }
    found |= {
        one
        for each in details
        for one in _all(each, given, _known(model))
        if each["type"] != "extra_forbidden" and not (each["type"] == "missing" and each["loc"] in explained)
    }
    return tuple(sorted(found, key=lambda item: (item.path, item.code, item.detail, item.did_you_mean or "")))


def _only_what_is_inside(each: ErrorDetails, details: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because something inside it could not be read."""
    length = len(each["loc"])
    return each["type"] == "too_short" and any(len(other["loc"]) > length and other["loc"][:length] == each["loc"] for other in details)


def _in_no_field(each: ErrorDetails, nobodys: set[tuple[int | str, ...]]) -> bool:
    """Whether it is about what stands in a field that there is not: `nobodys` are the places of those."""
    return each["type"] != "extra_forbidden" and any(each["loc"][:length] in nobodys for length in range(1, len(each["loc"]) + 1))


def _all(each: ErrorDetails, given: Any, known: Mapping[str, str]) -> Iterator[Problem]:
    """What one validator found: a single problem, or with `more` in its context each of several."""
    yield _one(each, given, known)
    for ctx in each.get("ctx", {}).get("more", ()):
        yield _one({**each, "ctx": ctx}, given, known)


def _one(each: ErrorDetails, given: Any, known: Mapping[str, str]) -> Problem:
    kind, ctx = each["type"], each.get("ctx", {})
    place = _place(each["loc"], given, known, missing=kind == "missing")
    if kind == "recovery":
        name = ctx["name"] if ctx["name"] in catalogue() else "bad_value"
        at = pointer((*place, *ctx.get("at", ())))
        return problem(name, at, did_you_mean=ctx.get("did_you_mean"), detail=ctx.get("detail", ""))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        possible = str(ctx.get("expected") or ctx.get("expected_tags") or "")
        return problem("not_listed", pointer(place), detail=f"possible: {possible}")
    if kind in ("string_too_short", "too_short"):
        return problem("blank" if ctx["min_length"] == 1 else "bad_value", pointer(place), detail=_limits(ctx))
    return problem(_BY_TYPE.get(kind, "wrong_type"), pointer(place), detail=_limits(ctx))


def _limits(ctx: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {ctx[key]}" for key in _LIMITS if key in ctx)


def _is_slip(key: str, field: str) -> bool:
    """Whether `key` is `field` mistyped in one place: a letter too many, too few or another one, or two that changed places."""
    start = _shared(key, field)
    end = _shared(key[start:][::-1], field[start:][::-1])
    written, meant = key[start : len(key) - end], field[start : len(field) - end]
    swapped = len(meant) == 2 and written == meant[::-1]  # noqa: PLR2004 - a pair
    return min(len(key), len(field)) >= _LONG and (swapped or max(len(written), len(meant)) <= 1)


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _place(loc: tuple[Any, ...], given: Any, known: Mapping[str, str], *, missing: bool = False) -> list[str | int]:
    """`loc` followed through what was `given`: without the names of union branches, which are no part of it."""
    shown: list[str | int] = []
    here = given
    for number, part in enumerate(loc):
        if isinstance(here, dict):
            key = part if part in here else known.get(part)
            if key in here:
                shown.append(part if part in known else "?")
                here = here[key]
            elif missing and number == len(loc) - 1:
                shown.append(part)
        elif isinstance(part, int):
            shown.append(part)
            here = here[part] if isinstance(here, list | tuple) and part < len(here) else None
    return shown


def _fields(model: type[BaseModel], where: tuple[Any, ...]) -> set[str]:
    """The names that are possible at `where`; of every model that could be meant, when there are several."""
    models = {model}
    for part in where:
        models = {found for each in models for found in _inside(each, part)} or models
    return {name for each in models for name in _names(each)}


@cache
def _known(model: type[BaseModel]) -> dict[str, str]:
    """Every name that the document's own text has, and what Python calls it: fields, at any depth, and listed words."""
    known: dict[str, str] = {}
    seen: set[type[BaseModel]] = set()
    waiting = [model]
    while waiting:
        each = waiting.pop()
        seen.add(each)
        for name, field in each.model_fields.items():
            known.setdefault(field.alias or name, name)
            known.update({word: word for word in _words(field.annotation)} | known)
            waiting += (inner for inner in _models(field.annotation) if inner not in seen)
    return known


def _names(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _inside(model: type[BaseModel], name: str | int) -> set[type[BaseModel]]:
    for own, field in model.model_fields.items():
        if name in (own, field.alias):
            return set(_models(field.annotation))
    return set()


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models(each)


def _words(annotation: Any) -> Iterator[str]:
    """The listed words of `annotation`; where keys are listed words, they name nobody."""
    if get_origin(annotation) is Literal:
        yield from (word for word in get_args(annotation) if isinstance(word, str))
        return
    for each in get_args(annotation):
        yield from _words(each)
