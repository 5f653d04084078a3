"""Requests that were looked up once, to be asked again and again, also at other instants."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from attrs import field, frozen

from recoverycore.consent.requests import Request
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recoverycore.consent.outcome import Decision
    from recoverycore.consent.plan.deciding import Decider
    from recoverycore.consent.plan.near import Missed
    from recoverycore.consent.requests import Record

__all__ = ["Asked", "Prepared"]

_Decider: TypeAlias = "Decider"
Turns: TypeAlias = "tuple[datetime, ...]"
"""The instants at which what is asked comes to be permitted or denied: behind an odd number of them it is permitted."""
Telling: TypeAlias = "tuple[tuple[str, tuple[Missed, ...]], ...]"
"""For each record by its id, and for each purpose, where the patches of each permit do not hold it."""


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
    _missed: Any = field(default=None, init=False, repr=False)
    _turns: Turns | None = field(default=None, init=False, repr=False)

    def permits(self, at: datetime | None = None) -> bool:
        """Whether everything that is asked for may be released. Error: ``naive_time``."""
        if at is None or self.cell is None:
            return self._permits(at)
        turns = self._turns
        if turns is None:  # whoever asks at another instant than its own will ask at more of them
            turns = self.decider.turns(self.cell)
            object.__setattr__(self, "_turns", turns)
        try:
            return bisect_right(turns, at) & 1 == 1
        except TypeError:  # no time that can be compared
            require_aware(at)
            raise

    def _permits(self, at: datetime | None) -> bool:
        if not self.asked or not self.lasting:
            return self.decide(at).permitted
        when = self.request.at if at is None else at
        return all(self.decider.at(mask, when).permitted for each in self.asked for mask in each.masks)

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

    def failed(self, at: datetime | None = None) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For each record and each permit that does not reach it the axes on which it fails, as `Decision.failed` tells them.

        A permit that fails on one axis alone nearly reached. Error: ``naive_time``.
        """
        if self.missed is None or not self.lasting:
            return self.decide(at).failed
        near, who, when = self.decider.near, self.request.recipient, self.request.at if at is None else require_aware(at)
        return {name: found for name, missed in self.missed if (found := near.failed(missed, who, when))}

    @property
    def missed(self) -> Telling | None:
        """For each record where patches do not hold it, if that is all that is told of it."""
        if self._missed is None:  # no cached property: beside slots that makes every look at an attribute slow
            near, asked = self.decider.telling(self.request), self.asked
            found = None if near is None else tuple([(each.record.id, near.missed(self.request, each.record)) for each in asked])
            object.__setattr__(self, "_missed", (found,))
        known: Telling | None = self._missed[0]
        return known
