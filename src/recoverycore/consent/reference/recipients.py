"""Whom a box names: people, organisations and their people, roles held, classes, and those who treat the client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.consent.reference.words import CLOSES, ends

if TYPE_CHECKING:
    from recoverycore.consent.reference.question import Question
    from recoverycore.consent.reference.words import Json


def reached(question: Question, selectors: Any, like: str) -> bool | None:
    """Some selector reaches the recipient; unknown if none surely does and one might."""
    return _some([_selects(question, selector, like) for selector in selectors])


def _some(found: list[bool | None]) -> bool | None:
    return True if True in found else None if None in found else False


def _there(asked: str | None, place: str | None) -> bool | None:
    """At the place asked for, if one is; unknown if nobody said where."""
    return True if asked is None else None if place is None else asked == place


def _selects(question: Question, selector: Any, like: str) -> bool | None:
    """Anyone; a person, and if said there only; a role held; treating, by that way; a class; an organisation and its people."""
    who = question.recipient
    if selector == "*":
        return True
    if "person" in selector:
        return _there(selector.get("org"), who.get("org")) if who.get("id") == selector["person"] else False
    if "role" in selector:
        return holds(question, selector["role"], selector.get("org"), like)
    if selector.get("designation") == "treating":
        return _treats(who) if who.get("via") == selector["via"] else False
    if "class" in selector:
        return _belongs(question, dict(question.classes).get(selector["class"]))
    return selector["org"] in (who.get("id"), who.get("org")) if "org" in selector else None  # a selector nobody knows


def _belongs(question: Question, kinds: Json | None) -> bool | None:
    """A class is kinds by purpose, treatment only for those who treat the client. Unknown if nobody defined it."""
    who, found = question.recipient, [words.split() for purpose, words in (kinds or {}).items() if question.within(purpose)]
    if kinds is None or (found and who.get("kind") is None):
        return None
    if not any(who.get("kind") in words for words in found):
        return False
    return _treats(who) if question.within("treatment") else True


def _treats(who: Json) -> bool | None:
    """Whether the recipient treats the client; the word unknown is as good as none."""
    told = who.get("treating_relationship")
    return told if isinstance(told, bool) else None


def holds(question: Question, role: str, org: str | None, like: str) -> bool | None:
    """A membership held now; unknown if nobody said which roles the recipient has, or where."""
    roles = question.recipient.get("roles")
    found: list[bool | None] = [None] if roles is None else []
    for held in roles or ():
        running = held.get("until") is None or question.at < CLOSES[like](ends(held["until"], question.zone))
        if held["role"] == role and running:
            found.append(_there(org, held.get("org")))
    return _some(found)
