"""Who is told what a signature changes: each person at each place, each holder of a role, each way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.plan import signing
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.test_comparing import plan

if TYPE_CHECKING:
    from recoverycore.consent.plan import Plan

Json = dict[str, Any]


# -- who is told of ---------------------------------------------------------------------------------------------------------------
SOL, AT_CLINIC = {"person": "sol"}, {"person": "sol", "org": "clinic"}


def gives(name: str, *whom: Any, kind: Any = "goals", **fields: Any) -> Json:
    return paper(name, boxes=[box(categories=[kind], purposes=["care"], recipients=list(whom))], **fields)


def told_of(old: Plan, new: Plan) -> list[str]:
    """The sentences without the label, the purpose and what stands around them."""
    lines = signing(old, new).explain().splitlines()
    return [line.split(";")[0].removesuffix(".").replace(" (any label)", "").replace(" for care", "") for line in lines]


def test_what_a_person_loses_at_one_place_is_told_beside_what_they_gain_at_any() -> None:
    old, new = plan(gives("p", AT_CLINIC, kind="notes"), gives("q", {"person": "dana"})), plan(gives("p", SOL))
    assert told_of(old, new) == [
        "New: the new version lets sol see goals",
        "Ends: the old version let dana see goals",
        "Ends: the old version let sol at clinic see notes",
        "Nothing stays that anybody could see before",
    ]


def test_what_stays_for_a_person_at_one_place_is_told_beside_what_stays_for_them_at_any() -> None:
    same = plan(gives("p", AT_CLINIC), gives("q", SOL, kind="letters"))
    assert told_of(same, same)[1:] == ["Stays: both let sol see letters", "Stays: both let sol at clinic see goals"]


def test_whoever_is_refused_at_one_place_keeps_what_they_see_elsewhere() -> None:
    refused = gives("d", AT_CLINIC, polarity="deny")
    assert told_of(plan(gives("p", SOL)), plan(gives("p", SOL), refused)) == [
        "Ends: the old version let sol at clinic see goals",
        "Stays: both let sol at any other organisation see goals",
    ]


def test_each_role_with_its_place_and_each_way_in_is_told_by_itself() -> None:
    hie = {"designation": "treating", "via": "hie"}
    whom = [{"role": "doctor"}, {"role": "peer", "org": "clinic"}, {"role": "peer", "org": "away"}, hie]
    assert told_of(plan(*(gives(f"p{number}", each) for number, each in enumerate(whom))), plan())[:-1] == [
        "Ends: the old version let anybody as doctor see goals",
        "Ends: the old version let anybody as peer at away see goals",
        "Ends: the old version let anybody as peer at clinic see goals",
        "Ends: the old version let anybody treating the client through hie see goals",
    ]


def test_what_everybody_is_told_is_not_told_again_of_a_role() -> None:
    everybody = paper(boxes=[box(categories=["goals"], purposes=["care"], recipients="*")])
    assert told_of(plan(), plan(everybody, gives("p", {"role": "peer"})))[0] == "New: the new version lets anybody see goals"
    assert len(signing(plan(), plan(everybody, gives("p", {"role": "peer"}, {"role": "peer", "org": "clinic"}))).gained) == 1
    both = [{"role": "peer", "org": "clinic"}, {"role": "peer"}]
    assert told_of(plan(), plan(gives("p", *both)))[:-1] == ["New: the new version lets anybody as peer see goals"]


def test_what_only_a_person_in_a_role_shows_is_told_of_that_person_in_that_role() -> None:
    refused = gives("d", {"role": "peer"}, polarity="deny")
    assert told_of(plan(gives("p", SOL)), plan(gives("p", SOL), refused)) == [
        "Ends: the old version let sol as peer see goals",
        "Stays: both let sol see goals",
    ]


def test_what_hangs_on_nobody_knowing_is_told_so() -> None:
    nobody_there = gives("d", {"org": "clinic"}, polarity="deny")
    found = signing(plan(gives("p", SOL), nobody_there), plan(gives("p", SOL), nobody_there, gives("e", AT_CLINIC, polarity="deny")))
    assert [(cell.recipient.org, cell.unasked) for cell in found.lost] == [(None, ("org",))]
    assert "let sol of whom nobody knows where they are see goals" in found.explain()
    assert found.to_data()["lost"][0]["unasked"] == ["org"]


def test_data_tells_people_at_one_place_roles_and_ways_apart() -> None:
    whom = [AT_CLINIC, {"role": "peer", "org": "away"}, {"designation": "treating", "via": "hie"}]
    found = signing(plan(), plan(*(gives(f"p{number}", each) for number, each in enumerate(whom)))).to_data()["gained"]
    assert [{name: each.get(name) for name in ("recipient", "org", "roles", "treating_relationship", "via")} for each in found] == [
        {"recipient": "sol", "org": "clinic", "roles": [], "treating_relationship": None, "via": None},
        {
            "recipient": "(anybody else)",
            "org": None,
            "roles": [{"role": "peer", "org": "away"}],
            "treating_relationship": None,
            "via": None,
        },
        {"recipient": "(anybody else)", "org": None, "roles": [], "treating_relationship": True, "via": "hie"},
    ]


# -- from whom --------------------------------------------------------------------------------------------------------------------
def test_where_several_release_it_is_told_who_holds_the_record_and_each_of_them_has_lines() -> None:
    ours, theirs = (gives(name, SOL, discloser=name) for name in ("harbor", "lakeview"))
    assert told_of(plan(ours), plan(theirs))[:2] == [
        "New: the new version lets sol see goals held by lakeview",
        "Ends: the old version let sol see goals held by harbor",
    ]
    assert told_of(plan(ours, theirs), plan())[:2] == [
        "Ends: the old version let sol see goals held by harbor",
        "Ends: the old version let sol see goals held by lakeview",
    ]


def test_a_permit_of_everybody_beside_one_of_somebody_is_told_of_the_others_too() -> None:
    old = plan(gives("p", SOL, discloser="harbor"), gives("q", SOL, discloser="*"))
    assert [cell.discloser.id for cell in signing(old, plan()).lost] == ["harbor", "(any other discloser)"]


def test_what_each_of_several_refuses_is_told_of_each_of_them() -> None:
    refused = [gives(name, SOL, polarity="deny", discloser=name) for name in ("harbor", "lakeview")]
    found = signing(plan(gives("p", SOL)), plan(gives("p", SOL), *refused))
    assert [cell.discloser.id for cell in found.lost] == ["harbor", "lakeview"]
    assert [cell.discloser.id for cell in found.stays] == ["(any other discloser)"]


# -- when -------------------------------------------------------------------------------------------------------------------------
def test_what_has_no_beginning_is_told_without_one() -> None:
    ending = {"expires": {"kind": "date", "value": "2026-12-31"}}
    assert told_of(plan(), plan(gives("p", SOL, **ending)))[0].endswith("lets sol see goals until the end of 2026-12-31")
    assert signing(plan(), plan(gives("p", SOL))).to_data()["gained"][0]["times"] == [{"from": None, "until": None}]


def test_a_pause_is_told_with_its_days_and_what_stays_around_it() -> None:
    day = {"from": "2026-05-01", "to": "2026-05-01"}
    assert told_of(plan(gives("p", SOL)), plan(gives("p", SOL, suspensions=[day]))) == [
        "Ends: the old version let sol see goals on 2026-05-01",
        "Stays: both let sol see goals until the end of 2026-04-30 and again from 2026-05-02",
    ]


def test_an_end_in_the_middle_of_a_day_is_told_with_its_time_and_zone() -> None:
    noon = {"starts": "2026-03-01", "expires": {"kind": "instant", "value": "2026-05-01T12:00:00Z"}}
    assert told_of(plan(), plan(gives("p", SOL, **noon)))[0].endswith(" from 2026-03-01 until 2026-05-01 12:00 UTC")


def test_from_an_instant_on_a_stretch_that_runs_then_begins_with_it() -> None:
    found = signing(plan(), plan(gives("p", SOL)), NOON)
    assert [cell.times for cell in found.gained] == [((NOON, None),)]


def test_an_event_of_which_nobody_has_told_is_named_as_not_known() -> None:
    ended = gives("p", SOL, expires={"kind": "event", "value": "leaves_program"})
    told_last = told_of(plan(ended), plan(gives("p", SOL)))[-1]
    assert told_last.startswith("Not known: whether this has happened: leaves program.")
    assert signing(plan(ended), plan()).to_data()["unknown_events"] == ["leaves_program"]
