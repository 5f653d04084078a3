"""The reference decider on the forms and signers of the shipped profiles, on what a refusal or a release owes, and by when."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.testing.consent.stories import box, permit
from tests.consent.test_reference_profiles import SPOKEN, failed, told, verdict

Json = dict[str, Any]
SPECIFIC = "specific consent"
WRITTEN = [{"at": "2026-06-01", "written": True}]


def owed(story: str, **changes: Any) -> set[str]:
    """What the answer to a story owes."""
    return set(told(story, **changes)["obligations"])


# Forms.


@pytest.mark.parametrize("boxes", [None, [], [{"purposes": ["treatment"]}], [{"labels": ["SUD"]}]])
def test_a_form_that_leaves_an_axis_open_permits_nothing_and_has_no_defect(boxes: Any) -> None:
    assert "form" not in failed(SPECIFIC, paper__boxes=boxes)


@pytest.mark.parametrize("form", ["specific", None])
def test_only_a_form_for_notes_or_proceedings_can_say_too_much(form: str | None) -> None:
    wide = {"paper__form": form, "paper__boxes__0__labels": ["SUD", "HIV"], "paper__boxes__0__purposes": "*"}
    assert verdict(SPECIFIC, **wide, given__switches={"combined_severable": False}) == "permit"


@pytest.mark.parametrize(
    ("story", "wide"),
    [
        ("notes consent", {"paper__boxes__0__labels": ["SUD", "SUD_NOTES", "HIV"]}),
        ("proceedings consent", {"paper__boxes__0__purposes": ["proceedings", "treatment"]}),
    ],
)
def test_where_the_host_says_so_a_form_that_says_too_much_is_void(story: str, wide: Json) -> None:
    assert failed(story, **wide) == ["bar"]
    assert failed(story, **wide, given__switches={"combined_severable": False}) == ["bar", "form"]


def test_one_box_for_fundraising_asks_for_the_way_out_of_it() -> None:
    boxes = [box(), box(purposes=["fundraising"])]
    assert failed(SPECIFIC, paper__boxes=boxes, paper__missing_elements=["fundraising_opt_out"]) == ["form"]


@pytest.mark.parametrize(
    ("kind", "expected"), [("covered_entity", "deny"), ("business_associate", "deny"), (None, "deny"), ("health_plan", "permit")]
)
def test_hipaas_statement_is_asked_for_where_hipaa_may_bind_who_receives(kind: str | None, expected: str) -> None:
    asked = {"request__recipient__kind": kind, "paper__boxes__0__recipients": "*"}
    assert verdict("consent for everything, payment", **asked, paper__missing_elements=["hipaa_redisclosure_statement"]) == expected


@pytest.mark.parametrize("element", ["consequences_of_refusal", "redisclosure_statement"])
def test_form_tpo_has_statements_of_its_own(element: str) -> None:
    assert failed("consent for everything", paper__missing_elements=[element]) == ["form"]


@pytest.mark.parametrize(
    "element",
    ["client_name", "discloser", "information_description", "recipient", "purpose", "revocation_right", "expiration", "date_signed"],
)
def test_a_shelters_release_needs_the_signature_alone_of_what_other_forms_need(element: str) -> None:
    assert verdict("shelter", paper__missing_elements=[element]) == "permit"
    assert failed(SPECIFIC, paper__missing_elements=[element]) == failed("hipaa consent", paper__missing_elements=[element]) == ["form"]


@pytest.mark.parametrize("element", ["signature", "unheard-of"])
def test_no_form_does_without_a_signature_or_what_nobody_knows(element: str) -> None:
    assert [failed(story, paper__missing_elements=[element]) for story in (SPECIFIC, "hipaa consent", "shelter")] == [["form"]] * 3


@pytest.mark.parametrize(
    "element", ["consequences_of_refusal", "redisclosure_statement", "hipaa_redisclosure_statement", "fundraising_opt_out"]
)
def test_what_is_asked_of_some_forms_is_no_defect_of_the_others(element: str) -> None:
    assert [verdict(story, paper__missing_elements=[element]) for story in (SPECIFIC, "hipaa consent", "shelter")] == ["permit"] * 3


@pytest.mark.parametrize("purpose", ["treatment", "payment", "operations"])
def test_form_tpo_reaches_its_three_purposes(purpose: str) -> None:
    assert verdict("consent for everything", request__purposes=[purpose]) == "permit"


def test_a_form_that_reaches_another_purpose_is_told_beside_the_purpose() -> None:
    assert failed("proceedings consent", request__purposes=["treatment"]) == ["bar", "purpose"]


@pytest.mark.parametrize(("story", "expected"), [(SPECIFIC, "permit"), ("notes consent", "deny"), ("shelter", "deny")])
def test_treatment_may_not_hang_on_consent_for_notes_nor_help_on_a_shelters_release(story: str, expected: str) -> None:
    assert verdict(story, paper__conditioned_on_service=True) == expected


@pytest.mark.parametrize(
    ("kind", "labels", "expected"),
    [
        ("victim_service_provider", ["SDV"], "deny"),
        ("victim_service_provider", [], "deny"),
        ("covered_entity", ["SDV"], "deny"),
        ("covered_entity", [], "permit"),
    ],
)
def test_whatever_a_shelter_holds_and_whatever_speaks_of_violence_needs_a_release(kind: str, labels: list[str], expected: str) -> None:
    spoken = {"paper__written": False, "request__discloser__kind": kind, "record__labels": labels}
    assert (verdict("shelter"), verdict("shelter", **spoken)) == ("permit", expected)


@pytest.mark.parametrize("profiles", [["us.42cfr2"], ["us.42cfr2", "us.hipaa"], ["us.hipaa", "us.42cfr2"]])
def test_a_deny_yields_only_to_a_paper_that_has_no_defect_under_any_law(profiles: list[str]) -> None:
    for_funds = [box(purposes=["fundraising"])]
    papers = [permit(), permit("d1", polarity="deny"), permit("g2", supersedes=["d1"], boxes=for_funds)]
    assert told(SPECIFIC, given__profiles=profiles, given__directives=papers)["basis"] == "g1"
    papers[-1]["missing_elements"] = ["fundraising_opt_out"]
    assert told(SPECIFIC, given__profiles=profiles, given__directives=papers)["basis"] == "d1"


# Signers.


@pytest.mark.parametrize("capacity", [True, None])
def test_a_client_of_whom_nothing_else_is_known_signs(capacity: object) -> None:
    assert verdict(SPECIFIC, client__capacity=capacity) == "permit"


@pytest.mark.parametrize("signed_by", [[], ["client"], None])
def test_for_the_dead_somebody_signs(signed_by: Any) -> None:
    assert failed("spouse", paper__signed_by=signed_by, facts__spouse=None) == ["form"]


# Withdrawal.


def test_what_may_be_withdrawn_only_after_an_event_that_nobody_knows_of_stays_where_it_is_a_deny() -> None:
    assert told("referral that cannot be revoked yet", paper__polarity="deny", facts__events={})["basis"] == "g1"


@pytest.mark.parametrize(("story", "expected"), [(SPECIFIC, True), ("hipaa consent", True), ("shelter", False), ("core alone", False)])
def test_writing_is_asked_for_by_the_laws_that_want_it(story: str, expected: object) -> None:
    assert ("obtain_written_revocation" in owed(story, paper__revocations=SPOKEN)) is expected
    assert "obtain_written_revocation" not in owed(story)


def test_writing_is_not_asked_for_where_one_of_two_revocations_was_written() -> None:
    assert "obtain_written_revocation" not in owed(SPECIFIC, paper__revocations=[*SPOKEN, *WRITTEN])


def test_writing_is_not_asked_for_where_a_deny_was_taken_back_by_word_of_mouth() -> None:
    assert "obtain_written_revocation" not in owed(SPECIFIC, paper__polarity="deny", paper__revocations=SPOKEN)


def test_writing_is_not_asked_for_where_no_record_was_asked_for() -> None:
    assert owed(SPECIFIC, request__records=[], paper__revocations=SPOKEN) == {"non_revealing_refusal"}


# What is owed.


def test_another_way_is_offered_also_where_a_warning_falls_with_another_purpose_or_by_a_restrictor() -> None:
    warned = {"paper__boxes__0__purposes": ["duty_to_warn"]}
    assert "offer_alternatives" not in owed(SPECIFIC, **warned, request__purposes=["duty_to_warn"])
    assert "offer_alternatives" in owed(SPECIFIC, **warned, request__purposes=["duty_to_warn", "marketing"])
    denied = {"given__restrictors": [{"name": "x", "answer": "deny"}]}
    assert "offer_alternatives" in owed(SPECIFIC, **warned, **denied, request__purposes=["duty_to_warn"])


def test_a_permit_that_covers_beside_another_is_no_grant_withdrawn() -> None:
    assert "warn_overlapping_grant" not in owed(SPECIFIC, given__directives=[permit(), permit("g2")])


@pytest.mark.parametrize(
    ("at", "due"), [("2026-06-15T10:00:00-05:00", "2026-07-15T15:00:00Z"), ("2026-10-15T10:00:00-05:00", "2026-11-14T16:00:00Z")]
)
def test_thirty_days_are_days_of_the_clients(at: str, due: str) -> None:
    assert told("list of an intermediary", request__at=at)["deadlines"] == {"respond_within_30_days": due}


def test_without_a_zone_thirty_days_are_counted_in_utc() -> None:
    answer = told("list of an intermediary", request__at="2026-10-15T10:00:00-05:00", client__zone=None)
    assert answer["deadlines"] == {"respond_within_30_days": "2026-11-14T15:00:00Z"}


def test_there_is_a_deadline_only_where_something_is_due_and_a_list_only_where_one_is_given() -> None:
    parts = {name for story in (SPECIFIC, "own record") for name in told(story)}
    refused = told("accounting", request__recipient__kind="provider")
    assert (parts | set(refused)) & {"deadlines", "entries"} == set()
