"""What a box reaches, axis by axis: all labels for a permit, any for a deny, and what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import ClientFacts, Directive, Facts, Request
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.coverage import covers_copy, holds_data
from recoverycore.consent.judging import Judge
from recoverycore.consent.matter import Setting
from tests.consent.papers import asking, box, decided, paper

UNKNOWN = {"id": "r1"}


def _permit(axes: dict[str, Any], request: dict[str, Any], **fields: Any) -> tuple[str, ...]:
    """The axes on which a permit with this box fails; none when it reaches."""
    decision = decided([paper(boxes=[box(**axes)], **fields)], request)
    failed = decision.failed.get("r1", {}).get("g1", ())
    assert decision.permitted is not bool(failed)
    return failed


def _deny(axes: dict[str, Any], request: dict[str, Any], **fields: Any) -> bool:
    """Whether a deny with this box reaches, beside a permit of everything."""
    everything = paper("p", boxes=[dict.fromkeys(("labels", "categories", "purposes", "recipients", "actions"), "*")])
    deny = {"id": "d", "polarity": "deny", "boxes": [box(**axes)], **fields}
    return decided([everything, deny], request).basis == "d"


def _labelled(*labels: str) -> dict[str, Any]:
    return asking(records=[{"id": "r1", "category": "plan", "labels": list(labels)}])


def test_a_permit_needs_every_label_in_one_box() -> None:
    assert _permit({"labels": ["SUD", "HIV"]}, _labelled("SUD", "HIV")) == ()
    assert _permit({"labels": ["SUD"]}, _labelled("SUD", "HIV")) == ("label",)
    halves = paper(boxes=[box(labels=["SUD"]), box(labels=["HIV"])])
    assert not decided([halves], _labelled("SUD", "HIV")).permitted


def test_a_deny_needs_one_label() -> None:
    assert _deny({"labels": ["HIV"]}, _labelled("SUD", "HIV"))
    assert not _deny({"labels": ["HIV"]}, _labelled("SUD"))


def test_a_record_without_a_label_is_reached_by_any_permit_and_only_by_a_deny_of_every_label() -> None:
    assert _permit({"labels": ["SUD"]}, _labelled()) == ()
    assert not _deny({"labels": ["SUD"]}, _labelled())
    assert _deny({"labels": "*"}, _labelled())


def test_labels_reach_downwards_only() -> None:
    assert _permit({"labels": ["BH"]}, _labelled("OPIOIDUD")) == ()
    assert _permit({"labels": ["OPIOIDUD"]}, _labelled("SUD")) == ("label",)
    assert _deny({"labels": ["BH"]}, _labelled("OPIOIDUD"))
    assert not _deny({"labels": ["OPIOIDUD"]}, _labelled("SUD"))


@pytest.mark.parametrize("facts", [{"sources": {"harbor": ["SUD"]}}, {"sources": {"harbor": ["ETH"]}}])
def test_a_record_carries_the_labels_of_its_source(facts: dict[str, Any]) -> None:
    request = asking(records=[{"id": "r1", "category": "plan", "labels": ["HIV"], "source": "harbor"}])
    papers = [paper(boxes=[box(labels=["HIV"])])]
    assert decided(papers, request).permitted
    assert not decided(papers, request, facts=facts).permitted
    assert decided([paper(boxes=[box(labels=["HIV", "SUD"])])], request, facts=facts).permitted


def test_what_a_substance_use_programme_made_itself_carries_that_label() -> None:
    def request(kind: str, source: str) -> dict[str, Any]:
        return asking(discloser={"id": "harbor", "kind": kind}, records=[{"id": "r1", "category": "plan", "source": source}])

    papers = [paper(boxes=[box(labels=["HIV"])])]
    assert not decided(papers, request("part2_program", "harbor")).permitted
    assert decided(papers, request("part2_program", "elsewhere")).permitted
    assert decided(papers, request("provider", "harbor")).permitted


def test_a_category_nobody_knows_is_covered_by_a_deny_and_not_by_a_permit() -> None:
    unknown = asking(records=[UNKNOWN])
    assert _permit({"categories": ["plan"]}, unknown) == ("category",)
    assert _deny({"categories": ["plan"]}, unknown)
    assert _permit({"categories": "*"}, unknown) == ()


@pytest.mark.parametrize(("date", "inside"), [("2025-12-31", False), ("2026-01-01", True), ("2026-03-31", True), ("2026-04-01", False)])
def test_a_data_period_includes_both_its_days(date: str, inside: bool) -> None:  # noqa: FBT001 - what is expected
    period = {"data_period": {"start": "2026-01-01", "end": "2026-03-31"}}
    request = asking(records=[{"id": "r1", "category": "plan", "date": date}])
    assert _permit(period, request) == (() if inside else ("data_period",))
    assert _deny(period, request) is inside


def test_a_record_whose_date_nobody_knows_is_covered_by_a_deny_and_not_by_a_permit() -> None:
    for period in ({"start": "2026-01-01"}, {"end": "2026-03-31"}):
        assert _permit({"data_period": period}, asking()) == ("data_period",)
        assert _deny({"data_period": period}, asking())
    assert _permit({"data_period": {}}, asking()) == ()


def test_a_permit_that_names_no_action_means_disclosing_and_a_deny_means_every_action() -> None:
    assert _permit({}, asking(action="disclose")) == ()
    assert _permit({}, asking(action="access")) == ()
    assert _permit({}, asking(action="use")) == ("action",)
    assert _permit({"actions": ["use"]}, asking(action="use")) == ()
    assert _deny({}, asking(action="use"))
    assert not _deny({"actions": ["disclose"]}, asking(action="use"))


def test_a_copy_is_passed_on_only_by_a_permit_that_names_its_holder_and_a_deny_of_disclosing_holds_it_back() -> None:
    assert _permit({"actions": "*"}, asking(action="redisclose")) == ("discloser",)
    own = paper(discloser="harbor", boxes=[box(actions=["disclose"])])
    assert decided([own], asking(action="redisclose")).permitted
    rule = {"name": "e", "purpose": "treatment", "categories": "*", "to_roles": ["peer"], "needs": {"open_run_level_at_least": 3}}
    request = asking(action="redisclose", recipient={"id": "dana", "roles": [{"role": "peer"}]})
    deny = {"id": "d", "polarity": "deny", "boxes": [box(actions=["disclose"])]}
    profile = {"id": "small", "emergencies": [rule]}
    assert decided([deny], request).basis == "d"
    assert not decided([], request, facts={"open_run_level": 4}, profile=profile).permitted


SELECTORS: list[tuple[Any, dict[str, Any], bool | None]] = [
    ("*", {"id": "kim"}, True),
    ({"person": "dana"}, {"id": "dana", "org": "westend"}, True),
    ({"person": "dana"}, {"id": "kim", "org": "dana"}, False),
    ({"person": "dana", "org": "westend"}, {"id": "dana", "org": "westend"}, True),
    ({"person": "dana", "org": "westend"}, {"id": "dana", "org": "lakeside"}, False),
    ({"person": "dana", "org": "westend"}, {"id": "dana"}, None),
    ({"person": "dana", "org": "westend"}, {"id": "kim"}, False),
    ({"org": "westend"}, {"id": "westend"}, True),
    ({"org": "westend"}, {"id": "dana", "org": "westend"}, True),
    ({"org": "westend"}, {"id": "dana"}, False),
    ({"role": "peer"}, {"id": "dana", "roles": [{"role": "peer", "org": "harbor"}]}, True),
    ({"role": "peer"}, {"id": "dana", "roles": [{"role": "driver"}]}, False),
    ({"role": "peer"}, {"id": "dana", "roles": []}, False),
    ({"role": "peer"}, {"id": "dana"}, None),
    ({"role": "peer", "org": "harbor"}, {"id": "dana", "roles": [{"role": "peer", "org": "harbor"}]}, True),
    ({"role": "peer", "org": "harbor"}, {"id": "dana", "roles": [{"role": "peer", "org": "westend"}]}, False),
    ({"role": "peer", "org": "harbor"}, {"id": "dana", "roles": [{"role": "peer"}]}, None),
    ({"role": "peer", "org": "harbor"}, {"id": "dana", "roles": [{"role": "peer", "until": "2026-06-14"}]}, False),
    ({"role": "peer"}, {"id": "dana", "roles": [{"role": "peer", "until": "2026-06-15"}]}, True),
    ({"role": "peer"}, {"id": "dana", "roles": [{"role": "peer", "until": "2026-06-14"}]}, False),
    ({"role": "peer"}, {"id": "dana", "roles": [{"role": "peer", "until": "2026-06-15T12:00:00Z"}]}, False),
    ({"class": "tpo"}, {"id": "dana", "kind": "provider", "treating_relationship": True}, None),
    ({"designation": "treating", "via": "hub"}, {"id": "dana", "via": "hub", "treating_relationship": True}, True),
    ({"designation": "treating", "via": "hub"}, {"id": "dana", "via": "hub", "treating_relationship": False}, False),
    ({"designation": "treating", "via": "hub"}, {"id": "dana", "via": "hub"}, None),
    ({"designation": "treating", "via": "hub"}, {"id": "dana", "via": "hub", "treating_relationship": "unknown"}, None),
    ({"designation": "treating", "via": "hub"}, {"id": "dana", "via": "other", "treating_relationship": True}, False),
]


@pytest.mark.parametrize(("selector", "recipient", "reached"), SELECTORS)
def test_a_selector_reaches_whom_it_names_and_where_nobody_knows_only_for_a_deny(
    selector: Any,
    recipient: dict[str, Any],
    reached: bool | None,  # noqa: FBT001 - what is expected
) -> None:
    axes, request = {"recipients": [selector]}, asking(recipient=recipient)
    assert _permit(axes, request) == (() if reached else ("recipient",))
    assert _deny(axes, request) is (reached is not False)


def test_one_selector_of_a_deny_that_may_reach_is_enough_wherever_it_stands() -> None:
    elsewhere, perhaps = {"person": "kim"}, {"person": "dana", "org": "westend"}
    for selectors in ([perhaps, elsewhere], [elsewhere, perhaps]):
        request = asking(recipient={"id": "dana"})
        assert _deny({"recipients": selectors}, request)
        assert _permit({"recipients": selectors}, request) == ("recipient",)


def test_without_a_zone_a_role_held_until_a_day_is_read_short_for_a_permit_and_long_for_a_deny() -> None:
    request = asking(recipient={"id": "dana", "roles": [{"role": "peer", "until": "2026-06-15"}]}, at="2026-06-15T10:00:00Z")
    boxes = [box(recipients=[{"role": "peer"}])]
    assert not decided([paper(boxes=boxes)], request, zone=None).permitted
    late = {**request, "at": "2026-06-16T11:59:59Z"}
    assert decided([paper("p"), {"id": "d", "polarity": "deny", "boxes": boxes}], late, zone=None).basis == "d"


@pytest.mark.parametrize(
    ("written", "permit", "deny"),
    [("harbor", (), True), ("*", (), True), (None, ("discloser",), True), ("other", ("discloser",), False)],
)
def test_a_permit_names_its_discloser_and_a_deny_may_leave_it_out(written: str | None, permit: tuple[str, ...], deny: bool) -> None:  # noqa: FBT001 - what is expected
    assert _permit({}, asking(), discloser=written) == permit
    assert _deny({}, asking(), discloser=written) is deny


def test_a_discloser_nobody_knows_is_reached_by_a_permit_of_every_one_and_by_every_deny() -> None:
    request = {name: value for name, value in asking().items() if name != "discloser"}
    assert _permit({}, request, discloser="*") == ()
    assert _permit({}, request, discloser="harbor") == ("discloser",)
    assert _deny({}, request, discloser="other")


@pytest.mark.parametrize(("axis", "failing"), [("categories", "category"), ("purposes", "purpose"), ("recipients", "recipient")])
def test_on_an_axis_that_a_box_does_not_show_a_permit_covers_nothing_and_a_deny_everything(axis: str, failing: str) -> None:
    assert _permit({axis: None}, asking()) == (failing,)
    assert _deny({axis: None}, asking())


def test_labels_that_a_box_does_not_show_reach_no_labelled_record_for_a_permit_and_every_record_for_a_deny() -> None:
    assert _permit({"labels": None}, _labelled("SUD")) == ("label",)
    assert _deny({"labels": None}, _labelled())


def test_an_except_box_is_taken_away_from_its_own_directive_only() -> None:
    narrowed = {**paper(boxes=[box(categories="*")]), "except": [{"categories": ["plan"]}]}
    assert decided([narrowed]).failed["r1"]["g1"] == ("except",)
    assert decided([narrowed, paper("g2")]).basis == "g2"


def test_an_except_box_of_a_permit_takes_away_on_any_label_and_on_what_nobody_knows() -> None:
    narrowed = {**paper(boxes=[box(categories="*")]), "except": [{"labels": ["HIV"], "categories": ["lab"]}]}
    both = asking(records=[{"id": "r1", "labels": ["SUD", "HIV"]}])
    assert decided([narrowed], both).failed["r1"]["g1"] == ("except",)
    assert decided([narrowed], asking(records=[{"id": "r1", "labels": ["SUD"]}])).permitted


def test_an_except_box_of_a_deny_gives_back_only_where_all_labels_are_in_it_and_everything_is_known() -> None:
    fields = {"except": [{"labels": ["HIV"], "categories": ["plan"]}]}
    assert not _deny({}, _labelled("HIV"), **fields)
    assert _deny({}, _labelled("HIV", "SUD"), **fields)
    assert _deny({"categories": "*"}, asking(records=[{"id": "r1", "labels": ["HIV"]}]), **fields)


def test_the_best_box_is_the_one_that_fails_on_fewest_axes_and_then_the_first() -> None:
    far = box(categories=["lab"], purposes=["payment"])
    assert decided([paper(boxes=[far, box(purposes=["payment"])])]).failed["r1"]["g1"] == ("purpose",)
    assert decided([paper(boxes=[box(categories=["lab"]), box(purposes=["payment"])])]).failed["r1"]["g1"] == ("category",)


def test_a_permit_without_a_box_reaches_nothing() -> None:
    failed = decided([paper(boxes=[])]).failed["r1"]["g1"]
    assert failed == ("recipient", "purpose", "action", "label", "category", "data_period")


def test_a_permit_that_names_no_discloser_covers_none_also_where_nobody_knows_who_it_is() -> None:
    assert decided([paper(discloser=None)], asking(discloser=None)).failed["r1"]["g1"] == ("discloser",)


def test_fewest_axes_are_counted_and_not_read() -> None:
    boxes = [box(purposes=["payment"], labels=["HIV"]), box(recipients=[{"person": "kim"}])]
    asked = asking(records=[{"id": "r1", "category": "plan", "labels": ["SUD"]}])
    assert decided([paper(boxes=boxes)], asked).failed["r1"]["g1"] == ("recipient",)


def test_one_box_of_a_deny_is_enough() -> None:
    assert decided([paper(), paper("d1", polarity="deny", boxes=[box(categories=["lab"]), box()])]).basis == "d1"


def test_what_is_asked_about_no_record_has_no_date_that_anybody_knows() -> None:
    dated = {"actions": ["accounting"], "categories": "*", "data_period": {"start": "2026-01-01"}}
    asked = asking(records=[], action="accounting")
    assert decided([paper(boxes=[box(**dated)])], asked).verdict == "deny"
    assert decided([paper("d1", polarity="deny", boxes=[box(**dated)])], asked).basis == "d1"


def test_a_deny_reaches_whom_nobody_knows_to_treat_the_client() -> None:
    wall = paper("d1", polarity="deny", boxes=[box(recipients=[{"designation": "treating", "via": "hub"}])])
    asked = asking(recipient={"id": "dana", "via": "hub", "treating_relationship": "unknown"})
    assert decided([paper(), wall], asked).basis == "d1"


FOR_KIM = box(recipients=[{"person": "kim"}])
FOR_A_LAB = box(categories=["lab"])


@pytest.mark.parametrize(
    ("boxes", "excepts", "held"),
    [
        ([box()], [], True),
        ([FOR_KIM], [], True),
        ([FOR_A_LAB, FOR_KIM], [], True),
        ([FOR_A_LAB], [], False),
        ([box(purposes=["payment"])], [], False),
        ([box()], [FOR_A_LAB], True),
        ([box()], [FOR_A_LAB, box()], False),
        ([box()], [FOR_KIM], False),
    ],
)
def test_boxes_hold_a_record_for_a_purpose_whoever_it_went_to(boxes: list[Any], excepts: list[Any], held: bool) -> None:  # noqa: FBT001 - what is expected
    read = Directive.model_validate(paper(boxes=boxes, **{"except": excepts}))
    consents = compile_consents([read], Setting.of(ClientFacts(zone="UTC")))
    request = Request.model_validate(asking())
    [(matter, _)] = Judge.of(consents, request, Facts()).matters(request.records[0])
    assert holds_data(consents.papers[0].boxes, consents.papers[0].excepts, matter) is held


def test_one_box_that_gives_its_data_to_the_holder_is_enough() -> None:
    read = Directive.model_validate(paper(boxes=[FOR_A_LAB, box()]))
    consents = compile_consents([read], Setting.of(ClientFacts(zone="UTC")))
    request = Request.model_validate(asking())
    [(matter, _)] = Judge.of(consents, request, Facts()).matters(request.records[0])
    assert covers_copy(consents.papers[0].boxes, (), matter)
