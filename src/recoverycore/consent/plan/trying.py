"""A function of a profile tried on everything it looks at: whether it ever says something else, and what its answers are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent.facts import Facts
from recoverycore.consent.matter import Matter, Setting
from recoverycore.consent.reading import Reads
from recoverycore.consent.requests import Discloser, Recipient, Record, Request
from recoverycore.consent.times import EVER, NEVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recoverycore.consent.posets import Axis

__all__ = ["Trying"]

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
        if looks.own or looks.parties or looks.roles:
            return set(), looks
        answers = set()
        for number, matter in enumerate(self._matters(looks)):
            try:
                answers.add(function(matter))
            except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
                answers.add("raised")
            if number > _AT_MOST:
                return set(), looks
        return answers, looks if len(answers) > 1 else Reads()

    def _matters(self, looks: Reads) -> Iterator[Matter]:
        """A matter for each combination of values that `looks` tells apart."""
        label_sets = [held for size in range(len(looks.labels) + 1) for held in combinations(sorted(looks.labels), size)]
        filed, meant = self._ordered("category", looks.categories), self._ordered("purpose", looks.purposes)
        codes = ([_OTHER, *each] for each in (filed, meant, sorted(looks.actions), sorted(looks.relationships)))
        kinds = ([None, _OTHER, *sorted(each)] if each else [None] for each in (looks.kinds, looks.discloser_kinds))
        treating: list[bool | None] = [None, True, False] if looks.treating else [None]
        axes: list[Iterable[Any]] = [label_sets, *codes, *kinds, treating, self._instants()]
        for values in product(*axes):
            yield self._matter(*values)

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
        category: str,
        purpose: str,
        action: str,
        relationship: str,
        kind: str | None,
        discloser_kind: str | None,
        treating: bool | None,  # noqa: FBT001 - a value, not a mode
        at: datetime = _AN_INSTANT,
    ) -> Matter:
        words = self.setting.words
        recipient = Recipient(id=_OTHER, kind=kind, treating_relationship=treating, relationship=relationship)
        record = Record(id="cell", labels=labels, category=category)
        discloser = Discloser(id=f"{_OTHER} discloser", kind=discloser_kind)
        return Matter(
            request=Request(discloser=discloser, recipient=recipient, purposes=(purpose,), action=action, at=at, records=(record,)),
            record=record,
            labels=words.read("label", labels),
            category=next(iter(words.read("category", [category]))),
            purpose=next(iter(words.read("purpose", [purpose]))),
            action=next(iter(words.read("action", [action]))),
            recipient=recipient,
            facts=self.facts,
            setting=self.setting,
        )
