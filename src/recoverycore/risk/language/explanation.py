"""Why a rule said what it said, in words: who wrote it, which conditions decided, which facts with their dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.errors import NotFound, problem
from recoverycore.ground.instants import utc_text
from recoverycore.risk.language.assessment import Outcome
from recoverycore.risk.language.conditions import leaves_of, reads
from recoverycore.risk.language.facts import read_instant
from recoverycore.risk.language.knowledge import Reason
from recoverycore.risk.language.words import in_words

if TYPE_CHECKING:
    from recoverycore.risk.language.assessment import Assessment
    from recoverycore.risk.language.rule_set import RuleSet

__all__ = ["Explanation", "explain"]

_SUPPORTS = "This supports a person's judgement and does not replace it."


@frozen
class Explanation:
    """One rule's outcome with everything it rests on: ids, who answers for it, conditions in words, and dates; no value of a fact."""

    rule: str
    version: str
    level: int
    outcome: Outcome
    source: str | None = field(repr=False)
    author: str | None = field(repr=False)
    clinical_approver: str | None = field(repr=False)
    decided_by: Mapping[str, str] = field(repr=False)
    """The deciding leaves in words, by their places."""
    facts: Mapping[str, datetime | None] = field(repr=False)
    """The facts that these leaves read, each with the date of its record, or of its latest event."""
    ask_for: Mapping[str, Reason] = field(repr=False)
    sentence: str = field(default=_SUPPORTS, repr=False)

    def to_data(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "rule": self.rule,
            "version": self.version,
            "level": self.level,
            "outcome": self.outcome,
            "source": self.source,
            "author": self.author,
            "clinical_approver": self.clinical_approver,
            "decided_by": dict(self.decided_by),
            "facts": {fact: None if at is None else utc_text(at) for fact, at in self.facts.items()},
            "ask_for": dict(self.ask_for),
            "sentence": self.sentence,
        }


def explain(rule_set: RuleSet, assessment: Assessment, facts: Mapping[str, Any], rule: str) -> Explanation:
    """Why the rule of the id `rule` said what stands in `assessment`, which `rule_set` said of `facts`.

    Error: `NotFound` (``rule_not_assessed``).
    """
    found = next((each for each in rule_set.rules if each.id == rule), None)
    said = assessment.rules.get(rule)
    if found is None or said is None:
        raise NotFound(problem("rule_not_assessed", detail=f"rule {rule}"))
    placed = {each.path: each.leaf for each in leaves_of(found.when)}
    deciding = {path: placed[path] for path in said.decided_by if path in placed}
    read = sorted({fact for leaf in deciding.values() for fact in reads(leaf)})
    return Explanation(
        rule=rule,
        version=found.version,
        level=found.level,
        outcome=said.outcome,
        source=found.source,
        author=found.author,
        clinical_approver=found.clinical_approver,
        decided_by={path: in_words(leaf) for path, leaf in deciding.items()},
        facts={fact: _dated(facts.get(fact)) for fact in read},
        ask_for=said.ask_for,
    )


def _dated(record: Any) -> datetime | None:
    """When a record is of; None where nobody can tell."""
    if not isinstance(record, Mapping):
        return None
    events = record.get("events")
    listed = events if isinstance(events, list) else [record]
    times = (read_instant(each.get("at")) for each in listed if isinstance(each, Mapping))
    return max((at for at in times if isinstance(at, datetime)), default=None)
