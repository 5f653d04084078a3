"""The condition of one rule over its derived facts: checked when the rule is read, judged in three values when it is looked at."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from recoverycore.ground.canonical import canonical_json
from recoverycore.ground.durations import parse_elapsed
from recoverycore.risk.language.declarations import RESERVED
from recoverycore.risk.language.evaluation import evaluate
from recoverycore.risk.language.loading import load_rules
from recoverycore.risk.language.slips import LoadError, RuleSetError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from recoverycore.risk.derived import DerivedFact
    from recoverycore.risk.language.assessment import RuleOutcome
    from recoverycore.risk.language.rule_set import RuleSet
    from recoverycore.risk.signals import Signal

__all__ = ["condition_slips", "judged", "looks_back", "typed"]

_ID = "rule"
_MICROSECOND = timedelta(microseconds=1)
_RULES_KEPT = 512
Condition: TypeAlias = "dict[str, Any]"


def condition_slips(when: Condition, facts: Mapping[str, DerivedFact]) -> list[dict[str, Any]]:
    """Everything that is wrong with a condition, each as the context of a problem: its name, the place, the likely word."""
    try:
        _compiled(_text(when, facts))
    except RuleSetError as error:
        return [_slip(each, told.name) for each, told in zip(error.errors, error.problems, strict=True)]
    return []


def judged(
    when: Condition,
    facts: Mapping[str, DerivedFact],
    records: Mapping[str, Any],
    now: datetime,
    *,
    signals: tuple[Signal, ...],
    since: datetime | None,
) -> RuleOutcome:
    """Whether the condition holds of `records`, one a fact, and of the kinds of signal that it counts by itself, as of `now`."""
    counted = set(_counted(when))  # most conditions count no signals by themselves, and a person may have very many
    chosen = [each for each in signals if each.kind in counted]
    found = evaluate(_compiled(_text(when, facts)), records, now, signals=chosen, signals_known_since=since)
    return found.rules[_ID]


def _counted(when: Any) -> Iterator[str]:
    """The kinds of signal that a condition itself speaks about."""
    for each in when if isinstance(when, list) else [when]:
        if isinstance(each, dict):
            for key, value in each.items():
                if key in ("fact", "value_of") and isinstance(value, str) and value.startswith(RESERVED):
                    yield value.removeprefix(RESERVED)
                elif isinstance(value, dict | list):
                    yield from _counted(value)


def looks_back(when: Any) -> Iterator[timedelta]:
    """The lengths by which a condition itself looks back: at their ends time alone may change it."""
    for each in when if isinstance(when, list) else [when]:
        if isinstance(each, dict):
            for key, value in each.items():
                if key in ("last", "duration") and isinstance(value, str):
                    yield parse_elapsed(value) + _MICROSECOND  # both edges of a window are inside it
                elif isinstance(value, dict | list):
                    yield from looks_back(value)


def typed(when: Any, facts: Mapping[str, DerivedFact]) -> Any:
    """A condition from a format that has text only, its numbers and truths read as such."""
    if isinstance(when, list):
        return [typed(each, facts) for each in when]
    if not isinstance(when, dict):
        return when
    own = facts.get(when["fact"]) if isinstance(when.get("fact"), str) else None
    counts = "count" in when or (own is not None and own.declaration["type"] == "integer")
    return {key: _literal(value, counts=counts) if key == "value" else typed(value, facts) for key, value in when.items()}


def _literal(value: Any, *, counts: bool) -> Any:
    if isinstance(value, list):
        return [_literal(each, counts=counts) for each in value]
    if not isinstance(value, str):
        return value
    if counts:
        return int(value) if value.removeprefix("-").isdecimal() else value
    return {"true": True, "false": False}.get(value, value)


def _text(when: Condition, facts: Mapping[str, DerivedFact]) -> str:
    return canonical_json([{name: fact.declaration for name, fact in facts.items()}, when])


@lru_cache(maxsize=_RULES_KEPT)
def _compiled(text: str) -> RuleSet:
    """The rule set of one condition. Kept by its text: the same text is the same set."""
    declarations, when = json.loads(text)
    return load_rules({"facts": declarations, "rules": [{"id": _ID, "version": "1", "level": 1, "when": when}]})


def _slip(error: LoadError, name: str) -> dict[str, Any]:
    at = tuple(int(part) if part.isdecimal() else part for part in error.path.split("/")[1:])
    return {"name": name, "at": at, "detail": error.name if error.code == "missing_field" else "", "did_you_mean": error.suggest}
