"""The mappings that a decision holds: worked out once and only when somebody looks, and changed by nobody."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import pytest

from recoverycore.consent.mappings import Later, plain, read_only


def test_a_mapping_is_worked_out_once_and_only_when_somebody_looks() -> None:
    asked = []

    def work(*given: str) -> dict[str, str]:
        asked.append(given)
        return {"r1": "permit", "r2": "deny"}

    found = Later(work, "one", "other")
    assert asked == []
    assert (found["r1"], list(found), len(found), found == {"r1": "permit", "r2": "deny"}) == ("permit", ["r1", "r2"], 2, True)
    assert asked == [("one", "other")]


def test_what_nobody_can_change_is_held_as_it_is() -> None:
    for held in (MappingProxyType({"r1": "permit"}), Later(dict)):
        assert read_only(held) is held


def test_what_somebody_could_change_later_is_copied() -> None:
    given = {"r1": "permit"}
    held: Any = read_only(given)
    given["r1"] = "deny"
    assert held == {"r1": "permit"}
    with pytest.raises(TypeError):
        held["r1"] = "deny"


def test_every_mapping_within_is_written_down_as_a_dict() -> None:
    written = plain(MappingProxyType({"r1": MappingProxyType({"g1": ("form",)}), "r2": Later(dict)}))
    assert written == {"r1": {"g1": ("form",)}, "r2": {}}
    assert [type(each) for each in (written, *written.values())] == [dict, dict, dict]
