"""What several periods say together, how soon a yes came again, and which word they suggest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.errors import DocumentError
from recoverycore.plans import ACHIEVEMENT_CODES, Goal, Observation, PeriodProgress, RecoveryTime, rate, recovery_time, suggest
from tests.plans.goal_strategies import CHICAGO, entry, goal

WORDS = {"m": "met", "n": "not_met", "?": "cannot_tell"}
AS_OF = datetime(2026, 3, 20, tzinfo=UTC)
stories = st.text("mn?", max_size=12)


def told(story: str) -> list[PeriodProgress]:
    """Closed periods, a letter each; a capital letter is one that has not closed."""
    return [PeriodProgress(WORDS[each.lower()], closed=not each.isupper()) for each in story]  # type: ignore[arg-type]  # the words above


def recovery(aim: Goal, *observations: Observation, slip: date = date(2026, 3, 2), **more: Any) -> RecoveryTime:
    return recovery_time(
        aim, slip, observations, **{"as_of": AS_OF, "known_at": datetime(2027, 1, 1, tzinfo=UTC), "settings": CHICAGO, **more}
    )


def said(value: str, *days: int) -> list[Observation]:
    return [entry(f"{value}{day}", date=f"2026-03-{day:02}", value=value) for day in days]


@given(stories)
def test_the_bounds_of_a_rate_are_shares_in_order(story: str) -> None:
    found = rate(told(story))
    assert found.of == found.met + found.not_met + found.cannot_tell == len(story)
    if found.lower is None or found.upper is None:
        assert story == ""
    else:
        assert 0 <= found.lower <= found.upper <= 1
        assert (found.lower == found.upper) == ("?" not in story)


@given(stories, stories)
def test_one_period_that_was_not_met_takes_nothing_from_the_others(before: str, after: str) -> None:
    found = rate(told(before + "n" + after))
    assert (found.met, found.cannot_tell) == (rate(told(before + after)).met, rate(told(before + after)).cannot_tell)


@given(stories, st.randoms())
def test_a_rate_over_all_periods_does_not_ask_when_they_were(story: str, random: Any) -> None:
    shuffled = list(story)
    random.shuffle(shuffled)
    assert rate(told("".join(shuffled))) == rate(told(story))


def test_only_the_last_closed_periods_are_looked_at() -> None:
    assert rate(told("nnmM?N"), 2) == rate(told("m?"))
    assert (rate(told("mm"), 9).of, rate(told("mm"), 0).of) == (2, 0)


def test_a_whole_share_is_written_as_a_fraction_too() -> None:
    assert rate(told("mm")).to_row() == {"of": 2, "met": 2, "not_met": 0, "cannot_tell": 0, "lower": "1/1", "upper": "1/1"}


def test_less_than_no_period_is_refused() -> None:
    with pytest.raises(DocumentError, match="bad_value"):
        rate(told("mm"), -1)


def test_a_gap_may_have_been_a_yes() -> None:
    assert recovery(goal(), *said("no", 2, 3), *said("yes", 6)).to_row() == {"lower": 2, "upper": 4}


def test_people_who_disagree_have_not_seen_a_yes_yet() -> None:
    assert recovery(goal(), *said("yes", 3, 5), *said("no", 3)) == RecoveryTime(1, 3)


def test_a_yes_later_than_the_view_is_not_seen_yet() -> None:
    assert recovery(goal(), *said("no", 3), *said("yes", 4), as_of=datetime(2026, 3, 4, 22, 59, tzinfo=UTC)) == RecoveryTime(2, None)
    assert recovery(goal(), *said("no", 3), *said("yes", 4), as_of=datetime(2026, 3, 4, 23, tzinfo=UTC)) == RecoveryTime(2, 2)


def test_a_slip_at_night_belongs_to_the_evening_before() -> None:
    aim, yes = goal(), said("yes", 4)
    night = CHICAGO.evolve(evening={"start": "18:00", "end": "02:00"})
    at_night = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)  # 01:30
    assert recovery(aim, *yes, slip=at_night, settings=night) == RecoveryTime(1, 1)


def test_a_slip_in_the_afternoon_belongs_to_its_date() -> None:
    assert recovery(goal(), *said("yes", 5), slip=datetime(2026, 3, 4, 20, tzinfo=UTC)) == RecoveryTime(1, 1)


def test_a_day_that_is_not_in_question_is_passed_over() -> None:
    assert recovery(goal(on=["mon", "fri"]), *said("yes", 3, 6)) == RecoveryTime(4, 4)


def test_what_lies_outside_the_span_is_no_plain_no() -> None:
    assert recovery(goal(until="2026-03-03"), *said("no", 3, 4)) == RecoveryTime(2, None)


def test_a_count_comes_again_with_the_first_time_it_happens() -> None:
    zero, one = entry("o1", date="2026-03-03", total=0), entry("o2", at="2026-03-05T12:00:00Z")
    assert recovery(goal(measure="count", unit="walk"), zero, one) == RecoveryTime(2, 3)


def test_a_count_that_somebody_denies_has_not_come_again() -> None:
    none, some = entry("o1", date="2026-03-03", total=0), entry("o2", at="2026-03-03T18:00:00Z")
    assert recovery(goal(measure="count", unit="walk"), none, some) == RecoveryTime(1, None)


@pytest.mark.parametrize("measure", ["once", "ratio", None])
def test_what_is_not_counted_in_units_has_no_recovery_time(measure: str | None) -> None:
    with pytest.raises(DocumentError, match="measure_without_units"):
        recovery(goal(measure=measure, target=1))


@given(stories, st.integers(1, 6))
def test_a_suggestion_is_never_what_only_people_state(story: str, window: int) -> None:
    found = suggest(told(story), window=window)
    assert found.suggestion not in ("reached", "not_reached_yet", "not_started", "not_for_now")
    assert found.to_row() == {"suggestion": found.suggestion, "code": ACHIEVEMENT_CODES[found.suggestion]}


@pytest.mark.parametrize(
    ("story", "word"),
    [
        ("", "cannot_tell"), ("????", "cannot_tell"), ("MMMM", "cannot_tell"),
        ("mmmm", "keeping_going"), ("nnnnmmmm", "keeping_going"), ("mmmmN", "keeping_going"),
        ("mmm", "underway"), ("nmmmnmm", "underway"),
        ("nnmnmmnm", "getting_closer"), ("mmnmnnmn", "further_away"), ("mnnmnmmn", "steady"), ("nnnnnnnn", "steady"),
        ("m?nmnmmn", "underway"), ("mnnmnmm?", "underway"),
    ],
)  # fmt: skip
def test_the_closed_periods_suggest_a_word(story: str, word: str) -> None:
    assert suggest(told(story)).suggestion == word


@given(st.text("mn?", min_size=8, max_size=8), st.data())
def test_no_gap_can_hide_the_opposite_of_a_change(story: str, data: st.DataObject) -> None:
    """Whatever the gaps turn out to hold, a suggested change was one."""
    filled = "".join(data.draw(st.sampled_from("mn")) if each == "?" else each for each in story)
    earlier, recent = filled[:4].count("m"), filled[4:].count("m")
    word = suggest(told(story)).suggestion
    assert word != "getting_closer" or recent > earlier
    assert word != "further_away" or recent < earlier


def test_how_many_periods_are_compared_is_the_hosts_choice() -> None:
    assert [suggest(told("nm"), window=each).suggestion for each in (1, 2)] == ["keeping_going", "underway"]
    with pytest.raises(DocumentError, match="bad_value"):
        suggest(told("nm"), window=0)


def test_the_codes_of_achievement_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        ACHIEVEMENT_CODES["reached"] = "sustaining"  # type: ignore[index]  # that is the point


def test_shares_are_exact() -> None:
    assert rate(told("mnn")).lower == Fraction(1, 3)
