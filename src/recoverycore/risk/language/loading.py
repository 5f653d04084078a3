"""Rule sets as they are written: every error of every rule is collected, and one error refuses the whole set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.ground.problems import pointer
from recoverycore.risk.language.declarations import Declaration, read_declaration
from recoverycore.risk.language.leaves import signal_facts
from recoverycore.risk.language.reading import read_rule
from recoverycore.risk.language.rule_set import CompiledRule, RuleSet
from recoverycore.risk.language.settings import RuleSettings
from recoverycore.risk.language.slips import LoadError, RuleSetError, Slip
from recoverycore.risk.language.suggestions import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["load_rules"]

_PARTS = {"facts": dict, "rules": list}


def load_rules(data: Any, settings: RuleSettings | None = None) -> RuleSet:
    """The rule set that is written as ``{"facts": {name: declaration}, "rules": [rule, ...]}``.

    Conditions are data and are never run as code. Error: `RuleSetError`, which holds every slip; whatever set was loaded before
    stays in force. Where a declaration is wrong, only the declarations are told: what the rules say of them means nothing yet.

    >>> rules = load_rules({
    ...     "facts": {"housed": {"type": "boolean"}},
    ...     "rules": [{"id": "r", "version": "1", "level": 2, "when": {"fact": "housed", "op": "eq", "value": False}}],
    ... })
    >>> len(rules)
    1
    """
    settings = settings or RuleSettings()
    errors = list(_wrong_parts(data))
    facts: dict[str, Declaration] = {}
    if not errors:
        for name, given in data["facts"].items():
            found = read_declaration(name, given) if isinstance(name, str) else [Slip("bad_value")]
            if isinstance(found, Declaration):
                facts[name] = found
            else:
                errors += [LoadError(s.code, None, f"facts/{name}", pointer(("facts", name)), s.name, s.suggest) for s in found]
    rules: list[CompiledRule] = []
    if not errors:
        known = {**facts, **signal_facts()}
        ids: set[str] = set()
        for index, given in enumerate(data["rules"]):
            rule = read_rule(index, given, known, settings.limits, ids)
            if isinstance(rule, CompiledRule):
                rules.append(rule)
            else:
                errors += rule
    if errors:
        raise RuleSetError(tuple(sorted(errors, key=lambda error: error.order)))
    return RuleSet(facts=facts, rules=tuple(sorted(rules, key=lambda rule: rule.id)), settings=settings)


def _wrong_parts(data: Any) -> Iterator[LoadError]:
    if not isinstance(data, dict):
        yield LoadError("type_mismatch", None, "", "")
        return
    yield from _foreign_parts(data)
    for part, kind in _PARTS.items():
        if part not in data:
            yield LoadError("missing_field", None, part, pointer((part,)), part)
        elif not isinstance(data[part], kind):
            yield LoadError("type_mismatch", None, part, pointer((part,)))


def _foreign_parts(data: Mapping[Any, Any]) -> Iterator[LoadError]:
    for part in data:
        if part not in _PARTS:
            name = part if isinstance(part, str) else ""
            yield LoadError("unknown_field", None, name, pointer((name,)), name, suggest(name, _PARTS))
