"""From whom, and when: who holds what a signature changes is told where several release, and every stretch in which it holds."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent.plan import signing
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.test_comparing import plan
from tests.consent.plan.test_lines import AT_CLINIC, HIE, PEER, SOL, Json, ends, gives, refuses, told_of
from tests.suite.judge_consent import PROFILES


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


def test_where_one_alone_releases_one_line_tells_of_what_copies_lose_too() -> None:
    law, sol = {"profiles": [PROFILES["ca.on.phipa"]]}, [SOL]
    refused = paper("d", polarity="deny", discloser="harbor", boxes=[box(categories=["goals"], purposes="*", recipients=sol)])
    found = signing(plan(**law), plan(refused, **law))
    assert [(cell.discloser.id, cell.category) for cell in found.lost] == [("harbor", "goals")]


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


def test_a_pause_in_which_another_paper_counts_is_none() -> None:
    pausing = gives("p", SOL, suspensions=[{"from": "2026-05-01", "to": "2026-05-01"}])
    both = plan(pausing, gives("q", SOL))
    assert [cell.times for cell in signing(both, both).stays] == [((None, None),)]


def test_between_several_pauses_what_stays_is_told_each_time() -> None:
    days = [{"from": f"2026-0{month}-01", "to": f"2026-0{month}-01"} for month in (5, 7)]
    paused = plan(gives("p", SOL, suspensions=days))
    assert [cell.to_data()["times"] for cell in signing(paused, paused).stays] == [
        [
            {"from": None, "until": "2026-05-01T00:00:00Z"},
            {"from": "2026-05-02T00:00:00Z", "until": "2026-07-01T00:00:00Z"},
            {"from": "2026-07-02T00:00:00Z", "until": None},
        ]
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


# -- what tells of somebody tells only while it holds -------------------------------------------------------------------------------
MARCH, FROM_MARCH, IN_FEBRUARY = {"starts": "2026-03-01"}, " from 2026-03-01", " until the end of 2026-02-28"


@pytest.mark.parametrize(
    ("wider", "narrower", "told", "apart"),
    [
        ("*", PEER, "anybody", "anybody as peer"),
        ("*", HIE, "anybody", "anybody treating the client through hie"),
        (SOL, AT_CLINIC, "sol", "sol at clinic"),
        (PEER, PEER | {"org": "clinic"}, "anybody as peer", "anybody as peer at clinic"),
    ],
)
def test_what_begins_for_many_does_not_hide_what_some_have_all_along(wider: Any, narrower: Json, told: str, apart: str) -> None:
    both = plan(gives("p", wider, **MARCH), gives("q", narrower))
    assert sorted(told_of(plan(), both)[:-1]) == sorted(
        [f"New: the new version lets {told} see goals{FROM_MARCH}", f"New: the new version lets {apart} see goals"]
    )
    assert sorted(told_of(both, both)[1:]) == sorted(
        [f"Stays: both let {told} see goals{FROM_MARCH}", f"Stays: both let {apart} see goals"]
    )


def test_what_ends_for_somebody_does_not_hide_what_they_keep_in_a_role_or_through_a_way() -> None:
    given = gives("p", SOL)
    for standing, told in ((PEER, "as peer"), (HIE, "treating the client through hie")):
        refused = refuses("d", SOL, apart_from=[standing], **MARCH)
        assert told_of(plan(refused), plan(refused, given))[:-1] == [
            f"New: the new version lets sol see goals{IN_FEBRUARY}",
            f"New: the new version lets sol {told} see goals",
        ]


def test_a_place_that_is_refused_from_a_day_on_is_told_apart_from_the_others() -> None:
    for whom, there, told in ((SOL, AT_CLINIC, "sol"), (PEER, PEER | {"org": "clinic"}, "anybody as peer")):
        refused = refuses("d", there, **MARCH)
        assert told_of(plan(refused), plan(refused, gives("p", whom)))[:-1] == [
            f"New: the new version lets {told} see goals{IN_FEBRUARY}",
            f"New: the new version lets {told} at any other organisation see goals",
        ]


def test_a_refusal_from_a_day_on_tells_of_whom_it_leaves_out_then() -> None:
    given, refused = gives("p", PEER), refuses("d", "*", apart_from=[SOL], **MARCH)
    assert told_of(plan(refused), plan(refused, given))[:-1] == [
        "New: the new version lets sol as peer see goals",
        f"New: the new version lets anybody else as peer see goals{IN_FEBRUARY}",
    ]


def for_purposes(name: str, *purposes: str, whom: Json = AT_CLINIC, **fields: Any) -> Json:
    return paper(name, boxes=[box(categories=["goals"], purposes=list(purposes), recipients=[whom])], **fields)


def test_what_is_left_of_a_person_at_one_place_from_a_day_on_is_told_with_the_role_and_not_as_unknown() -> None:
    apart = {"except": [{"categories": ["goals"], "recipients": [PEER]}]}
    old = [for_purposes("p", "audit", "care"), for_purposes("d", "care", whom=SOL, polarity="deny", **apart, **MARCH)]
    new = [for_purposes("q", "audit"), for_purposes("e", "audit", whom=PEER, polarity="deny", **apart)]
    assert ends(old, new) == [f"sol at clinic see goals{IN_FEBRUARY}", "sol at clinic as peer"]
    assert ends(old[:1], new) == ["sol at clinic"]
