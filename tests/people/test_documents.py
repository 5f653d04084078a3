"""Clients and teams: what is taken, what is refused with its place, and what never shows."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.errors import DocumentError
from recoverycore.people import Client, Member, Programme, Service, Team

SHIFT = {"person": "ade", "role": "peer", "from": "16:00", "to": "02:00", "zone": "Europe/London"}


def refused(kind: type[Any], data: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        kind.model_validate(data)
    return [(each.name, each.path) for each in caught.value.problems]


def test_a_client_needs_an_id_and_nothing_else() -> None:
    assert Client(id="c-1").zone is None


def test_a_client_shows_no_name() -> None:
    client = Client.model_validate({"id": "c-1", "chosen_name": "Canary", "identifiers": [{"system": "ehr", "value": "canary-7"}]})
    assert "anary" not in f"{client} {client!r} {client.identifiers}"


def test_a_misspelt_field_of_a_client_is_told_with_the_likely_one() -> None:
    with pytest.raises(DocumentError) as caught:
        Client.model_validate({"id": "c-1", "zoen": "Europe/London"})
    assert caught.value.problems[0].did_you_mean == "zone"


def test_a_zone_that_nobody_has_is_refused() -> None:
    assert refused(Client, {"id": "c-1", "zone": "Europe/Atlantis"}) == [("bad_zone", "/zone")]


def test_two_members_with_one_id_are_refused() -> None:
    member = {"id": "ade", "roles": ["peer"]}
    assert refused(Team, {"members": [member, member]}) == [("duplicate_member", "/members/1/id")]


def test_a_shift_of_somebody_unknown_is_refused() -> None:
    assert refused(Team, {"members": [], "roster": [SHIFT]}) == [("unknown_member", "/roster/0/person")]


def test_a_shift_in_wall_time_needs_a_zone_from_somewhere() -> None:
    shift = {key: value for key, value in SHIFT.items() if key != "zone"}
    members = [{"id": "ade", "roles": ["peer"]}]
    assert refused(Team, {"members": members, "roster": [shift]}) == [("shift_without_zone", "/roster/0")]
    assert Team.model_validate({"zone": "Europe/London", "members": members, "roster": [shift]}).roster[0].zone is None


def test_a_member_has_a_role() -> None:
    assert refused(Member, {"id": "ade", "roles": []}) == [("blank", "/roles")]


def test_a_member_may_hold_no_level_beyond_four() -> None:
    assert refused(Member, {"id": "ade", "roles": ["peer"], "max_hold_level": 5}) == [("bad_value", "/max_hold_level")]


def test_a_team_finds_its_members_by_id() -> None:
    team = Team.model_validate({"members": [{"id": "ade", "roles": ["peer"]}]})
    found = team.member("ade")
    assert found is not None
    assert found.roles == ("peer",)
    assert team.member("nobody") is None


def test_a_service_without_hours_is_always_open_and_an_empty_list_is_never() -> None:
    assert Service(id="s", role="mobile_crisis").hours is None
    assert Service.model_validate({"id": "s", "role": "mobile_crisis", "hours": []}).hours == ()


def test_a_programme_says_where_its_days_begin() -> None:
    assert refused(Programme, {"id": "p"}) == [("missing_field", "/zone")]
