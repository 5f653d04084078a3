"""What covers what, and what is another name of what."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.consent import ProfileDocument, standard_vocabulary
from recoverycore.consent.posets import Vocabulary
from recoverycore.errors import DocumentError
from tests.consent.papers import asking, box, decided, paper

WORDS = standard_vocabulary()
CODES = st.sampled_from([*sorted(WORDS.above["label"]), "BH", "VIO", "HIV", "unheard_of"])


@pytest.mark.parametrize(
    ("axis", "above", "below"),
    [
        ("label", "BH", "SUD_NOTES"),
        ("label", "BH", "PSYTHPN"),
        ("label", "VIO", "SDV"),
        ("purpose", "treatment", "emergency_treatment"),
        ("purpose", "operations", "training"),
        ("purpose", "proceedings", "civil_proceedings"),
    ],
)
def test_a_parent_covers_its_children_and_never_the_other_way(axis: Any, above: str, below: str) -> None:
    assert WORDS.covers(axis, frozenset({above}), below)
    assert not WORDS.covers(axis, frozenset({below}), above)


@given(CODES)
def test_every_code_covers_itself_and_the_star_covers_every_code(code: str) -> None:
    assert WORDS.covers("label", frozenset({code}), code)
    assert WORDS.covers("label", frozenset({"*"}), code)
    assert not WORDS.covers("label", frozenset(), code)


@given(CODES, CODES, CODES)
def test_covering_is_an_order(first: str, second: str, third: str) -> None:
    def above(one: str, other: str) -> bool:
        return WORDS.covers("label", frozenset({one}), other)

    assert above(first, third) or not (above(first, second) and above(second, third))
    assert first == second or not (above(first, second) and above(second, first))


@pytest.mark.parametrize(("axis", "alias", "code"), [("action", "reveal", "disclose"), ("category", "papers", "record")])
def test_a_code_of_an_axis_without_wide_names_has_one_own_name(axis: Any, alias: str, code: str) -> None:
    words = WORDS.extended({}, {axis: {alias: [code]}})
    assert (words.one(axis, alias), words.one(axis, code), words.one(axis, "unheard_of")) == (code, code, "unheard_of")


def test_confidentiality_codes_are_not_ordered() -> None:
    assert not any(WORDS.covers("label", frozenset({one}), other) for one in "ULMNRV" for other in "ULMNRV" if one != other)


def test_break_glass_is_a_claim_that_no_purpose_covers() -> None:
    assert WORDS.upward("purpose", "break_glass") == {"break_glass"}


@pytest.mark.parametrize(
    ("axis", "alias", "meant"),
    [
        ("purpose", "TREAT", {"treatment"}),
        ("purpose", "PUBHLTH", {"public_health"}),
        ("purpose", "tpo", {"treatment", "payment", "operations"}),
        ("label", "ETH", {"SUD"}),
        ("label", "42CFRPart2CD", {"SUD_NOTES"}),
        ("action", "access", {"disclose"}),
    ],
)
def test_an_alias_is_read_as_what_it_means(axis: Any, alias: str, meant: set[str]) -> None:
    assert WORDS.read(axis, [alias]) == meant


def test_an_alias_in_a_request_asks_for_everything_it_means() -> None:
    assert not decided([paper()], asking(purposes=["tpo"])).permitted
    assert decided([paper(boxes=[box(purposes=["tpo"])])], asking(purposes=["TREAT", "payment"])).permitted


def _profile(**vocabulary: Any) -> dict[str, Any]:
    return {"id": "small", "vocabulary": vocabulary}


def test_a_profile_may_add_an_order_and_an_alias() -> None:
    profile = _profile(order={"category": {"crisis_set": ["plan"]}}, aliases={"purpose": {"care": ["treatment"]}})
    papers = [paper(boxes=[box(categories=["crisis_set"])])]
    assert decided(papers, asking(purposes=["care"]), profile=profile).permitted
    assert not decided(papers, asking(purposes=["care"])).permitted


def test_an_added_edge_reaches_through_the_standard_order() -> None:
    profile = _profile(order={"label": {"everything_behavioural": ["BH"]}})
    papers = [paper(boxes=[box(labels=["everything_behavioural"])])]
    request = asking(records=[{"id": "r1", "category": "plan", "labels": ["OPIOIDUD"]}])
    assert decided(papers, request, profile=profile).permitted
    assert not decided(papers, request).permitted


@pytest.mark.parametrize(
    ("vocabulary", "name"),
    [
        ({"order": {"label": {"OPIOIDUD": ["BH"]}}}, "vocabulary_cycle"),
        ({"order": {"label": {"x": ["x"]}}}, "vocabulary_cycle"),
        ({"order": {"label": {"SUD": ["ETH"]}}}, "vocabulary_cycle"),
        ({"aliases": {"label": {"SUD": ["HIV"]}}}, "vocabulary_alias_taken"),
        ({"aliases": {"purpose": {"TREAT": ["payment"]}}}, "vocabulary_alias_taken"),
        ({"aliases": {"purpose": {"*": ["payment"]}}}, "vocabulary_alias_taken"),
        ({"aliases": {"purpose": {"a": ["b"], "b": ["c"]}}}, "vocabulary_alias_taken"),
        ({"aliases": {"purpose": {"a": []}}}, "vocabulary_alias_taken"),
        ({"aliases": {"category": {"a": ["b", "c"]}}}, "vocabulary_alias_wide"),
        ({"aliases": {"action": {"a": ["b", "c"]}}}, "vocabulary_alias_wide"),
    ],
)
def test_a_profile_may_not_bend_what_stands(vocabulary: dict[str, Any], name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        ProfileDocument.model_validate(_profile(**vocabulary))
    [found] = caught.value.problems
    assert (found.name, found.path.split("/")[1]) == (name, "vocabulary")


def test_saying_a_standard_alias_again_changes_nothing() -> None:
    assert WORDS.extended({}, {"purpose": {"TREAT": ["treatment"]}}) == WORDS


def test_the_codes_of_an_axis_are_those_in_its_order_and_those_that_another_name_means() -> None:
    words = Vocabulary().extended({"label": {"a": ["b"]}}, {"label": {"c": ["d"]}})
    assert (words.codes("label"), words.codes("purpose")) == ({"a", "b", "d"}, set())
