"""The lookup: never empty, in one order whatever comes in, and nothing closed or in doubt before what is open and checked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import Answer, DirectoryEntry, DirectorySettings, directory_lookup, region_chain
from recoverycore.errors import DocumentError, InstantError
from tests.directory.strategies import KINDS, NOW, REGIONS, directories, instants

ASKED = {"region": st.sampled_from(REGIONS), "service_kind": st.sampled_from(KINDS), "at": instants}
LANGUAGES = st.none() | st.sampled_from(["en", "es", "fr"])


def entry(identifier: str, **fields: Any) -> DirectoryEntry:
    """A line of the US that was checked the day before and is always open, but for what is said."""
    line = {
        "id": identifier,
        "name": identifier,
        "region": "US",
        "service_kinds": ["crisis_line"],
        "channels": [{"id": "voice", "hours": "always"}],
        "verified_on": "2026-06-01",
    }
    return DirectoryEntry.model_validate({**line, **fields})


def look(*entries: DirectoryEntry, **fields: Any) -> Answer:
    return directory_lookup(entries, **{"region": "US-MN", "service_kind": "crisis_line", "at": NOW, **fields})


def ids(answer: Answer) -> tuple[list[str], list[str]]:
    return [each.entry.id for each in answer.primary], [each.entry.id for each in answer.also]


@given(directories(), LANGUAGES, st.fixed_dictionaries(ASKED))
def test_the_answer_is_never_empty_and_always_has_a_floor(
    entries: list[DirectoryEntry], language: str | None, asked: dict[str, Any]
) -> None:
    answer = directory_lookup(entries, language=language, **asked)
    assert answer.primary
    assert answer.floor


@given(directories(), st.fixed_dictionaries(ASKED), st.randoms())
def test_neither_order_nor_repetition_of_entries_matters(entries: list[DirectoryEntry], asked: dict[str, Any], random: Any) -> None:
    shuffled = random.sample(entries, len(entries))
    assert directory_lookup([*shuffled, *entries], **asked) == directory_lookup(entries, **asked)


@given(directories(), LANGUAGES, st.fixed_dictionaries(ASKED))
def test_a_closed_line_is_primary_only_beside_another_or_as_the_floor(
    entries: list[DirectoryEntry], language: str | None, asked: dict[str, Any]
) -> None:
    alone = [each.evolve(show_together=None, floor=False) for each in entries]
    answer = directory_lookup(alone, language=language, **asked)
    assert all(each.open != "no" for each in answer.primary)


@given(directories(), LANGUAGES, st.fixed_dictionaries(ASKED))
def test_who_is_out_of_date_is_primary_only_as_a_floor_entry_by_fallback(
    entries: list[DirectoryEntry], language: str | None, asked: dict[str, Any]
) -> None:
    answer = directory_lookup(entries, language=language, **asked)
    late = [each for each in answer.primary if {"expired", "not_yet_valid"} & set(each.warnings)]
    assert all(each.entry.floor and answer.fallback for each in late)


@given(directories(), st.fixed_dictionaries(ASKED))
def test_an_unchecked_line_is_primary_only_by_fallback_or_beside_another(entries: list[DirectoryEntry], asked: dict[str, Any]) -> None:
    answer = directory_lookup([each.evolve(show_together=None) for each in entries], **asked)
    assert answer.fallback or not any({"stale", "unverified"} & set(each.warnings) for each in answer.primary)


@given(directories(), st.fixed_dictionaries(ASKED))
def test_a_line_whose_hours_nobody_knows_is_never_said_to_be_open(entries: list[DirectoryEntry], asked: dict[str, Any]) -> None:
    unknown = [
        each.evolve(channels=tuple(channel.evolve(hours=None) for channel in each.channels), region="US", floor=False) for each in entries
    ]
    answer = directory_lookup(unknown, **asked)
    assert all(each.open == "unknown" for each in (*answer.primary, *answer.also) if not each.entry.floor)
    assert answer.lines_open_now == ()


@given(directories(), LANGUAGES, st.fixed_dictionaries(ASKED))
def test_nobody_is_shown_twice(entries: list[DirectoryEntry], language: str | None, asked: dict[str, Any]) -> None:
    primary, also = ids(directory_lookup(entries, language=language, **asked))
    assert len({*primary, *also}) == len([*primary, *also])


@given(directories(), st.fixed_dictionaries(ASKED))
def test_every_line_of_the_kind_in_the_chain_is_somewhere_in_the_answer(entries: list[DirectoryEntry], asked: dict[str, Any]) -> None:
    primary, also = ids(directory_lookup(entries, **asked))
    near = {each.id for each in entries if asked["service_kind"] in each.service_kinds and each.region in region_chain(asked["region"])}
    assert near <= {*primary, *also}


@given(directories(), st.fixed_dictionaries(ASKED))
def test_nothing_of_another_region_is_shown(entries: list[DirectoryEntry], asked: dict[str, Any]) -> None:
    answer = directory_lookup(entries, **asked)
    assert {each.entry.region for each in (*answer.primary, *answer.also)} <= set(region_chain(asked["region"]))


@given(directories(), st.fixed_dictionaries(ASKED))
def test_leaving_out_when_a_line_was_checked_never_makes_it_fresh(entries: list[DirectoryEntry], asked: dict[str, Any]) -> None:
    unchecked = [each.evolve(verified_on=None) for each in entries]
    answer = directory_lookup(unchecked, **asked)
    assert all("unverified" in each.warnings for each in (*answer.primary, *answer.also))


def test_the_world_is_the_end_of_every_chain() -> None:
    assert region_chain("GB") == ("GB", "001")
    assert region_chain("001") == ("001",)


def test_open_comes_before_near() -> None:
    near = entry("near", region="US-MN", channels=[{"id": "voice"}])
    assert ids(look(near, entry("far")))[0] == ["far", "near"]


def test_priority_comes_before_the_id() -> None:
    assert ids(look(entry("a", priority=200), entry("b")))[0] == ["b", "a"]


def test_one_open_channel_opens_the_line() -> None:
    line = entry("a", channels=[{"id": "voice", "hours": []}, {"id": "sms", "hours": "always"}])
    assert look(line).primary[0].open == "yes"


def test_a_channel_that_may_be_open_keeps_the_line_from_being_closed() -> None:
    line = entry("a", channels=[{"id": "voice", "hours": []}, {"id": "sms"}])
    assert look(line).primary[0].warnings == ("hours_unknown",)


def test_the_first_channel_to_open_opens_the_line() -> None:
    late, early = ({"id": str(hour), "hours": [{"from": f"{hour}:00", "to": "23:30"}]} for hour in (21, 19))
    assert look(entry("a", channels=[late, early])).not_offered[0].opens_at == NOW + timedelta(hours=2)


def test_freshness_is_counted_in_days_of_the_entrys_zone() -> None:
    line = entry("a", verified_on="2026-03-04", zone="Pacific/Honolulu")
    assert look(line, at=datetime.fromisoformat("2026-06-03T09:59Z")).primary[0].warnings == ()
    assert look(line, at=datetime.fromisoformat("2026-06-03T10:00Z")).primary[0].warnings == ("stale",)


def test_a_service_that_is_no_crisis_line_stays_fresh_for_a_year() -> None:
    found = look(entry("a", service_kinds=["poison"], verified_on="2025-06-02"), service_kind="poison")
    assert not found.fallback


def test_a_host_may_ask_for_fresher_crisis_lines() -> None:
    assert look(entry("a"), settings=DirectorySettings(crisis_days=0)).primary[0].warnings == ("stale",)


def test_no_host_may_call_an_old_check_of_a_crisis_line_fresh() -> None:
    with pytest.raises(DocumentError) as caught:
        DirectorySettings(crisis_days=91)
    assert [(each.name, each.path) for each in caught.value.problems] == [("bad_value", "/crisis_days")]


def test_a_last_day_still_counts() -> None:
    line = entry("a", valid_until="2026-06-02")
    assert not look(line, at=datetime.fromisoformat("2026-06-02T23:59Z")).fallback
    assert "expired" in look(line, at=datetime.fromisoformat("2026-06-03T00:00Z")).not_offered[0].warnings


def test_an_end_at_an_instant_is_outside() -> None:
    assert "expired" in look(entry("a", valid_until="2026-06-02T17:00:00Z")).not_offered[0].warnings


def test_a_line_that_has_not_begun_is_not_primary() -> None:
    assert look(entry("a", valid_from="2026-06-03")).not_offered[0].warnings == ("not_yet_valid",)


def test_a_line_without_a_channel_in_the_language_is_not_called_closed() -> None:
    row = look(entry("a", channels=[{"id": "voice", "hours": "always", "languages": ["es"]}]), language="en").not_offered[0]
    assert (row.open, row.opens_at, row.warnings) == ("no", None, ("language",))


def test_a_language_serves_its_regions() -> None:
    assert not look(entry("a", channels=[{"id": "voice", "hours": "always", "languages": ["en"]}]), language="en-GB").fallback


@pytest.mark.parametrize(("region", "kept"), [("us-mn", "US"), ("US-MN", "us"), ("Us-Mn", "us-mn")])
def test_a_region_in_small_letters_is_the_same_region(region: str, kept: str) -> None:
    assert ids(look(entry("a", region=kept), region=region))[0] == ["a"]
    assert entry("a", region=kept) == entry("a", region=kept.upper())


@pytest.mark.parametrize("language", ["ES", "es-mx", "Es-MX"])
def test_a_language_in_capitals_is_the_same_language(language: str) -> None:
    spanish = entry("a", channels=[{"id": "voice", "hours": "always", "languages": ["es"]}])
    assert ids(look(spanish, language=language))[0] == ["a"]
    capitals = entry("a", channels=[{"id": "voice", "hours": "always", "languages": ["ES"]}])
    assert ids(look(capitals, language=language.lower()))[0] == ["a"]


def test_languages_that_nobody_listed_are_not_held_against_a_line() -> None:
    assert not look(entry("a"), language="vi").fallback


def test_a_group_follows_right_after_the_first_of_it() -> None:
    lines = [entry("a", show_together="g"), entry("b"), entry("z", show_together="g", service_kinds=["poison"])]
    assert ids(look(*lines))[0] == ["a", "z", "b"]


def test_a_list_of_companions_works_one_way() -> None:
    lines = [entry("a"), entry("z", show_together=["a"], service_kinds=["poison"])]
    assert ids(look(*lines))[0] == ["a"]


def test_a_line_that_is_only_unchecked_stands_before_the_floor() -> None:
    assert ids(look(entry("a", verified_on=None))) == (["a", "floor.emergency"], [])


def test_a_closed_line_does_not_take_the_place_of_the_floor() -> None:
    assert ids(look(entry("a", channels=[{"id": "voice", "hours": []}]))) == (["floor.emergency"], ["a"])


def test_a_host_puts_its_own_floor_in_place_of_the_librarys() -> None:
    own = entry("own.floor", region="001", service_kinds=["emergency"], floor=True, text="Call 999 if a life is at risk.")
    assert ids(look(settings=DirectorySettings(floor=(own,)))) == (["own.floor"], [])


@pytest.mark.parametrize("change", [{"region": "US"}, {"floor": False}, {"text": None}, {"channels": [{"id": "voice"}]}])
def test_a_floor_that_may_not_hold_is_refused(change: dict[str, Any]) -> None:
    fields = {"region": "001", "floor": True, "text": "Call 999.", **change}
    with pytest.raises(DocumentError) as caught:
        DirectorySettings(floor=(entry("own.floor", **fields),))
    assert [(each.name, each.path) for each in caught.value.problems] == [("floor_unfit", "/floor/0")]


def test_an_entry_that_only_has_the_floors_id_does_not_displace_it() -> None:
    assert look(entry("floor.emergency", verified_on=None)).floor[0].entry.region == "001"


def test_two_contents_under_one_id_are_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        look(entry("a"), entry("a", priority=1))
    assert [(each.name, each.path) for each in caught.value.problems] == [("duplicate_id", "/entries/1/id")]


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(InstantError):
        look(entry("a"), at=datetime(2026, 6, 2))  # noqa: DTZ001 - that is the slip


def test_the_rows_say_in_which_part_they_stand() -> None:
    rows = look(entry("a")).to_rows()
    assert [(row["part"], row["id"], row["open"]) for row in rows] == [("primary", "a", "yes"), ("also", "floor.emergency", "yes")]


def test_the_explanation_says_what_is_known_against_each() -> None:
    assert look(entry("a", verified_on="2026-01-01")).explain() == (
        "primary a: open now, it was checked long ago\nprimary floor.emergency: open now, nobody noted when it was checked"
    )


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Apia", "America/New_York"])
def test_a_date_at_an_end_of_the_calendar_means_always(zone: str) -> None:
    ever = entry("line", valid_from="0001-01-01", valid_until="9999-12-31", zone=zone)
    assert ids(look(ever)) == (["line"], ["floor.emergency"])
    assert look(entry("ended", valid_until="0001-01-01", zone=zone)).also[0].warnings == ("expired",)
    assert look(entry("later", valid_from="9999-12-31", zone=zone)).also[0].warnings == ("not_yet_valid",)
