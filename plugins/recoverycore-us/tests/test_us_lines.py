"""The lines themselves: every entry can be read, leads somewhere, and is nothing that no longer answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from recoverycore.directory import DirectoryEntry, directory_lookup, directory_merge, read_entries
from recoverycore.hooks import Plugins
from recoverycore_us import Lines

LINES = Lines().recovery_contribute_directories("US") or ()
ENTRIES, PROBLEMS = read_entries(LINES)
IDS = {entry.id for entry in ENTRIES}
CHANNELS = {f"{entry.id} {channel.id}": channel for entry in ENTRIES for channel in entry.channels}
EVERY_HOUR = [datetime(2026, 11, 23, tzinfo=UTC) + timedelta(hours=hour) for hour in range(7 * 24)]
RETIRED = {
    "+18886289454": "the Spanish number is part of 988",
    "+18007994889": "text telephones reach 988 through 711",
    "+18009972280": "the state line was not seen again",
    "+18009312237": "other lines took its place",
    "+18005224700": "the gambling line has a new number",
    "+18003319474": "a misprint of +18663319474",
}
IN_DOUBT = ["us-988-lgbtq-youth", "us-ca-peer-warmline"]


def test_every_entry_is_read_without_a_problem() -> None:
    assert PROBLEMS == ()
    assert len(ENTRIES) == len(LINES)


def test_an_engine_gets_every_entry_through_the_hook() -> None:
    report = Plugins.build([Lines()]).contribute("recovery_contribute_directories", region="US-MN")
    merged = directory_merge(report.values)
    assert merged.reports == ()
    assert {entry.id for entry in merged.entries} - IDS == {"floor.emergency"}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_who_is_shown_beside_a_line_is_there(entry: DirectoryEntry) -> None:
    assert entry.show_together is None or set(entry.show_together) <= IDS


@pytest.mark.parametrize("name", CHANNELS)
def test_each_channel_can_be_opened_and_nothing_but_digits_is_dialled(name: str) -> None:
    dialled = CHANNELS[name].dialled
    assert dialled
    assert re.fullmatch(r"https://\S+|tel:\+?[0-9]+|sms:\+?[0-9]+(\?body=[A-Za-z]+)?", dialled)


@pytest.mark.parametrize("name", CHANNELS)
def test_hours_by_the_clock_name_their_zone(name: str) -> None:
    assert CHANNELS[name].zone or CHANNELS[name].hours in ("always", None)


def test_no_retired_number_is_listed() -> None:
    listed = {channel.reach.value for channel in CHANNELS.values() if channel.reach}
    assert listed.isdisjoint(RETIRED)


def test_the_retired_numbers_are_written_as_the_listed_ones_are() -> None:
    assert all(re.fullmatch(r"\+[0-9]{11,12}", number) for number in RETIRED)


def test_what_is_in_doubt_is_not_listed() -> None:
    assert IDS.isdisjoint(IN_DOUBT)


def test_every_entry_says_where_it_was_read() -> None:
    assert all(entry.source for entry in ENTRIES)


@pytest.mark.parametrize("kind", ["crisis_line", "emergency"])
def test_at_every_hour_of_a_week_somebody_is_open(kind: str) -> None:
    for at in EVERY_HOUR:
        assert directory_lookup(ENTRIES, region="US-MN", service_kind=kind, at=at).lines_open_now


def test_a_line_for_some_people_stands_after_the_lines_for_everybody() -> None:
    assert {(entry.audience is not None, entry.priority) for entry in ENTRIES} == {(True, 200), (False, 100)}
