"""The law that counts in an engine: the profiles of consent that its host has named, each by naming its plugin or by handing it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from recoverycore.consent import ClientFacts
from recoverycore.consent.matter import Setting
from recoverycore.hooks.profiles import brought_profiles

if TYPE_CHECKING:
    from recoverycore.engine.settings import Settings
    from recoverycore.hooks import Plugins

__all__ = ["with_profiles"]


def with_profiles(settings: Settings, plugins: Plugins) -> Settings:
    """`settings` with the profiles that the named plugins bring.

    A plugin brings the profile of its own name. Where it fails, or brings another, its name stays as that of a profile that is not
    there, and nothing is released. Errors: ``duplicate_profile``, ``unknown_switch``, ``bad_switch``, and those of a vocabulary.
    """
    named = (*settings.consent_profiles, *brought_profiles(plugins, deadline=settings.look_up_within))
    Setting.of(ClientFacts(), named, settings.consent_policy)  # whatever is wrong with it is told now and not in the first crisis
    return evolve(settings, consent_profiles=named)
