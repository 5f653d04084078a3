"""The calendar of a client: the same date so many years before, also from a leap day."""

from __future__ import annotations

import pytest

from recoverycore.consent.times import Calendar
from recoverycore.ground.instants import parse_instant


@pytest.mark.parametrize(
    ("at", "years", "before"),
    [
        ("2028-02-29T12:00:00Z", 4, "2024-02-29T12:00:00Z"),
        ("2028-02-29T12:00:00Z", 3, "2025-02-28T12:00:00Z"),
        ("2096-02-29T12:00:00Z", 4, "2092-02-29T12:00:00Z"),
        ("2104-02-29T12:00:00Z", 4, "2100-02-28T12:00:00Z"),
        ("2025-02-28T12:00:00Z", 1, "2024-02-28T12:00:00Z"),
        ("2026-03-01T12:00:00Z", 2, "2024-03-01T12:00:00Z"),
    ],
)
def test_the_same_date_so_many_years_before_is_the_28th_where_there_is_no_29th(at: str, years: int, before: str) -> None:
    assert Calendar("UTC").years_before(parse_instant(at), years) == parse_instant(before)


def test_it_is_the_date_and_hour_where_the_client_lives() -> None:
    # In Chicago it is still the evening of the 28th, in winter then and in summer now.
    assert Calendar("America/Chicago").years_before(parse_instant("2024-03-01T05:00:00Z"), 1) == parse_instant("2023-03-01T05:00:00Z")
    assert Calendar("America/Chicago").years_before(parse_instant("2026-03-10T17:00:00Z"), 1) == parse_instant("2025-03-10T17:00:00Z")
