"""What is wrong with a question or a paper ends in a clear error, or in a refusal with its reason: never in a release."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import ConsentBook, Directive, Facts, Profile, Request, VocabularyAddition
from recoverycore.errors import DocumentError
from tests.consent.papers import asking, box, decided, paper
from tests.consent.test_law import DENY, under

NO_LABELS = {"id": "r1", "category": "plan"}


@pytest.mark.parametrize("axis", ["labels", "categories", "purposes", "recipients", "actions"])
def test_an_axis_that_lists_nothing_permits_nothing_and_is_the_one_that_fails(axis: str) -> None:
    decision = decided([paper(boxes=[box(**{axis: []})])], asking(records=[NO_LABELS]))
    [failed] = decision.failed["r1"]["g1"]
    assert (
        failed == {"labels": "label", "categories": "category", "purposes": "purpose", "recipients": "recipient", "actions": "action"}[axis]
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"purposes": ["never_heard_of"]},
        {"action": "never_heard_of"},
        {"records": [{"id": "r1", "category": "never_heard_of"}]},
        {"records": [{"id": "r1", "category": "plan", "labels": ["NEVER_HEARD_OF"]}]},
    ],
)
def test_a_code_that_nobody_knows_stands_alone_and_is_withheld(fields: dict[str, Any]) -> None:
    narrow = paper(boxes=[box(labels=["SUD"])])
    assert decided([narrow], asking(**fields)).verdict == "deny"


def test_an_unknown_profile_withholds_by_name() -> None:
    assert under(paper(), profiles=("never.heard.of",)).refused == "profile_unavailable"


def test_no_purpose_withholds_by_name_and_is_no_wildcard() -> None:
    assert under(paper(boxes=[box(purposes="*")]), purposes=[], profiles=()).refused == "purpose_missing"


@pytest.mark.parametrize(
    ("order", "code"),
    [({"label": {"SUD": ("BH",)}}, "vocabulary_cycle"), ({"purpose": {"treatment": ("treatment",)}}, "vocabulary_cycle")],
)
def test_a_circle_of_codes_is_an_error_when_the_profile_is_named(order: Any, code: str) -> None:
    circle = Profile(id="circle", version="1", vocabulary=VocabularyAddition(order=order))
    with pytest.raises(DocumentError) as caught:
        ConsentBook(profiles=(circle,))
    assert caught.value.name == code


def test_in_a_circle_of_supersession_permits_are_dead_and_denies_stay() -> None:
    assert under(paper("a", supersedes=["b"]), paper("b", supersedes=["a"]), profiles=()).verdict == "deny"
    assert under(paper("a", supersedes=["d1"]), {**DENY, "supersedes": ["a"]}, profiles=()).basis == "d1"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Request, asking(at="2026-06-15T12:00:00")),
        (Directive, paper(revocations=[{"at": "2026-06-15T12:00:00"}])),
        (Directive, paper(signed_on="2026-06-15T12:00:00")),
        (Facts, {"emergency": {"ended_at": "2026-06-15T12:00:00"}}),
        (Facts, {"held_copy": {"holder": "a", "received_under": "b", "received_at": "2026-06-15T12:00:00"}}),
        (Facts, {"ledger": [{"at": "2026-06-15T12:00:00"}]}),
    ],
)
def test_a_time_without_an_offset_is_refused(kind: Any, data: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        kind.model_validate(data)
    assert caught.value.name == "naive_time"


@pytest.mark.parametrize(
    "facts", [{"emergency": {"patient_refusd": True}}, {"need_to_no": True}, {"need_to_know": "yes"}, {"contracts": [{"between": "a"}]}]
)
def test_a_fact_of_a_wrong_name_or_kind_is_refused_rather_than_not_known(facts: Any) -> None:
    with pytest.raises(DocumentError):
        Facts.model_validate(facts)


@pytest.mark.parametrize("value", [None, "unknown"])
def test_a_fact_may_say_that_nobody_knows(value: Any) -> None:
    assert not Facts.model_validate({"need_to_know": value}).holds("need_to_know")
    assert not Facts().holds("emergency.bona_fide")


def test_facts_of_a_hosts_own_survive_and_are_for_its_own_profile() -> None:
    facts = Facts.model_validate({"x-state": {"rule": 7}})
    assert facts.extensions == {"x-state": {"rule": 7}}
    assert Facts.model_validate(facts.to_data()) == facts
