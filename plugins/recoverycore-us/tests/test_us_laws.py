"""What holds for every decision under these profiles, whatever the papers, the facts and the question."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from us_asking import AT, Json, box, deny, paper

from recoverycore.consent import ClientFacts, Decision, Directive, Facts, Request, Restriction, decide
from recoverycore_us.dv import DV
from recoverycore_us.hipaa import HIPAA
from recoverycore_us.part2 import PART2

PROFILES = {each.id: each for each in (PART2, HIPAA, DV)}
pick = st.sampled_from
LABELS = [["SUD"], ["SUD"], ["SUD", "SUD_NOTES"], ["MH"], ["PSYTHPN"], ["SUD", "SDV"], ["SUD", "HIV"], []]
PURPOSES = ["treatment", "emergency_treatment", "payment", "operations", "proceedings", "break_glass", "client_request", "duty_to_warn"]
KINDS = [
    "covered_entity",
    "provider",
    "medical_personnel",
    "part2_program",
    "health_plan",
    "client",
    "law_enforcement",
    "intermediary",
    None,
]
ORG = {"id": "org:lakeside", "org": None}
KNOWN = pick([True, False, None])
BOXES = st.builds(
    box,
    labels=pick(["*", ["SUD"], ["SUD"], ["SUD", "SUD_NOTES"], ["BH"], ["HIV"], ["SUD", "SDV"]]),
    categories=pick(["*", "*", ["diagnosis"], ["counselling_note"]]),
    purposes=st.lists(pick(PURPOSES), min_size=1, max_size=3, unique=True),
    recipients=pick(["*", [{"org": "org:lakeside"}], [{"class": "tpo"}], [{"designation": "treating", "via": "org:hie"}]]),
    actions=pick(["*", ["disclose"], ["use", "disclose"]]),
)
PERMITS = st.builds(
    paper,
    form=pick(["specific", "specific", "tpo", "notes", "proceedings", "combined"]),
    discloser=pick(["prog:harbor", "prog:harbor", "*", "org:lakeside"]),
    boxes=st.lists(BOXES, min_size=1, max_size=2),
    expires=pick([{"kind": "none"}, *[{"kind": "date", "value": "2026-12-31"}] * 3, {"kind": "event", "value": "e"}]),
    signed_by=pick([["client"], ["client"], ["client", "parent"], []]),
    missing_elements=pick([[], [], [], ["purpose"], ["hipaa_redisclosure_statement"]]),
    revocations=pick([[], [], [{"at": "2026-06-01T00:00:00-05:00", "written": False}], [{"at": "2026-06-01", "written": True}]]),
    status=pick(["active", "active", "active", "inactive", "unprocessable"]),
)
DENIES = st.builds(deny, boxes=st.lists(BOXES, min_size=1, max_size=1), discloser=pick(["*", "prog:harbor", "org:other"]))
PAPERS = st.lists(PERMITS | PERMITS | DENIES, max_size=4).map(
    lambda made: [{**each, "id": f"p{number}"} for number, each in enumerate(made)]
)
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "labels": pick(LABELS),
            "category": pick(["diagnosis", "diagnosis", "counselling_note", "medication"]),
            "source": pick(["prog:harbor", "org:other"]),
            "separated": KNOWN,
        }
    ),
    min_size=1,
    max_size=3,
).map(lambda made: [{**each, "id": f"r{number}"} for number, each in enumerate(made)])
REQUESTS = st.fixed_dictionaries(
    {
        "discloser": pick([{"id": "prog:harbor", "kind": "part2_program"}, {"id": "org:lakeside", "kind": "covered_entity"}]),
        "recipient": st.builds(
            lambda kind, treating, via: {**ORG, "kind": kind, "treating_relationship": treating, "via": via},
            pick(KINDS),
            KNOWN,
            pick([None, "org:hie"]),
        ),
        "purposes": st.lists(pick(PURPOSES), min_size=1, max_size=2, unique=True),
        "action": pick(["disclose", "disclose", "use", "redisclose"]),
        "at": st.just(AT),
        "records": RECORDS,
    }
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "emergency": st.fixed_dictionaries({}, optional={"bona_fide": KNOWN, "consent_obtainable": KNOWN}),
        "need_to_know": KNOWN,
        "threat": st.fixed_dictionaries({}, optional={"credible": KNOWN, "imminent": KNOWN}),
        "legal": pick([{}, {"part2_order": {"section": "2.64", "records": ["r0", "r1"]}}, {"court_mandate": True}]),
        "held_copy": pick([{"holder": "org:lakeside", "received_under": "p0"}]),
        "events": pick([{"e": None}, {"e": "2026-06-01"}, {"e": "unknown"}]),
        "state_rule": pick(["minor_may_consent_alone", "parental_consent_required"]),
    },
)
NAMED = st.lists(pick(sorted(PROFILES)), max_size=3, unique=True)
WORLDS = st.fixed_dictionaries(
    {"papers": PAPERS, "request": REQUESTS, "facts": FACTS, "profiles": NAMED, "client": pick([{}, {"minor": True}, {"capacity": False}])}
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def decided(world: Json, restrictions: tuple[Restriction, ...] = (), **changes: Any) -> Decision:
    whole = {**world, **changes}
    return decide(
        Request.model_validate(whole["request"]),
        [Directive.model_validate(each) for each in whole["papers"]],
        client=ClientFacts.model_validate({"zone": "America/Chicago", **whole["client"]}),
        facts=Facts.model_validate(whole["facts"]),
        profiles=[PROFILES[each] for each in whole["profiles"]],
        restrictions=restrictions,
    )


def asking(world: Json, **changes: Any) -> Json:
    return {**world["request"], **changes}


def released(decision: Decision) -> set[str]:
    return set(decision.released)


@quick
@given(world=WORLDS, random=st.randoms(use_true_random=False))
def test_no_order_matters_to_anything(world: Json, random: Any) -> None:
    other = copy.deepcopy(world)
    for row in (other["papers"], other["profiles"], other["request"]["records"], other["request"]["purposes"]):
        random.shuffle(row)
    one, two = decided(world), decided(other)
    assert one == two
    assert one.inputs_digest == two.inputs_digest
    assert one.requester_view == two.requester_view


@quick
@given(world=WORLDS, more=PERMITS)
def test_one_more_permit_never_withholds(world: Json, more: Json) -> None:
    assert released(decided(world)) <= released(decided(world, papers=[*world["papers"], {**more, "id": "more"}]))


@quick
@given(world=WORLDS, more=DENIES)
def test_one_more_deny_never_releases(world: Json, more: Json) -> None:
    assert released(decided(world, papers=[*world["papers"], {**more, "id": "more"}])) <= released(decided(world))


@quick
@given(world=WORLDS, more=pick(PURPOSES))
def test_one_more_purpose_or_claim_never_releases(world: Json, more: str) -> None:
    wider = asking(world, purposes=[*world["request"]["purposes"], more])
    assert released(decided(world, request=wider)) <= released(decided(world))


@quick
@given(world=WORLDS)
def test_each_record_is_decided_as_if_alone(world: Json) -> None:
    alone = {record["id"]: decided(world, request=asking(world, records=[record])).verdict for record in world["request"]["records"]}
    assert dict(decided(world).records) == alone


@quick
@given(world=WORLDS, more=pick(sorted(PROFILES)))
def test_one_more_profile_that_applies_beside_others_never_releases(world: Json, more: str) -> None:
    alone = decided(world)
    assume(all(decided(world, request=asking(world, records=[each])).profiles for each in world["request"]["records"]))
    assert released(decided(world, profiles=sorted({*world["profiles"], more}))) <= released(alone)


@quick
@given(world=WORLDS, answer=pick(["deny", "permit", "error", "none"]), records=pick([None, frozenset({"r0"})]))
def test_a_restriction_never_releases(world: Json, answer: str, records: frozenset[str] | None) -> None:
    assert released(decided(world, (Restriction("state", answer, records),))) <= released(decided(world))


@quick
@given(world=WORLDS)
def test_nothing_without_papers_facts_or_an_implied_rule(world: Json) -> None:
    bare = decided(world, papers=[], facts={}, profiles=[each for each in world["profiles"] if each != "us.hipaa"])
    assert not bare.released or bare.basis in ("rule:client-access", "rule:notes-originator")


@quick
@given(world=WORLDS)
def test_every_release_has_a_basis_and_every_refusal_looks_the_same(world: Json) -> None:
    decision = decided(world)
    if decision.verdict == "deny":
        assert decision.requester_view == '{"released": []}'
    else:
        assert decision.basis is not None
        assert decision.basis_kind is not None


@quick
@given(world=WORLDS)
def test_consent_under_part_2_brings_the_notice_and_an_exception_alone_never_does(world: Json) -> None:
    decision = decided(
        world, profiles=["us.42cfr2"], request=asking(world, records=[{**world["request"]["records"][0], "labels": ["SUD"]}])
    )
    if decision.permitted and world["request"]["action"] != "redisclose":
        rests = decision.basis if isinstance(decision.basis, tuple) else (decision.basis or "",)
        by_consent = any(not each.startswith("rule:") for each in rests)
        assert ("part2_notice" in decision.codes) is by_consent
        assert by_consent <= ({"consent_copy_or_scope", "log_disclosure"} <= decision.codes)


@quick
@given(world=WORLDS)
def test_no_form_but_their_own_opens_notes_or_proceedings(world: Json) -> None:
    papers = [each for each in world["papers"] if each["id"] and each.get("form") not in ("notes", "proceedings")]
    note = {"id": "r0", "labels": ["SUD", "SUD_NOTES"], "category": "counselling_note"}
    for request in (
        asking(world, records=[note]),
        asking(world, purposes=["criminal_proceedings"], records=[{**note, "labels": ["SUD"], "category": "x"}]),
    ):
        assert not decided(world, papers=papers, facts={}, profiles=["us.42cfr2"], request=request).permitted


@quick
@given(world=WORLDS)
def test_taking_a_label_off_a_record_never_withholds_it_under_the_same_law_and_bars(world: Json) -> None:
    record = {**world["request"]["records"][0], "labels": ["SUD", "HIV", "OPIOIDUD"]}
    whole = decided(world, request=asking(world, records=[record]))
    for dropped in ("HIV", "OPIOIDUD"):
        fewer = {**record, "labels": [each for each in record["labels"] if each != dropped]}
        assert released(whole) <= released(decided(world, request=asking(world, records=[fewer])))


@quick
@given(
    world=WORLDS,
    path=pick(["need_to_know", "emergency.bona_fide", "emergency.consent_obtainable", "threat.credible"]),
    value=pick([True, False]),
)
def test_a_fact_that_becomes_known_never_withholds(world: Json, path: str, value: bool) -> None:  # noqa: FBT001 - what becomes known
    facts = copy.deepcopy(world["facts"])
    *way, last = path.split(".")
    place = facts
    for step in way:
        place = place.setdefault(step, {})
    place[last] = None
    unknown = decided(world, facts=facts)
    place[last] = value
    assert released(unknown) <= released(decided(world, facts=facts))


@quick
@given(world=WORLDS)
def test_a_record_without_labels_is_decided_as_one_with_those_of_its_source(world: Json) -> None:
    bare = {**world["request"]["records"][0], "labels": [], "source": "prog:harbor"}
    facts = {**world["facts"], "sources": {"prog:harbor": ["SUD"]}}
    told = {**bare, "labels": ["SUD"]}
    assert (
        decided(world, facts=facts, request=asking(world, records=[bare])).verdict
        == decided(world, facts=facts, request=asking(world, records=[told])).verdict
    )


@quick
@given(world=WORLDS)
def test_what_is_needed_is_the_least_and_never_a_story(world: Json) -> None:
    alternatives = decided(world).explanation.needed
    assert not any(set(one) < set(other) for one in alternatives for other in alternatives)
    facts = {code for each in alternatives for code in each if code.startswith("fact:")}
    assert facts <= {"fact:events.e", "fact:recipient.treating_relationship"}
