"""General rules of a decision, held against papers and requests of every shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tests.consent.papers import FACTS, PROFILE, REQUESTS, ZONES, decided, directives, shelves

if TYPE_CHECKING:
    from recoverycore.consent import Decision

Json = dict[str, Any]
NEW = st.just("new")


def _released(decision: Decision) -> set[str]:
    return set(decision.released)


@given(shelves(), REQUESTS, FACTS, ZONES, st.randoms(use_true_random=False))
def test_no_order_of_anything_changes_the_decision_or_its_explanation(
    papers: list[Json], request: Json, facts: Json, zone: str | None, random: Any
) -> None:
    first = decided(papers, request, facts=facts, zone=zone, profile=PROFILE)
    mixed, asked = list(papers), {**request, "records": list(request["records"]), "purposes": list(request["purposes"])}
    for each in (mixed, asked["records"], asked["purposes"]):
        random.shuffle(each)
    second = decided(mixed, asked, facts=facts, zone=zone, profile=PROFILE)
    assert (second, second.explain()) == (first, first.explain())


@given(REQUESTS, FACTS, ZONES)
def test_without_a_paper_and_a_profile_everything_is_denied(request: Json, facts: Json, zone: str | None) -> None:
    decision = decided([], request, facts=facts, zone=zone)
    assert (decision.verdict, decision.basis, _released(decision)) == ("deny", None, set())


@given(shelves(), directives(NEW, st.just("permit")), REQUESTS, FACTS, ZONES)
def test_one_more_permit_never_narrows(papers: list[Json], more: Json, request: Json, facts: Json, zone: str | None) -> None:
    before, after = (decided(each, request, facts=facts, zone=zone, profile=PROFILE) for each in (papers, [*papers, more]))
    assert _released(before) <= _released(after)


@given(shelves(), directives(NEW, st.sampled_from(["deny", "unheard_of"])), REQUESTS, FACTS, ZONES)
def test_one_more_deny_never_widens(papers: list[Json], more: Json, request: Json, facts: Json, zone: str | None) -> None:
    before, after = (decided(each, request, facts=facts, zone=zone, profile=PROFILE) for each in (papers, [*papers, more]))
    assert _released(after) <= _released(before)


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_a_deny_of_everything_beats_every_permit_and_every_emergency(
    papers: list[Json], request: Json, facts: Json, zone: str | None
) -> None:
    wall = {"id": "wall", "polarity": "deny", "boxes": [{}]}
    decision = decided([*papers, wall], request, facts=facts, zone=zone, profile=PROFILE)
    assert decision.verdict == "deny"
    assert "wall" in {*decision.also, *([decision.basis] if isinstance(decision.basis, str) else decision.basis or [])} or not (
        request["purposes"] and request["records"]
    )


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_more_purposes_never_release_a_record_that_was_withheld(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    more = {**request, "purposes": [*request["purposes"], "research"]}
    before, after = (decided(papers, each, facts=facts, zone=zone, profile=PROFILE) for each in (request, more))
    assert _released(after) <= _released(before) or not request["purposes"]


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_each_record_is_decided_as_if_it_were_asked_for_alone(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    whole = decided(papers, request, facts=facts, zone=zone, profile=PROFILE)
    for record in request["records"]:
        alone = decided(papers, {**request, "records": [record]}, facts=facts, zone=zone, profile=PROFILE)
        assert alone.records[record["id"]] == whole.records[record["id"]]


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_a_fact_nobody_knows_never_releases_more_than_the_fact(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    known = {**facts, "sources": facts.get("sources", {}), "open_run_level": facts.get("open_run_level", 0)}
    unknown = {name: value for name, value in known.items() if name == "sources"}
    after, before = (decided(papers, request, facts=each, zone=zone, profile=PROFILE) for each in (known, unknown))
    assert _released(before) <= _released(after)


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_one_label_more_of_the_source_never_releases_more(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    labelled = {**facts, "sources": {"harbor": [*facts.get("sources", {}).get("harbor", []), "HIV"]}}
    before, after = (decided(papers, request, facts=each, zone=zone, profile=PROFILE) for each in (facts, labelled))
    assert _released(after) <= _released(before)


@given(shelves(), REQUESTS, FACTS, ZONES, directives(NEW, st.sampled_from(["permit", "deny"])))
def test_a_paper_signed_later_does_not_change_an_earlier_instant(
    papers: list[Json], request: Json, facts: Json, zone: str | None, later: Json
) -> None:
    signed = {**later, "signed_on": "2026-07-01", "supersedes": ["a", "b", "c", "d"]}
    before, after = (decided(each, request, facts=facts, zone=zone, profile=PROFILE) for each in (papers, [*papers, signed]))
    assert (after.records, after.basis) == (before.records, before.basis)


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_the_verdict_follows_from_the_records(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    decision = decided(papers, request, facts=facts, zone=zone, profile=PROFILE)
    kinds = set(decision.records.values())
    assert decision.verdict == ("permit" if kinds == {"permit"} else "partial" if "permit" in kinds else "deny")
    assert set(decision.records) == {record["id"] for record in request["records"]}
    assert set(decision.withheld) == (set(decision.records) - _released(decision) if decision.verdict == "partial" else set())


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_what_is_released_rests_on_something_and_no_paper_that_counts_as_absent(
    papers: list[Json], request: Json, facts: Json, zone: str | None
) -> None:
    decision = decided(papers, request, facts=facts, zone=zone, profile=PROFILE)
    basis = {decision.basis} if isinstance(decision.basis, str) else set(decision.basis or ())
    assert basis or not decision.released
    live = {each["id"] for each in papers if each.get("status", "active") in ("active", "unprocessable")}
    assert basis <= live | {"rule:emergency"}


@given(shelves(), REQUESTS, FACTS, ZONES)
def test_rows_and_explanation_are_plain_data(papers: list[Json], request: Json, facts: Json, zone: str | None) -> None:
    decision = decided(papers, request, facts=facts, zone=zone, profile=PROFILE)
    assert json.loads(json.dumps(decision.to_rows())) == decision.to_rows()
    assert decision.explain().startswith(decision.verdict)
