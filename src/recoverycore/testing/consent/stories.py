"""Requests that are permitted, one for each way in which something may be released. Near misses are made out of these.

All is synthetic: one clinic, one program, one shelter, and the few who ask them.
"""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["AT", "STORIES", "permitted"]

Json = dict[str, Any]

AT = "2026-06-15T10:00:00-05:00"
CHICAGO: Json = {"age": 34, "minor": False, "capacity": True, "deceased": False, "zone": "America/Chicago"}
HARBOR: Json = {"id": "prog:harbor", "kind": "part2_program"}
CLINIC: Json = {"id": "org:clinic", "kind": "covered_entity"}
SHELTER: Json = {"id": "org:shelter", "kind": "victim_service_provider"}
LAKESIDE: Json = {"id": "org:lakeside", "kind": "covered_entity", "treating_relationship": True}
LEE: Json = {**LAKESIDE, "id": "per:lee", "org": "org:lakeside", "via": None, "roles": [{"role": "care-team", "org": "org:lakeside"}]}
CLIENT: Json = {"id": "client", "kind": "client"}
MEDIC: Json = {"id": "per:er", "kind": "medical_personnel", "org": "org:er", "treating_relationship": True}
AVA: Json = {
    "id": "per:ava",
    "kind": "part2_program",
    "org": "prog:harbor",
    "roles": [{"role": "supervised-trainee", "org": "prog:harbor"}],
}
TPO = ["treatment", "payment", "operations"]
EMERGENCY = {"bona_fide": True, "consent_obtainable": False, "nature": "overdose"}
ORDER = {"section": "2.64", "records": ["r1"], "confidential_communications_finding": "serious_crime"}
CRISIS = {"name": "crisis", "purpose": "treatment", "categories": ["diagnosis"], "to_roles": ["care-team"]}


def record(name: str = "r1", **fields: Any) -> Json:
    """A diagnosis that the program made in May."""
    return {"id": name, "labels": ["SUD"], "category": "diagnosis", "source": "prog:harbor", "date": "2026-05-01", **fields}


def box(**axes: Any) -> Json:
    """Everything about SUD, for treatment, to Lakeside and its people."""
    whole = {"labels": ["SUD"], "categories": "*", "purposes": ["treatment"], "recipients": [{"org": "org:lakeside"}]}
    return {**whole, "actions": ["disclose"], **axes}


def permit(name: str = "g1", **fields: Any) -> Json:
    """A whole form, signed in March, that ends with the year."""
    whole = {"id": name, "polarity": "permit", "form": "specific", "status": "active", "discloser": "prog:harbor", "boxes": [box()]}
    signed = {"signed_by": ["client"], "signed_on": "2026-03-01", "written": True, "missing_elements": [], "starts": "2026-03-01"}
    return {**whole, **signed, "expires": {"kind": "date", "value": "2026-12-31"}, **fields}


def tpo(**fields: Any) -> Json:
    """A consent for all future treatment, payment and operations."""
    wide = box(purposes=TPO, recipients=[{"class": "tpo"}])
    return permit(form="tpo", boxes=[wide], **{"expires": {"kind": "none"}, **fields})


def story(
    *papers: Json, profiles: tuple[Any, ...] = ("us.42cfr2",), client: Json = CHICAGO, facts: Json | None = None, **request: Any
) -> Json:
    """A case: what is given, and a request changed by `request`."""
    asked = {"discloser": HARBOR, "recipient": LEE, "purposes": ["treatment"], "action": "disclose", "at": AT, "records": [record()]}
    told = {"sources": {"prog:harbor": ["SUD"]}, **(facts or {})}
    given = {"profiles": list(profiles), "client": client, "directives": list(papers), "facts": told}
    return {"given": given, "when": {"request": {**asked, **request}}}


def exception(kind: str, purpose: str, *, of: Json | None = None, who: Json | None = None, **world: Any) -> Json:
    """A release that rests on a rule: the kind of recipient, the purpose, and the facts."""
    return story(recipient={"id": "org:asks", "kind": kind, **(who or {})}, purposes=[purpose], records=[record(**(of or {}))], **world)


NOTE: Json = {"labels": ["SUD", "SUD_NOTES"], "category": "counselling_note", "separated": True, "originator": "per:ava"}
NOTES_FORM = permit(form="notes", boxes=[box(labels=["SUD", "SUD_NOTES"])])
COURT = permit(form="proceedings", boxes=[box(purposes=["proceedings"], recipients=[{"org": "org:court"}])])
HIE = permit(form="general_designation", boxes=[box(recipients=[{"designation": "treating", "via": "org:hie"}])])
PAROLE = {"kind": "event", "value": "release ends"}
REFERRAL = permit(
    form="cj_referral",
    boxes=[box(purposes=["cj_monitoring"], recipients=[{"role": "probation-officer", "org": "court:county"}])],
    expires=PAROLE,
    revocable_from=PAROLE,
    revocations=[{"at": "2026-06-01T00:00:00-05:00", "written": True}],
)
OFFICER = {"id": "per:po", "kind": "cj_element", "org": "court:county", "roles": [{"role": "probation-officer", "org": "court:county"}]}
HELD = {"held_copy": {"holder": "org:lakeside", "received_under": "g1", "received_at": "2026-05-02T09:00:00-05:00"}}
REHAB = {"id": "org:rehab", "kind": "covered_entity", "treating_relationship": True}
AT_THE_MAILER = {
    "held_copy": {"holder": "org:tpa", "received_under": "g1"},
    "contracts": [{"between": ["org:tpa", "org:mail"], "part2_clause": True}],
}
PAYER = permit(boxes=[box(purposes=["payment"], recipients=[{"org": "org:tpa"}])])
HOUSING = permit(discloser="org:shelter", boxes=[box(labels=["SDV"], purposes=["housing"], recipients=[{"org": "org:housing"}])])
PLACE: Json = {"labels": ["SDV"], "category": "location", "source": "org:shelter"}
CLINICAL: Json = {"labels": ["PSY"], "source": "org:clinic"}
THERAPY = permit(form="notes", discloser="org:clinic", boxes=[box(labels=["PSY", "PSYTHPN"])])
TREE: Json = {
    "id": "t1",
    "format": "fhir-r5",
    "status": "active",
    "decision": "permit",
    "root": {"actor": ["org:lakeside"], "period": {"start": "2026-03-01", "end": "2026-12-31"}},
    "provisions": [
        {"purpose": ["marketing"]},
        {"labels": ["HIV"]},
        {"purpose": ["payment"], "provisions": [{"class": ["Claim"]}]},
        {"category": ["lab"], "purpose": ["research"], "data_period": {"start": "2026-05-01", "end": "2026-05-31"}},
    ],
}
REFUSING: Json = {
    "id": "t1",
    "format": "fhir-r4",
    "status": "active",
    "decision": "deny",
    "root": {},
    "provisions": [
        {"type": "permit", "actor": ["org:lakeside"], "purpose": ["TREAT"]},
        {"type": "deny", "labels": ["HIV"], "provisions": [{"type": "permit", "actor": ["per:kim"]}]},
    ],
}
LEDGER = [
    {"at": "2026-01-01T00:00:00Z", "purpose": "research"},
    {"at": "2023-06-15T10:00:00-05:00", "purpose": "marketing"},
    {"at": "2023-06-15", "purpose": "treatment", "ehr": True},
    {"at": "2023-06-14", "purpose": "research"},
    {"at": "2026-02-01", "purpose": "payment"},
    {"at": "2026-06-16", "purpose": "research"},
    {"at": "2026-03-01", "purpose": "research", "basis_kind": "exception"},
]


@cache
def permitted() -> dict[str, Json]:
    """Each story by its name. They share values: copy one before you change it."""
    return {
        "specific consent": story(permit()),
        "specific consent, two records": story(permit(), records=[record(), record("r2", category="lab", labels=["ETHUD"])]),
        "two purposes on two consents": story(permit(), permit("g2", boxes=[box(purposes=["payment"])]), purposes=["treatment", "payment"]),
        "consent for everything": story(tpo(), facts={"events": {"discharge": None}}),
        "consent for everything, payment": story(tpo(), purposes=["billing_support"], recipient={"id": "org:plan", "kind": "health_plan"}),
        "consent until an event": story(permit(expires={"kind": "event", "value": "discharge"}), facts={"events": {"discharge": None}}),
        "notes consent": story(NOTES_FORM, records=[record(**NOTE)]),
        "proceedings consent": story(COURT, recipient={"id": "org:court", "kind": "court"}, purposes=["civil_proceedings"]),
        "general designation": story(HIE, recipient={**LEE, "via": "org:hie"}),
        "referral that cannot be revoked yet": story(
            REFERRAL, recipient=OFFICER, purposes=["cj_monitoring"], facts={"events": {"release ends": None}}
        ),
        "paid in reliance": story(
            permit(boxes=[box(purposes=["payment"])], revocations=[{"at": "2026-06-01", "written": True}]),
            purposes=["payment"],
            facts={"acted_in_reliance": {"g1": ["r1"]}},
        ),
        "minor and parent": story(permit(signed_by=["client", "parent"]), client={**CHICAGO, "age": 15, "minor": True}),
        "minor alone": story(permit(), client={**CHICAGO, "minor": True}, facts={"state_rule": "minor_may_consent_alone"}),
        "director for payment": story(
            permit(signed_by=["program_director"], boxes=[box(purposes=["payment"])]),
            client={**CHICAGO, "capacity": False, "adjudicated": False},
            purposes=["payment"],
        ),
        "guardian": story(permit(signed_by=["guardian"]), client={**CHICAGO, "capacity": False, "adjudicated": True}),
        "spouse": story(
            permit(signed_by=["spouse"]), client={**CHICAGO, "deceased": True}, facts={"representative": None, "spouse": "per:s"}
        ),
        "medical emergency": exception("medical_personnel", "emergency_treatment", facts={"emergency": EMERGENCY}),
        "disaster": exception(
            "medical_personnel",
            "break_glass",
            facts={"emergency": {"bona_fide": True, "declared_disaster": True, "program_closed": True}, "necessary": ["r1"]},
        ),
        "recall": exception("fda", "product_error_notification", facts={"fda_assertion": True}),
        "court order": exception("court", "criminal_proceedings", facts={"legal": {"subpoena": True, "part2_order": ORDER}}),
        "court order for notes": exception("court", "proceedings", of=NOTE, facts={"legal": {"part2_order": ORDER}}),
        "crime": exception("law_enforcement", "crime_report", of={"category": "incident_identity"}, facts={"crime": {"on_premises": True}}),
        "child abuse": exception("child_protection", "child_protection", of={"category": "abuse_report_facts"}),
        "minor in danger": exception(
            "person",
            "safety",
            of={"category": "threat_facts"},
            who={"relationship": "parent"},
            client={**CHICAGO, "minor": True},
            facts={"director_finding": {"lacks_capacity": True, "substantial_threat": True}},
        ),
        "cause of death": exception(
            "vital_statistics", "vital_statistics", of={"category": "cause_of_death"}, client={**CHICAGO, "deceased": True}
        ),
        "audit": exception("auditor", "audit", facts={"audit": {"written_agreement": True}}),
        "own record": exception("client", "client_request", who=CLIENT),
        "list of an intermediary": story(
            discloser={"id": "org:hie", "kind": "intermediary"},
            recipient=CLIENT,
            purposes=["client_request"],
            action="list_disclosures",
            records=[],
            facts={"request_in_writing": True},
        ),
        "accounting": story(recipient=CLIENT, purposes=["client_request"], action="accounting", records=[], facts={"ledger": LEDGER}),
        "own notes": story(recipient=AVA, action="use", records=[record(**NOTE)]),
        "trainee's notes": story(recipient=AVA, action="use", purposes=["training"], records=[record(**{**NOTE, "originator": "per:x"})]),
        "own defence": story(recipient=AVA, purposes=["defence_in_action_by_patient"], records=[record(**NOTE)]),
        "within the program": story(recipient=AVA, action="use", facts={"need_to_know": True}),
        "service organisation": exception(
            "qso", "service_to_program", facts={"agreements": [{"kind": "QSOA", "with": "org:asks", "signed": True}]}
        ),
        "research": exception("researcher", "research", facts={"research": {"common_rule": True}}),
        "public health": exception("public_health", "public_health", of={"deidentified": True}),
        "passed on by HIPAA": story(tpo(), discloser=LAKESIDE, recipient=REHAB, action="redisclose", facts=HELD),
        "passed on by a program": story(
            permit(boxes=[box(recipients=[{"org": "org:lakeside"}, {"org": "org:rehab"}])]),
            discloser={"id": "org:lakeside", "kind": "part2_program", "covered_entity": False},
            recipient=REHAB,
            action="redisclose",
            facts=HELD,
        ),
        "passed on to a contractor": story(
            PAYER,
            discloser={"id": "org:tpa", "kind": "lawful_holder"},
            recipient={"id": "org:mail", "kind": "contractor"},
            purposes=["payment"],
            action="redisclose",
            facts=AT_THE_MAILER,
        ),
        "passed on by own consent": story(
            permit(discloser="org:lakeside", boxes=[box(recipients=[{"org": "org:rehab"}])]),
            discloser=LAKESIDE,
            recipient=REHAB,
            action="redisclose",
            facts=HELD,
        ),
        "passed on in an emergency": story(
            discloser=LAKESIDE,
            recipient=MEDIC,
            purposes=["emergency_treatment"],
            action="redisclose",
            facts={**HELD, "emergency": EMERGENCY},
        ),
        "core alone": story(permit(), profiles=()),
        "core alone, two consents and a refusal beside": story(
            permit(), permit("g2", boxes=[box(categories=["lab"])]), permit("d1", polarity="deny", boxes=[box(labels=["HIV"])]), profiles=()
        ),
        "core alone, by role": story(permit(boxes=[box(recipients=[{"role": "care-team"}])]), profiles=()),
        "an emergency in data": story(
            profiles=({"id": "small", "version": 1, "emergencies": [{**CRISIS, "needs": {"open_run_level_at_least": 3}}]},),
            facts={"open_run_level": 3},
        ),
        "a tree": story(TREE, profiles=(), records=[record(**{"class": "Claim"})]),
        "a tree as a form": story({**TREE, **{name: permit()[name] for name in ("form", "signed_by", "written", "expires", "starts")}}),
        "a tree that refuses by default": story(REFUSING, profiles=(), records=[record(**{"class": "Claim"})]),
        "a tree beside a consent": story(permit(), {**REFUSING, "root": {"labels": ["HIV"]}}, profiles=()),
        "hipaa treatment": story(profiles=("us.hipaa",), discloser=CLINIC, records=[record(**CLINICAL)]),
        "hipaa consent": story(
            permit(discloser="org:clinic", boxes=[box(labels=["MH"], purposes=["research"])]),
            profiles=("us.hipaa",),
            discloser=CLINIC,
            purposes=["research"],
            records=[record(**CLINICAL)],
        ),
        "psychotherapy notes": story(
            THERAPY,
            profiles=("us.hipaa",),
            discloser=CLINIC,
            records=[record(labels=["PSYTHPN"], category="psychotherapy_note", source="org:clinic")],
        ),
        "serious threat": exception(
            "law_enforcement",
            "duty_to_warn",
            of=CLINICAL,
            profiles=("us.hipaa",),
            discloser=CLINIC,
            facts={"threat": {"credible": True, "imminent": True}},
        ),
        "both at once": story(permit(), profiles=("us.42cfr2", "us.hipaa")),
        "shelter": story(
            HOUSING,
            profiles=("us.dv",),
            discloser=SHELTER,
            recipient={"id": "org:housing", "kind": "lawful_holder"},
            purposes=["housing"],
            records=[record(**PLACE)],
        ),
        "shelter under mandate": exception(
            "court", "proceedings", of=PLACE, profiles=("us.dv",), discloser=SHELTER, facts={"legal": {"court_mandate": True}}
        ),
        "shelter's numbers": exception("funder", "reporting", of={**PLACE, "deidentified": True}, profiles=("us.dv",), discloser=SHELTER),
        "substance use in a shelter": story(
            permit(discloser="org:shelter", boxes=[box(labels=["SUD", "SDV"])]),
            profiles=("us.42cfr2", "us.dv"),
            discloser=SHELTER,
            records=[record(labels=["SUD", "SDV"], source="org:shelter")],
        ),
        "circle of care": story(profiles=("ca.on.phipa",), discloser=CLINIC, records=[record(**CLINICAL)]),
        "danger in Ontario": exception(
            "provider", "safety", of=CLINICAL, profiles=("ca.on.phipa",), facts={"significant_risk_of_serious_bodily_harm": True}
        ),
        "treatment in Europe": exception("provider", "treatment", of=CLINICAL, profiles=("eu.gdpr",), facts={"lawful_basis": "9(2)(h)"}),
    }


STORIES = tuple(permitted())
