"""The law that counts in an engine: the profiles of consent that its host has named, each by naming its plugin or by handing it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from recoverycore.consent import ClientFacts
from recoverycore.consent.matter import Setting

if TYPE_CHECKING:
    from recoverycore.consent import Profile
    from recoverycore.engine.settings import Settings
    from recoverycore.hooks import Plugins

__all__ = ["with_profiles"]


def with_profiles(settings: Settings, plugins: Plugins) -> Settings:
    """`settings` with the profiles that the named plugins bring.

    A plugin brings the profile of its own name. Where it fails, or brings another, its name stays as that of a profile that is not
    there, and nothing is released. Errors: ``duplicate_profile``, ``unknown_switch``, ``bad_switch``, and those of a vocabulary.
    """
    hook = "recovery_contribute_consent_profiles"
    named: list[Profile | str] = list(settings.consent_profiles)
    if plugins.implementing(hook):
        for each in plugins.contribute(hook, deadline=settings.look_up_within).outcomes:
            brought = each.value if each.status == "ok" else ()
            own = [one for one in brought if one.id == each.plugin]
            if each.status != "abstained":
                named += own if own and len(own) == len(brought) else [each.plugin]
    Setting.of(ClientFacts(), named, settings.consent_policy)  # whatever is wrong with it is told now and not in the first crisis
    return evolve(settings, consent_profiles=tuple(named))
