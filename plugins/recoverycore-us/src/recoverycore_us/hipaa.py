"""The HIPAA Privacy Rule, as far as disclosures of health records go. It applies to every record.

Not legal advice: each rule carries its citation and says whether the text itself was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent import Bar, ClassRow, Duty, Profile, RecipientClass, Rule, Source, Switch, reads
from recoverycore.consent.posets import STAR
from recoverycore_us.forms import ELEMENTS, MINOR_RULE, REVIEWED, badly_signed, missing, signers

if TYPE_CHECKING:
    from recoverycore.consent import AnyDirective, Matter

__all__ = ["HIPAA", "HIPAA_TPO"]

_ANY_WAY = frozenset({"use", "disclose", "redisclose"})
_NOTE_LABELS = frozenset({"PSY", "PSYTHPN"})
_LOG = Duty("log_disclosure")

HIPAA_TPO = RecipientClass(
    "hipaa-tpo",
    (
        ClassRow(("treatment",), frozenset({"covered_entity", "provider", "part2_program", "medical_personnel"}), "not_denied"),
        ClassRow(("payment",), frozenset({"covered_entity", "health_plan", "third_party_payer", "business_associate"})),
        ClassRow(("operations",), frozenset({"covered_entity", "business_associate", "health_plan"})),
    ),
)
"""Whom a record may reach for treatment, payment and operations without an authorisation: 45 CFR 164.506(c)."""


@reads(labels=["PSYTHPN"], categories=["psychotherapy_note"])
def _is_note(matter: Matter) -> bool:
    """Whether the record is a psychotherapy note, unless it is known not to be kept apart: 45 CFR 164.501."""
    if matter.record is None or matter.record.separated is False:
        return False
    return matter.labelled("PSYTHPN") or matter.filed_as("psychotherapy_note")


@reads(badly_signed)
def _defects(directive: AnyDirective, matter: Matter) -> tuple[str, ...]:
    """What is wrong with an authorisation: 45 CFR 164.508(b)-(c)."""
    found = [] if directive.written is True else ["not_written"]
    found += missing(directive, ELEMENTS)
    if directive.expires.kind == "none" and directive.form != "research":
        found.append("no_expiration")
    if badly_signed(directive, matter):
        found.append("signer")
    if not matter.policy["combined_severable"] and _combined(directive, matter):
        found.append("combined")
    return tuple(found)


def _combined(directive: AnyDirective, matter: Matter) -> bool:
    """Whether an authorisation for notes is for something else as well: 45 CFR 164.508(b)(3)(ii)."""
    if directive.form != "notes":
        return directive.form == "combined"
    words = matter.setting.words
    named = (each for box in directive.boxes for each in words.read("label", (STAR,) if box.labels == STAR else box.labels or ()))
    return any(each not in _NOTE_LABELS for each in named)


@reads(_is_note)
def _reaches(directive: AnyDirective, matter: Matter) -> str | None:
    """An authorisation for notes reaches notes only; one that is combined reaches everything else."""
    if _combined(directive, matter):
        return "bar" if _is_note(matter) else None
    return "bar" if directive.form == "notes" and not _is_note(matter) else None


@reads(_is_note)
def _by_originator(matter: Matter) -> bool:
    return _is_note(matter) and matter.record is not None and matter.record.originator == matter.recipient.id


@reads(
    treating=True,
    purposes=[purpose for row in HIPAA_TPO.rows for purpose in row.purposes],
    kinds={kind for row in HIPAA_TPO.rows for kind in row.kinds},
)
def _implied(matter: Matter) -> bool:
    return HIPAA_TPO.holds(matter.recipient, matter.purpose, matter.setting.words) is True


def _source(section: str, mark: str = "secondary") -> Source:
    return Source(f"45 CFR {section}", "read" if mark == "read" else "secondary", REVIEWED)


HIPAA = Profile(
    id="us.hipaa",
    version="2024.1",
    title="HIPAA Privacy Rule (45 CFR 164 subpart E), disclosures",
    reviewed=REVIEWED,
    defects=_defects,
    signers=signers,
    reaches=_reaches,
    bars=(
        Bar(
            name="psychotherapy-notes",
            source=_source("164.508(a)(2)", "read"),
            holds=_is_note,
            forms=frozenset({"notes"}),
            rules=frozenset({"notes-originator"}),
            wanted_form="notes",
        ),
    ),
    rules=(
        Rule(
            name="hipaa-serious-threat",
            source=_source("164.512(j)(1)(i)", "read"),
            kinds=frozenset({"law_enforcement", "medical_personnel"}),
            purposes=("duty_to_warn",),
            actions=_ANY_WAY,
            needs=(("threat.credible",), ("threat.imminent",)),
            overriding=True,
            duties=(Duty("minimum_necessary"), _LOG),
        ),
        Rule(
            name="client-access",
            source=_source("164.524"),
            kinds=frozenset({"client"}),
            purposes=("client_request",),
            actions=_ANY_WAY,
            overriding=True,
            duties=(Duty("log_access"),),
        ),
        Rule(
            name="notes-originator",
            source=_source("164.508(a)(2)(i)(A)", "read"),
            purposes=("treatment",),
            actions=frozenset({"use"}),
            holds=_by_originator,
            duties=(Duty("log_access"),),
        ),
        Rule(
            name="hipaa-tpo",
            source=_source("164.506(c)"),
            purposes=("treatment", "payment", "operations"),
            actions=_ANY_WAY,
            holds=_implied,
            implied=True,
            duties=(_LOG,),
        ),
    ),
    consent_duties=(_LOG,),
    refusal_duties=(Duty("non_revealing_refusal", when=lambda matter: matter.policy["hipaa_nonrevealing"] is True),),
    wants_writing=True,
    switches=(
        MINOR_RULE,
        Switch("combined_severable", True, (True, False), "whether a combined form is good for the rest"),  # noqa: FBT003 - a value
        Switch("hipaa_nonrevealing", True, (True, False), "whether a refusal must not reveal that somebody is a client"),  # noqa: FBT003
    ),
)
