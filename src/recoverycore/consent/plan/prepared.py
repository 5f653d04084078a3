"""Requests that were looked up once, to be asked again and again, also at other instants."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from attrs import field, frozen

from recoverycore.consent.plan.near import single
from recoverycore.consent.requests import Request
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from datetime import datetime

    from recoverycore.consent.outcome import Decision
    from recoverycore.consent.plan.deciding import Decider
    from recoverycore.consent.requests import Record

__all__ = ["Asked", "Prepared"]

_Decider: TypeAlias = "Decider"


class Asked(NamedTuple):
    """A record with its mask for each purpose, apart from time."""

    record: Record
    masks: tuple[int, ...]


@frozen(eq=False)
class Prepared:
    """A request whose codes, people and roles are looked up: ask it again as often as you like, at its own instant or at another.

    Nothing but time changes between two answers of it.
    """

    decider: _Decider = field(repr=False)
    request: Request = field(repr=False)
    asked: tuple[Asked, ...] = field(repr=False)
    lasting: bool
    """Whether the recipient's roles are the same at every instant."""
    cell: int | None = field(default=None, repr=False)
    """The mask, where one record is asked for, for one purpose, by somebody whose roles last."""

    def permits(self, at: datetime | None = None) -> bool:
        """Whether everything that is asked for may be released. Error: ``naive_time``."""
        decider, cell = self.decider, self.cell
        if cell is not None and at is not None:  # as `Decider.at` does, which is most of what this costs
            try:
                found = decider.found.get(cell & decider.in_force[bisect_right(decider.times, at) - 1])
            except TypeError:  # no time that can be compared: told below
                found = None
            if found is not None:
                return found[0]
        if cell is not None:
            return decider.at(cell, self.request.at if at is None else at).permitted
        if not self.asked or (at is not None and not self.lasting):
            return self.decide(at).permitted
        when = self.request.at if at is None else at
        return all(decider.at(mask, when).permitted for each in self.asked for mask in each.masks)

    def basis(self, at: datetime | None = None) -> str | tuple[str, ...] | None:
        """What decides, as `Decision.basis` tells it. Error: ``naive_time``."""
        if self.cell is not None:
            by = self.decider.at(self.cell, self.request.at if at is None else at).by
            return by[0] if by else None
        return self.decide(at).basis

    def decide(self, at: datetime | None = None) -> Decision:
        """The decision, equal to the one that `decide` makes on the same request at that instant. Error: ``naive_time``."""
        if at is None or at == self.request.at:
            return self.decider.decide(self)
        return self.decider.prepare(self.request.evolve(at=at)).decide()

    def near_misses(self, at: datetime | None = None) -> dict[str, dict[str, str]]:
        """For each record the permits that fail on one axis alone, each with that axis: what nearly reached. Error: ``naive_time``."""
        decider, when = self.decider, self.request.at if at is None else require_aware(at)
        if self.cell is None or not decider.near.told or self.request.action == "redisclose":
            return {name: found for name, failed in self.decide(at).failed.items() if (found := single(failed))}
        record = self.asked[0].record
        found = decider.near.misses(self.request, record, when)
        return {record.id: found} if found else {}
