"""Weekly windows of wall time, as documents."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from recoverycore.errors import DocumentError
from recoverycore.ground import WEEKDAYS, WeeklyWindow
from tests.ground.samples import told, windows


@given(windows)
def test_a_window_is_written_as_it_was_read(data: dict[str, object]) -> None:
    assert WeeklyWindow.model_validate(data).to_data() == data


def test_the_weekdays_are_in_the_order_of_the_calendar() -> None:
    assert WEEKDAYS[date(2026, 3, 2).weekday()] == "mon"
    assert len(WEEKDAYS) == 7


def test_a_window_may_end_with_its_day_and_never_starts_there() -> None:
    WeeklyWindow.model_validate({"from": "18:00", "to": "24:00", "zone": "UTC"})
    assert told(lambda: WeeklyWindow.model_validate({"from": "24:00", "to": "06:00", "zone": "UTC"})) == [("bad_time", "/from")]


def test_a_window_needs_both_ends_and_a_zone() -> None:
    assert told(lambda: WeeklyWindow.model_validate({})) == [
        ("missing_field", "/from"),
        ("missing_field", "/to"),
        ("missing_field", "/zone"),
    ]


def test_a_day_is_written_in_three_letters() -> None:
    with pytest.raises(DocumentError, match=r"/days/0: RC1010 not_listed: .*'mon', 'tue'"):
        WeeklyWindow.model_validate({"days": ["monday"], "from": "18:00", "to": "20:00", "zone": "UTC"})


def test_python_calls_the_start_from_() -> None:
    assert WeeklyWindow(from_="18:00", to="20:00", zone="UTC").to_data() == {"from": "18:00", "to": "20:00", "zone": "UTC"}
