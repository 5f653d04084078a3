"""Risk windows of every kind around the clock changes of the model, for property tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from recoverycore.plans import RiskWindow, Stay
from tests.plans.wall_clock import CHANGES

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPRING = date(2026, 3, 8)

zones = st.sampled_from(sorted(CHANGES))
times = st.builds(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}", st.integers(0, 95))
dates = st.builds(lambda n: SPRING + timedelta(days=n), st.integers(-40, 40))
instants = st.builds(lambda n: datetime(2026, 3, 8, tzinfo=UTC) + timedelta(minutes=n), st.integers(-40 * 1440, 40 * 1440))
leads = st.one_of(
    st.fixed_dictionaries({"hours": st.integers(0, 72)}), st.fixed_dictionaries({"days": st.integers(0, 3)}, optional={"at": times})
)


def _kind(name: str, fields: dict[str, Any], **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"kind": st.just(name), **fields}, optional=optional)


_offsets = st.builds(
    lambda unit, low, more: {"min": {unit: low}, "max": {unit: low + more}},
    st.sampled_from(["days", "hours"]),
    st.integers(0, 9),
    st.integers(0, 9),
)
_events = st.builds(
    lambda when, offsets: {"kind": "after_event", **when, **offsets},
    st.one_of(
        st.fixed_dictionaries({"at": instants.map(datetime.isoformat)}),
        st.fixed_dictionaries({"date": dates.map(date.isoformat)}),
        st.just({}),
    ),
    _offsets,
)
_monthly = st.fixed_dictionaries({"every": st.just("month"), "day": st.integers(1, 31)})
_weekly = st.builds(
    lambda weeks, anchor: {"every": "weeks", "weeks": weeks, "anchor": anchor.isoformat()},
    st.integers(1, 5),
    st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)
bodies = st.one_of(
    _kind("weekly", {"weekdays": st.lists(st.sampled_from(WEEK), min_size=1, max_size=3), "start": times, "end": times}),
    st.builds(
        lambda day, more: {
            "kind": "date",
            "first_day": day.isoformat(),
            "last_day": (day + timedelta(days=more)).isoformat(),
        },
        dates,
        st.integers(0, 4),
    ),
    _kind("anniversary", {"month": st.integers(1, 12), "day": st.integers(1, 28)}, before=st.integers(0, 9), after=st.integers(0, 9)),
    _kind("anniversary", {"month": st.just(2), "day": st.just(29)}, leap=st.sampled_from(["feb28", "mar1", "skip", "both"])),
    _events,
    _kind(
        "payday",
        {"rule": st.one_of(_monthly, _weekly)},
        if_closed=st.sampled_from(["previous", "next", "same"]),
        start=times,
        days=st.integers(1, 3),
        closed_days=st.lists(dates.map(date.isoformat), max_size=3),
    ),
)


@st.composite
def windows(draw: st.DrawFn, *, lead: bool = False) -> RiskWindow:
    """A window of any kind, with a zone of its own now and then."""
    body = {"id": draw(st.sampled_from("abcd")), **draw(bodies)}
    if draw(st.booleans()) and body["kind"] != "date":
        first = draw(dates)
        body |= {"from": first.isoformat(), "until": (first + timedelta(days=draw(st.integers(0, 200)))).isoformat()}
    if draw(st.integers(0, 3)) == 0:
        body["zone"] = draw(zones)
    if lead:
        body["lead"] = draw(st.lists(leads, max_size=3))
    return RiskWindow.model_validate(body)


stays = st.lists(st.builds(lambda at, zone: Stay.model_validate({"from": at, "zone": zone}), instants, zones), max_size=3).map(tuple)
anywhere = st.one_of(zones, stays)
