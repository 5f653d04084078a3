"""Australia: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_au import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("AU", "AU-NSW")
    day_and_night = ("emergency", "crisis_line")
