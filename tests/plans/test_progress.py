"""Progress: met, not met, or nobody can tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from recoverycore.errors import DocumentError, InstantError
from recoverycore.plans import ClientSettings, Evening, Goal, Observation, PeriodProgress, progress
from tests.plans.goal_strategies import CHICAGO, entry, goal

AFTER_THE_WEEK = datetime(2026, 3, 9, 16, tzinfo=UTC)


def seen(aim: Goal, *observations: Observation, as_of: datetime = AFTER_THE_WEEK, **more: Any) -> tuple[PeriodProgress, ...]:
    return progress(aim, observations, **{"as_of": as_of, "known_at": datetime(2027, 1, 1, tzinfo=UTC), "settings": CHICAGO, **more})


def week(aim: Goal, *observations: Observation, **more: Any) -> PeriodProgress:
    return seen(aim, *observations, **more)[0]


def bounds(found: PeriodProgress) -> tuple[Any, Any]:
    return found.lower, found.upper


def said(value: str, *days: int) -> list[Observation]:
    return [entry(f"{value}{day}", date=f"2026-03-0{day}", value=value) for day in days]


def times(**fields: Any) -> Goal:
    """How many times a week, at least three."""
    return goal(measure="count", unit="time", **fields)


def shares(**fields: Any) -> Goal:
    """A friend texted first, on at least half of the cravings."""
    return goal(**{"measure": "ratio", "unit": None, "num": "texted", "den": "craving", "target": 0.5, **fields})


def summary(name: str, total: int, recorded_at: str = "2026-03-09T12:00:00Z", **fields: Any) -> Observation:
    return entry(name, summary_from="2026-03-02", total=total, recorded_at=recorded_at, **fields)


def test_a_week_of_silence_is_never_missed() -> None:
    assert week(goal()).status == "cannot_tell"


def test_a_declined_answer_overrides_nothing() -> None:
    assert week(goal(), *said("yes", 2, 3, 4), *said("declined", 2, 3, 4, 5)) == week(goal(), *said("yes", 2, 3, 4))


def test_people_who_disagree_leave_the_day_open_both_ways_and_named() -> None:
    found = week(goal(), *said("yes", 2, 3, 4), entry("peer", by="peer", date="2026-03-04", value="no"))
    assert (bounds(found), found.conflicts, found.unknown) == ((2, 7), (date(2026, 3, 4),), 5)


def test_what_lies_outside_the_span_is_not_used_and_not_held_against_anybody() -> None:
    found = week(goal(start="2026-03-05", until="2026-03-06"), *said("no", 2, 3, 4, 7, 8), *said("yes", 5, 6))
    assert (found.status, bounds(found), found.outside) == ("cannot_tell", (2, 7), 5)


def test_a_period_after_the_last_day_is_not_listed() -> None:
    assert len(seen(goal(until="2026-03-08"), as_of=datetime(2026, 4, 1, tzinfo=UTC))) == 1


def test_nothing_is_listed_before_the_first_period_begins() -> None:
    assert seen(goal(), as_of=datetime(2026, 3, 2, 5, 59, 59, tzinfo=UTC)) == ()


def test_the_first_period_is_listed_at_the_instant_it_begins() -> None:
    (found,) = seen(goal(), as_of=datetime(2026, 3, 2, 6, tzinfo=UTC))
    assert (found.start, found.open, found.closed) == (date(2026, 3, 2), 7, False)


def test_a_week_closes_when_its_last_evening_has_ended() -> None:
    late = ClientSettings(zone="America/Chicago", week_start="monday", evening=Evening(start="18:00", end="02:00"))
    at = [datetime(2026, 3, 9, 6, 59, 59, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)]
    assert [week(goal(), settings=late, as_of=each).closed for each in at] == [False, True]


def test_a_daily_goal_on_named_weekdays_has_no_periods_on_others() -> None:
    found = seen(times(per="day", on=["fri"], target=1), as_of=datetime(2026, 3, 20, tzinfo=UTC))
    assert [each.start for each in found] == [date(2026, 3, 6), date(2026, 3, 13)]


def test_a_date_that_never_happened_is_no_unit() -> None:
    apia = ClientSettings(zone="Pacific/Apia", week_start="monday")
    (found,) = seen(goal(unit="day", start="2011-12-26", until="2012-01-01"), as_of=datetime(2012, 1, 5, tzinfo=UTC), settings=apia)
    assert (found.upper, found.unknown) == (6, 6)


def test_an_instant_counts_for_its_local_date() -> None:
    late = entry("o1", at="2026-03-09T04:59:00Z")
    assert week(goal(unit="day"), late).lower == 1


@pytest.mark.parametrize(("hour", "inside"), [("06T22:59:59", False), ("06T23:00:00", True), ("07T04:59:59", True), ("07T05:00:00", False)])
def test_an_evening_has_its_first_instant_and_not_its_last(hour: str, inside: bool) -> None:  # noqa: FBT001 - a parameter
    assert week(goal(), entry("o1", at=f"2026-03-{hour}Z")).lower == inside


def test_an_evening_is_over_at_the_instant_it_ends() -> None:
    ends = datetime(2026, 3, 3, 5, tzinfo=UTC)
    found = [week(goal(), as_of=each) for each in (ends - timedelta(seconds=1), ends)]
    assert [(each.unknown, each.open) for each in found] == [(0, 7), (1, 6)]


def test_an_evening_inside_a_skipped_hour_is_no_unit() -> None:
    at_night = CHICAGO.evolve(evening={"start": "02:15", "end": "02:45"})
    assert week(goal(), settings=at_night).upper == 6


def test_happenings_add_up_and_leave_the_rest_unbounded() -> None:
    found = week(times(), entry("o1", at="2026-03-02T12:00:00Z"), entry("o2", date="2026-03-02", amount=2), entry("o3", date="2026-03-03"))
    assert (found.status, bounds(found), found.unknown) == ("met", (4, None), 7)


def test_at_most_so_often_is_never_met_while_there_is_no_bound() -> None:
    assert week(times(comparator="at_most", target=9), *said("no", 2, 3, 4, 5, 6, 7)).status == "cannot_tell"


def test_at_most_so_often_is_met_when_every_day_has_its_number() -> None:
    assert week(times(comparator="at_most", target=0), *said("no", 2, 3, 4, 5, 6, 7, 8)).status == "met"


def test_how_often_a_day_can_hold_is_a_bound() -> None:
    found = week(times(max_per_day=2), entry("o1", date="2026-03-02", amount=3), entry("o2", date="2026-03-03", total=1))
    assert bounds(found) == (4, 3 + 1 + 5 * 2)


def test_a_declined_count_happened_no_time_that_we_know_of() -> None:
    assert week(times(), *said("declined", 2), *said("unknown", 3)) == week(times())


def test_days_outside_the_span_may_hold_any_number() -> None:
    totals = [entry(f"o{day}", date=f"2026-03-0{day}", total=1) for day in (2, 3)]
    assert bounds(week(times(until="2026-03-03"), *totals)) == (2, None)
    assert bounds(week(times(until="2026-03-03", max_per_day=4), *totals)) == (2, 2 + 5 * 4)


def test_totals_that_differ_leave_both_open() -> None:
    found = week(times(max_per_day=0), entry("o1", date="2026-03-02", total=1), entry("o2", date="2026-03-02", total=4))
    assert (bounds(found), found.conflicts) == ((1, 4), (date(2026, 3, 2),))


def test_more_happenings_than_the_total_says_are_believed_and_named() -> None:
    found = week(times(max_per_day=0), entry("o1", date="2026-03-02", total=1), entry("o2", date="2026-03-02", amount=3))
    assert (bounds(found), found.conflicts) == ((3, 3), (date(2026, 3, 2),))


def test_a_summary_outside_the_bounds_of_the_days_widens_them_and_is_named() -> None:
    found = week(goal(), *said("no", 2, 3, 4, 5), summary("s1", 5))
    assert (found.status, bounds(found), found.conflicts, found.closed) == ("cannot_tell", (0, 5), ("period",), True)


def test_a_summary_below_what_the_days_say_widens_too() -> None:
    found = week(goal(), *said("yes", 2, 3, 4, 5), summary("s1", 2))
    assert (bounds(found), found.conflicts) == ((2, 7), ("period",))


def test_a_summary_given_before_the_last_day_is_a_floor() -> None:
    found = week(goal(), summary("s1", 2, "2026-03-08T04:59:00Z"), as_of=datetime(2026, 3, 8, 5, tzinfo=UTC))
    assert (found.status, bounds(found), found.closed) == ("cannot_tell", (2, 7), False)


def test_a_summary_given_on_the_last_day_is_the_whole() -> None:
    assert bounds(week(goal(), summary("s1", 2, "2026-03-08T06:00:00Z"))) == (2, 2)


def test_the_largest_floor_counts_and_one_above_every_bound_is_named() -> None:
    early = "2026-03-06T12:00:00Z"
    found = week(goal(), *said("no", 2, 3, 4, 5), summary("s1", 1, early), summary("s2", 4, early))
    assert (bounds(found), found.conflicts) == ((0, 4), ("period",))
    assert bounds(week(goal(), summary("s1", 1, early), summary("s2", 4, early))) == (4, 7)


def test_a_whole_summary_makes_a_floor_needless() -> None:
    assert bounds(week(goal(), summary("s1", 5, "2026-03-06T12:00:00Z"), summary("s2", 2))) == (2, 2)


def test_a_summary_from_another_date_than_the_first_is_of_no_period() -> None:
    assert week(goal(), entry("s1", summary_from="2026-03-03", total=4)) == week(goal())


def test_a_summary_bounds_a_count_that_had_none() -> None:
    assert bounds(week(times(), summary("s1", 5))) == (5, 5)
    assert bounds(week(times(), summary("s1", 5), summary("s2", 6))) == (0, None)


def test_a_share_is_one_number_by_the_other() -> None:
    found = week(shares(), summary("s1", 3, counts="texted"), summary("s2", 4, counts="craving"))
    assert (found.status, found.value) == ("met", Fraction(3, 4))
    assert (found.to_row()["lower"], found.to_row()["upper"]) == ("3/4", "3/4")


def test_a_share_of_no_occasion_cannot_be_told() -> None:
    found = week(shares(), summary("s1", 0, counts="texted"), summary("s2", 0, counts="craving"))
    assert (found.status, bounds(found), found.value) == ("cannot_tell", (None, None), None)


def test_a_share_is_closed_early_only_by_two_summaries() -> None:
    on_sunday = "2026-03-08T20:00:00Z"
    texted, craving = (summary(name, 1, on_sunday, counts=name) for name in ("texted", "craving"))
    as_of = datetime(2026, 3, 8, 21, tzinfo=UTC)
    assert [week(shares(), *each, as_of=as_of).closed for each in ([craving], [texted, craving])] == [False, True]


def test_people_may_disagree_about_either_number_of_a_share() -> None:
    disagreed = [entry(f"o{total}", date="2026-03-04", total=total, counts="craving") for total in (1, 2)]
    whole = [summary("s1", 3, counts="craving"), summary("s2", 4, counts="craving")]
    assert week(shares(), *disagreed, *whole).conflicts == (date(2026, 3, 4), "period")


def test_a_share_has_bounds_while_its_numbers_have() -> None:
    found = week(
        shares(max_per_day=1), *[entry(f"c{day}", date=f"2026-03-0{day}", total=1, counts="craving") for day in (2, 3, 4, 5)],
        *[entry(f"t{day}", date=f"2026-03-0{day}", total=1, counts="texted") for day in (2, 3)],
    )  # fmt: skip
    assert (bounds(found), found.unknown) == ((Fraction(2, 7), Fraction(1)), 5)


def test_a_share_is_compared_by_what_its_target_says() -> None:
    fifths = week(shares(target=0.8), summary("s1", 4, counts="texted"), summary("s2", 5, counts="craving"))
    assert fifths.status == "met"


def test_entries_about_another_thing_are_about_another_goal() -> None:
    sober = [entry(f"o{day}", date=f"2026-03-0{day}", value="yes", counts="sober_evening") for day in (2, 3)]
    other = [entry("o9", date="2026-03-04", value="yes", counts="journalled")]
    assert week(goal(counts="sober_evening"), *sober, *other, *said("yes", 5)).lower == 3


def once(*observations: Observation, due: str | None = "2026-03-08", as_of: datetime = AFTER_THE_WEEK) -> str:
    (found,) = seen(goal(measure="once", per=None, target=None, start=None, due=due), *observations, as_of=as_of)
    assert set(found.to_row()) == {"status"}
    return found.status


def test_a_thing_reached_is_met_even_before_it_is_due() -> None:
    assert once(*said("yes", 3), as_of=datetime(2026, 3, 3, 12, tzinfo=UTC)) == "met"


def test_a_thing_is_not_reached_by_what_has_not_come_yet() -> None:
    assert once(*said("yes", 5), as_of=datetime(2026, 3, 3, 12, tzinfo=UTC)) == "cannot_tell"
    assert once(entry("o1", at="2026-03-03T12:00:01Z"), as_of=datetime(2026, 3, 3, 12, tzinfo=UTC)) == "cannot_tell"
    assert once(entry("o1", at="2026-03-03T12:00:00Z"), as_of=datetime(2026, 3, 3, 12, tzinfo=UTC)) == "met"
    assert once(*said("yes", 5), as_of=datetime(2026, 3, 5, 6, tzinfo=UTC)) == "met"


def test_a_thing_is_missed_only_when_somebody_says_so_on_or_after_its_last_day() -> None:
    assert [once(*said("no", day)) for day in (7, 8, 9)] == ["cannot_tell", "not_met", "not_met"]


def test_a_thing_is_not_missed_before_its_last_day_is_over() -> None:
    last_second = datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC)
    over = datetime(2026, 3, 9, 5, tzinfo=UTC)
    assert [once(*said("no", 8), as_of=each) for each in (last_second, over)] == ["cannot_tell", "not_met"]


def test_a_thing_is_closed_when_it_is_reached_or_its_last_day_is_over() -> None:
    aim = goal(measure="once", due="2026-03-08")
    early = datetime(2026, 3, 3, 12, tzinfo=UTC)
    views = (seen(aim, as_of=early), seen(aim, *said("yes", 3), as_of=early), seen(aim))
    assert [each[0].closed for each in views] == [False, True, True]


def test_silence_about_a_thing_is_no_answer() -> None:
    assert once() == once(*said("declined", 8)) == once(*said("no", 8), due=None) == "cannot_tell"


@pytest.mark.parametrize(("missing", "aim"), [("evening", goal()), ("week_start", goal(unit="day")), ("zone", goal(unit="day", per="day"))])
def test_a_setting_that_is_needed_is_asked_for(missing: str, aim: Goal) -> None:
    kept = {name: value for name, value in CHICAGO.to_data().items() if name != missing}
    with pytest.raises(DocumentError) as caught:
        week(aim, settings=ClientSettings.model_validate(kept))
    assert [(each.name, each.path) for each in caught.value.problems] == [("settings_missing", f"/settings/{missing}")]


def test_everything_that_a_goal_does_not_say_yet_is_told_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        seen(Goal(id="g1"))
    assert [each.path for each in caught.value.problems] == ["/goal/measure", "/goal/per", "/goal/target", "/goal/start"]
    with pytest.raises(DocumentError) as caught:
        seen(goal(measure="ratio", target=1))
    assert [each.path for each in caught.value.problems] == ["/goal/num", "/goal/den"]


@pytest.mark.parametrize("name", ["as_of", "known_at"])
def test_a_naive_instant_is_refused(name: str) -> None:
    with pytest.raises(InstantError, match="naive_time"):
        seen(goal(), **{name: datetime(2026, 3, 9, 16)})  # noqa: DTZ001 - that is the point
