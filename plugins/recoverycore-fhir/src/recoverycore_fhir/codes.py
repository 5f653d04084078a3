"""The code systems of HL7 that consent is written in, and where a code of this library stands among them.

A code of HL7's own systems is read by itself; one of any other system as ``system|code``, as FHIR writes a token in a search, so that the
same letters in two systems never mean the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["ACTIONS", "ACT_CODE", "CLASSES", "Json", "PARTICIPATION", "coding", "token"]

Json: TypeAlias = dict[str, Any]

_HL7 = "http://terminology.hl7.org/CodeSystem/"
_OWN = (_HL7, "http://hl7.org/fhir/", "urn:oid:2.16.840.1.113883.5.")
"""Beside their addresses, the arc of object identifiers under which HL7 registers the code systems of its version 3."""
ACT_CODE = f"{_HL7}v3-ActCode"
PARTICIPATION = f"{_HL7}v3-ParticipationType"
ACTIONS = f"{_HL7}consentaction"
CLASSES = {"R4": "http://hl7.org/fhir/resource-types", "R5": "http://hl7.org/fhir/fhir-types"}

_REASONS = {
    "treatment": "TREAT",
    "emergency_treatment": "ETREAT",
    "break_glass": "BTG",
    "care_coordination": "COC",
    "payment": "HPAYMT",
    "operations": "HOPERAT",
    "research": "HRESCH",
    "proceedings": "HLEGAL",
    "marketing": "HMARKT",
    "client_request": "PATRQT",
    "family_involvement": "FAMRQT",
    "public_health": "PUBHLTH",
}
_SENSITIVITIES = {
    *("BH", "SUD", "MH", "ETH", "ETHUD", "OPIOIDUD", "PSY", "PSYTHPN", "VIO", "SDV", "HIV", "STD", "SEX", "GDIS", "ADOL", "COGN"),
    *("42CFRPart2CD", "HIPAAPsyNotes"),
}
_BY_AXIS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "purpose": {own: (f"{_HL7}v3-ActReason", code) for own, code in (*_REASONS.items(), *((code, code) for code in _REASONS.values()))},
    "labels": {code: (f"{_HL7}v3-Confidentiality", code) for code in "ULMNRV"} | {code: (ACT_CODE, code) for code in _SENSITIVITIES},
    "action": {code: (ACTIONS, code) for code in ("collect", "access", "use", "disclose", "correct")},
}


def token(written: Any) -> str | None:
    """A Coding as one text; None where it has no code."""
    if not isinstance(written, Mapping) or not isinstance(written.get("code"), str) or not written["code"]:
        return None
    system = written.get("system")
    if system is None or (isinstance(system, str) and system.startswith(_OWN)):
        return str(written["code"])
    return f"{system}|{written['code']}" if isinstance(system, str) else None


def coding(axis: str, code: str, usual: str | None = None) -> Json:
    """`code` as a Coding: in the system that it stands in on this axis, else in the `usual` one, else in none."""
    if "|" in code:
        system, _, plain = code.rpartition("|")
        return {"system": system, "code": plain}
    system, plain = _BY_AXIS.get(axis, {}).get(code, (usual or "", code))
    return {"system": system, "code": plain} if system else {"code": plain}
