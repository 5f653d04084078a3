"""What holds of every goal, every calendar and every set of entries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

import recoverycore.plans
from recoverycore.ground import Document
from recoverycore.plans import ClientSettings, Goal, Observation, PeriodProgress, progress, rate, suggest
from recoverycore.plans.units import Units
from tests.plans.goal_strategies import calendars, days, entries, entry, goal, goals, instant, instants

LATE = datetime(2026, 12, 31, tzinfo=UTC)
CERTAIN = ("met", "not_met")
GAPS = st.sampled_from(["unknown", "declined"])
days_goals = goals(("days",))
plain = entries(amended=False, summed_up=False)
Entries = list[Observation]


def seen(aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime) -> tuple[PeriodProgress, ...]:
    return progress(aim, said, as_of=as_of, known_at=LATE, settings=settings)


def unspoken(aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime) -> list[date]:
    """The dates of the units that have begun and about which nobody said yes or no."""
    units = Units.of(aim, settings)
    spoken = {day for day, about in units.by_day(said).items() if any(each.word for each in about)}
    begun = [unit.day for unit in units.between(instant(date(2026, 2, 1)).date(), date(2026, 4, 1)) if unit.start <= as_of]
    return [day for day in begun if day not in spoken]


@given(goals(), entries(), calendars, instants)
def test_the_lower_bound_is_never_above_the_upper(aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime) -> None:
    for each in seen(aim, said, settings, as_of):
        assert each.lower is not None
        assert 0 <= each.lower <= (each.lower if each.upper is None else each.upper)


@given(entries(), calendars, st.sampled_from([None, 0, 1, 3]), instants, st.data())
def test_a_share_lies_between_none_and_all(said: Entries, settings: ClientSettings, most: int | None, as_of: datetime, data: Any) -> None:
    named = [each.evolve(counts=data.draw(st.sampled_from(["texted", "craving"]))) for each in said]
    aim = goal(measure="ratio", unit="day", num="texted", den="craving", target=0.5, max_per_day=most)
    for each in seen(aim, named, settings, as_of):
        assert (each.lower is None) == (each.upper is None)
        assert each.lower is None or each.upper is None or 0 <= each.lower <= each.upper <= 1
        assert isinstance(each.lower, Fraction) or each.status == "cannot_tell"


@given(days_goals, plain, calendars, instants, st.data())
def test_the_truth_lies_within_the_bounds(aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, data: Any) -> None:
    """Whatever the gaps hold, once they are filled: no bound widens, and nothing that was certain turns out otherwise."""
    filled = [
        entry(f"fill {day}", date=day, value=data.draw(st.sampled_from(["yes", "no"]))) for day in unspoken(aim, said, settings, as_of)
    ]
    for before, after in zip(seen(aim, said, settings, as_of), seen(aim, said + filled, settings, as_of), strict=True):
        assert before.lower <= after.lower <= after.upper <= before.upper  # type: ignore[operator]  # days have both
        assert before.status in (after.status, "cannot_tell")


@given(days_goals, plain, calendars, instants, st.data())
def test_one_more_answer_where_there_was_none_never_widens(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, data: Any
) -> None:
    silent = unspoken(aim, said, settings, as_of)
    assume(silent)
    answer = entry("answer", date=data.draw(st.sampled_from(silent)), value=data.draw(st.sampled_from(["yes", "no"])))
    for before, after in zip(seen(aim, said, settings, as_of), seen(aim, [*said, answer], settings, as_of), strict=True):
        assert before.lower <= after.lower <= after.upper <= before.upper  # type: ignore[operator]  # days have both
        assert before.status in (after.status, "cannot_tell")


@given(days_goals, plain, calendars, instants, st.data())
def test_one_more_silence_never_turns_met_into_not_met_or_back(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, data: Any
) -> None:
    assume(said)
    dropped = data.draw(st.sampled_from(said))
    for before, after in zip(
        seen(aim, said, settings, as_of), seen(aim, [e for e in said if e is not dropped], settings, as_of), strict=True
    ):
        assert {before.status, after.status} != set(CERTAIN)


@given(goals(), calendars, instants)
def test_silence_alone_is_never_a_no(aim: Goal, settings: ClientSettings, as_of: datetime) -> None:
    """Without an entry nothing is missed that the units could have held."""
    for each in seen(aim, [], settings, as_of):
        assert each.lower == 0
        assert each.status != "not_met" or (each.upper is not None and each.upper < (aim.target or 0))


@given(goals(), entries(), calendars, instants, st.builds(lambda day, value: entry("gap", date=day, value=value), days, GAPS))
def test_an_answer_that_is_none_changes_nothing(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, gap: Observation
) -> None:
    assert seen(aim, [*said, gap], settings, as_of) == seen(aim, said, settings, as_of)


@given(goals(), entries(), calendars, instants, st.randoms())
def test_the_order_of_entries_and_their_repetition_never_matter(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, random: Any
) -> None:
    shuffled = said * 2
    random.shuffle(shuffled)
    assert seen(aim, shuffled, settings, as_of) == seen(aim, said, settings, as_of)


@given(goals(), entries(amended=False), calendars, instants, st.data())
def test_somebody_who_agrees_changes_nothing(aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, data: Any) -> None:
    """The same statement by somebody else. (Another happening is no statement: it is one more.)"""
    statements = [each for each in said if each.total is not None or each.value == "no" or aim.measure == "days"]
    assume(statements)
    agreeing = data.draw(st.sampled_from(statements)).evolve(id="agreeing", by="peer")
    assert seen(aim, [*said, agreeing], settings, as_of) == seen(aim, said, settings, as_of)


@given(goals(), entries(), calendars, instants, instants)
def test_a_view_of_what_was_known_stays_what_it_was(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, known_at: datetime
) -> None:
    then = [each for each in said if each.recorded_at <= known_at]
    views = [progress(aim, each, as_of=as_of, known_at=known_at, settings=settings) for each in (said, then)]
    assert views[0] == views[1]


@given(days_goals, plain, calendars, instants, days)
def test_a_slip_changes_the_period_of_its_own_date_only(
    aim: Goal, said: Entries, settings: ClientSettings, as_of: datetime, day: date
) -> None:
    before, after = seen(aim, said, settings, as_of), seen(aim, [*said, entry("slip", date=day, value="no")], settings, as_of)
    changed = [each.start for each, other in zip(before, after, strict=True) if each != other]
    assert changed in ([], [max(each.start for each in before if each.start is not None and each.start <= day)] if changed else [])
    earlier = [each for each in before if each.start is not None and each.start not in changed]
    assert rate(earlier) == rate([each for each in after if each.start not in changed])


@given(days_goals, calendars, instants)
def test_every_unit_of_a_period_is_told_once(aim: Goal, settings: ClientSettings, as_of: datetime) -> None:
    for each in seen(aim, [], settings, as_of):
        assert each.upper == each.unknown + each.open + each.outside


def test_nothing_here_counts_what_a_slip_would_set_to_nought() -> None:
    """Neither a name nor a field nor a word in what is told: no count of days without, no longest run."""
    told: list[Any] = [goal(), PeriodProgress("met", closed=True), rate([]), suggest([])]
    named = set(recoverycore.plans.__all__)
    for name in recoverycore.plans.__all__:
        value = getattr(recoverycore.plans, name)
        if isinstance(value, type) and issubclass(value, Document):
            named |= set(value.model_fields)
        elif attrs.has(value):
            named |= {each.name for each in attrs.fields(value)}
    rows = [{"to_row": each.to_row()} if hasattr(each, "to_row") else each.to_data() for each in told]
    assert {"Goal", "lower", "not_met"} <= named
    assert [each for each in [*named, str(rows)] if any(word in each.lower() for word in ("streak", "longest", "days_since"))] == []
