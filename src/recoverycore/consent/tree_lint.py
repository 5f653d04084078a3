"""Lint for trees of provisions: what in one hardly means what it says. It changes no decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from recoverycore.consent.trees import TreeDirective

__all__ = ["TreeFinding", "lint_tree"]


@frozen
class TreeFinding:
    """Something that the author of a tree should look at: a code, and the place of the provision as a JSON pointer."""

    code: str
    place: str

    def to_data(self) -> dict[str, str]:
        """The finding as plain data."""
        return {"code": self.code, "place": self.place}


def lint_tree(tree: TreeDirective) -> tuple[TreeFinding, ...]:
    """What in `tree` hardly means what it says. It changes no decision.

    ``empty_provision``: fits everything. ``repeats_parent``: a permit said again below a permit changes nothing, and neither do its
    exceptions. ``unread_criterion``: nobody here can judge one of its criteria, so a permit never fits and a deny as if it were not there.
    """
    found = []
    for node in tree.walk():
        if not node.criteria.named and (node.above is not None or node.polarity == "permit"):
            found.append(TreeFinding("empty_provision", node.place))
        if node.polarity == node.above == "permit":
            found.append(TreeFinding("repeats_parent", node.place))
        if node.criteria.unjudged:
            found.append(TreeFinding("unread_criterion", node.place))
    return tuple(found)
