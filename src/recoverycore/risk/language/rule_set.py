"""A rule set as it is used: declarations, rules with their conditions, and who reads what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from attrs import field, frozen

from recoverycore.risk.language.conditions import Condition, leaves_of, reads
from recoverycore.risk.language.declarations import Declaration
from recoverycore.risk.language.settings import RuleSettings

__all__ = ["CompiledRule", "RuleSet", "affected"]


@frozen
class CompiledRule:
    """One rule: when it holds, the level it raises to, when it is in force, and who answers for it."""

    id: str
    version: str
    level: int
    when: Condition = field(repr=False)
    title: str | None = field(default=None, repr=False)
    author: str | None = field(default=None, repr=False)
    owner: str | None = field(default=None, repr=False)
    clinical_approver: str | None = field(default=None, repr=False)
    source: str | None = field(default=None, repr=False)
    effective_from: datetime | None = None
    effective_until: datetime | None = None
    review_by: date | None = None
    audience: frozenset[str] = field(default=frozenset(), repr=False)

    def in_force(self, now: datetime) -> bool:
        """Whether `now` lies in its period, whose end is not part of it."""
        begun = self.effective_from is None or self.effective_from <= now
        return begun and (self.effective_until is None or now < self.effective_until)


@frozen
class RuleSet:
    """Every rule and every declared fact, checked and compiled; the rules in the order of their ids. `load_rules` makes one."""

    facts: Mapping[str, Declaration] = field(repr=False)
    rules: tuple[CompiledRule, ...] = field(repr=False)
    settings: RuleSettings = field(factory=RuleSettings, repr=False)
    readers: Mapping[str, tuple[str, ...]] = field(init=False, repr=False)

    @readers.default
    def _find_readers(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = {}
        for rule in self.rules:
            for placed in leaves_of(rule.when):
                for fact in reads(placed.leaf):
                    found.setdefault(fact, {})[rule.id] = None
        return {fact: tuple(ids) for fact, ids in found.items()}

    def __len__(self) -> int:
        return len(self.rules)


def affected(rule_set: RuleSet, changed: Iterable[str]) -> tuple[str, ...]:
    """The ids of the rules that read one of the `changed` facts, sorted. All others decide as before, at the same instant.

    When time has passed every rule may decide otherwise.
    """
    return tuple(sorted({rule for fact in changed for rule in rule_set.readers.get(fact, ())}))
