"""Tree directives as documents: what is refused at load, how types read, what is linted, and how one format is written as the other."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from recoverycore.consent import Consents, Directive, Provision, TreeDirective, in_format, lint_tree, read_directive
from recoverycore.consent.trees import DEEPEST, MOST, ROOT, Criteria
from recoverycore.errors import DocumentError

Json = dict[str, Any]


def tree(decision: str = "permit", *provisions: Json, **fields: Any) -> Json:
    """A tree in R5 with an empty root, unless `fields` say otherwise."""
    return {"id": "c1", "format": "fhir-r5", "decision": decision, "provisions": list(provisions), **fields}


def chain(levels: int) -> list[Json]:
    """One provision below another, so many levels deep."""
    found: list[Json] = []
    for _ in range(levels):
        found = [{"purpose": ["payment"], "provisions": found}]
    return found


def refused(data: Any) -> list[tuple[str, str]]:
    """The problems that loading `data` finds, with their places."""
    with pytest.raises(DocumentError) as caught:
        TreeDirective.model_validate(data)
    return [(each.name, each.path) for each in caught.value.problems]


def places(data: Json) -> list[tuple[str, str]]:
    return [(node.place, node.polarity) for node in TreeDirective.model_validate(data).walk()]


def test_polarity_alternates_unless_a_type_says_otherwise() -> None:
    inner = {"type": "deny", "labels": ["HIV"], "provisions": [{"purpose": ["payment"]}]}
    assert places(tree("deny", {"purpose": ["treatment"]}, inner, format="fhir-r4")) == [
        (ROOT, "deny"),
        ("/provisions/0", "permit"),
        ("/provisions/1", "deny"),
        ("/provisions/1/provisions/0", "permit"),
    ]


@pytest.mark.parametrize("wrong", ["fhir-r6", "R5", "", None, 5])
def test_a_format_that_nobody_knows_is_refused(wrong: Any) -> None:
    assert [place for _, place in refused(tree(format=wrong))] == ["/format"]


def test_a_tree_without_format_or_decision_is_refused() -> None:
    assert refused({"id": "c1"}) == [("missing_field", "/decision"), ("missing_field", "/format")]


def test_a_type_that_repeats_the_parents_is_refused_in_r5_at_any_depth_and_taken_in_r4() -> None:
    deep = tree("permit", {"labels": ["HIV"], "provisions": [{"type": "deny"}]})
    assert refused(tree("permit", {"type": "permit"})) == [("provision_repeats_parent", "/provisions/0/type")]
    assert refused(deep) == [("provision_repeats_parent", "/provisions/0/provisions/0/type")]
    assert len(places({**deep, "format": "fhir-r4"})) == 3


def test_a_type_that_only_says_what_r5_means_anyway_is_taken() -> None:
    assert places(tree("permit", {"type": "deny"})) == [(ROOT, "permit"), ("/provisions/0", "deny")]


def test_a_tree_may_be_as_deep_as_the_bound_and_no_deeper() -> None:
    assert len(places(tree("permit", *chain(32)))) - 1 == DEEPEST
    assert refused(tree("permit", *chain(33))) == [("tree_too_deep", "")]


@pytest.mark.parametrize("levels", [1_000, 100_000])
def test_depth_is_told_and_never_exhausts_the_stack(levels: int) -> None:
    assert refused(tree("permit", *chain(levels))) == [("tree_too_deep", "")]


def test_a_provision_built_up_from_the_inside_is_bounded_too() -> None:
    deepest = Provision()
    for _ in range(DEEPEST):
        deepest = Provision(provisions=(deepest,))
    with pytest.raises(DocumentError, match="tree_too_deep"):
        Provision(provisions=(deepest,))


def test_a_tree_that_runs_in_a_circle_is_too_deep() -> None:
    circle: Json = {"purpose": ["payment"]}
    circle["provisions"] = [circle]
    assert refused(tree("permit", circle)) == [("tree_too_deep", "")]


def test_a_tree_may_have_so_many_provisions_and_no_more() -> None:
    assert len(places(tree("permit", *[{"labels": ["HIV"]}] * 1000))) - 1 == MOST
    assert refused(tree("permit", *[{"labels": ["HIV"]}] * 1001)) == [("tree_too_large", "")]


def test_one_provision_shared_again_and_again_does_not_grow_without_end() -> None:
    shared: Json = {}
    for _ in range(DEEPEST - 1):
        shared = {"provisions": [shared, shared, shared]}
    assert refused(tree("permit", shared)) == [("tree_too_large", "")]


@pytest.mark.parametrize("criterion", ["actor", "purpose", "labels", "class", "category", "code", "action"])
def test_an_empty_list_of_values_is_refused(criterion: str) -> None:
    assert refused(tree("permit", {criterion: []})) == [("blank", f"/provisions/0/{criterion}")]


GIVEN: Json = {
    "actor": ["org:a"],
    "purpose": ["payment"],
    "labels": "*",
    "class": ["Claim"],
    "category": ["lab"],
    "code": ["F10"],
    "action": ["use"],
    "period": {"start": "2026-06-01"},
    "data_period": {"end": "2026-06-01"},
    "expression": "",
    "unread": ["data"],
    "x-weather": "rain",
}


@pytest.mark.parametrize("criterion", GIVEN)
def test_a_criterion_that_is_given_is_named_as_in_the_document_and_three_kinds_can_nobody_judge(criterion: str) -> None:
    given = Criteria.model_validate({criterion: GIVEN[criterion]})
    assert given.named == {criterion}
    assert given.unjudged is (criterion in ("expression", "unread", "x-weather"))


def test_what_gives_no_criterion_names_none() -> None:
    assert (Criteria().named, Criteria().unjudged) == (frozenset(), False)


def test_a_criterion_that_nobody_knows_is_refused_with_the_likely_one() -> None:
    assert refused(tree("permit", {"purposes": ["payment"]})) == [("unknown_field", "/provisions/0/purposes")]


def test_a_time_that_ends_before_it_starts_is_refused() -> None:
    root = {"period": {"start": "2026-06-02", "end": "2026-06-01"}, "data_period": {"start": "2026-06-02", "end": "2026-06-01"}}
    assert refused(tree(root=root)) == [
        ("consent_ends_before_start", f"{ROOT}/data_period/end"),
        ("consent_ends_before_start", f"{ROOT}/period/end"),
    ]


def test_a_naive_instant_is_refused() -> None:
    assert refused(tree(root={"period": {"start": "2026-06-02T10:00:00"}})) == [("naive_time", f"{ROOT}/period/start")]


def test_a_tree_survives_a_round_trip_with_fields_of_ones_own() -> None:
    data = tree("permit", {"class": ["Claim"], "x-note": "n"}, written=True, **{"x-source": {"kept": 1}})
    text = json.dumps(TreeDirective.model_validate(data).to_data())
    assert json.loads(text) == data
    assert TreeDirective.model_validate_json(text) == TreeDirective.model_validate(data)


def test_a_tree_tells_nothing_but_its_id_in_a_repr() -> None:
    assert repr(TreeDirective.model_validate(tree("permit", {"expression": "somebody"}))) == "TreeDirective(id='c1')"


def test_a_paper_is_read_as_a_tree_where_it_names_a_format() -> None:
    assert isinstance(read_directive(tree()), TreeDirective)
    assert isinstance(read_directive({"id": "g1", "polarity": "permit"}), Directive)


def test_a_file_of_consents_holds_both_and_tells_the_place_of_what_is_wrong() -> None:
    both = [{"id": "g1", "polarity": "permit"}, tree()]
    assert [type(each) for each in Consents.model_validate({"directives": both}).directives] == [Directive, TreeDirective]
    with pytest.raises(DocumentError) as caught:
        Consents.model_validate({"directives": [both[0], tree("maybe")]})
    assert [each.path for each in caught.value.problems] == ["/directives/1/decision"]


def test_papers_that_were_read_already_stay_what_they_are() -> None:
    both = (Directive.model_validate({"id": "g1", "polarity": "permit"}), TreeDirective.model_validate(tree()))
    assert Consents(directives=both).directives == both


@pytest.mark.parametrize("provisions", [5, "labels", {"labels": ["HIV"]}])
def test_provisions_that_are_no_list_are_refused_with_their_place(provisions: Any) -> None:
    assert [place for _, place in refused(tree(provisions=provisions))] == ["/provisions"]
    assert [place for _, place in refused(tree("permit", {"provisions": provisions}))] == ["/provisions/0/provisions"]


def test_the_boxes_of_a_tree_are_what_its_permits_name_with_what_stands_above_them() -> None:
    data = tree("deny", {"purpose": ["payment"], "actor": ["org:a"], "provisions": [{"labels": ["HIV"]}]}, root={"labels": ["SUD"]})
    [box] = TreeDirective.model_validate(data).boxes
    assert (box.labels, box.purposes, box.categories) == (("SUD",), ("payment",), "*")
    assert [each.org for each in box.recipients or () if not isinstance(each, str)] == ["org:a"]


@pytest.mark.parametrize("actor", ["*", None])
def test_a_permit_of_a_tree_for_every_actor_names_everybody(actor: Any) -> None:
    [box] = TreeDirective.model_validate(tree("permit", root={} if actor is None else {"actor": actor})).boxes
    assert box.recipients == "*"


# -- lint -----------------------------------------------------------------------------------------------------------------


def linted(data: Json) -> list[tuple[str, str]]:
    return [(each.code, each.place) for each in lint_tree(TreeDirective.model_validate(data))]


def test_a_provision_without_criteria_is_linted_and_the_root_of_a_deny_is_not() -> None:
    assert linted(tree("deny", {})) == [("empty_provision", "/provisions/0")]
    assert linted(tree("permit", {"labels": ["HIV"]})) == [("empty_provision", ROOT)]


def test_a_permit_said_again_below_a_permit_is_linted_and_a_deny_below_a_deny_is_not() -> None:
    root = {"actor": ["org:a"]}
    assert linted(tree("permit", {"type": "permit", "code": ["1"]}, format="fhir-r4", root=root)) == [("repeats_parent", "/provisions/0")]
    assert linted(tree("deny", {"type": "deny", "code": ["1"]}, format="fhir-r4", root=root)) == []


@pytest.mark.parametrize("criterion", [{"expression": "x"}, {"unread": ["data"]}, {"x-weather": "rain"}])
def test_a_criterion_that_nobody_can_judge_is_linted(criterion: Json) -> None:
    assert linted(tree("deny", criterion)) == [("unread_criterion", "/provisions/0")]


def test_a_finding_is_plain_data() -> None:
    [found] = lint_tree(TreeDirective.model_validate(tree()))
    assert found.to_data() == {"code": "empty_provision", "place": ROOT}


# -- the one format as the other ------------------------------------------------------------------------------------------


def as_format(wanted: Any, data: Json) -> Json:
    return in_format(TreeDirective.model_validate(data), wanted).to_data()


def test_a_tree_without_types_is_the_same_in_both_formats() -> None:
    data = tree("permit", {"labels": ["HIV"], "provisions": [{"purpose": ["payment"]}]})
    there = as_format("fhir-r4", data)
    assert there == {**data, "format": "fhir-r4"}
    assert [node.criteria.named for node in TreeDirective.model_validate(as_format("fhir-r5", there)).walk()] == [
        frozenset(),
        {"labels"},
        {"purpose"},
    ]


def test_the_format_that_it_has_already_changes_nothing() -> None:
    read = TreeDirective.model_validate(tree("permit", {"type": "deny"}))
    assert in_format(read, "fhir-r5") is read


def test_what_says_its_parents_type_again_and_changes_nothing_is_left_out_of_r5() -> None:
    data = tree("permit", {"type": "permit", "labels": ["HIV"]}, {"type": "deny", "labels": ["MH"]}, format="fhir-r4")
    assert places(as_format("fhir-r5", data)) == [(ROOT, "permit"), ("/provisions/0", "deny")]
    alone = tree("deny", {"type": "deny", "labels": ["HIV"]}, format="fhir-r4")
    assert places(as_format("fhir-r5", alone)) == [(ROOT, "deny")]


def test_a_deny_said_again_beside_a_permit_cannot_be_said_in_r5() -> None:
    inner = {"labels": ["MH"], "type": "deny", "provisions": [{"type": "permit"}, {"type": "deny", "code": ["1"]}]}
    with pytest.raises(DocumentError) as caught:
        as_format("fhir-r5", tree("permit", copy.deepcopy(inner), format="fhir-r4"))
    assert [(each.name, each.path) for each in caught.value.problems] == [("not_expressible", "/provisions/0/provisions/1")]


def test_a_tree_permits_where_its_root_or_an_exception_does() -> None:
    given = (tree(), tree("deny"), tree("deny", {"labels": ["HIV"]}))
    assert [TreeDirective.model_validate(each).permits for each in given] == [True, False, True]
