"""Trees of provisions, as FHIR writes consent: each level excepts from the one above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.reference.words import CLOSES, OPENS, begins, ends

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json

OPPOSITE = {"permit": "deny", "deny": "permit"}
# What a criterion that does not fit is called where a permit is told to have failed on it.
AXES = {name: name for name in ("purpose", "action", "category", "data_period")}
AXES |= {"actor": "recipient", "labels": "label", "class": "category", "code": "category"}


def says(question: Question, tree: Json) -> str | None:
    """What a tree says of the question: permit, deny, or nothing. One that could not be read says nothing but the deny of its root."""
    root, provisions = tree.get("root") or {}, tree.get("provisions") or ()
    if tree.get("status", "active") not in ("active", "inactive"):
        return _node(question, root, (), "deny") if tree["decision"] == "deny" else None
    return _node(question, root, provisions, tree["decision"], top=True)


def misfits(question: Question, tree: Json) -> set[str]:
    """The axes on which the root of a tree that permits does not fit."""
    root = tree.get("root") or {}
    period = root.get("period") or {}
    told = [(AXES.get(name, "expression"), {name: value}) for name, value in root.items() if name != "period"]
    told += [("not_started", {"period": {"start": period.get("start")}}), ("ended", {"period": {"end": period.get("end")}})]
    return {axis for axis, criterion in told if not _matches(question, criterion, "permit", top=True)}


def named(tree: Json) -> list[Json]:
    """The labels and purposes that the permits of a tree name, each with those of what stands above it; where nothing is named, all."""
    found: list[Json] = []

    def look(criteria: Json, children: list[Json], polarity: str, above: Json) -> None:
        here = {**above, **{axis: criteria[name] for axis, name in (("labels", "labels"), ("purposes", "purpose")) if criteria.get(name)}}
        if polarity == "permit":
            found.append({"labels": "*", "purposes": "*", **here})
        for child in children:
            look(child, child.get("provisions") or [], child.get("type") or OPPOSITE[polarity], here)

    look(tree.get("root") or {}, tree.get("provisions") or [], tree["decision"], {})
    return found


def _node(question: Question, criteria: Json, children: list[Json] | tuple[()], polarity: str, *, top: bool = False) -> str | None:
    """A node that does not match says nothing. Else an exception that matches gives the opposite, and none gives its own."""
    if not _matches(question, criteria, polarity, top=top):
        return None
    opposite, found = OPPOSITE[polarity], []
    for child in children:
        own = child.get("type") or opposite
        answer = _node(question, child, child.get("provisions") or (), own)
        if answer == "deny" and own == polarity == "deny":
            return "deny"  # a deny said again below a deny holds, whatever its siblings permit
        found.append(answer if own == opposite else None)
    return opposite if opposite in found else polarity


def _matches(question: Question, criteria: Json, polarity: str, *, top: bool) -> bool:
    """Every criterion matches. What is unknown does not match at a permit and matches at a deny."""
    acts = [question.action]
    if question.action == "redisclose" and (top or polarity == "deny"):
        acts.append("disclose")  # as an exception a permit reaches a copy that is passed on only where it says so
    given = {name: value for name, value in criteria.items() if name not in ("type", "provisions") and value not in (None, [])}
    found = [_criterion(question, name, value, polarity, acts) for name, value in given.items()]
    return all(polarity == "deny" if answer is None else answer for answer in found)


def _criterion(question: Question, name: str, value: Any, polarity: str, acts: list[str]) -> bool | None:
    """One of the values of a criterion fits; None where that is not known."""
    record, who, written = question.record, question.recipient, value if isinstance(value, list) else [value]
    if name == "actor":
        groups = question.fact("groups") or {}
        return "*" in written or any(
            actor in (who.get("id"), who.get("org")) or who.get("id") in groups.get(actor, ()) for actor in written
        )
    if name == "purpose":
        return question.reaches("purposes", written, question.purpose)
    if name == "action":
        return any(question.reaches("actions", written, action) for action in acts)
    if name == "labels":
        return question.labels_covered(written, polarity)
    if name in ("class", "category", "code"):
        return "*" in written or (None if record.get(name) is None else record[name] in written)
    if name == "data_period":
        return question.date_covered(value)
    if name == "period":
        begun = not value.get("start") or question.at >= OPENS[polarity](begins(value["start"], question.zone))
        return begun and (not value.get("end") or question.at < CLOSES[polarity](ends(value["end"], question.zone)))
    return None  # an expression, or a criterion that nobody knows
