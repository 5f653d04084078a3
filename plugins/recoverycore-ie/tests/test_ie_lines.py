"""Ireland: each rule of the contract, and what is left out on purpose."""

from __future__ import annotations

import pytest

from recoverycore.testing import CrisisLinesContract
from recoverycore_ie import plugin

LINES = plugin({}).entries


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("IE",)
    day_and_night = ("emergency", "crisis_line", "emotional_support")


def test_nobody_was_called_and_no_line_says_otherwise() -> None:
    assert [line["id"] for line in LINES if "call_tested_on" in line] == []


def test_a_setting_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="ie has no settings"):
        plugin({"region": "here"})
