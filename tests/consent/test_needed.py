"""What would be needed: by cause, never a story, and really the least that turns a refusal into a permit."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consent.law_papers import LAW
from tests.consent.papers import asking, box, later, paper
from tests.consent.test_law import DENY, GOOD, SEALED, under

UNKNOWN_END = {"expires": {"kind": "event", "value": "e"}, "signed_by": GOOD["signed_by"]}


def needed(*papers: Any, **world: Any) -> set[tuple[str, ...]]:
    return set(under(*papers, **world).explanation.needed)


CASES: dict[str, tuple[list[Any], dict[str, Any], set[tuple[str, ...]]]] = {
    "nothing reaches": ([], {}, {("directive:specific",)}),
    "under a bar": ([], {"records": SEALED}, {("directive:unsealing",), ("directive:specific", "key")}),
    "an element": ([paper(**GOOD, missing_elements=["date"])], {}, {("element:date",), ("directive:specific",)}),
    "no end": ([paper(signed_by=["client", "witness"])], {}, {("element:expiration",), ("directive:specific",)}),
    "two signatures": ([paper(expires=GOOD["expires"])], {}, {("signature:client", "signature:witness"), ("directive:specific",)}),
    "an event": ([paper(**UNKNOWN_END)], {}, {("fact:events.e",), ("directive:specific",)}),
    "a deny": ([paper(**GOOD), DENY], {}, {("withdraw:d1",)}),
    "a deny and nothing else": ([DENY], {}, {("directive:specific", "withdraw:d1")}),
    "an unreadable deny": ([paper(**GOOD), {**DENY, "status": "unprocessable"}], {}, {("withdraw:d1",), ("repair:d1",)}),
    "a deny until an event": (
        [paper(**GOOD), {**DENY, "expires": {"kind": "event", "value": "e"}}],
        {},
        {("withdraw:d1",), ("fact:events.e",)},
    ),
    "no purpose": ([paper(**GOOD)], {"purposes": []}, {("request:purpose",)}),
    "a purpose too many": ([paper(**GOOD)], {"purposes": ["treatment", "x"]}, {("request:purpose",), ("directive:specific",)}),
    "a profile that is not there": ([], {"profiles": (LAW, "gone")}, {("directive:specific", "profile:gone")}),
    "nothing asked for": ([], {"records": []}, set()),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_needed_follows_the_cause(name: str) -> None:
    papers, world, alternatives = CASES[name]
    assert needed(*papers, **world) == alternatives


def test_treating_is_asked_about_where_nobody_knows() -> None:
    helped = paper(**GOOD, boxes=[box(recipients=[{"designation": "treating", "via": "hie"}])])
    who = {"id": "dana", "via": "hie"}
    assert ("fact:recipient.treating_relationship",) in needed(helped, recipient=who)
    assert ("fact:recipient.treating_relationship",) not in needed(helped, recipient={**who, "treating_relationship": False})


def test_a_permit_needs_nothing() -> None:
    assert needed(paper(**GOOD)) == set()


def test_of_a_mixed_bundle_only_what_was_withheld_is_asked_for() -> None:
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "other"}]
    assert needed(paper(**GOOD), records=records) == {("directive:specific",)}


PAPERS = st.lists(
    st.builds(
        lambda polarity, **fields: {**(paper(**GOOD) if polarity == "permit" else DENY), **fields},
        st.sampled_from(["permit", "permit", "deny"]),
        status=st.sampled_from(["active", "active", "unprocessable"]),
        missing_elements=st.sampled_from([[], ["date"], ["date", "purpose"]]),
        signed_by=st.sampled_from([["client", "witness"], ["client"], []]),
        revocations=st.sampled_from([[], [], [{"at": later(hours=-1), "written": True}]]),
    ),
    max_size=4,
).map(lambda made: [{**each, "id": f"p{number}"} for number, each in enumerate(made)])


@settings(max_examples=150, deadline=None)
@given(
    papers=PAPERS, purposes=st.sampled_from([["treatment"], ["treatment", "x"], []]), records=st.sampled_from([asking()["records"], SEALED])
)
def test_no_alternative_is_more_than_another_and_none_tells_a_story(papers: Any, purposes: Any, records: Any) -> None:
    found = needed(*papers, purposes=purposes, records=records)
    assert not any(set(one) < set(other) for one, other in combinations(found, 2))
    told = {code.partition(":")[0] for each in found for code in each}
    assert told <= {"directive", "element", "signature", "withdraw", "repair", "request", "key"}


def changed(world: dict[str, Any], codes: Any) -> dict[str, Any]:
    """The world with the changes that `codes` name, made on the one permit there is."""
    papers = {each["id"]: dict(each) for each in world["papers"]}
    purposes = world["purposes"]
    for code in codes:
        kind, _, what = code.partition(":")
        if kind in ("withdraw", "repair"):
            del papers[what]
        elif kind == "signature":
            papers["g1"]["signed_by"] = [*papers["g1"]["signed_by"], what]
        elif code == "element:expiration":
            papers["g1"]["expires"] = GOOD["expires"]
        elif kind == "element":
            papers["g1"]["missing_elements"] = [each for each in papers["g1"]["missing_elements"] if each != what]
        elif kind == "directive":
            papers["new"] = {**paper(**GOOD, boxes=[box(categories="*", purposes="*")]), "id": "new"}
        else:
            assert code == "request:purpose"
            purposes = ["treatment"]
    return {"papers": list(papers.values()), "purposes": purposes}


WORLDS = st.fixed_dictionaries(
    {
        "papers": st.builds(
            lambda permit, denies: [permit, *({**each, "id": f"d{number}"} for number, each in enumerate(denies))],
            st.builds(
                paper,
                signed_by=st.sampled_from([["client", "witness"], ["client"], []]),
                missing_elements=st.sampled_from([[], ["date"], ["date", "purpose"]]),
                expires=st.sampled_from([GOOD["expires"], {"kind": "none"}]),
                boxes=st.sampled_from([[box()], [box(categories=["other"])]]),
            ),
            st.lists(st.sampled_from([DENY, {**DENY, "status": "unprocessable"}]), max_size=2),
        ),
        "purposes": st.sampled_from([["treatment"], ["treatment", "x"], []]),
    }
)


@settings(max_examples=150, deadline=None)
@given(world=WORLDS)
def test_each_alternative_really_permits_and_no_part_of_it_does(world: dict[str, Any]) -> None:
    def permitted(codes: Any) -> bool:
        made = changed(world, codes)
        verdict: bool = under(*made["papers"], purposes=made["purposes"]).permitted
        return verdict

    decision = under(*world["papers"], purposes=world["purposes"])
    assert decision.permitted or decision.explanation.needed
    for each in decision.explanation.needed:
        assert permitted(each)
        assert not any(permitted(part) for size in range(len(each)) for part in combinations(each, size))
