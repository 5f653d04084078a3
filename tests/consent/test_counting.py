"""When a paper counts: half-open times, days without a zone, events, withdrawals, and papers that take each other's place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consent.papers import AT, asking, box, decided, later, paper

WALL: dict[str, Any] = {"polarity": "deny", "boxes": [box(purposes="*")]}


def _permits(at: str = AT, *, zone: str | None = "UTC", facts: dict[str, Any] | None = None, **fields: Any) -> bool:
    """Whether a permit with these fields works at `at`."""
    return decided([paper(**fields)], asking(at=at), zone=zone, facts=facts).permitted


def _restrains(at: str = AT, *, zone: str | None = "UTC", facts: dict[str, Any] | None = None, **fields: Any) -> bool:
    """Whether a deny with these fields works at `at`, beside a permit that would do."""
    return not decided([paper("p"), paper(**{**WALL, **fields})], asking(at=at), zone=zone, facts=facts).permitted


def _axes(**fields: Any) -> tuple[str, ...]:
    return decided([paper(**fields)]).failed.get("r1", {}).get("g1", ())


def test_a_start_is_inside() -> None:
    assert _permits(starts=AT)
    assert _axes(starts=later(microseconds=1)) == ("not_started",)


def test_an_end_is_outside() -> None:
    assert _axes(expires={"kind": "instant", "value": AT}) == ("ended",)
    assert _permits(expires={"kind": "instant", "value": later(microseconds=1)})


def test_the_later_of_signing_and_starting_counts() -> None:
    assert _axes(starts="2026-01-01", signed_on=later(seconds=1)) == ("not_started",)
    assert _axes(starts=later(seconds=1), signed_on="2026-01-01") == ("not_started",)


def test_a_date_only_end_keeps_its_whole_local_day() -> None:
    day = {"kind": "date", "value": "2026-06-15"}
    assert _permits("2026-06-15T23:59:59.999999-05:00", zone="America/Chicago", expires=day)
    assert not _permits("2026-06-16T00:00:00-05:00", zone="America/Chicago", expires=day)


def test_a_date_only_start_begins_with_its_local_day() -> None:
    assert not _permits("2026-06-14T23:59:59.999999-05:00", zone="America/Chicago", starts="2026-06-15")
    assert _permits("2026-06-15T00:00:00-05:00", zone="America/Chicago", starts="2026-06-15")


def test_a_day_that_begins_after_a_skipped_midnight_is_kept() -> None:
    # In Santiago the clock went from midnight to one o'clock on this day.
    assert _permits("2026-09-06T04:00:00Z", zone="America/Santiago", starts="2026-09-06")
    assert not _permits("2026-09-06T03:59:59Z", zone="America/Santiago", starts="2026-09-06")


def test_without_a_zone_a_permit_has_the_least_time_a_day_can_mean() -> None:
    dates: dict[str, Any] = {"starts": "2026-06-14", "expires": {"kind": "date", "value": "2026-06-15"}}
    edges = ["2026-06-14T11:59:59Z", "2026-06-14T12:00:00Z", "2026-06-15T09:59:59Z", "2026-06-15T10:00:00Z"]
    assert [_permits(at, zone=None, **dates) for at in edges] == [False, True, True, False]


def test_without_a_zone_a_deny_has_the_most_time_a_day_can_mean() -> None:
    dates: dict[str, Any] = {"starts": "2026-06-14", "expires": {"kind": "date", "value": "2026-06-15"}}
    edges = ["2026-06-13T09:59:59Z", "2026-06-13T10:00:00Z", "2026-06-16T11:59:59Z", "2026-06-16T12:00:00Z"]
    assert [_restrains(at, zone=None, **dates) for at in edges] == [False, True, True, False]


@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Tokyo", "America/Chicago"])
def test_the_ends_of_the_calendar_mean_ever_and_never(zone: str | None) -> None:
    assert _permits(zone=zone, starts="0001-01-01", expires={"kind": "date", "value": "9999-12-31"})


@pytest.mark.parametrize(
    ("state", "permits", "restrains"),
    [
        ({"e": None}, True, True),
        ({"e": "unknown"}, False, True),
        ({}, False, True),
        ({"e": AT}, False, False),
        ({"e": later(seconds=1)}, True, True),
        ({"e": "2026-06-15"}, False, True),
        ({"e": "2026-06-14"}, False, False),
        ({"e": "2026-06-16"}, True, True),
    ],
)
def test_an_event_ends_a_paper_and_nobody_knowing_ends_only_a_permit(state: dict[str, Any], permits: bool, restrains: bool) -> None:  # noqa: FBT001 - what is expected
    fields: dict[str, Any] = {"expires": {"kind": "event", "value": "e"}, "facts": {"events": state}}
    assert (_permits(**fields), _restrains(**fields)) == (permits, restrains)


@pytest.mark.parametrize("status", ["draft", "proposed", "rejected", "entered-in-error"])
def test_a_paper_that_is_not_in_force_is_as_if_it_did_not_exist(status: str) -> None:
    assert (_permits(status=status), _restrains(status=status), _axes(status=status)) == (False, False, ())


def test_an_inactive_paper_does_not_work_and_says_so() -> None:
    assert (_axes(status="inactive"), _restrains(status="inactive")) == (("status",), False)


def test_a_paper_that_could_not_be_read_restrains_and_never_permits() -> None:
    assert _axes(status="unprocessable") == ("status",)
    assert _restrains(status="unprocessable")
    assert _restrains(status="unprocessable", boxes=[])
    assert _restrains(status="unprocessable", boxes=[{"categories": ["plan"]}])
    assert not _restrains(status="unprocessable", boxes=[{"categories": ["lab"]}])


def test_the_instant_of_a_revocation_is_outside() -> None:
    assert _axes(revocations=[{"at": AT}]) == ("revoked",)
    assert _permits(revocations=[{"at": later(microseconds=1)}])
    assert not _restrains(revocations=[{"at": AT}])


def test_a_revocation_of_one_date_stops_a_permit_as_the_day_begins_and_a_deny_when_it_is_over() -> None:
    dated: dict[str, Any] = {"revocations": [{"at": "2026-06-15"}]}
    assert (_permits(**dated), _restrains(**dated)) == (False, True)
    assert (_permits("2026-06-14T23:59:59Z", **dated), _restrains("2026-06-16T00:00:00Z", **dated)) == (True, False)


def test_of_several_revocations_the_earliest_counts() -> None:
    assert not _permits(revocations=[{"at": later(hours=1)}, {"at": later(hours=-1)}])


def test_a_revocation_for_some_touches_only_those_by_id_or_organisation() -> None:
    both = paper(boxes=[box(recipients=[{"org": "westend"}, {"person": "dana"}])], revocations=[{"at": AT, "recipients": ["westend"]}])
    assert decided([both]).permitted
    assert not decided([both], asking(recipient={"id": "kim", "org": "westend"})).permitted
    assert not decided([both], asking(recipient={"id": "westend"})).permitted


def test_a_suspension_is_a_revocation_while_it_lasts() -> None:
    assert _axes(suspensions=[{"from": AT, "to": later(hours=1)}]) == ("suspended",)
    assert _permits(suspensions=[{"from": later(hours=-1), "to": AT}])
    assert _permits(suspensions=[{"from": later(microseconds=1)}])
    assert not _permits(suspensions=[{"from": "2026-06-01"}])
    assert not _restrains(suspensions=[{"from": AT}])


def test_without_a_zone_a_suspension_takes_most_from_a_permit_and_least_from_a_deny() -> None:
    dates: dict[str, Any] = {"suspensions": [{"from": "2026-06-14", "to": "2026-06-14"}]}
    edges = ["2026-06-13T10:00:00Z", "2026-06-15T11:59:59Z"]
    assert [(_permits(at, zone=None, **dates), _restrains(at, zone=None, **dates)) for at in edges] == [(False, True), (False, True)]


def test_what_was_done_in_reliance_stays_permitted_for_payment_and_for_nothing_else() -> None:
    revoked = [paper(boxes=[box(purposes=["tpo"])], revocations=[{"at": "2026-06-01"}])]
    facts = {"acted_in_reliance": {"g1": ["r1"]}}
    assert decided(revoked, asking(purposes=["payment"]), facts=facts).permitted
    assert not decided(revoked, asking(purposes=["treatment"]), facts=facts).permitted
    assert not decided(revoked, asking(purposes=["payment"], records=[{"id": "r2", "category": "plan"}]), facts=facts).permitted


def _after(old: dict[str, Any], **new: Any) -> tuple[str, ...] | bool:
    """Whether `old`, a permit or a deny called g1, still works beside a paper that supersedes it."""
    papers = [old, {"id": "new", "polarity": "permit", "supersedes": ["g1"], **new}]
    if old["polarity"] == "permit":
        return decided(papers).permitted
    return not decided([*papers, paper("p")]).permitted


DENY: dict[str, Any] = {"id": "g1", **WALL}


@pytest.mark.parametrize("status", ["active", "inactive", "unprocessable"])
def test_a_permit_is_superseded_by_any_paper_that_was_in_force(status: str) -> None:
    assert not _after(paper(), status=status)


@pytest.mark.parametrize(("status", "still"), [("active", False), ("inactive", False), ("unprocessable", True), ("draft", True)])
def test_a_deny_is_superseded_only_by_a_paper_that_can_be_read(status: str, still: bool) -> None:  # noqa: FBT001 - what is expected
    assert _after(DENY, status=status) is still


def test_supersession_counts_from_the_start_of_the_new_paper_and_outlives_it() -> None:
    assert _after(paper(), starts=later(seconds=1))
    assert not _after(paper(), starts=AT)
    assert not _after(paper(), expires={"kind": "date", "value": "2026-06-01"}, starts="2026-05-01")
    assert not _after(paper(), revocations=[{"at": "2026-06-01"}])


def test_a_deny_is_not_superseded_by_a_paper_that_an_abuser_signed_where_no_law_applies_either() -> None:
    assert decided([DENY, paper("new", abuser_signed=True, supersedes=["g1"]), paper("p")]).basis == "g1"
    assert decided([DENY, paper("new", supersedes=["g1"]), paper("p")]).permitted


def test_a_superseded_permit_says_so() -> None:
    papers = [paper(), {"id": "new", "polarity": "deny", "supersedes": ["g1"]}]
    assert decided(papers).failed["r1"]["g1"] == ("superseded",)


def test_of_papers_that_supersede_each_other_permits_are_dead_and_denies_stay() -> None:
    permits = [paper("a", supersedes=["b"]), paper("b", supersedes=["a"])]
    assert not decided(permits).permitted
    denies = [{**DENY, "id": "a", "supersedes": ["b"]}, {**DENY, "id": "b", "supersedes": ["c"]}, {**DENY, "id": "c", "supersedes": ["a"]}]
    assert (decided([*denies, paper("p")]).basis, decided([*denies, paper("p")]).also) == ("a", ("b", "c"))


def test_a_deny_outside_the_circle_is_superseded_by_it() -> None:
    circle = [paper("a", supersedes=["b", "g1"]), paper("b", supersedes=["a"]), paper("p"), DENY]
    assert decided(circle).basis == "p"


def test_a_newer_paper_alone_means_nothing() -> None:
    papers = [{**DENY, "signed_on": "2026-01-01"}, paper("new", signed_on="2026-06-01")]
    assert decided(papers).basis == "g1"


def test_without_a_zone_a_paper_takes_the_place_of_a_permit_early_and_of_a_deny_late() -> None:
    papers = [paper(), {"id": "new", "polarity": "permit", "supersedes": ["g1"], "starts": "2026-06-15"}]
    edges = ["2026-06-14T09:59:59Z", "2026-06-14T10:00:00Z"]
    assert [decided(papers, asking(at=at), zone=None).permitted for at in edges] == [True, False]
    papers = [DENY, {"id": "new", "polarity": "permit", "supersedes": ["g1"], "starts": "2026-06-15"}, paper("p")]
    edges = ["2026-06-15T11:59:59Z", "2026-06-15T12:00:00Z"]
    assert [decided(papers, asking(at=at), zone=None).permitted for at in edges] == [False, True]


def test_what_is_asked_about_no_record_was_not_done_in_reliance() -> None:
    boxes = [box(purposes=["payment"], actions=["accounting"], categories="*")]
    asked, facts = asking(purposes=["payment"], action="accounting", records=[]), {"acted_in_reliance": {"g1": ["r1"]}}
    assert decided([paper(boxes=boxes)], asked, facts=facts).permitted
    assert not decided([paper(boxes=boxes, revocations=[{"at": "2026-06-01"}])], asked, facts=facts).permitted


def test_reliance_goes_before_a_suspension_as_before_a_revocation() -> None:
    suspended = [paper(boxes=[box(purposes=["payment"])], suspensions=[{"from": "2026-06-01"}])]
    request = asking(purposes=["payment"])
    assert decided(suspended, request, facts={"acted_in_reliance": {"g1": ["r1"]}}).permitted
    assert not decided(suspended, request).permitted
