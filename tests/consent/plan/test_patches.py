"""Whatever a paper may say, axis by axis: a plan that holds it decides as the decision does, and finds what that permits."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ClassRow, ClientFacts, Directive, Profile, RecipientClass, Request
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.plan import compile_plan
from recoverycore.consent.plan.looking import Looking
from recoverycore.consent.plan.sheet import sheet_of
from tests.consent.papers import asking, box, paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.plan import Plan

Json = dict[str, Any]
ALL = box(labels="*", categories="*", purposes="*", recipients="*", actions="*")
WIDE = [paper("w1", discloser="harbor", boxes=[ALL]), paper("w2", boxes=[ALL])]
"""Everything, given by Harbor, who may pass copies on, and by everybody, who may not: for a refusal to take away from."""
HERE, THERE = {"role": "nurse", "org": "home"}, {"role": "nurse", "org": "away"}

SAID: dict[str, list[Any]] = {
    "labels": [[], ["SUD"], ["SUD", "HIV"], ["OPIOIDUD"]],
    "categories": [[], ["plan"], ["lab", "note"]],
    "purposes": [[], ["payment"], ["TREAT", "proceedings"], ["emergency_treatment"]],
    "actions": [[], "*", ["disclose"], ["use"], ["redisclose"], ["disclose", "use"]],
    "recipients": [
        [],
        [{"person": "dana"}, {"role": "porter"}],
        [{"person": "dana", "org": "away"}],
        [{"org": "away"}, {"role": "nurse"}],
        [THERE, {"role": "porter"}],
        [{"org": "away"}, "*"],
        [{"designation": "treating", "via": "hub"}],
        [{"class": "of nobody"}],
    ],
    "data_period": [{"start": "2026-02-01"}, {"end": "2026-02-01"}, {"start": "2026-02-01", "end": "2026-02-02"}],
}
ASKED: dict[str, list[Any]] = {
    "recipient": [
        {"id": "dana", "org": "away"},
        {"id": "dana", "org": "home", "roles": []},
        {"id": "away"},
        {"id": "eli", "org": "away"},
        {"id": "eli", "org": "home", "roles": [HERE]},
        {"id": "eli", "roles": [{"role": "nurse"}, {"role": "guest"}]},
        {"id": "eli", "roles": [{"role": "guest"}]},
        {"id": "eli", "roles": [{**THERE, "until": "2026-06-15"}]},
        {"id": "eli", "roles": [{**HERE, "until": "2026-06-14"}, {"role": "porter", "until": "2026-06-16"}]},
        *({"id": "eli", "roles": [], "kind": "covered_entity", "treating_relationship": known} for known in (True, False, None)),
        *({"id": "eli", "roles": [], "via": "hub", "treating_relationship": known} for known in (True, False, None)),
        {"id": "eli", "roles": [], "via": "other", "kind": "health_plan", "treating_relationship": True},
    ],
    "purposes": [["payment"], ["emergency_treatment"], ["proceedings"], ["other"], ["treatment", "payment"]],
    "action": ["use", "disclose", "access"],
    "discloser": [{"id": "elsewhere"}, None],
    "records": [
        *([{"id": "r1", "category": "plan", "labels": labels}] for labels in (["SUD"], ["HIV"], ["SUD", "HIV"], ["OPIOIDUD"], ["OTHER"])),
        *([{"id": "r1", **category}] for category in ({}, {"category": "lab"}, {"category": "other"})),
        *([{"id": "r1", "category": "plan", "date": f"2026-{day}"}] for day in ("01-31", "02-01", "02-02", "02-03")),
    ],
}

SHOWN: list[Json] = [
    {"abuser_signed": True},
    {"status": "inactive"},
    {"status": "unprocessable", "boxes": []},
    {"starts": "2026-06-16"},
    {"expires": {"kind": "date", "value": "2026-06-14"}},
]


def requests() -> Iterator[Request]:
    """Dana asks, and then somebody asks for something else, one thing other at a time; the same of a copy that would be passed on."""
    for action in ("disclose", "redisclose"):
        yield Request.model_validate(asking(action=action))
        for name, values in ASKED.items():
            for value in values:
                yield Request.model_validate(asking(**{"action": action, name: value}))


REQUESTS = list(requests())


def said() -> Iterator[list[Json]]:
    """Papers that say one thing, given or refused, or take it away again from what they say."""
    for polarity, discloser, beside in (("permit", "harbor", []), ("deny", "*", WIDE)):
        one = partial(paper, polarity=polarity, discloser=discloser, boxes=[ALL])
        for axis, values in SAID.items():
            for value in values:
                yield [*beside, one(boxes=[{**ALL, axis: value}])]
                yield [*beside, one(**{"except": [{axis: value}]})]
        for fields in (*({"discloser": name} for name in ("*", "elsewhere", None)), *SHOWN):
            yield [*beside, one(**fields)]


def plan(papers: list[Json], *laws: Profile) -> Plan:
    return compile_plan([Directive.model_validate(each) for each in papers], laws, ClientFacts(zone="UTC"))


@pytest.mark.parametrize("papers", list(said()))
def test_a_plan_decides_as_the_decision_does_whatever_a_paper_says(papers: list[Json]) -> None:
    made = plan(papers)
    for each in REQUESTS:
        here, there = made.decide(each), decide_compiled(made.consents, each, made.facts)
        assert here == there
        assert here.failed == there.failed


def test_a_category_that_is_called_as_an_action_is_none() -> None:
    made = plan([paper(boxes=[box(categories=["disclose"])])])
    asked = [Request.model_validate(asking(records=[{"id": "r1", "category": each}])) for each in ("disclose", "redisclose")]
    assert made.permits_all(asked) == [True, False]


def questions(request: Request) -> Iterator[Json]:
    """Questions to which the request is an answer."""
    [record] = request.records
    yield {"recipient": request.recipient.id, "purpose": request.purposes, "action": request.action}
    if request.discloser is not None and record.category is not None:
        yield {"discloser": request.discloser.id, "category": record.category, "action": request.action}
    if record.labels:
        yield {"label": record.labels, "recipient": request.recipient.org or request.recipient.id}


@pytest.mark.parametrize("papers", list(said()))
def test_what_a_paper_lets_happen_is_found_by_every_question_about_it(papers: list[Json]) -> None:
    made = plan(papers)
    given = [each for each in REQUESTS if each.discloser is not None and made.prepare(each).permits()]
    assert not given or not made.always_denied().holds
    for where in {str(where): where for each in given for where in questions(each)}.values():
        assert not made.never(where).holds


# -- classes, which laws define -------------------------------------------------------------------------------------------------
def law(name: str, *rows: ClassRow) -> Profile:
    """A law that says nothing but who the helpers are."""
    return Profile(id=name, version="1", classes=(RecipientClass("helpers", rows),))


FIRST = law("first", ClassRow(("TREAT",), frozenset({"nurse", "friend"}), "known"), ClassRow(("payment",), frozenset({"payer"})))
SECOND = law("second", ClassRow(("treatment", "payment"), frozenset({"nurse", "payer"}), "not_denied"))
HELPERS = box(recipients=[{"class": "helpers"}], purposes="*")


@pytest.mark.parametrize("laws", [(FIRST,), (SECOND,), (FIRST, SECOND), (law("third"),), (FIRST, law("third"))])
@pytest.mark.parametrize("papers", [[paper(boxes=[HELPERS])], [*WIDE, paper(polarity="deny", boxes=[HELPERS])]])
def test_the_patches_of_a_class_hold_whom_the_decision_finds_in_it(papers: list[Json], laws: tuple[Profile, ...]) -> None:
    made = plan(papers, *laws)
    sheet = sheet_of((made,))
    looking = Looking(sheet.tables, made.setting, made.facts)
    place = [each.id for each in made.consents.papers].index("g1")
    kinds, purposes = (None, "nurse", "friend", "payer"), ("emergency_treatment", "payment", "research")
    for kind, treating, purpose in product(kinds, (None, True, False), purposes):
        whom = {"id": "eli", "kind": kind, "treating_relationship": treating}
        asked = Request.model_validate(asking(recipient=whom, purposes=[purpose]))
        [mask] = looking.masks(asked, asked.records[0])
        held = bool(sheet.covering(mask & sheet.tables.when(asked.at)) & sheet.books[0].papers[place])
        assert held is (made.decide(asked).basis == "g1")
