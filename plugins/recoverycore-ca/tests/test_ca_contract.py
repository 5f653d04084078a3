"""Ontario: the contract of a law."""

from __future__ import annotations

from recoverycore.testing import JurisdictionContract
from recoverycore_ca import Ontario, plugin


class TestOntario(JurisdictionContract):
    permits_without_consent = True
    overrides_refusals = True

    @classmethod
    def make(cls) -> Ontario:
        return plugin({})
