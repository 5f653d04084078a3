"""Who is told what a signature changes: each person at each place, each holder of a role, each way in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent.plan import signing
from tests.consent.papers import box, paper
from tests.consent.plan.test_comparing import plan

if TYPE_CHECKING:
    from recoverycore.consent.plan import Plan

Json = dict[str, Any]


# -- who is told of ---------------------------------------------------------------------------------------------------------------
SOL, AT_CLINIC = {"person": "sol"}, {"person": "sol", "org": "clinic"}


def gives(name: str, *whom: Any, kind: Any = "goals", **fields: Any) -> Json:
    return paper(name, boxes=[box(categories=[kind], purposes=["care"], recipients="*" if whom == ("*",) else list(whom))], **fields)


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


# -- in several roles, through several ways ---------------------------------------------------------------------------------------
AWAY, PEER, DOCTOR = {"org": "away"}, {"role": "peer"}, {"role": "doctor"}
HIE, EXCHANGE = ({"designation": "treating", "via": each} for each in ("hie", "exchange"))


def refuses(name: str, *whom: Any, apart_from: Any = (), **fields: Any) -> Json:
    """A deny, apart from some for whom it does not stand."""
    excepted = [{"categories": ["goals"], "recipients": [each]} for each in apart_from]
    return gives(name, *whom, polarity="deny", **fields, **{"except": excepted})


def everything(name: str, *whom: Any, purposes: Any = ("care",), **fields: Any) -> Json:
    return paper(name, boxes=[box(categories="*", purposes=list(purposes), recipients=list(whom))], **fields)


def ends(old: list[Json], new: list[Json]) -> list[str]:
    """Whom a signature takes something from, in the order in which it is told."""
    told = [line.removeprefix("Ends: the old version let ") for line in told_of(plan(*old), plan(*new)) if line.startswith("Ends: ")]
    return [line.removesuffix(" see goals") for line in told]


@pytest.mark.parametrize(("here", "there"), [("away", "clinic"), ("clinic", "away")])
def test_whoever_is_told_of_in_one_role_here_is_told_of_in_two_there(here: str, there: str) -> None:
    given, at_both = gives("p", DOCTOR), [{"person": "sol", "org": here}, {"person": "sol", "org": there}]
    told = ends([given, refuses("d", at_both[0], apart_from=[PEER])], [given, refuses("e", *at_both)])
    assert sorted(told) == sorted([f"sol at {here} as doctor and peer", f"sol at {there} as doctor"])


def test_a_role_at_one_place_is_told_beside_a_role_through_a_way() -> None:
    given = gives("p", DOCTOR, PEER)
    assert ends([given], [given, refuses("q", AWAY, EXCHANGE)]) == [
        "away as doctor",
        "away as peer",
        "anybody else as doctor coming through exchange",
        "anybody else as peer coming through exchange",
        "anybody else at away as doctor",
        "anybody else at away as peer",
    ]


def test_each_way_is_told_with_each_role_and_at_each_place_that_changes_it() -> None:
    given = gives("p", HIE, EXCHANGE)
    through = [f"treating the client through {each}" for each in ("exchange", "hie")]
    whom = ["sol as doctor", "sol at clinic", "anybody else as doctor"]
    assert ends([given], [given, refuses("d", DOCTOR, AT_CLINIC)]) == [f"{who} {each}" for who in whom for each in through]


def test_a_role_and_a_way_everywhere_do_not_hide_the_role_and_another_way_at_one_place() -> None:
    given = [gives("p", HIE, EXCHANGE), refuses("d", HIE, apart_from=[AT_CLINIC])]
    assert ends(given, [*given, refuses("e", DOCTOR)]) == [
        "sol as doctor treating the client through exchange",
        "sol at clinic as doctor treating the client through hie",
        "anybody else as doctor treating the client through exchange",
    ]


def test_of_an_unknown_place_it_is_told_what_the_places_do_not_show() -> None:
    given = [gives("p", DOCTOR, **{"except": [{"categories": ["goals"], "recipients": [AWAY]}]}), gives("q", PEER)]
    assert ends(given, [*given, refuses("d", {"person": "sol", "org": "away"})]) == [
        "sol at away as peer",
        "sol as doctor of whom nobody knows where they are",
    ]


def test_where_nobody_knows_which_roles_somebody_holds_or_where_it_is_told_so() -> None:
    given, at_clinic, notes = gives("p", SOL), DOCTOR | {"org": "clinic"}, gives("n", AT_CLINIC, HIE, kind="notes")
    told = ends([given, notes], [given, notes, refuses("d", DOCTOR, apart_from=[DOCTOR])])
    assert told == ["sol of whom nobody knows which roles they hold"]
    found = signing(plan(given), plan(given, refuses("d", at_clinic, apart_from=[at_clinic])))
    assert [cell.unasked for cell in found.lost] == [("held",)]
    assert "let sol as doctor of whom nobody knows where they hold that role see goals" in found.explain()


def test_roles_are_told_by_name_and_then_by_place() -> None:
    whom = [PEER | {"org": "clinic"}, DOCTOR | {"org": "clinic"}, PEER | AWAY]
    assert ends([gives("p", *whom)], []) == [f"anybody as {each}" for each in ("doctor at clinic", "peer at away", "peer at clinic")]


def test_a_role_that_a_refusal_leaves_at_other_organisations_is_told_once() -> None:
    refused = refuses("d", PEER | AWAY)
    assert ends([refused, refuses("e", AWAY), gives("p", PEER, {"org": "clinic"})], [refused]) == [
        "clinic",
        "anybody else as peer at any other organisation",
    ]


def test_a_role_that_tells_of_other_organisations_does_not_hide_one_person_in_it() -> None:
    assert ends([gives("p", PEER), refuses("d", PEER | {"org": "clinic"}, apart_from=[SOL])], []) == [
        "sol as peer at clinic",
        "anybody else as peer at any other organisation",
    ]


def test_a_role_held_nobody_knows_where_does_not_hide_one_person_in_it() -> None:
    given, at_clinic = gives("p", PEER), PEER | {"org": "clinic"}
    assert ends([given], [given, refuses("d", at_clinic, apart_from=[at_clinic]), refuses("e", SOL)]) == [
        "sol as peer",
        "anybody else as peer of whom nobody knows where they hold that role",
    ]


def test_each_of_three_roles_at_one_place_is_told() -> None:
    given = gives("p", PEER, DOCTOR, {"role": "nurse"})
    assert ends([given], [given, refuses("d", AT_CLINIC)]) == [f"sol at clinic as {role}" for role in ("doctor", "nurse", "peer")]


def test_what_only_shows_in_a_record_of_no_known_category_is_told_of_that_person_and_that_place() -> None:
    old = [everything("p", SOL), gives("q", {"person": "dana"})]
    for refused, told in ((SOL, "sol"), ({"org": "clinic"}, "sol at clinic")):
        new = [old[0], refuses("d", refused, apart_from=[SOL])]
        assert told_of(plan(*old), plan(*new)) == [
            "Ends: the old version let dana see goals",
            f"Ends: the old version let {told} see records of no known category",
            "Stays: both let sol see goals",
            "Stays: both let sol see any other category",
        ]


def test_where_a_category_is_told_of_somebody_a_record_without_one_is_not() -> None:
    given = everything("p", SOL)
    assert ends([given], [given, refuses("d", AWAY, apart_from=[SOL]), refuses("e", AT_CLINIC)]) == ["sol at clinic"]


@pytest.mark.parametrize(("one", "other"), [("audit", "care"), ("care", "audit")])
def test_one_purpose_is_told_of_a_person_and_a_category(one: str, other: str) -> None:
    old, kept = everything("p", SOL, purposes=[one, other]), everything("p", SOL, purposes=[one])
    for_peers = everything("d", PEER, purposes=[one], polarity="deny")
    assert [(cell.purpose, cell.recipient.roles) for cell in signing(plan(old), plan(kept, for_peers)).lost] == [(other, ())]
    apart = paper(
        "d", polarity="deny", boxes=[box(categories=["goals"], purposes=[one], recipients=[SOL])], **{"except": [{"categories": ["goals"]}]}
    )
    refused = paper("e", polarity="deny", boxes=[box(categories=["goals"], purposes=[other], recipients=[SOL])])
    assert [(cell.purpose, cell.category) for cell in signing(plan(old), plan(old, apart, refused)).lost] == [(other, "goals")]


def test_whoever_gains_of_every_category_may_lose_at_one_place() -> None:
    old, refused = [everything("p", AT_CLINIC), everything("q", {"person": "dana"})], everything("e", {"org": "clinic"}, polarity="deny")
    assert told_of(plan(*old), plan(everything("p", SOL), refused)) == [
        "New: the new version lets sol see any category",
        "Ends: the old version let dana see any category",
        "Ends: the old version let sol at clinic see any category",
        "Nothing stays that anybody could see before",
    ]


def test_what_stays_elsewhere_is_told_beside_what_stays_at_that_place_for_a_role() -> None:
    given, at_clinic = gives("p", SOL), DOCTOR | {"org": "clinic"}
    assert told_of(plan(given), plan(given, refuses("d", AT_CLINIC, apart_from=[at_clinic]))) == [
        "Ends: the old version let sol at clinic see goals",
        "Stays: both let sol at any other organisation see goals",
        "Stays: both let sol at clinic as doctor at clinic see goals",
    ]


def test_a_way_everywhere_is_told_beside_a_place() -> None:
    given = gives("p", SOL)
    assert ends([given], [given, refuses("d", EXCHANGE, AT_CLINIC)]) == ["sol coming through exchange", "sol at clinic"]


def test_a_role_held_at_one_place_is_told_with_it() -> None:
    given = gives("p", SOL)
    assert ends([given], [given, refuses("d", PEER | {"org": "clinic"})]) == ["sol as peer at clinic"]


def test_what_stays_for_who_both_gains_and_loses_is_told() -> None:
    old, new = plan(gives("p", PEER | {"org": "clinic"}, AWAY)), plan(gives("q", DOCTOR, HIE))
    assert told_of(old, new) == [
        "New: the new version lets anybody else as doctor see goals",
        "New: the new version lets anybody else treating the client through hie see goals",
        "Ends: the old version let away see goals",
        "Ends: the old version let anybody else as peer at clinic see goals",
        "Stays: both let away as doctor see goals",
        "Stays: both let away treating the client through hie see goals",
        "Stays: both let anybody else as doctor and peer at clinic see goals",
        "Stays: both let anybody else at away treating the client through hie see goals",
    ]


def test_what_one_person_keeps_is_told_beside_what_others_gain_there() -> None:
    at_clinic = gives("p", AT_CLINIC)
    for new in ([at_clinic, gives("q", {"org": "clinic"})], [gives("q", {"org": "clinic"})]):
        assert told_of(plan(at_clinic), plan(*new)) == [
            "New: the new version lets clinic see goals",
            "Stays: both let sol at clinic see goals",
        ]
    peers, refused = gives("p", PEER), refuses("d", PEER, apart_from=[SOL])
    assert told_of(plan(peers, refused), plan(peers)) == [
        "New: the new version lets anybody else as peer see goals",
        "Stays: both let sol as peer see goals",
    ]
