"""Lines on a screen: the emergency number first, numbers as published and at home, and who is open beside who is closed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recoverycore.directory import DirectoryEntry, Shown, directory_lookup, lines_to_show
from tests.directory.strategies import IDS, KINDS, NOW, REGIONS, documents

NIGHT = datetime(2026, 6, 3, 1, tzinfo=UTC)
OFFICE = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}]


def line(identifier: str, kind: str = "crisis_line", *, reach: dict[str, Any] | None = None, **fields: Any) -> DirectoryEntry:
    channel = {"id": "a", "hours": fields.pop("hours", "always"), **fields.pop("channel", {}), **({"reach": reach} if reach else {})}
    known = {"id": identifier, "name": identifier, "service_kinds": [kind], "region": "US", "zone": "UTC", "verified_on": "2026-05-20"}
    return DirectoryEntry.model_validate({**known, "channels": [channel], **fields})


def shown(*entries: DirectoryEntry, kind: str = "crisis_line", at: datetime = NIGHT) -> list[Shown]:
    return list(lines_to_show(entries, region="US-MN", service_kind=kind, at=at))


def ids(found: list[Shown]) -> list[str]:
    return [each.entry.id for each in found]


@given(st.lists(documents(IDS), max_size=6, unique_by=lambda each: each["id"]), st.sampled_from(REGIONS), st.sampled_from(KINDS))
def test_everybody_whom_a_look_up_finds_is_shown_once_and_the_emergency_number_first(given_: list[Any], region: str, kind: str) -> None:
    entries = [DirectoryEntry.model_validate(each) for each in given_]
    found = ids(list(lines_to_show(entries, region=region, service_kind=kind, at=NOW)))
    answer = directory_lookup(entries, region=region, service_kind=kind, at=NOW)
    first = directory_lookup(entries, region=region, service_kind="emergency", at=NOW).primary[0].entry.id
    assert found[0] == first
    assert len(found) == len(set(found))
    assert {each.entry.id for each in (*answer.primary, *answer.also)} <= set(found)


def test_the_emergency_number_of_the_country_stands_before_the_line() -> None:
    assert ids(shown(line("night"), line("emergency", "emergency")))[:2] == ["emergency", "night"]


def test_beside_a_closed_line_stands_whom_it_names_and_who_is_open() -> None:
    closed = line("day", hours=OFFICE, show_together=["warm", "shut"])
    found = ids(shown(closed, line("warm", "warm_line"), line("shut", "warm_line", hours=OFFICE), line("other", "warm_line")))
    assert found == ["floor.emergency", "day", "warm"]


def test_a_short_code_has_its_country_and_a_long_number_needs_none() -> None:
    code = line("a", reach={"kind": "short_code", "value": "988", "region": "US-MN"})
    number = line("b", reach={"kind": "e164", "value": "+16125550100"})
    assert [way.country for each in shown(code, number)[1:] for way in each.ways] == ["US", None]


def test_digits_that_fit_no_contact_method_have_a_country_too() -> None:
    (way,) = shown(line("a", channel={"display": "#7233"}))[1].ways
    assert (way.published, way.country, way.dialled) == ("#7233", "US", None)


def test_what_is_read_is_what_was_published_and_keeps_its_order_in_any_line() -> None:
    (way,) = shown(line("a", reach={"kind": "e164", "value": "+16125550100", "display": "1-612-555-0100"}))[1].ways
    assert way.text == "\u20661-612-555-0100\u2069"
    assert (way.published, way.dialled) == ("1-612-555-0100", "tel:+16125550100")


def test_a_menu_step_is_told_and_not_dialled() -> None:
    (way,) = shown(line("a", reach={"kind": "short_code", "value": "988", "region": "US"}, channel={"then": "press 2"}))[1].ways
    assert (way.then, way.dialled) == ("press 2", "tel:988")


def test_for_whom_and_from_where_is_told_together() -> None:
    (way,) = shown(line("a", channel={"display": "1", "label": "office", "where": "mobile phones"}))[1].ways
    assert way.note == "office; mobile phones"


@pytest.mark.parametrize("kind", ["dv_line", "sexual_violence"])
def test_beside_a_line_for_violence_there_is_a_way_out_and_a_word_about_the_list_of_calls(kind: str) -> None:
    assert shown(line("a", kind), kind=kind)[1].cautions == ("call_log", "quick_exit")


def test_other_lines_need_no_caution() -> None:
    assert shown(line("a"))[1].cautions == ()
