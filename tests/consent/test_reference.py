"""The reference decider on times: what a date means, when a directive starts and ends, and which documents count at all."""

from __future__ import annotations

import pytest

from recoverycore.errors import InstantError
from tests.consent.plain import AT, CHICAGO, basis, box, decided, deny, permit, recipient, verdict

NOWHERE: dict[str, str] = {}  # a client of whom no zone is known
UNTIL_THE_15TH = {"kind": "date", "value": "2026-06-15"}


def test_a_directive_counts_from_the_first_instant_of_the_local_day_it_starts_on() -> None:
    assert verdict(permit(starts="2026-06-15"), at="2026-06-15T00:00:00-05:00") == "permit"


def test_a_directive_does_not_count_an_instant_before_its_local_day() -> None:
    assert verdict(permit(starts="2026-06-15"), at="2026-06-14T23:59:59-05:00") == "deny"


def test_a_start_instant_is_inside() -> None:
    assert verdict(permit(starts=AT)) == "permit"


def test_a_document_signed_after_its_start_counts_from_the_signature() -> None:
    assert verdict(permit(starts="2026-03-01", signed_on="2026-06-16")) == "deny"


def test_a_document_signed_before_its_start_counts_from_the_start() -> None:
    assert verdict(permit(starts="2026-06-16", signed_on="2026-03-01")) == "deny"


def test_an_end_date_keeps_its_whole_local_day() -> None:
    assert verdict(permit(expires=UNTIL_THE_15TH), at="2026-06-15T23:59:59-05:00") == "permit"


def test_an_end_date_is_over_when_the_next_local_day_begins() -> None:
    assert verdict(permit(expires=UNTIL_THE_15TH), at="2026-06-16T00:00:00-05:00") == "deny"


def test_an_end_instant_is_outside() -> None:
    assert verdict(permit(expires={"kind": "instant", "value": AT})) == "deny"


def test_an_end_instant_is_the_same_in_another_offset() -> None:
    assert verdict(permit(expires={"kind": "instant", "value": "2026-06-15T15:00:01Z"})) == "permit"


@pytest.mark.parametrize(("at", "expected"), [("2026-06-15T09:59:59Z", "permit"), ("2026-06-15T10:00:00Z", "deny")])
def test_without_a_zone_a_permit_ends_with_the_day_at_utc_plus_14(at: str, expected: str) -> None:
    assert verdict(permit(expires=UNTIL_THE_15TH), at=at, client=NOWHERE) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-06-16T11:59:59Z", "d1"), ("2026-06-16T12:00:00Z", "g1")])
def test_without_a_zone_a_deny_ends_with_the_day_at_utc_minus_12(at: str, expected: str) -> None:
    assert basis(permit(), deny(expires=UNTIL_THE_15TH), at=at, client=NOWHERE) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-06-15T11:59:59Z", "deny"), ("2026-06-15T12:00:00Z", "permit")])
def test_without_a_zone_a_permit_starts_with_the_day_at_utc_minus_12(at: str, expected: str) -> None:
    assert verdict(permit(starts="2026-06-15"), at=at, client=NOWHERE) == expected


@pytest.mark.parametrize(("at", "expected"), [("2026-06-14T09:59:59Z", "g1"), ("2026-06-14T10:00:00Z", "d1")])
def test_without_a_zone_a_deny_starts_with_the_day_at_utc_plus_14(at: str, expected: str) -> None:
    assert basis(permit(), deny(starts="2026-06-15"), at=at, client=NOWHERE) == expected


@pytest.mark.parametrize("client", [CHICAGO, NOWHERE])
def test_the_last_day_of_the_calendar_has_no_end(client: dict[str, str]) -> None:
    assert verdict(permit(expires={"kind": "date", "value": "9999-12-31"}), client=client) == "permit"


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(InstantError):
        decided(permit(), at="2026-06-15T10:00:00")


BY_EVENT = {"kind": "event", "value": "discharge"}


def test_an_event_that_has_not_happened_ends_nothing() -> None:
    assert verdict(permit(expires=BY_EVENT), facts={"events": {"discharge": None}}) == "permit"


def test_an_event_of_later_has_not_happened_yet() -> None:
    assert verdict(permit(expires=BY_EVENT), facts={"events": {"discharge": "2026-06-15T10:00:01-05:00"}}) == "permit"


def test_an_event_ends_a_directive_at_its_instant() -> None:
    assert verdict(permit(expires=BY_EVENT), facts={"events": {"discharge": AT}}) == "deny"


def test_an_event_known_by_its_date_ends_a_permit_when_that_day_begins() -> None:
    assert verdict(permit(expires=BY_EVENT), facts={"events": {"discharge": "2026-06-15"}}, at="2026-06-15T00:00:00-05:00") == "deny"


@pytest.mark.parametrize(("at", "expected"), [("2026-06-15T23:59:59-05:00", "d1"), ("2026-06-16T00:00:00-05:00", "g1")])
def test_an_event_known_by_its_date_ends_a_deny_when_that_day_is_over(at: str, expected: str) -> None:
    assert basis(permit(), deny(expires=BY_EVENT), facts={"events": {"discharge": "2026-06-15"}}, at=at) == expected


@pytest.mark.parametrize("facts", [{}, {"events": {}}, {"events": {"discharge": "unknown"}}])
def test_an_unknown_event_ends_a_permit(facts: dict[str, object]) -> None:
    assert verdict(permit(expires=BY_EVENT), facts=facts) == "deny"


@pytest.mark.parametrize("facts", [{}, {"events": {}}, {"events": {"discharge": "unknown"}}])
def test_an_unknown_event_does_not_end_a_deny(facts: dict[str, object]) -> None:
    assert basis(permit(), deny(expires=BY_EVENT), facts=facts) == "d1"


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "entered-in-error", "inactive", "unprocessable"])
def test_only_an_active_permit_counts(status: str) -> None:
    assert verdict(permit(status=status)) == "deny"


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "entered-in-error", "inactive"])
def test_a_deny_that_does_not_exist_or_is_not_live_restrains_nothing(status: str) -> None:
    assert basis(permit(), deny(status=status)) == "g1"


def test_a_deny_that_could_not_be_read_restrains() -> None:
    assert basis(permit(), {"id": "d1", "polarity": "deny", "status": "unprocessable"}) == "d1"


def test_a_deny_that_could_not_be_read_restrains_no_more_than_what_it_shows() -> None:
    shown = {"id": "d1", "polarity": "deny", "status": "unprocessable", "boxes": [{"labels": ["HIV"]}]}
    assert basis(permit(), shown) == "g1"


@pytest.mark.parametrize("polarity", ["maybe", None])
def test_a_document_of_unknown_polarity_counts_as_a_deny(polarity: str | None) -> None:
    assert basis(permit(), deny(polarity=polarity)) == "d1"


def test_a_role_counts_through_the_last_local_day_of_the_membership() -> None:
    held = recipient(roles=[{"role": "care-team", "org": "org:clinic", "until": "2026-06-15"}])
    by_role = permit(boxes=[box(recipients=[{"role": "care-team"}])])
    assert [verdict(by_role, recipient=held, at=at) for at in ("2026-06-15T23:59:59-05:00", "2026-06-16T00:00:00-05:00")] == [
        "permit",
        "deny",
    ]
