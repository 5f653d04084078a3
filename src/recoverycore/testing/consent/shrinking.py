"""The smallest world that still shows it: one thing after another is taken away, as long as the law stays broken."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from recoverycore.testing.consent.asking import Json

__all__ = ["smallest"]

# A case without these is none: whoever reads it may look for them.
KEPT = {"given", "when", "request", "recipient", "discloser", "profiles", "client", "directives", "facts", "records"}
KEPT |= {"at", "id", "purposes", "action", "polarity", "format", "decision", "root", "provisions", "boxes"}
# What says when, by its kind: half of it says nothing.
WHOLE = {"expires", "revocable_from", "suspensions", "revocations", "ledger", "part2_order", "held_copy", "restrictors"}
Place = tuple[str | int, ...]


def smallest(case: Json, holds: Callable[[Json], bool], *kept: str) -> Json:
    """`case` with as little in it as possible while `holds` says yes; the same for the same case. Whatever raises counts as no.

    What has a name among `kept` stays.
    """
    tried = True
    while tried:
        tried = False
        for place in _places(case):
            fewer = None if place[-1] in kept else _without(case, place)
            if fewer is not None and _holds(fewer, holds):
                case, tried = fewer, True
    return case


def _holds(case: Json, holds: Callable[[Json], bool]) -> bool:
    try:
        return holds(copy.deepcopy(case))
    except Exception:  # noqa: BLE001 - a policy may stumble over anything that is no whole case
        return False


def _places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every part that may go, the outer before what is in it; of a list the last first, so that the places of the others stay."""
    if isinstance(value, dict):
        inside = [(name, each) for name, each in value.items()]
        yield from ((*at, name) for name, _ in inside if name not in KEPT)
    elif isinstance(value, list):
        inside = list(enumerate(value))[::-1]
        yield from ((*at, number) for number, _ in inside)
    else:
        return
    for name, each in inside:
        if name not in WHOLE:
            yield from _places(each, (*at, name))
        elif isinstance(each, list):
            yield from ((*at, name, number) for number in range(len(each) - 1, -1, -1))


def _without(value: Any, place: Place) -> Any:
    """`value` without what stands at `place`; None if nothing does."""
    name, *rest = place
    if isinstance(value, list):
        if not isinstance(name, int) or name >= len(value):
            return None
        inner = _without(value[name], tuple(rest)) if rest else None
        return None if rest and inner is None else value[:name] + ([inner] if rest else []) + value[name + 1 :]
    if not isinstance(value, dict) or name not in value:
        return None
    if not rest:
        return {key: each for key, each in value.items() if key != name}
    inner = _without(value[name], tuple(rest))
    return None if inner is None else {**value, name: inner}
