"""Germany: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_de import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("DE", "DE-BE", "DE-TH")
    day_and_night = ("emergency", "crisis_line")
