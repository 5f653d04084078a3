"""PHIPA, Ontario, as a profile of consent: care is open to those who treat unless the client has locked it.

The mirror of an opt-in law: consent within the circle of care is implied, and any live deny (a lock-box or another) beats it.
Not legal advice: each rule carries its citation and says whether the text itself was read.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from recoverycore.consent import ClassRow, Duty, Profile, RecipientClass, Rule, Source, reads
from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recoverycore.consent import Matter

__all__ = ["PHIPA", "Ontario", "plugin"]

REVIEWED = date(2026, 11, 26)
_ANY_WAY = frozenset({"use", "disclose", "redisclose"})
_LOG = Duty("log_disclosure")
_CIRCLE = RecipientClass(
    "circle-of-care", (ClassRow(("treatment",), frozenset({"covered_entity", "provider", "medical_personnel"}), "known"),)
)


@reads(treating=True, purposes=["treatment"], kinds=_CIRCLE.rows[0].kinds)
def _in_circle(matter: Matter) -> bool:
    return _CIRCLE.holds(matter.recipient, matter.purpose, matter.setting.words) is True


PHIPA = Profile(
    id="ca.on.phipa",
    version="2004.1",
    title="Personal Health Information Protection Act, 2004 (Ontario)",
    reviewed=REVIEWED,
    rules=(
        Rule(
            name="phipa-40",
            source=Source("PHIPA 2004, s. 40(1)", "secondary", REVIEWED),
            kinds=frozenset({"medical_personnel", "provider", "covered_entity", "law_enforcement"}),
            actions=_ANY_WAY,
            needs=(("significant_risk_of_serious_bodily_harm",),),
            overriding=True,
            duties=(_LOG, Duty("notify_patient_of_override")),
        ),
        Rule(
            name="phipa-implied",
            source=Source("PHIPA 2004, s. 20(2)-(3)", "secondary", REVIEWED),
            purposes=("treatment",),
            actions=_ANY_WAY,
            holds=_in_circle,
            implied=True,
            duties=(_LOG,),
        ),
    ),
)


class Ontario(RecoveryHooks):
    """The plugin that brings the profile and carries its name."""

    recoverycore_name = PHIPA.id

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Sequence[Profile]:
        """The one profile."""
        return (PHIPA,)


def plugin(settings: Mapping[str, Any]) -> Ontario:
    """The plugin, as an engine makes it. There is nothing to set, and a setting that would do nothing is refused."""
    if settings:
        raise ValueError("recoverycore-ca has no settings")
    return Ontario()
