"""What a tree of provisions says, cut into patches: one for its root, without which it says nothing, and a mark for each provision.

Which provision decides depends on all that fit, so a plan with a tree leaves the answer to the decision; the patches see to it that cells
which are asked about together fit the same provisions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.plan.patches import Patch, is_code
from recoverycore.consent.posets import STAR
from recoverycore.consent.times import EVER, NEVER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.branches import Branch
    from recoverycore.consent.compiled import Paper
    from recoverycore.consent.facts import Facts

__all__ = ["fitting", "marks_beside"]


def fitting(branch: Branch, facts: Facts) -> Patch:
    """Where a provision fits, as far as its criteria say that can be judged."""
    region = branch.region
    spoken = {EVER: False, branch.start: True, branch.end: False}
    patch = Patch(
        loose=not branch.permits,
        labels=region.labels,
        categories=region.categories,
        purposes=region.purposes,
        actions=region.actions,
        acts="as_released",
        people=_people(branch.actors, facts),
        first=region.first,
        last=region.last,
        live=tuple((at, live) for at, live in spoken.items() if at < NEVER),
    )
    for axis, values in (("class", branch.classes), ("code", branch.codes)):
        if values is not None and STAR not in values:
            patch = patch.asking(axis, _fits, values, not branch.permits)
    return patch


def marks_beside(paper: Paper, branch: Branch, facts: Facts) -> Iterator[Patch]:
    """A mark for each provision, and for whether the tree speaks of this discloser and of a copy that is passed on."""
    for each in branch.everywhere():
        yield fitting(each, facts)
    yield Patch(discloser=paper.discloser)
    yield Patch().asking("action", is_code, "redisclose")


def _fits(values: frozenset[str], loose: bool, point: str | None) -> bool:  # noqa: FBT001 - a manner, bound once
    """Whether a record of this class or code fits; where that is not known, `loose`."""
    return loose if point is None else point in values


def _people(actors: frozenset[str] | None, facts: Facts) -> frozenset[tuple[str, str, str | None]] | None:
    """Recipients by their id or organisation, and the members of groups."""
    if actors is None or STAR in actors:
        return None
    members: set[tuple[str, str, str | None]] = {("person", name, None) for each in actors for name in facts.groups.get(each, ())}
    return frozenset(members | {("org", each, None) for each in actors})
