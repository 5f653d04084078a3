"""Copies that are passed on: by which papers and routes, who may hold one back, and what a chain has to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import Bar, Duty, Profile, Route, Switch
from tests.consent.law_papers import SOURCE
from tests.consent.papers import AT, box, later, paper
from tests.consent.test_law import DENY, under

if TYPE_CHECKING:
    from recoverycore.consent import Decision, Directive, Matter

Json = dict[str, Any]


def _to_anybody(_: Directive, __: Matter) -> bool:
    return True


ROUTE = Route(name="onward", source=SOURCE, holds=_to_anybody, duties=(Duty("log_onward"),))
LAW = Profile(id="copies", version="1", routes=(ROUTE,))
KEPT = evolve(
    LAW,
    routes=(evolve(ROUTE, outlives="after_all"),),
    switches=(Switch("after_all", "deny", ("deny", "permit")),),
)
"""Lets a route outlive a revocation where the host says so."""
LONG_AGO, YESTERDAY = "2026-06-01", later(hours=-24)


def given(name: str = "g1", to: str = "kim", **fields: Any) -> Json:
    """The harbour programme gave plans to somebody who holds them now."""
    return paper(name, **{"discloser": "harbor", "boxes": [box(recipients=[{"person": to}])], **fields})


def passed(*papers: Json, copy: Json | None = None, law: Profile = LAW, **world: Any) -> Decision:
    """Kim passes a copy of a plan on to Dana."""
    held = {"held_copy": {"holder": "kim", "received_under": "g1", **(copy or {})}}
    asked: Json = {"discloser": {"id": "kim"}, "action": "redisclose", "facts": held, "profiles": (law,), **world}
    decision: Decision = under(*papers, **asked)
    return decision


def test_a_copy_goes_on_by_a_route_under_the_paper_it_came_by_and_owes_what_the_route_says() -> None:
    decision = passed(given())
    assert (decision.permitted, decision.basis, decision.codes) == (True, "g1", {"log_onward"})


def test_a_route_that_names_no_duties_owes_what_consent_owes() -> None:
    plain = evolve(LAW, routes=(evolve(ROUTE, duties=None),))
    assert passed(given(), law=plain).codes == {"log_disclosure"}
    assert passed(given(), law=evolve(plain, consent_duties=(Duty("receipt"),))).codes == {"receipt"}


def test_a_paper_that_a_copy_goes_on_under_has_not_failed() -> None:
    decision = passed(given(), given("g2", to="dana"))
    assert decision.failed == {"r1": {"g2": ("discloser",)}}
    assert passed(given("g1", boxes=[box()])).failed["r1"]["g1"] == ("discloser",)


def test_a_tree_that_denies_one_purpose_still_tells_where_it_fails_to_permit_another() -> None:
    tree = {"id": "t1", "format": "fhir-r5", "decision": "permit", "discloser": "harbor", "provisions": [{"purpose": ["payment"]}]}
    decision = passed(given(), tree, purposes=["treatment", "payment"])
    assert (decision.basis, decision.failed["r1"]["t1"]) == ("t1", ("discloser",))


# -- who may hold it back -------------------------------------------------------------------------------------------------
def denied_by(who: str, *papers: Json, **world: Any) -> bool:
    """Whether a deny against `who` as the discloser holds the copy back; without it the copy would go on."""
    assert passed(*papers, **world).permitted
    return passed(*papers, {**DENY, "discloser": who}, **world).basis == "d1"


def test_a_deny_against_whoever_released_the_copy_before_holds_it_back() -> None:
    assert denied_by("harbor", given())
    assert not denied_by("elsewhere", given())


def test_a_copy_that_came_under_a_paper_of_every_discloser_is_held_back_by_a_deny_against_any() -> None:
    assert denied_by("elsewhere", given(discloser="*"))


def test_a_deny_against_an_earlier_holder_holds_the_copy_back() -> None:
    chain = [{"received_under": "g0", "holder": "westend"}]
    papers = (given("g0", to="westend"), given())
    assert denied_by("westend", *papers, copy={"chain": chain})
    assert not denied_by("elsewhere", *papers, copy={"chain": chain})


def test_an_earlier_holder_that_nobody_told_is_no_reason_to_take_any_deny_for_one_against_them() -> None:
    assert not denied_by("elsewhere", given("g0", to="westend"), given(), copy={"chain": ["g0"]})


@pytest.mark.parametrize(
    "world",
    [
        {"facts": {}},
        {"facts": {"held_copy": {"holder": "westend", "received_under": "g1"}}},
        {"discloser": None},
        {"copy": {"received_under": "gone"}},
        {"copy": {"chain": ["gone"]}},
    ],
    ids=["no provenance", "another holder", "no discloser", "no paper", "a hop without paper"],
)
def test_of_a_copy_whose_way_is_not_all_known_no_route_is_open_and_every_deny_counts(world: Json) -> None:
    assert passed(given(), **world).basis is None
    assert passed(given(), {**DENY, "discloser": "elsewhere"}, **world).basis == "d1"


# -- what the papers behind it have to keep -------------------------------------------------------------------------------
WRONG: dict[str, Json] = {
    "taken back": {"revocations": [{"at": LONG_AGO}]},
    "taken back from the holder": {"revocations": [{"at": LONG_AGO, "recipients": ["kim"]}]},
    "taken back from who would receive": {"revocations": [{"at": LONG_AGO, "recipients": ["dana"]}]},
    "ended": {"expires": {"kind": "date", "value": LONG_AGO}},
    "for another purpose": {"boxes": [box(purposes=["payment"], recipients=[{"person": "kim"}])]},
    "excepted": {"except": [box(recipients="*")]},
    "given to another": {"boxes": [box(recipients=[{"person": "lee"}])]},
    "for use only": {"boxes": [box(recipients=[{"person": "kim"}], actions=["use"])]},
    "of no discloser": {"discloser": None},
    "signed by an abuser": {"abuser_signed": True},
    "a deny": {"polarity": "deny"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_copy_goes_on_only_under_a_permit_that_counts_and_gave_it_to_its_holder(name: str) -> None:
    assert not passed(given(**WRONG[name])).permitted


FAULTS = ("taken back", "ended", "for another purpose", "of no discloser", "signed by an abuser", "a deny")


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("place", [0, 1])
def test_each_paper_of_a_chain_has_to_count(name: str, place: int) -> None:
    papers = [given("f0", to="lee"), given("g0", to="westend"), given()]
    world: Json = {"copy": {"chain": ["f0", "g0"]}}
    assert passed(*papers, **world).permitted
    papers[place] |= WRONG[name]
    assert not passed(*papers, **world).permitted


@pytest.mark.parametrize("place", ["g0", "g1"])
def test_a_copy_does_not_go_on_under_a_paper_that_another_has_taken_the_place_of(place: str) -> None:
    papers = (given("g0", to="westend"), given())
    newer = given("new", to="lee", supersedes=[place])
    assert passed(*papers, given("new", to="lee"), copy={"chain": ["g0"]}).permitted
    assert not passed(*papers, newer, copy={"chain": ["g0"]}).permitted


@pytest.mark.parametrize(
    ("limits", "goes"),
    [
        (({"categories": ["plan"]}, {"purposes": ["treatment"]}), True),
        (({"categories": ["plan"]}, {"purposes": ["payment"]}), False),
        (({"categories": ["lab"]}, {"purposes": ["treatment"]}), False),
    ],
)
def test_every_limit_that_was_set_on_the_way_is_kept(limits: tuple[Json, Json], *, goes: bool) -> None:
    copy = {"chain": [{"received_under": "g0", "limits": limits[0]}], "limits": limits[1]}
    assert passed(given("g0", to="westend"), given(), copy=copy).permitted is goes


def test_a_bar_travels_with_the_copy_and_each_that_holds_has_to_name_the_form() -> None:
    one, other = (
        Bar(name=name, source=SOURCE, holds=lambda _: True, forms=frozenset(forms)) for name, forms in (("a", {"specific"}), ("b", ()))
    )
    assert passed(given(), law=evolve(LAW, bars=(one,))).permitted
    assert not passed(given(), law=evolve(LAW, bars=(one, other))).permitted


def test_a_paper_whose_form_is_not_made_for_the_record_carries_no_copy() -> None:
    law = evolve(LAW, reaches=lambda _, matter: "bar" if matter.filed_as("plan") else None)
    assert not passed(given(), law=law).permitted


@pytest.mark.parametrize(("lacking", "goes"), [("dana", True), ("kim", False)])
def test_what_a_form_lacks_is_judged_for_the_holder_whom_the_paper_was_made_for(lacking: str, *, goes: bool) -> None:
    law = evolve(LAW, defects=lambda _, matter: ("element:name",) if matter.recipient.id == lacking else ())
    assert passed(given(), law=law).permitted is goes


# -- routes -----------------------------------------------------------------------------------------------------------------
def test_a_route_inside_the_paper_goes_only_to_those_whom_the_paper_reaches() -> None:
    inside = evolve(LAW, routes=(evolve(ROUTE, inside=True),))
    assert not passed(given(), law=inside).permitted
    both = given(boxes=[box(recipients=[{"person": "kim"}, {"person": "dana"}])])
    assert passed(both, law=inside).permitted


def test_the_first_route_that_is_open_is_taken_whatever_stands_before_it() -> None:
    closed = evolve(ROUTE, holds=lambda _, __: False)
    narrow = evolve(ROUTE, inside=True)
    second = evolve(ROUTE, name="second", duties=(Duty("log_second"),), outlives="after_all")
    taken_back = given(revocations=[{"at": YESTERDAY}])
    law = evolve(KEPT, routes=(closed, narrow, ROUTE, second))
    assert passed(given(), law=law).codes == {"log_onward"}
    world: Json = {"policy": {"after_all": "permit"}, "copy": {"received_at": LONG_AGO}}
    assert passed(taken_back, law=law, **world).codes == {"log_second"}


@pytest.mark.parametrize("how", ["revocations", "suspensions"])
@pytest.mark.parametrize(
    ("received", "policy", "goes"),
    [
        (LONG_AGO, "permit", True),
        (LONG_AGO, "deny", False),
        (later(microseconds=-1), "permit", True),
        (AT, "permit", False),
        ("2026-06-15", "permit", False),
        (None, "permit", False),
    ],
)
def test_where_the_host_says_so_a_copy_that_surely_came_before_its_paper_was_taken_back_goes_on(
    how: str, received: str | None, policy: str, *, goes: bool
) -> None:
    taken_back = given(**{how: [{"from": AT} if how == "suspensions" else {"at": AT}]})
    world: Json = {"copy": {"received_at": received}, "policy": {"after_all": policy}}
    decision = passed(taken_back, law=KEPT, **world)
    assert (decision.permitted, "report_plugin_error" in decision.codes) == (goes, False)
    assert not passed(taken_back, law=evolve(KEPT, routes=LAW.routes), **world).permitted


def test_a_copy_that_came_on_the_day_before_its_paper_was_taken_back_came_before() -> None:
    dated = given(revocations=[{"at": "2026-06-15"}])
    policy = {"after_all": "permit"}
    assert passed(dated, law=KEPT, copy={"received_at": "2026-06-14"}, policy=policy).permitted
    assert not passed(dated, law=KEPT, copy={"received_at": "2026-06-15"}, policy=policy).permitted


@pytest.mark.parametrize("received", [LONG_AGO, YESTERDAY])
def test_what_was_taken_back_once_before_the_copy_came_and_once_after_does_not_go_on(received: str) -> None:
    twice = given(revocations=[{"at": AT}, {"at": "2026-05-01"}])
    assert not passed(twice, law=KEPT, copy={"received_at": received}, policy={"after_all": "permit"}).permitted


def test_a_copy_that_outlives_a_revocation_outlives_nothing_else() -> None:
    ended = given(revocations=[{"at": AT}], expires={"kind": "date", "value": LONG_AGO})
    assert not passed(ended, law=KEPT, copy={"received_at": LONG_AGO}, policy={"after_all": "permit"}).permitted
