"""YAML without guesses: every scalar is text, except a bare ``null``; no key twice; few aliases; no tags.

YAML's own typing reads ``no`` as false and ``22:47`` as a number. Here the document's fields decide what a text means.
Needs the extra ``yaml`` (PyYAML).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.limits import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverycore.errors import Problem

__all__ = ["MAX_ALIASES", "MAX_REPEATED", "read_yaml"]

MAX_ALIASES = 100
"""How many aliases one text may use."""
MAX_REPEATED = 100_000
"""How many values all its aliases may repeat: aliases of aliases multiply."""


def read_yaml(text: str) -> Any:
    """The data in `text`. Errors: ``bad_syntax``, ``duplicate_key``, ``too_many_aliases``, ``too_deep``, ``missing_extra``."""
    try:
        import yaml
    except ModuleNotFoundError:
        yaml = None  # type: ignore[assignment]  # told below, outside the handler
    if yaml is None:
        raise DocumentError(problem("missing_extra", detail="yaml"))
    try:
        return _Builder(yaml, text).build()
    except DocumentError:
        raise
    except yaml.YAMLError as error:
        # The parser in C looks ahead, and meets a depth of its own before the first event.
        deep = getattr(error, "context", None) == "while increasing flow level"
        found = _too_deep() if deep else _syntax(getattr(error, "problem_mark", None))
    except (ValueError, OverflowError):  # the parser in Python, at an escape for no character
        found = _syntax(None)
    raise DocumentError(found)


def _too_deep() -> Problem:
    return problem("too_deep", detail=f"limit {MAX_DEPTH}")


def _syntax(mark: Any) -> Problem:
    return problem("bad_syntax", detail=f"line {mark.line + 1}, column {mark.column + 1}" if mark else "")


@attrs.frozen
class _Made:
    """A value that was read, how many values it holds and how deep."""

    value: Any
    size: int
    depth: int


class _Builder:
    """Makes data of YAML's events as they come, so a limit stops the reading itself."""

    def __init__(self, yaml: Any, text: str) -> None:
        # The parser in C, where there is one, takes a twentieth of the time.
        self._events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._yaml = yaml
        self._anchors: dict[str, _Made] = {}
        self._aliases = self._repeated = 0

    def build(self) -> Any:
        """The data of the one document that there is; None when there is none."""
        yaml = self._yaml
        made: _Made | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if made is not None:
                    raise DocumentError(_syntax(event.start_mark))
                made = self._value(next(self._events), 1)
        return made.value if made else None

    def _value(self, event: Any, level: int) -> _Made:
        yaml = self._yaml
        if isinstance(event, yaml.AliasEvent):
            return self._repeat(event, level)
        if event.tag:
            raise DocumentError(_syntax(event.start_mark))
        if isinstance(event, yaml.ScalarEvent):
            made = _Made(None if event.implicit[0] and event.value == "null" else event.value, 1, 0)
        elif level > MAX_DEPTH:
            raise DocumentError(_too_deep())
        else:
            made = self._list(level) if isinstance(event, yaml.SequenceStartEvent) else self._object(level)
        if event.anchor:
            self._anchors[event.anchor] = made
        return made

    def _list(self, level: int) -> _Made:
        items = []
        while not isinstance(event := next(self._events), self._yaml.SequenceEndEvent):
            items.append(self._value(event, level + 1))
        return _around([item.value for item in items], items)

    def _object(self, level: int) -> _Made:
        fields: dict[str, _Made] = {}
        while not isinstance(event := next(self._events), self._yaml.MappingEndEvent):
            if not isinstance(event, self._yaml.ScalarEvent):
                raise DocumentError(_syntax(event.start_mark))
            if event.value in fields:
                raise DocumentError(problem("duplicate_key", detail=f"line {event.start_mark.line + 1}"))
            self._value(event, level)
            fields[event.value] = self._value(next(self._events), level + 1)
        return _around({key: made.value for key, made in fields.items()}, fields.values())

    def _repeat(self, event: Any, level: int) -> _Made:
        if event.anchor not in self._anchors:  # not known, or what holds this alias
            raise DocumentError(_syntax(event.start_mark))
        made = self._anchors[event.anchor]
        self._aliases += 1
        self._repeated += made.size
        if self._aliases > MAX_ALIASES or self._repeated > MAX_REPEATED:
            raise DocumentError(problem("too_many_aliases", detail=f"limit {MAX_ALIASES} aliases, {MAX_REPEATED} values"))
        if level + made.depth - 1 > MAX_DEPTH:
            raise DocumentError(_too_deep())
        return made


def _around(value: Any, inside: Collection[_Made]) -> _Made:
    return _Made(value, 1 + sum(each.size for each in inside), 1 + max((each.depth for each in inside), default=0))
