"""Asking one condition about some facts."""

from __future__ import annotations

from typing import Any

from recoverycore.risk import RuleSettings, evaluate, load_rules
from tests.risk.rule_strategies import FACTS, NOW


def said(when: dict[str, Any], facts: dict[str, Any], settings: RuleSettings | None = None, **given: Any) -> tuple[Any, ...]:
    """The outcome of one condition, what to ask for, and the errors of the facts."""
    rules = load_rules({"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 2, "when": when}]}, settings)
    found = evaluate(rules, facts, NOW, **given)
    return found.rules["r"].outcome, *found.rules["r"].ask_for.values(), *(error.code for error in found.fact_errors)


def of(fact: str, record: Any, *, settings: RuleSettings | None = None, **test: Any) -> tuple[Any, ...]:
    """What one leaf about one fact says."""
    return said({"fact": fact, **test}, {fact: record}, settings)
