"""New Zealand: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_nz import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("NZ",)
    day_and_night = ("emergency", "emotional_support")
