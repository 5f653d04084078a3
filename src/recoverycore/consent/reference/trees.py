"""Trees of provisions, as FHIR writes consent: each level excepts from the one above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent.reference.words import CLOSES, OPENS, begins, ends

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json

OPPOSITE = {"permit": "deny", "deny": "permit"}


def says(question: Question, tree: Json) -> str | None:
    """What a tree says of the question: permit, deny, or nothing. One that could not be read says nothing but its own deny."""
    if tree.get("status", "active") not in ("active", "inactive"):
        return "deny" if tree["decision"] == "deny" else None
    return _node(question, tree.get("root") or {}, tree.get("provisions") or (), tree["decision"])


def _node(question: Question, criteria: Json, children: list[Json] | tuple[()], polarity: str) -> str | None:
    """A node that does not match says nothing. Else an exception that matches gives the opposite, and none gives its own."""
    if not _matches(question, criteria, polarity):
        return None
    opposite, found = OPPOSITE[polarity], []
    for child in children:
        own = child.get("type") or opposite
        answer = _node(question, child, child.get("provisions") or (), own)
        if answer == "deny" and own == polarity == "deny":
            return "deny"  # a deny said again below a deny holds, whatever its siblings permit
        found.append(answer if own == opposite else None)
    return opposite if opposite in found else polarity


def _matches(question: Question, criteria: Json, polarity: str) -> bool:
    """Every criterion matches. What is unknown does not match at a permit and matches at a deny."""
    found = [_criterion(question, name, value, polarity) for name, value in criteria.items() if name not in ("type", "provisions")]
    return all(polarity == "deny" if answer is None else answer for answer in found)


def _criterion(question: Question, name: str, value: object, polarity: str) -> bool | None:
    """One of the values of a criterion fits; None where that is not known."""
    record, who, written = question.record, question.recipient, value if isinstance(value, list) else [value]
    if name == "actor":
        groups = question.fact("groups") or {}
        return any(actor in (who.get("id"), who.get("org")) or who.get("id") in groups.get(actor, ()) for actor in written)
    if name == "purpose":
        return question.reaches("purposes", written, question.purpose)
    if name == "action":
        reached = [question.reaches("actions", written, action) for action in (question.action, "disclose")]
        return reached[0] or (question.action == "redisclose" and reached[1])
    if name == "labels":
        return question.labels_covered(written, polarity)
    if name in ("class", "category", "code"):
        return "*" in written or (None if record.get(name) is None else record[name] in written)
    if name == "data_period" and isinstance(value, dict):
        return question.date_covered(value)
    if name == "period" and isinstance(value, dict):
        begun = not value.get("start") or question.at >= OPENS[polarity](begins(value["start"], question.zone))
        return begun and (not value.get("end") or question.at < CLOSES[polarity](ends(value["end"], question.zone)))
    return None  # an expression, or a criterion that nobody knows
