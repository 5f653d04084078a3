"""What a signature changes, person by person and kind by kind: what they may see then, what no longer, and what stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.consent.plan.answers import Comparison
from recoverycore.consent.plan.cells import Cell
from recoverycore.consent.plan.lines import lines_of
from recoverycore.consent.plan.named import Named
from recoverycore.consent.plan.plan import compare, compile_plan
from recoverycore.consent.plan.times import unknown_events
from recoverycore.consent.plan.where import where_of
from recoverycore.consent.plan.words import NO_NAMES, OF_ONE, day_text, seen_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent.plan.answers import Verdict
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.searching import Wanted

__all__ = ["Signing", "signing"]

_CHANGES: dict[str, Wanted] = {"gained": lambda answers: answers == (False, True), "lost": lambda answers: answers == (True, False)}
_STAYS: dict[str, Wanted] = {"stays": lambda answers: answers == (True, True, False)}


@frozen
class Signing:
    """What changes if new papers take the place of old ones, told to whoever would sign them.

    `comparison` is the proof. The cells tell it in detail, with each category that the papers name and with every other: one for each
    person and organisation that they name; for anybody else; and for whoever is reached in another way alone, as a person at one place,
    the holder of a role there, or somebody who treats the client and came through another. In `gained` are those that only the new papers
    permit, in `lost` those that only the old ones do, in `stays` those that both do and no law without a paper. Where the papers name
    several who release, each of them has cells of its own. Purpose and labels of a cell are one example; its times are all those of the
    example. A cell that names no place, role or way tells of whoever is at no place, in no role and came in no way that papers tell apart:
    where somebody is refused at one place before and after, nothing changes there, and no cell says so. `since` is the first instant that
    counts. `unknown_events` are those on which the end of a paper hangs and of which nobody has said whether they have happened.
    """

    comparison: Comparison
    gained: tuple[Cell, ...]
    lost: tuple[Cell, ...]
    stays: tuple[Cell, ...]
    since: datetime | None
    zone: str | None
    unknown_events: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """``equal``, ``narrower``, ``wider`` or ``both``."""
        return self.comparison.verdict

    def explain(self, names: Mapping[str, str] = NO_NAMES) -> str:
        """A plain sentence for each cell: what is new, what ends, what stays. `names` are the host's own for ids and codes."""

        def seen(cell: Cell) -> str:
            return seen_text(cell, self.zone, names, whose=self.comparison.whose)

        told = [f"New: the new version lets {seen(cell)}; the old one did not." for cell in self.gained]
        told += [f"Ends: the old version let {seen(cell)}; the new one does not." for cell in self.lost]
        told = told or ["Nothing changes about who can see what."]
        told += [f"Stays: both let {seen(cell)}." for cell in self.stays] or ["Nothing stays that anybody could see before."]
        told += [_unknown(each, names) for each in self.unknown_events] + ([OF_ONE] if self.comparison.of_one else [])
        return "\n".join([*([] if self.since is None else [f"From {day_text(self.since, self.zone)} on:"]), *told])

    def __str__(self) -> str:
        return self.explain()

    def to_data(self) -> dict[str, Any]:
        """The same as plain data."""
        cells = {name: [each.to_data() for each in getattr(self, name)] for name in ("gained", "lost", "stays")}
        return {"verdict": self.verdict, **cells, "unknown_events": list(self.unknown_events)}


def _unknown(event: str, names: Mapping[str, str]) -> str:
    told = names.get(event, event.replace("_", " "))
    return f"Not known: whether this has happened: {told}. Until somebody says so, a permission that ends with it counts as over."


def signing(old: Plan, new: Plan, from_: datetime | None = None) -> Signing:
    """What changes from `from_` on if `new` takes the place of `old`; left out, at all times.

    Errors: ``naive_time``, ``plan_too_large``, ``plan_of_a_copy``, ``plans_unlike``, ``profile_untold``.
    """
    compared = compare(old, new, from_)
    setting = old.setting
    lawful = compile_plan((), setting.profiles, setting.client, old.facts, policy=setting.policy)
    named, where = Named.by((*old.consents.papers, *new.consents.papers)), where_of(setting, {}, since=from_)
    changes = {} if compared.verdict == "equal" else lines_of((old, new), _CHANGES, where, named)
    found = changes | lines_of((old, new, lawful), _STAYS, where, named)
    told = {name: found.get(name, []) for name in ("gained", "lost", "stays")}
    for name, cell in (("gained", compared.gained), ("lost", compared.lost)):
        told[name] += [cell] if cell is not None and not told[name] else []
    return Signing(
        compared,
        tuple(told["gained"]),
        tuple(told["lost"]),
        tuple(told["stays"]),
        from_,
        setting.client.zone,
        tuple(sorted({event for each in (old, new) for event in unknown_events(each.consents, each.facts)})),
    )
