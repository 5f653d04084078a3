"""Canada: each rule of the contract, and what is left out on purpose."""

from __future__ import annotations

import pytest

from recoverycore.testing import CrisisLinesContract
from recoverycore_ca.lines import plugin

LINES = plugin({}).entries


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("CA", "CA-QC", "CA-ON", "CA-BC")
    day_and_night = ("emergency", "crisis_line")


def test_nobody_was_called_and_no_line_says_otherwise() -> None:
    assert [line["id"] for line in LINES if "call_tested_on" in line] == []


def test_a_setting_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"ca\.lines has no settings"):
        plugin({"region": "here"})
