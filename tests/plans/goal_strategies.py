"""What the tests about goals are made of: calendars, goals and entries around the clock changes of spring."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from recoverycore.plans import ClientSettings, Evening, Goal, Observation

FIRST = date(2026, 3, 2)
"""A Monday; on the Sunday of that week clocks change in Chicago."""
DAYS = 21
ZONES = ["America/Chicago", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Havana"]
WEEK_STARTS = ["monday", "saturday", "sunday"]
EVENINGS = [
    Evening(start="17:00", end="23:00"),
    Evening(start="18:00", end="02:00"),
    Evening(start="01:30", end="24:00"),
    Evening(start="17:00", end="17:00"),
]
CHICAGO = ClientSettings(zone="America/Chicago", week_start="monday", evening=Evening(start="17:00", end="23:00"))


def instant(day: date, hour: float = 12) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def goal(**fields: Any) -> Goal:
    """Three evenings a week, with `fields`."""
    made = {"id": "g1", "measure": "days", "unit": "evening", "per": "week", "target": 3, "start": "2026-03-02", **fields}
    return Goal.model_validate({key: value for key, value in made.items() if value is not None})


def entry(name: str, **fields: Any) -> Observation:
    return Observation.model_validate({"id": name, "by": "client", "recorded_at": "2026-03-23T12:00:00Z", **fields})


days = st.integers(-2, DAYS + 2).map(lambda n: FIRST + timedelta(days=n))
instants = st.builds(instant, days, st.floats(0, 24).map(lambda hour: round(hour, 2)))
calendars = st.builds(
    lambda zone, week_start, evening: ClientSettings(zone=zone, week_start=week_start, evening=evening),
    st.sampled_from(ZONES), st.sampled_from(WEEK_STARTS), st.sampled_from(EVENINGS),
)  # fmt: skip
weekdays = st.none() | st.just("any") | st.sets(st.sampled_from(["mon", "fri", "sat", "sun"]), min_size=1).map(sorted)


starts = st.integers(-3, 10).map(lambda n: FIRST + timedelta(days=n))
limits = st.none() | st.integers(0, 3)
lengths = st.none() | st.integers(0, 20)


@st.composite
def goals(draw: st.DrawFn, measures: tuple[str, ...] = ("days", "count")) -> Goal:
    start, length = draw(starts), draw(lengths)
    return goal(
        measure=draw(st.sampled_from(measures)),
        unit=draw(st.sampled_from(["evening", "day"])),
        per=draw(st.sampled_from(["day", "week", "month"])),
        comparator=draw(st.sampled_from(["at_least", "at_most", "exactly"])),
        target=draw(st.integers(0, 5)),
        on=draw(weekdays),
        start=start.isoformat(),
        until=None if length is None else (start + timedelta(days=length)).isoformat(),
        max_per_day=draw(limits),
    )


def statements() -> st.SearchStrategy[dict[str, Any]]:
    """What an entry may say."""
    values = st.sampled_from(["yes", "no", "unknown", "declined"])
    return st.one_of(
        st.fixed_dictionaries({"date": days, "value": values}),
        st.fixed_dictionaries({"at": instants}, optional={"value": values}),
        st.fixed_dictionaries({"at": instants, "amount": st.integers(1, 3)}),
        st.fixed_dictionaries({"date": days, "total": st.integers(0, 4)}),
        st.fixed_dictionaries({"summary_from": days, "total": st.integers(0, 9)}),
    )


def entries(*, amended: bool = True, summed_up: bool = True) -> st.SearchStrategy[list[Observation]]:
    """Entries with ids of their own, some amended by others."""
    names = [f"o{n}" for n in range(6)]
    others = st.sampled_from(names)
    kinds = st.sampled_from(["plain", "plain", "corrects", "retracts"] if amended else ["plain"])
    words = statements().filter(lambda made: summed_up or "summary_from" not in made)  # made once, not for each entry

    @st.composite
    def one(draw: st.DrawFn, name: str) -> Observation:
        kind = draw(kinds)
        said = {} if kind == "retracts" else draw(words)
        target = {} if kind == "plain" else {kind: draw(others)}
        return entry(name, recorded_at=draw(instants), **said, **target)

    return st.sets(others).flatmap(lambda chosen: st.tuples(*(one(name) for name in sorted(chosen))).map(list))
