"""What is said about a goal, entry by entry, and which of it holds for somebody who knows what was recorded up to an instant.

Nothing is ever overwritten: a correction and a retraction are entries of their own, so an old view stays what it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.canonical import canonical_json
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Id, Instant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["Observation", "holding"]


class Observation(Document):
    """One statement about a goal: about a unit (an evening or a day), about how often, or about a whole period.

    - `date` or `at` with `value`: yes or no; unknown and declined are gaps. Without a value `at` says yes.
    - `date` or `at` with `amount`, by default 1: something happened that often.
    - `date` and `total`: the whole number of that day.
    - `summary_from` (the first date of a period) and `total`: the whole number of that period.
    - `corrects` names the entry that this one stands in for, `retracts` the one that is taken back.

    `counts` names what is counted, for a goal that sets two things side by side or for entries that several goals read.
    Anything that says more than one of these is refused (``not_one_statement``).
    """

    schema_name: ClassVar[str] = "recoverycore/observation"

    id: Id
    by: Id
    recorded_at: Instant
    counts: Id | None = None
    date: Day | None = None
    at: Instant | None = None
    value: Literal["yes", "no", "unknown", "declined"] | None = None
    amount: Annotated[Count, Field(ge=1)] | None = None
    total: Annotated[Count, Field(ge=0)] | None = None
    summary_from: Day | None = None
    corrects: Id | None = None
    retracts: Id | None = None

    @model_validator(mode="after")
    def _one_statement(self) -> Self:
        said = {name for name in ("date", "at", "value", "amount", "total", "summary_from") if getattr(self, name) is not None}
        if self.retracts is not None:
            well = not said and self.corrects is None
        elif self.summary_from is not None:
            well = said == {"summary_from", "total"}
        elif self.total is not None:
            well = said == {"date", "total"}
        else:
            well = ("date" in said) != ("at" in said) and (self.amount is None or self.value in (None, "yes"))
        if not well:
            raise PydanticCustomError("recovery", "{name}", {"name": "not_one_statement"})
        return self

    @property
    def word(self) -> Literal["yes", "no"] | None:
        """What it says about its unit, or None where that is a gap or no answer of this kind."""
        if self.value in ("yes", "no"):
            return self.value
        return "yes" if self.at is not None and self.value is None else None


def holding(observations: Iterable[Observation], known_at: datetime) -> tuple[Observation, ...]:
    """The entries that hold for somebody who knows what was recorded up to `known_at`, in no particular order.

    Of several entries with one id the one recorded first counts. Of all amendments of one entry, chains included, the one
    recorded last holds (of two at once the one with the greater id) and stands in for the entry whole; after a retraction
    nothing is left. An amendment of something that is not known is not applied.
    """
    seen: dict[str, Observation] = {}
    for each in observations:
        held = seen.get(each.id)
        if each.recorded_at <= known_at and (held is None or _first(each) < _first(held)):
            seen[each.id] = each
    last: dict[str, Observation] = {}
    for each in seen.values():
        original = _original(each, seen)
        if original is not None:
            last[original] = max(last.get(original, each), each, key=_latest)
    return tuple(each for each in last.values() if each.retracts is None)


def _original(entry: Observation, seen: dict[str, Observation]) -> str | None:
    """The id of the entry that `entry` amends in the end, its own if it amends none, or None where nobody knows it."""
    passed = set()
    found: Observation | None = entry
    while found is not None and found.id not in passed:
        target = found.corrects or found.retracts
        if target is None:
            return found.id
        passed.add(found.id)
        found = seen.get(target)
    return None


def _first(entry: Observation) -> tuple[datetime, str]:
    return entry.recorded_at, canonical_json(entry.to_data())


def _latest(entry: Observation) -> tuple[bool, datetime, str]:
    """An original gives way to every amendment of it, whenever that was recorded."""
    return entry.corrects is not None or entry.retracts is not None, entry.recorded_at, entry.id
