"""What makes a protocol unsound as a whole, looked for in what somebody wrote, however much else is wrong with it.

A validator that reads finished fields would be silent until the last of them is right; whoever writes a protocol is told
everything at once. So this reads loosely, and leaves what is wrong with single fields to the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["CRISIS", "Point", "points", "refuse", "together", "unsound"]

CRISIS = 3
"""From this level on a protocol is about somebody who may come to harm, and more is asked of it."""
_OUTSIDE_HOLDERS = {"contact", "client"}
_NEVER_STAND_DOWN = {"peer", "contact", "client", "service"}
_IN_A_CRISIS = {
    "no_contact_clock", "no_debrief", "no_alarm", "outside_holder", "lower_by_peer", "no_deadline", "terminal_not_24_7",
    "terminal_needs_software",
}  # fmt: skip
"""What a protocol is refused for only from `CRISIS` on. `verify` looks at some of it below that, too."""


def refuse(name: str, *at: str | int) -> PydanticCustomError:
    """The problem called `name` at a place inside the document."""
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})


def together(title: str, wrong: Iterable[PydanticCustomError], fields: ValidationError | None = None) -> ValidationError:
    """One error that holds everything: what is `wrong` with the whole, and what was found in its `fields`."""
    known = fields.errors(include_url=False, include_input=False) if fields else []
    details = [InitErrorDetails(type=each, loc=(), input=None) for each in wrong]
    for each in known:
        ctx = each.get("ctx", {})
        kind = PydanticCustomError("recovery", "{name}", ctx) if each["type"] == "recovery" else each["type"]
        details.append(InitErrorDetails(type=kind, loc=each["loc"], input=None, ctx=ctx))
    return ValidationError.from_exception_data(title, details)


class Point(NamedTuple):
    """One thing that is wrong with a protocol as a whole: the name of the problem, and its place in the document."""

    name: str
    at: tuple[str | int, ...]


def unsound(value: Any) -> Iterator[PydanticCustomError]:
    """Everything for which the protocol `value` is refused as a whole, in document order of the rules."""
    crisis = _number(_get(value, "level")) >= CRISIS
    for point in points(value):
        if crisis or point.name not in _IN_A_CRISIS:
            yield refuse(point.name, *point.at)


def points(value: Any) -> Iterator[Point]:
    """Everything that is wrong with the protocol `value` as a whole for one of its levels or another, whatever its own level is."""
    steps = _list(value, "steps")
    if steps is not None:
        yield from _shape(steps)
    yield from _unfit_for_crisis(value)
    if steps is not None:
        yield from _unfit_steps(steps)


def _shape(steps: list[Any]) -> Iterator[Point]:
    if not steps or not _true(steps[-1], "terminal"):
        yield Point("no_terminal", ("steps",))
    ids = [_get(step, "id") for step in steps]
    for index, step in enumerate(steps):
        if isinstance(ids[index], str) and ids[index] in ids[:index]:
            yield Point("duplicate_step", ("steps", index, "id"))
        if not _true(step, "terminal"):
            if not _get(step, "targets"):
                yield Point("blank", ("steps", index, "targets"))
        elif index < len(steps) - 1:
            yield Point("no_terminal", ("steps", index, "terminal"))
        elif _get(step, "targets") or _get(step, "ack_within") is not None:
            yield Point("terminal_asks", ("steps", index))
        for place, jump in enumerate(_list(step, "jump") or ()):
            to = _get(jump, "to")
            if isinstance(to, str) and to not in ids:
                yield Point("unknown_jump", ("steps", index, "jump", place, "to"))


def _unfit_for_crisis(value: Any) -> Iterator[Point]:
    if _get(value, "contact_within") is None:
        yield Point("no_contact_clock", ("contact_within",))
    if _get(value, "debrief") is None:
        yield Point("no_debrief", ("debrief",))
    if not _get(_get(value, "exhausted"), "alarm_roles"):
        yield Point("no_alarm", ("exhausted", "alarm_roles"))
    if _OUTSIDE_HOLDERS & _words(value, "hold_roles"):
        yield Point("outside_holder", ("hold_roles",))
    if _NEVER_STAND_DOWN & _words(value, "stand_down_roles"):
        yield Point("lower_by_peer", ("stand_down_roles",))


def _unfit_steps(steps: list[Any]) -> Iterator[Point]:
    for index, step in enumerate(steps):
        if not _true(step, "terminal"):
            if _get(step, "quorum") != "none" and _get(step, "ack_within") is None:
                yield Point("no_deadline", ("steps", index, "ack_within"))
        elif index == len(steps) - 1:
            if not _true(step, "always"):
                yield Point("terminal_not_24_7", ("steps", index, "always"))
            if _get(step, "needs_software") not in (False, "false"):
                yield Point("terminal_needs_software", ("steps", index, "needs_software"))


def _get(value: Any, name: str) -> Any:
    """A field of what may be a mapping, a finished document, or something else altogether."""
    return value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)


def _list(value: Any, name: str) -> list[Any] | None:
    found = _get(value, name)
    return list(found) if isinstance(found, list | tuple) else None


def _words(value: Any, name: str) -> set[str]:
    return {each for each in _list(value, name) or () if isinstance(each, str)}


def _true(value: Any, name: str) -> bool:
    return _get(value, name) in (True, "true")  # a format that has text only spells it so


def _number(value: Any) -> float:
    """A level, whichever way it is spelt; below every level when it is none."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int | float) else -1
