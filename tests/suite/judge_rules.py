"""Judging cases of the rule language: loading, evaluating, re-evaluating and lint as the case gives it, compared whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from recoverycore.ground import parse_instant
from recoverycore.risk import RuleLimits, RuleSetError, RuleSettings, affected, evaluate, lint, load_rules, reevaluate

SHIPPED = Path(__file__).with_name("rules.json")
ONLY_WITH = {"raised_by": "raises", "hook_problems": "raises", "newly_must": "previous", "newly_may": "previous"}
"""What the result of a case shows only if the case gives this."""


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case in `path`: how many passed, and a line for each that did not."""
    suite = json.loads((path or SHIPPED).read_text("utf-8"))
    failures = []
    for case in suite["cases"]:
        wrong = judge(case, suite["conventions"]["facts"])
        if wrong:
            failures.append(f"{case['id']} {case['title']}: {wrong}")
    return len(suite["cases"]) - len(failures), failures


def judge(case: dict[str, Any], shared_facts: dict[str, Any]) -> str:
    """What is wrong with one case; nothing when it passes."""
    given = case["given"]
    data = given["rule_set"]
    if data["facts"] == "$FACTS":
        data = {**data, "facts": shared_facts}
    settings = RuleSettings(limits=RuleLimits(**given.get("limits", {})))
    match case["when"]:
        case "load":
            found: dict[str, Any] = {"errors": _errors(data, settings)}
        case "evaluate":
            found = _evaluated(data, settings, given)
        case "affected":
            found = {"rules": list(affected(load_rules(data, settings), given["changed"]))}
        case "lint":
            findings = lint(load_rules(data, settings), date.fromisoformat(given["at"]))
            found = {"findings": [each.to_data() for each in findings]}
        case other:
            return f"nobody knows what {other} is"
    return "" if found == case["expect"] else f"{found} instead of {case['expect']}"


def _errors(data: dict[str, Any], settings: RuleSettings) -> list[dict[str, Any]]:
    try:
        load_rules(data, settings)
    except RuleSetError as error:
        return [each.to_data() for each in error.errors]
    return []


def _evaluated(data: dict[str, Any], settings: RuleSettings, given: dict[str, Any]) -> dict[str, Any]:
    rules = load_rules(data, settings)
    besides: dict[str, Any] = {name: given[name] for name in ("signals", "signals_known_since", "raises", "previous") if name in given}
    found = evaluate(rules, given["facts"], parse_instant(given["now"]), **besides)
    if reevaluate(rules, found, given["facts"], rules.readers, **besides) != found:
        return {"incremental": "differs"}
    return {name: part for name, part in found.to_data().items() if name not in ONLY_WITH or ONLY_WITH[name] in given}
