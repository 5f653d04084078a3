"""What lint finds, compared with every world there is where the worlds can be counted."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.risk import RuleLimits, RuleSettings, evaluate, lint, load_rules
from tests.risk.rule_strategies import NOW, SIMPLE, at, conditions, leaf, pick

DAY = date(2026, 3, 20)
FACTS: dict[str, dict[str, Any]] = {
    "score": {"type": "integer", "min": 0, "max": 6},
    "pain": {"type": "number", "min": 0, "max": 10},
    "housed": {"type": "boolean"},
    "urgency": {"type": "code", "values": ["none", "low", "high"], "ordered": True},
    "place": {"type": "code", "values": ["home", "street", "ward"]},
    "taken": {"type": "codes", "values": ["alcohol", "opioids"]},
    "last_seen": {"type": "instant"},
}
MORE: dict[str, dict[str, Any]] = {
    "fresh": {"type": "integer", "min": 0, "max": 6, "stale_after": "P7D"},
    "other": {"type": "integer", "min": 7, "max": 9},
    "log": {"type": "integer", "series": True, "min": 0, "max": 10, "worse": "higher"},
}
SAME_AXES = st.one_of(SIMPLE, leaf(fact="last_seen", op=pick("within", "since"), duration=pick("P1D", "P2D")))
WORLDS = {
    "score": [{"value": each} for each in range(7)],
    "pain": [{"value": each} for each in (0, 1, 2.5, 3, 5, 7, 10)],
    "housed": [{"value": True}, {"value": False}],
    "urgency": [{"value": each} for each in ("none", "low", "high")],
    "place": [{"value": each} for each in ("home", "street", "ward")],
    "taken": [{"value": each} for each in ([], ["alcohol"], ["opioids"], ["alcohol", "opioids"])],
    "last_seen": [{"none": True}, *({"value": at(hours)} for hours in (-1, 0, 12, 24, 30, 48, 60))],
}
"""For each fact one record for everything that the conditions below can tell apart."""


def rule(when: dict[str, Any], rule_id: str = "r", level: int = 1, **fields: Any) -> dict[str, Any]:
    """A rule that lacks nobody who answers for it."""
    answered = {"author": "A", "owner": "O", "clinical_approver": "C", "source": "S", "review_by": "2027-01-01", "audience": ["clinician"]}
    return {"id": rule_id, "version": "1", "level": level, "when": when, **answered, **fields}


def found(*rules: dict[str, Any], facts: dict[str, Any] | None = None, **limits: int) -> list[tuple[str | None, ...]]:
    """What lint finds, besides facts that no rule reads."""
    data = {"facts": facts or {**FACTS, **MORE}, "rules": list(rules)}
    findings = lint(load_rules(data, RuleSettings(limits=RuleLimits(**limits))), DAY)
    return [(each.code, each.rule, each.by) if each.by else (each.code, each.rule) for each in findings if each.code != "unused_fact"]


def truths(*rules: dict[str, Any]) -> list[tuple[bool, ...]]:
    """Which rules hold, in every world that the facts of these rules allow."""
    compiled = load_rules({"facts": FACTS, "rules": list(rules)})
    names = sorted(compiled.readers)
    said = []
    for records in product(*(WORLDS[name] for name in names)):
        outcomes = evaluate(compiled, dict(zip(names, records, strict=True)), NOW).rules
        assert all(each.outcome in ("must", "cannot") for each in outcomes.values())
        said.append(tuple(outcomes[each["id"]].outcome == "must" for each in rules))
    return said


@given(conditions(SAME_AXES, most=4))
def test_dead_and_always_are_what_every_world_says(when: dict[str, Any]) -> None:
    worlds = [one for (one,) in truths(rule(when))]
    expected = [("dead_rule", "r")] if not any(worlds) else [("always_fires", "r")] if all(worlds) else []
    assert found(rule(when)) == expected


@given(conditions(SAME_AXES, most=3), conditions(SAME_AXES, most=3), pick(1, 2), pick(1, 2))
def test_pairs_are_what_every_world_says(one: dict[str, Any], other: dict[str, Any], level: int, other_level: int) -> None:
    rules = (rule(one, "a", level), rule(other, "b", other_level))
    worlds = truths(*rules)
    if not any(a for a, _ in worlds) or not any(b for _, b in worlds):
        return
    forth, back = all(b for a, b in worlds if a), all(a for a, b in worlds if b)
    low, high = ("b", "a") if other_level <= level else ("a", "b")
    expected: list[tuple[str, ...]] = []
    if forth and back:
        expected = [("duplicate_rule" if level == other_level else "unequal_levels", low, high)]
    elif forth and other_level >= level:
        expected = [("shadowed_rule", "a", "b")]
    elif back and level >= other_level:
        expected = [("shadowed_rule", "b", "a")]
    assert [each for each in found(*rules) if each[0] != "always_fires"] == expected


GE3, LT3 = {"fact": "score", "op": "ge", "value": 3}, {"fact": "score", "op": "lt", "value": 3}
UNKNOWN = {"fact": "score", "op": "is_unknown"}


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ({"all": [GE3, LT3]}, "dead_rule"),
        ({"any": [GE3, LT3]}, "always_fires"),
        ({"fact": "score", "op": "gt", "value": 6}, "dead_rule"),
        ({"fact": "pain", "op": "le", "value": 10}, "always_fires"),
        ({"all": [{"fact": "score", "op": "gt", "value": 2}, {"fact": "score", "op": "lt", "value": 3}]}, "dead_rule"),
        ({"all": [UNKNOWN, GE3]}, "never_decidable"),
        ({"any": [{"all": [UNKNOWN, GE3]}, {"all": [LT3, UNKNOWN]}]}, "never_decidable"),
        ({"all": [UNKNOWN, {"not": UNKNOWN}]}, "dead_rule"),
        ({"any": [UNKNOWN, {"not": UNKNOWN}]}, "always_fires"),
        ({"fact": "housed", "op": "exists"}, "always_fires"),
        ({"not": {"fact": "housed", "op": "exists"}}, "dead_rule"),
        ({"all": [{"fact": "last_seen", "op": "within", "duration": "P1D"}, {"not": {"fact": "last_seen", "op": "exists"}}]}, "dead_rule"),
        ({"count": {"fact": "log", "last": "P7D"}, "op": "ge", "value": 0}, "always_fires"),
        ({"count": {"fact": "log", "last": "P7D"}, "op": "lt", "value": 0}, "dead_rule"),
        ({"fact": "log", "op": "worse_by", "value": 11, "baseline": "first"}, "dead_rule"),
        ({"fact": "score", "op": "gt", "value_of": "other"}, "dead_rule"),
        ({"fact": "score", "op": "ge", "value_of": "score"}, "always_fires"),
    ],
)
def test_a_rule_that_says_nothing_new_is_found(when: dict[str, Any], code: str) -> None:
    assert found(rule(when)) == [(code, "r")]


@pytest.mark.parametrize(
    "when",
    [
        {"any": [UNKNOWN, GE3]},
        {"all": [{"fact": "fresh", "op": "is_unknown"}, {"fact": "fresh", "op": "exists"}]},
        {"not": {"fact": "last_seen", "op": "exists"}},
        {"all": [{"fact": "last_seen", "op": "since", "duration": "P7D"}, {"not": {"fact": "last_seen", "op": "exists"}}]},
        {
            "all": [
                {"not": {"fact": "last_seen", "op": "within", "duration": "P7D"}},
                {"not": {"fact": "last_seen", "op": "since", "duration": "P7D"}},
            ]
        },
        {"fact": "log", "op": "exists"},
        {"fact": "log", "op": "worse_by", "value": 10, "baseline": "first"},
        {
            "all": [
                {"count": {"fact": "log", "last": "P7D"}, "op": "ge", "value": 3},
                {"count": {"fact": "log", "last": "P9D"}, "op": "lt", "value": 3},
            ]
        },
        {"all": [{"fact": "taken", "op": "has", "value": "alcohol"}, {"fact": "taken", "op": "has", "value": "opioids"}]},
    ],
)
def test_a_rule_that_can_go_both_ways_is_left_alone(when: dict[str, Any]) -> None:
    assert found(rule(when)) == []


def test_the_order_of_two_facts_is_the_same_from_either_side() -> None:
    here, there = {"fact": "score", "op": "gt", "value_of": "fresh"}, {"fact": "fresh", "op": "lt", "value_of": "score"}
    assert found(rule(here, "a"), rule(there, "b")) == [("duplicate_rule", "b", "a")]


def test_a_rule_with_more_ways_than_the_limit_is_named_and_nothing_else_is_said_of_it() -> None:
    pairs = [
        {"any": [{"fact": "score", "op": "eq", "value": each % 7}, {"fact": "housed", "op": "eq", "value": True}]} for each in range(13)
    ]
    assert found(rule({"all": pairs})) == [("not_analysed", "r")]


def test_as_many_ways_as_the_limit_are_looked_at() -> None:
    when = {"any": [{"fact": "score", "op": "eq", "value": each} for each in range(3)]}
    assert found(rule(when), max_alternatives=3) == []
    assert found(rule(when), max_alternatives=2) == [("not_analysed", "r")]


def test_rules_that_are_never_in_force_together_are_no_pair() -> None:
    old = rule(GE3, "a", effective={"from": None, "until": "2026-06-01T00:00:00Z"})
    assert found(old, rule(GE3, "b", effective={"from": "2026-06-01T00:00:00Z", "until": None})) == []
    assert found(old, rule(GE3, "b", effective={"from": "2026-05-01T00:00:00Z", "until": None})) == [("duplicate_rule", "b", "a")]


def test_a_wider_rule_for_other_roles_shadows_nothing() -> None:
    narrow, wide = rule({"fact": "score", "op": "ge", "value": 5}, "a"), rule(GE3, "b")
    assert found(narrow, wide) == [("shadowed_rule", "a", "b")]
    assert found(narrow, {**wide, "audience": ["peer"]}) == []
    assert found(narrow, {**wide, "level": 2}) == [("shadowed_rule", "a", "b")]
    assert found({**narrow, "level": 2}, wide) == []


def test_a_dead_rule_is_still_told_what_it_lacks() -> None:
    assert found(rule({"all": [GE3, LT3]}, author=" ")) == [("dead_rule", "r"), ("no_author", "r")]


def test_a_fact_that_no_rule_reads_is_found() -> None:
    findings = lint(load_rules({"facts": FACTS, "rules": [rule(GE3)]}), DAY)
    assert {each.fact for each in findings} == {*FACTS} - {"score"}


def test_a_host_that_cannot_tell_since_of_never_is_told_no_certainty() -> None:
    """With that policy what never happened makes ``since`` neither true nor false."""
    when = {"all": [{"fact": "last_seen", "op": "since", "duration": "P7D"}, {"not": {"fact": "last_seen", "op": "exists"}}]}
    rules = load_rules({"facts": FACTS, "rules": [rule(when)]}, RuleSettings(since_none="unknown"))
    assert [each.code for each in lint(rules, DAY) if each.rule] == ["dead_rule"]


known = st.fixed_dictionaries({name: st.sampled_from(records) for name, records in WORLDS.items()})


@given(st.lists(st.tuples(conditions(SAME_AXES, most=3), st.integers(1, 4)), min_size=2, max_size=4), known)
def test_a_shadowed_rule_that_is_taken_out_changes_no_level(given_rules: list[tuple[dict[str, Any], int]], facts: dict[str, Any]) -> None:
    rules = [rule(when, f"r{index}", level) for index, (when, level) in enumerate(given_rules)]
    whole = load_rules({"facts": FACTS, "rules": rules})
    level = evaluate(whole, facts, NOW).level
    for shadowed in {each.rule for each in lint(whole, DAY) if each.code == "shadowed_rule"}:
        rest = load_rules({"facts": FACTS, "rules": [each for each in rules if each["id"] != shadowed]})
        assert evaluate(rest, facts, NOW).level == level
