"""Ways that are not to be shown as current: found where they stand, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.directory import DirectoryEntry, retired_ways


def found(region: str, value: str, kind: str = "e164", **channel: Any) -> list[str]:
    """The rows that mean a channel, by the name of the row."""
    reach = {"kind": kind, "value": value, **({"body": channel.pop("body")} if "body" in channel else {}), "region": region}
    entry = {
        "id": "line",
        "name": "Line",
        "service_kinds": ["crisis_line"],
        "region": region,
        "channels": [{"id": "a", "reach": reach, **channel}],
    }
    return [each.detail.split(",")[0].split(";")[0] for each in retired_ways(DirectoryEntry.model_validate(entry))]


@pytest.mark.parametrize(
    ("region", "value", "row"),
    [
        ("US", "+18002738255", "us-lifeline-ten-digit"),
        ("US-MN-053", "+18002738255", "us-lifeline-ten-digit"),
        ("CA", "+18334564566", "ca-talk-suicide"),
        ("GB-ENG", "+448454647", "gb-nhs-direct"),
        ("IE", "+3531890929539", "ie-lgbt-1890"),
        ("DE", "+498000116016", "de-hilfetelefon-long"),
        ("FR", "+33800200000", "fr-0800-200-000"),
        ("BG", "+35924923030", "bg-02-numbers"),
    ],
)
def test_a_number_that_was_given_up_is_found_in_its_country_and_its_parts(region: str, value: str, row: str) -> None:
    assert found(region, value) == [row]


@pytest.mark.parametrize("region", ["GB", "USA", "001"])
def test_the_same_digits_elsewhere_are_somebody_elses(region: str) -> None:
    assert found(region, "3020", "short_code") == []


def test_a_short_number_is_found_where_nobody_answers_it() -> None:
    assert found("BG", "116123", "short_code") == ["bg-116-123"]
    assert found("GB", "116123", "short_code") == []


def test_a_number_that_lives_on_as_a_videophone_is_not_found_there() -> None:
    assert found("US", "+18002738255", type="tty") == []


def test_a_key_word_is_found_however_it_is_written() -> None:
    assert found("US", "988", "sms_code", body="pride") == ["us-988-pride"]
    assert found("US", "988", "sms_code", body="AYUDA") == []


def test_a_menu_step_that_nobody_could_confirm_is_found() -> None:
    assert found("US", "988", "short_code", then="Press 3 if the menu offers it") == ["us-988-press-3"]
    assert found("US", "988", "short_code", then="press 2") == []


def test_only_the_claim_is_found_where_the_number_is_current() -> None:
    assert found("NZ", "+64800543354", hours="always") == ["nz-lifeline-24-7"]
    assert found("NZ", "+64800543354") == []


@pytest.mark.parametrize(
    ("region", "display", "rows"),
    [
        ("FR", "311", 1),
        ("FR", "3114", 0),
        ("GB", "0300 330 0630", 1),
        ("GB", "330 0630", 0),
        ("US", "1-800-273-8255", 1),
        ("US", "ask at the desk", 0),
    ],
)
def test_what_is_only_read_is_found_by_its_digits(region: str, display: str, rows: int) -> None:
    channel = {"id": "a", "type": "voice", "display": display}
    entry = {"id": "line", "name": "Line", "service_kinds": ["crisis_line"], "region": region, "channels": [channel]}
    assert len(retired_ways(DirectoryEntry.model_validate(entry))) == rows


def test_a_finding_says_where_it_is_and_what_to_write_instead() -> None:
    entry = {
        "id": "line", "name": "Line", "service_kinds": ["crisis_line"], "region": "FR",
        "channels": [{"id": "a"}, {"id": "b", "reach": {"kind": "short_code", "value": "311", "region": "FR"}}],
    }  # fmt: skip
    (only,) = retired_ways(DirectoryEntry.model_validate(entry))
    assert (only.name, only.path, only.detail) == ("retired_way", "/channels/1", "fr-311-misprint; instead: 3114")
