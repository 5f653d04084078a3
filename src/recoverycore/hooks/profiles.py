"""The profiles of consent that named plugins bring: each plugin the one of its own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from recoverycore.consent import Profile
    from recoverycore.hooks.manager import Plugins

__all__ = ["brought_profiles"]

_HOOK = "recovery_contribute_consent_profiles"


def brought_profiles(plugins: Plugins, *, deadline: timedelta | None = None) -> tuple[Profile | str, ...]:
    """What `plugins` bring. Where one fails, or brings another profile than that of its name, its name stands in its place.

    A name is that of a profile which was wanted and is not there: with it nothing is released.
    """
    named: list[Profile | str] = []
    if plugins.implementing(_HOOK):
        for each in plugins.contribute(_HOOK, deadline=deadline).outcomes:
            brought = each.value if each.status == "ok" else ()
            own = [one for one in brought if one.id == each.plugin]
            if each.status != "abstained":
                named += own if own and len(own) == len(brought) else [each.plugin]
    return tuple(named)
