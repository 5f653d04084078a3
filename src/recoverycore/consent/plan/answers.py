"""Answers of the plan algebra: what differs, what never happens, what a revocation would do; each with a cell that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import frozen

from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.where import Where
from recoverycore.consent.plan.words import NO_NAMES, OF_ONE, never_text, seen_text

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Comparison", "Never", "Revoked"]

Verdict: TypeAlias = Literal["equal", "narrower", "wider", "both"]
_VERDICTS: dict[tuple[bool, bool], Verdict] = {
    (False, False): "equal",
    (False, True): "narrower",
    (True, False): "wider",
    (True, True): "both",
}


def _data(*, of_one: bool, **cells: tuple[Cell | None, int | None]) -> dict[str, Any]:
    """Cells and counts as plain data; what was not counted is left out, and what is not so of single records."""
    found: dict[str, Any] = {"of_one": True} if of_one else {}
    for name, (cell, number) in cells.items():
        found[name] = None if cell is None else cell.to_data()
        if number is not None:
            found[f"{name}_count"] = number
    return found


@frozen
class Comparison:
    """What a new plan changes. `gained` is a cell that only the new one permits, `lost` one that only the old one does.

    The counts are there where a listed vocabulary was asked about. `whose`: the papers name several who release, so a sentence tells whose
    record it is.
    """

    gained: Cell | None
    gained_count: int | None
    lost: Cell | None
    lost_count: int | None
    zone: str | None = None
    of_one: bool = False
    """Whether more may be seen of a single record of which more is known: see `words.OF_ONE`."""
    whose: bool = False

    @property
    def verdict(self) -> Verdict:
        """``equal``, ``narrower`` (something is lost), ``wider`` (something is gained) or ``both``."""
        return _VERDICTS[self.gained is not None, self.lost is not None]

    def explain(self, names: Mapping[str, str] = NO_NAMES) -> str:
        """The change in plain words, a sentence for each direction; `names` are the host's own for ids and codes."""
        told = []
        if self.gained is not None:
            told.append(f"The new version lets {seen_text(self.gained, self.zone, names, whose=self.whose)}; the old one did not.")
        if self.lost is not None:
            told.append(f"The old version let {seen_text(self.lost, self.zone, names, whose=self.whose)}; the new one does not.")
        told = told or ["The new version changes nothing about who can see what."]
        return "\n".join([*told, *([OF_ONE] if self.of_one else [])])

    def __str__(self) -> str:
        return f"{self.verdict}: {self.explain()}"

    def to_data(self) -> dict[str, Any]:
        """The comparison as plain data."""
        cells = _data(of_one=self.of_one, gained=(self.gained, self.gained_count), lost=(self.lost, self.lost_count))
        return {"verdict": self.verdict, **cells}


@frozen
class Never:
    """Whether nothing inside `where` is ever permitted. `witness` is a cell that is, if there is one."""

    witness: Cell | None
    counter_count: int | None
    where: Where
    of_one: bool = False
    """Whether more may be seen of a single record of which more is known: see `words.OF_ONE`."""
    whose: bool = False

    @property
    def holds(self) -> bool:
        """Whether there is no such cell."""
        return self.witness is None

    def __bool__(self) -> bool:
        return self.holds

    def explain(self, names: Mapping[str, str] = NO_NAMES) -> str:
        """The answer in plain words."""
        if self.witness is None:
            return "\n".join([never_text(self.where, names), *([OF_ONE] if self.of_one else [])])
        return f"That can happen: the papers let {seen_text(self.witness, self.where.zone, names, whose=self.whose)}."

    def __str__(self) -> str:
        return self.explain()

    def to_data(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {"holds": self.holds, **_data(of_one=self.of_one, witness=(self.witness, self.counter_count))}


@frozen
class Revoked:
    """What revoking one paper would do from an instant on: a cell that is lost, one that is gained, one that stays all the same."""

    lost: Cell | None
    lost_count: int | None
    gained: Cell | None
    gained_count: int | None
    still: Cell | None
    still_count: int | None
    directive: str
    zone: str | None = None
    of_one: bool = False
    """Whether more may be seen of a single record of which more is known: see `words.OF_ONE`."""
    whose: bool = False

    def explain(self, names: Mapping[str, str] = NO_NAMES) -> str:
        """The answer in plain words."""
        told = []
        if self.lost is not None:
            told.append(f"Without {self.directive}, nothing lets {seen_text(self.lost, self.zone, names, whose=self.whose)} any more.")
        if self.gained is not None:
            told.append(f"Without {self.directive}, the rest lets {seen_text(self.gained, self.zone, names, whose=self.whose)}.")
        if self.still is not None:
            told.append(f"Even so, something lets {seen_text(self.still, self.zone, names, whose=self.whose)}.")
        told = told or [f"Revoking {self.directive} changes nothing."]
        return "\n".join([*told, *([OF_ONE] if self.of_one else [])])

    def __str__(self) -> str:
        return self.explain()

    def to_data(self) -> dict[str, Any]:
        """The answer as plain data."""
        cells = {"lost": (self.lost, self.lost_count), "gained": (self.gained, self.gained_count), "still": (self.still, self.still_count)}
        return _data(of_one=self.of_one, **cells)
