"""What is known of a fact, and what becomes of one that is missing, wrong, outdated or known in part."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.risk import RuleSettings, Signal
from tests.risk.rule_strategies import at
from tests.risk.saying import of, said

LATER, NAIVE = at(-1), "2026-03-01T10:00:00"


@pytest.mark.parametrize(
    ("record", "reasons"),
    [
        (None, ("not_recorded",)),
        ({"value": None}, ("not_recorded",)),
        ({"value": None, "why": "refused"}, ("refused",)),
        ({"value": None, "why": "not_asked"}, ("not_asked",)),
        ({"value": None, "why": "shy"}, ("not_recorded",)),
        ({"value": 3, "at": LATER}, ("future",)),
        ({"value": 3, "at": NAIVE}, ("naive_time", "naive_time")),
        ({"value": True}, ("wrong_type", "wrong_type")),
        ({"value": 3.0}, ("wrong_type", "wrong_type")),
        ({"value": "3"}, ("wrong_type", "wrong_type")),
        ({"value": [3]}, ("wrong_type", "wrong_type")),
        ({"value": 7}, ("out_of_range", "out_of_range")),
        ({"value": 7, "at": LATER}, ("out_of_range", "out_of_range")),
        ({"bounds": [2, 4]}, ("partial",)),
        ({"bounds": [None, 4]}, ("partial",)),
        ({"bounds": [4, 2]}, ("wrong_type", "wrong_type")),
        ({"bounds": [2]}, ("wrong_type", "wrong_type")),
        ({"bounds": [2, 4.5]}, ("wrong_type", "wrong_type")),
        ({"bounds": [2, 7]}, ("out_of_range", "out_of_range")),
        ({"one_of": [3]}, ("wrong_type", "wrong_type")),
        ({"none": True}, ("wrong_type", "wrong_type")),
        ({}, ("wrong_type", "wrong_type")),
        (3, ("wrong_type", "wrong_type")),
    ],
)
def test_of_a_number_that_is_not_known_nobody_can_tell_and_the_reason_is_given(record: Any, reasons: tuple[str, ...]) -> None:
    assert of("score", record, op="ge", value=3) == ("may", *reasons)


@pytest.mark.parametrize(
    ("record", "outcome"),
    [({"bounds": [3, 4]}, "must"), ({"bounds": [3, None]}, "must"), ({"bounds": [None, 2]}, "cannot"), ({"bounds": [1, 2]}, "cannot")],
)
def test_what_is_known_in_part_decides_where_every_value_agrees(record: Any, outcome: str) -> None:
    assert of("score", record, op="ge", value=3) == (outcome,)


@pytest.mark.parametrize(
    ("record", "op", "outcome"),
    [
        ({"bounds": [1, 3]}, "in", "must"),
        ({"bounds": [1, 4]}, "in", "may"),
        ({"bounds": [4, 6]}, "in", "cannot"),
        ({"bounds": [4, 6]}, "not_in", "must"),
    ],
)
def test_a_list_is_tried_with_every_whole_number_of_the_range(record: Any, op: str, outcome: str) -> None:
    assert of("score", record, op=op, value=[1, 2, 3])[0] == outcome


def test_between_two_listed_fractions_lie_others() -> None:
    assert of("pain", {"bounds": [1, 2]}, op="in", value=[1, 2])[0] == "may"


@pytest.mark.parametrize(
    ("record", "rest"),
    [
        ({"value": 5}, ("may", "undated")),
        ({"value": 5, "at": at(7 * 24)}, ("must",)),
        ({"value": 5, "at": at(7 * 24 + 1)}, ("may", "stale")),
        ({"value": 5, "at": LATER}, ("may", "future")),
        ({"value": None, "why": "refused", "at": at(9 * 24)}, ("may", "refused")),
    ],
)
def test_a_fact_that_can_go_stale_needs_a_date_that_is_not_too_old(record: Any, rest: tuple[str, ...]) -> None:
    assert of("limit", record, op="ge", value=5) == rest


@pytest.mark.parametrize(
    ("record", "exists", "unknown"),
    [
        ({"value": 5, "at": at(1)}, "must", "cannot"),
        ({"bounds": [1, 2], "at": at(1)}, "must", "cannot"),
        ({"value": 5, "at": at(9 * 24)}, "must", "must"),
        ({"value": 5}, "may", "must"),
        (None, "may", "must"),
    ],
)
def test_an_outdated_value_is_there_though_it_is_not_known(record: Any, exists: str, unknown: str) -> None:
    assert of("limit", record, op="exists")[0] == exists
    assert of("limit", record, op="is_unknown") == (unknown,)


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        ({"value": [], "open": True}, ("may", "partial")),
        ({"value": ["opioids"], "open": True}, ("must",)),
        ({"value": ["alcohol"]}, ("cannot",)),
        ({"value": ["alcohol", "tea"]}, ("may", "unknown_code", "unknown_code")),
        ({"value": ["opioids", "tea"]}, ("must", "unknown_code")),
        ({"value": ["opioids"], "open": "no"}, ("may", "wrong_type", "wrong_type")),
        ({"value": "opioids"}, ("may", "wrong_type", "wrong_type")),
    ],
)
def test_codes_hold_if_they_are_listed_and_are_ruled_out_only_by_a_closed_list(record: Any, outcome: tuple[str, ...]) -> None:
    assert of("taken", record, op="has", value="opioids") == outcome


@pytest.mark.parametrize(
    ("record", "within", "since"),
    [
        ({"value": at(72)}, "must", "must"),
        ({"value": at(73)}, "cannot", "must"),
        ({"value": at(0)}, "must", "cannot"),
        ({"value": LATER}, "cannot", "cannot"),
        ({"none": True}, "cannot", "must"),
        ({"bounds": [None, at(80)]}, "cannot", "must"),
        ({"bounds": [at(80), at(10)]}, "may", "may"),
        ({"bounds": [at(10), None]}, "may", "cannot"),
        ({"value": "2026-03-01"}, "may", "may"),
        ({"value": "yesterday"}, "may", "may"),
    ],
)
def test_an_instant_lies_within_up_to_both_edges_and_since_from_the_edge_on(record: Any, within: str, since: str) -> None:
    assert of("last_seen", record, op="within", duration="P3D")[0] == within
    assert of("last_seen", record, op="since", duration="P3D")[0] == since


def test_a_host_may_have_since_of_never_not_be_told() -> None:
    careful = RuleSettings(since_none="unknown")
    assert of("last_seen", {"none": True}, settings=careful, op="since", duration="P3D") == ("may", "partial")


@pytest.mark.parametrize(
    ("op", "here", "there", "outcome"),
    [
        ("lt", {"value": 2}, {"value": 2.5}, ("must",)),
        ("lt", {"bounds": [1, 2]}, {"bounds": [2, 3]}, ("may", "partial", "partial")),
        ("ge", {"bounds": [1, 2]}, {"value": 2.5}, ("cannot",)),
        ("eq", {"bounds": [1, 2]}, {"value": 1.5}, ("cannot",)),
        ("eq", {"bounds": [1, 2]}, {"value": 2}, ("may", "partial")),
        ("ne", {"value": 2}, {"value": 2}, ("cannot",)),
        ("lt", {"bounds": [1, 2]}, None, ("may", "not_recorded")),
    ],
)
def test_two_facts_are_compared_for_all_that_they_may_be(op: str, here: Any, there: Any, outcome: tuple[str, ...]) -> None:
    assert said({"fact": "score", "op": op, "value_of": "pain"}, {"score": here, "pain": there}) == outcome


def test_a_fact_equals_itself_however_little_is_known_of_it() -> None:
    assert of("score", {"bounds": [1, 2]}, op="eq", value_of="score") == ("must",)


CRAVING = {"count": {"fact": "signal.craving", "last": "P3D"}, "op": "ge", "value": 1}


def noticed(**parts: Any) -> dict[str, Any]:
    """A signal of craving, an hour ago."""
    return {"id": "s", "kind": "craving", "observed_at": at(1), "recorded_at": at(0), **parts}


@pytest.mark.parametrize(
    ("signals", "outcome"),
    [
        (None, ("may", "not_recorded")),
        ([], ("cannot",)),
        ([noticed()], ("must",)),
        ([noticed(observed_at=None)], ("may", "undated")),
        ([noticed(observed_at=NAIVE)], ("may", "undated", "naive_time")),
        ([noticed(retracted_at=at(0))], ("cannot",)),
        ([noticed(retracted_at=LATER)], ("must",)),
        ([noticed(), noticed(retracted_at=at(0))], ("cannot",)),
        ([noticed(retracted_at="some day")], ("may", "undated", "wrong_type")),
        ([noticed(kind="cravng")], ("cannot", "undeclared_fact")),
        ([7], ("cannot", "undeclared_fact")),
    ],
)
def test_signals_are_facts_from_when_they_were_loaded(signals: Any, outcome: tuple[str, ...]) -> None:
    assert said(CRAVING, {}, signals=signals) == outcome


def test_a_signal_and_its_data_say_the_same() -> None:
    assert said(CRAVING, {}, signals=[Signal.model_validate(noticed())]) == ("must",)


def test_absence_is_relied_upon_only_since_signals_are_known() -> None:
    assert said(CRAVING, {}, signals=[], signals_known_since=at(10)) == ("may", "not_known_since")
    assert said(CRAVING, {}, signals=[], signals_known_since=at(72)) == ("cannot",)


def test_a_fact_that_breaks_while_it_is_read_is_not_known() -> None:
    class Broken(dict[str, Any]):
        def get(self, *_: Any) -> Any:
            raise RuntimeError

    assert of("score", Broken(value=3), op="ge", value=3) == ("may", "wrong_type", "wrong_type")
