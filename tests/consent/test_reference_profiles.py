"""The reference decider on the shipped profiles: forms, signers, bars, exceptions, copies passed on, and what is owed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.edges import ROOTS
from recoverycore.testing.consent.stories import AT, box, permit, permitted, record

Json = dict[str, Any]


def case_of(story: str, **changes: Any) -> Json:
    """A story in which other values are written; ``paper__form`` is the path paper.form."""
    case: Json = copy.deepcopy(permitted()[story])
    for path, value in changes.items():
        root, *steps = path.split("__")
        at: Any = case
        for step in (*ROOTS[root], *steps[:-1]):
            at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})
        at[steps[-1]] = value
    return case


def told(story: str, **changes: Any) -> Json:
    """The answer to a story in which other values are written."""
    return reference_decide(case_of(story, **changes))


def verdict(story: str, **changes: Any) -> str:
    answer: str = told(story, **changes)["decision"]
    return answer


def failed(story: str, **changes: Any) -> list[str]:
    """The axes on which g1 failed for r1."""
    axes: list[str] = told(story, **changes)["failed"]["g1"]["r1"]
    return axes


# Forms.


@pytest.mark.parametrize("element", ["purpose", "signature", "unheard-of"])
def test_an_element_missing_that_is_required_or_unknown_is_a_defect(element: str) -> None:
    assert failed("specific consent", paper__missing_elements=[element]) == ["form"]


def test_what_only_form_tpo_must_say_is_no_defect_of_another_form() -> None:
    assert verdict("specific consent", paper__missing_elements=["consequences_of_refusal"]) == "permit"


def test_the_statement_on_hipaa_is_required_only_where_a_covered_entity_receives() -> None:
    missing = {"paper__missing_elements": ["hipaa_redisclosure_statement"]}
    assert verdict("consent for everything, payment", **missing) == "permit"
    assert failed("consent for everything, payment", request__recipient__kind="business_associate", **missing) == ["form"]


def test_the_way_out_of_fundraising_is_required_where_the_paper_names_fundraising() -> None:
    missing = {"paper__missing_elements": ["fundraising_opt_out"]}
    assert verdict("specific consent", **missing) == "permit"
    assert failed("specific consent", paper__boxes__0__purposes=["treatment", "fundraising"], **missing) == ["form"]


def test_a_purpose_outside_form_tpo_is_told_as_the_purpose() -> None:
    assert failed("consent for everything", paper__boxes__0__purposes="*", request__purposes=["research"]) == ["purpose", "recipient"]
    assert failed("consent for everything", request__purposes=["marketing"]) == ["purpose"]


def test_a_notes_form_that_names_other_labels_yields_no_notes_and_is_good_for_the_rest() -> None:
    wide = {"paper__boxes__0__labels": ["SUD", "SUD_NOTES", "HIV"]}
    assert failed("notes consent", **wide) == ["bar"]
    assert verdict("notes consent", **wide, record__labels=["SUD"], record__category="diagnosis") == "permit"


def test_a_notes_form_reaches_nothing_but_notes() -> None:
    assert failed("notes consent", record__labels=["SUD"], record__category="diagnosis") == ["bar"]


def test_a_combined_form_is_void_where_the_host_says_so() -> None:
    assert failed("specific consent", paper__form="combined", given__switches={"combined_severable": False}) == ["form"]


def test_a_proceedings_form_for_any_purpose_yields_treatment_only() -> None:
    assert failed("proceedings consent", paper__boxes__0__purposes="*") == ["bar"]
    assert verdict("proceedings consent", paper__boxes__0__purposes="*", request__purposes=["treatment"]) == "permit"


# Signers.


def test_a_director_signs_for_payment_and_for_nothing_else_on_the_same_paper() -> None:
    both = {"paper__boxes__0__purposes": ["treatment", "payment"]}
    assert verdict("director for payment", **both) == "permit"
    assert failed("director for payment", **both, request__purposes=["treatment"]) == ["form"]


def test_where_nobody_knows_whether_a_court_spoke_only_a_guardian_signs() -> None:
    assert failed("director for payment", client__adjudicated=None) == ["form"]
    assert verdict("director for payment", client__adjudicated=None, paper__signed_by=["guardian"]) == "permit"


def test_family_signs_for_the_dead_where_there_is_known_to_be_nobody_nearer() -> None:
    assert verdict("spouse", paper__signed_by=["family_member"], facts__spouse=None) == "permit"
    assert verdict("spouse", paper__signed_by=["family_member"]) == "deny"
    assert verdict("spouse", facts__representative="per:executor") == "deny"


# Withdrawal.

SPOKEN = [{"at": "2026-06-01", "written": False}]


def test_a_word_of_mouth_stops_a_permit_and_writing_is_asked_for_afterwards() -> None:
    answer = told("specific consent", paper__revocations=SPOKEN)
    assert (answer["decision"], "obtain_written_revocation" in answer["obligations"]) == ("deny", True)
    assert "obtain_written_revocation" not in told("shelter", paper__revocations=SPOKEN)["obligations"]


def test_a_referral_waits_for_its_event_and_not_where_hipaa_decides_too() -> None:
    story = "referral that cannot be revoked yet"
    assert verdict(story) == "permit"
    assert verdict(story, facts__events={}) == "deny"
    assert verdict(story, given__profiles=["us.42cfr2", "us.hipaa"]) == "deny"


def test_a_pause_of_a_referral_waits_as_its_revocation_does() -> None:
    pause = [{"from": "2026-06-01", "to": None}]
    assert verdict("referral that cannot be revoked yet", paper__suspensions=pause) == "permit"
    assert verdict("specific consent", paper__suspensions=pause) == "deny"


# Exceptions.


@pytest.mark.parametrize("ended", [AT, "2026-06-15", "unknown"])
def test_an_emergency_is_over_at_its_end_on_its_last_day_and_when_nobody_knows(ended: str) -> None:
    assert verdict("medical emergency", facts__emergency__ended_at=ended) == "deny"


def test_an_emergency_needs_no_disaster_and_a_disaster_no_asking() -> None:
    assert verdict("disaster", facts__emergency__consent_obtainable=True) == "permit"
    assert verdict("disaster", given__switches={"emergency_by_disaster": False}) == "deny"


def test_an_order_not_to_be_compelled_says_so() -> None:
    assert "not_compelled" in told("court order for notes")["obligations"]
    assert "not_compelled" not in told("court order")["obligations"]


def test_a_claim_honoured_on_a_paper_is_reviewed() -> None:
    answer = told("core alone", paper__boxes__0__purposes="*", request__purposes=["BTG"])
    assert (answer["decision"], "post_review" in answer["obligations"]) == ("permit", True)


def test_a_claim_refused_is_told_to_the_privacy_officer() -> None:
    assert "alert_privacy_officer" in told("specific consent", request__purposes=["break_glass"])["obligations"]


def test_a_warning_refused_is_offered_another_way() -> None:
    assert "offer_alternatives" in told("specific consent", request__purposes=["duty_to_warn"])["obligations"]


def test_another_grant_withdrawn_is_told_where_one_still_serves() -> None:
    twin = permit("g2", revocations=[{"at": "2026-06-01", "written": True}])
    assert "warn_overlapping_grant" in told("specific consent", given__directives=[permit(), twin])["obligations"]


def test_the_list_of_an_intermediary_is_due_in_thirty_calendar_days() -> None:
    assert told("list of an intermediary")["deadlines"] == {"respond_within_30_days": "2026-07-15T15:00:00Z"}


def test_the_accounting_lists_three_years_in_time_order() -> None:
    assert told("accounting")["entries"] == ["2023-06-15", "2023-06-15T10:00:00-05:00", "2026-01-01T00:00:00Z"]
    assert told("accounting", given__switches={"tpo_accounting_tolled": True})["entries"] == []


# Copies.


@pytest.mark.parametrize("story", ["passed on by HIPAA", "passed on by a program", "passed on to a contractor"])
def test_a_route_closes_when_the_consent_is_revoked_for_whoever_held_or_would_receive(story: str) -> None:
    assert verdict(story) == "permit"
    for name in ("org:lakeside", "org:tpa", "org:rehab", "org:mail"):
        named = told(story, paper__revocations=[{"at": "2026-06-01", "written": True, "recipients": [name]}])
        parties = {"passed on to a contractor": ("org:tpa", "org:mail")}.get(story, ("org:lakeside", "org:rehab"))
        assert named["decision"] == ("deny" if name in parties else "permit")


def test_where_the_host_says_so_what_was_revoked_after_receipt_closes_nothing() -> None:
    revoked = {"paper__revocations": [{"at": "2026-06-01", "written": True}], "given__switches": {"post_revocation_redisclosure": "permit"}}
    assert verdict("passed on by HIPAA", **revoked) == "permit"
    assert verdict("passed on by HIPAA", **revoked, facts__held_copy__received_at="2026-06-02T00:00:00Z") == "deny"
    assert verdict("passed on to a contractor", **revoked, facts__held_copy__received_at="2026-05-02T00:00:00Z") == "deny"


def test_a_deny_of_the_first_discloser_follows_the_copy() -> None:
    deny = permit("d1", polarity="deny", boxes=[box(recipients="*")])
    tpo = permitted()["passed on by HIPAA"]["given"]["directives"][0]
    assert told("passed on by HIPAA", given__directives=[tpo, deny])["basis"] == "d1"
    assert verdict("passed on by HIPAA", given__directives=[tpo, {**deny, "discloser": "org:elsewhere"}]) == "permit"


def test_a_copy_from_nobody_who_may_disclose_goes_nowhere() -> None:
    assert verdict("passed on to a contractor", paper__discloser=None) == "deny"


def test_limits_that_came_with_a_copy_hold() -> None:
    assert verdict("passed on by HIPAA", facts__held_copy__limits={"categories": ["diagnosis"]}) == "permit"
    assert verdict("passed on by HIPAA", facts__held_copy__limits=[{"categories": ["lab"]}]) == "deny"


def test_every_hop_before_must_have_been_allowed() -> None:
    hop = [{"holder": "org:first", "received_under": "g0"}]
    first = permit("g0", boxes=[box(recipients=[{"org": "org:first"}])])
    tpo = permitted()["passed on by HIPAA"]["given"]["directives"][0]
    assert verdict("passed on by HIPAA", facts__held_copy__chain=hop) == "deny"
    assert verdict("passed on by HIPAA", facts__held_copy__chain=hop, given__directives=[tpo, first]) == "permit"


# The other profiles.


def test_a_shelters_release_is_no_longer_than_the_host_says() -> None:
    most = {"given__switches": {"dv_max_days": 30}, "paper__expires": {"kind": "date", "value": "2026-06-30"}}
    assert verdict("shelter", **most, paper__starts="2026-06-01") == "permit"
    assert failed("shelter", **most, paper__starts="2026-05-31") == ["form"]


def test_a_refusal_by_hipaa_reveals_nothing_unless_the_host_says_so() -> None:
    refused = {"request__purposes": ["research"]}
    assert "non_revealing_refusal" in told("hipaa treatment", **refused)["obligations"]
    assert told("hipaa treatment", **refused, given__switches={"hipaa_nonrevealing": False})["obligations"] == []


def test_lists_are_decided_by_the_profile_that_has_them_and_a_shelter_gives_none() -> None:
    assert verdict("accounting", given__profiles=["us.42cfr2", "us.hipaa"]) == "permit"
    assert verdict("accounting", given__profiles=["us.42cfr2", "us.dv"], request__discloser__kind="victim_service_provider") == "deny"


def test_a_time_without_offset_is_refused_whatever_else_is_asked() -> None:
    with pytest.raises(ValueError, match="naive_time"):
        told("hipaa treatment", request__at="2026-06-15T10:00:00")


def test_a_restrictor_that_speaks_rubbish_denies_everything_and_is_reported() -> None:
    answer = told("specific consent", given__restrictors=[{"name": "x", "answer": "rubbish", "records": ["r2"]}])
    assert (answer["decision"], answer["basis"], "report_plugin_error" in answer["obligations"]) == ("deny", None, True)


def test_a_claim_that_falls_with_another_purpose_is_told_to_the_privacy_officer() -> None:
    answer = told("specific consent", request__purposes=["break_glass", "marketing"], paper__boxes__0__purposes=["break_glass"])
    assert (answer["decision"], "alert_privacy_officer" in answer["obligations"]) == ("deny", True)


def test_a_refusal_that_names_no_record_reveals_nothing_either() -> None:
    assert told("hipaa treatment", request__records=[])["obligations"] == ["non_revealing_refusal"]


def test_a_release_by_a_rule_owes_what_the_rule_says_whatever_was_revoked_by_word() -> None:
    spoken = permit(discloser="org:clinic", boxes=[box(labels="*")], revocations=[{"at": "2026-06-01", "written": False}])
    assert told("hipaa treatment", given__directives=[spoken])["obligations"] == ["log_disclosure"]


def test_an_emergency_in_data_opens_no_copy() -> None:
    assert verdict("an emergency in data") == "permit"
    assert verdict("an emergency in data", request__action="redisclose") == "deny"


def test_a_profile_that_is_not_there_withholds_everything_and_nobody_knows_what_it_would_ask_for() -> None:
    answer = told("specific consent", given__loaded=[])
    assert (answer["decision"], answer["basis"], answer["obligations"]) == ("deny", None, [])


def test_what_is_withheld_by_a_restrictor_leaves_the_rest_its_basis() -> None:
    two = [record(), record("r2")]
    answer = told("specific consent", request__records=two, given__restrictors=[{"name": "x", "answer": "deny", "records": ["r2"]}])
    assert (answer["decision"], answer["withheld"], answer["basis"]) == ("partial", ["r2"], "g1")
