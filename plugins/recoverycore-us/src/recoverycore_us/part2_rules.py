"""The exceptions of 42 CFR Part 2, in the order in which they are tried: what the law permits without the client's consent.

There is none for a duty to warn and none for elder abuse. A subpoena or a general court order is no order under Part 2.
"""

from __future__ import annotations

from recoverycore.consent import Duty, Rule, Source
from recoverycore_us.accounting import accounting
from recoverycore_us.forms import REVIEWED
from recoverycore_us.part2_facts import (
    after_death,
    by_intermediary,
    by_originator,
    by_trainee,
    deidentified,
    in_emergency,
    in_own_defence,
    inside,
    not_compelled,
    not_reported_yet,
    record_of_emergency,
    released,
    serves,
    three_years,
    to_a_parent,
    under_order,
    used,
)

__all__ = ["LEAST", "LOG", "RULES", "TPO"]

TPO = ("treatment", "payment", "operations")
_COPIES = frozenset({"use", "disclose", "redisclose"})
LOG = Duty("log_disclosure")
LEAST = Duty("minimum_necessary")


_READ = frozenset({"2.24", "2.25", "2.51(a), (c)", "2.51(b)", "2.61-2.67"})
"""Sections whose text was read, in published copies; of subpart E in an older print. All others were told of elsewhere."""


def _source(section: str) -> Source:
    return Source(f"42 CFR {section}", "read" if section in _READ else "secondary", REVIEWED)


EMERGENCY_RECORD = Duty("emergency_record", days=0, params=record_of_emergency)

RULES = (
    Rule(
        name="medical-emergency",
        source=_source("2.51(a), (c)"),
        kinds=frozenset({"medical_personnel"}),
        purposes=("emergency_treatment", "break_glass"),
        actions=_COPIES,
        needs=(("emergency.bona_fide",),),
        holds=in_emergency,
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
        holds=under_order,
        overriding=True,
        duties=(LOG, LEAST, Duty("not_compelled", when=not_compelled)),
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
        holds=not_reported_yet,
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
        holds=to_a_parent,
        overriding=True,
        duties=(LOG,),
    ),
    Rule(
        name="vital-statistics",
        source=_source("2.15(b)(1)"),
        kinds=frozenset({"vital_statistics"}),
        purposes=("vital_statistics",),
        categories=("cause_of_death",),
        holds=after_death,
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
        holds=by_intermediary,
        overriding=True,
        with_records=False,
        duties=(Duty("respond_within_30_days", days=30), Duty("three_year_window", params=three_years)),
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
        holds=by_originator,
        duties=(Duty("log_access"),),
    ),
    Rule(
        name="notes-training",
        source=_source("2.31(b)(1)(i)(B)"),
        purposes=("training",),
        actions=frozenset({"use"}),
        holds=by_trainee,
        duties=(Duty("log_access"),),
    ),
    Rule(
        name="notes-own-defence",
        source=_source("2.31(b)(1)(i)(C)"),
        purposes=("defence_in_action_by_patient",),
        holds=in_own_defence,
        duties=(LOG, LEAST),
    ),
    Rule(
        name="within-program",
        source=_source("2.12(c)(3)"),
        purposes=TPO,
        needs=(("need_to_know",),),
        holds=inside,
        duties=(
            LEAST,
            Duty("log_access", when=used),
            Duty("log_disclosure", when=released),
        ),
    ),
    Rule(
        name="qso",
        source=_source("2.11, 2.12(c)(4)"),
        kinds=frozenset({"qso"}),
        purposes=("service_to_program",),
        holds=serves,
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
        holds=deidentified,
        duties=(LOG,),
    ),
)
