"""An emergency opens its set, to its roles, for its purpose, while its facts hold, and never against a live deny."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import Obligation, ProfileDocument
from recoverycore.errors import DocumentError
from tests.consent.papers import FACTS, PROFILE, REQUESTS, asking, box, decided, later, paper, shelves

OPEN = {"open_run_level": 3}
PEER = {"id": "sam", "roles": [{"role": "peer"}]}
DENY = {"id": "d1", "polarity": "deny", "boxes": [box(recipients=[{"person": "sam"}])]}


def _opened(facts: dict[str, Any] | None = None, papers: Any = (), profile: Any = PROFILE, **fields: Any) -> Any:
    return decided(list(papers), asking(**{"recipient": PEER, **fields}), facts=OPEN if facts is None else facts, profile=profile)


def _with(**fields: Any) -> dict[str, Any]:
    return {"id": "small", "emergencies": [{**PROFILE["emergencies"][0], **fields}]}


def test_an_emergency_opens_its_set_and_its_duties_are_owed() -> None:
    decision = _opened()
    assert (decision.verdict, decision.basis, decision.rules["r1"]) == ("permit", "rule:emergency", ("rule:emergency",))
    assert decision.obligations == {Obligation("after", "review"), Obligation("after", "tell_person")}


def test_it_opens_nothing_outside_its_set_and_nothing_whose_category_nobody_knows() -> None:
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}, {"id": "r3"}]
    assert _opened(records=records).released == ("r1",)


@pytest.mark.parametrize(
    "recipient",
    [
        {"id": "sam"},
        {"id": "sam", "roles": []},
        {"id": "sam", "roles": [{"role": "driver"}]},
        {"id": "peer"},
        {"id": "sam", "roles": [{"role": "peer", "until": later()}]},
        {"id": "sam", "roles": [{"role": "peer", "until": "2026-06-14"}]},
    ],
)
def test_it_opens_to_nobody_who_does_not_hold_its_role_now(recipient: dict[str, Any]) -> None:
    assert not _opened(recipient=recipient).permitted


def test_one_of_its_roles_is_enough() -> None:
    for roles in (["peer", "driver"], ["driver", "peer"]):
        assert _opened(profile=_with(to_roles=roles)).permitted


@pytest.mark.parametrize(("action", "opens"), [("use", True), ("disclose", True), ("redisclose", False)])
def test_it_opens_to_use_and_to_disclose_and_passes_no_copy_on(action: str, opens: bool) -> None:  # noqa: FBT001 - what is expected
    assert _opened(action=action).permitted is opens


@pytest.mark.parametrize("categories", ["*", ["*"], ["*", "plan"]])
def test_an_emergency_about_everything_opens_what_nobody_has_filed_too(categories: Any) -> None:
    assert _opened(profile=_with(categories=categories), records=[{"id": "r1", "category": "lab"}, {"id": "r2"}]).permitted


@pytest.mark.parametrize(
    ("facts", "opens"),
    [({}, False), ({"open_run_level": 0}, False), ({"open_run_level": 2}, False), (OPEN, True), ({"open_run_level": 4}, True)],
)
def test_it_opens_only_while_its_facts_are_known_to_hold(facts: dict[str, Any], opens: bool) -> None:  # noqa: FBT001 - what is expected
    assert _opened(facts).permitted is opens


@pytest.mark.parametrize(
    ("purposes", "opens"),
    [
        (["treatment"], True),
        (["emergency_treatment"], True),
        (["TREAT"], True),
        (["payment"], False),
        (["treatment", "payment"], False),
        (["break_glass"], False),
    ],
)
def test_it_opens_for_its_purpose_and_those_below(purposes: list[str], opens: bool) -> None:  # noqa: FBT001 - what is expected
    assert _opened(purposes=purposes).permitted is opens


def test_a_live_deny_beats_it() -> None:
    assert (_opened(papers=[DENY]).verdict, _opened(papers=[DENY]).basis) == ("deny", "d1")
    assert _opened(papers=[{**DENY, "revocations": [{"at": later(hours=-1)}]}]).permitted


def test_one_that_says_it_overrides_beats_a_deny_and_names_it() -> None:
    decision = _opened(papers=[DENY], profile=_with(overriding=True))
    assert (decision.verdict, decision.basis) == ("permit", "rule:emergency")
    assert decision.codes == {"review", "tell_person", "override_of:d1"}


def test_a_permit_goes_before_an_emergency_that_does_not_override() -> None:
    given_to_sam = paper(boxes=[box(recipients=[{"person": "sam"}])])
    decision = _opened(papers=[given_to_sam])
    assert (decision.basis, decision.also, decision.codes) == ("g1", (), {"log_disclosure"})


def test_of_several_emergencies_the_first_written_decides() -> None:
    rule = PROFILE["emergencies"][0]
    profile = {"id": "small", "emergencies": [{**rule, "name": "z"}, {**rule, "name": "a", "duties": ["other"]}]}
    decision = _opened(profile=profile)
    assert (decision.basis, decision.also, decision.codes) == ("rule:z", ("rule:a",), {"review", "tell_person"})


def test_papers_and_emergencies_together_are_told_papers_first() -> None:
    given_to_sam = paper("z", boxes=[box(recipients=[{"person": "sam"}], categories=["lab"])])
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]
    assert _opened(papers=[given_to_sam], records=records).basis == ("z", "rule:emergency")


def test_a_duty_that_belongs_before_a_release_is_owed_before_it() -> None:
    assert _opened(profile=_with(duties=["minimum_necessary"])).obligations == {Obligation("before", "minimum_necessary")}


def test_an_emergency_for_every_category_says_so() -> None:
    assert _opened(profile=_with(categories="*"), records=[{"id": "r1"}]).permitted


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"needs": {}}, "missing_field"), ({"needs": {"open_run_level_at_least": 0}}, "bad_value"), ({"to_roles": []}, "blank")],
)
def test_an_emergency_without_a_need_or_a_role_is_refused(fields: dict[str, Any], name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        ProfileDocument.model_validate(_with(**fields))
    assert caught.value.name == name


def test_two_emergencies_of_one_name_are_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        ProfileDocument.model_validate({"id": "small", "emergencies": PROFILE["emergencies"] * 2})
    assert caught.value.name == "duplicate_emergency"


@given(shelves(), REQUESTS, FACTS, st.booleans())
def test_whatever_an_emergency_releases_is_in_its_set_its_roles_and_its_facts(
    papers: list[dict[str, Any]],
    request: dict[str, Any],
    facts: dict[str, Any],
    overriding: bool,  # noqa: FBT001 - drawn
) -> None:
    alone = decided(papers, request, facts=facts)
    opened = decided(papers, request, facts=facts, profile=_with(overriding=overriding))
    more = set(opened.released) - set(alone.released)
    category = {record["id"]: record.get("category") for record in request["records"]}
    assert {category[each] for each in more} <= {"plan"}
    if more:
        assert facts["open_run_level"] >= 3
        assert any(held["role"] == "peer" for held in request["recipient"]["roles"])
        assert "review" in opened.codes
    if more and not overriding:
        assert all(not rule.startswith("directive:") for each in more for rule in alone.rules[each])


def test_what_a_release_rests_on_is_what_the_released_records_rest_on() -> None:
    first = PROFILE["emergencies"][0]
    both = {"id": "small", "emergencies": [first, {**first, "name": "another", "purpose": "payment"}]}
    consent = paper(boxes=[box(categories=["lab"], recipients=[{"person": "sam"}])])
    records = [{"id": "r1", "category": "plan"}, {"id": "r2", "category": "lab"}]
    decision = _opened(papers=[consent], profile=both, records=records, purposes=["treatment", "payment"])
    assert (decision.released, decision.basis_kind) == (("r1",), "exception")
