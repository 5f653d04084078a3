"""The reference decider on the order of answers for one record, and on how answers make up the verdict and its basis."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide
from tests.consent.plain import AT, answered, basis, box, decided, deny, permit, recipient, record, verdict


def no(**axes: Any) -> dict[str, Any]:
    """A deny whose one box is changed by `axes`."""
    return deny(boxes=[box(**axes)])


ALL = permit(boxes=[box(labels="*", purposes="*", recipients="*")])


# The order.

CRISIS = {"name": "crisis", "purpose": "crisis", "categories": ["diagnosis"], "to_roles": ["on_call"], "overriding": False, "duties": []}
NEEDY = {**CRISIS, "needs": {"open_run_level_at_least": 3}}
ON_CALL: dict[str, Any] = {
    "recipient": recipient(roles=[{"role": "on_call", "org": "org:clinic", "until": "2026-06-15"}]),
    "purposes": ["crisis"],
    "facts": {"open_run_level": 3},
}


def during(*directives: dict[str, Any], rules: tuple[dict[str, Any], ...] = (NEEDY,), **changed: Any) -> Any:
    """The basis on which somebody on call sees the diagnosis for the purpose of the crisis."""
    return basis(*directives, profiles=[{"id": "small", "version": "1", "emergencies": list(rules)}], **{**ON_CALL, **changed})


def test_nothing_said_is_a_deny_without_basis() -> None:
    assert decided() == {"decision": "deny", "records": {"r1": "deny"}, "withheld": [], "basis": None}


def test_a_deny_beats_a_permit() -> None:
    assert basis(permit(), deny()) == "d1"


def test_an_emergency_opens_where_nobody_consented() -> None:
    assert during() == "rule:crisis"


def test_an_emergency_that_does_not_override_yields_to_a_deny() -> None:
    assert during(no(purposes=["crisis"], recipients="*")) == "d1"


def test_an_emergency_that_overrides_beats_a_deny() -> None:
    assert during(no(purposes=["crisis"], recipients="*"), rules=({**NEEDY, "overriding": True},)) == "rule:crisis"


def test_a_permit_is_the_basis_before_an_emergency_that_does_not_override() -> None:
    assert during(ALL) == "g1"


def test_an_emergency_that_overrides_is_the_basis_before_a_permit() -> None:
    assert during(ALL, rules=({**NEEDY, "overriding": True},)) == "rule:crisis"


def test_of_two_emergencies_the_first_in_the_profile_is_the_basis() -> None:
    assert during(rules=({**NEEDY, "name": "b"}, {**NEEDY, "name": "a"})) == "rule:b"


@pytest.mark.parametrize("level", [None, 0, 2])
def test_an_emergency_needs_the_level_to_be_known_and_reached(level: int | None) -> None:
    assert during(facts={} if level is None else {"open_run_level": level}) is None


def test_an_emergency_with_a_need_that_nobody_knows_stays_closed() -> None:
    assert during(rules=({**CRISIS, "needs": {"moon": 1}},)) is None


def test_an_emergency_that_needs_nothing_opens_without_facts() -> None:
    assert during(rules=(CRISIS,), facts={}) == "rule:crisis"


@pytest.mark.parametrize(
    "changed",
    [
        {"purposes": ["treatment"]},
        {"records": [record(category="lab")]},
        {"records": [record(category=None)]},
        {"recipient": recipient()},
        {"recipient": recipient(roles=None)},
        {"recipient": recipient(roles=[{"role": "clerk"}])},
        {"at": "2026-06-16T00:00:00-05:00"},
    ],
)
def test_an_emergency_opens_only_as_its_rule_says(changed: dict[str, Any]) -> None:
    assert during(**changed) is None


# Combination.


def test_a_purpose_not_permitted_sinks_the_record() -> None:
    assert decided(permit(), purposes=["treatment", "marketing"])["records"] == {"r1": "deny"}


def test_different_purposes_may_rest_on_different_directives() -> None:
    both = [permit("g2"), permit("g1", boxes=[box(purposes=["payment"])])]
    assert basis(*both, purposes=["treatment", "payment"]) == ["g1", "g2"]


def test_no_purpose_is_a_deny() -> None:
    assert verdict(ALL, purposes=[]) == "deny"


def test_no_record_is_a_deny() -> None:
    assert decided(ALL, records=[]) == {"decision": "deny", "records": {}, "withheld": [], "basis": None}


def test_a_partial_answer_withholds_what_it_does_not_permit() -> None:
    asked = [record("r3", labels=["HIV"]), record("r2", labels=["HIV"]), record("r1")]
    assert decided(permit(), records=asked)["withheld"] == ["r2", "r3"]


def test_a_partial_answer_rests_on_what_permits() -> None:
    assert basis(permit(), no(labels=["HIV"]), records=[record("r2", labels=["SUD", "HIV"]), record("r1")]) == "g1"


def test_a_deny_rests_on_every_deny_that_decided() -> None:
    denies = [deny("d2"), deny("d1", boxes=[box(purposes=["payment"])])]
    assert basis(*denies, purposes=["treatment", "payment"]) == ["d1", "d2"]


def test_a_refusal_by_default_adds_nothing_to_the_basis_of_a_deny() -> None:
    assert basis(deny(), permit(), purposes=["treatment", "payment"]) == "d1"


def test_a_permit_for_one_purpose_is_no_basis_of_a_deny() -> None:
    assert basis(permit(), purposes=["treatment", "payment"]) is None


def test_of_several_that_would_do_the_one_signed_first_is_the_basis() -> None:
    assert basis(permit("a", signed_on="2026-03-02"), permit("b", signed_on="2026-03-01")) == "b"


def test_of_several_signed_together_the_first_by_name_is_the_basis() -> None:
    assert basis(permit("b"), permit("a")) == "a"


def test_rules_stand_after_directives_in_a_basis() -> None:
    records = [record("r1"), record("r2", labels=["HIV"])]
    assert during(permit("z", boxes=[box(purposes=["crisis"])]), records=records) == ["z", "rule:crisis"]


# What is not said.


def test_a_case_that_says_nothing_but_the_request_is_refused() -> None:
    asked = {"recipient": {"id": "per:lee"}, "purposes": ["treatment"], "at": AT, "records": [record()]}
    for given in ({}, {"directives": [permit()]}):
        assert reference_decide({"given": given, "when": {"request": asked}})["decision"] == "deny"


@pytest.mark.parametrize(("action", "expected"), [(None, "permit"), ("use", "deny")])
def test_where_no_action_is_named_disclosure_is_asked_for(action: str | None, expected: str) -> None:
    assert verdict(permit(), action=action) == expected


@pytest.mark.parametrize("missing", ["purposes", "recipient", "records"])
def test_a_request_that_leaves_out_what_it_is_about_is_refused(missing: str) -> None:
    assert verdict(permit(), **{missing: None}) == "deny"


@pytest.mark.parametrize("action", ["use", "disclose", "redisclose"])
def test_what_is_used_or_passed_on_is_a_record(action: str) -> None:
    mine = permit(boxes=[box(actions="*")], discloser="org:clinic")
    assert decided(mine, records=[], action=action, facts={"held_copy": None}) == decided(records=[])


def test_a_profile_that_nobody_knows_withholds_everything() -> None:
    assert basis(permit(), profiles=["us.unheard-of"]) is None


def test_a_deny_that_was_read_and_has_no_box_denies_nothing() -> None:
    assert basis(permit(), deny(boxes=[])) == "g1"


def test_a_restrictor_that_says_nothing_restricts_nothing() -> None:
    silent = answered(permit(), given={"restrictors": [{"name": "x", "answer": "none"}]})
    assert silent == answered(permit())


# Where permits failed.


def failed(*directives: dict[str, Any], **world: Any) -> Any:
    """By permit and record the axes on which it failed."""
    return answered(*directives, **world)["failed"]


def test_what_is_released_is_told_record_by_record_and_fails_on_nothing() -> None:
    answer = answered(permit(), records=[record("r2"), record("r1")])
    assert (answer["records"], answer["failed"]) == ({"r1": "permit", "r2": "permit"}, {})


def test_a_permit_beside_fails_and_a_deny_beside_does_not() -> None:
    assert failed(permit(), permit("g2", boxes=[box(categories=["lab"])]), no(labels=["HIV"])) == {"g2": {"r1": ["category"]}}


def test_a_permit_fails_by_the_first_of_the_boxes_that_fail_on_fewest() -> None:
    boxes = [box(labels=["HIV"], purposes=["payment"]), box(purposes=["payment"]), box(labels=["HIV"])]
    assert failed(permit(boxes=boxes)) == {"g1": {"r1": ["purpose"]}}


def test_each_purpose_has_its_own_best_box() -> None:
    halves = permit(boxes=[box(), box(purposes=["payment"])])
    assert failed(halves, records=[record(labels=["HIV"])], purposes=["treatment", "payment"]) == {"g1": {"r1": ["label"]}}


def test_what_fails_for_one_purpose_is_told_with_what_fails_for_another() -> None:
    one = permit(boxes=[box(categories=["lab"]), box(purposes=["payment"], labels=["HIV"])])
    assert failed(one, purposes=["treatment", "payment"]) == {"g1": {"r1": ["category", "label"]}}


def test_where_no_purpose_is_named_no_permit_is_told_to_fail() -> None:
    assert failed(permit(), purposes=[]) == {}


def test_a_discloser_and_an_exception_are_told() -> None:
    excepted = {**permit("g2"), "except": [{"categories": ["diagnosis"]}]}
    assert failed(permit(discloser="org:other"), excepted) == {"g1": {"r1": ["discloser"]}, "g2": {"r1": ["except"]}}


# Values of one axis are none of another.


@pytest.mark.parametrize(
    ("switch", "axis", "written", "asked"),
    [
        ({"label_order": "clearance"}, "purposes", "R", "N"),
        ({"break_glass_subsumed": True}, "actions", "treatment", "break_glass"),
    ],
)
def test_an_order_of_the_hosts_is_one_of_its_own_axis(switch: dict[str, Any], axis: str, written: str, asked: str) -> None:
    one = permit(boxes=[box(**{axis: [written]})])
    world: dict[str, Any] = {"purposes": [asked]} if axis == "purposes" else {"action": asked}
    assert verdict(one, given={"switches": switch}, **world) == "deny"


@pytest.mark.parametrize("switch", [{"label_order": "clearance"}, {"break_glass_subsumed": True}])
def test_an_order_of_the_hosts_adds_to_the_standard_one(switch: dict[str, Any]) -> None:
    one = permit(boxes=[box(labels=["BH", "R"])])
    assert verdict(one, given={"switches": switch}, purposes=["care_coordination"], records=[record(labels=["SUD"])]) == "permit"


def test_a_selector_that_nobody_knows_reaches_nobody_for_a_permit_and_everybody_for_a_deny() -> None:
    odd = [{"moon": "full"}]
    assert (verdict(permit(boxes=[box(recipients=odd)])), basis(ALL, no(recipients=odd))) == ("deny", "d1")


def test_a_record_without_a_source_was_not_made_by_a_program_without_a_name() -> None:
    hiv = record(labels=["HIV"], source=None)
    assert basis(no(labels=["SUD"]), records=[hiv], discloser={"kind": "part2_program"}) is None
