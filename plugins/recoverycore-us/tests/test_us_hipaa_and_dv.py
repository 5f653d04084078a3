"""HIPAA and the law of victim services: their forms, bars, rules and duties, and how they meet with Part 2."""

from __future__ import annotations

from typing import Any

import pytest
from us_asking import CLIENT, NOTE, Json, ask, box, defects, deny, failed, paper, tpo

from recoverycore_us.dv import DV
from recoverycore_us.forms import ELEMENTS
from recoverycore_us.hipaa import HIPAA
from recoverycore_us.part2 import PART2

CLINIC: Json = {"id": "org:mh", "kind": "covered_entity"}
HEALTH: Json = {"labels": ["PSY"], "source": "org:mh"}
PSY_NOTE: Json = {"labels": ["PSY", "PSYTHPN"], "category": "psychotherapy_note", "source": "org:mh", "originator": "per:ava"}
SHELTER: Json = {"id": "org:shelter", "kind": "victim_service_provider"}
PLACE: Json = {"labels": ["SDV"], "category": "location", "source": "org:shelter"}
HOUSING: Json = {"id": "org:housing", "kind": "lawful_holder"}


def hipaa(*papers: Json, **world: Any) -> Any:
    return ask(*papers, **{"profiles": (HIPAA,), "discloser": CLINIC, "record": HEALTH, **world})


def shelter(*papers: Json, **world: Any) -> Any:
    return ask(*papers, **{"profiles": (DV,), "discloser": SHELTER, "record": PLACE, "to": HOUSING, "purpose": "housing", **world})


def release(**fields: Any) -> Json:
    """A release of the shelter in good order."""
    return paper(**{"discloser": "org:shelter", "boxes": [box(labels=["SDV"], purposes=["housing"], recipients="*")], **fields})


# -- HIPAA ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("purpose", "to", "permitted"),
    [
        ("treatment", {"kind": "provider"}, True),
        ("treatment", {"kind": "covered_entity", "treating_relationship": True}, True),
        ("treatment", {"kind": "part2_program", "treating_relationship": False}, False),
        ("emergency_treatment", {"kind": "medical_personnel"}, True),
        ("treatment", {"kind": "health_plan"}, False),
        ("payment", {"kind": "health_plan"}, True),
        ("payment", {"kind": "business_associate"}, True),
        ("payment", {"kind": "provider"}, False),
        ("operations", {"kind": "business_associate"}, True),
        ("operations", {"kind": "part2_program"}, False),
        ("training", {"kind": "health_plan"}, True),
        ("treatment", {}, False),
        ("marketing", {"kind": "covered_entity"}, False),
    ],
)
def test_treatment_payment_and_operations_are_implied_for_these(purpose: str, to: Json, *, permitted: bool) -> None:
    decision = hipaa(purpose=purpose, to={"id": "org:x", **to})
    assert decision.permitted is permitted
    if permitted:
        assert (decision.basis, decision.codes, decision.basis_kind) == ("rule:hipaa-tpo", {"log_disclosure"}, "implied")


def test_any_live_deny_beats_what_is_implied_and_a_copy_goes_like_the_first() -> None:
    assert hipaa(deny()).basis == "d1"
    assert hipaa(action="redisclose").basis == "rule:hipaa-tpo"


@pytest.mark.parametrize("record", [{"labels": ["PSYTHPN"]}, {"category": "psychotherapy_note"}])
def test_psychotherapy_notes_are_barred_but_for_their_own_form_and_who_wrote_them(record: Json) -> None:
    note = {**HEALTH, **record}
    assert not hipaa(record=note).permitted
    own = paper(form="notes", discloser="org:mh", boxes=[box(labels=["PSY", "PSYTHPN"])])
    assert hipaa(own, record=note).permitted
    assert failed(hipaa(paper(discloser="org:mh", boxes=[box(labels="*")]), record=note)) == ("bar",)
    author = {"id": "per:ava", "org": "org:mh"}
    assert hipaa(record={**note, "originator": "per:ava"}, to=author, action="use").basis == "rule:notes-originator"
    assert hipaa(record={**note, "separated": False}).permitted


def test_an_authorisation_for_notes_that_names_more_reaches_none() -> None:
    mixed = paper(form="notes", discloser="org:mh", boxes=[box(labels=["PSY", "PSYTHPN", "HIV"])])
    assert failed(hipaa(mixed, record=PSY_NOTE)) == ("bar",)


@pytest.mark.parametrize("code", sorted(ELEMENTS))
def test_an_authorisation_holds_each_element(code: str) -> None:
    assert defects(hipaa(paper(missing_elements=[code]))) == (f"element:{code}",)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"written": False}, ("not_written",)),
        ({"expires": {"kind": "none"}}, ("no_expiration",)),
        ({"expires": {"kind": "none"}, "form": "tpo"}, ("no_expiration",)),
        ({"expires": {"kind": "none"}, "form": "research"}, ()),
        ({"missing_elements": ["redisclosure_statement"]}, ()),
        ({"missing_elements": ["notary_stamp"]}, ("element:notary_stamp",)),
        ({"signed_by": ["parent"]}, ("signer",)),
    ],
)
def test_an_authorisation_is_defective_as_the_text_says(fields: Json, found: tuple[str, ...]) -> None:
    assert defects(hipaa(paper(**fields))) == found


@pytest.mark.parametrize("threat", [{"credible": True}, {"imminent": True}, {"credible": True, "imminent": False}])
def test_a_threat_is_credible_and_imminent_or_is_not_told(threat: Json) -> None:
    police = {"id": "per:officer", "kind": "law_enforcement"}
    assert not hipaa(to=police, purpose="duty_to_warn", facts={"threat": threat}).permitted
    told = hipaa(deny(), to=police, purpose="duty_to_warn", facts={"threat": {"credible": True, "imminent": True}})
    assert told.codes == {"minimum_necessary", "log_disclosure", "override_of:d1"}
    assert not hipaa(
        to={"id": "x", "kind": "person"}, purpose="duty_to_warn", facts={"threat": {"credible": True, "imminent": True}}
    ).permitted


def test_the_client_sees_their_own_record_and_a_refusal_reveals_nothing_unless_the_host_says_otherwise() -> None:
    assert hipaa(deny(), to=CLIENT, purpose="client_request").codes == {"log_access", "override_of:d1"}
    assert hipaa(purpose="marketing").codes == {"non_revealing_refusal"}
    assert hipaa(purpose="marketing", policy={"hipaa_nonrevealing": False}).codes == set()


def test_words_alone_lift_no_deny_under_hipaa_and_consent_owes_the_log() -> None:
    assert hipaa(deny(revocations=[{"at": "2026-06-01T00:00:00-05:00"}])).basis == "d1"
    consented = paper(discloser="org:mh", boxes=[box(labels="*", purposes=["marketing"])])
    assert hipaa(consented, purpose="marketing").codes == {"log_disclosure"}


# -- victim services -----------------------------------------------------------------------------------------------------
def test_a_release_in_good_order_owes_log_and_measure() -> None:
    assert shelter(release()).codes == {"log_disclosure", "minimum_necessary"}
    assert shelter().codes == {"non_revealing_refusal"}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"written": False}, ("not_written",)),
        ({"expires": {"kind": "none"}}, ("no_expiration",)),
        ({"expires": {"kind": "none"}, "form": "tpo"}, ("no_expiration",)),
        ({"conditioned_on_service": True}, ("conditioned",)),
        ({"abuser_signed": True}, ("abuser_signed",)),
        ({"missing_elements": ["signature"]}, ("element:signature",)),
        ({"missing_elements": ["revocation_right"]}, ()),
        ({"signed_by": ["guardian"]}, ("signer",)),
    ],
)
def test_a_release_is_defective_as_the_text_says(fields: Json, found: tuple[str, ...]) -> None:
    assert defects(shelter(release(**fields))) == found


@pytest.mark.parametrize(
    ("fields", "most", "permitted"),
    [
        ({"expires": {"kind": "date", "value": "2026-06-28"}}, 120, True),
        ({"expires": {"kind": "date", "value": "2026-06-29"}}, 120, False),
        ({"expires": {"kind": "instant", "value": "2026-06-29T00:00:00-05:00"}}, 120, True),
        ({"expires": {"kind": "event", "value": "hearing"}}, 120, False),
        ({"expires": {"kind": "event", "value": "hearing"}}, None, True),
        ({"starts": None, "signed_on": None}, 900, False),
    ],
)
def test_a_host_may_say_how_long_a_release_lasts_at_most(fields: Json, most: int | None, *, permitted: bool) -> None:
    assert shelter(release(**fields), facts={"events": {"hearing": None}}, policy={"dv_max_days": most}).permitted is permitted


@pytest.mark.parametrize("mandate", ["court_mandate", "statutory_mandate"])
def test_a_mandate_overrides_and_the_victim_is_told(mandate: str) -> None:
    decision = shelter(deny(), to={"id": "org:court"}, purpose="civil_proceedings", facts={"legal": {mandate: True}})
    assert decision.codes == {"notify_victim", "protect_safety", "log_disclosure", "override_of:d1"}


def test_a_subpoena_is_no_mandate() -> None:
    assert not shelter(to={"id": "org:court"}, purpose="proceedings", facts={"legal": {"subpoena": True, "general_order": True}}).permitted


@pytest.mark.parametrize(
    ("record", "permitted"),
    [
        ({"deidentified": True, "category": "count"}, True),
        ({"deidentified": True, "category": "hashed_identifier"}, False),
        ({"deidentified": True, "category": None}, False),
        ({"category": "count"}, False),
    ],
)
def test_only_what_is_de_identified_indeed_is_reported(record: Json, *, permitted: bool) -> None:
    assert shelter(record={**PLACE, **record}, purpose="reporting").permitted is permitted


def test_a_survivor_sees_their_own_record_and_nothing_is_implied() -> None:
    assert shelter(to=CLIENT, purpose="client_request").basis == "rule:client-access"
    assert not shelter(to={"id": "org:x", "kind": "provider", "treating_relationship": True}, purpose="treatment").permitted


def test_words_are_enough_to_take_a_release_back_or_a_deny() -> None:
    said = [{"at": "2026-06-01T00:00:00-05:00", "written": False}]
    assert shelter(release(revocations=said)).codes == {"non_revealing_refusal"}
    assert shelter(release(), deny(revocations=said)).permitted


def test_the_law_of_victim_services_follows_the_label_as_well_as_the_house() -> None:
    elsewhere = {"id": "org:mh", "kind": "covered_entity"}
    assert not shelter(release(written=False, discloser="org:mh"), discloser=elsewhere).permitted
    assert shelter(
        release(written=False, discloser="org:mh", boxes=[box(labels="*", purposes="*", recipients="*")]),
        discloser=elsewhere,
        record={"labels": ["MH"]},
    ).permitted


# -- together ------------------------------------------------------------------------------------------------------------
def test_profiles_meet_in_whatever_order_they_are_named() -> None:
    both = tpo(discloser="org:shelter", boxes=[box(labels=["SUD", "SDV"], purposes=["tpo"], recipients=[{"class": "tpo"}])])
    world: Json = {"discloser": SHELTER, "record": {"labels": ["SUD", "SDV"]}}
    one, other = ask(both, profiles=(PART2, DV), **world), ask(both, profiles=(DV, PART2), **world)
    assert one == other
    assert (one.verdict, failed(one), defects(one)) == ("deny", ("form",), ("no_expiration",))
    assert ask(both, profiles=(PART2,), **world).permitted


def test_a_consent_for_counselling_notes_is_good_under_hipaa_too() -> None:
    notes = paper(form="notes", boxes=[box(labels=["SUD", "SUD_NOTES"])])
    assert ask(notes, record=NOTE, profiles=(PART2, HIPAA)).basis == "g1"
    mixed = paper(boxes=[box(purposes=["treatment", "marketing"])])
    assert ask(mixed, purpose="marketing", profiles=(PART2, HIPAA)).permitted


def test_a_question_without_records_is_answered_by_the_law_that_has_an_answer() -> None:
    asked: Json = {"to": CLIENT, "purpose": "client_request", "action": "accounting", "records": []}
    assert ask(**asked, profiles=(PART2, HIPAA, DV)).basis == "rule:accounting"
    assert not ask(**asked, profiles=(HIPAA,)).permitted
