"""Many countries: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_international import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("NL", "BE", "ES", "SG", "JP", "AT")
    worldwide = True
