"""A tree of provisions written as a Consent resource of FHIR R4 or R5, or refused where the resource would say something else."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from recoverycore.consent import in_format
from recoverycore.consent.trees import ROOT
from recoverycore.errors import DocumentError, problem
from recoverycore_fhir.codes import ACTIONS, CLASSES, PARTICIPATION, coding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from recoverycore.consent import Criteria, TreeDirective
    from recoverycore.consent.trees import Node
    from recoverycore.errors import Problem
    from recoverycore_fhir.codes import Json
    from recoverycore_fhir.reading import Release

__all__ = ["write_consent"]

_CARRIED = {"id", "format", "status", "decision", "root", "provisions", "signed_on"}
_STATUS = {"R4": {}, "R5": {"proposed": "draft", "rejected": "not-done"}}
_SPOKEN_FOR = {"resourceType", "id", "decision", "grantee", "period", "provision", "modifierExtension", "implicitRules"}
"""What the tree says itself, or what would change how it is read: no element beside it."""
_AT_ROOT_OF_R5 = {"actor", "period"}
_MINIMUM: Mapping[str, Json] = {
    "R4": {
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
        "policyRule": {"text": "What the provisions say."},
    },
    "R5": {},
}


def write_consent(tree: TreeDirective, release: Release, beside: Mapping[str, Any] | None = None) -> Json:
    """`tree` as a Consent resource. `beside` are elements of the resource that no tree holds: patient, organization, policy.

    Nothing is left out that would change a verdict: what the resource has no place for is refused, every such place at once. That goes for
    the evidence of a form and for revocations too; keep those where the tree is kept. So are elements beside it that would say something of
    their own. Error: ``not_expressible``.
    """
    written = in_format(tree, "fhir-r4" if release == "R4" else "fhir-r5")
    refused = [problem("not_expressible", f"/beside/{name}") for name in sorted(_SPOKEN_FOR & set(beside or ()))]
    refused += [*_beyond(written), *(each for node in written.walk() for each in _unwritable(node, release))]
    if release == "R5" and written.decision == "deny" and written.root.actor is not None:
        refused.append(problem("not_expressible", f"{ROOT}/actor"))
    if refused:
        raise DocumentError(*refused)
    status = _STATUS[release].get(written.status, written.status)
    whole: Json = {"resourceType": "Consent", "id": written.id, **_MINIMUM[release], **dict(beside or {}), "status": status}
    if written.signed_on is not None:
        whole["dateTime" if release == "R4" else "date"] = _text(written.signed_on)
    below = [_provision(each, release) for each in next(written.walk()).below]
    root = _criteria(written.root, release)
    if release == "R4":
        return {**whole, "provision": {"type": written.decision, **root, **({"provision": below} if below else {})}}
    actors = root.pop("actor", None)
    whole |= {"decision": written.decision, **root, **({"grantee": [each["reference"] for each in actors]} if actors else {})}
    return {**whole, **({"provision": below} if below else {})}


def _beyond(tree: TreeDirective) -> list[Problem]:
    """What the tree says beside its provisions and a resource cannot."""
    fields = {name: info for name, info in type(tree).model_fields.items() if name not in _CARRIED}
    told = [name for name, info in fields.items() if getattr(tree, name) != info.get_default()]
    told += ["status"] if tree.status == "unprocessable" else []
    return [problem("not_expressible", f"/{name}") for name in told]


def _unwritable(node: Node, release: Release) -> list[Problem]:
    """The criteria of `node` that the release has no element for; and exceptions that count for nothing here and would for others."""
    criteria, place = node.criteria, node.place
    if node.polarity == node.above == "permit" and node.provisions:
        return [problem("not_expressible", f"{place}/provisions")]
    lacking = {"category", "unread", *criteria.extensions, *(("expression",) if release == "R4" else ())}
    if release == "R5" and place == ROOT:
        lacking |= criteria.named - _AT_ROOT_OF_R5
    return [problem("not_expressible", f"{place}/{name}") for name in sorted(criteria.named & lacking)]


def _provision(node: Node, release: Release) -> Json:
    """One provision; R4 wants its type always, and R5 has none."""
    typed = {"type": node.polarity} if release == "R4" else {}
    below = [_provision(each, release) for each in node.below]
    return {**typed, **_criteria(node.criteria, release), **({"provision": below} if below else {})}


def _criteria(criteria: Criteria, release: Release) -> Json:
    """The criteria as elements. A criterion that every value fits is none, and is left out."""
    found: Json = {}
    named = {"actor": criteria.actor, "action": criteria.action, "labels": criteria.labels, "purpose": criteria.purpose}
    values = {name: each for name, each in {**named, "class": criteria.class_, "code": criteria.code}.items() if each and "*" not in each}
    role = {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]}
    for name, each in values.items():
        match name:
            case "actor":
                found["actor"] = [{"role": role, "reference": {"reference": one}} for one in each]
            case "action":
                found["action"] = [{"coding": [coding("action", one, ACTIONS)]} for one in each]
            case "code":
                found["code"] = [{"coding": [coding("code", one)]} for one in each]
            case "class":
                found["class" if release == "R4" else "resourceType"] = [coding("class", one, CLASSES[release]) for one in each]
            case _:
                found["securityLabel" if name == "labels" else name] = [coding(name, one) for one in each]
    for name, span in (("period", criteria.period), ("dataPeriod", criteria.data_period)):
        if span is not None and (span.start or span.end):
            found[name] = {end: _text(moment) for end, moment in (("start", span.start), ("end", span.end)) if moment is not None}
    if criteria.expression is not None:
        found["expression"] = {"language": "text/fhirpath", "expression": criteria.expression}
    return found


def _text(moment: date | datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z") if isinstance(moment, datetime) else moment.isoformat()
