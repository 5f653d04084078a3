"""What would be needed: by cause, never a story, and really the least that turns a refusal into a permit."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.consent.law_papers import LAW
from tests.consent.papers import asking, box, later, paper
from tests.consent.test_law import DENY, GOOD, SEALED, under

UNKNOWN_END = {"expires": {"kind": "event", "value": "e"}, "signed_by": GOOD["signed_by"]}
LISTING: dict[str, Any] = {"records": [], "action": "accounting"}
TREE: dict[str, Any] = {"id": "t1", "format": "fhir-r5", "decision": "deny"}
PAYING = {**TREE, "provisions": [{"purpose": ["payment"]}]}


def denying(name: str, purpose: str, **axes: Any) -> dict[str, Any]:
    """A deny of one purpose."""
    return {"id": name, "polarity": "deny", "boxes": [box(purposes=[purpose], categories="*", **axes)]}


NARROWER = {**denying("d2", "payment"), "supersedes": ["d1"], **GOOD}
REFUSING = [denying("d1", "treatment"), denying("d2", "payment", recipients=[{"person": "lee"}])]
REFUSING.append({**TREE, "root": {"actor": ["lee"], "purpose": ["research"]}})


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
    "a purpose that no paper names": ([paper(**GOOD, boxes=[box(purposes="*")])], {"purposes": []}, {("request:purpose",)}),
    "a purpose that a tree names": ([{**PAYING, **GOOD}], {"purposes": []}, {("request:purpose",)}),
    "a purpose that only a refusal names": (
        [paper(**GOOD, boxes=[box(purposes="*")]), *REFUSING],
        {"purposes": []},
        {("request:purpose", "withdraw:d1")},
    ),
    "a purpose that the law gives": (
        [paper(boxes=[box(purposes=["care"])], status="inactive")],
        {"purposes": []},
        {("request:purpose",)},
    ),
    "a purpose for two papers of which one lacks something": (
        [paper(**GOOD), paper("g2", **GOOD, boxes=[box(categories=["lab"])], missing_elements=["date"])],
        {"purposes": [], "records": [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]},
        {("element:date", "request:purpose"), ("directive:specific", "request:purpose")},
    ),
    "a refusal within a tree that permits": (
        [paper(**GOOD), {**TREE, **GOOD, "decision": "permit", "provisions": [{"purpose": ["treatment"]}]}],
        {},
        {("withdraw:t1",)},
    ),
    "a tree that permits one record and denies another": (
        [paper(**GOOD, boxes=[box(categories=["lab"])]), {**TREE, **GOOD, "decision": "permit", "provisions": [{"category": ["lab"]}]}],
        {"records": [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]},
        {("withdraw:t1",)},
    ),
    "an element, and whether there is treatment": (
        [paper(**GOOD, boxes=[box(recipients=[{"designation": "treating", "via": "hie"}])], missing_elements=["date"])],
        {"recipient": {"id": "dana", "via": "hie"}},
        {("element:date", "fact:recipient.treating_relationship"), ("directive:specific",)},
    ),
    "a permit that lacks what a deny lacks too": (
        [paper(**GOOD, missing_elements=["date"]), DENY, {**NARROWER, "missing_elements": ["date"]}],
        {},
        {("element:date", "withdraw:d1"), ("directive:specific", "withdraw:d1")},
    ),
    "what cannot be put right on a paper": (
        [paper(**GOOD, missing_elements=["date"])],
        {"profiles": (evolve(LAW, defects=lambda read, _: tuple(f"wording:{each}" for each in read.missing_elements)),)},
        {("directive:specific",)},
    ),
    "a profile that is not there": ([], {"profiles": (LAW, "gone")}, {("directive:specific", "profile:gone")}),
    "two profiles that are not there": ([paper(**GOOD)], {"profiles": (LAW, "gone", "lost")}, {("profile:gone", "profile:lost")}),
    "a profile that is not there and no purpose": (
        [paper(**GOOD)],
        {"profiles": (LAW, "gone"), "purposes": []},
        {("profile:gone", "request:purpose")},
    ),
    "nothing asked for": ([], {"records": []}, set()),
    "a list of disclosures": ([], LISTING, {("directive:specific",)}),
    "a list of disclosures that is given": ([paper(**GOOD, boxes=[box(actions=["accounting"], categories="*")])], LISTING, set()),
    "several denies": ([paper(**GOOD), DENY, {**DENY, "id": "d2"}], {}, {("withdraw:d1", "withdraw:d2")}),
    "a deny for each purpose": (
        [paper(**GOOD, boxes=[box(purposes="*")]), denying("d1", "treatment"), denying("d2", "payment")],
        {"purposes": ["treatment", "payment"]},
        {("withdraw:d1", "withdraw:d2")},
    ),
    "two denies of which one cannot be read": (
        [paper(**GOOD), {**DENY, "status": "unprocessable"}, {**DENY, "id": "d2"}],
        {},
        {("withdraw:d1", "withdraw:d2"), ("repair:d1", "withdraw:d2")},
    ),
    "a deny until an event that has not happened": (
        [paper(**GOOD), {**DENY, "expires": {"kind": "event", "value": "e"}}],
        {"facts": {"events": {"e": None}}},
        {("withdraw:d1",)},
    ),
    "a permit until an event that has happened": (
        [paper(**UNKNOWN_END)],
        {"facts": {"events": {"e": "2026-06-01"}}},
        {("directive:specific",)},
    ),
    "a refusal as a tree": ([paper(**GOOD), {**TREE, "missing_elements": ["date"]}], {}, {("withdraw:t1",)}),
    "a tree that permits and lacks something": (
        [{**TREE, **GOOD, "missing_elements": ["date"], "provisions": [{"purpose": ["treatment"]}]}],
        {},
        {("element:date",), ("directive:specific",)},
    ),
    "a deny that lacks something and would narrow another": (
        [paper(**GOOD), DENY, {**NARROWER, "missing_elements": ["date"]}],
        {},
        {("withdraw:d1",)},
    ),
    "the second of two papers": (
        [paper("g0", **GOOD, boxes=[box(purposes=["payment"])]), paper(**GOOD, missing_elements=["date", "purpose"])],
        {},
        {("element:date", "element:purpose"), ("directive:specific",)},
    ),
    "an element and an end": (
        [paper(signed_by=GOOD["signed_by"], missing_elements=["date"])],
        {},
        {("element:date", "element:expiration"), ("directive:specific",)},
    ),
    "an end that was not written down of a paper that has ended": (
        [paper(signed_by=GOOD["signed_by"], missing_elements=["expiration"], expires={"kind": "date", "value": "2026-06-01"})],
        {},
        {("directive:specific",)},
    ),
    "labels under a bar": (
        [],
        {"records": [{"id": "r1", "category": "sealed", "labels": ["HIV"]}]},
        {("directive:unsealing",), ("directive:specific", "key")},
    ),
    "sealed and open": (
        [],
        {"records": [*SEALED, {"id": "r2", "category": "plan", "labels": ["HIV"]}]},
        {("directive:specific", "directive:unsealing"), ("directive:specific", "key")},
    ),
    "a copy that is passed on": ([], {"action": "redisclose"}, {("directive:specific",)}),
    "a discloser that nobody named": ([], {"discloser": None}, {("directive:specific",)}),
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


def test_of_more_changes_than_twelve_nothing_is_suggested() -> None:
    denies = [{**DENY, "id": f"d{number:02}"} for number in range(13)]
    assert needed(paper(**GOOD), *denies[:12]) == {tuple(f"withdraw:d{number:02}" for number in range(12))}
    assert needed(paper(**GOOD), *denies) == set()


def test_of_the_purposes_that_papers_name_twelve_are_tried() -> None:
    def with_purposes(number: int) -> set[tuple[str, ...]]:
        others = paper("g0", status="inactive", boxes=[box(purposes=[f"p{each:02}" for each in range(number)])])
        return needed(paper(**GOOD), others, purposes=[])

    assert with_purposes(11) == {("request:purpose",)}
    assert with_purposes(12) == {("directive:specific", "request:purpose")}


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
