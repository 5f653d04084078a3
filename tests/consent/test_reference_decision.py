"""The reference decider on the order of answers for one record, and on how answers make up the verdict and its basis."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consent.plain import basis, box, decided, deny, permit, recipient, record, verdict


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
