"""Who is told what a signature changes: each person at each place, each holder of a role, each way in; held against a plain count."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Directive, Discloser, Recipient, RoleHeld
from recoverycore.consent.plan import Cell, signing
from recoverycore.ground import parse_instant
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.test_comparing import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.plan import Plan

Json = dict[str, Any]
PEOPLE, PLACES, KINDS, DISCLOSERS = ("dana", "kim", "sol"), ("away", "clinic"), ("goals", "notes"), ("harbor", "lakeview")
SELECTORS: list[Any] = [
    *({"person": who} for who in PEOPLE),
    *({"person": who, "org": place} for who in PEOPLE for place in PLACES),
    *({"org": place} for place in PLACES),
    {"role": "peer"},
    {"role": "peer", "org": "clinic"},
    "*",
]
ANYBODY, ELSEWHERE = {"(anybody)", "(anybody else)"}, {"(any organisation)", "(any other organisation)"}
DAYS = ("2026-02-01T00:00:00Z", "2026-06-15T12:00:00Z")


def drawn_paper(random: Random, name: str, disclosers: tuple[str, ...]) -> Json:
    def some(values: Any, most: int) -> list[Any]:
        return random.sample(values, random.randint(1, most))

    def one(**more: Any) -> Json:
        whom = some(SELECTORS[:-1], 2) if random.random() < 0.9 else "*"
        return {"categories": some(KINDS, 2), "recipients": whom, **more}

    made = paper(
        name,
        polarity=random.choice(["permit", "permit", "permit", "deny"]),
        discloser=random.choice(disclosers),
        boxes=[one(labels="*", purposes=["care"]) for _ in range(random.choice([1, 1, 2]))],
    )
    return made | ({"except": [one()]} if random.random() < 0.25 else {}) | ({"starts": "2026-03-01"} if random.random() < 0.25 else {})


def drawn_books(seed: int, number: int) -> Iterator[tuple[Plan, Plan]]:
    """Pairs of small books in which people are named at organisations; in half of them two release."""
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    for turn in range(number):
        disclosers = DISCLOSERS if turn % 2 else ("*",)
        old, new = ([drawn_paper(random, f"g{place}", disclosers) for place in range(random.randint(1, 3))] for _ in "ab")
        kept = old[: random.randint(0, len(old))]
        yield plan(*old), plan(*({each["id"]: each for each in new} | {each["id"]: each for each in kept}).values())


def cells() -> Iterator[Cell]:
    """Every named person and organisation, at every place, at one that nobody names, and nobody knows where, as peer or not."""
    roles = ((), (RoleHeld(role="peer", org="clinic"),), (RoleHeld(role="peer", org="home"),))
    for who, place, held, kind, discloser, at in product((*PEOPLE, *PLACES), (None, *PLACES, "home"), roles, KINDS, DISCLOSERS, DAYS):
        yield Cell(
            discloser=Discloser(id=discloser),
            recipient=Recipient(id=who, org=place, roles=held),
            purpose="care",
            action="disclose",
            labels=(),
            category=kind,
            at=parse_instant(at),
        )


def named(*plans: Plan) -> set[str]:
    """Whom the papers name by an id of their own."""
    papers = [each for one in plans for each in one.directives if isinstance(each, Directive)]
    listed = [each.recipients or () for given in papers for each in (*given.boxes, *given.except_)]
    selectors = [each for given in listed for each in given if not isinstance(each, str) and each.role is None]
    return {str(each.person or each.org) for each in selectors}


def told(cell: Cell, lines: tuple[Cell, ...], others: tuple[Cell, ...], names: set[str]) -> bool:
    """Whether a line tells of this person here, of this person, of this place or of this role, with the category, from whoever releases.

    Whom the papers do not name is anybody else; where no line at all tells of them is elsewhere. Whoever may be at any place, as nobody
    knows where, finds it in what is told of one.
    """
    who, held = cell.recipient, {each.org for each in cell.recipient.roles or ()}
    known = {None, *held, *(ELSEWHERE if "home" in held else ())}

    def fits(line: Cell) -> bool:
        roles = line.recipient.roles or ()
        as_this = line.recipient.id == who.id or (line.recipient.id in ANYBODY and (bool(roles) or who.id not in names))
        return as_this and (bool(held) or not roles) and all(each.org in known for each in roles) and of_it(line)

    def of_it(line: Cell) -> bool:
        return line.category == cell.category and line.discloser.id in (cell.discloser.id, "(any discloser)")

    told_at = {line.recipient.org for line in lines + others if fits(line)}
    at = {None, who.org} | (ELSEWHERE if who.org not in told_at else set()) | (told_at if who.org is None else set())
    here = any(line.recipient.id == who.org and line.recipient.org is None and not line.recipient.roles and of_it(line) for line in lines)
    return here or any(line.recipient.org in at and fits(line) for line in lines)


def everything_is_told(old: Plan, new: Plan) -> None:
    found, names = signing(old, new), named(old, new)
    told_apart = {(False, True): found.gained, (True, False): found.lost, (True, True): found.stays}
    for answers, lines in told_apart.items():
        assert all((old.permits(line), new.permits(line)) == answers for line in lines)
    every = found.gained + found.lost + found.stays
    for cell in cells():
        answers = (old.permits(cell), new.permits(cell))
        lines = told_apart.get(answers, ())
        if answers == (True, True):  # what is told as new for one and as ended for another may stay for who is both
            lines += found.gained + found.lost
        assert answers == (False, False) or told(cell, lines, every, names)


def test_every_change_for_a_named_person_at_a_named_place_is_told_in_some_line() -> None:
    for old, new in drawn_books(20260901, 20):
        everything_is_told(old, new)


@pytest.mark.prove
def test_every_change_for_a_named_person_at_a_named_place_is_told_in_very_many_books() -> None:
    for old, new in drawn_books(20260902, 300):
        everything_is_told(old, new)


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
