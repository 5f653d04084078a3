"""A data-only profile read as a profile: its emergencies become rules, its notices stay what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.coverage import holds_role
from recoverycore.consent.law import Duty, Profile, Rule, Source
from recoverycore.consent.posets import STAR
from recoverycore.consent.reading import reads

if TYPE_CHECKING:
    from recoverycore.consent.matter import Matter
    from recoverycore.consent.profiles import Emergency, ProfileDocument

__all__ = ["profile_of"]


def profile_of(document: ProfileDocument) -> Profile:
    """The profile that `document` describes. It applies to every record and asks nothing of a form."""
    return Profile(
        id=document.id,
        version=str(document.version),
        vocabulary=document.vocabulary,
        rules=tuple(_rule(each, document.id) for each in document.emergencies),
        notices=tuple((each.label, each.notice) for each in document.notices),
    )


def _rule(emergency: Emergency, profile: str) -> Rule:
    """The emergency as a rule. A copy that is passed on is never opened by it."""

    @reads(roles=emergency.to_roles)
    def holds(matter: Matter) -> bool:
        level = matter.facts.open_run_level
        needed = emergency.needs.open_run_level_at_least
        if level is None or level < needed:
            return False
        return any(holds_role(role, None, matter, "permit") for role in emergency.to_roles)

    return Rule(
        name=emergency.name,
        source=Source(profile, "read"),
        purposes=(emergency.purpose,),
        actions=frozenset({"use", "disclose"}),
        categories=None if STAR in emergency.categories else tuple(emergency.categories),
        holds=holds,
        overriding=emergency.overriding,
        duties=tuple(Duty(code) for code in emergency.duties),
    )
