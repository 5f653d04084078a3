"""Entries as documents: read one by one, shown as given, dialled in normal form, silent in a repr."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import Channel, DirectoryEntry, built_in_floor, read_entries
from recoverycore.errors import DocumentError
from recoverycore.ground import loads
from tests.directory.strategies import documents

LINE = {
    "id": "line",
    "name": "Example Line",
    "region": "GB",
    "service_kinds": ["crisis_line"],
    "channels": [{"id": "sms", "type": "sms", "reach": {"kind": "sms_code", "value": "85258", "region": "GB", "body": "SHOUT"}}],
}


def names(error: DocumentError) -> list[tuple[str, str]]:
    return [(each.name, each.path) for each in error.problems]


@given(documents())
def test_an_entry_survives_a_round_trip(document: dict[str, Any]) -> None:
    entry = DirectoryEntry.model_validate(document)
    assert DirectoryEntry.model_validate(entry.to_data()) == entry


@given(st.lists(documents() | st.sampled_from([None, {}, {"id": "b"}, "b"]), max_size=4))
def test_reading_never_fails_and_drops_only_what_it_reports(given_: list[Any]) -> None:
    entries, problems = read_entries(given_)
    reported = {int(each.path.split("/")[1]) for each in problems}
    right = {index for index, each in enumerate(given_) if isinstance(each, dict) and "name" in each}
    assert {index for index in range(len(given_)) if index not in right} <= reported
    assert {entry.id for entry in entries} <= {given_[index]["id"] for index in right}
    if not reported:
        assert len({entry.id for entry in entries}) == len({each["id"] for each in given_})


def test_one_id_with_two_contents_is_nobodys() -> None:
    entries, problems = read_entries([LINE, {**LINE, "priority": 1}, {**LINE, "id": "other"}])
    assert [entry.id for entry in entries] == ["other"]
    assert [(each.name, each.path) for each in problems] == [("duplicate_id", "/1/id")]


def test_an_exact_repetition_is_no_problem() -> None:
    entries, problems = read_entries([LINE, LINE])
    assert (len(entries), problems) == (1, ())


def test_a_channel_whose_code_lacks_its_region_is_refused_where_it_stands() -> None:
    channel = {"id": "voice", "reach": {"kind": "short_code", "value": "+1988"}}
    _, problems = read_entries([{**LINE, "channels": [channel]}])
    inside = {each.name for each in problems if each.path.startswith("/0/channels/0/reach")}
    assert inside == {"prefix_on_short_code", "region_required"}


def test_two_different_channels_with_one_id_are_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        DirectoryEntry.model_validate({**LINE, "channels": [{"id": "voice"}, {"id": "voice", "hours": "always"}]})
    assert names(caught.value) == [("duplicate_id", "/channels/1/id")]


@pytest.mark.parametrize("hours", ["sometimes", 24, {"from": "09:00"}])
def test_hours_that_nobody_can_read_are_refused(hours: Any) -> None:
    with pytest.raises(DocumentError):
        Channel.model_validate({"id": "voice", "hours": hours})


@pytest.mark.parametrize("end", ["2026-06-02", "2026-06-02T12:00:00Z"])
def test_an_end_is_a_day_or_an_instant(end: str) -> None:
    assert DirectoryEntry.model_validate({**LINE, "valid_until": end}).to_data()["valid_until"] == end


@pytest.mark.parametrize(("end", "name"), [("2026-06-02T12:00:00", "naive_time"), ("soon", "bad_time"), (3, "wrong_type")])
def test_an_end_that_is_neither_is_refused_by_what_is_wrong_with_it(end: Any, name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        DirectoryEntry.model_validate({**LINE, "valid_until": end})
    assert names(caught.value) == [(name, "/valid_until")]


def test_a_text_channel_is_shown_with_its_key_word_and_dialled_with_it() -> None:
    channel = DirectoryEntry.model_validate(LINE).channels[0]
    assert (channel.shown, channel.dialled) == ("text SHOUT to 85258", "sms:85258?body=SHOUT")


def test_a_full_number_for_text_messages_is_not_called() -> None:
    reach = {"kind": "e164", "value": "+18009444773", "display": "1-800-944-4773", "body": "Help"}
    channel = Channel.model_validate({"id": "sms", "type": "sms", "reach": reach})
    assert (channel.shown, channel.dialled) == ("text Help to 1-800-944-4773", "sms:+18009444773?body=Help")


def test_a_menu_step_is_shown_and_never_dialled() -> None:
    reach = {"kind": "short_code", "value": "988", "region": "US", "display": "988, press 2"}
    channel = Channel.model_validate({"id": "voice", "type": "voice", "reach": reach, "then": "press 2"})
    assert (channel.shown, channel.dialled) == ("988, press 2", "tel:988")


def test_what_fits_no_method_is_shown_and_never_dialled() -> None:
    channel = Channel.model_validate({"id": "voice", "display": "#31 from a mobile"})
    assert (channel.shown, channel.dialled) == ("#31 from a mobile", None)


def test_the_librarys_floor_needs_no_software() -> None:
    (entry,) = built_in_floor()
    assert entry.text
    assert [channel.dialled for channel in entry.channels] == [None]
    assert [channel.hours for channel in entry.channels] == ["always"]


def test_an_entry_can_be_read_from_its_envelope() -> None:
    entry = DirectoryEntry.model_validate(LINE)
    assert loads(str(entry.to_envelope()).replace("'", '"'), DirectoryEntry) == entry
