"""The United States: the contract of a law, for each profile."""

from __future__ import annotations

from recoverycore.testing import JurisdictionContract
from recoverycore_us.profiles import ProfilePlugin, dv, hipaa, part2


class TestPart2(JurisdictionContract):
    permits_without_consent = True
    overrides_refusals = True

    @classmethod
    def make(cls) -> ProfilePlugin:
        return part2({})


class TestHipaa(JurisdictionContract):
    permits_without_consent = True
    overrides_refusals = True

    @classmethod
    def make(cls) -> ProfilePlugin:
        return hipaa({})


class TestVictimServices(JurisdictionContract):
    permits_without_consent = True
    overrides_refusals = True

    @classmethod
    def make(cls) -> ProfilePlugin:
        return dv({})
