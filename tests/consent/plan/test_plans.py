"""A plan by itself and beside another: what it is read with, and what a list of requests is answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from recoverycore.consent import ClientFacts, Directive, Discloser, Facts, Profile, Request, Restriction, decide
from recoverycore.consent.plan import Plan, compare, compile_plan
from tests.consent.law_papers import LAW
from tests.consent.papers import AT, NOON, asking, box, paper
from tests.consent.plan.test_comparing import tree
from tests.suite.judge_consent import PROFILES

SEALED = paper("d1", polarity="deny", boxes=[box(labels=["HIV"])])
OTHERS: list[dict[str, Any]] = [
    {"client": ClientFacts(zone="UTC", minor=True)},
    {"profiles": [LAW, PROFILES["us.hipaa"]]},
    {"profiles": [LAW, Profile(id="more", version="1")]},
    {"profiles": [LAW, "us.nowhere"]},
    {"policy": {"tell_withheld": True}},
    {"facts": Facts(lawful_basis="9(2)(h)")},
    {"facts": Facts(representative=None)},
]


def plan(*papers: dict[str, Any], **given: Any) -> Plan:
    return compile_plan([Directive.model_validate(each) for each in papers], **{"client": ClientFacts(zone="UTC"), **given})


def test_plans_of_other_papers_are_read_alike_where_all_else_is_equal() -> None:
    assert plan(paper(), profiles=[LAW]).reads_like(plan(SEALED, profiles=[LAW]))
    made = plan(paper())
    assert made.reads_like(made.without("g1"))


@pytest.mark.parametrize("other", OTHERS, ids=lambda given: next(iter(given)))
def test_plans_are_not_read_alike_where_client_profiles_policy_or_facts_differ(other: dict[str, Any]) -> None:
    one, another = plan(paper(), profiles=[LAW]), plan(paper(), **{"profiles": [LAW], **other})
    assert not one.reads_like(another)
    assert not another.reads_like(one)


def test_a_permission_of_law_that_one_plan_alone_has_is_a_difference() -> None:
    hipaa = PROFILES["us.hipaa"]
    assert compare(plan(profiles=[hipaa]), plan(profiles=[hipaa, "us.nowhere"])).verdict == "narrower"
    assert compare(plan(), plan(profiles=[hipaa])).verdict == "wider"


def test_more_than_boxes_decides_where_there_is_a_law_or_a_tree() -> None:
    assert not plan(paper()).decided
    assert plan(paper(), profiles=[LAW]).decided
    assert compile_plan([Directive.model_validate(paper()), tree()]).decided


def test_a_source_brings_its_labels_along_where_its_own_programme_releases() -> None:
    made = plan(facts=Facts(sources={"lab": ("HIV",)}))
    assert made.labels_from("lab", None) == {"HIV"}
    assert made.labels_from("harbor", Discloser(id="harbor", kind="part2_program")) == {"SUD"}
    assert made.labels_from("harbor", Discloser(id="harbor")) == frozenset()


def test_a_paper_is_thought_revoked_in_writing_also_where_a_law_wants_that() -> None:
    law = Profile(id="law", version="1", wants_writing=True)
    assert plan(paper(), SEALED, profiles=[law]).what_if_revoked("d1", NOON).gained is not None


def test_a_restriction_is_kept_however_it_is_handed_over() -> None:
    asked = Request.model_validate(asking())
    for narrowed in ([Restriction("strict")], (each for each in [Restriction("strict")])):
        assert plan(paper()).decide(asked, narrowed).verdict == "deny"


# -- requests that are asked again -------------------------------------------------------------------------------------------------
PLAN, LAB = {"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}
DAYS = {"starts": "2026-06-15", "expires": {"kind": "date", "value": "2026-06-15"}}
BOTH = box(categories=["plan", "lab"], recipients="*")
NURSE = {"id": "eli", "roles": [{"role": "nurse", "until": "2026-06-15"}]}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"records": [PLAN, LAB]},
        {"purposes": ["treatment", "payment"]},
        {"records": []},
        {"purposes": []},
        {"recipient": NURSE},
        {"recipient": NURSE, "records": [PLAN, LAB]},
        {"action": "redisclose"},
    ],
)
@pytest.mark.parametrize(
    "papers",
    [
        [paper(boxes=[BOTH], **DAYS)],
        [paper(boxes=[box(categories="*", recipients=[{"role": "nurse"}], purposes=["tpo"])], **DAYS)],
        [paper(boxes=[BOTH]), paper("d1", polarity="deny", boxes=[box(categories=["lab"], recipients=[{"role": "nurse"}])], **DAYS)],
        [],
    ],
)
@pytest.mark.parametrize("profiles", [(), (LAW,)])
def test_whatever_was_prepared_is_answered_at_any_instant_as_the_decision_does(papers: Any, fields: Any, profiles: Any) -> None:
    made = plan(*papers, profiles=profiles)
    asked = Request.model_validate(asking(**fields))
    prepared = made.prepare(asked)
    for at in (None, NOON, NOON + timedelta(days=1), NOON - timedelta(days=1)):
        there = decide(asked.evolve(at=at or NOON), made.directives, profiles=profiles, client=made.setting.client)
        assert prepared.permits(at) is there.permitted
        assert prepared.basis(at) == there.basis
        assert prepared.decide(at) == there
        assert prepared.failed(at) == there.failed


def test_where_a_prepared_request_is_asked_at_its_own_instant_nothing_is_prepared_anew() -> None:
    prepared = plan(paper()).prepare(Request.model_validate(asking(at=AT)))
    assert prepared.decide(NOON).case is not None
    assert prepared.decide(NOON).case.request is prepared.request
