"""Ireland: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_ie import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("IE",)
    day_and_night = ("emergency", "crisis_line", "emotional_support")
