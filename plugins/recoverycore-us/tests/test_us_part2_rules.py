"""Each exception of 42 CFR Part 2: what it needs, to whom and for what, whether it beats a deny, goes with a copy, and what it owes.

Longer than 300 lines, since the exceptions of one part of the law are read beside each other.
"""

from __future__ import annotations

from typing import Any

import pytest
from us_asking import AT, CLIENT, DOCTOR, NOTE, Json, ask, deny

from recoverycore_us.part2 import PART2

EMERGENCY: Json = {"emergency": {"bona_fide": True, "consent_obtainable": False}}
ORDER: Json = {"legal": {"subpoena": True, "part2_order": {"section": "2.64", "records": ["r1"]}}}
FINDING: Json = {"legal": {"part2_order": {**ORDER["legal"]["part2_order"], "confidential_communications_finding": "serious_crime"}}}
COURT: Json = {"id": "org:court", "kind": "court"}
POLICE: Json = {"id": "per:officer", "kind": "law_enforcement"}
CPS: Json = {"id": "org:cps", "kind": "child_protection"}
PARENT: Json = {"id": "per:parent", "kind": "person", "relationship": "parent"}
REGISTRAR: Json = {"id": "org:registrar", "kind": "vital_statistics"}
AUDITOR: Json = {"id": "org:medicaid", "kind": "auditor"}
AVA: Json = {"id": "per:ava", "kind": "part2_program", "org": "prog:harbor", "roles": []}
INTERN: Json = {**AVA, "id": "per:intern", "roles": [{"role": "supervised-trainee", "org": "prog:harbor"}]}
LAB: Json = {"id": "org:lab", "kind": "qso"}
THREAT: Json = {"director_finding": {"lacks_capacity": True, "substantial_threat": True}}
MINOR: Json = {"minor": True, "age": 15}
AGREED: Json = {"agreements": [{"kind": "QSOA", "with": "org:lab", "signed": True}]}

# rule, the world in which it holds, whether it beats a deny, whether it goes with a copy, what it owes
TABLE: dict[str, tuple[Json, bool, bool, set[str]]] = {
    "medical-emergency": (
        {"to": DOCTOR, "purpose": "emergency_treatment", "facts": EMERGENCY},
        True,
        True,
        {"minimum_necessary", "log_disclosure", "emergency_record", "post_review"},
    ),
    "fda": (
        {"to": {"id": "per:fda", "kind": "fda"}, "purpose": "product_error_notification", "facts": {"fda_assertion": True}},
        True,
        False,
        {"emergency_record", "log_disclosure"},
    ),
    "court-order": ({"to": COURT, "purpose": "civil_proceedings", "facts": ORDER}, True, True, {"log_disclosure", "minimum_necessary"}),
    "crime-on-premises": (
        {"to": POLICE, "purpose": "crime_report", "facts": {"crime": {"against_staff": True}}, "record": {"category": "incident_identity"}},
        True,
        False,
        {"log_disclosure"},
    ),
    "child-abuse-report": (
        {"to": CPS, "purpose": "child_protection", "record": {"category": "abuse_report_facts"}},
        True,
        False,
        {"log_disclosure"},
    ),
    "minor-threat": (
        {"to": PARENT, "purpose": "safety", "facts": THREAT, "client": MINOR, "record": {"category": "threat_facts"}},
        True,
        False,
        {"log_disclosure"},
    ),
    "vital-statistics": (
        {"to": REGISTRAR, "purpose": "vital_statistics", "client": {"deceased": True}, "record": {"category": "cause_of_death"}},
        True,
        False,
        {"log_disclosure"},
    ),
    "audit": (
        {"to": AUDITOR, "purpose": "audit", "facts": {"audit": {"written_agreement": True}}},
        True,
        False,
        {"return_or_destroy", "no_redisclosure", "log_disclosure"},
    ),
    "client-access": ({"to": CLIENT, "purpose": "client_request"}, True, False, {"log_access"}),
    "notes-originator": ({"to": AVA, "action": "use", "record": NOTE}, False, False, {"log_access"}),
    "notes-training": ({"to": INTERN, "purpose": "training", "action": "use", "record": NOTE}, False, False, {"log_access"}),
    "notes-own-defence": (
        {"to": COURT, "purpose": "defence_in_action_by_patient", "record": NOTE},
        False,
        False,
        {"log_disclosure", "minimum_necessary"},
    ),
    "within-program": ({"to": AVA, "facts": {"need_to_know": True}}, False, False, {"minimum_necessary", "log_disclosure"}),
    "qso": ({"to": LAB, "purpose": "service_to_program", "facts": AGREED}, False, False, {"minimum_necessary", "log_disclosure"}),
    "research": (
        {"to": {"id": "org:univ", "kind": "researcher"}, "purpose": "research", "facts": {"research": {"common_rule": True}}},
        False,
        False,
        {"no_redisclosure", "deidentified_reports_only", "log_disclosure"},
    ),
    "public-health": (
        {"to": {"id": "org:health", "kind": "public_health"}, "purpose": "public_health", "record": {"deidentified": True}},
        False,
        False,
        {"log_disclosure"},
    ),
}
KINDLESS = {"court-order", "notes-originator", "notes-training", "notes-own-defence", "within-program"}


def _world(rule: str, **changes: Any) -> Json:
    return {**TABLE[rule][0], **changes}


def test_every_exception_of_the_profile_is_in_this_table_or_asks_for_no_record() -> None:
    assert {rule.name for rule in PART2.rules if rule.with_records} == set(TABLE)
    assert {rule.name for rule in PART2.rules if not rule.with_records} == {"intermediary-list", "accounting"}


@pytest.mark.parametrize("rule", TABLE)
def test_it_permits_and_owes_its_own_row_and_no_notice(rule: str) -> None:
    decision = ask(**_world(rule))
    assert (decision.verdict, decision.basis) == ("permit", f"rule:{rule}")
    assert decision.codes == TABLE[rule][3]
    assert decision.basis_kind == "exception"


@pytest.mark.parametrize("rule", TABLE)
def test_a_live_deny_is_beaten_only_where_the_rule_says_so(rule: str) -> None:
    decision = ask(deny(), **_world(rule))
    if TABLE[rule][1]:
        assert decision.codes == TABLE[rule][3] | {"override_of:d1"}
    else:
        assert (decision.verdict, decision.basis) == ("deny", "d1")


@pytest.mark.parametrize("rule", TABLE)
def test_a_copy_is_passed_on_only_by_the_rules_that_go_with_it(rule: str) -> None:
    copied = _world(
        rule, action="redisclose", discloser={"id": "org:lakeside", "kind": "covered_entity"}, facts=TABLE[rule][0].get("facts", {})
    )
    assert ask(**copied).permitted is TABLE[rule][2]


@pytest.mark.parametrize("rule", sorted(set(TABLE) - KINDLESS))
@pytest.mark.parametrize("kind", ["somebody_else", None])
def test_another_kind_of_recipient_or_an_unknown_one_gets_nothing(rule: str, kind: str | None) -> None:
    assert not ask(**_world(rule, to={**TABLE[rule][0]["to"], "kind": kind})).permitted


@pytest.mark.parametrize("rule", TABLE)
def test_another_purpose_gets_nothing_and_a_second_one_sinks_the_record(rule: str) -> None:
    assert not ask(**_world(rule, purpose="curiosity")).permitted
    assert not ask(**_world(rule, purpose=[TABLE[rule][0].get("purpose", "treatment"), "curiosity"])).permitted


@pytest.mark.parametrize("rule", [rule for rule, row in TABLE.items() if "facts" in row[0]])
def test_without_its_facts_it_does_not_hold(rule: str) -> None:
    assert not ask(**_world(rule, facts={})).permitted


@pytest.mark.parametrize("rule", [rule for rule in TABLE if not rule.startswith("notes-")])
def test_no_other_rule_reaches_counselling_notes(rule: str) -> None:
    category = TABLE[rule][0].get("record", {}).get("category", "counselling_note")
    barred = _world(rule, record={**TABLE[rule][0].get("record", {}), "labels": ["SUD", "SUD_NOTES"], "category": category})
    assert not ask(**barred).permitted


@pytest.mark.parametrize(
    ("facts", "permitted"),
    [
        ({"bona_fide": False, "consent_obtainable": False}, False),
        ({"bona_fide": True}, False),
        ({"bona_fide": True, "consent_obtainable": True}, False),
        ({"bona_fide": True, "consent_obtainable": "unknown"}, False),
        ({"bona_fide": True, "consent_obtainable": False, "patient_refused": True}, False),
        ({"bona_fide": True, "consent_obtainable": False, "ended_at": AT}, False),
        ({"bona_fide": True, "consent_obtainable": False, "ended_at": "2026-06-15"}, False),
        ({"bona_fide": True, "consent_obtainable": False, "ended_at": "2026-06-15T10:00:01-05:00"}, True),
        ({"bona_fide": True, "declared_disaster": True, "program_closed": True}, True),
        ({"bona_fide": True, "declared_disaster": True}, False),
        ({"bona_fide": True, "program_closed": True}, False),
    ],
)
def test_an_emergency_holds_while_it_lasts_and_consent_cannot_be_had(facts: Json, *, permitted: bool) -> None:
    assert ask(**_world("medical-emergency", facts={"emergency": facts})).permitted is permitted


def test_an_emergency_opens_what_is_needed_only_and_a_break_glass_claim_with_it() -> None:
    assert not ask(**_world("medical-emergency", facts={**EMERGENCY, "necessary": ["r2"]})).permitted
    assert ask(**_world("medical-emergency", facts={**EMERGENCY, "necessary": ["r1"]})).permitted
    assert ask(**_world("medical-emergency", purpose="BTG")).permitted


def test_the_record_of_an_emergency_is_due_at_once_and_says_what_it_has_to_hold() -> None:
    [record] = [each for each in ask(**_world("medical-emergency")).obligations if each.code == "emergency_record"]
    assert record.to_data() == {
        "code": "emergency_record",
        "timing": "after",
        "deadline": "2026-06-15T15:00:00Z",
        "params": {
            "affiliation": "org:er",
            "at": "2026-06-15T15:00:00Z",
            "discloser": "prog:harbor",
            "nature": "to_be_written",
            "recipient": "per:drer",
        },
    }


def test_a_disaster_opens_nothing_where_the_host_has_chosen_so() -> None:
    facts = {"emergency": {"bona_fide": True, "declared_disaster": True, "program_closed": True}}
    assert not ask(**_world("medical-emergency", facts=facts), policy={"emergency_by_disaster": False}).permitted


@pytest.mark.parametrize("section", ["2.64", "2.65", "2.66", "2.67", None])
def test_an_order_is_one_of_three_sections(section: str | None) -> None:
    order = {"section": section, "records": ["r1"]}
    assert ask(**_world("court-order", facts={"legal": {"part2_order": order}})).permitted is (section in ("2.64", "2.65", "2.66"))


def test_an_order_reaches_the_records_it_names_and_compels_only_with_a_subpoena() -> None:
    assert not ask(**_world("court-order", facts={"legal": {"part2_order": {"section": "2.64", "records": ["r2"]}}})).permitted
    assert "not_compelled" in ask(**_world("court-order", facts={"legal": {"part2_order": ORDER["legal"]["part2_order"]}})).codes
    assert not ask(**_world("court-order", facts={"legal": {"subpoena": True, "general_order": True}})).permitted


@pytest.mark.parametrize("record", [NOTE, {"category": "confidential_communication"}])
def test_confidences_and_notes_need_the_further_finding(record: Json) -> None:
    assert not ask(**_world("court-order", record=record)).permitted
    assert ask(**_world("court-order", record=record, facts=FINDING)).permitted


@pytest.mark.parametrize("kind", ["researcher", "auditor", None])
def test_an_order_does_not_reach_holders_for_research_or_audit_nor_unknown_ones(kind: str | None) -> None:
    assert not ask(**_world("court-order", discloser={"id": "org:x", "kind": kind})).permitted


def test_only_the_first_report_of_child_abuse_goes() -> None:
    assert not ask(**_world("child-abuse-report", facts={"report_already_made": True})).permitted
    assert ask(**_world("child-abuse-report", facts={"report_already_made": False})).permitted


@pytest.mark.parametrize(
    "finding", [{"lacks_capacity": True}, {"substantial_threat": True}, {"lacks_capacity": False, "substantial_threat": True}]
)
def test_a_threat_to_a_minor_needs_both_findings(finding: Json) -> None:
    assert not ask(**_world("minor-threat", facts={"director_finding": finding})).permitted


def test_a_threat_is_told_of_a_minor_and_to_a_parent_or_guardian_only() -> None:
    assert not ask(**_world("minor-threat", client={})).permitted
    assert not ask(**_world("minor-threat", to={**PARENT, "relationship": "uncle"})).permitted


def test_a_note_is_used_by_who_wrote_it_and_by_nobody_else() -> None:
    assert not ask(**_world("notes-originator", to={**AVA, "id": "per:kim"})).permitted
    assert not ask(**_world("notes-originator", action="disclose")).permitted


def test_a_trainee_is_one_of_this_programme_and_still_there() -> None:
    for role in (
        {"role": "supervised-trainee", "org": "prog:b"},
        {"role": "supervised-trainee", "org": "prog:harbor", "until": "2026-06-14"},
    ):
        assert not ask(**_world("notes-training", to={**INTERN, "roles": [role]})).permitted


def test_own_defence_means_notes_unless_the_host_means_everything() -> None:
    world = _world("notes-own-defence", record={})
    assert not ask(**world).permitted
    assert ask(**world, policy={"own_defence_scope": "all"}).permitted


@pytest.mark.parametrize("purpose", ["treatment", "care_coordination", "payment", "quality_improvement"])
def test_within_the_programme_means_its_people_and_who_controls_it(purpose: str) -> None:
    assert ask(**_world("within-program", purpose=purpose)).permitted
    assert ask(**_world("within-program", purpose=purpose, to={"id": "org:parent", "admin_control_of": ["prog:harbor"]})).permitted
    assert not ask(**_world("within-program", purpose=purpose, to={"id": "per:x", "org": "org:other"})).permitted


def test_use_within_the_programme_is_logged_as_access() -> None:
    assert ask(**_world("within-program", action="use")).codes == {"minimum_necessary", "log_access"}


@pytest.mark.parametrize("agreement", [{"signed": False}, {"kind": "BAA"}, {"with": "org:other"}, {"signed": "unknown"}])
def test_a_service_agreement_is_signed_and_with_the_recipient(agreement: Json) -> None:
    assert not ask(**_world("qso", facts={"agreements": [{**AGREED["agreements"][0], **agreement}]})).permitted


@pytest.mark.parametrize("purpose", ["duty_to_warn", "adult_protection"])
def test_where_there_is_no_exception_alternatives_are_offered(purpose: str) -> None:
    decision = ask(to=POLICE, purpose=purpose, facts={"threat": {"credible": True, "imminent": True}})
    assert decision.verdict == "deny"
    assert "offer_alternatives" in decision.codes


def test_a_list_from_an_intermediary_is_asked_for_in_writing_and_due_in_thirty_days() -> None:
    hie = {"id": "org:hie", "kind": "intermediary"}
    asked: Json = {"to": CLIENT, "purpose": "client_request", "action": "list_disclosures", "records": [], "discloser": hie}
    decision = ask(**asked, facts={"request_in_writing": True})
    assert decision.basis == "rule:intermediary-list"
    rows = {each.code: each.to_data() for each in decision.obligations}
    assert rows["respond_within_30_days"]["deadline"] == "2026-07-15T15:00:00Z"
    assert rows["three_year_window"]["params"] == {"since": "2023-06-15T15:00:00Z"}
    assert not ask(**asked).permitted
    assert not ask(**{**asked, "discloser": {"id": "org:hie", "kind": "business_associate"}}, facts={"request_in_writing": True}).permitted


LEDGER = [
    {"at": "2023-06-15T09:59:59-05:00", "purpose": "research"},
    {"at": "2026-06-15T10:00:01-05:00", "purpose": "research"},
    {"at": "2025-02-02", "purpose": "marketing"},
    {"at": "2023-06-15T10:00:00-05:00", "purpose": "research", "ehr": False},
    {"at": "2025-01-01", "purpose": "care_coordination", "ehr": True},
    {"at": "2025-01-02", "purpose": "treatment", "ehr": False},
    {"at": "2025-01-03", "purpose": "audit", "basis_kind": "exception"},
    {"at": "2025-01-04", "purposes": ["treatment", "research"], "basis_kind": "consent"},
]


def test_an_accounting_lists_consented_disclosures_of_three_years_outside_tpo_or_by_electronic_record() -> None:
    asked: Json = {"to": CLIENT, "purpose": "client_request", "action": "accounting", "records": [], "facts": {"ledger": LEDGER}}
    decision = ask(**asked)
    assert decision.basis == "rule:accounting"
    assert decision.entries == ("2023-06-15T10:00:00-05:00", "2025-01-01", "2025-01-04", "2025-02-02")
    assert ask(**asked, policy={"tpo_accounting_tolled": True}).entries == ()
    assert not ask(**{**asked, "to": POLICE}).permitted


def test_alternatives_are_offered_also_where_no_record_was_asked_for() -> None:
    assert "offer_alternatives" in ask(to=POLICE, purpose="adult_protection", records=[]).codes
