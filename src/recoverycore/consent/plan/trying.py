"""A function of a profile tried on everything it looks at: whether it ever says something else, and what its answers are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.consent.facts import Facts
from recoverycore.consent.matter import Matter, Setting
from recoverycore.consent.plan.cells import NAMELESS
from recoverycore.consent.reading import Reads
from recoverycore.consent.requests import Discloser, Recipient, Record, Request
from recoverycore.consent.times import EVER, NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverycore.consent.posets import Axis

__all__ = ["RAISED", "Trying"]

RAISED = "raised"
"""What a function that raises says."""
_OTHER = "(any other)"
_AN_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
_AT_MOST = 2000


@frozen
class Trying:
    """The setting and the facts under which functions are tried: the same all through a plan."""

    setting: Setting
    facts: Facts
    times: tuple[datetime, ...]
    """When a function may begin to say something else of the same, in their order: the times that the facts tell."""

    def tried(self, function: Callable[[Matter], Any], looks: Reads) -> tuple[set[Any], Reads]:
        """The answers of `function` to whatever it looks at, and what of that matters: nothing, where it always says the same.

        Where not everything can be tried, no answer is told, and all of it matters.
        """
        everything = evolve(looks, finely=True)
        if looks.own or looks.parties or looks.roles:
            return set(), everything
        answers: dict[Any, set[Any]] = {}
        for number, (coarse, matter) in enumerate(self._matters(looks)):
            answers.setdefault(coarse, set()).add(_answer(function, matter))
            if number > _AT_MOST:
                return set(), everything
        found = set().union(*answers.values())
        finely = any(len(each) > 1 for each in answers.values())
        return found, evolve(looks, finely=finely) if len(found) > 1 else Reads()

    def _matters(self, looks: Reads) -> Iterator[tuple[Any, Matter]]:
        """A matter for each combination of values that `looks` tells apart, behind what it has in common with those that are coarsely the
        same: the labels told that a record carries or stands below, whatever else it carries; and what is not known is like any other.
        """
        carried = [*self._ordered("label", looks.labels), _OTHER] if looks.labels else []
        label_sets = [held for size in range(len(carried) + 1) for held in combinations(carried, size)]
        named = self._ordered("category", looks.categories), self._ordered("purpose", looks.purposes), sorted(looks.actions)
        filed, meant, done = ([_OTHER, *each] for each in named)
        bonds = [None, _OTHER, *sorted(looks.relationships)] if looks.relationships else [None]
        kinds = ([None, _OTHER, *sorted(each)] if each else [None] for each in (looks.kinds, looks.discloser_kinds))
        treating: list[bool | None] = [None, True, False] if looks.treating else [None]
        axes: list[Iterable[Any]] = [[None, *filed] if looks.categories else filed, meant, done, bonds, *kinds, treating, self._instants()]
        for labels in label_sets:
            below = frozenset(each for each in looks.labels if self._carries(labels, each))
            for category, purpose, action, bond, *others in product(*axes):
                coarse = (below, category or _OTHER, purpose, action, bond or _OTHER, *others)
                yield coarse, self._matter(labels, category, purpose, action, bond, *others)

    def _carries(self, labels: Iterable[str], label: str) -> bool:
        words = self.setting.words
        return any(words.covers("label", words.read("label", [label]), each) for each in labels)

    def _instants(self) -> list[datetime]:
        """An instant in each stretch of time in which the facts say the same."""
        first = min(self.times, default=NEVER)
        before = _AN_INSTANT if first > _AN_INSTANT else first - min(timedelta(days=1), first - EVER)
        return [before, *self.times]

    def _ordered(self, axis: Axis, named: Iterable[str]) -> list[str]:
        """What is named on `axis`, by its own names, and of the codes that stand below the same of these one."""
        words = self.setting.words
        own = words.read(axis, named)
        below = {words.upward(axis, each) & own: each for each in sorted(words.codes(axis) - own)}
        return [*sorted(own), *(each for above, each in below.items() if above)]

    def _matter(  # noqa: PLR0917 - one value of each axis, in the order of `_matters`
        self,
        labels: tuple[str, ...],
        category: str | None,
        purpose: str,
        action: str,
        relationship: str | None,
        kind: str | None,
        discloser_kind: str | None,
        treating: bool | None,  # noqa: FBT001 - a value, not a mode
        at: datetime = _AN_INSTANT,
    ) -> Matter:
        words = self.setting.words
        recipient = Recipient(id=_OTHER, kind=kind, treating_relationship=treating, relationship=relationship)
        record = Record(id=NAMELESS, labels=labels, category=category)
        discloser = Discloser(id=f"{_OTHER} discloser", kind=discloser_kind)
        return Matter(
            request=Request(discloser=discloser, recipient=recipient, purposes=(purpose,), action=action, at=at, records=(record,)),
            record=record,
            labels=words.read("label", labels),
            category=None if category is None else words.one("category", category),
            purpose=next(iter(words.read("purpose", [purpose]))),
            action=words.one("action", action),
            recipient=recipient,
            facts=self.facts,
            setting=self.setting,
        )


def _answer(function: Callable[[Matter], Any], matter: Matter) -> Any:
    """What `function` says, as something that can be compared: of a list, and of what else has no hash, how it is written."""
    try:
        said = function(matter)
    except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
        return RAISED
    try:
        hash(said)
    except TypeError:
        return repr(said)
    return said
