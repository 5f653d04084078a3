"""The exceptions of 42 CFR Part 2, in the order in which they are tried: what the law permits without the client's consent.

There is none for a duty to warn and none for elder abuse. A subpoena or a general court order is no order under Part 2.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from recoverycore.consent import Duty, Facts, Rule, Source
from recoverycore.ground.instants import utc_text

from recoverycore_us.accounting import accounting, years_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent import Matter, Request

__all__ = ["RULES", "TPO", "is_note", "with_order"]

TPO = ("treatment", "payment", "operations")
REVIEWED = date(2026, 6, 1)
_COPIES = frozenset({"use", "disclose", "redisclose"})
_SECTIONS = frozenset({"2.64", "2.65", "2.66"})
_FINDINGS = frozenset({"threat_to_life", "serious_crime", "client_opened"})
LOG = Duty("log_disclosure")
LEAST = Duty("minimum_necessary")


def _source(section: str) -> Source:
    return Source(f"42 CFR {section}", "secondary", REVIEWED)


def is_note(matter: Matter) -> bool:
    """Whether the record is a counselling note: by its label, or by its category, unless it is known not to be kept apart."""
    if matter.record is None or matter.record.separated is False:
        return False
    return matter.labelled("SUD_NOTES") or matter.filed_as("counselling_note")


def _emergency(matter: Matter) -> bool:
    """No end has come, what is needed is asked for, and consent cannot be had, or a disaster has closed the programme."""
    known = matter.facts.emergency
    if known is None or matter.come(known.ended_at):
        return False
    necessary = matter.facts.necessary
    if necessary is not None and (matter.record is None or matter.record.id not in necessary):
        return False
    nobody_to_ask = known.consent_obtainable is False and known.patient_refused is not True
    disaster = known.declared_disaster is True and known.program_closed is True
    return nobody_to_ask or (disaster and matter.policy["emergency_by_disaster"] is True)


def _ordered(matter: Matter) -> bool:
    """An order under subpart E reaches this record; confidences and notes need its further finding. Holders for research or audit are out of reach."""
    order = matter.facts.legal.part2_order if matter.facts.legal else None
    if order is None or order.section not in _SECTIONS or matter.discloser_kind in (None, "researcher", "auditor"):
        return False
    if matter.record is None or matter.record.id not in order.records:
        return False
    confided = is_note(matter) or matter.filed_as("confidential_communication")
    return not confided or order.confidential_communications_finding in _FINDINGS


def with_order(facts: Facts, request: Request) -> Facts:
    """`facts` with an order for what is asked, as a court would make it."""
    order = {
        "section": "2.64",
        "records": [record.id for record in request.records],
        "confidential_communications_finding": "client_opened",
    }
    legal = {} if facts.legal is None else facts.legal.to_data()
    return facts.evolve(legal={**legal, "part2_order": order})


def _not_compelled(matter: Matter) -> bool:
    return not matter.facts.holds("legal.subpoena")


def _parent(matter: Matter) -> bool:
    return matter.client.minor and matter.recipient.relationship in ("parent", "guardian")


def _own_defence(matter: Matter) -> bool:
    return is_note(matter) or matter.policy["own_defence_scope"] == "all"


def _originator(matter: Matter) -> bool:
    return is_note(matter) and matter.record is not None and matter.record.originator == matter.recipient.id


def _trainee(matter: Matter) -> bool:
    if not is_note(matter) or matter.recipient.roles is None or matter.discloser is None:
        return False
    calendar = matter.setting.calendar
    return any(
        held.role == "supervised-trainee"
        and held.org == matter.discloser
        and (held.until is None or matter.at < calendar.ends(held.until, "narrow"))
        for held in matter.recipient.roles
    )


def _inside(matter: Matter) -> bool:
    """The recipient is of the programme, or has direct administrative control over it."""
    who, here = matter.recipient, matter.discloser
    return here is not None and (here in (who.id, who.org) or here in who.admin_control_of)


def _serves(matter: Matter) -> bool:
    """A signed agreement with the recipient, or with the organisation they are of."""
    who = matter.recipient
    return any(each.kind == "QSOA" and each.with_ in (who.id, who.org) and each.signed is True for each in matter.facts.agreements)


def _is_deidentified(matter: Matter) -> bool:
    return matter.record is not None and matter.record.deidentified is True


def _record_of_emergency(matter: Matter) -> Mapping[str, str]:
    """What the record of an emergency has to hold: who received it and where they are of, who released it, when, and its nature."""
    known = matter.facts.emergency
    return {
        "recipient": matter.recipient.id,
        "affiliation": matter.recipient.org or "to_be_written",
        "discloser": matter.discloser or "to_be_written",
        "at": utc_text(matter.at),
        "nature": "told" if known is not None and known.nature else "to_be_written",
    }


def _since(matter: Matter) -> Mapping[str, str]:
    return {"since": utc_text(years_before(matter, 3))}


EMERGENCY_RECORD = Duty("emergency_record", days=0, params=_record_of_emergency)

RULES = (
    Rule(
        name="medical-emergency",
        source=_source("2.51(a), (c)"),
        kinds=frozenset({"medical_personnel"}),
        purposes=("emergency_treatment", "break_glass"),
        actions=_COPIES,
        needs=(("emergency.bona_fide",),),
        holds=_emergency,
        overriding=True,
        duties=(LEAST, LOG, EMERGENCY_RECORD, Duty("post_review")),
    ),
    Rule(
        name="fda",
        source=_source("2.51(b)"),
        kinds=frozenset({"fda"}),
        purposes=("product_error_notification",),
        needs=(("fda_assertion",),),
        overriding=True,
        duties=(EMERGENCY_RECORD, LOG),
    ),
    Rule(
        name="court-order",
        source=_source("2.61-2.67"),
        purposes=("proceedings",),
        actions=_COPIES,
        holds=_ordered,
        overriding=True,
        duties=(LOG, LEAST, Duty("not_compelled", when=_not_compelled)),
    ),
    Rule(
        name="crime-on-premises",
        source=_source("2.12(c)(5)"),
        kinds=frozenset({"law_enforcement"}),
        purposes=("crime_report",),
        categories=("incident_identity",),
        needs=(("crime.on_premises", "crime.against_staff"),),
        overriding=True,
        duties=(LOG,),
    ),
    Rule(
        name="child-abuse-report",
        source=_source("2.12(c)(6)"),
        kinds=frozenset({"child_protection"}),
        purposes=("child_protection",),
        categories=("abuse_report_facts",),
        holds=lambda matter: not matter.facts.holds("report_already_made"),
        overriding=True,
        duties=(LOG,),
    ),
    Rule(
        name="minor-threat",
        source=_source("2.14(c)"),
        kinds=frozenset({"person"}),
        purposes=("safety",),
        categories=("threat_facts",),
        needs=(("director_finding.lacks_capacity",), ("director_finding.substantial_threat",)),
        holds=_parent,
        overriding=True,
        duties=(LOG,),
    ),
    Rule(
        name="vital-statistics",
        source=_source("2.15(b)(1)"),
        kinds=frozenset({"vital_statistics"}),
        purposes=("vital_statistics",),
        categories=("cause_of_death",),
        holds=lambda matter: matter.client.deceased,
        overriding=True,
        duties=(LOG,),
    ),
    Rule(
        name="audit",
        source=_source("2.53"),
        kinds=frozenset({"auditor"}),
        purposes=("audit",),
        needs=(("audit.written_agreement",),),
        overriding=True,
        duties=(Duty("return_or_destroy"), Duty("no_redisclosure"), LOG),
    ),
    Rule(
        name="client-access",
        source=_source("2.23"),
        kinds=frozenset({"client"}),
        purposes=("client_request",),
        overriding=True,
        duties=(Duty("log_access"),),
    ),
    Rule(
        name="intermediary-list",
        source=_source("2.24"),
        kinds=frozenset({"client"}),
        purposes=("client_request",),
        actions=frozenset({"list_disclosures"}),
        needs=(("request_in_writing",),),
        holds=lambda matter: matter.discloser_kind == "intermediary",
        overriding=True,
        with_records=False,
        duties=(Duty("respond_within_30_days", days=30), Duty("three_year_window", params=_since)),
    ),
    Rule(
        name="accounting",
        source=_source("2.25"),
        kinds=frozenset({"client"}),
        purposes=("client_request",),
        actions=frozenset({"accounting"}),
        overriding=True,
        with_records=False,
        entries=accounting,
    ),
    Rule(
        name="notes-originator",
        source=_source("2.31(b)(1)(i)(A)"),
        purposes=("treatment",),
        actions=frozenset({"use"}),
        holds=_originator,
        duties=(Duty("log_access"),),
    ),
    Rule(
        name="notes-training",
        source=_source("2.31(b)(1)(i)(B)"),
        purposes=("training",),
        actions=frozenset({"use"}),
        holds=_trainee,
        duties=(Duty("log_access"),),
    ),
    Rule(
        name="notes-own-defence",
        source=_source("2.31(b)(1)(i)(C)"),
        purposes=("defence_in_action_by_patient",),
        holds=_own_defence,
        duties=(LOG, LEAST),
    ),
    Rule(
        name="within-program",
        source=_source("2.12(c)(3)"),
        purposes=TPO,
        needs=(("need_to_know",),),
        holds=_inside,
        duties=(
            LEAST,
            Duty("log_access", when=lambda matter: matter.action == "use"),
            Duty("log_disclosure", when=lambda matter: matter.action != "use"),
        ),
    ),
    Rule(
        name="qso",
        source=_source("2.11, 2.12(c)(4)"),
        kinds=frozenset({"qso"}),
        purposes=("service_to_program",),
        holds=_serves,
        duties=(LEAST, LOG),
    ),
    Rule(
        name="research",
        source=_source("2.52"),
        kinds=frozenset({"researcher"}),
        purposes=("research",),
        needs=(("research.hipaa_waiver", "research.hipaa_authorization", "research.common_rule"),),
        duties=(Duty("no_redisclosure"), Duty("deidentified_reports_only"), LOG),
    ),
    Rule(
        name="public-health",
        source=_source("2.54"),
        kinds=frozenset({"public_health"}),
        purposes=("public_health",),
        holds=_is_deidentified,
        duties=(LOG,),
    ),
)
