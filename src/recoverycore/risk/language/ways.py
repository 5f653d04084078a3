"""The ways in which a condition can hold or not: each a cut through the axes, all of them together the condition."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from recoverycore.risk.language.axes import Axis
from recoverycore.risk.language.conditions import Condition, Group, Negation, Placed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.risk.language.axes import Region
    from recoverycore.risk.language.conditions import Leaf

    Regions: TypeAlias = Mapping[Leaf, Region]

__all__ = ["Way", "how_many", "implies", "ways"]


@frozen
class Way:
    """One way to be true: on each axis the values that are left, the facts that must be known, and those that must not be."""

    left: frozenset[tuple[Axis, int]] = frozenset()
    known: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()

    @property
    def decidable(self) -> bool:
        """Whether no fact must be known and unknown at once."""
        return not self.known & self.unknown

    def and_also(self, other: Way) -> Way | None:
        """Both ways at once; None if some axis has no value left."""
        left = dict(self.left)
        for axis, values in other.left:
            left[axis] = left.get(axis, values) & values
            if not left[axis]:
                return None
        return Way(frozenset(left.items()), self.known | other.known, self.unknown | other.unknown)


def how_many(condition: Condition, *, holds: bool) -> int:
    """How many alternatives there are for a condition to hold, or not to hold, before any is seen to be impossible."""
    match condition:
        case Placed():
            return 1
        case Negation(part):
            return how_many(part, holds=not holds)
        case Group(kind, parts):
            below = (how_many(part, holds=holds) for part in parts)
            return prod(below) if _together(kind, holds=holds) else sum(below)


def ways(condition: Condition, regions: Regions, *, holds: bool) -> list[Way]:
    """Every way for a condition to hold, or not to hold, that some values of the facts make possible."""
    match condition:
        case Placed(_, leaf):
            region = regions[leaf]
            values = region.where(holds=holds)
            left = frozenset({(region.axis, values)})
            return [Way(left, region.needs(holds=holds), region.unknown(holds=holds))] if values else []
        case Negation(part):
            return ways(part, regions, holds=not holds)
        case Group(kind, parts):
            below = [ways(part, regions, holds=holds) for part in parts]
            if not _together(kind, holds=holds):
                return list(dict.fromkeys(way for each in below for way in each))
            found = [Way()]
            for each in below:
                joint = (way.and_also(other) for way in found for other in each)
                found = list(dict.fromkeys(way for way in joint if way is not None))
            return found


def implies(here: list[Way], not_there: list[Way], most: int) -> bool | None:
    """Whether no way of the one condition goes together with a way of the other not to hold. None if `most` were tried in vain."""
    tried = 0
    for way in here:
        for other in not_there:
            tried += 1
            if way.and_also(other) is not None:
                return False
            if tried > most:
                return None
    return True


def _together(kind: str, *, holds: bool) -> bool:
    """Whether all parts of a group are needed: for ``all`` to hold, or for ``any`` not to."""
    return (kind == "all") == holds
