"""The log beside a plan, and the windows in which it is offered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.plans import AnniversaryWindow, Content, Use, active_at, means_open, next_edge

AT = datetime(2026, 11, 4, 23, 5, tzinfo=UTC)
PLAN = Content.model_validate(
    {
        "sections": {
            "safer_surroundings": {
                "entries": [
                    {"id": "open", "means": {"agreed_on": "2026-09-15"}},
                    {"id": "confirmed", "means": {"confirmed_on": "2026-09-20"}},
                    {"id": "declined", "means": {"action": "declined"}},
                    {"id": "place", "place": {}},
                ]
            }
        }
    }
)
ZONES = ["Europe/London", "America/Chicago", "Pacific/Apia", "Africa/Cairo", "America/Sao_Paulo"]


def line(entry: str, status: str, minutes: int) -> Use:
    return Use.model_validate({"entry": entry, "status": status, "at": AT + timedelta(minutes=minutes), "by": "ade"})


def test_a_step_of_means_safety_is_open_until_somebody_confirms_it() -> None:
    assert means_open(PLAN, [], AT) == ("open",)


def test_the_log_says_what_the_plan_does_not_say_yet() -> None:
    assert means_open(PLAN, [line("open", "done", 0)], AT) == ()


def test_what_the_log_says_later_is_not_known_yet() -> None:
    assert means_open(PLAN, [line("open", "done", 1)], AT) == ("open",)


def test_the_newest_line_counts_whatever_order_they_come_in() -> None:
    lines = [line("confirmed", "open", -1), line("confirmed", "done", -2)]
    assert means_open(PLAN, lines, AT) == means_open(PLAN, lines[::-1], AT) == ("open", "confirmed")


@given(
    st.sampled_from(ZONES),
    st.dates(date(2022, 1, 1), date(2034, 12, 31)),
    st.tuples(st.integers(0, 5), st.integers(0, 5)),
    st.sampled_from([(11, 5), (1, 1), (12, 31), (3, 29), (2, 28), (10, 25)]),
    st.integers(0, 24 * 60 - 1),
)
def test_a_window_is_active_on_exactly_the_days_around_its_date(
    zone: str, day: date, around: tuple[int, int], when: tuple[int, int], minute: int
) -> None:
    before, after = around
    window = AnniversaryWindow(id="w", month=when[0], day=when[1], before=before, after=after)
    at = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    local = at.astimezone(ZoneInfo(zone)).date()
    near = [date(local.year + year, *when) for year in (-1, 0, 1)]
    naive = any(each - timedelta(days=before) <= local <= each + timedelta(days=after) for each in near)
    assert (active_at([window], at, zone).state == "active") == naive


@pytest.mark.parametrize(
    ("leap", "days"),
    [("feb28", {28}), ("mar1", {1}), ("skip", set()), ("both", {28, 1})],
)
def test_a_leap_day_in_a_common_year_is_what_the_window_says(leap: str, days: set[int]) -> None:
    window = AnniversaryWindow.model_validate({"id": "w", "month": 2, "day": 29, "leap": leap})
    found = {
        at.day
        for at in (datetime(2027, 2, 27, 12, tzinfo=UTC) + timedelta(days=n) for n in range(4))
        if active_at([window], at, "UTC").windows
    }
    assert found == days


def test_a_window_without_any_zone_is_unknown_and_never_quietly_inactive() -> None:
    assert active_at([AnniversaryWindow(id="w", month=1, day=1)], AT, None).state == "unknown"


def test_the_next_edge_is_where_the_state_changes() -> None:
    window = AnniversaryWindow(id="w", month=11, day=5, before=3, after=3)
    edge = next_edge(window, AT, "Europe/London")
    assert edge == datetime(2026, 11, 9, tzinfo=UTC)
    assert active_at([window], edge - timedelta(seconds=1), "Europe/London").state == "active"
    assert active_at([window], edge, "Europe/London").state == "inactive"
