"""What a tree does in a decision: which of its provisions decides, what is told of it, and how it stands beside other papers.

Longer than 300 lines, since the decisions about one tree are read beside each other.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from recoverycore.consent import (
    ClientFacts,
    ConsentBook,
    Decision,
    Facts,
    Request,
    TreeDirective,
    decide,
    ends_by_itself,
    lint_tree,
    read_directive,
    turning_points,
)
from recoverycore.consent.telling import telling
from recoverycore.consent.trees import ROOT
from recoverycore_us.part2 import PART2
from tests.consent.papers import AT, NOON, asking, box, later, paper

Json = dict[str, Any]
HIV = {"labels": ["HIV"]}


def tree(decision: str = "permit", *provisions: Json, **fields: Any) -> Json:
    """A tree in R4 with an empty root, unless `fields` say otherwise."""
    return {"id": "c1", "format": "fhir-r4", "decision": decision, "provisions": list(provisions), **fields}


def decided(*papers: Json, facts: Json | None = None, zone: str | None = "UTC", **asked: Any) -> Decision:
    """The decision on plain data, by the core alone."""
    request = Request.model_validate(asking(**asked))
    read = [read_directive(each) for each in papers]
    return decide(request, read, client=ClientFacts(zone=zone), facts=Facts.model_validate(facts or {}))


def labelled(*labels: str) -> list[Json]:
    return [{"id": "r1", "category": "plan", "labels": list(labels)}]


# -- which provision decides ----------------------------------------------------------------------------------------------
NESTED = tree("permit", {**HIV, "provisions": [{"purpose": ["treatment"], "provisions": [{"actor": ["kim"]}]}]}, {"purpose": ["marketing"]})


@pytest.mark.parametrize(
    ("asked", "verdict", "place"),
    [
        ({}, "permit", ROOT),
        ({"purposes": ["marketing"]}, "deny", "/provisions/1"),
        ({"records": labelled("HIV")}, "permit", ROOT),
        ({"records": labelled("HIV"), "purposes": ["payment"]}, "deny", "/provisions/0"),
        ({"records": labelled("HIV"), "recipient": {"id": "kim"}}, "deny", "/provisions/0"),
    ],
)
def test_the_explanation_names_the_provision_that_decides(asked: Json, verdict: str, place: str) -> None:
    decision = decided(NESTED, **asked)
    assert (decision.verdict, decision.basis) == (verdict, "c1")
    assert decision.provisions == {"r1": {"c1": (place,)}}
    assert decision.explanation.to_data()["provisions"] == {"r1": {"c1": [place]}}
    assert f"r1 {verdict}: directive:c1, at {place} of c1" in decision.explain()


def test_the_plain_words_of_a_decision_name_the_provision_too() -> None:
    [record] = telling(decided(NESTED, records=labelled("HIV"), purposes=["payment"])).records
    assert [each.words for each in record.because] == ["directive c1 denies it, by what stands at /provisions/0 in it"]


def test_of_several_purposes_each_place_that_decides_is_named() -> None:
    data = tree("deny", {"purpose": ["treatment"]}, {"purpose": ["payment"]})
    assert decided(data, purposes=["payment", "treatment"]).provisions == {"r1": {"c1": ("/provisions/0", "/provisions/1")}}
    assert decided(data, purposes=["payment", "research"]).provisions == {"r1": {"c1": (ROOT,)}}


def test_a_tree_that_does_not_decide_has_no_place_in_the_explanation() -> None:
    assert decided(tree(), paper("d1", polarity="deny", boxes=[{}])).provisions == {}
    assert decided(paper()).to_rows()[0]["provisions"] == {}


def test_what_a_restriction_refuses_no_provision_decides() -> None:
    from recoverycore.consent import Restriction

    decision = decide(Request.model_validate(asking()), [read_directive(tree())], restrictions=[Restriction("state")])
    assert (decision.verdict, decision.provisions) == ("deny", {})


def test_of_two_exceptions_that_fit_the_first_is_named() -> None:
    decision = decided(tree("permit", HIV, {"purpose": ["treatment"]}), records=labelled("HIV"))
    assert decision.provisions == {"r1": {"c1": ("/provisions/0",)}}


def test_each_of_several_trees_is_named_with_its_own_place() -> None:
    trees = [tree(root={"purpose": [each]}, id=f"for {each}") for each in ("payment", "treatment")]
    decision = decided(*trees, purposes=["payment", "treatment"])
    assert decision.provisions == {"r1": {"for payment": (ROOT,), "for treatment": (ROOT,)}}


def test_what_is_asked_about_no_record_is_reached_by_a_tree_that_names_no_class() -> None:
    listing = {"action": ["accounting"]}
    assert decided(tree(root=listing), records=[], action="accounting").permitted
    assert not decided(tree(root={**listing, "class": ["Claim"]}), records=[], action="accounting").permitted


def test_a_tree_that_permits_to_disclose_does_not_fail_on_the_action_of_passing_on() -> None:
    decision = decided(tree(root={"action": ["disclose"]}), action="redisclose")
    assert "action" not in decision.failed["r1"]["c1"]


# -- where a permit of a tree fails ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("root", "axes"),
    [
        ({"actor": ["kim"]}, ("recipient",)),
        ({"purpose": ["payment"], "labels": ["SUD"]}, ("purpose", "label")),
        ({"class": ["Claim"]}, ("category",)),
        ({"category": ["lab"], "code": ["1"]}, ("category",)),
        ({"action": ["use"]}, ("action",)),
        ({"period": {"start": later(hours=1)}}, ("not_started",)),
        ({"period": {"end": AT}}, ("ended",)),
        ({"data_period": {"start": "2026-01-01"}}, ("data_period",)),
        ({"expression": "x"}, ("expression",)),
        ({"unread": ["data"]}, ("expression",)),
        ({"x-weather": "rain"}, ("expression",)),
    ],
)
def test_the_root_of_a_permit_tells_on_which_axes_it_does_not_fit(root: Json, axes: tuple[str, ...]) -> None:
    decision = decided(tree(root=root), records=labelled("MH"))
    assert (decision.verdict, decision.basis) == ("deny", None)
    assert decision.failed == {"r1": {"c1": axes}}


def test_a_tree_whose_root_denies_has_not_failed_to_permit() -> None:
    assert decided(tree("deny", {"purpose": ["payment"]})).failed == {}


def test_a_permit_by_an_exception_fails_like_any_permit() -> None:
    gone = tree("deny", {"purpose": ["treatment"]}, revocations=[{"at": "2026-06-01"}])
    decision = decided(gone)
    assert (decision.basis, decision.failed) == (None, {"r1": {"c1": ("revoked",)}})


# -- unknown, by polarity -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "criterion", [{"expression": "x"}, {"unread": ["data"]}, {"x-weather": "rain"}, {"class": ["Claim"]}, {"code": ["1"]}]
)
def test_what_nobody_knows_fits_every_deny_and_no_permit(criterion: Json) -> None:
    assert decided(tree("permit", criterion)).basis == "c1"
    assert decided(tree("permit", criterion)).verdict == "deny"
    assert decided(tree("deny", criterion)).verdict == "deny"
    assert decided(tree("permit", root=criterion)).basis is None


def test_a_star_is_every_value_also_one_that_is_not_known() -> None:
    every = {"actor": "*", "purpose": "*", "labels": "*", "class": "*", "category": "*", "code": "*", "action": "*"}
    assert decided(tree(root=every)).permitted


# -- dates by polarity ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "verdict"), [("2026-06-15T09:59:59Z", "permit"), ("2026-06-15T10:00:00Z", "deny")])
def test_without_a_zone_an_exception_that_permits_gets_the_least_time(at: str, verdict: str) -> None:
    assert decided(tree("deny", {"period": {"end": "2026-06-15"}}), at=at, zone=None).verdict == verdict


@pytest.mark.parametrize(("at", "verdict"), [("2026-06-16T11:59:59Z", "deny"), ("2026-06-16T12:00:00Z", "permit")])
def test_without_a_zone_an_exception_that_denies_gets_the_most_time(at: str, verdict: str) -> None:
    assert decided(tree("permit", {"period": {"end": "2026-06-15"}}), at=at, zone=None).verdict == verdict


def test_the_end_of_a_tree_is_read_by_what_it_says_of_the_matter() -> None:
    ending = {"expires": {"kind": "date", "value": "2026-06-15"}}
    at = {"at": "2026-06-16T00:00:00Z", "zone": None}
    assert decided(tree("permit", HIV, **ending), **at).basis is None
    assert decided(tree("permit", HIV, **ending), records=labelled("HIV"), **at).basis == "c1"


# -- beside other papers --------------------------------------------------------------------------------------------------


def test_a_tree_needs_no_discloser_and_is_kept_to_one_that_it_names() -> None:
    assert decided(tree()).permitted
    assert decided(tree(discloser="harbor")).permitted
    assert decided(tree(discloser="elsewhere")).failed == {"r1": {"c1": ("discloser",)}}


def test_a_tree_may_supersede_and_be_superseded_by_what_it_says() -> None:
    assert decided(tree(supersedes=["d1"]), paper("d1", polarity="deny", boxes=[{}])).basis == "c1"
    assert decided(tree("deny"), paper(supersedes=["c1"])).basis == "g1"
    assert decided(tree("deny", supersedes=["g1"]), paper(supersedes=["c1"])).basis == "c1"


def test_what_would_be_needed_against_a_tree_that_denies_is_to_withdraw_or_repair_it() -> None:
    assert decided(paper(), tree("permit", {"purpose": ["treatment"]})).explanation.needed == (("withdraw:c1",),)
    assert decided(paper(), tree("deny", status="unprocessable")).explanation.needed == (("repair:c1",), ("withdraw:c1",))


def test_a_request_without_purpose_is_offered_those_that_a_tree_permits() -> None:
    assert decided(tree("deny", {"purpose": ["research"]}), purposes=[]).explanation.needed == (("request:purpose",),)


def test_a_tree_lacking_its_form_tells_what_would_mend_it() -> None:
    form = {"written": True, "signed_by": ["client"], "expires": {"kind": "date", "value": "2026-12-31"}, "missing_elements": ["purpose"]}
    request = Request.model_validate(asking(records=labelled("SUD")))
    decision = decide(request, [read_directive(tree(**form))], profiles=[PART2])
    assert decision.defects == {"r1": {"c1": ("element:purpose",)}}
    assert ("element:purpose",) in decision.explanation.needed


def test_a_form_for_notes_that_names_more_in_its_tree_is_void_for_notes() -> None:
    form = {"written": True, "signed_by": ["client"], "expires": {"kind": "date", "value": "2026-12-31"}, "form": "notes"}
    note = [{"id": "r1", "category": "counselling_note", "labels": ["SUD_NOTES"]}]
    for root, verdict in (({"labels": ["SUD_NOTES"]}, "permit"), ({"labels": ["SUD_NOTES", "MH"]}, "deny"), ({}, "deny")):
        request = Request.model_validate(asking(records=note))
        assert decide(request, [read_directive(tree(root=root, **form))], profiles=[PART2]).verdict == verdict


def test_no_copy_is_passed_on_under_a_tree() -> None:
    asked = {"action": "redisclose", "discloser": {"id": "lakeside"}}
    facts = {"held_copy": {"holder": "lakeside", "received_under": "c1"}}
    assert not decided(tree(discloser="harbor"), facts=facts, **asked).permitted
    assert decided(tree(discloser="lakeside"), facts=facts, **asked).permitted


def test_a_refusal_in_a_tree_follows_the_copies_of_what_it_binds() -> None:
    asked = {"action": "redisclose", "discloser": {"id": "lakeside"}}
    facts = {"held_copy": {"holder": "lakeside", "received_under": "g0"}}
    mine = paper(discloser="lakeside", boxes=[box(actions=["redisclose"])])
    assert decided(mine, tree("deny", discloser="harbor"), facts=facts, **asked).basis == "c1"


def test_a_tree_about_passing_on_alone_refuses_and_permits_just_that() -> None:
    by, of_copies = {"discloser": {"id": "lakeside"}}, {"action": ["redisclose"]}
    facts = {"held_copy": {"holder": "lakeside", "received_under": "g1"}}
    mine = paper(discloser="lakeside", boxes=[box(actions=["disclose", "redisclose"])])
    refused = tree("deny", root=of_copies, discloser="lakeside")
    assert decided(mine, refused, facts=facts, action="redisclose", **by).basis == "c1"
    assert decided(mine, refused, **by).basis == "g1"
    permitted = tree(root=of_copies, discloser="lakeside")
    assert decided(permitted, facts={"held_copy": {**facts["held_copy"], "received_under": "c1"}}, action="redisclose", **by).permitted
    assert not decided(permitted, **by).permitted


def test_an_exception_that_refuses_disclosing_refuses_passing_on_too() -> None:
    but = tree("permit", {"action": ["disclose"], "labels": ["HIV"]}, discloser="lakeside")
    asked = {"discloser": {"id": "lakeside"}, "action": "redisclose", "records": labelled("HIV")}
    facts = {"held_copy": {"holder": "lakeside", "received_under": "c1"}}
    assert decided(but, facts=facts, **{**asked, "records": labelled("MH")}).permitted
    assert not decided(but, facts=facts, **asked).permitted


def test_what_stands_below_a_permit_said_again_below_a_permit_is_not_heard_which_linting_tells() -> None:
    again = tree("permit", {"type": "permit", "provisions": [{"labels": ["HIV"]}]})
    assert decided(again, records=labelled("HIV")).permitted
    assert "repeats_parent" in {each.code for each in lint_tree(TreeDirective.model_validate(again))}


def test_order_changes_nothing_and_the_digest_tells_trees_apart() -> None:
    one, other = decided(paper(), tree()), decided(tree(), paper())
    assert (one, one.inputs_digest) == (other, other.inputs_digest)
    assert one.inputs_digest != decided(paper(), tree("permit", HIV)).inputs_digest


def test_a_tree_decides_the_same_after_a_round_trip() -> None:
    read = TreeDirective.model_validate(NESTED)
    again = json.loads(json.dumps(read.to_data()))
    assert decided(NESTED, records=labelled("HIV")) == decided(again, records=labelled("HIV"))


# -- time alone -----------------------------------------------------------------------------------------------------------


def test_a_book_tells_when_a_provision_begins_or_ends() -> None:
    held = TreeDirective.model_validate(tree("permit", {**HIV, "period": {"start": later(days=3), "end": later(days=5)}}))
    assert ConsentBook([held]).next_change(NOON) == datetime(2026, 6, 18, 12, tzinfo=UTC)
    assert turning_points([held], "UTC") == (datetime(2026, 6, 18, 12, tzinfo=UTC), datetime(2026, 6, 20, 12, tzinfo=UTC))


def test_a_tree_ends_by_itself_with_its_root() -> None:
    held = TreeDirective.model_validate(tree(root={"period": {"end": "2026-06-20"}}))
    assert ends_by_itself(held, "UTC", NOON) == datetime(2026, 6, 21, tzinfo=UTC)
    assert ends_by_itself(held.evolve(expires={"kind": "date", "value": date(2026, 6, 18)}), "UTC", NOON) == datetime(
        2026, 6, 19, tzinfo=UTC
    )


def test_a_book_takes_back_a_tree_like_any_paper() -> None:
    book = ConsentBook([TreeDirective.model_validate(tree())])
    request = Request.model_validate(asking())
    assert book.decide(request).permitted
    assert book.with_revocation("c1", NOON).decide(request).failed == {"r1": {"c1": ("revoked",)}}
