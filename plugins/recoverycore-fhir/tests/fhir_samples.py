"""Consent resources in the shape that HL7 publishes for R4 (4.0.1) and R5 (5.0.0), made by hand. Nobody in them exists."""

from __future__ import annotations

from typing import Any

from recoverycore.consent import ClientFacts, Decision, Facts, Request, TreeDirective, decide

Json = dict[str, Any]
REASON, LABEL = "http://terminology.hl7.org/CodeSystem/v3-ActReason", "http://terminology.hl7.org/CodeSystem/v3-ActCode"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


def purpose(*codes: str) -> list[Json]:
    return [{"system": REASON, "code": code} for code in codes]


def label(*codes: str) -> list[Json]:
    return [{"system": LABEL, "code": code} for code in codes]


def actor(reference: str, role: str | None = "IRCP") -> Json:
    coded = {} if role is None else {"role": {"coding": [{"system": PARTICIPATION, "code": role}]}}
    return {**coded, "reference": {"reference": reference}}


def base(code: str) -> Json:
    return {"coding": [{"system": LABEL, "code": code}]}


def r4(provision: Any = None, **elements: Any) -> Json:
    """An R4 consent of a patient with a name; without a provision it has its base policy only."""
    whole = {
        "resourceType": "Consent",
        "id": "c1",
        "status": "active",
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "patient": {"reference": "Patient/f001", "display": "P. van de Heuvel"},
        "dateTime": "2026-03-01",
        "policyRule": base("OPTIN"),
    }
    return {**whole, **({} if provision is None else {"provision": provision}), **elements}


def r5(*provisions: Any, decision: Any = "permit", **elements: Any) -> Json:
    """An R5 consent."""
    whole: Json = {"resourceType": "Consent", "id": "c1", "status": "active", "date": "2026-03-01", "decision": decision}
    return {**whole, **({"provision": list(provisions)} if provisions else {}), **elements}


def asked(tree: TreeDirective, *, facts: Json | None = None, **changes: Any) -> Decision:
    """The decision of the core on a diagnosis that a clinic would give to Dr. Lee for treatment, under this tree alone."""
    record = {
        "id": "r1",
        "labels": ["MH"],
        "category": "diagnosis",
        "class": "Condition",
        "date": "2026-05-01",
        **changes.pop("record", {}),
    }
    request = {
        "discloser": {"id": "Organization/clinic"},
        "recipient": {"id": "Practitioner/lee", "org": "Organization/lakeside"},
        "purposes": ["TREAT"],
        "at": "2026-06-15T12:00:00Z",
        "records": [record],
        **changes,
    }
    return decide(Request.model_validate(request), [tree], client=ClientFacts(zone="UTC"), facts=Facts.model_validate(facts or {}))
