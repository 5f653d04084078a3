"""The reference decider on coverage: the vocabulary, effective labels, each axis of a box, except-boxes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.consent.plain import basis, box, deny, permit, recipient, record, verdict


def only(**axes: Any) -> dict[str, Any]:
    """A permit whose one box is changed by `axes`."""
    return permit(boxes=[box(**axes)])


def no(**axes: Any) -> dict[str, Any]:
    """A deny whose one box is changed by `axes`."""
    return deny(boxes=[box(**axes)])


ALL = permit(boxes=[box(labels="*", purposes="*", recipients="*")])


# Vocabulary.


@pytest.mark.parametrize(
    ("above", "below"),
    [
        *[("BH", label) for label in ("BH", "SUD", "MH", "ETHUD", "OPIOIDUD", "SUD_NOTES", "PSY", "PSYTHPN")],
        *[("SUD", "ETHUD"), ("SUD", "OPIOIDUD"), ("SUD", "SUD_NOTES"), ("MH", "PSY"), ("MH", "PSYTHPN"), ("VIO", "SDV")],
        *[("ETH", "SUD"), ("SUD", "42CFRPart2CD"), ("HIPAAPsyNotes", "PSYTHPN"), ("HIV", "HIV"), ("unheard-of", "unheard-of")],
    ],
)
def test_a_label_written_means_itself_and_what_is_below(above: str, below: str) -> None:
    assert verdict(only(labels=[above]), records=[record(labels=[below])]) == "permit"


@pytest.mark.parametrize(("below", "above"), [("SUD", "BH"), ("PSY", "MH"), ("SDV", "VIO"), ("ETHUD", "OPIOIDUD"), ("R", "N"), ("N", "R")])
def test_a_label_written_never_means_what_is_above_or_beside(below: str, above: str) -> None:
    assert verdict(only(labels=[below]), records=[record(labels=[above])]) == "deny"


@pytest.mark.parametrize(
    ("above", "below"),
    [
        *[("treatment", "emergency_treatment"), ("treatment", "care_coordination"), ("TREAT", "COC"), ("treatment", "ETREAT")],
        *[("operations", "billing_support"), ("operations", "training"), ("HOPERAT", "quality_improvement")],
        *[("proceedings", f"{kind}_proceedings") for kind in ("civil", "criminal", "administrative", "legislative")],
        *[("HLEGAL", "proceedings"), ("HPAYMT", "payment"), ("HRESCH", "research"), ("HMARKT", "marketing")],
        *[("PATRQT", "client_request"), ("FAMRQT", "family_involvement"), ("PUBHLTH", "public_health"), ("BTG", "break_glass")],
        *[("tpo", "care_coordination"), ("tpo", "payment"), ("tpo", "training")],
    ],
)
def test_a_purpose_written_means_itself_and_what_is_below(above: str, below: str) -> None:
    assert verdict(only(purposes=[above]), purposes=[below]) == "permit"


@pytest.mark.parametrize(
    ("written", "asked"),
    [("emergency_treatment", "treatment"), ("treatment", "break_glass"), ("tpo", "research"), ("payment", "billing_support")],
)
def test_a_purpose_written_reaches_no_other(written: str, asked: str) -> None:
    assert verdict(only(purposes=[written]), purposes=[asked]) == "deny"


def test_tpo_asked_for_asks_for_three_purposes() -> None:
    assert [verdict(only(purposes=written), purposes=["tpo"]) for written in (["treatment", "payment"], ["tpo"])] == ["deny", "permit"]


def test_access_is_another_name_of_disclose() -> None:
    assert verdict(permit(), action="access") == "permit"


def test_a_star_reaches_values_that_nobody_listed() -> None:
    assert verdict(ALL, records=[record(labels=["unheard-of"])], purposes=["unheard-of"]) == "permit"


# Effective labels.


def test_the_labels_of_the_source_count_as_the_records_own() -> None:
    assert verdict(only(labels=["SUD"]), records=[record(source="org:x")], facts={"sources": {"org:x": ["HIV"]}}) == "deny"


@pytest.mark.parametrize(("kind", "expected"), [("part2_program", "deny"), ("covered_entity", "permit")])
def test_what_a_part_2_program_discloses_of_its_own_is_sud(kind: str, expected: str) -> None:
    own = record(labels=["HIV"], source="prog:harbor")
    hiv = permit(discloser="prog:harbor", boxes=[box(labels=["HIV"])])
    assert verdict(hiv, discloser={"id": "prog:harbor", "kind": kind}, records=[own]) == expected


def test_what_a_part_2_program_received_from_others_is_not_made_sud() -> None:
    received = record(labels=["HIV"], source="org:x")
    hiv = permit(discloser="prog:harbor", boxes=[box(labels=["HIV"])])
    assert verdict(hiv, discloser={"id": "prog:harbor", "kind": "part2_program"}, records=[received]) == "permit"


# Coverage, axis by axis.


def test_a_permit_needs_all_labels_in_one_box() -> None:
    halves = permit(boxes=[box(labels=["SUD"]), box(labels=["HIV"])])
    assert verdict(halves, records=[record(labels=["SUD", "HIV"])]) == "deny"


def test_a_deny_needs_any_label() -> None:
    assert basis(ALL, no(labels=["HIV"]), records=[record(labels=["SUD", "HIV"])]) == "d1"


def test_a_record_without_labels_is_covered_by_any_box_of_a_permit() -> None:
    assert verdict(only(labels=["HIV"]), records=[record(labels=[])]) == "permit"


def test_a_box_that_lists_no_label_means_no_record_not_even_one_without_labels() -> None:
    assert verdict(only(labels=[]), records=[record(labels=[])]) == "deny"


def test_an_exception_to_a_deny_that_lists_no_label_takes_nothing_away() -> None:
    everything = deny(boxes=[box(labels="*", purposes="*", recipients="*")], **{"except": [{"labels": []}]})
    assert basis(ALL, everything, records=[record(labels=[])]) == "d1"


@pytest.mark.parametrize(("written", "expected"), [(["HIV"], "g1"), ("*", "d1")])
def test_a_record_without_labels_is_covered_by_a_deny_of_all_labels_only(written: Any, expected: str) -> None:
    assert basis(ALL, no(labels=written), records=[record(labels=[])]) == expected


def test_one_box_covers_on_every_axis_or_not_at_all() -> None:
    crossed = permit(boxes=[box(categories=["diagnosis"], purposes=["payment"]), box(categories=["lab"], purposes=["treatment"])])
    assert verdict(crossed) == "deny"


@pytest.mark.parametrize(("category", "expected"), [("diagnosis", "permit"), ("lab", "deny"), (None, "deny")])
def test_a_permit_covers_the_categories_it_lists(category: str | None, expected: str) -> None:
    assert verdict(only(categories=["diagnosis"]), records=[record(category=category)]) == expected


def test_a_deny_covers_a_record_of_unknown_category() -> None:
    assert basis(ALL, no(categories=["lab"]), records=[record(category=None)]) == "d1"


def test_a_permit_whose_box_names_no_action_permits_disclosure() -> None:
    silent = {axis: value for axis, value in box().items() if axis != "actions"}
    assert [verdict(permit(boxes=[silent]), action=action) for action in ("disclose", "use")] == ["permit", "deny"]


def test_a_deny_whose_box_names_no_action_denies_every_action() -> None:
    silent = {axis: value for axis, value in box().items() if axis != "actions"}
    assert basis(only(actions="*"), deny(boxes=[silent]), action="use") == "d1"


@pytest.mark.parametrize("axis", ["labels", "categories", "purposes", "recipients"])
def test_a_deny_means_everything_on_an_axis_it_leaves_empty_and_a_permit_nothing(axis: str) -> None:
    other = record(labels=["HIV"])
    assert basis(ALL, no(**{"labels": "*", axis: None}), records=[other]) == "d1"
    assert verdict(only(**{"labels": "*", axis: None}), records=[other]) == "deny"


@pytest.mark.parametrize(
    ("date", "expected"),
    [("2026-04-30", "deny"), ("2026-05-01", "permit"), ("2026-05-31", "permit"), ("2026-06-01", "deny"), (None, "deny")],
)
def test_a_data_period_holds_both_its_ends(date: str | None, expected: str) -> None:
    assert verdict(only(data_period={"start": "2026-05-01", "end": "2026-05-31"}), records=[record(date=date)]) == expected


@pytest.mark.parametrize(("edge", "expected"), [({"start": "2026-05-01"}, "permit"), ({"end": "2026-05-01"}, "permit"), ({}, "permit")])
def test_a_data_period_may_have_one_end_or_none(edge: dict[str, str], expected: str) -> None:
    assert verdict(only(data_period=edge), records=[record(date="2026-05-01")]) == expected


def test_a_deny_covers_a_record_of_unknown_date() -> None:
    assert basis(ALL, no(data_period={"start": "2020-01-01", "end": "2020-12-31"}), records=[record(date=None)]) == "d1"


@pytest.mark.parametrize(("discloser", "expected"), [("org:clinic", "permit"), ("*", "permit"), ("org:other", "deny"), (None, "deny")])
def test_a_permit_binds_the_discloser_it_names(discloser: str | None, expected: str) -> None:
    assert verdict(permit(discloser=discloser)) == expected


@pytest.mark.parametrize(("discloser", "expected"), [("org:clinic", "d1"), ("*", "d1"), ("org:other", "g1"), (None, "d1")])
def test_a_deny_that_names_no_discloser_binds_every_one(discloser: str | None, expected: str) -> None:
    assert basis(permit(), deny(discloser=discloser)) == expected


LEE = [{"person": "per:lee", "org": "org:lakeside"}]


@pytest.mark.parametrize(
    ("selector", "who", "expected"),
    [
        ("*", {}, "permit"),
        ([{"org": "org:lakeside"}], {"id": "org:lakeside", "org": None}, "permit"),
        ([{"org": "org:lakeside"}], {}, "permit"),
        ([{"org": "org:lakeside"}], {"org": "org:westend"}, "deny"),
        ([{"person": "per:lee"}], {"org": "org:westend"}, "permit"),
        (LEE, {}, "permit"),
        (LEE, {"org": "org:westend"}, "deny"),
        (LEE, {"org": None}, "deny"),
        (LEE, {"id": "per:kim"}, "deny"),
        ([{"role": "nurse"}], {"roles": [{"role": "nurse", "org": "org:x"}]}, "permit"),
        ([{"role": "nurse"}], {"roles": [{"role": "clerk", "org": "org:x"}]}, "deny"),
        ([{"role": "nurse"}], {"roles": []}, "deny"),
        ([{"role": "nurse"}], {"roles": None}, "deny"),
        ([{"role": "nurse", "org": "org:x"}], {"roles": [{"role": "nurse", "org": "org:x"}]}, "permit"),
        ([{"role": "nurse", "org": "org:x"}], {"roles": [{"role": "nurse", "org": "org:y"}]}, "deny"),
        ([{"designation": "treating", "via": "hie"}], {"via": "hie", "treating_relationship": True}, "permit"),
        ([{"designation": "treating", "via": "hie"}], {"via": "hie", "treating_relationship": False}, "deny"),
        ([{"designation": "treating", "via": "hie"}], {"via": "hie"}, "deny"),
        ([{"designation": "treating", "via": "hie"}], {"via": "other", "treating_relationship": True}, "deny"),
        ([{"designation": "treating", "via": "hie"}], {"treating_relationship": True}, "deny"),
        ([{"class": "tpo"}], {"kind": "covered_entity"}, "deny"),
        ([{"class": "tpo"}, {"person": "per:lee"}], {}, "permit"),
    ],
)
def test_a_permit_reaches_the_recipients_it_selects(selector: Any, who: dict[str, Any], expected: str) -> None:
    assert verdict(only(recipients=selector), recipient=recipient(**who)) == expected


@pytest.mark.parametrize(
    ("selector", "who", "expected"),
    [
        ([{"designation": "treating", "via": "hie"}], {"via": "hie"}, "d1"),
        ([{"designation": "treating", "via": "hie"}], {"via": "hie", "treating_relationship": False}, "g1"),
        ([{"designation": "treating", "via": "hie"}], {"via": "other"}, "g1"),
        ([{"role": "nurse"}], {"roles": None}, "d1"),
        ([{"role": "nurse"}], {"roles": []}, "g1"),
        ([{"role": "nurse", "org": "org:x"}], {"roles": [{"role": "nurse"}]}, "d1"),
        ([{"role": "nurse", "org": "org:x"}], {"roles": [{"role": "nurse", "org": "org:y"}]}, "g1"),
        (LEE, {"org": None}, "d1"),
        (LEE, {"org": "org:westend"}, "g1"),
        ([{"class": "tpo"}], {}, "d1"),
    ],
)
def test_a_deny_reaches_recipients_of_whom_the_fact_is_unknown(selector: Any, who: dict[str, Any], expected: str) -> None:
    assert basis(ALL, no(recipients=selector), recipient=recipient(**who)) == expected


# Except-boxes.


def test_an_except_box_takes_away_from_its_own_directive_only() -> None:
    assert basis(permit("g1", **{"except": [{"categories": ["diagnosis"]}]}), permit("g2")) == "g2"


def test_an_except_box_of_a_permit_bites_on_any_label() -> None:
    assert verdict({**ALL, "except": [{"labels": ["HIV"]}]}, records=[record(labels=["SUD", "HIV"])]) == "deny"


def test_an_except_box_of_a_permit_bites_on_an_unknown_fact() -> None:
    assert verdict({**ALL, "except": [{"categories": ["lab"]}]}, records=[record(category=None)]) == "deny"


def test_an_except_box_of_a_deny_needs_all_labels() -> None:
    refused = {**no(labels="*"), "except": [{"labels": ["HIV"]}]}
    assert [basis(ALL, refused, records=[record(labels=labels)]) for labels in (["SUD", "HIV"], ["HIV"])] == ["d1", "g1"]


def test_an_except_box_of_a_deny_does_not_help_where_a_fact_is_unknown() -> None:
    assert basis(ALL, {**no(labels="*"), "except": [{"categories": ["lab"]}]}, records=[record(category=None)]) == "d1"


def test_an_except_box_reaches_every_action_if_it_names_none() -> None:
    assert verdict({**only(actions="*"), "except": [{"categories": ["diagnosis"]}]}, action="use") == "deny"
