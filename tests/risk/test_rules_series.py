"""What a series shows: how many events fit, and whether it got worse."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.risk import RuleLimits, RuleSettings
from tests.risk.rule_strategies import at
from tests.risk.saying import of, said

LATER, NAIVE = at(-1), "2026-03-01T10:00:00"


def events(*given: Any, **besides: Any) -> dict[str, Any]:
    """A series of these events."""
    return {"events": list(given), **besides}


def counted(record: Any, op: str = "ge", value: int = 1, **where: Any) -> tuple[Any, ...]:
    """What a count of the last three days says."""
    return said({"count": {"fact": "log", "last": "P3D", **where}, "op": op, "value": value}, {"log": record})


HIGH = {"where": {"op": "ge", "value": 7}}


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (None, ("may", "not_recorded")),
        ([], ("may", "wrong_type", "wrong_type")),
        ({"value": 8}, ("may", "wrong_type", "wrong_type")),
        (events(), ("cannot",)),
        (events({"at": at(72), "value": 8}), ("must",)),
        (events({"at": at(73), "value": 8}), ("cannot",)),
        (events({"at": at(1), "value": 6}), ("cannot",)),
        (events({"at": None, "value": 6}), ("cannot",)),
        (events({"at": at(73), "value": None, "why": "refused"}), ("cannot",)),
        (events({"at": NAIVE, "value": 8}), ("may", "undated", "naive_time")),
        (events({"at": LATER, "value": 8}), ("may", "future")),
        (events({"at": at(1)}), ("may", "partial")),
        (events({"at": at(1), "value": "8"}), ("may", "wrong_type", "wrong_type")),
        (events({"at": at(1), "bounds": [6, 7]}), ("may", "partial")),
        (events({"at": at(1), "bounds": [7, 9]}), ("must",)),
        (events({"at": None, "value": None, "why": "refused"}), ("may", "refused")),
        (events(7), ("may", "undated", "wrong_type")),
        (events(known_since=at(71)), ("may", "not_known_since")),
        (events(known_since=at(72)), ("cannot",)),
        (events(known_since=NAIVE), ("may", "not_known_since", "naive_time")),
    ],
)
def test_an_event_counts_if_it_surely_fits_and_may_count_unless_it_surely_does_not(record: Any, outcome: tuple[str, ...]) -> None:
    assert counted(record, **HIGH) == outcome


def test_a_count_is_a_whole_number_from_sure_to_possible() -> None:
    one_sure_one_possible = events({"at": at(1), "value": 8}, {"at": None, "value": 8})
    assert [counted(one_sure_one_possible, "eq", value)[0] for value in range(4)] == ["cannot", "may", "may", "cannot"]


def worse(fact: str, value: float, baseline: str, *given: Any) -> tuple[Any, ...]:
    """What a trend says."""
    return of(fact, {"events": list(given)}, op="worse_by", value=value, baseline=baseline)


def seen(hours: int, value: Any) -> dict[str, Any]:
    """An observation so many hours ago."""
    return {"at": at(hours), "value": value}


@pytest.mark.parametrize(
    ("given", "baseline", "outcome"),
    [
        ((seen(1, 5),), "first", ("may", "too_few")),
        ((seen(1, 5), {"at": None, "value": 1}), "first", ("may", "undated")),
        ((seen(1, 5), seen(-1, 9)), "first", ("may", "future")),
        ((seen(28 * 24 + 1, 5), seen(29 * 24, 0)), "first", ("may", "stale")),
        ((seen(28 * 24, 5), seen(29 * 24, 0)), "first", ("must",)),
        ((seen(3, 1), seen(2, 4), seen(1, 5)), "first", ("must",)),
        ((seen(3, 1), seen(2, 4), seen(1, 5)), "previous", ("cannot",)),
        ((seen(3, 4), seen(2, 1), seen(1, 5)), "best", ("must",)),
        ((seen(3, 4), seen(2, None), seen(1, 5)), "best", ("may", "partial")),
        ((seen(3, 4), seen(2, None), seen(1, 9)), "best", ("must",)),
        ((seen(2, 1), seen(1, 9), seen(1, 2)), "previous", ("must",)),
        ((seen(2, 1), seen(1, 9), {"at": at(1), "bounds": [1, 2]}), "first", ("may", "partial")),
        ((seen(2, 1), {"at": at(1), "bounds": [5, 9]}), "first", ("must",)),
    ],
)
def test_a_trend_compares_the_latest_with_those_before(given: Any, baseline: str, outcome: tuple[str, ...]) -> None:
    assert worse("log", 4, baseline, *given) == outcome


def test_a_trend_reads_numbers_as_they_are_written() -> None:
    assert 0.3 - 0.1 < 0.2
    assert worse("mood", 0.2, "first", seen(2, 0.3), seen(1, 0.1)) == ("must",)


def test_a_trend_without_ends_can_be_told_only_from_what_is_known() -> None:
    assert worse("mood", 1, "best", seen(3, 5), seen(2, None), seen(1, 4)) == ("must",)
    assert worse("mood", 1, "best", seen(3, 5), seen(2, None), seen(1, 5)) == ("may", "partial")


def test_a_leaf_reads_as_many_events_as_the_limit_and_no_more() -> None:
    when = {"fact": "log", "op": "worse_by", "value": 1, "baseline": "first"}
    facts = {"log": events(seen(2, 1), seen(1, 5))}
    assert said(when, facts, RuleSettings(limits=RuleLimits(max_events_per_leaf=2))) == ("must",)
    assert said(when, facts, RuleSettings(limits=RuleLimits(max_events_per_leaf=1))) == ("may", "over_budget")
