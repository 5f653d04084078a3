"""The plugin of one country: what it answers, and for which regions."""

from __future__ import annotations

import pytest

from recoverycore_us import Lines, plugin


@pytest.mark.parametrize("region", ["US", "US-XYZ"])
def test_the_country_and_its_parts_are_answered_with_every_entry(region: str) -> None:
    entries = Lines().recovery_contribute_directories(region)
    assert entries
    assert {entry["region"].split("-")[0] for entry in entries} == {"US"}


@pytest.mark.parametrize("region", ["FR", "001", "", "USA"])
def test_other_regions_get_nothing(region: str) -> None:
    assert Lines().recovery_contribute_directories(region) is None


def test_one_answer_cannot_spoil_the_next() -> None:
    first = Lines().recovery_contribute_directories("US")
    assert first
    first[0]["channels"].clear()
    second = Lines().recovery_contribute_directories("US")
    assert second
    assert second[0]["channels"]


def test_a_setting_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no settings"):
        plugin({"region": "US"})


def test_without_settings_there_is_a_plugin() -> None:
    assert plugin({}).recoverycore_name == "us"
