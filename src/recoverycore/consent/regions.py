"""A tree as two regions: all that it permits and all that it denies, each a union of boxes with exceptions of their own.

A decision walks down the tree; whoever compares whole sets of papers needs what it comes to, box by box. Both say the same of every matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from recoverycore.consent.branches import Branch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent.matter import Matter

__all__ = ["TreeBox", "TreeRegions", "regions_of"]


@frozen
class TreeBox:
    """A product of axes, written as the provisions that all have to fit, without its exceptions. `place` is the provision that decides."""

    place: str
    fits: tuple[Branch, ...]
    excepts: tuple[TreeBox, ...] = ()

    def covers(self, matter: Matter) -> bool:
        """Whether the box holds `matter` and no exception takes it away."""
        return not any(each.missed(matter) for each in self.fits) and not any(each.covers(matter) for each in self.excepts)


@frozen
class TreeRegions:
    """What a tree permits and what it denies. The two never meet; of what is in neither it says nothing."""

    permit: tuple[TreeBox, ...]
    deny: tuple[TreeBox, ...]

    def says(self, matter: Matter) -> tuple[str, frozenset[str]] | None:
        """``permit`` or ``deny`` with the places that say so; None where the tree says nothing."""
        for name, boxes in (("permit", self.permit), ("deny", self.deny)):
            places = frozenset(each.place for each in boxes if each.covers(matter))
            if places:
                return name, places
        return None


def regions_of(branch: Branch) -> TreeRegions:
    """The regions of a compiled tree, or of a provision with everything below it. As large as the tree is, times its depth."""
    below = [(each, regions_of(each)) for each in branch.below]
    pinned = tuple(box for each, found in below if each.pins for box in found.deny)
    turned = tuple(box for each, found in below if not each.pins for box in (found.permit if each.permits else found.deny))
    own = TreeBox(branch.place, (branch,), turned)
    others = tuple(_within(branch, turned, pinned))
    if branch.permits:
        return TreeRegions((own,), others)
    return TreeRegions(others, (own, *_within(branch, pinned)))


def _within(branch: Branch, boxes: Iterable[TreeBox], without: tuple[TreeBox, ...] = ()) -> Iterable[TreeBox]:
    """`boxes` as far as `branch` fits too."""
    return (evolve(each, fits=(branch, *each.fits), excepts=(*each.excepts, *without)) for each in boxes)
