"""What papers name: whom, in which standing, of what kind, and who releases it; with one on each axis that nobody named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.consent.plan.patches import people_of
from recoverycore.consent.plan.space import unnamed
from recoverycore.consent.plan.where import Standing
from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverycore.consent.compiled import Paper, Region

__all__ = ["Named"]


@frozen
class Named:
    """What papers name: ids of people and organisations, and one for anybody else; roles and ways; categories; disclosers."""

    people: tuple[str, ...]
    anybody: str
    standings: tuple[Standing, ...]
    kinds: tuple[str, ...]
    disclosers: tuple[str | None, ...]

    @classmethod
    def by(cls, papers: Sequence[Paper]) -> Named:
        """What these papers name. Where they name one discloser alone, nobody has to say which is meant."""
        people = set(_people(papers))
        selectors = [each for box in _boxes(papers) for each in box.recipients if not isinstance(each, str)]
        roles = {("as", each.role, each.org) for each in selectors if each.role is not None}
        ways = {("by", each.via, None) for each in selectors if each.via is not None}
        kinds = set(_categories(papers))
        releasing = {each.discloser for each in papers} - {None}
        several = sorted(str(each) for each in releasing - {STAR})
        return cls(
            tuple(sorted(people)),
            unnamed("recipient", people),
            tuple(sorted({*roles, *ways}, key=lambda each: (each[0], str(each[1]), each[2] or ""))),
            (*sorted(kinds), unnamed("category", kinds)),
            (*several, unnamed("discloser", several)) if len(releasing) > 1 else (None,),
        )


def _people(papers: Iterable[Paper]) -> Iterator[str]:
    """Everybody whom the papers name by an id."""
    for box in _boxes(papers):
        yield from (name for _, name, _ in people_of(each for each in box.recipients if not isinstance(each, str)))
    for paper in papers:
        for part in paper.branch.everywhere() if paper.branch else ():
            yield from (part.actors or frozenset()) - {STAR}
        for each in paper.revocations:
            yield from (each.recipients or frozenset()) - {STAR}


def _boxes(papers: Iterable[Paper]) -> Iterator[Region]:
    for paper in papers:
        yield from (*paper.boxes, *paper.excepts)


def _categories(papers: Iterable[Paper]) -> Iterator[str]:
    """Every category that the papers name."""
    for paper in papers:
        regions = (*paper.boxes, *paper.excepts, *(each.region for each in (paper.branch.everywhere() if paper.branch else ())))
        for region in regions:
            yield from region.categories - {STAR}
