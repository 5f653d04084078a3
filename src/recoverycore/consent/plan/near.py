"""Why permits do not reach a matter: for each of them every axis on which its best box fails, found from masks.

Each patch is one byte, and each bit of it an axis on which the patch does not hold the matter. So all that is told of a permit follows
from its few bytes and from why it is not in force, and is worked out once. Where a box has no patch, as one that names a class alone, the
decision tells it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from recoverycore.consent.counting import Withdrawing, not_live, superseded
from recoverycore.consent.coverage import in_order
from recoverycore.consent.plan.patches import boxes_of
from recoverycore.consent.plan.tables import kept
from recoverycore.consent.plan.times import moments, sound

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from datetime import datetime

    from recoverycore.consent.compiled import Paper
    from recoverycore.consent.plan.looking import Looking
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.requests import Recipient, Record, Request

__all__ = ["Missed", "Near"]

Missed: TypeAlias = list[bytes]
"""The bytes of each permit's patches, those of its except-boxes behind."""

_AXES = ("discloser", "recipient", "purpose", "action", "label", "category", "data_period")
"""The axes that a byte tells of, the lowest bit first."""
_BITS = tuple(bytes.maketrans(b"01", bytes((0, 1 << place))) for place in range(len(_AXES)))
"""For each axis what makes bytes that have its bit of a mask that is written in digits."""
_CORE = Withdrawing()


class _Told(dict[bytes, tuple[str, ...]]):
    """What is told of one permit while it stands as it does: for the bytes of its patches the axes on which it fails.

    `boxes` are the numbers of patches that each of its boxes has; those of its except-boxes follow.
    """

    def __init__(self, boxes: tuple[int, ...], grounds: frozenset[str]) -> None:
        self.boxes, self.grounds = boxes, grounds

    def __missing__(self, missed: bytes) -> tuple[str, ...]:
        best, place = 0xFF, 0
        for number in self.boxes:
            # The patches of a box differ in whom they reach, and one of them is enough.
            fails = reduce(and_, missed[place : place + number])
            place += number
            if fails.bit_count() < best.bit_count():
                best = fails
        found = self.grounds.union(name for bit, name in enumerate(_AXES) if best >> bit & 1)
        if 0 in missed[place:]:
            found |= {"except"}
        return kept(self, missed, in_order(found))


class Near:
    """Where the permits of one plan fail. `told` is whether its masks tell all of it."""

    def __init__(self, plan: Plan, sheet: Sheet, looking: Looking) -> None:
        self.plan, self.looking = plan, looking
        papers = plan.consents.papers
        permits = [(each, bits) for each, bits in zip(papers, sheet.books[0].papers, strict=True) if each.permits]
        self.patches = len(sheet.tables.patches)
        self.permits: list[tuple[Paper, tuple[int, ...]]] = []
        self.names: list[str] = []
        self.places: list[slice] = []
        for paper, bits in sorted(permits, key=lambda each: each[0].id):
            start = (bits & -bits).bit_length() - 1
            taken = sum(boxes == bits for boxes in sheet.excepts.values())
            self.names.append(paper.id)
            self.places.append(slice(start, bits.bit_length() + taken))
            boxes = [boxes_of(evolve(paper, boxes=(box,)), plan.setting) for box in paper.boxes]
            self.permits.append((paper, tuple(sum(1 for _ in each) for each in boxes)))
        self.told = all(numbers and all(numbers) for _, numbers in self.permits)
        self._turns = sorted({at for each in papers for at in moments(each, plan.consents, plan.facts)})
        self._named = frozenset(name for each, _ in permits for one in each.revocations for name in one.recipients or ())
        self._standing: dict[tuple[int, frozenset[str]], list[_Told]] = {}
        self._shared: dict[tuple[str, frozenset[str]], _Told] = {}
        self._matters: dict[Hashable, int] = {}
        self._bytes: dict[tuple[int, int], int] = {}

    def missed(self, request: Request, record: Record) -> tuple[Missed, ...]:
        """For each purpose where the patches of each permit do not hold the matter."""
        rest = self._matter(request, record) | self._missing(1, self.looking.recipient(request))
        purposes = self.looking.purposes(request.purposes)
        whole = [(rest | self._missing(2, each)).to_bytes(self.patches, "little") for each in purposes]
        return tuple([[one[place] for place in self.places] for one in whole])

    def failed(self, missed: Sequence[Missed], recipient: Recipient, at: datetime) -> dict[str, tuple[str, ...]]:
        """For each permit that does not reach all of this, the axes on which it fails for one purpose or another."""
        standing = self._at(recipient, at)
        if len(missed) == 1:
            return {name: axes for name, told, each in zip(self.names, standing, missed[0], strict=True) if (axes := told[each])}
        found: dict[str, tuple[str, ...]] = {}
        for name, told, *each in zip(self.names, standing, *missed, strict=True):
            if any_of := frozenset(axis for one in each for axis in told[one]):
                found[name] = in_order(any_of)
        return found

    def _matter(self, request: Request, record: Record) -> int:
        """What is missed by the discloser, the action and the record, in the bytes of all patches."""
        by = request.discloser
        key = (request.action, by and by.id, by and by.kind, record.labels, record.source, record.category, record.date)
        found = self._matters.get(key)
        if found is None:
            masks = zip((0, 3, 4, 5, 6), self.looking.axes(request, record), strict=True)
            found = kept(self._matters, key, reduce(or_, (self._missing(axis, mask) for axis, mask in masks)))
        return found

    def _missing(self, axis: int, mask: int) -> int:
        """The bit of an axis in the byte of each patch that is not in `mask`."""
        key = (axis, mask)
        found = self._bytes.get(key)
        if found is None:
            digits = f"{~mask & (1 << self.patches) - 1:0{self.patches}b}"
            found = kept(self._bytes, key, int.from_bytes(digits.encode().translate(_BITS[axis])))
        return found

    def _at(self, recipient: Recipient, at: datetime) -> list[_Told]:
        """What is told of each permit as it stands for `recipient`: the same until the next moment at which anything may change."""
        touched = self._named & {recipient.id, recipient.org} if self._named else self._named
        key = (bisect_right(self._turns, at), touched)
        found = self._standing.get(key)
        if found is None:
            gone = superseded(self.plan.consents.papers, at, sound)
            found = kept(self._standing, key, [self._told(each, boxes, recipient, at, gone) for each, boxes in self.permits])
        return found

    def _told(self, paper: Paper, boxes: tuple[int, ...], recipient: Recipient, at: datetime, gone: frozenset[str]) -> _Told:
        grounds = not_live(paper, self.plan.consents, recipient, at, facts=self.plan.facts, by=_CORE)
        grounds |= {"superseded"} if paper.id in gone else set()
        return self._shared.setdefault((paper.id, grounds), _Told(boxes, grounds))
