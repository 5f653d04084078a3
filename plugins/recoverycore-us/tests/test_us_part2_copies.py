"""Copies of Part 2 records that are passed on: each route, what closes it, and how a chain only narrows."""

from __future__ import annotations

import pytest
from us_asking import NOTE, Json, ask, box, deny, paper, tpo

LAKESIDE: Json = {"id": "org:lakeside", "kind": "covered_entity", "treating_relationship": True}
REHAB: Json = {"id": "org:rehab", "kind": "covered_entity"}
HELD: Json = {"held_copy": {"holder": "org:lakeside", "received_under": "g1"}}
TPA: Json = {"id": "org:tpa", "kind": "lawful_holder"}
MAILER: Json = {"id": "org:mailer", "kind": "contractor"}
FOR_TPA: Json = paper(boxes=[box(purposes=["payment"], recipients=[{"org": "org:tpa"}])])
BY_TPA: Json = {
    "held_copy": {"holder": "org:tpa", "received_under": "g1"},
    "contracts": [{"between": ["org:tpa", "org:mailer"], "part2_clause": True}],
}
PROGRAMME: Json = {"id": "prog:b", "kind": "part2_program", "covered_entity": False}
TO_BOTH = [box(recipients=[{"org": "prog:b"}, {"org": "org:rehab"}])]
BY_PROGRAMME: Json = {"held_copy": {"holder": "prog:b", "received_under": "g1"}}
REVOKED = [{"at": "2026-06-01T00:00:00-05:00", "written": True}]


def test_a_covered_entity_passes_on_under_a_tpo_consent_and_owes_the_log_only() -> None:
    decision = ask(tpo(), discloser=LAKESIDE, to=REHAB, action="redisclose", facts=HELD)
    assert (decision.basis, decision.codes, decision.basis_kind) == ("g1", {"log_disclosure"}, "consent")


@pytest.mark.parametrize(
    ("change", "permitted"),
    [
        ({"purpose": "care_coordination"}, True),
        ({"purpose": "payment", "to": {"id": "org:plan", "kind": "health_plan"}}, True),
        ({"purpose": "marketing"}, False),
        ({"purpose": "proceedings", "to": {"id": "per:da", "kind": "law_enforcement"}}, False),
        ({"to": {**REHAB, "treating_relationship": False}}, False),
        ({"to": {"id": "per:x", "kind": "person"}}, False),
        ({"record": NOTE}, False),
        ({"record": {"labels": ["SUD", "HIV"]}}, False),
        ({"discloser": {**LAKESIDE, "kind": "lawful_holder"}}, False),
        ({"discloser": {**LAKESIDE, "kind": "qso"}}, False),
        ({"discloser": {**LAKESIDE, "treating_relationship": None}}, False),
        ({"facts": {}}, False),
        ({"facts": {"held_copy": {"holder": "org:else", "received_under": "g1"}}}, False),
        ({"facts": {"held_copy": {"holder": "org:lakeside", "received_under": "gone"}}}, False),
        ({"facts": {"held_copy": {"holder": "org:lakeside", "received_under": "rule:medical-emergency"}}}, False),
        ({"facts": {"held_copy": {**HELD["held_copy"], "limits": {"purposes": ["payment"]}}}}, False),
        ({"facts": {"held_copy": {**HELD["held_copy"], "limits": {"purposes": ["treatment"]}}}}, True),
    ],
)
def test_the_route_of_a_covered_entity_has_these_edges(change: Json, *, permitted: bool) -> None:
    world = {"discloser": LAKESIDE, "to": REHAB, "action": "redisclose", "facts": HELD, **change}
    assert ask(tpo(), **world).permitted is permitted


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "specific", "expires": {"kind": "date", "value": "2026-12-31"}},
        {"revocations": REVOKED},
        {"revocations": [{**REVOKED[0], "recipients": ["org:lakeside"]}]},
        {"revocations": [{**REVOKED[0], "recipients": ["org:rehab"]}]},
        {"suspensions": [{"from": "2026-06-01"}]},
        {"missing_elements": ["purpose"]},
        {"except": [{"categories": ["diagnosis"]}]},
        {"status": "inactive"},
    ],
)
def test_the_consent_behind_a_copy_must_count_still(fields: Json) -> None:
    assert not ask(tpo(**fields), discloser=LAKESIDE, to=REHAB, action="redisclose", facts=HELD).permitted


@pytest.mark.parametrize(("received", "permitted"), [("2026-05-01", True), ("2026-06-02", False), (None, False)])
def test_a_host_may_leave_the_route_open_for_what_was_received_before_the_revocation(received: str | None, *, permitted: bool) -> None:
    facts = {"held_copy": {**HELD["held_copy"], "received_at": received}}
    policy = {"post_revocation_redisclosure": "permit"}
    taken = tpo(revocations=REVOKED)
    assert ask(taken, discloser=LAKESIDE, to=REHAB, action="redisclose", facts=facts, policy=policy).permitted is permitted


def test_a_deny_against_the_first_discloser_holds_a_copy_back() -> None:
    stopped = deny(discloser="prog:harbor")
    assert ask(tpo(), stopped, discloser=LAKESIDE, to=REHAB, action="redisclose", facts=HELD).basis == "d1"
    assert ask(tpo(), deny(discloser="prog:else"), discloser=LAKESIDE, to=REHAB, action="redisclose", facts=HELD).permitted


def test_a_permit_that_names_the_holder_works_as_usual() -> None:
    own = paper(discloser="org:lakeside", boxes=[box(recipients=[{"org": "org:rehab"}])])
    assert ask(own, discloser=LAKESIDE, to=REHAB, action="redisclose").permitted
    assert not ask({**own, "discloser": "*"}, discloser=LAKESIDE, to=REHAB, action="redisclose").permitted


def test_another_programme_passes_on_within_the_consent_itself_and_owes_what_consent_owes() -> None:
    decision = ask(paper(boxes=TO_BOTH), discloser=PROGRAMME, to=REHAB, action="redisclose", facts=BY_PROGRAMME)
    assert decision.codes == {"part2_notice", "consent_copy_or_scope", "log_disclosure", "minimum_necessary"}
    outside = paper(boxes=[box(recipients=[{"org": "prog:b"}])])
    assert not ask(outside, discloser=PROGRAMME, to=REHAB, action="redisclose", facts=BY_PROGRAMME).permitted
    for covered in (True, None):
        holder = {**PROGRAMME, "covered_entity": covered}
        assert not ask(paper(boxes=TO_BOTH), discloser=holder, to=REHAB, action="redisclose", facts=BY_PROGRAMME).permitted


def test_any_other_holder_passes_on_to_its_contractors_for_payment_or_operations() -> None:
    decision = ask(FOR_TPA, discloser=TPA, to=MAILER, purpose="payment", action="redisclose", facts=BY_TPA)
    assert (decision.basis, decision.codes) == ("g1", {"log_disclosure", "minimum_necessary"})


@pytest.mark.parametrize(
    "change",
    [
        {"facts": {**BY_TPA, "contracts": []}},
        {"facts": {**BY_TPA, "contracts": [{"between": ["org:tpa", "org:mailer"]}]}},
        {"facts": {**BY_TPA, "contracts": [{"between": ["org:tpa", "org:other"], "part2_clause": True}]}},
        {"to": {**MAILER, "kind": "covered_entity"}},
        {"to": {**MAILER, "id": "clerk", "org": "org:mailer"}},
        {"purpose": "operations"},
        {"purpose": "treatment"},
    ],
)
def test_without_contract_kind_or_purpose_the_route_of_other_holders_is_closed(change: Json) -> None:
    world = {"discloser": TPA, "to": MAILER, "purpose": "payment", "action": "redisclose", "facts": BY_TPA, **change}
    assert not ask(FOR_TPA, **world).permitted


def test_each_hop_is_at_most_the_hop_before() -> None:
    first = paper("g0", boxes=[box(purposes=["payment"], recipients="*")])
    chain = {"held_copy": {**HELD["held_copy"], "chain": [{"received_under": "g0", "holder": "prog:b"}]}}
    world: Json = {"discloser": LAKESIDE, "to": {"id": "org:plan", "kind": "health_plan"}, "action": "redisclose", "facts": chain}
    assert ask(first, tpo(), **world, purpose="payment").permitted
    assert not ask(first, tpo(), **{**world, "to": REHAB}).permitted
    assert not ask(tpo(), **world, purpose="payment").permitted
    short = {**world, "facts": {"held_copy": {**HELD["held_copy"], "chain": ["g0"]}}}
    assert ask(first, tpo(), **short, purpose="payment").permitted
    limited = {"held_copy": {**HELD["held_copy"], "chain": [{"received_under": "g0", "limits": {"categories": ["claim"]}}]}}
    assert not ask(first, tpo(), **{**world, "facts": limited}, purpose="payment").permitted
    assert not ask({**first, "revocations": REVOKED}, tpo(), **world, purpose="payment").permitted
