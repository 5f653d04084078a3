"""What the rules reach together, what is new, and why."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

import recoverycore.risk as room
from recoverycore.errors import InstantError, NotFound
from recoverycore.risk import Assessment, RuleSet, RuleSettings, evaluate, explain, load_rules
from recoverycore.risk.language import evaluation
from tests.risk.rule_strategies import FACTS, NOW, at

HOUSED = {"fact": "housed", "op": "eq", "value": False}
SCORE = {"fact": "score", "op": "ge", "value": 3}


def rules(*given: tuple[str, int, dict[str, Any]], settings: RuleSettings | None = None, **fields: Any) -> RuleSet:
    """Rules of an id, a level and a condition each."""
    written = [{"id": rule, "version": "1", "level": level, "when": when, **fields} for rule, level, when in given]
    return load_rules({"facts": FACTS, "rules": written}, settings)


def said(housed: bool | None = False, **besides: Any) -> Assessment:  # noqa: FBT001, FBT002 - the value of a fact
    """What one rule of level 2 says of somebody who is housed, is not, or nobody knows."""
    return evaluate(rules(("r", 2, HOUSED)), {"housed": {"value": housed}}, NOW, **besides)


@pytest.mark.parametrize(
    ("raises", "level", "raised_by", "problems"),
    [
        ([{"plugin": "s", "level": 1, "reason": ""}], 2, (), []),
        ([{"plugin": "s", "level": 2, "reason": ""}], 2, (), []),
        ([{"plugin": "s", "level": 4, "reason": ""}, {"plugin": "n", "level": 4, "reason": ""}], 4, ("n", "s"), []),
        ([{"plugin": "s", "level": 3, "reason": ""}, {"plugin": "n", "level": 4, "reason": ""}], 4, ("n",), []),
        ([{"plugin": "s", "level": 5}, {"plugin": "n", "failed": True}], 2, (), [("n", "failed"), ("s", "bad_level")]),
        ([{"plugin": "s", "level": True}, {"plugin": "s", "level": 3}], 3, ("s",), [("s", "bad_level")]),
    ],
)
def test_a_plugin_raises_and_never_lowers(raises: Any, level: int, raised_by: tuple[str, ...], problems: list[tuple[str, str]]) -> None:
    found = said(raises=raises)
    assert (found.level, found.level_may, found.raised_by) == (level, level, raised_by)
    assert [(each.plugin, each.code) for each in found.hook_problems] == problems
    assert found.human_review == bool(problems)


@pytest.mark.parametrize(
    ("housed", "previous", "must", "may"),
    [
        (False, {}, ("r",), ()),
        (False, {"r": "may"}, ("r",), ()),
        (False, {"r": "must"}, (), ()),
        (None, {"r": "cannot"}, (), ("r",)),
        (None, {"r": "not_in_force"}, (), ("r",)),
        (None, {"r": "must"}, (), ()),
        (None, {"r": "may"}, (), ()),
        (True, {"r": "must"}, (), ()),
        (False, None, (), ()),
    ],
)
def test_what_is_new_is_told_once(housed: bool | None, previous: Any, must: tuple[str, ...], may: tuple[str, ...]) -> None:  # noqa: FBT001 - a value
    found = said(housed, previous=previous)
    assert (found.newly_must, found.newly_may) == (must, may)


def test_what_was_said_before_may_be_given_as_it_was_said() -> None:
    assert said(housed=False, previous=said(housed=None)).newly_must == ("r",)


def test_a_rule_of_which_nobody_can_tell_is_asked_also_below_the_level_reached_unless_a_host_says_otherwise() -> None:
    three = (("a", 1, SCORE), ("b", 3, HOUSED), ("c", 4, SCORE))
    facts = {"housed": {"value": False}}
    asked = evaluate(rules(*three), facts, NOW)
    assert (asked.ask, asked.level, asked.level_may) == (("a", "c"), 3, 4)
    assert evaluate(rules(*three, settings=RuleSettings(ask_below_level="off")), facts, NOW).ask == ("c",)


@pytest.mark.parametrize(
    ("begin", "end", "outcome"),
    [(at(0), None, "must"), (at(-1), None, "not_in_force"), (None, at(0), "not_in_force"), (None, at(-1), "must")],
)
def test_a_rule_is_in_force_from_its_beginning_until_before_its_end(begin: str | None, end: str | None, outcome: str) -> None:
    found = evaluate(rules(("r", 2, HOUSED), effective={"from": begin, "until": end}), {"housed": {"value": False}}, NOW)
    assert (found.rules["r"].outcome, found.level) == (outcome, 2 if outcome == "must" else 0)


def test_a_fact_error_asks_no_person() -> None:
    found = evaluate(rules(("r", 2, HOUSED)), {"housed": {"value": False}, "score": {"value": "x"}}, NOW)
    assert ([error.to_data() for error in found.fact_errors], found.human_review) == ([{"fact": "score", "code": "wrong_type"}], False)


def test_a_failure_inside_asks_a_person_and_leaves_the_other_rules_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = evaluation.judge

    def failing(leaf: Any, world: Any) -> Any:
        if leaf.fact == "score":
            raise ZeroDivisionError
        return judge(leaf, world)

    monkeypatch.setattr(evaluation, "judge", failing)
    found = evaluate(rules(("a", 4, SCORE), ("b", 2, HOUSED)), {"housed": {"value": False}}, NOW)
    assert {rule: each.outcome for rule, each in found.rules.items()} == {"a": "may", "b": "must"}
    assert (found.level, found.ask, found.human_review) == (2, ("a",), True)


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(InstantError):
        evaluate(rules(("r", 2, HOUSED)), {}, datetime(2026, 3, 20))  # noqa: DTZ001 - the point


def test_no_repr_shows_a_value() -> None:
    secret = evaluate(rules(("r", 2, SCORE)), {"score": {"value": 4}, "taken": {"value": ["opioids"]}}, NOW)
    world = evaluation._world(rules(("r", 2, SCORE)), {"taken": {"value": ["opioids"]}, "score": {"bounds": [4, 5]}}, NOW, None, None)[0]
    assert "opioids" not in repr(secret) + repr(world) + repr(world.known)
    assert not re.search(r"\b[45]\b", repr(world.known))


WHEN = {
    "any": [
        {"all": [{"fact": "limit", "op": "gt", "value": 2.5}, {"fact": "place", "op": "not_in", "value": ["ward", "home"]}]},
        {"count": {"fact": "log", "last": "P2W", "where": {"op": "ge", "value": 7}}, "op": "ge", "value": 2},
        {"fact": "log", "op": "worse_by", "value": 5, "baseline": "best"},
        {"fact": "last_seen", "op": "since", "duration": "PT36H"},
        {"not": {"fact": "last_seen", "op": "within", "duration": "P1D"}},
        {"fact": "score", "op": "lt", "value_of": "pain"},
        {"fact": "mood", "op": "is_unknown"},
        HOUSED,
    ]
}


def test_an_explanation_says_who_what_when_and_that_a_person_judges() -> None:
    answered = {"source": "local protocol 7", "author": "J. Okafor", "clinical_approver": "Dr A. Lind"}
    compiled = rules(("r", 3, WHEN), **answered)
    facts = {"limit": {"value": 3, "at": at(2)}, "log": {"events": [{"at": at(5), "value": 8}, {"at": at(3), "value": 8}, 7]}}
    told = explain(compiled, evaluate(compiled, facts, NOW), facts, "r").to_data()
    assert told == {
        "rule": "r",
        "version": "1",
        "level": 3,
        "outcome": "must",
        **answered,
        "decided_by": {
            "when/any/1": "the number of log in the last 2 weeks whose value is at least 7 is at least 2",
            "when/any/6": "mood is not known",
        },
        "facts": {"log": "2026-03-20T09:00:00Z", "mood": None},
        "ask_for": {},
        "sentence": "This supports a person's judgement and does not replace it.",
    }


def test_every_kind_of_condition_has_words() -> None:
    facts = {name: {"value": None, "why": "refused"} for name in FACTS if name != "mood"} | {"mood": {"events": []}}
    told = explain(rules(("r", 3, WHEN)), evaluate(rules(("r", 3, WHEN)), facts, NOW), facts, "r")
    assert list(told.decided_by.values()) == [
        "limit is above 2.5",
        "place is none of home, ward",
        "the number of log in the last 2 weeks whose value is at least 7 is at least 2",
        "the latest log is worse than the best one before by at least 5",
        "last_seen lies at least 36 hours back",
        "last_seen lies at most 1 day back",
        "score is below pain",
        "housed is false",
    ]
    assert set(told.ask_for) == {"limit", "place", "log", "last_seen", "score", "pain", "housed"}


def test_only_what_was_assessed_can_be_explained() -> None:
    with pytest.raises(NotFound):
        explain(rules(("r", 2, HOUSED)), said(), {}, "other")


FORBIDDEN = re.compile("predict|probab|likelihood|forecast|prognos", re.IGNORECASE)


def public_names(face: Any) -> set[str]:
    """Every name that a package shows, and every name in what it shows."""
    return {*face.__all__} | {name for shown in face.__all__ for name in dir(getattr(face, shown)) if not name.startswith("_")}


def test_no_public_name_speaks_of_probabilities() -> None:
    assert [name for name in public_names(room) if FORBIDDEN.search(name)] == []


def test_a_name_that_does_is_noticed() -> None:
    class Shown:
        def predicted_level(self) -> None: ...

    class Face:
        __all__ = ("Shown",)

    setattr(Face, "Shown", Shown)  # noqa: B010 - a face gets its names as they are asked for
    assert [name for name in public_names(Face) if FORBIDDEN.search(name)] == ["predicted_level"]
