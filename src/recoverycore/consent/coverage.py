"""What a paper covers: one question, for one record and one purpose, held against boxes axis by axis.

A permit must hold every label of the record in one box; a deny needs one label only. What is not known on an axis is not
covered by a permit and is covered by a deny. An except-box is read the other way round from its own paper.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from attrs import frozen

from recoverycore.consent.posets import STAR
from recoverycore.consent.requests import Recipient

if TYPE_CHECKING:
    from recoverycore.consent.compiled import CompiledConsents, Paper, Region
    from recoverycore.consent.documents import Selector
    from recoverycore.consent.profiles import Emergency
    from recoverycore.consent.requests import Facts
    from recoverycore.consent.times import Reading

__all__ = ["AXES", "Asked", "denies", "opens", "permit_failures"]

Manner: TypeAlias = Literal["permit", "deny"]

AXES = (
    "status",
    "not_started",
    "ended",
    "revoked",
    "suspended",
    "superseded",
    "discloser",
    "recipient",
    "purpose",
    "action",
    "label",
    "category",
    "data_period",
    "except",
)
"""Every axis on which a permit may fail, in the order in which they are told."""
_BOX_AXES = ("recipient", "purpose", "action", "label", "category", "data_period")


@frozen
class Asked:
    """One point on every axis: this record, for this purpose, to this recipient, now. `labels` are the effective ones."""

    labels: frozenset[str]
    category: str | None
    made_on: date | None
    purpose: str
    action: str
    recipient: Recipient
    discloser: str | None
    at: datetime


def permit_failures(paper: Paper, asked: Asked, consents: CompiledConsents) -> frozenset[str]:
    """The axes on which a permit does not reach what is asked, by its best box: the one that fails on fewest, then the first."""
    found = set()
    if paper.discloser != STAR and (paper.discloser is None or paper.discloser != asked.discloser):
        found.add("discloser")
    by_box = [_failing(box, asked, "permit", consents) for box in paper.boxes]
    best = min(by_box, key=len) if by_box else _BOX_AXES
    found.update(best)
    if any(not _failing(box, asked, "deny", consents) for box in paper.excepts):
        found.add("except")
    return frozenset(found)


def denies(paper: Paper, asked: Asked, consents: CompiledConsents) -> bool:
    """Whether a deny reaches what is asked."""
    if asked.discloser is not None and paper.discloser not in (None, STAR, asked.discloser):
        return False
    if all(_failing(box, asked, "deny", consents) for box in paper.boxes):
        return False
    return all(_failing(box, asked, "permit", consents) for box in paper.excepts)


def opens(rule: Emergency, asked: Asked, facts: Facts, consents: CompiledConsents) -> bool:
    """Whether an emergency reaches what is asked: its purpose, its set, its roles, and every fact it needs known to hold."""
    words = consents.vocabulary
    if facts.open_run_level is None or facts.open_run_level < rule.needs.open_run_level_at_least or asked.action == "redisclose":
        return False
    if not words.covers("purpose", words.read("purpose", [rule.purpose]), asked.purpose):
        return False
    categories = words.read("category", [STAR] if rule.categories == STAR else rule.categories)
    if STAR not in categories and (asked.category is None or not words.covers("category", categories, asked.category)):
        return False
    return any(_holds(role, None, asked, "permit", consents) for role in rule.to_roles)


def _failing(box: Region, asked: Asked, manner: Manner, consents: CompiledConsents) -> tuple[str, ...]:
    """The axes on which `box`, read in the manner of a permit or of a deny, does not hold what is asked."""
    words = consents.vocabulary
    answers: tuple[bool | None, ...] = (
        _reaches(box, asked, manner, consents),
        words.covers("purpose", box.purposes, asked.purpose),
        _acts(box, asked, manner, consents),
        _labelled(box, asked, manner, consents),
        STAR in box.categories or (None if asked.category is None else words.covers("category", box.categories, asked.category)),
        _dated(box, asked),
    )
    unknown = manner == "deny"
    return tuple(axis for axis, holds in zip(_BOX_AXES, answers, strict=True) if not (unknown if holds is None else holds))


def _acts(box: Region, asked: Asked, manner: Manner, consents: CompiledConsents) -> bool:
    """A copy that is passed on is never released by a box alone, and is held back by a box that holds back the first release."""
    words = consents.vocabulary
    if asked.action != "redisclose":
        return words.covers("action", box.actions, asked.action)
    return manner == "deny" and any(words.covers("action", box.actions, each) for each in ("redisclose", "disclose"))


def _labelled(box: Region, asked: Asked, manner: Manner, consents: CompiledConsents) -> bool:
    held = [consents.vocabulary.covers("label", box.labels, label) for label in asked.labels]
    if manner == "permit":
        return all(held)
    return any(held) or STAR in box.labels


def _dated(box: Region, asked: Asked) -> bool | None:
    if box.first is None and box.last is None:
        return True
    if asked.made_on is None:
        return None
    return (box.first is None or box.first <= asked.made_on) and (box.last is None or asked.made_on <= box.last)


def _reaches(box: Region, asked: Asked, manner: Manner, consents: CompiledConsents) -> bool | None:
    """Whether one of the selectors holds the recipient; None where none surely does and one may."""
    answers = {_selects(selector, asked, manner, consents) for selector in box.recipients}
    return True if True in answers else None if None in answers else False


def _selects(selector: Selector | str, asked: Asked, manner: Manner, consents: CompiledConsents) -> bool | None:
    who = asked.recipient
    if isinstance(selector, str):
        return True
    if selector.person is not None:
        return who.id == selector.person and selector.org in (None, who.org)
    if selector.role is not None:
        return _holds(selector.role, selector.org, asked, manner, consents)
    if selector.designation is not None:
        return who.treating_relationship if who.via == selector.via else False
    if selector.org is not None:
        return selector.org in (who.id, who.org)
    return None  # a class that no profile has defined


def _holds(role: str, org: str | None, asked: Asked, manner: Manner, consents: CompiledConsents) -> bool | None:
    """Whether the recipient holds `role` now, at `org` if one is named; None where nobody asked which roles are held."""
    if asked.recipient.roles is None:
        return None
    kept: Reading = "narrow" if manner == "permit" else "wide"
    return any(
        held.role == role and org in (None, held.org) and (held.until is None or asked.at < consents.calendar.ends(held.until, kept))
        for held in asked.recipient.roles
    )
