"""France: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_fr import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("FR",)
    day_and_night = ("emergency", "crisis_line")
