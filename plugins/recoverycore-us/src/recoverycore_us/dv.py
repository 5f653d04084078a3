"""Victim services in the United States (VAWA and FVPSA): what a shelter or an advocate holds, and whatever tells of violence at home.

It applies where the discloser serves victims, or an effective label is SDV. Not legal advice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.consent import Duty, Profile, Rule, Source, Switch, reads
from recoverycore.consent.documents import ExpiresAt, ExpiresOn
from recoverycore.ground.instants import calendar_add
from recoverycore_us.forms import MINOR_RULE, REVIEWED, badly_signed, missing, signers

if TYPE_CHECKING:
    from recoverycore.consent import AnyDirective, Matter

__all__ = ["DV"]

_ANY_WAY = frozenset({"use", "disclose", "redisclose"})
_LOG = Duty("log_disclosure")


@reads(badly_signed)
def _defects(directive: AnyDirective, matter: Matter) -> tuple[str, ...]:
    """What is wrong with a release: 34 USC 12291(b)(2)(B), 28 CFR 90.4(b)."""
    found = [] if directive.written is True else ["not_written"]
    found += missing(directive, ("signature",))
    if directive.expires.kind == "none":
        found.append("no_expiration")
    elif _too_long(directive, matter):
        found.append("too_long")
    if directive.conditioned_on_service:
        found.append("conditioned")
    if directive.abuser_signed:
        found.append("abuser_signed")
    if badly_signed(directive, matter):
        found.append("signer")
    return tuple(found)


def _too_long(directive: AnyDirective, matter: Matter) -> bool:
    """Whether a release lasts longer than the host allows, or nobody can say how long it lasts."""
    most = matter.policy["dv_max_days"]
    if most is None:
        return False
    calendar = matter.setting.calendar
    begun = [calendar.begins(each, "wide") for each in (directive.starts, directive.signed_on) if each is not None]
    if not begun or not isinstance(directive.expires, ExpiresOn | ExpiresAt):
        return True
    return calendar.ends(directive.expires.value, "wide") > calendar_add(max(begun), most, timedelta(0), calendar.zone or "UTC")


@reads(labels=["SDV"], discloser_kinds=["victim_service_provider"])
def _applies(matter: Matter) -> bool:
    return matter.discloser_kind == "victim_service_provider" or matter.labelled("SDV")


@reads(categories=["hashed_identifier"])
def _without_identity(matter: Matter) -> bool:
    """De-identified indeed: a hashed or encrypted identifier still identifies, and so does what nobody has filed."""
    record = matter.record
    return record is not None and record.deidentified is True and matter.category is not None and not matter.filed_as("hashed_identifier")


def _source(text: str) -> Source:
    """Told of on pages of the office that administers the law, and of those who train victim services; the statute was not read."""
    return Source(text, "secondary", REVIEWED)


DV = Profile(
    id="us.dv",
    version="2022.1",
    title="Confidentiality of victim services (34 USC 12291(b)(2), 28 CFR 90.4, 42 USC 10406)",
    reviewed=REVIEWED,
    applies=_applies,
    defects=_defects,
    signers=signers,
    rules=(
        Rule(
            name="dv-mandate",
            source=_source("34 USC 12291(b)(2)(C)"),
            purposes=("proceedings",),
            actions=_ANY_WAY,
            needs=(("legal.court_mandate", "legal.statutory_mandate"),),
            overriding=True,
            duties=(Duty("notify_victim"), Duty("protect_safety"), _LOG),
        ),
        Rule(
            name="client-access",
            source=_source("34 USC 12291(b)(2)(B)"),
            kinds=frozenset({"client"}),
            purposes=("client_request",),
            actions=_ANY_WAY,
            overriding=True,
            duties=(Duty("log_access"),),
        ),
        Rule(
            name="dv-aggregate",
            source=_source("34 USC 12291(b)(2)(D)"),
            purposes=("reporting",),
            actions=_ANY_WAY,
            holds=_without_identity,
            duties=(_LOG,),
        ),
    ),
    consent_duties=(_LOG, Duty("minimum_necessary")),
    refusal_duties=(Duty("non_revealing_refusal"),),
    switches=(
        MINOR_RULE,
        Switch("dv_max_days", None, int, "how many days a release may last; longer ones are defective"),
    ),
)
