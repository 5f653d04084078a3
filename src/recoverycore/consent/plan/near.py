"""Near misses: the permits that would have reached a matter if one thing about it were otherwise, found from masks.

The masks of the axes are met bit by bit: a patch that all of them hold but one nearly reached. Where what is told of a paper depends on
more than its patches, as with except-boxes, classes and papers that replace others, the decision tells it.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from recoverycore.consent.counting import Withdrawing, not_live
from recoverycore.consent.plan.times import moments
from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recoverycore.consent.compiled import Paper, Region
    from recoverycore.consent.plan.looking import Looking
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.requests import Record, Request

__all__ = ["Near", "single"]

_AXES = ("discloser", "recipient", "purpose", "action", "label", "category", "data_period")
_CORE = Withdrawing()


def single(failed: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Of where permits failed, those that failed on one axis alone."""
    return {name: axes[0] for name, axes in failed.items() if len(axes) == 1}


class Near:
    """The near misses of one plan. `told` is whether its masks tell all of them."""

    def __init__(self, plan: Plan, sheet: Sheet, looking: Looking) -> None:
        self.plan, self.looking, tables = plan, looking, sheet.tables
        self.times, self.in_force = tables.times, tables.in_force
        [book] = sheet.books
        self.permitting = book.permitting
        self.paper_at: dict[int, tuple[Paper, int]] = {}
        for paper, bits in zip(plan.consents.papers, book.papers, strict=True):
            self.paper_at |= {place: (paper, bits) for place in range(bits.bit_length()) if bits >> place & 1}
        papers = plan.consents.papers
        self._turns = {each.id: sorted(moments(each, plan.consents, plan.facts)) for each in papers}
        self._grounds: dict[tuple[str, int], str | None] = {}
        permits = [each for each in papers if each.permits]
        self.told = not (
            sheet.excepts
            or sheet.revoked
            or any(each.supersedes for each in papers)
            or any(each.discloser in (None, STAR) or each.document.abuser_signed for each in permits)
            or any(tables.tests.get(axis) for axis in ("purpose", "standing"))
            or any(box.no_label or not box.recipients or _by_class(box) for each in permits for box in each.boxes)
            or len(set(book.papers)) < len(papers)  # papers that say the same share their patches
        )

    def misses(self, request: Request, record: Record, at: datetime) -> dict[str, str]:
        """For each permit that fails on one axis alone, that axis; the ground, if it is not live."""
        when = bisect_right(self.times, at) - 1
        masks = self.looking.axes(request, record)
        in_force, permitting = self.in_force[when], self.permitting
        once, twice = permitting & ~in_force, 0
        for mask in masks:
            missed = permitting & ~mask
            twice |= once & missed
            once |= missed
        reached, left = permitting & ~once, once & ~twice
        found: dict[str, str] = {}
        while left:
            bit = left & -left
            paper, bits = self.paper_at[bit.bit_length() - 1]
            left &= ~bits  # of its boxes the first one tells
            if reached & bits:
                continue
            if not bit & in_force:
                axis = self._ground(paper, request, at)
            else:
                axis = next(name for name, mask in zip(_AXES, masks, strict=True) if not mask & bit)
            if axis is not None:
                found[paper.id] = axis
        return found

    def _ground(self, paper: Paper, request: Request, at: datetime) -> str | None:
        """On which ground a paper is not live, if it is one: the same until the next moment at which it may begin or cease to count."""
        key = (paper.id, bisect_right(self._turns[paper.id], at))
        if key not in self._grounds:
            grounds = not_live(paper, self.plan.consents, request.recipient, at, facts=self.plan.facts, by=_CORE)
            self._grounds[key] = next(iter(grounds)) if len(grounds) == 1 else None
        return self._grounds[key]


def _by_class(box: Region) -> bool:
    return any(not isinstance(each, str) and each.class_ is not None for each in box.recipients)
