"""The reference decider on what ends a directive early: revocation, reliance, suspension, supersession."""

from __future__ import annotations

import pytest

from tests.consent.plain import AT, basis, box, deny, permit, record, verdict

NOWHERE: dict[str, str] = {}  # a client of whom no zone is known


def test_the_instant_of_revocation_is_already_outside() -> None:
    assert verdict(permit(revocations=[{"at": AT}])) == "deny"


def test_a_revocation_changes_nothing_before_its_instant() -> None:
    assert verdict(permit(revocations=[{"at": AT}]), at="2026-06-15T09:59:59-05:00") == "permit"


def test_a_revocation_by_date_stops_a_permit_when_that_day_begins() -> None:
    assert verdict(permit(revocations=[{"at": "2026-06-15"}]), at="2026-06-15T00:00:00-05:00") == "deny"


def test_a_revocation_by_date_lifts_a_deny_only_after_that_day() -> None:
    assert basis(permit(), deny(revocations=[{"at": "2026-06-15"}]), at="2026-06-15T23:59:59-05:00") == "d1"


def test_without_a_zone_a_revocation_by_date_stops_a_permit_at_the_earliest_midnight() -> None:
    assert verdict(permit(revocations=[{"at": "2026-06-16"}]), at="2026-06-15T10:00:00Z", client=NOWHERE) == "deny"


def test_a_revocation_touches_the_recipient_it_names() -> None:
    assert verdict(permit(revocations=[{"at": AT, "recipients": ["per:lee"]}])) == "deny"


def test_a_revocation_touches_the_people_of_an_organisation_it_names() -> None:
    assert verdict(permit(revocations=[{"at": AT, "recipients": ["org:lakeside"]}])) == "deny"


def test_a_revocation_for_others_touches_nobody_else() -> None:
    assert verdict(permit(revocations=[{"at": AT, "recipients": ["org:westend"]}])) == "permit"


def test_of_several_revocations_the_earliest_that_matches_wins() -> None:
    several = [{"at": "2026-06-20T00:00:00Z"}, {"at": "2026-05-01T00:00:00Z", "recipients": ["org:westend"]}, {"at": AT}]
    assert verdict(permit(revocations=several)) == "deny"


def test_an_unwritten_revocation_stops_a_permit_at_once() -> None:
    assert verdict(permit(revocations=[{"at": AT, "written": False}])) == "deny"


def test_a_later_start_of_revocability_is_ignored_for_a_form_that_nobody_lists() -> None:
    assert verdict(permit(revocations=[{"at": AT}], revocable_from={"kind": "date", "value": "2027-01-01"})) == "deny"


RELIED_ON = {"acted_in_reliance": {"g1": ["r1"]}}
BILL = box(purposes=["payment", "treatment"])


def test_a_revocation_is_not_applied_to_payment_for_what_was_done_in_reliance() -> None:
    assert verdict(permit(boxes=[BILL], revocations=[{"at": AT}]), purposes=["payment"], facts=RELIED_ON) == "permit"


def test_reliance_reaches_no_purpose_but_payment() -> None:
    assert verdict(permit(boxes=[BILL], revocations=[{"at": AT}]), purposes=["treatment"], facts=RELIED_ON) == "deny"


def test_reliance_reaches_only_the_records_it_names() -> None:
    asked = {"purposes": ["payment"], "records": [record("r2")]}
    assert verdict(permit(boxes=[BILL], revocations=[{"at": AT}]), facts=RELIED_ON, **asked) == "deny"


def test_reliance_on_one_directive_saves_no_other() -> None:
    assert verdict(permit("g2", boxes=[BILL], revocations=[{"at": AT}]), purposes=["payment"], facts=RELIED_ON) == "deny"


def test_reliance_outlasts_a_suspension_as_it_does_a_revocation() -> None:
    paused = permit(boxes=[BILL], suspensions=[{"from": "2026-06-01", "to": None}])
    assert verdict(paused, purposes=["payment"], facts=RELIED_ON) == "permit"


def test_reliance_does_not_extend_an_end() -> None:
    ended = permit(boxes=[BILL], expires={"kind": "instant", "value": AT})
    assert verdict(ended, purposes=["payment"], facts=RELIED_ON) == "deny"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-06-09T23:59:59-05:00", "permit"),
        ("2026-06-10T00:00:00-05:00", "deny"),
        ("2026-06-12T23:59:59-05:00", "deny"),
        ("2026-06-13T00:00:00-05:00", "permit"),
    ],
)
def test_a_suspension_by_dates_lasts_from_its_first_day_to_the_end_of_its_last(at: str, expected: str) -> None:
    assert verdict(permit(suspensions=[{"from": "2026-06-10", "to": "2026-06-12"}]), at=at) == expected


def test_a_suspension_is_over_at_its_end_instant() -> None:
    assert verdict(permit(suspensions=[{"from": "2026-06-01", "to": AT}])) == "permit"


def test_a_suspension_without_an_end_goes_on() -> None:
    assert verdict(permit(suspensions=[{"from": "2026-06-01", "to": None}])) == "deny"


@pytest.mark.parametrize("at", ["2026-06-14T10:00:00Z", "2026-06-16T11:59:59Z"])
def test_without_a_zone_a_permit_is_suspended_for_the_longest_day(at: str) -> None:
    assert verdict(permit(suspensions=[{"from": "2026-06-15", "to": "2026-06-15"}]), at=at, client=NOWHERE) == "deny"


def test_without_a_zone_a_deny_is_suspended_only_where_it_is_that_day_everywhere() -> None:
    one_day = deny(suspensions=[{"from": "2026-06-15", "to": "2026-06-15"}])
    assert basis(permit(), one_day, at="2026-06-15T11:00:00Z", client=NOWHERE) == "d1"


def test_a_superseded_permit_is_no_basis() -> None:
    assert verdict(permit("g0"), permit("g1", boxes=[], supersedes=["g0"])) == "deny"


def test_supersession_works_from_the_start_of_the_newer_document() -> None:
    newer = permit("g1", boxes=[], supersedes=["g0"], starts="2026-06-16")
    assert verdict(permit("g0"), newer) == "permit"


@pytest.mark.parametrize(
    "gone",
    [
        {"expires": {"kind": "date", "value": "2026-06-15"}},
        {"revocations": [{"at": "2026-05-01"}]},
        {"status": "inactive"},
        {"suspensions": [{"from": "2026-05-01"}]},
    ],
)
def test_a_superseded_permit_does_not_revive(gone: dict[str, object]) -> None:
    assert verdict(permit("g0"), permit("g1", supersedes=["g0"], **gone), at="2026-06-20T10:00:00Z") == "deny"


def test_a_permit_is_superseded_by_a_document_that_could_not_be_read() -> None:
    assert verdict(permit("g0"), permit("g1", supersedes=["g0"], status="unprocessable")) == "deny"


def test_a_deny_is_not_superseded_by_a_document_that_could_not_be_read() -> None:
    assert basis(permit(), deny("d0"), permit("g2", supersedes=["d0"], status="unprocessable")) == "d0"


@pytest.mark.parametrize("status", ["active", "inactive"])
def test_a_deny_is_superseded_by_a_document_that_can_be_read(status: str) -> None:
    assert basis(permit(), deny("d0"), permit("g2", boxes=[], supersedes=["d0"], status=status)) == "g1"


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "entered-in-error"])
def test_a_document_that_does_not_exist_supersedes_nothing(status: str) -> None:
    assert basis(permit("g0"), permit("g1", supersedes=["g0"], status=status)) == "g0"


@pytest.mark.parametrize(("at", "expected"), [("2026-06-14T09:59:59Z", "permit"), ("2026-06-14T10:00:00Z", "deny")])
def test_without_a_zone_a_permit_is_superseded_at_the_earliest_midnight(at: str, expected: str) -> None:
    assert verdict(permit("g0"), permit("g1", boxes=[], supersedes=["g0"], starts="2026-06-15"), at=at, client=NOWHERE) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-06-15T11:59:59Z", "d0"), ("2026-06-15T12:00:00Z", "g1")])
def test_without_a_zone_a_deny_is_superseded_at_the_latest_midnight(at: str, expected: str) -> None:
    newer = permit("g2", boxes=[], supersedes=["d0"], starts="2026-06-15")
    assert basis(permit("g1"), deny("d0"), newer, at=at, client=NOWHERE) == expected


def test_permits_that_supersede_each_other_are_both_dead() -> None:
    assert verdict(permit("g0", supersedes=["g1"]), permit("g1", supersedes=["g0"])) == "deny"


def test_denies_that_supersede_each_other_in_a_circle_stay() -> None:
    circle = [deny("d0", supersedes=["d1"]), deny("d1", supersedes=["d2"]), deny("d2", supersedes=["d0"])]
    assert basis(permit(), *circle) == "d0"


def test_a_deny_in_a_circle_can_still_be_superseded_from_outside() -> None:
    circle = [deny("d0", supersedes=["g2"]), permit("g2", supersedes=["d0"], boxes=[]), permit("g3", supersedes=["d0"], boxes=[])]
    assert basis(permit(), *circle) == "g1"


def test_a_circle_that_closes_later_changes_nothing_before() -> None:
    closing = [deny("d0", supersedes=["g2"], starts="2026-03-01", signed_on="2026-07-01"), permit("g2", supersedes=["d1"], boxes=[])]
    assert basis(permit(), deny("d1", supersedes=["d0"]), *closing) == "g1"


def test_recency_alone_means_nothing() -> None:
    assert basis(deny(signed_on="2026-01-01", starts="2026-01-01"), permit(signed_on="2026-06-01", starts="2026-06-01")) == "d1"
