"""The form of a consent under 42 CFR Part 2: each defect, who signs, where a form goes, revocation, and what consent owes."""

from __future__ import annotations

from typing import Any

import pytest
from us_asking import NOTE, Json, ask, box, defects, deny, failed, paper, tpo

from recoverycore_us.forms import ELEMENTS

CONSENTED = {"part2_notice", "consent_copy_or_scope", "log_disclosure", "minimum_necessary"}
COURT: Json = {"id": "org:court", "kind": "court"}


@pytest.mark.parametrize("code", sorted(ELEMENTS))
def test_each_element_is_needed(code: str) -> None:
    decision = ask(paper(missing_elements=[code]))
    assert defects(decision) == (f"element:{code}",)
    assert (f"element:{code}",) in decision.explanation.needed


@pytest.mark.parametrize("code", ["consequences_of_refusal", "redisclosure_statement", "hipaa_redisclosure_statement"])
def test_the_statements_of_a_tpo_form_are_asked_of_that_form_only(code: str) -> None:
    assert defects(ask(tpo(missing_elements=[code]))) == (f"element:{code}",)
    assert ask(paper(missing_elements=[code])).permitted


def test_the_statement_about_hipaa_is_for_those_whom_hipaa_binds() -> None:
    clinic = {"id": "org:clinic", "kind": "provider", "treating_relationship": True}
    assert ask(tpo(missing_elements=["hipaa_redisclosure_statement"]), to=clinic).permitted


def test_raising_funds_needs_its_opt_out_and_an_element_nobody_knows_is_a_defect() -> None:
    assert ask(paper(missing_elements=["fundraising_opt_out"])).permitted
    raising = paper(boxes=[box(purposes=["treatment", "fundraising"])], missing_elements=["fundraising_opt_out"])
    assert defects(ask(raising)) == ("element:fundraising_opt_out",)
    assert defects(ask(paper(missing_elements=["notary_stamp"]))) == ("element:notary_stamp",)


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"written": False}, ("not_written",)),
        ({"written": None}, ("not_written",)),
        ({"expires": {"kind": "none"}}, ("no_expiration",)),
        ({"expires": {"kind": "none"}, "form": "research"}, ()),
        ({"conditioned_on_service": True}, ()),
        ({"signed_by": []}, ("signer",)),
        ({"signature_kind": "electronic"}, ()),
        ({"abuser_signed": True}, ("abuser_signed",)),
    ],
)
def test_a_form_is_defective_as_the_table_says(fields: Json, found: tuple[str, ...]) -> None:
    assert defects(ask(paper(**fields))) == found


def test_notes_may_not_be_a_condition_and_a_form_known_to_be_false_is_void() -> None:
    notes = paper(form="notes", boxes=[box(labels=["SUD", "SUD_NOTES"])], conditioned_on_service=True)
    assert defects(ask(notes, record=NOTE)) == ("conditioned",)
    assert defects(ask(paper(), facts={"flags": {"g1": "materially_false"}})) == ("materially_false",)


PAYMENT = [box(purposes=["payment"])]


@pytest.mark.parametrize(
    ("client", "facts", "signed", "good"),
    [
        ({}, {}, ["client"], True),
        ({}, {}, ["guardian"], False),
        ({"minor": True}, {"state_rule": "minor_may_consent_alone"}, ["client"], True),
        ({"minor": True}, {"state_rule": "minor_may_consent_alone"}, ["parent"], False),
        ({"minor": True}, {"state_rule": "minor_may_consent_alone"}, ["client", "parent"], True),
        ({"minor": True}, {"state_rule": "parental_consent_required"}, ["client", "parent"], True),
        ({"minor": True}, {"state_rule": "parental_consent_required"}, ["client", "guardian"], True),
        ({"minor": True}, {"state_rule": "parental_consent_required"}, ["client"], False),
        ({"minor": True}, {"state_rule": "parental_consent_required"}, ["parent"], False),
        ({"minor": True}, {}, ["client"], False),
        ({"minor": True}, {"state_rule": "duty_to_warn"}, ["client", "parent"], True),
        ({"capacity": False, "adjudicated": True}, {}, ["guardian"], True),
        ({"capacity": False, "adjudicated": True}, {}, ["client"], False),
        ({"capacity": False, "adjudicated": False}, {}, ["program_director"], False),
        ({"capacity": False, "adjudicated": False}, {}, ["guardian"], False),
        ({"capacity": False}, {}, ["guardian"], True),
        ({"capacity": False}, {}, ["program_director"], False),
        ({"deceased": True, "capacity": False}, {}, ["personal_representative"], True),
        ({"deceased": True}, {}, ["spouse"], False),
        ({"deceased": True}, {"representative": None}, ["spouse"], True),
        ({"deceased": True}, {"representative": "per:exec"}, ["spouse"], False),
        ({"deceased": True}, {"representative": None}, ["family_member"], False),
        ({"deceased": True}, {"representative": None, "spouse": "per:s"}, ["family_member"], False),
        ({"deceased": True}, {"representative": None, "spouse": None}, ["family_member"], True),
    ],
)
def test_who_signs_follows_the_table(client: Json, facts: Json, signed: list[str], *, good: bool) -> None:
    assert ask(paper(signed_by=signed), client=client, facts=facts).permitted is good


def test_a_director_signs_for_payment_only() -> None:
    client = {"capacity": False, "adjudicated": False}
    signed = paper(signed_by=["program_director"], boxes=PAYMENT)
    assert ask(signed, client=client, purpose="payment").permitted
    assert not ask(paper(signed_by=["program_director"], boxes=PAYMENT), client={"capacity": False}, purpose="payment").permitted


@pytest.mark.parametrize(("rule", "signed"), [("both", {"client", "parent"}), ("minor_alone", {"client"}), ("parent", {"parent"})])
def test_where_no_state_rule_is_told_the_host_chooses(rule: str, signed: set[str]) -> None:
    for who in ({"client"}, {"parent"}, {"client", "parent"}):
        found = ask(paper(signed_by=sorted(who)), client={"minor": True}, policy={"minor_rule_default": rule})
        assert found.permitted is (signed <= who)


def test_each_signature_that_is_wanted_is_told() -> None:
    assert ("signature:client", "signature:parent") in ask(paper(signed_by=[]), client={"minor": True}).explanation.needed


def test_a_tpo_form_reaches_no_other_purpose() -> None:
    wide = tpo(boxes=[box(purposes="*", recipients="*")])
    assert failed(ask(wide, purpose="marketing")) == ("purpose",)
    assert ask(wide, purpose="care_coordination").permitted


def test_a_form_for_notes_reaches_notes_only_and_no_other_form_does() -> None:
    notes = paper(form="notes", boxes=[box(labels=["SUD", "SUD_NOTES"])])
    assert ask(notes, record=NOTE).permitted
    assert failed(ask(notes)) == ("bar",)
    for form in ("specific", "combined", "research"):
        assert failed(ask(paper(form=form), record=NOTE)) == ("bar",)


def test_a_form_for_notes_that_names_anything_else_is_good_for_the_rest_only() -> None:
    notes = paper(form="notes", boxes=[box(labels=["SUD", "SUD_NOTES", "HIV"])])
    assert failed(ask(notes, record=NOTE)) == ("bar",)
    assert ask(notes).permitted
    assert defects(ask(notes, policy={"combined_severable": False})) == ("combined",)


def test_proceedings_want_a_form_of_their_own() -> None:
    own = paper(form="proceedings", boxes=[box(purposes=["proceedings"], recipients="*")])
    assert ask(own, to=COURT, purpose="criminal_proceedings").codes == CONSENTED
    mixed = paper(form="proceedings", boxes=[box(purposes=["proceedings", "treatment"], recipients="*")])
    assert failed(ask(mixed, to=COURT, purpose="proceedings")) == ("bar",)
    assert ask(mixed).permitted
    assert failed(ask(paper(boxes=[box(purposes="*", recipients="*")]), to=COURT, purpose="proceedings")) == ("bar",)


@pytest.mark.parametrize("category", ["medication", "session_times", "modality", "test_result", "lab", "summary"])
def test_what_is_filed_with_notes_is_no_note_unless_labelled_so(category: str) -> None:
    assert ask(paper(), record={"category": category}).permitted
    assert failed(ask(paper(), record={"category": category, "labels": ["SUD_NOTES"]})) == ("bar",)


@pytest.mark.parametrize(("separated", "permitted"), [(True, False), ("unknown", False), (None, False), (False, True)])
def test_a_note_that_is_known_not_to_be_kept_apart_is_an_ordinary_record(separated: Any, *, permitted: bool) -> None:
    assert ask(tpo(), record={"category": "counselling_note", "separated": separated}).permitted is permitted


def test_words_alone_stop_a_permit_and_writing_is_to_be_had() -> None:
    taken = paper(revocations=[{"at": "2026-06-01T00:00:00-05:00", "written": False}])
    assert ask(taken).codes == {"obtain_written_revocation", "non_revealing_refusal"}
    kept = ask(taken, policy={"unwritten_revocation_stops_permit": False})
    assert kept.codes == CONSENTED | {"obtain_written_revocation"}
    written = paper(revocations=[{"at": "2026-06-01T00:00:00-05:00", "written": True}])
    assert "obtain_written_revocation" not in ask(written).codes


@pytest.mark.parametrize(("written", "verdict"), [(False, "deny"), (None, "deny"), (True, "permit")])
def test_words_alone_do_not_lift_a_deny(*, written: bool | None, verdict: str) -> None:
    assert ask(paper(), deny(revocations=[{"at": "2026-06-01T00:00:00-05:00", "written": written}])).verdict == verdict


@pytest.mark.parametrize(
    ("form", "state", "permitted"),
    [
        ("cj_referral", {"e": None}, True),
        ("cj_referral", {"e": "2026-06-10"}, False),
        ("cj_referral", {}, False),
        ("specific", {"e": None}, False),
    ],
)
def test_only_a_referral_from_the_courts_puts_a_revocation_off(form: str, state: Json, *, permitted: bool) -> None:
    taken = [{"at": "2026-06-01T00:00:00-05:00", "written": True}]
    signed = paper(form=form, revocable_from={"kind": "event", "value": "e"}, revocations=taken)
    assert ask(signed, facts={"events": state}).permitted is permitted


def test_a_defective_paper_lifts_no_deny_and_a_sound_one_does() -> None:
    assert ask(paper(supersedes=["d1"]), deny()).permitted
    assert ask(paper(supersedes=["d1"]), tpo("g2"), deny()).permitted
    assert ask(paper(supersedes=["d1"], missing_elements=["purpose"]), tpo("g2"), deny()).basis == "d1"


def test_a_defective_deny_restrains_all_the_same() -> None:
    assert ask(paper(), deny(missing_elements=["signature"], written=False)).basis == "d1"


def test_consent_owes_notice_scope_log_and_measure_and_an_intermediary_is_written_down() -> None:
    assert ask(paper()).codes == CONSENTED
    assert {each.code: each.timing for each in ask(paper()).obligations} == {
        "part2_notice": "with",
        "consent_copy_or_scope": "with",
        "log_disclosure": "after",
        "minimum_necessary": "before",
    }
    via = {"id": "org:lakeside", "kind": "covered_entity", "treating_relationship": True, "via": "org:hie"}
    assert ask(paper(), to=via).codes == CONSENTED | {"intermediary_list_entry"}


def test_a_refusal_does_not_reveal_unless_asked_from_inside() -> None:
    assert ask().codes == {"non_revealing_refusal"}
    assert ask(to={"id": "per:cafe", "org": "prog:harbor"}).codes == set()


@pytest.mark.parametrize(
    ("purpose", "kind", "treating", "inside"),
    [
        ("treatment", "covered_entity", True, True),
        ("emergency_treatment", "medical_personnel", True, True),
        ("treatment", "provider", None, False),
        ("treatment", "part2_program", False, False),
        ("treatment", "health_plan", True, False),
        ("payment", "health_plan", None, True),
        ("payment", "third_party_payer", None, True),
        ("payment", "provider", True, False),
        ("operations", "qso", None, True),
        ("training", "part2_program", None, True),
        ("operations", "third_party_payer", None, False),
        ("treatment", "intermediary", True, False),
        ("payment", "intermediary", None, False),
        ("operations", "intermediary", None, False),
        ("marketing", "covered_entity", True, False),
        ("payment", None, None, False),
    ],
)
def test_the_class_tpo_depends_on_the_purpose(purpose: str, kind: str | None, *, treating: bool | None, inside: bool) -> None:
    to = {"id": "org:x", "kind": kind, "treating_relationship": treating}
    assert ask(tpo(), to=to, purpose=purpose).permitted is inside


def test_the_profile_speaks_of_substance_use_only() -> None:
    other = {"labels": ["MH"], "source": "org:else"}
    assert ask(paper(boxes=[box(labels=["MH"])], written=False), record=other).codes == {"log_disclosure"}
    assert ask(paper(boxes=[box(labels="*")], written=False), record={**other, "labels": ["OPIOIDUD"]}).verdict == "deny"
