"""The United Kingdom: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_gb import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("GB", "GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR")
    day_and_night = ("emergency", "crisis_line")
