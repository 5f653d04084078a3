"""What a tree says of a matter: permit, deny, or nothing, and which of its provisions says so.

A provision that does not fit says nothing. One that fits says its own polarity, unless an exception that fits says the opposite; of a
deny said again below a deny nothing permits again. What is not known fits no permit and every deny.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from recoverycore.consent.coverage import failing
from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from recoverycore.consent.compiled import Region
    from recoverycore.consent.matter import Matter

__all__ = ["Branch"]

_Region: TypeAlias = "Region"


@frozen
class Branch:
    """A provision with its exceptions. `region` holds the criteria that a box has too; None among the others means it is not given.

    `start` and `end` are read as its polarity has it. `acts` are what has to be done for it to fit a copy that is passed on. A permit
    said again below a permit changes nothing, and is left out when a tree is compiled.
    """

    place: str
    permits: bool
    pins: bool
    """Whether it says a deny again that stands above it."""
    region: _Region
    actors: frozenset[str] | None
    classes: frozenset[str] | None
    codes: frozenset[str] | None
    start: datetime
    end: datetime
    unjudged: bool
    acts: tuple[str, ...]
    below: tuple[Branch, ...]

    def says(self, matter: Matter) -> Branch | None:
        """The provision that decides, whose polarity is the answer; None where the tree says nothing."""
        if self.missed(matter):
            return None
        excepting = None
        for each in self.below:
            said = each.says(matter)
            if said is None:
                continue
            if each.pins and not said.permits:
                return said
            if each.permits is said.permits is not self.permits:
                excepting = excepting or said
        return excepting or self

    def missed(self, matter: Matter) -> tuple[str, ...]:
        """The axes on which the criteria do not fit, by the names that failing permits are told by; none where all do."""
        acts = self.acts if matter.action == "redisclose" else (matter.action,)
        found = set(failing(self.region, matter, "permit" if self.permits else "deny", acts))
        if self.actors is not None and not self._among(self.actors, matter):
            found.add("recipient")
        record = matter.record
        class_, code = (None, None) if record is None else (record.class_, record.code)
        if not (self._fits(self.classes, class_) and self._fits(self.codes, code)):
            found.add("category")
        if matter.at < self.start:
            found.add("not_started")
        if matter.at >= self.end:
            found.add("ended")
        if self.unjudged and self.permits:
            found.add("expression")
        return tuple(found)

    def _fits(self, values: frozenset[str] | None, point: str | None) -> bool:
        if values is None or STAR in values:
            return True
        return not self.permits if point is None else point in values

    @staticmethod
    def _among(actors: Collection[str], matter: Matter) -> bool:
        """Whether the recipient is one of `actors`, works for one, or is known to be in a group that is one."""
        who, groups = matter.recipient, matter.facts.groups
        return STAR in actors or who.id in actors or who.org in actors or any(who.id in groups.get(each, ()) for each in actors)

    def everywhere(self) -> Iterator[Branch]:
        """The provision and everything below it, each before what is below it."""
        waiting = [self]
        while waiting:
            each = waiting.pop()
            yield each
            waiting += reversed(each.below)

    @property
    def instants(self) -> frozenset[datetime]:
        """Every instant at which one of the provisions begins or ceases to hold."""
        return frozenset(moment for each in self.everywhere() for moment in (each.start, each.end))
