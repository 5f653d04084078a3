"""The General Data Protection Regulation as a profile of consent: care may rest on article 9(2)(h) instead of on consent.

Withdrawing consent ends consent and not that basis; a live deny beats it. Withdrawing needs no writing (article 7(3)).
Not legal advice: the rule carries its citation and says whether the text itself was read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from recoverycore.consent import Duty, Profile, Rule, Source, reads
from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recoverycore.consent import Matter

__all__ = ["GDPR", "Europe", "plugin"]

REVIEWED = date(2026, 11, 26)


@reads()
def _in_care(matter: Matter) -> bool:
    return matter.facts.lawful_basis == "9(2)(h)"


GDPR = Profile(
    id="eu.gdpr",
    version="2016.1",
    title="General Data Protection Regulation (EU) 2016/679, article 9",
    reviewed=REVIEWED,
    rules=(
        Rule(
            name="gdpr-9-2-h",
            source=Source("GDPR art. 9(2)(h), 9(3)", "secondary", REVIEWED),
            kinds=frozenset({"provider", "medical_personnel"}),
            purposes=("treatment",),
            actions=frozenset({"use", "disclose", "redisclose"}),
            holds=_in_care,
            implied=True,
            duties=(Duty("log_disclosure"),),
        ),
    ),
)


class Europe(RecoveryHooks):
    """The plugin that brings the profile and carries its name."""

    recoverycore_name = GDPR.id

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Sequence[Profile]:
        """The one profile."""
        return (GDPR,)


def plugin(settings: Mapping[str, Any]) -> Europe:
    """The plugin, as an engine makes it. There is nothing to set, and a setting that would do nothing is refused."""
    if settings:
        raise ValueError("recoverycore-eu has no settings")
    return Europe()
