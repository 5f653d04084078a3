"""How findings become a decision: verdict, basis, what else would have done, what is owed, what is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from recoverycore.consent import ClientFacts, Decision, Directive, Duty, Facts, Obligation, Request, Restriction, decide
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.judging import Judge
from recoverycore.consent.matter import Setting
from recoverycore.errors import DocumentError
from tests.consent.papers import NOON, PROFILE, asking, box, decided, later, paper

TWO = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]
DENY = {"id": "d1", "polarity": "deny", "boxes": [box()]}


def _restricted(papers: list[dict[str, Any]], *restrictions: Restriction, records: Any = TWO) -> Any:
    request = Request.model_validate(asking(records=records))
    return decide(request, [Directive.model_validate(each) for each in papers], restrictions=restrictions)


def test_nothing_is_released_by_default() -> None:
    decision = decided([])
    assert (decision.verdict, decision.basis, decision.rules["r1"], decision.obligations) == ("deny", None, ("default",), frozenset())


def test_a_permit_is_the_basis_and_asks_for_a_log_entry_after() -> None:
    decision = decided([paper()])
    assert (decision.verdict, decision.basis, decision.rules["r1"]) == ("permit", "g1", ("directive:g1",))
    assert decision.obligations == {Obligation("after", "log_disclosure")}


def test_a_live_deny_beats_a_permit_and_is_the_basis() -> None:
    decision = decided([paper(), DENY])
    assert (decision.verdict, decision.basis, decision.rules["r1"]) == ("deny", "d1", ("directive:d1",))


def test_what_is_released_beside_what_is_withheld_is_partial_and_is_redacted_before() -> None:
    decision = decided([paper()], asking(records=TWO))
    assert (decision.verdict, decision.released, decision.withheld, decision.permitted) == ("partial", ("r1",), ("r2",), False)
    assert Obligation("before", "redact") in decision.obligations
    assert decision.basis == "g1"


def test_the_basis_of_a_partial_release_is_that_of_the_released_records() -> None:
    decision = decided([paper(), {**DENY, "boxes": [box(categories=["lab"])]}], asking(records=TWO))
    assert (decision.basis, decision.rules["r2"]) == ("g1", ("directive:d1",))


def test_different_purposes_may_rest_on_different_papers() -> None:
    papers = [paper("g2"), paper("g1", boxes=[box(purposes=["payment"])])]
    decision = decided(papers, asking(purposes=["treatment", "payment"]))
    assert (decision.verdict, decision.basis) == ("permit", ("g1", "g2"))
    assert decision.failed == {"r1": {"g1": ("purpose",), "g2": ("purpose",)}}


def test_a_purpose_that_is_not_permitted_sinks_the_record() -> None:
    decision = decided([paper()], asking(purposes=["treatment", "research"]))
    assert (decision.verdict, decision.basis, decision.failed["r1"]["g1"]) == ("deny", None, ("purpose",))


def test_of_several_papers_the_one_signed_first_decides_and_the_others_are_told() -> None:
    papers = [paper("a", signed_on="2026-02-01"), paper("b", signed_on="2026-01-01"), paper("c", signed_on="2026-01-01"), paper("0")]
    decision = decided(papers)
    assert (decision.basis, decision.also) == ("b", ("0", "a", "c"))


def test_without_a_purpose_everything_is_denied_and_nothing_fails_to_load() -> None:
    decision = decided([paper(boxes=[box(purposes="*")])], asking(purposes=[]))
    assert (decision.verdict, decision.rules["r1"], decision.basis) == ("deny", ("purpose_missing",), None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "nothing_requested"),
        ({"action": "use"}, "nothing_requested"),
        ({"action": "redisclose"}, "nothing_requested"),
        ({"purposes": []}, "purpose_missing"),
        ({"action": "accounting"}, "default"),
    ],
)
def test_without_a_record_everything_is_denied(fields: dict[str, Any], why: str) -> None:
    decision = decided([paper()], asking(records=[], **fields))
    assert (decision.verdict, decision.refused, decision.explain().splitlines()[0]) == ("deny", why, f"deny: {why}")


def test_use_and_the_clients_own_access_are_logged_as_access() -> None:
    used = decided([paper(boxes=[box(actions=["use"])])], asking(action="use"))
    own = decided([paper()], asking(recipient={"id": "dana", "kind": "client"}))
    assert used.codes == own.codes == {"log_access"}


def test_a_release_beside_a_revoked_paper_that_would_cover_it_is_pointed_out() -> None:
    revoked = paper("old", revocations=[{"at": later(hours=-1)}])
    assert decided([paper(), revoked]).codes == {"log_disclosure", "warn_overlapping_grant"}
    elsewhere = {**revoked, "boxes": [box(categories=["lab"])]}
    assert decided([paper(), elsewhere]).codes == {"log_disclosure"}
    assert decided([revoked]).codes == set()


def test_a_claim_of_breaking_the_glass_releases_nothing_and_alerts() -> None:
    claimed = asking(purposes=["treatment", "BTG"])
    refused = decided([paper()], claimed)
    assert refused.verdict == "deny"
    assert refused.codes == {"alert_privacy_officer"}
    assert decided([paper()], asking(purposes=["break_glass"], records=[])).codes == {"alert_privacy_officer"}
    named = paper(boxes=[box(purposes=["treatment", "break_glass"])])
    assert decided([named], claimed).codes == {"log_disclosure", "post_review"}


def test_a_notice_goes_along_with_a_label_and_those_below_it() -> None:
    notice = Obligation("with", "no_onward_sharing")
    labelled = {"id": "r1", "category": "plan", "labels": ["OPIOIDUD"]}
    plain = {"id": "r2", "category": "plan"}
    assert notice in decided([paper()], asking(records=[labelled, plain]), profile=PROFILE).obligations
    assert notice not in decided([paper()], asking(records=[plain]), profile=PROFILE).obligations
    withheld = {**labelled, "category": "lab"}
    assert notice not in decided([paper()], asking(records=[withheld, plain]), profile=PROFILE).obligations


def test_a_restriction_denies_what_it_names_and_leaves_no_basis() -> None:
    papers = [paper(boxes=[box(categories="*")])]
    part = _restricted(papers, Restriction("state", records=frozenset({"r2"})))
    assert (part.verdict, part.withheld, part.basis, part.rules["r2"]) == ("partial", ("r2",), "g1", ("restrictor:state",))
    whole = _restricted(papers, Restriction("state"))
    assert (whole.verdict, whole.basis, whole.codes) == ("deny", None, set())


def test_a_restriction_beside_a_deny_changes_nothing() -> None:
    assert _restricted([paper(), DENY], Restriction("state")) == _restricted([paper(), DENY])


@pytest.mark.parametrize("answer", ["error", "perhaps", ""])
def test_an_answer_that_is_none_denies_and_is_reported(answer: str) -> None:
    decision = _restricted([paper(boxes=[box(categories="*")])], Restriction("state", answer))
    assert (decision.verdict, decision.codes) == ("deny", {"report_plugin_error"})


def test_an_answer_that_is_none_denies_more_than_the_records_it_lists() -> None:
    decision = _restricted([paper(boxes=[box(categories="*")])], Restriction("state", "perhaps", frozenset({"r2"})))
    assert (decision.verdict, decision.codes) == ("deny", {"report_plugin_error"})


def test_a_plugin_that_says_permit_widens_nothing_and_is_reported_where_all_was_denied() -> None:
    refused = _restricted([], Restriction("state", "permit"))
    assert (refused.verdict, refused.codes) == ("deny", {"report_plugin_conflict"})
    released = _restricted([paper(boxes=[box(categories="*")])], Restriction("state", "permit"), Restriction("other", "none"))
    assert (released.verdict, released.codes) == ("permit", {"log_disclosure"})


def test_obligations_are_told_by_when_they_come_then_by_code_deadline_and_what_they_speak_of() -> None:
    in_order = [
        Obligation("before", "z"),
        Obligation("with", "b"),
        Obligation("after", "a", NOON, {"of": "z"}),
        Obligation("after", "b"),
        Obligation("after", "b", NOON, {"of": "y"}),
        Obligation("after", "b", NOON, {"of": "z"}),
        Obligation("after", "b", NOON + timedelta(days=1), {"of": "a"}),
    ]
    told = in_order[::-1]
    told.sort(key=lambda each: each.place)
    assert told == in_order


@pytest.mark.parametrize(
    ("code", "timing"),
    [("minimum_necessary", "before"), ("redact", "before"), ("non_revealing_refusal", "before"), ("log_disclosure", "after")],
)
def test_what_has_to_be_done_before_a_release_or_a_refusal_comes_before_and_anything_else_after(code: str, timing: str) -> None:
    assert Obligation.named(code).timing == Duty(code).timing == timing


def test_decisions_that_are_the_same_are_one_in_a_set() -> None:
    assert len({decided([paper()]), decided([paper()]), decided([])}) == 2


def test_a_part_of_a_decision_that_is_asked_of_the_class_is_what_python_gives() -> None:
    assert Decision.records is vars(Decision)["records"]


def test_two_papers_of_one_id_are_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        decided([paper(), paper()])
    assert (caught.value.name, caught.value.problems[0].path) == ("duplicate_directive", "/directives/1/id")


def test_the_explanation_tells_rules_failures_and_duties_in_ids_and_codes() -> None:
    decision = decided([paper(), paper("g2", boxes=[box(purposes=["payment"])])], asking(records=TWO))
    assert decision.explain().splitlines() == [
        "partial: g1",
        "r1 permit: directive:g1; g2 fails on purpose",
        "r2 deny: default; g1 fails on category; g2 fails on purpose, category",
        "obligations: before redact, after log_disclosure",
        "needed: directive:specific",
    ]


def test_the_explanation_says_nothing_of_what_there_is_none_of() -> None:
    assert decided([]).explain().splitlines() == ["deny", "r1 deny: default", "needed: directive:specific"]
    assert decided([paper()]).explain().splitlines() == ["permit: g1", "r1 permit: directive:g1", "obligations: after log_disclosure"]


def test_the_explanation_names_everything_that_decides_and_what_would_have_done_as_well() -> None:
    papers = [paper("a"), paper("b"), paper("c", boxes=[box(purposes=["payment"])])]
    decision = decided(papers, asking(purposes=["treatment", "payment"]))
    assert decision.explain().splitlines()[0::2] == ["permit: a, c", "also: b"]


def test_the_explanation_tells_what_a_form_lacks_beside_the_other_axes() -> None:
    [_, line, *_] = decided([paper(abuser_signed=True, boxes=[box(purposes=["payment"])])]).explain().splitlines()
    assert line == "r1 deny: default; g1 fails on form (abuser_signed), purpose"


def test_rows_hold_one_record_each() -> None:
    row = {"record": "r1", "verdict": "permit", "rules": ["directive:g1"], "failed": {}, "defects": {}, "provisions": {}}
    assert decided([paper()]).to_rows() == [row]


def test_a_decision_cannot_be_changed() -> None:
    decision = decided([paper()])
    with pytest.raises(TypeError):
        decision.records["r1"] = "deny"  # type: ignore[index]  # that it cannot is the claim


def test_a_plugin_that_says_permit_is_no_conflict_where_only_another_plugin_denied() -> None:
    papers = [paper(boxes=[box(categories="*")])]
    decision = _restricted(papers, Restriction("one", "permit"), Restriction("two", "deny"))
    assert (decision.verdict, decision.codes) == ("deny", set())


def test_rows_are_filtered_by_id_in_their_order_and_what_nobody_asked_about_is_withheld() -> None:
    decision = decided([paper()], asking(records=[{"id": "r1", "category": "plan"}, {"id": "r2", "category": "never_heard_of"}]))
    assert decision.released == ("r1",)
    assert decision.filter(["r3", "r1", "r2", "r1"], str) == ["r1", "r1"]


def test_restrictions_that_differ_only_in_their_records_may_come_in_any_order() -> None:
    one, other = Restriction("state", records=frozenset({"r1"})), Restriction("state", records=frozenset({"r2"}))
    found = [_restricted([paper()], *each) for each in ([one, other], [other, one])]
    assert found[0] == found[1]
    assert found[0].inputs_digest == found[1].inputs_digest


def test_an_action_that_needs_no_record_is_decided_on_the_records_that_it_names() -> None:
    listing = [paper(boxes=[box(actions=["accounting"])])]
    assert decided(listing, asking(action="accounting")).records == {"r1": "permit"}
    assert decided(listing, asking(action="accounting")).verdict == "permit"


def test_a_profile_that_is_not_there_stops_what_needs_no_record_too() -> None:
    whole = Directive.model_validate(paper(boxes=[box(actions=["accounting"], categories="*")]))
    asked = Request.model_validate(asking(action="accounting", records=[]))
    decision = decide(asked, [whole], profiles=["us.nowhere"])
    assert (decision.verdict, decision.refused, decision.basis) == ("deny", "profile_unavailable", None)


@pytest.mark.parametrize(("answer", "found"), [("none", ("permit", "g1", None)), ("deny", ("deny", None, "restrictor:state"))])
def test_plugins_are_heard_about_what_needs_no_record_too(answer: str, found: tuple[str, str | None, str | None]) -> None:
    whole = Directive.model_validate(paper(boxes=[box(actions=["accounting"], categories="*")]))
    decision = decide(Request.model_validate(asking(action="accounting", records=[])), [whole], restrictions=[Restriction("state", answer)])
    assert (decision.verdict, decision.basis, decision.refused) == found


def test_what_needs_no_record_and_is_permitted_is_refused_by_nothing() -> None:
    decision = decided([paper(boxes=[box(actions=["accounting"], categories="*")])], asking(action="accounting", records=[]))
    assert (decision.verdict, decision.refused) == ("permit", None)


def test_for_no_purpose_nothing_is_found_to_be_permitted_whoever_asks_the_judge() -> None:
    consents = compile_consents([Directive.model_validate(paper(boxes=[box(purposes="*")]))], Setting.of(ClientFacts(zone="UTC")))
    for purposes, permitted in ((["treatment"], True), ([], False)):
        asked = Request.model_validate(asking(purposes=purposes))
        assert Judge.of(consents, asked, Facts()).on(asked.records[0]).permitted is permitted
