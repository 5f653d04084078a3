"""The United States: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_us import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("US", "US-WA", "US-MN")
    day_and_night = ("emergency", "crisis_line")
