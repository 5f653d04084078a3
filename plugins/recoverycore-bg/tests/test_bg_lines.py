"""Bulgaria: every rule of the contract."""

from __future__ import annotations

from recoverycore.testing import CrisisLinesContract
from recoverycore_bg import plugin


class TestLines(CrisisLinesContract):
    plugin = plugin({})
    regions = ("BG",)
    day_and_night = ("emergency", "dv_line")
