"""Canada: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_ca.lines import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("CA", "CA-QC", "CA-ON", "CA-BC")
    day_and_night = ("emergency", "crisis_line")
