"""Lint: what in a rule set can never happen, always happens, is said twice, or lacks somebody who answers for it.

It changes no behaviour. What is told is exact within what `axes` can tell apart; whatever takes too many alternatives is named.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import field, frozen

from recoverycore.risk.language.axes import regions
from recoverycore.risk.language.conditions import leaves_of
from recoverycore.risk.language.leaves import signal_facts
from recoverycore.risk.language.rule_set import CompiledRule, RuleSet
from recoverycore.risk.language.ways import Way, how_many, implies, ways

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.risk.language.ways import Regions

__all__ = ["LintFinding", "lint"]

_EARLIEST, _LATEST = (end.replace(tzinfo=UTC) for end in (datetime.min, datetime.max))  # noqa: DTZ901 - their zone is said here


@frozen
class LintFinding:
    """Something that its author should look at: a code, the rule (None: the set), and the other rule or the fact it is about."""

    code: str
    rule: str | None
    by: str | None = None
    fact: str | None = None

    def to_data(self) -> dict[str, str | None]:
        """The finding as plain data: ``{code, rule}``, with ``by`` and ``fact`` where there is one."""
        besides = {"by": self.by, "fact": self.fact}
        return {"code": self.code, "rule": self.rule, **{name: value for name, value in besides.items() if value is not None}}


@frozen
class _Read:
    """A rule whose condition could be looked through: all ways to hold and all ways not to."""

    rule: CompiledRule
    holds: list[Way] = field(repr=False)
    fails: list[Way] = field(repr=False)


def lint(rule_set: RuleSet, at: date) -> tuple[LintFinding, ...]:
    """Everything that lint finds on the day `at`, sorted. Whether a finding stops a release is the host's choice.

    >>> from recoverycore.risk import load_rules
    >>> rules = load_rules({
    ...     "facts": {"craving": {"type": "integer", "min": 0, "max": 10}},
    ...     "rules": [{"id": "r", "version": "1", "level": 2, "when": {"fact": "craving", "op": "gt", "value": 10}}],
    ... })
    >>> [finding.code for finding in lint(rules, date(2026, 3, 20)) if not finding.code.startswith("no_")]
    ['dead_rule']
    """
    declared = {**rule_set.facts, **signal_facts()}
    leaves = (placed.leaf for rule in rule_set.rules for placed in leaves_of(rule.when))
    where = regions(leaves, declared, rule_set.settings)
    day = at.date() if isinstance(at, datetime) else at
    found = [finding for rule in rule_set.rules for finding in _administrative(rule, day)]
    found += (LintFinding("unused_fact", None, fact=fact) for fact in rule_set.facts if fact not in rule_set.readers)
    most = rule_set.settings.limits.max_alternatives
    read: list[_Read] = []
    for rule in rule_set.rules:
        looked = _read(rule, where, most)
        found += (LintFinding(code, rule.id) for code in _alone(looked))
        if looked is not None and looked.holds:
            read.append(looked)
    for one, other in combinations(read, 2):
        found += _of_a_pair(one, other, most)
    return tuple(sorted(found, key=lambda finding: (finding.code, finding.rule or "", finding.by or "", finding.fact or "")))


def _administrative(rule: CompiledRule, day: date) -> Iterator[LintFinding]:
    fields = {
        "no_author": rule.author,
        "no_owner": rule.owner,
        "no_approver": rule.clinical_approver,
        "no_source": rule.source,
        "no_review_date": rule.review_by,
        "no_audience": rule.audience,
    }
    for code, value in fields.items():
        if not value or (isinstance(value, str) and not value.strip()):
            yield LintFinding(code, rule.id)
    if rule.review_by is not None and rule.review_by < day:
        yield LintFinding("review_overdue", rule.id)


def _read(rule: CompiledRule, where: Regions, most: int) -> _Read | None:
    """The ways of a rule; None if there are more than `most` alternatives."""
    if max(how_many(rule.when, holds=holds) for holds in (True, False)) > most:
        return None
    return _Read(rule, ways(rule.when, where, holds=True), ways(rule.when, where, holds=False))


def _alone(looked: _Read | None) -> Iterator[str]:
    """What is to be said of a rule by itself; of a dead one, only that."""
    if looked is None:
        yield "not_analysed"
    elif not looked.holds:
        yield "dead_rule"
    else:
        if not any(way.decidable for way in looked.holds):
            yield "never_decidable"
        if not looked.fails:
            yield "always_fires"


def _of_a_pair(one: _Read, other: _Read, most: int) -> Iterator[LintFinding]:
    """What is to be said of two rules: `one` comes first in the alphabet."""
    here, there = one.rule, other.rule
    if not _overlap(here, there):
        return
    forth, back = implies(one.holds, other.fails, most), implies(other.holds, one.fails, most)
    if forth and back:
        low, high = sorted((there, here), key=lambda rule: rule.level)
        yield LintFinding("duplicate_rule" if low.level == high.level else "unequal_levels", low.id, by=high.id)
        return
    for holds, rule, wider in ((forth, here, there), (back, there, here)):
        if holds is None:
            yield LintFinding("not_analysed", rule.id, by=wider.id)
        elif holds and wider.level >= rule.level and _covers(wider, rule) and rule.audience <= wider.audience:
            yield LintFinding("shadowed_rule", rule.id, by=wider.id)


def _period(rule: CompiledRule) -> tuple[datetime, datetime]:
    """Both ends of the time a rule is in force."""
    begin, end = rule.effective_from, rule.effective_until
    return (begin or _EARLIEST, end or _LATEST)


def _overlap(here: CompiledRule, there: CompiledRule) -> bool:
    (begin, end), (other_begin, other_end) = _period(here), _period(there)
    return begin < other_end and other_begin < end


def _covers(wider: CompiledRule, rule: CompiledRule) -> bool:
    (begin, end), (other_begin, other_end) = _period(wider), _period(rule)
    return begin <= other_begin and other_end <= end
