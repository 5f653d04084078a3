"""The reference decider on trees: what each level says, on what a root fails, and what a tree names where it stands for a form."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.testing.consent.stories import NOTE
from tests.consent.test_reference_profiles import told, verdict

Json = dict[str, Any]
TREE, REFUSING, FORM = "a tree", "a tree that refuses by default", "a tree as a form"
SUMMER = "2026-06-15T10:00:00-05:00"


def failed(story: str, **changes: Any) -> Json:
    """The axes on which each paper failed for r1."""
    return {name: records["r1"] for name, records in told(story, **changes)["failed"].items()}


def test_a_tree_without_criteria_says_what_it_decides() -> None:
    assert verdict(TREE, paper__root=None, paper__provisions=None) == "permit"


def test_a_tree_of_another_discloser_says_nothing() -> None:
    assert failed(TREE, paper__discloser="prog:other") == {"t1": ["discloser"]}


@pytest.mark.parametrize(
    ("root", "axes"),
    [
        ({"actor": ["org:other"]}, ["recipient"]),
        ({"purpose": ["research"]}, ["purpose"]),
        ({"action": ["use"]}, ["action"]),
        ({"labels": ["HIV"]}, ["label"]),
        ({"class": ["Note"]}, ["category"]),
        ({"code": ["x"]}, ["category"]),
        ({"category": ["lab"]}, ["category"]),
        ({"data_period": {"start": "2026-05-02"}}, ["data_period"]),
        ({"data_period": {"start": "2026-05-01"}}, None),
        ({"expression": "x"}, ["expression"]),
        ({"moon": ["full"]}, ["expression"]),
        ({"period": {"start": "2026-06-16"}}, ["not_started"]),
        ({"period": {"end": "2026-06-14"}}, ["ended"]),
        ({"actor": ["org:other"], "period": {"start": "2026-06-16", "end": "2026-06-14"}}, ["ended", "not_started", "recipient"]),
        ({"period": {"start": "2026-06-15", "end": "2026-06-15"}}, None),
        ({"period": {"start": SUMMER}}, None),
        ({"period": {"end": SUMMER}}, ["ended"]),
    ],
)
def test_a_permit_fails_on_what_its_root_does_not_match(root: Json, axes: list[str] | None) -> None:
    assert failed(TREE, paper__root=root) == ({"t1": axes} if axes else {})


def test_a_permit_that_could_not_be_read_fails_on_its_status_alone() -> None:
    assert failed(TREE, paper__root=None, paper__status="unprocessable") == {"t1": ["status"]}


def test_a_tree_that_denies_what_is_asked_fails_on_nothing() -> None:
    assert failed(TREE, request__purposes=["marketing"], paper__status="inactive") == {}


def test_a_tree_fails_for_the_purpose_that_it_permits_whatever_it_says_of_others() -> None:
    over = {"paper__expires": {"kind": "date", "value": "2026-06-01"}}
    assert failed(TREE, **over, request__purposes=["marketing", "treatment"]) == {"t1": ["ended"]}
    assert failed(TREE, **over, request__purposes=["treatment", "zebra-crossing"]) == {"t1": ["ended"]}


def test_a_permit_by_exception_does_not_fail_on_what_nobody_knows_of_the_root() -> None:
    unknown = {"paper__root": {"class": ["Claim"]}, "record__class": None}
    assert failed(REFUSING, **unknown, paper__expires={"kind": "date", "value": "2026-06-01"}) == {"t1": ["ended"]}


def test_of_a_tree_that_could_not_be_read_only_the_deny_of_its_root_holds() -> None:
    assert told(REFUSING, paper__status="unprocessable")["basis"] == "t1"
    assert told(REFUSING, paper__status="unprocessable", paper__root={"actor": ["org:other"]})["basis"] is None


# Copies.

PASSED_ON: Json = {
    "request__action": "redisclose",
    "request__discloser": {"id": "org:lakeside", "kind": "covered_entity"},
    "request__recipient": {"id": "org:rehab", "kind": "covered_entity"},
    "paper__discloser": "org:lakeside",
}


def test_a_root_that_permits_disclosure_lets_its_discloser_pass_a_copy_on() -> None:
    assert verdict(TREE, **PASSED_ON, paper__root={"action": ["disclose"]}) == "permit"
    assert failed(TREE, **PASSED_ON, paper__root={"action": ["disclose"], "actor": ["org:other"]}) == {"t1": ["recipient"]}


@pytest.mark.parametrize(("action", "expected"), [("disclose", "deny"), ("redisclose", "permit")])
def test_an_exception_that_permits_reaches_a_copy_only_where_it_says_so(action: str, expected: str) -> None:
    assert verdict(REFUSING, **PASSED_ON, paper__provisions=[{"type": "permit", "action": [action]}]) == expected


def test_a_root_that_permits_disclosure_permits_no_use() -> None:
    assert verdict(TREE, paper__root={"action": ["disclose"]}, request__action="use") == "deny"


def test_an_exception_that_denies_disclosure_reaches_a_copy_too() -> None:
    assert verdict(TREE, **PASSED_ON, paper__root={}, paper__provisions=[{"type": "deny", "action": ["disclose"]}]) == "deny"


# What a tree names.

OF_NOTES: Json = {"paper__form": "notes", **{f"record__{name}": value for name, value in NOTE.items()}}
NOTES: Json = {"labels": ["SUD", "SUD_NOTES"]}


@pytest.mark.parametrize(
    ("root", "provisions", "expected"),
    [
        (NOTES, [], "permit"),
        (NOTES, None, "permit"),
        ({}, [], "deny"),
        (None, [], "deny"),
        (NOTES, [{"labels": ["HIV"]}], "permit"),
        (NOTES, [{"type": "permit", "labels": ["HIV"]}], "deny"),
        (NOTES, [{"type": "permit", "purpose": ["research"]}], "permit"),
        (NOTES, [{"purpose": ["research"], "provisions": [{"labels": ["HIV"]}]}], "deny"),
        (NOTES, [{"purpose": ["research"], "provisions": [{"class": ["Claim"]}]}], "permit"),
    ],
)
def test_a_tree_is_a_notes_form_where_its_permits_name_notes_and_nothing_else(root: Any, provisions: Any, expected: str) -> None:
    assert verdict(FORM, **OF_NOTES, paper__root=root, paper__provisions=provisions) == expected


@pytest.mark.parametrize(
    ("root", "expected"),
    [({"purpose": ["civil_proceedings"]}, "permit"), ({"purpose": ["proceedings", "treatment"]}, "deny"), ({}, "deny")],
)
def test_a_tree_is_a_proceedings_form_where_it_names_proceedings_alone(root: Json, expected: str) -> None:
    asked = {"paper__form": "proceedings", "request__purposes": ["civil_proceedings"], "paper__provisions": []}
    assert verdict(FORM, **asked, paper__root=root) == expected


def test_a_tree_for_any_purpose_names_fundraising_too() -> None:
    missing: Json = {"paper__missing_elements": ["fundraising_opt_out"], "paper__provisions": []}
    assert verdict(FORM, **missing, paper__root={"purpose": ["treatment"]}) == "permit"
    assert failed(FORM, **missing, paper__root={}) == {"t1": ["form"]}


# Each criterion.


@pytest.mark.parametrize(
    ("actor", "groups", "expected"),
    [
        ("*", None, "permit"),
        ("per:lee", None, "permit"),
        ("org:lakeside", None, "permit"),
        ("team", {"team": ["per:lee"]}, "permit"),
        ("team", {"team": ["per:kim"]}, "deny"),
        ("team", {"other": ["per:lee"]}, "deny"),
        ("team", None, "deny"),
        ("org:other", None, "deny"),
    ],
)
def test_an_actor_is_anybody_a_person_their_organisation_or_a_group_that_they_are_in(actor: str, groups: Any, expected: str) -> None:
    assert verdict(TREE, paper__root={"actor": [actor]}, facts__groups=groups) == expected


@pytest.mark.parametrize("criterion", ["class", "code", "category"])
@pytest.mark.parametrize(
    ("written", "known", "permits", "denies"),
    [
        (["a"], "a", "permit", "deny"),
        (["b"], "a", "deny", "permit"),
        (["*"], "a", "permit", "deny"),
        (["*"], None, "permit", "deny"),
        (["b"], None, "deny", "deny"),
    ],
)
def test_a_kind_of_record_that_nobody_knows_fits_no_permit_and_every_deny(
    criterion: str, written: list[str], known: str | None, permits: str, denies: str
) -> None:
    record = {f"record__{criterion}": known}
    assert verdict(TREE, paper__root={criterion: written}, paper__provisions=[], **record) == permits
    assert verdict(TREE, paper__root={}, paper__provisions=[{criterion: written}], **record) == denies


def test_of_several_actors_one_is_enough() -> None:
    assert verdict(TREE, paper__root={"actor": ["org:other", "per:lee"]}) == "permit"


def test_a_criterion_with_nothing_in_it_asks_for_nothing() -> None:
    assert verdict(TREE, paper__root={"actor": [], "labels": None, "type": "permit"}, paper__provisions=[]) == "permit"


def test_one_value_is_a_list_of_one() -> None:
    assert verdict(TREE, paper__root={"purpose": "treatment"}, paper__provisions=[]) == "permit"
    assert verdict(TREE, paper__root={"purpose": "payment"}, paper__provisions=[]) == "deny"


@pytest.mark.parametrize(("at", "decided"), [("2026-06-15T11:59:59Z", ("deny", "deny")), ("2026-06-15T12:00:00Z", ("permit", "deny"))])
def test_without_a_zone_a_permit_begins_with_its_day_everywhere_and_a_deny_anywhere(at: str, decided: tuple[str, str]) -> None:
    begins, when = {"period": {"start": "2026-06-15"}}, {"request__at": at, "client__zone": None}
    permits = verdict(TREE, paper__root=begins, paper__provisions=[], **when)
    assert (permits, verdict(TREE, paper__root={}, paper__provisions=[begins], **when)) == decided


@pytest.mark.parametrize(("at", "decided"), [("2026-06-15T09:59:59Z", ("permit", "deny")), ("2026-06-15T10:00:00Z", ("deny", "deny"))])
def test_without_a_zone_a_permit_ends_with_its_day_anywhere_and_a_deny_everywhere(at: str, decided: tuple[str, str]) -> None:
    ends, when = {"period": {"end": "2026-06-15"}}, {"request__at": at, "client__zone": None}
    permits = verdict(TREE, paper__root=ends, paper__provisions=[], **when)
    assert (permits, verdict(TREE, paper__root={}, paper__provisions=[ends], **when)) == decided


# Levels.


@pytest.mark.parametrize(
    ("provisions", "expected"),
    [
        ([], "permit"),
        ([{"labels": ["SUD"]}], "deny"),
        ([{"labels": ["HIV"]}], "permit"),
        ([{"labels": ["HIV"]}, {"labels": ["SUD"]}], "deny"),
        ([{"labels": ["SUD"]}, {"labels": ["HIV"]}], "deny"),
        ([{"labels": ["SUD"], "provisions": [{"purpose": ["treatment"]}]}], "permit"),
        ([{"type": "permit", "labels": ["SUD"]}], "permit"),
        ([{"type": "permit", "labels": ["SUD"], "provisions": [{"type": "deny"}]}], "permit"),
        ([{"type": "deny", "provisions": [{"type": "permit"}, {"type": "deny", "labels": ["SUD"]}]}], "deny"),
        ([{"type": "deny", "provisions": [{"type": "deny", "labels": ["SUD"]}, {"type": "permit"}]}], "deny"),
        ([{"type": "deny", "provisions": [{"type": "permit"}, {"type": "deny", "labels": ["HIV"]}]}], "permit"),
    ],
)
def test_each_level_excepts_from_the_one_above_it(provisions: list[Json], expected: str) -> None:
    assert verdict(TREE, paper__root={}, paper__provisions=provisions) == expected


@pytest.mark.parametrize(("label", "expected"), [("HIV", "permit"), ("SUD", "deny")])
def test_an_exception_from_a_refusal_may_have_exceptions(label: str, expected: str) -> None:
    inner = [{"type": "permit", "provisions": [{"type": "deny", "labels": [label]}]}]
    assert verdict(REFUSING, paper__provisions=inner) == expected
