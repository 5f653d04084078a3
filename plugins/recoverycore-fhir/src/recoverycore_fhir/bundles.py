"""A bundle of search results with what a decision releases, and with nothing that tells of the rest.

Source: HL7 FHIR R5 Bundle, `total`, `link` and `search.mode` (https://hl7.org/fhir/R5/bundle.html#searchset); R4 says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.errors import DocumentError, problem

if TYPE_CHECKING:
    from recoverycore.consent import Decision
    from recoverycore_fhir.codes import Json

__all__ = ["filtered", "record_id"]

_KINDS = ("searchset", "collection")


def record_id(resource: Json) -> str:
    """How a resource of a bundle is called in a request for a decision: ``Type/id``, as a reference writes it. Empty where it has no id."""
    name, identifier = resource.get("resourceType"), resource.get("id")
    return f"{name}/{identifier}" if isinstance(name, str) and isinstance(identifier, str) else ""


def filtered(bundle: Json, decision: Decision) -> Json:
    """A new bundle of the entries whose resource is released, each found by its `record_id`, in their order.

    An entry whose resource was not asked for, has no id, or tells of the search itself (an OperationOutcome) is left out. So are the links
    to other pages, the bundle's own id, its time and its signature; `total` counts what is left. A bundle of which nothing is released is
    the bundle of a search that found nothing. Documents, messages and transactions are refused: half of one is none. Errors:
    ``not_listed`` for their `type`, ``wrong_type`` for what is no bundle.
    """
    if bundle.get("resourceType") != "Bundle" or not isinstance(bundle.get("entry", []), list):
        raise DocumentError(problem("wrong_type"))
    kind = bundle.get("type")
    if kind not in _KINDS:
        raise DocumentError(problem("not_listed", "/type", detail="possible: " + ", ".join(_KINDS)))
    known = [each for each in bundle.get("entry", ()) if isinstance(each, dict) and isinstance(each.get("resource"), dict)]
    kept = decision.filter(known, lambda entry: record_id(entry["resource"]))
    matches = [each for each in kept if (each.get("search") or {}).get("mode", "match") == "match"]
    return {
        "resourceType": "Bundle",
        "type": kind,
        **({"total": len(matches)} if kind == "searchset" else {}),
        **({"entry": kept} if kept else {}),
    }
