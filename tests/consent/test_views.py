"""What is told of a decision: everything to staff, one constant to whoever was refused, and whether anybody may be known at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve

from recoverycore.consent import REFUSAL, Restriction, Rule
from tests.consent.law_papers import LAW, SOURCE, boom, broken
from tests.consent.papers import box, later, paper
from tests.consent.test_law import DENY, GOOD, SEALED, under

TWO = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "other"}]
REFUSALS: dict[str, dict[str, Any]] = {
    "no consent": {},
    "no": {"papers": [DENY]},
    "a bar": {"records": SEALED},
    "no purpose": {"purposes": []},
    "no record": {"records": []},
    "many records": {"records": TWO},
    "no profile": {"profiles": (LAW, "gone")},
    "an error": {"profiles": (broken(defects=boom),), "papers": [paper(**GOOD)]},
    "a restriction": {"restrictions": (Restriction("state"),), "papers": [paper(**GOOD)]},
    "another time": {"at": later(days=3)},
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_looks_the_same_to_whoever_asked(name: str) -> None:
    world = dict(REFUSALS[name])
    decision = under(*world.pop("papers", []), **world)
    assert decision.verdict == "deny"
    assert decision.requester_view == REFUSAL


def test_staff_see_why_and_each_reason_looks_different() -> None:
    views = [
        json.dumps(dict(under(*world.get("papers", []), **{k: v for k, v in world.items() if k != "papers"}).staff_view))
        for world in REFUSALS.values()
    ]
    assert len(set(views)) == len(views)


def test_of_a_part_only_what_is_released_is_told_unless_the_host_tells_more() -> None:
    part = under(paper(**GOOD), records=TWO)
    whole = under(paper(**GOOD), records=TWO[:1])
    assert part.verdict == "partial"
    assert part.requester_view == whole.requester_view == '{"released": ["r1"]}'
    assert json.loads(under(paper(**GOOD), records=TWO, policy={"tell_withheld": True}).requester_view)["withheld"] == ["r2"]


def test_telling_more_never_changes_a_refusal() -> None:
    assert under(policy={"tell_withheld": True}).requester_view == REFUSAL


def test_the_view_of_staff_holds_rules_failures_needs_citations_and_the_digest() -> None:
    view = under(paper(missing_elements=["date"]), DENY).staff_view
    assert view["rules"] == {"r1": ["directive:d1"]}
    assert view["defects"]["r1"]["g1"] == ["element:date", "no_expiration", "signer"]
    assert ["element:date", "element:expiration", "signature:client", "signature:witness", "withdraw:d1"] in view["needed"]
    assert len(view["inputs_digest"]) == 64
    assert under(purposes=["rescue"]).staff_view["citations"] == {"rule:fire": "Invented Act, s. 1"}


def test_the_view_of_staff_lists_whatever_decides() -> None:
    wide = paper(**GOOD, boxes=[box(purposes=["payment"])])
    both = under(paper("g0", **GOOD), wide, purposes=["treatment", "payment"])
    found = [each.staff_view["basis"] for each in (under(), under(paper(**GOOD)), both)]
    assert found == [[], ["g1"], ["g0", "g1"]]


def test_of_a_list_that_is_given_the_entries_are_told_and_nothing_else() -> None:
    rule = Rule(name="list", source=SOURCE, actions=frozenset({"accounting"}), with_records=False, entries=lambda _: ("2026-01-01",))
    given = under(records=[], action="accounting", profiles=(evolve(LAW, rules=(rule,)),))
    assert given.requester_view == '{"entries": ["2026-01-01"], "granted": true, "released": []}'


def test_staff_and_whoever_asked_get_pages_of_their_own() -> None:
    decision = under(paper(**GOOD))
    pages = (decision.to_html(), decision.to_requester_html())
    assert [each.startswith("<!doctype html>") for each in map(str.lower, pages)] == [True, True]
    assert ["g1" in each for each in pages] == [True, False]
    assert "g1" in decision._repr_mimebundle_()["text/plain"]


def test_existence_may_be_revealed_where_something_is_released_or_presence_would_be() -> None:
    assert under(paper(**GOOD)).may_reveal_existence
    assert not under().may_reveal_existence
    known = paper(**GOOD, boxes=[box(categories=["presence"])])
    assert under(known).verdict == "deny"
    assert under(known).may_reveal_existence
    assert not under(known, DENY).may_reveal_existence


def test_presence_at_a_place_whose_records_are_sensitive_is_as_sensitive() -> None:
    known = paper(**GOOD, boxes=[box(labels=["MH"], categories=["presence"])])
    assert under(known).may_reveal_existence
    assert not under(known, facts={"sources": {"harbor": ["SUD"]}}).may_reveal_existence


def test_the_digest_follows_the_inputs_and_not_their_order_or_offset() -> None:
    papers = [paper(**GOOD), {**paper(), "id": "g2"}]
    one = under(*papers, records=TWO, purposes=["treatment", "x"])
    other = under(*papers[::-1], records=TWO[::-1], purposes=["x", "TREAT"], at="2026-06-15T14:00:00+02:00")
    assert one == other
    assert one.inputs_digest == other.inputs_digest
    assert one.explanation == other.explanation
    changed = [
        under(papers[0]),
        under(*papers, at=later(seconds=1)),
        under(*papers, facts={"need_to_know": True}),
        under(*papers, profiles=()),
    ]
    assert len({each.inputs_digest for each in (one, *changed)}) == 5
