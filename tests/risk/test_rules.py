"""Rules: which speak when something happens, and what a rule may not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from recoverycore.errors import DocumentError
from recoverycore.risk import Rule, speaking

RULES = st.lists(
    st.builds(
        lambda identifier, event, level: Rule.model_validate(
            {"id": identifier, "when": {"event": event}, **({"level": level, "protocol": "p"} if level else {})}
        ),
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(["code_word", "go_now_signal"]),
        st.integers(0, 4),
    ),
    unique_by=lambda rule: rule.id,
)


@given(RULES, st.randoms())
def test_the_order_of_rules_never_matters(rules: list[Rule], random: object) -> None:
    shuffled = sorted(rules, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis' own Random
    assert speaking(rules, "code_word") == speaking(shuffled, "code_word")


@given(RULES)
def test_exactly_the_rules_of_the_event_speak_the_highest_level_first(rules: list[Rule]) -> None:
    found = speaking(rules, "code_word")
    assert sorted(rule.id for rule in found) == sorted(rule.id for rule in rules if rule.to_data()["when"]["event"] == "code_word")
    levels = [rule.level or 0 for rule in found]
    assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({"event": "code_word"}, True),
        ({"fact": "mood", "op": "lt", "value": 3}, True),
        ({"event": "code_word", "fact": "mood"}, False),
        ({"event": 3}, False),
    ],
)
def test_the_published_schema_tells_an_event_from_a_condition(when: dict[str, object], fits: bool) -> None:  # noqa: FBT001 - the claim
    assert Draft202012Validator(Rule.model_json_schema()).is_valid({"id": "r", "when": when}) is fits


def test_a_rule_with_a_level_names_its_protocol() -> None:
    with pytest.raises(DocumentError) as caught:
        Rule.model_validate({"id": "r", "when": {"event": "code_word"}, "level": 3})
    assert [(each.name, each.path) for each in caught.value.problems] == [("rule_without_protocol", "/protocol")]


def test_level_zero_is_the_absence_of_a_rule() -> None:
    with pytest.raises(DocumentError):
        Rule.model_validate({"id": "r", "when": {"event": "code_word"}, "level": 0, "protocol": "p"})


def test_a_rule_without_a_level_is_a_notice() -> None:
    assert Rule.model_validate({"id": "r", "when": {"event": "code_word"}}).protocol is None
