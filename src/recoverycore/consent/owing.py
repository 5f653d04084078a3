"""What is owed for a disclosure or a refusal: the duties of a rule or of consent as obligations, with their deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.consent.outcome import Obligation
from recoverycore.ground.instants import calendar_add

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent.law import Duty, Profile
    from recoverycore.consent.matter import Matter

__all__ = ["BROKEN", "consent_duties", "owed", "refusal_duties"]

BROKEN = frozenset({Obligation.named("report_plugin_error")})
"""What is owed where a profile could not answer."""
_LOG_ACCESS = frozenset({Obligation.named("log_access")})
_LOG_DISCLOSURE = frozenset({Obligation.named("log_disclosure")})
_REVIEW = frozenset({Obligation("after", "post_review")})


def owed(duties: Iterable[Duty], matter: Matter) -> frozenset[Obligation]:
    """Those of `duties` of a release that this matter brings with it. A break-glass claim that is honoured is reviewed."""
    return _reviewed(_due(duties, matter), matter)


def consent_duties(profile: Profile, matter: Matter) -> frozenset[Obligation]:
    """What is owed for a release by a directive."""
    duties = profile.consent_duties
    if duties is not None:
        return owed(duties, matter)
    inside = matter.action == "use" or matter.recipient.kind == "client"
    return _reviewed(_LOG_ACCESS if inside else _LOG_DISCLOSURE, matter)


def _reviewed(due: frozenset[Obligation], matter: Matter) -> frozenset[Obligation]:
    return due | _REVIEW if matter.purpose == "break_glass" else due


def refusal_duties(profiles: Iterable[Profile], matter: Matter) -> frozenset[Obligation]:
    """What is owed for a refusal, by every profile that applies. One that cannot say it is reported."""
    found: frozenset[Obligation] = frozenset()
    for profile in profiles:
        try:
            found |= _due(profile.refusal_duties, matter)
        except Exception:  # noqa: BLE001 - a profile may raise anything; a refusal stays one
            found |= BROKEN
    return found


def _due(duties: Iterable[Duty], matter: Matter) -> frozenset[Obligation]:
    """Those of `duties` whose condition holds. A deadline is so many days of the client's calendar from now."""
    return frozenset(_obligation(each, matter) for each in duties if each.when(matter))


def _obligation(duty: Duty, matter: Matter) -> Obligation:
    zone = matter.client.zone or "UTC"
    deadline = None if duty.days is None else calendar_add(matter.at, duty.days, timedelta(0), zone)
    return Obligation(duty.timing, duty.code, deadline, duty.params(matter))
