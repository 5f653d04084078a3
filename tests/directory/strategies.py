"""Entries as they come: every field that the lookup reads, in few enough values that they meet."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from recoverycore.directory import DirectoryEntry

NOW = datetime(2026, 6, 2, 17, 0, tzinfo=UTC)
KINDS = ("crisis_line", "warm_line", "emergency", "poison")
REGIONS = ("001", "US", "US-MN", "US-MN-053", "US-WI", "CA")
IDS = tuple("abcdefgh")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

instants = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is added
clocks = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 15, 30]))
windows = st.fixed_dictionaries(
    {"from": clocks, "to": clocks | st.just("24:00")},
    optional={"days": st.lists(st.sampled_from(WEEKDAYS), unique=True, max_size=3)},
)
days = st.dates(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 12, 31, tzinfo=UTC).date()).map(lambda day: day.isoformat())
zones = st.sampled_from(["UTC", "America/Chicago", "Europe/London", "Australia/Lord_Howe"])


# Made once: a strategy that is made at each draw costs more than the draw.
said_of_channels = st.fixed_dictionaries(
    {},
    optional={
        "hours": st.one_of(st.just("always"), st.lists(windows, max_size=3)),
        "zone": zones,
        "closed_on": st.lists(days, max_size=2),
        "languages": st.lists(st.sampled_from(["en", "es", "ase"]), max_size=2),
    },
)
said_of_entries = st.fixed_dictionaries(
    {
        "region": st.sampled_from(REGIONS),
        "service_kinds": st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True),
        "channels": st.lists(said_of_channels, min_size=1, max_size=2),
    },
    optional={
        "zone": zones,
        "priority": st.integers(1, 3),
        "verified_on": days,
        "valid_from": days,
        "valid_until": days,
        "floor": st.booleans(),
        "show_together": st.sampled_from(["g", "h"]) | st.lists(st.sampled_from(IDS), max_size=3),
    },
)
some_ids = st.lists(st.sampled_from(IDS), unique=True, max_size=5)


def channels() -> st.SearchStrategy[dict[str, Any]]:
    """One channel with hours, without them, or open always."""
    return said_of_channels.map(lambda said: {"id": "only", **said})


def _document(identifier: str, said: dict[str, Any]) -> dict[str, Any]:
    numbered = [{"id": str(number), **channel} for number, channel in enumerate(said["channels"])]
    return {"id": identifier, "name": identifier, **said, "channels": numbered}


def documents(ids: tuple[str, ...] = IDS) -> st.SearchStrategy[dict[str, Any]]:
    """One entry as a JSON object, with one of these ids."""
    return st.builds(_document, st.sampled_from(ids), said_of_entries)


@st.composite
def directories(draw: st.DrawFn) -> list[DirectoryEntry]:
    """Entries with ids of their own."""
    return [DirectoryEntry.model_validate(_document(identifier, draw(said_of_entries))) for identifier in draw(some_ids)]
