"""The profiles of the United States as plugins: a host names each by the id of its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore_us.dv import DV
from recoverycore_us.hipaa import HIPAA
from recoverycore_us.part2 import PART2

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recoverycore.consent import Profile

__all__ = ["ProfilePlugin", "dv", "hipaa", "part2"]


class ProfilePlugin(RecoveryHooks):
    """A plugin that brings one profile, and carries its name."""

    def __init__(self, profile: Profile, settings: Mapping[str, Any]) -> None:
        """Switches are chosen in the engine's settings; a setting of the plugin would do nothing and is refused."""
        if settings:
            raise ValueError("a profile has no settings: choose its switches as consent_policy of the engine")
        self.recoverycore_name = profile.id
        self._profile = profile

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Sequence[Profile]:
        """The one profile."""
        return (self._profile,)


def part2(settings: Mapping[str, Any]) -> ProfilePlugin:
    """``us.42cfr2``: 42 CFR Part 2 as amended 2024."""
    return ProfilePlugin(PART2, settings)


def hipaa(settings: Mapping[str, Any]) -> ProfilePlugin:
    """``us.hipaa``: the HIPAA Privacy Rule."""
    return ProfilePlugin(HIPAA, settings)


def dv(settings: Mapping[str, Any]) -> ProfilePlugin:
    """``us.dv``: victim services."""
    return ProfilePlugin(DV, settings)
