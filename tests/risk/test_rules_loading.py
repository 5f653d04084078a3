"""What is wrong with a rule set is told at once, each slip with its place and the likely spelling."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.risk import RuleLimits, RuleSetError, RuleSettings, load_rules
from recoverycore.risk.language.suggestions import edits, suggest
from tests.risk.rule_strategies import FACTS, RICH, rule_sets

LEAF: dict[str, Any] = {"fact": "score", "op": "ge", "value": 3}


def slips(data: Any, **limits: int) -> list[dict[str, Any]]:
    """Every error of a rule set, as data."""
    try:
        load_rules(data, RuleSettings(limits=RuleLimits(**limits)))
    except RuleSetError as error:
        return [each.to_data() for each in error.errors]
    return []


def of_rule(**fields: Any) -> list[dict[str, Any]]:
    """Every error of one rule that is fine but for `fields`."""
    return slips({"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 1, "when": LEAF, **fields}]})


def of_leaf(when: Any) -> list[tuple[Any, ...]]:
    """Code, name and suggestion of each error of one condition."""
    return [(each["code"], each.get("name"), each.get("suggest")) for each in of_rule(when=when)]


@given(rule_sets(RICH))
def test_what_is_well_written_is_loaded_in_any_order(data: dict[str, Any]) -> None:
    kept = copy.deepcopy(data)
    turned = {"rules": data["rules"][::-1], "facts": dict(reversed(data["facts"].items()))}
    assert load_rules(data).rules == load_rules(turned).rules
    assert data == kept


COUNT = {"fact": "log", "last": "P7D"}
MISMATCH = ("type_mismatch", None, None)


@pytest.mark.parametrize(
    ("when", "error"),
    [
        ("housed", MISMATCH),
        (None, MISMATCH),
        ({"all": LEAF}, MISMATCH),
        ({"not": [LEAF]}, MISMATCH),
        ({"any": []}, ("empty_group", None, None)),
        ({"all": [LEAF], "fact": "score"}, ("unknown_field", "fact", None)),
        ({"all": [{"fact": "nobody"}], "any": [LEAF]}, ("unknown_field", "any", None)),
        ({**LEAF, "vaule": 1, "zz": 1}, ("unknown_field", "vaule", "value")),
        ({"nto": LEAF}, ("unknown_field", "nto", "not")),
        ({}, ("missing_field", "fact", None)),
        ({"fact": "score"}, ("missing_field", "op", None)),
        ({"fact": "scroe", "op": "ge"}, ("missing_field", "value", None)),
        ({"fact": "last_seen", "op": "within"}, ("missing_field", "duration", None)),
        ({"fact": "log", "op": "worse_by", "value": 1}, ("missing_field", "baseline", None)),
        ({"fact": "score", "op": "gee", "value": 1}, ("unknown_operator", "gee", "ge")),
        ({"fact": "score", "op": ["ge"], "value": 1}, ("unknown_operator", None, None)),
        ({"fact": "score", "op": "exists", "value": 1}, ("unknown_field", "value", None)),
        ({"fact": "score", "op": "ge", "value": 1, "value_of": "pain"}, ("unknown_field", "value", None)),
        ({"fact": "scroe", "op": "ge", "value": "x"}, ("unknown_fact", "scroe", "score")),
        ({"fact": "signal.cravings", "op": "exists"}, ("unknown_fact", "signal.cravings", "signal.craving")),
        ({"fact": ["score"], "op": "ge", "value": 1}, ("unknown_fact", None, None)),
        ({"fact": "score", "op": "ge", "value_of": "apin"}, ("unknown_fact", "apin", "pain")),
        ({"fact": "score", "op": "ge", "value": True}, MISMATCH),
        ({"fact": "score", "op": "ge", "value": 2.5}, MISMATCH),
        ({"fact": "pain", "op": "ge", "value": float("nan")}, MISMATCH),
        ({"fact": "housed", "op": "eq", "value": 1}, MISMATCH),
        ({"fact": "housed", "op": "lt", "value": True}, MISMATCH),
        ({"fact": "place", "op": "lt", "value": "home"}, MISMATCH),
        ({"fact": "place", "op": "in", "value": "home"}, MISMATCH),
        ({"fact": "place", "op": "eq", "value": ["home"]}, MISMATCH),
        ({"fact": "taken", "op": "eq", "value": "opioids"}, MISMATCH),
        ({"fact": "last_seen", "op": "eq", "value": "2026-03-01T00:00:00Z"}, MISMATCH),
        ({"fact": "score", "op": "within", "duration": "P1D"}, MISMATCH),
        ({"fact": "log", "op": "ge", "value": 1}, MISMATCH),
        ({"fact": "score", "op": "worse_by", "value": 1, "baseline": "first"}, MISMATCH),
        ({"fact": "log", "op": "worse_by", "value": 1.5, "baseline": "first"}, MISMATCH),
        ({"fact": "score", "op": "ge", "value_of": "housed"}, MISMATCH),
        ({"fact": "urgency", "op": "ge", "value_of": "place"}, MISMATCH),
        ({"fact": "place", "op": "ge", "value_of": "place"}, MISMATCH),
        ({"fact": "place", "op": "in", "value": []}, ("empty_list", None, None)),
        ({"fact": "place", "op": "in", "value": ["home", "hoem"]}, ("unknown_code", "hoem", "home")),
        ({"fact": "taken", "op": "has", "value": "tea"}, ("unknown_code", "tea", None)),
        ({"fact": "log", "op": "worse_by", "value": 0, "baseline": "first"}, ("bad_value", None, None)),
        ({"fact": "log", "op": "worse_by", "value": 1, "baseline": "worst"}, ("bad_value", None, None)),
        ({"fact": "last_seen", "op": "within", "duration": "P1M"}, ("bad_duration", None, None)),
        ({"fact": "last_seen", "op": "within", "duration": "PT30S"}, ("bad_duration", None, None)),
        ({"fact": "last_seen", "op": "within", "duration": "P0D"}, ("bad_duration", None, None)),
        ({"fact": "last_seen", "op": "within", "duration": 7}, ("bad_duration", None, None)),
        ({"count": [], "op": "ge", "value": 1}, MISMATCH),
        ({"count": {"fact": "log", "lats": "P1D"}, "op": "ge", "value": 1}, ("unknown_field", "lats", "last")),
        ({"count": {**COUNT, "where": {"op": "ge", "vlaue": 1}}, "op": "ge", "value": 1}, ("unknown_field", "vlaue", "value")),
        ({"count": {"fact": "log"}, "op": "ge", "value": 1}, ("missing_field", "last", None)),
        ({"count": COUNT, "op": "ge"}, ("missing_field", "value", None)),
        ({"count": COUNT, "op": "exists", "value": 1}, ("unknown_operator", "exists", None)),
        ({"count": COUNT, "op": "ge", "value": 1, "fact": "log"}, ("unknown_field", "fact", None)),
        ({"count": {**COUNT, "fact": "logg"}, "op": "ge", "value": 1}, ("unknown_fact", "logg", "log")),
        ({"count": {**COUNT, "fact": "score"}, "op": "ge", "value": 1}, MISMATCH),
        ({"count": COUNT, "op": "ge", "value": 1.5}, MISMATCH),
        ({"count": {**COUNT, "where": {"op": "has", "value": 1}}, "op": "ge", "value": 1}, MISMATCH),
        ({"count": {**COUNT, "where": {"op": "ge"}}, "op": "ge", "value": 1}, MISMATCH),
        ({"count": {**COUNT, "where": {"op": "in", "value": []}}, "op": "ge", "value": 1}, ("empty_list", None, None)),
        ({"count": {**COUNT, "last": "P"}, "op": "ge", "value": 1}, ("bad_duration", None, None)),
    ],
)
def test_the_first_thing_that_is_wrong_with_a_leaf_is_told(when: Any, error: tuple[Any, ...]) -> None:
    assert of_leaf(when) == [error]


def test_both_orders_of_the_same_ordered_codes_can_be_compared() -> None:
    assert of_leaf({"fact": "urgency", "op": "ge", "value_of": "urgency"}) == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"levle": 1}, {"code": "unknown_field", "rule": "r", "path": "levle", "name": "levle", "suggest": "level"}),
        ({"level": True}, {"code": "bad_level", "rule": "r", "path": "level"}),
        ({"level": 2.0}, {"code": "bad_level", "rule": "r", "path": "level"}),
        ({"version": None}, {"code": "bad_value", "rule": "r", "path": "version"}),
        ({"review_by": "soon"}, {"code": "bad_value", "rule": "r", "path": "review_by"}),
        ({"audience": "peer"}, {"code": "bad_value", "rule": "r", "path": "audience"}),
        ({"effective": {"from": "then"}}, {"code": "naive_time", "rule": "r", "path": "effective"}),
        (
            {"effective": {"from": "2026-01-01T00:00:00Z", "until": "2026-01-01T01:00:00+01:00"}},
            {"code": "bad_period", "rule": "r", "path": "effective"},
        ),
        ({"effective": {"form": None}}, {"code": "unknown_field", "rule": "r", "path": "effective", "name": "form", "suggest": "from"}),
    ],
)
def test_what_is_wrong_with_a_rule_is_told(fields: dict[str, Any], error: dict[str, Any]) -> None:
    assert of_rule(**fields) == [error]


def test_each_field_that_is_needed_is_asked_for() -> None:
    missing = [(each["rule"], each["path"], each["name"]) for each in slips({"facts": {}, "rules": [{}]})]
    assert missing == [(None, field, field) for field in ("id", "level", "version", "when")]


def test_a_rule_of_the_same_id_is_told_though_the_first_is_wrong_too() -> None:
    rules = [{"id": "a", "version": "1", "level": 9, "when": LEAF}, {"id": "a", "version": "1", "level": 1, "when": LEAF}]
    assert [(each["code"], each["path"]) for each in slips({"facts": FACTS, "rules": rules})] == [
        ("duplicate_id", "id"),
        ("bad_level", "level"),
    ]


@pytest.mark.parametrize(
    ("declaration", "code"),
    [
        ("integer", "bad_value"),
        ({}, "bad_value"),
        ({"type": "integer", "min": 3, "max": 1}, "bad_value"),
        ({"type": "integer", "min": 0.5}, "bad_value"),
        ({"type": "code", "values": []}, "bad_value"),
        ({"type": "code", "values": ["a", "a"]}, "bad_value"),
        ({"type": "codes"}, "missing_field"),
        ({"type": "number", "series": 1}, "bad_value"),
        ({"type": "number", "worse": "up"}, "bad_value"),
        ({"type": "number", "stale_after": "P1Y"}, "bad_duration"),
        ({"type": "number", "mni": 1}, "unknown_field"),
    ],
)
def test_a_wrong_declaration_silences_what_the_rules_say(declaration: Any, code: str) -> None:
    rules = [{"id": "r", "version": "1", "level": 9, "when": {}}]
    errors = slips({"facts": {"x": declaration}, "rules": rules})
    assert [(each["code"], each["rule"], each["path"]) for each in errors] == [(code, None, "facts/x")]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (None, [("type_mismatch", "")]),
        ({}, [("missing_field", "facts"), ("missing_field", "rules")]),
        ({"facts": [], "rules": {}}, [("type_mismatch", "facts"), ("type_mismatch", "rules")]),
        ({"facts": {}, "rules": [], "rulse": []}, [("unknown_field", "rulse")]),
        ({"facts": {}, "rules": [7]}, [("type_mismatch", "rules/0")]),
        ({"facts": {}, "rules": []}, []),
    ],
)
def test_a_set_of_another_shape_is_told(data: Any, found: list[tuple[str, str]]) -> None:
    assert [(each["code"], each["path"]) for each in slips(data)] == found


def test_a_condition_of_any_depth_is_told_and_hurts_nothing() -> None:
    when: Any = LEAF
    for _ in range(30_000):
        when = {"not": when}
    assert [each[0] for each in of_leaf(when)] == ["too_deep"]


def test_a_condition_without_end_is_told() -> None:
    when: dict[str, Any] = {"all": [LEAF]}
    when["all"] += [when, when]
    assert {each[0] for each in of_leaf(when)} == {"too_deep", "too_many_conditions"}


@pytest.mark.parametrize("wrong", [{"max_depth": 0}, {"max_depth": 101}, {"max_conditions": True}, {"max_alternatives": -1}])
def test_a_limit_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RuleLimits(**wrong)


def test_an_error_tells_the_place_and_the_likely_word_and_repeats_nothing_that_was_written() -> None:
    rule = {"id": "r", "version": "1", "level": 1, "when": {"any": [LEAF, {"fact": "place", "op": "eq", "value": "Maple Hous"}]}}
    facts = {**FACTS, "place": {"type": "code", "values": ["Maple House"]}}
    with pytest.raises(RuleSetError) as caught:
        load_rules({"facts": facts, "rules": [rule]})
    (told,) = caught.value.problems
    assert (told.name, told.path, told.did_you_mean, told.detail) == ("unknown_code", "/rules/0/when/any/1", "Maple House", "rule r")
    assert "Maple Hous'" not in str(caught.value) + repr(caught.value.errors)


def test_an_error_can_be_sent_to_another_process() -> None:
    with pytest.raises(RuleSetError) as caught:
        load_rules({})
    assert pickle.loads(pickle.dumps(caught.value)).errors == caught.value.errors  # noqa: S301 - our own


words = st.text("ab", max_size=5)


@given(words, words, words)
def test_edits_are_a_distance(one: str, other: str, third: str) -> None:
    assert (edits(one, other) == 0) == (one == other)
    assert edits(one, other) == edits(other, one)
    assert edits(one, third) <= edits(one, other) + edits(other, third)


@given(words, st.integers(0, 4))
def test_a_swap_of_neighbours_is_one_edit(word: str, place: int) -> None:
    swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    assert edits(word, swapped) == (word != swapped)


def test_of_equally_near_names_the_first_in_the_alphabet_is_meant() -> None:
    assert suggest("ge_", ["get", "ged"]) == "ged"
    assert suggest("abcdefgh", ["abcdef", "abcdefxyz"]) == "abcdef"
    assert suggest("abcdefg", ["abcde"]) is None
