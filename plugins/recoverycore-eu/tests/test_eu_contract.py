"""The European Union: the contract of a law."""

from __future__ import annotations

from recoverycore.testing import JurisdictionContract
from recoverycore_eu import Europe, plugin


class TestEurope(JurisdictionContract):
    permits_without_consent = True

    @classmethod
    def make(cls) -> Europe:
        return plugin({})
