"""What holds of every rule set and of whatever facts it is asked about."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st

from recoverycore.risk import RuleSet, affected, evaluate, load_rules, reevaluate
from recoverycore.risk.language import evaluation
from recoverycore.risk.language.conditions import Condition, Negation, Placed
from recoverycore.risk.language.judging import Finding, World, judge
from tests.risk.rule_strategies import FACTS, NOW, RICH, STATES, all_sure, rule_sets, signals, some_vague, sure

if TYPE_CHECKING:
    import pytest

    from recoverycore.risk.language.conditions import Leaf

EVERYTHING = st.one_of(RICH, STATES)
DECIDED = ("must", "cannot")
WORDS = ("value", "bounds", "events", "at", "one_of", "none")
ONE_RULE = {"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 1, "when": {"fact": "housed", "op": "eq", "value": True}}]}
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda below: (
        st.lists(below) | st.dictionaries(st.text() | st.sampled_from(["value", "bounds", "events", "at", "one_of", "none"]), below)
    ),
    max_leaves=8,
)


def shuffled(data: dict[str, Any], draw: Any) -> dict[str, Any]:
    """The same rule set with its facts, rules and the parts of its groups in another order."""

    def turned(condition: dict[str, Any]) -> dict[str, Any]:
        match condition:
            case {"not": part}:
                return {"not": turned(part)}
            case {"all": [*parts]}:
                return {"all": [turned(part) for part in draw(st.permutations(parts))]}
            case {"any": [*parts]}:
                return {"any": [turned(part) for part in draw(st.permutations(parts))]}
        return condition

    rules = [{**rule, "when": turned(rule["when"])} for rule in draw(st.permutations(data["rules"]))]
    return {"rules": rules, "facts": dict(draw(st.permutations(list(data["facts"].items()))))}


def turned_facts(facts: dict[str, Any], draw: Any) -> dict[str, Any]:
    """The same facts in another order, and the events of each series too."""
    found = {}
    for name, record in draw(st.permutations(list(facts.items()))):
        events = record.get("events") if isinstance(record, dict) else None
        found[name] = {**record, "events": list(draw(st.permutations(events)))} if events else record
    return found


@given(rule_sets(EVERYTHING), some_vague, signals, st.data())
def test_no_order_changes_what_is_said(data: dict[str, Any], facts: dict[str, Any], noticed: list[Any], more: st.DataObject) -> None:
    said = evaluate(load_rules(data), facts, NOW, signals=noticed)
    again = evaluate(
        load_rules(shuffled(data, more.draw)), turned_facts(facts, more.draw), NOW, signals=more.draw(st.permutations(noticed))
    )
    told = [(rule, each.outcome, dict(each.ask_for)) for rule, each in again.rules.items()]
    assert told == [(rule, each.outcome, dict(each.ask_for)) for rule, each in said.rules.items()]
    assert (again.level, again.level_may, again.ask, again.fact_errors) == (said.level, said.level_may, said.ask, said.fact_errors)


@given(rule_sets(RICH), some_vague, st.sampled_from(list(FACTS)), st.data())
def test_a_decision_outlives_whatever_becomes_known(data: dict[str, Any], facts: dict[str, Any], name: str, more: st.DataObject) -> None:
    """Fact by fact: any value in the place of an unknown one turns ``may`` into anything, and no decision into another."""
    rules = load_rules(data)
    without = {key: record for key, record in facts.items() if key != name}
    before = evaluate(rules, without, NOW)
    after = evaluate(rules, {**without, name: more.draw(sure(name))}, NOW)
    for rule, said in before.rules.items():
        if said.outcome in DECIDED:
            assert after.rules[rule].outcome == said.outcome


def narrowed(record: Any, draw: Any) -> Any:
    """A wholly known record that a record known in part allows."""
    match record:
        case {"bounds": [str(), str()]}:
            return {"value": draw(st.sampled_from(record["bounds"]))}
        case {"bounds": [low, high]}:
            return {**{key: record[key] for key in record if key != "bounds"}, "value": draw(st.sampled_from([low or 0, high]))}
        case {"one_of": [*codes]}:
            return {"value": draw(st.sampled_from(codes))}
        case {"value": [*codes], "open": True}:
            return {"value": sorted({*codes, *draw(st.lists(st.sampled_from(["alcohol", "opioids"])))})}
        case {"events": [*events]}:
            return {
                **record,
                "events": [{"at": event.get("at"), **narrowed(event, draw)} if "bounds" in event else event for event in events],
            }
    return record


@given(rule_sets(RICH), some_vague, st.data())
def test_a_decision_outlives_whatever_becomes_more_exact(data: dict[str, Any], facts: dict[str, Any], more: st.DataObject) -> None:
    rules = load_rules(data)
    before = evaluate(rules, facts, NOW)
    after = evaluate(rules, {name: narrowed(record, more.draw) for name, record in facts.items()}, NOW)
    for rule, said in before.rules.items():
        if said.outcome in DECIDED:
            assert after.rules[rule].outcome == said.outcome


@given(rule_sets(RICH), all_sure, signals)
def test_level_is_at_most_what_may_be(data: dict[str, Any], facts: dict[str, Any], noticed: list[Any]) -> None:
    said = evaluate(load_rules(data), facts, NOW, signals=noticed)
    assert said.level <= said.level_may


raised = st.lists(st.fixed_dictionaries({"plugin": st.sampled_from(["n", "s"]), "level": st.integers(-1, 6) | st.none()}), max_size=3)


@given(rule_sets(EVERYTHING), some_vague, raised)
def test_a_rule_or_a_plugin_more_lowers_nothing(data: dict[str, Any], facts: dict[str, Any], asked: list[Any]) -> None:
    fewer = {**data, "rules": data["rules"][1:]}
    without, said = evaluate(load_rules(fewer), facts, NOW), evaluate(load_rules(data), facts, NOW, raises=asked)
    assert without.level <= said.level
    assert without.level_may <= said.level_may


def plain(condition: Condition, world: World) -> tuple[bool | None, list[str]]:
    """The tree read as the tables of Kleene say, every leaf anew."""
    if isinstance(condition, Placed):
        return judge(condition.leaf, world).truth, [condition.path]
    if isinstance(condition, Negation):
        truth, paths = plain(condition.part, world)
        return {True: False, False: True, None: None}[truth], paths
    read = [plain(part, world) for part in condition.parts]
    rank = {False: 0, None: 1, True: 2}
    truth = (min if condition.kind == "all" else max)((truth for truth, _ in read), key=rank.__getitem__)
    return truth, [path for one, paths in read if one is truth for path in paths]


def disagreements(rules: RuleSet, facts: dict[str, Any]) -> list[str]:
    """The rules of which the fast and the plain evaluation say different things, or give different leaves for it."""
    world = evaluation._world(rules, facts, NOW, None, None)[0]
    outcomes = {True: "must", False: "cannot", None: "may"}
    said = evaluate(rules, facts, NOW).rules
    found = []
    for rule in rules.rules:
        truth, paths = plain(rule.when, world)
        if (said[rule.id].outcome, said[rule.id].decided_by) != (outcomes[truth], tuple(sorted(paths))):
            found.append(rule.id)
    return found


@given(rule_sets(EVERYTHING), some_vague)
def test_fast_and_plain_evaluation_agree(data: dict[str, Any], facts: dict[str, Any]) -> None:
    assert disagreements(load_rules(data), facts) == []


def test_an_evaluation_that_cuts_short_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    housed, place = {"fact": "housed", "op": "eq", "value": True}, {"fact": "place", "op": "eq", "value": "home"}
    rules = load_rules({"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 1, "when": {"any": [housed, place]}}]})
    facts = {"housed": {"value": True}, "place": {"value": "home"}}
    assert disagreements(rules, facts) == []
    whole = evaluation._decide

    def short(condition: Condition, judged: Any) -> tuple[bool | None, list[Placed]]:
        truth, deciders = whole(condition, judged)
        return truth, deciders[:1]

    monkeypatch.setattr(evaluation, "_decide", short)
    assert disagreements(rules, facts) == ["r"]


def test_a_leaf_that_is_read_as_false_where_nobody_can_tell_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_rules(
        {"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 1, "when": {"fact": "housed", "op": "eq", "value": True}}]}
    )

    def careless(leaf: Leaf, world: World) -> Finding:
        found = judge(leaf, world)
        return found if found.truth else Finding(truth=False)

    monkeypatch.setattr(evaluation, "judge", careless)
    before, after = evaluate(rules, {}, NOW), evaluate(rules, {"housed": {"value": True}}, NOW)
    assert (before.rules["r"].outcome, after.rules["r"].outcome) == ("cannot", "must")


@given(rule_sets(EVERYTHING), some_vague, st.dictionaries(st.sampled_from(list(FACTS)), anything, max_size=3))
def test_incremental_equals_full(data: dict[str, Any], facts: dict[str, Any], changes: dict[str, Any]) -> None:
    rules = load_rules(data)
    after = {**facts, **changes}
    assert reevaluate(rules, evaluate(rules, facts, NOW), after, changes) == evaluate(rules, after, NOW)


def test_a_change_that_is_not_told_is_missed() -> None:
    """The control of the test above: what is said again depends on what is told to have changed."""
    rules = load_rules(
        {"facts": FACTS, "rules": [{"id": "r", "version": "1", "level": 1, "when": {"fact": "housed", "op": "eq", "value": True}}]}
    )
    before = evaluate(rules, {}, NOW)
    assert reevaluate(rules, before, {"housed": {"value": True}}, []) != evaluate(rules, {"housed": {"value": True}}, NOW)
    assert affected(rules, ["housed"]) == ("r",)


@given(rule_sets(EVERYTHING), st.dictionaries(st.sampled_from([*FACTS, "signal.craving"]) | st.text(), anything), anything)
def test_no_facts_whatever_raise(data: dict[str, Any], facts: dict[str, Any], noticed: Any) -> None:
    rules = load_rules(data)
    kept = copy.deepcopy(facts)
    said = evaluate(rules, facts, NOW, signals=noticed if isinstance(noticed, list) else None)
    assert {each.outcome for each in said.rules.values()} <= {"must", "may", "cannot"}
    assert repr(facts) == repr(kept)


@given(rule_sets(EVERYTHING), some_vague)
def test_whatever_may_hold_says_whom_to_ask_for_what(data: dict[str, Any], facts: dict[str, Any]) -> None:
    said = evaluate(load_rules(data), facts, NOW)
    for outcome in said.rules.values():
        assert bool(outcome.ask_for) == (outcome.outcome == "may")
        assert outcome.decided_by


@given(rule_sets(EVERYTHING), some_vague)
def test_null_and_absent_mean_the_same(data: dict[str, Any], facts: dict[str, Any]) -> None:
    rules = load_rules(data)
    absent = [name for name in FACTS if name not in facts]
    assume(absent)
    assert evaluate(rules, {**facts, **dict.fromkeys(absent)}, NOW) == evaluate(rules, facts, NOW)
