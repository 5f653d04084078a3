"""Facts that a rule speaks about: silence, signs, missed appointments, what is due. Missing is never no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.ground import calendar_add, parse_duration
from recoverycore.risk import DerivedFact, Known, Signal, changes_at, derive, last_contact
from tests.risk.noticed import NOW, SIGNALS, sign

WEEK = timedelta(days=7)
SIGNS = DerivedFact(of="distinct_signs", within="P7D")
MISSED = DerivedFact(of="missed_appointments", within="P21D")
QUIET = DerivedFact(of="silence", within="P7D")
DUE = DerivedFact(of="due", within="P3D")
OVERDUE = DerivedFact(of="overdue")


def known(*signals: Signal, **more: Any) -> Known:
    return Known(signals=signals, **{"zone": "America/New_York", **more})


def bounds(fact: DerivedFact, *signals: Signal, **more: Any) -> list[int]:
    found: list[int] = derive(fact, known(*signals, **more), NOW)["bounds"]
    return found


def test_the_same_sign_twice_counts_once() -> None:
    assert bounds(SIGNS, sign("a", 1, "sleep"), sign("b", 2, "sleep", "irritable")) == [2, 2]


def test_what_was_noticed_exactly_a_window_ago_is_no_longer_inside() -> None:
    assert bounds(SIGNS, sign("a", 7, "sleep")) == [0, 0]
    assert bounds(SIGNS, sign("a", 6.999, "sleep")) == [1, 1]


def test_of_what_nobody_knows_when_it_was_nobody_can_tell() -> None:
    assert bounds(SIGNS, sign("a", None, "sleep"), sign("b", 1, "irritable")) == [1, 2]
    assert bounds(MISSED, sign("m", None, kind="appointment_missed")) == [0, 1]


def test_when_it_happened_counts_for_windows_and_not_when_it_was_told() -> None:
    assert bounds(SIGNS, sign("a", 10, "sleep", recorded_at=NOW)) == [0, 0]


def test_what_was_noticed_before_rules_began_to_watch_is_history() -> None:
    signals = (sign("a", 3, "sleep"), sign("b", 1, "irritable"))
    assert bounds(SIGNS, *signals, since=NOW - timedelta(days=2)) == [1, 1]


def test_the_days_of_a_window_are_those_of_the_persons_calendar() -> None:
    """In New York the clocks went forward on 8 March 2026: the seven days before 13 March 14:00 local have 167 hours."""
    at = datetime(2026, 3, 13, 18, tzinfo=UTC)
    spoke = Signal.model_validate({"id": "s", "kind": "record", "source": "self", "recorded_at": at - WEEK + timedelta(hours=1)})
    assert derive(QUIET, known(spoke), at) == {"value": True}
    assert derive(QUIET, known(spoke, zone="UTC"), at) == {"value": False}


def test_a_contact_ends_a_silence_and_the_last_one_begins_the_next() -> None:
    assert derive(QUIET, known(sign("a", 7, source="self")), NOW) == {"value": True}
    assert derive(QUIET, known(sign("a", 6.9, source="self")), NOW) == {"value": False}
    assert derive(QUIET, known(sign("a", 9, source="self"), contact=NOW - timedelta(days=1)), NOW) == {"value": False}


def test_of_somebody_who_was_never_seen_in_touch_nobody_can_tell_until_rules_have_watched_long_enough() -> None:
    assert derive(QUIET, known(), NOW) == {"value": None}
    assert derive(QUIET, known(since=NOW - timedelta(days=6)), NOW) == {"value": False}
    assert derive(QUIET, known(since=NOW - timedelta(days=7)), NOW) == {"value": True}


@pytest.mark.parametrize(
    ("hours", "due", "overdue"), [(-73, False, False), (-72, True, False), (-1, True, False), (0, False, True), (500, False, True)]
)
def test_due_within_three_days_counts_exactly_three_and_a_due_instant_is_already_overdue(hours: int, due: object, overdue: object) -> None:
    about = known(due=NOW - timedelta(hours=hours))
    assert (derive(DUE, about, NOW)["value"], derive(OVERDUE, about, NOW)["value"]) == (due, overdue)


def test_what_has_no_clock_is_never_due_nor_overdue() -> None:
    assert derive(DUE, known(), NOW) == derive(OVERDUE, known(), NOW) == {"value": False}


def test_missed_check_ins_are_counted_elsewhere_and_handed_on() -> None:
    assert derive(DerivedFact(of="missed_check_ins"), known(missed_check_ins=2), NOW) == {"value": 2}


@pytest.mark.parametrize(
    ("fact", "name"),
    [
        ({"of": "silence"}, "length_needed"),
        ({"of": "missed_check_ins", "within": "P1D"}, "length_needed"),
        ({"of": "signals", "within": "P1D"}, "kind_needed"),
        ({"of": "silence", "within": "P1D", "kind": "craving"}, "kind_needed"),
        ({"of": "silence", "within": "P1M"}, "bad_duration"),
        ({"of": "mood", "within": "P1D"}, "not_listed"),
    ],
)
def test_a_fact_that_says_too_little_or_too_much_is_refused(fact: dict[str, str], name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        DerivedFact.model_validate(fact)
    assert caught.value.name == name


FACTS = st.sampled_from([SIGNS, MISSED, QUIET, DUE, OVERDUE, DerivedFact(of="signals", kind="craving", within="PT36H")])
MOMENTS = st.integers(-14 * 24 * 60, 14 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
KNOWN = st.builds(
    Known,
    SIGNALS.map(tuple),
    st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe"]),
    st.one_of(st.none(), MOMENTS),
    st.one_of(st.none(), MOMENTS),
    st.just(0),
    st.one_of(st.none(), MOMENTS),
)


@given(FACTS, KNOWN, MOMENTS)
def test_counting_and_silence_equal_a_plain_look_at_every_signal(fact: DerivedFact, about: Known, at: datetime) -> None:
    """The slow way: go through every signal and ask of each whether it counts."""
    found = derive(fact, about, at)
    length = parse_duration(fact.within or "PT0S")
    if fact.of == "silence":
        touched = [each for each in (last_contact(about.signals, at), about.contact, about.since) if each is not None]
        silent = [calendar_add(each, *length, about.zone) <= at for each in touched]
        assert found == {"value": all(silent) if silent else None}
    elif fact.of in ("distinct_signs", "missed_appointments", "signals"):
        kind = {"distinct_signs": "early_warning_sign", "missed_appointments": "appointment_missed", "signals": "craving"}[fact.of]
        sure, perhaps = set(), set()
        for each in about.signals:
            gone = each.retracted_at is not None and each.retracted_at <= at
            when = each.observed_at or each.recorded_at
            if each.kind != kind or each.recorded_at > at or gone or (about.since is not None and when < about.since):
                continue
            marks = set(each.codes) if fact.of == "distinct_signs" else {each.id}
            if each.observed_at is None:
                perhaps |= marks
            elif each.observed_at <= at < calendar_add(each.observed_at, *length, about.zone):
                sure |= marks
        assert found == {"bounds": [len(sure), len(sure | perhaps)]}


@given(FACTS, KNOWN, MOMENTS, MOMENTS)
def test_between_two_of_the_instants_that_are_named_time_alone_changes_nothing(
    fact: DerivedFact, about: Known, one: datetime, other: datetime
) -> None:
    first, last = min(one, other), max(one, other)
    told = {each.recorded_at for each in about.signals} | {each.retracted_at for each in about.signals if each.retracted_at}
    if any(first < each <= last for each in (*changes_at(fact, about, first), *told)):
        return
    if about.contact is not None and first < about.contact <= last:
        return
    assert derive(fact, about, first) == derive(fact, about, last)


@given(FACTS, KNOWN, MOMENTS)
def test_the_order_of_signals_never_matters(fact: DerivedFact, about: Known, at: datetime) -> None:
    turned = Known(about.signals[::-1], about.zone, about.since, about.contact, about.missed_check_ins, about.due)
    assert derive(fact, about, at) == derive(fact, turned, at)


@given(KNOWN, MOMENTS)
def test_saying_when_something_was_never_widens_what_nobody_can_tell(about: Known, at: datetime) -> None:
    placed = tuple(each if each.observed_at is not None else each.evolve(observed_at=each.recorded_at) for each in about.signals)
    told = Known(placed, about.zone, about.since, about.contact, 0, about.due)
    (low, high), (lower, upper) = derive(SIGNS, about, at)["bounds"], derive(SIGNS, told, at)["bounds"]
    assert low <= lower <= upper <= high
