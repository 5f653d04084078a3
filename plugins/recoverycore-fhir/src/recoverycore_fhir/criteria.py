"""The criteria of one provision: each element of FHIR as a criterion of a tree, or as one that nobody here can judge.

Of a value that cannot be read nothing is known. So at a permit it drops out, and if none is left the permit never fits; at a deny it fits
everything, so that its whole criterion limits nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore_fhir.codes import token
from recoverycore_fhir.dates import civil_span, span
from recoverycore_fhir.notes import Notebook

if TYPE_CHECKING:
    from recoverycore_fhir.codes import Json

__all__ = ["RECIPIENT_ROLES", "Criteria", "reference_id"]

RECIPIENT_ROLES = frozenset({"IRCP", "PRCP"})
"""The roles by which an actor receives: information recipient and primary information recipient of HL7's v3-ParticipationType.

A custodian or an author is somebody else, so what a provision says of one cannot be read as a recipient.
"""
_CODED = {"action": "action", "securityLabel": "labels", "purpose": "purpose", "code": "code"}
_CLASSES = {"R4": ("class",), "R5": ("resourceType", "documentType")}
_SKIPPED = {"id", "extension", "type", "provision"}
_LANGUAGE = "text/fhirpath"


def reference_id(reference: Mapping[str, Any]) -> str | None:
    """A Reference as an id: its reference as it stands, or its identifier as ``system|value``. None where it has neither."""
    written = reference.get("reference")
    if isinstance(written, str) and written:
        return written
    identifier = reference.get("identifier")
    if not isinstance(identifier, Mapping) or not isinstance(identifier.get("value"), str):
        return None
    system = identifier.get("system")
    return f"{system}|{identifier['value']}" if isinstance(system, str) else str(identifier["value"])


@frozen
class Criteria:
    """Reads criteria as one release writes them."""

    release: str
    notes: Notebook
    ids: Callable[[Mapping[str, Any]], str | None]
    roles: frozenset[str]

    def of(self, element: Json, place: str, polarity: str) -> Json:
        """The criteria of `element`, as its polarity reads what is not known."""
        found: Json = {}
        unread: list[str] = []
        for name in sorted(element.keys() - _SKIPPED):
            read = self._one(name, element[name], f"{place}/{name}", polarity)
            if read is None or read.keys() & found.keys():
                unread.append(name)
            else:
                found |= read
        return {**found, **({"unread": unread} if unread else {})}

    def grantees(self, written: Any, place: str) -> Json:
        """Whom a consent grants something to, as recipients of a permit."""
        several = written if isinstance(written, list) else [written]
        return self._values("actor", [{"reference": each} for each in several], self._actor, place, "permit") or {"unread": ["grantee"]}

    def _one(self, name: str, written: Any, place: str, polarity: str) -> Json | None:
        """One element as a criterion; None where it cannot be read."""
        if name == "modifierExtension":
            self.notes.add("modified", place)
            return None
        if name == "actor":
            return self._values("actor", written, self._actor, place, polarity)
        if name in _CODED or name in _CLASSES[self.release]:
            return self._values(_CODED.get(name, "class"), written, _tokens, place, polarity)
        read: Any = None
        if name == "period":
            read = span(written)
        elif name == "dataPeriod":
            read = civil_span(written, permits=polarity == "permit")
            if "T" in str(written):
                self.notes.add("data_by_day", place)
        elif name == "expression" and self.release == "R5" and isinstance(written, Mapping) and written.get("language") == _LANGUAGE:
            read = written.get("expression")
        if not read or not isinstance(read, dict | str):
            self.notes.add("element_unread", place)
            return None
        return {{"dataPeriod": "data_period"}.get(name, name): read}

    def _values(self, criterion: str, written: Any, read: Callable[[Any, str], list[str]], place: str, polarity: str) -> Json | None:
        """The values of one criterion, of which any is enough."""
        several = written if isinstance(written, list) else [written]
        found = [read(each, f"{place}/{number}") for number, each in enumerate(several)]
        for number, each in enumerate(found):
            if not each:
                self.notes.add("value_unread", f"{place}/{number}")
        values = list(dict.fromkeys(one for each in found for one in each))
        whole = bool(values) and all(found)
        return {criterion: values} if values and (whole or polarity == "permit") else None

    def _actor(self, written: Any, place: str) -> list[str]:
        """An actor as the id of a recipient."""
        if not isinstance(written, Mapping) or not isinstance(written.get("reference"), Mapping):
            return []
        if not written.keys() <= {"id", "extension", "role", "reference"}:
            if "modifierExtension" in written:
                self.notes.add("modified", f"{place}/modifierExtension")
            return []
        codings = written["role"].get("coding") if isinstance(written.get("role"), Mapping) else None
        if "role" in written and not any(isinstance(each, Mapping) and each.get("code") in self.roles for each in codings or ()):
            self.notes.add("role_unread", f"{place}/role")
            return []
        found = self.ids(written["reference"])
        return [found] if found else []


def _tokens(written: Any, _: str) -> list[str]:
    """A Coding as its code, or a CodeableConcept as the codes that all mean it."""
    codings = written.get("coding", [written]) if isinstance(written, Mapping) else ()
    found = [token(each) for each in codings] if isinstance(codings, list) else []
    return [each for each in found if each]
