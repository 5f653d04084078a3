"""The reference decider on copies passed on: under what they were received, by whom, how far they may go, and what closes the way."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.testing.consent.stories import TREE, box, permit
from tests.consent.plain import basis
from tests.consent.plain import permit as plain_permit
from tests.consent.test_reference_profiles import failed, told, verdict

Json = dict[str, Any]
BY_HIPAA, BY_PROGRAM, TO_CONTRACTOR = "passed on by HIPAA", "passed on by a program", "passed on to a contractor"
OWN = "passed on by own consent"
SERVES_ON = {"post_revocation_redisclosure": "permit"}


@pytest.mark.parametrize("covered", [True, False, None])
def test_a_program_passes_on_by_hipaa_nothing_whether_it_is_covered_or_not(covered: object) -> None:
    program = {"request__discloser__kind": "part2_program", "request__discloser__covered_entity": covered}
    assert verdict(BY_HIPAA, **program, paper__boxes__0__recipients=[{"org": "org:lakeside"}]) == "deny"


@pytest.mark.parametrize("kind", ["covered_entity", "business_associate"])
def test_by_hipaa_pass_on_those_whom_hipaa_binds(kind: str) -> None:
    held_for_operations = {"request__purposes": ["operations"], "request__discloser__kind": kind}
    assert verdict(BY_HIPAA, **held_for_operations) == "permit"


@pytest.mark.parametrize("story", [BY_HIPAA, BY_PROGRAM, TO_CONTRACTOR])
@pytest.mark.parametrize("kind", ["provider", "qso", "auditor", "researcher", "person", None])
def test_no_route_is_open_to_any_other_holder(story: str, kind: str | None) -> None:
    assert verdict(story, request__discloser__kind=kind, paper__boxes__0__recipients="*") == "deny"


def test_a_program_of_which_nobody_knows_whether_hipaa_binds_it_passes_nothing_on() -> None:
    assert verdict(BY_PROGRAM) == "permit"
    assert verdict(BY_PROGRAM, request__discloser__covered_entity=None) == "deny"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("contractor", "permit"), ("subcontractor", "permit"), ("legal_representative", "permit"), ("vendor", "deny"), (None, "deny")],
)
def test_a_lawful_holder_passes_on_to_those_who_work_for_it(kind: str | None, expected: str) -> None:
    assert verdict(TO_CONTRACTOR, request__recipient__kind=kind) == expected


@pytest.mark.parametrize(("purpose", "expected"), [("payment", "permit"), ("operations", "permit"), ("treatment", "deny")])
def test_a_contractor_is_sent_what_payment_or_operations_need(purpose: str, expected: str) -> None:
    assert verdict(TO_CONTRACTOR, request__purposes=[purpose], paper__boxes__0__purposes=[purpose]) == expected


@pytest.mark.parametrize(
    "contracts",
    [
        None,
        [],
        [{"part2_clause": True}],
        [{"between": ["org:tpa", "org:mail"]}],
        [{"between": ["org:tpa", "org:other"], "part2_clause": True}],
        [{"between": ["org:other", "org:mail"], "part2_clause": True}],
    ],
)
def test_a_contract_binds_both_and_has_the_clause(contracts: Any) -> None:
    assert verdict(TO_CONTRACTOR, facts__contracts=contracts) == "deny"


@pytest.mark.parametrize("story", [BY_HIPAA, BY_PROGRAM, TO_CONTRACTOR])
def test_the_permit_by_which_a_copy_goes_on_is_not_told_to_fail(story: str) -> None:
    answer = told(story)
    assert (answer["basis"], answer["failed"]) == ("g1", {})


def test_a_copy_that_somebody_else_holds_goes_nowhere() -> None:
    assert verdict(BY_HIPAA, facts__held_copy__holder="org:other") == "deny"


# Under what it was received.


def test_a_copy_received_under_a_deny_goes_nowhere() -> None:
    assert verdict(BY_HIPAA, paper__polarity="deny", paper__boxes=[box(recipients=[{"org": "org:lakeside"}])]) == "deny"


def test_a_copy_received_under_a_tree_goes_nowhere() -> None:
    tree = {**TREE, "id": "g1", "form": "tpo", "written": True, "signed_by": ["client"], "discloser": "prog:harbor"}
    assert verdict(BY_HIPAA, given__directives=[{**tree, "expires": {"kind": "date", "value": "2026-12-31"}}]) == "deny"


def test_every_hop_before_was_by_a_permit() -> None:
    hop = [{"holder": "org:first", "received_under": "g0"}]
    first = permit("g0", polarity="deny", boxes=[box(recipients=[{"org": "org:first"}])])
    tpo = told_paper()
    assert verdict(BY_HIPAA, facts__held_copy__chain=hop, given__directives=[tpo, first]) == "deny"


def told_paper() -> Json:
    """The consent for everything, under which Lakeside holds the copy."""
    return permit(form="tpo", boxes=[box(purposes=["treatment"], recipients=[{"class": "tpo"}])])


def test_of_the_limits_that_came_with_a_copy_one_is_enough() -> None:
    assert verdict(BY_HIPAA, facts__held_copy__limits=[{"categories": ["lab"]}, {"categories": ["diagnosis"]}]) == "permit"


@pytest.mark.parametrize("limits", [None, [], {}])
def test_a_copy_without_limits_goes_as_far_as_its_route(limits: Any) -> None:
    assert verdict(BY_HIPAA, facts__held_copy__limits=limits) == "permit"


# What closes the way afterwards.


def test_where_the_host_says_so_what_was_paused_after_receipt_closes_nothing() -> None:
    paused = {"paper__suspensions": [{"from": "2026-06-01", "to": None}]}
    assert verdict(BY_HIPAA, **paused) == "deny"
    assert verdict(BY_HIPAA, **paused, given__switches=SERVES_ON) == "permit"


@pytest.mark.parametrize(("at", "expected"), [("2026-06-02T11:59:59Z", "deny"), ("2026-06-02T12:00:00Z", "permit")])
def test_a_copy_received_on_a_day_was_received_when_that_day_is_over_everywhere(at: str, expected: str) -> None:
    revoked = {"paper__revocations": [{"at": at, "written": True}], "facts__held_copy__received_at": "2026-06-01"}
    assert verdict(BY_HIPAA, **revoked, client__zone=None, given__switches=SERVES_ON) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-06-02T12:00:00Z", "deny"), ("2026-06-02T12:00:00.000001Z", "permit")])
def test_a_copy_received_at_the_very_instant_of_a_revocation_was_not_received_before_it(at: str, expected: str) -> None:
    revoked = {"paper__revocations": [{"at": at, "written": True}], "facts__held_copy__received_at": "2026-06-02T12:00:00Z"}
    assert verdict(BY_HIPAA, **revoked, given__switches=SERVES_ON) == expected


def test_only_a_permit_that_names_the_holder_lets_a_copy_go() -> None:
    assert (verdict(OWN), failed(OWN, paper__discloser="*")) == ("permit", ["discloser"])


@pytest.mark.parametrize("action", ["disclose", "redisclose"])
def test_what_a_permit_excepts_from_disclosure_is_not_passed_on_either(action: str) -> None:
    assert failed(OWN, paper__except=[{"actions": [action]}]) == ["except"]


@pytest.mark.parametrize(("action", "expected"), [("disclose", "d1"), ("redisclose", "g1")])
def test_a_copy_leaves_a_deny_only_where_its_exception_says_so(action: str, expected: str) -> None:
    mine = {"discloser": "org:lakeside"}
    deny = permit("d1", polarity="deny", boxes=[{}], **mine, **{"except": [{"actions": [action]}]})
    assert told(OWN, given__directives=[deny, permit(boxes=[box(recipients=[{"org": "org:rehab"}])], **mine)])["basis"] == expected


@pytest.mark.parametrize(("under", "expected"), [("prog:harbor", "g1"), ("*", "d1"), (None, "d1")])
def test_a_deny_of_another_discloser_binds_a_copy_unless_it_is_known_to_come_from_elsewhere(under: str | None, expected: str) -> None:
    mine = permit("g1", discloser="org:lakeside", boxes=[box(recipients=[{"org": "org:rehab"}])])
    other = permit("d1", polarity="deny", discloser="org:elsewhere", boxes=[box(recipients="*")])
    received = permit("g2", discloser=under)
    held = {"facts__held_copy__received_under": "g2", "given__directives": [mine, other, received]}
    assert told(OWN, **held)["basis"] == expected


def test_a_deny_of_another_discloser_binds_a_copy_of_which_nobody_says_where_it_comes_from() -> None:
    mine = permit("g1", discloser="org:lakeside", boxes=[box(recipients=[{"org": "org:rehab"}])])
    other = permit("d1", polarity="deny", discloser="org:elsewhere", boxes=[box(recipients="*")])
    assert told(OWN, facts__held_copy=None, given__directives=[mine, other])["basis"] == "d1"


# Who discloses.


def test_a_permit_without_a_discloser_is_not_of_a_discloser_without_a_name() -> None:
    assert basis(plain_permit(discloser=None), discloser={}) is None


def test_a_deny_binds_a_discloser_without_a_name() -> None:
    assert basis(plain_permit(polarity="deny"), discloser={}) == "g1"


# Through whose hands it came.


def through(*papers: Json, **hop: Any) -> str:
    """What becomes of a copy that came to its holder by two hops, the first of which is told so."""
    tpo = {**told_paper(), "id": "g1"}
    chain = {"facts__held_copy__chain": [{"received_under": "g0", **hop}] if hop else ["g0"]}
    found: str = verdict(BY_HIPAA, **chain, given__directives=[tpo, *papers])
    return found


def earlier(**fields: Any) -> Json:
    """The paper of the first hop, for somebody else."""
    return permit("g0", **{"form": "tpo", "boxes": [box(purposes=["treatment"], recipients=[{"org": "org:first"}])], **fields})


def test_a_hop_before_is_under_a_paper_that_holds_the_record_whoever_it_went_to() -> None:
    assert through(earlier()) == through(earlier(), holder="org:nobody-else") == "permit"
    assert through(earlier(boxes=[box(purposes=["treatment"], categories=["lab"])])) == "deny"
    assert through(earlier(**{"except": [{"recipients": [{"org": "org:nobody-else"}]}]})) == "deny"


def test_limits_of_every_hop_hold() -> None:
    assert through(earlier(), limits={"categories": ["diagnosis"]}) == "permit"
    assert through(earlier(), limits={"categories": ["lab"]}) == "deny"


@pytest.mark.parametrize(("who", "expected"), [("org:source", "deny"), ("org:first", "deny"), ("org:elsewhere", "permit")])
def test_a_deny_against_whoever_released_or_held_it_before_holds_it_back(who: str, expected: str) -> None:
    refusal = permit("d1", polarity="deny", discloser=who, boxes=[box(purposes="*", recipients="*", labels="*", actions=["redisclose"])])
    assert through(earlier(discloser="org:source"), refusal, holder="org:first") == expected
