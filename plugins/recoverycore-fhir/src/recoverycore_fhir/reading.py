"""A Consent resource of FHIR read as a tree of provisions, with a note for each thing that could not be read as it stands.

Whatever cannot be read narrows a permit and widens a deny. Structure: HL7 FHIR R4 (4.0.1) and R5 (5.0.0), resource Consent; codes: HL7
Terminology, v3-ActCode, v3-ActReason, v3-Confidentiality, v3-ParticipationType, consentaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from attrs import field, frozen

from recoverycore.consent import TreeDirective
from recoverycore.errors import DocumentError, problem
from recoverycore_fhir.codes import Json
from recoverycore_fhir.criteria import RECIPIENT_ROLES, Criteria, reference_id
from recoverycore_fhir.dates import bound
from recoverycore_fhir.notes import NOTES, Note, Notebook

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

__all__ = ["NOTES", "RECIPIENT_ROLES", "Note", "ReadConsent", "Release", "read_consent", "reference_id"]

Release: TypeAlias = Literal["R4", "R5"]
_DEEPEST, _MOST = 30, 1000
_STATUS = {
    "R4": {each: each for each in ("draft", "proposed", "active", "rejected", "inactive", "entered-in-error")},
    "R5": {**{each: each for each in ("draft", "active", "inactive", "entered-in-error")}, "not-done": "rejected"},
}
_ONLY_R5 = ("decision", "subject", "grantor", "grantee", "controller", "manager", "policyBasis", "policyText", "regulatoryBasis")
_BASES: Mapping[str, Literal["in", "out"]] = {"OPTIN": "in", "OPTINR": "in", "OPTOUT": "out", "OPTOUTE": "out"}


@frozen
class ReadConsent:
    """What was read of a resource: the tree, what has to be said about the reading, and the resource as it came.

    `original` holds whatever the tree has no place for, such as whom it is about and who witnessed it: a host keeps it and shows it to
    whoever may see it. It is in no repr.
    """

    directive: TreeDirective
    notes: tuple[Note, ...]
    original: Json = field(repr=False)


def read_consent(
    resource: Mapping[str, Any],
    *,
    release: Release | None = None,
    ids: Callable[[Mapping[str, Any]], str | None] = reference_id,
    roles: Collection[str] = RECIPIENT_ROLES,
    opt_out: Literal["permit", "deny"] = "deny",
) -> ReadConsent:
    """The tree that a Consent resource comes to. Without `release` it is told by what only R5 has.

    `ids` turns a Reference into an id of your own; what it gives None for cannot be read. `roles` are the codes by which an actor is a
    recipient; one without a role is. `opt_out` is what a base policy of opting out means where an R4 root has no type: HL7 defines the
    code as the grantor's dissent, so that it denies unless your own community means by it that everything goes that nobody refused.

    Errors: ``not_listed`` for another resource, ``missing_field`` without an id, ``provision_repeats_parent`` for a type in R5 that is its
    parent's, ``tree_too_deep``, ``tree_too_large``. Everything else is read, and told in the notes.

    >>> found = read_consent({"resourceType": "Consent", "id": "c1", "status": "active", "decision": "permit", "provision": [
    ...     {"purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "HMARKT"}]}]})
    >>> found.directive.format, found.directive.provisions[0].purpose, found.notes
    ('fhir-r5', ('HMARKT',), ())
    """
    if resource.get("resourceType") != "Consent":
        raise DocumentError(problem("not_listed", "/resourceType", detail="possible: Consent"))
    if not isinstance(resource.get("id"), str) or not resource["id"]:
        raise DocumentError(problem("missing_field", "/id"))
    original = dict(resource)
    told = release or ("R5" if isinstance(original.get("provision"), list) or any(each in original for each in _ONLY_R5) else "R4")
    notes = Notebook()
    reader = _Reader(told, notes, Criteria(told, notes, ids, frozenset(roles)))
    decision, known = reader.decision(original, opt_out)
    root, provisions = reader.tree(original, decision)
    status = _STATUS[told].get(str(original.get("status")))
    if status is None:
        notes.add("status_unread", "/status")
    for name in ("modifierExtension", "implicitRules"):
        if name in original:
            notes.add("modified", f"/{name}")
    live = status in (None, "active", "inactive")
    if live and (status is None or not known or notes.has("modified")):
        status = "unprocessable"
    data = {"id": resource["id"], "format": f"fhir-{told.lower()}", "status": status, "decision": decision, "root": root}
    return ReadConsent(
        TreeDirective.model_validate({**data, "provisions": provisions, **reader.signed(original, decision)}), notes.sorted, original
    )


@frozen
class _Reader:
    """One resource being read. `notes` are gathered on the way."""

    release: Release
    notes: Notebook
    criteria: Criteria
    seen: list[str] = field(factory=list)

    def decision(self, resource: Json, opt_out: str) -> tuple[str, bool]:
        """The polarity of the root, and whether it can be known: what nobody can read counts as a deny."""
        if self.release == "R5":
            written, place = resource.get("decision"), "/decision"
        else:
            root = resource.get("provision")
            written, place = root.get("type") if isinstance(root, dict) else None, "/provision/type"
            if written is None:
                return self._base(resource, opt_out), True
        if written in ("permit", "deny"):
            return written, True
        self.notes.add("polarity_unread", place)
        return "deny", False

    def _base(self, resource: Json, opt_out: str) -> str:
        """What the base policy of an R4 consent comes to: opting in is a deny until somebody permits."""
        codings = (resource.get("policyRule") or {}).get("coding") if isinstance(resource.get("policyRule"), dict) else None
        found = {_BASES.get(str(each.get("code"))) for each in codings or () if isinstance(each, dict)}
        if found == {"out"}:
            self.notes.add("base_opt_out", "/policyRule")
            return opt_out
        if found != {"in"}:
            self.notes.add("base_unread", "/policyRule")
        return "deny"

    def tree(self, resource: Json, decision: str) -> tuple[Json, list[Json]]:
        """The criteria of the root and its provisions."""
        written = resource.get("provision")
        if self.release == "R5":
            root = self.criteria.of({"period": resource["period"]} if "period" in resource else {}, "", decision)
            below = self._below(written, "/provision", decision, 0)
            return self._granted(resource, root, below, decision) if "grantee" in resource else (root, below)
        if written is None:
            return {}, []
        if not isinstance(written, dict):
            self.notes.add("element_unread", "/provision")
            return {"unread": ["provision"]}, []
        root = self.criteria.of(written, "/provision", decision)
        return root, self._below(written.get("provision"), "/provision/provision", decision, 0)

    def _granted(self, resource: Json, root: Json, below: list[Json], decision: str) -> tuple[Json, list[Json]]:
        """The root and the provisions with whom an R5 consent gives something to. That limits every permit, and no deny."""
        if decision == "deny" and not below:
            self.notes.add("grantee_unread", "/grantee")
            return root, below
        self.notes.add("grantee_as_actor", "/grantee")
        found = self.criteria.grantees(resource["grantee"], "/grantee")
        if decision == "deny":  # what it permits, as exceptions from a deny within what is granted
            return root, [{**found, "provisions": [{"provisions": below}]}]
        unread = {"unread": [*root["unread"], *found["unread"]]} if "unread" in root and "unread" in found else {}
        return {**root, **found, **unread}, below

    def _below(self, written: Any, place: str, above: str, depth: int) -> list[Json]:
        """The provisions at `place`, below one of polarity `above`."""
        if written is None:
            return []
        several = written if isinstance(written, list) else [written]
        if several and depth == _DEEPEST:
            raise DocumentError(problem("tree_too_deep", place, detail=f"more than {_DEEPEST} levels"))
        return [self._provision(each, f"{place}/{number}", above, depth) for number, each in enumerate(several)]

    def _provision(self, written: Any, place: str, above: str, depth: int) -> Json:
        self.seen.append(place)
        if len(self.seen) > _MOST:
            raise DocumentError(problem("tree_too_large", place, detail=f"more than {_MOST} provisions"))
        if not isinstance(written, dict):
            self.notes.add("element_unread", place)
            return {"unread": ["provision"]}
        kind = written.get("type")
        if kind is None and self.release == "R4":
            self.notes.add("type_missing", place)
        if kind not in (None, "permit", "deny"):
            self.notes.add("polarity_unread", f"{place}/type")
            return (
                {"type": "deny", **self.criteria.of(written, place, "deny")}
                if above == "permit" or self.release == "R4"
                else {"unread": ["type"]}
            )
        own = kind or ("deny" if above == "permit" else "permit")
        below = self._below(written.get("provision"), f"{place}/provision", own, depth + 1)
        if own == above == "permit" and self.release == "R4":
            self.notes.add("permit_repeated", place)
            if below:
                # Said so that its exceptions count: denied, but for everything except what they except.
                return {"type": "deny", **self.criteria.of(written, place, "deny"), "provisions": [{"type": "permit", "provisions": below}]}
        found = self.criteria.of(written, place, own)
        return {**({"type": kind} if kind else {}), **found, **({"provisions": below} if below else {})}

    def signed(self, resource: Json, decision: str) -> Json:
        """When the document was made. One known by its month or year alone begins late for a permit; a deny has always been."""
        name = "date" if self.release == "R5" else "dateTime"
        if name not in resource:
            return {}
        found = bound(resource[name], last=True)
        whole = found is not None and found == resource[name]
        if not whole:
            self.notes.add("date_unread", f"/{name}")
        return {"signed_on": found} if found is not None and (whole or decision == "permit") else {}
