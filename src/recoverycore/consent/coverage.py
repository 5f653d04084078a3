"""What a paper covers: one matter, held against boxes axis by axis.

A permit must hold every label of the record in one box; a deny needs one label only. What is not known on an axis is not
covered by a permit and is covered by a deny. An except-box is read the other way round from its own paper.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from recoverycore.consent.posets import STAR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from recoverycore.consent.compiled import Paper, Region
    from recoverycore.consent.documents import Selector
    from recoverycore.consent.matter import Matter
    from recoverycore.consent.times import Reading

__all__ = ["AXES", "covers_copy", "denies", "failing", "holds_data", "holds_role", "in_order", "permit_failures"]

Manner: TypeAlias = Literal["permit", "deny"]

AXES = (
    "status",
    "form",
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
    "expression",
    "except",
    "bar",
)
"""Every axis on which a permit may fail, in the order in which they are told. ``expression`` is a criterion that nobody can judge."""
_BOX_AXES = ("recipient", "purpose", "action", "label", "category", "data_period")
_RELEASES = ("redisclose", "disclose")


@lru_cache(maxsize=1024)
def in_order(axes: frozenset[str]) -> tuple[str, ...]:
    """`axes` in the order in which they are told."""
    return tuple(axis for axis in AXES if axis in axes)


def permit_failures(paper: Paper, matter: Matter) -> frozenset[str]:
    """The axes on which a permit does not reach what is asked, by its best box: the one that fails on fewest, then the first.

    A copy is passed on by a permit only where the permit names its holder as the discloser.
    """
    found = set()
    named = paper.discloser is not None and paper.discloser == matter.discloser
    if not named and (paper.discloser != STAR or matter.action == "redisclose"):
        found.add("discloser")
    if paper.branch is not None:
        return frozenset(found if paper.said is not None else found.union(paper.branch.missed(matter)))
    acts = _RELEASES if matter.action == "redisclose" else (matter.action,)
    best = None
    for box in paper.boxes:
        missed = _told(box, matter, failing(box, matter, "permit", acts))
        if best is None or len(missed) < len(best):
            best = missed
    found.update(_BOX_AXES if best is None else best)
    if any(not failing(box, matter, "deny", acts) for box in paper.excepts):
        found.add("except")
    return frozenset(found)


def _told(box: Region, matter: Matter, failing: tuple[str, ...]) -> tuple[str, ...]:
    """The axes as they are told: each judged by itself, so a class that depends on the purpose counts where the purpose alone is wrong."""
    if "purpose" not in failing or "recipient" not in failing:
        return failing
    classes = [str(each.class_) for each in box.recipients if not isinstance(each, str) and each.class_ is not None]
    if any(one.ever(matter.recipient) for name in classes for one in matter.setting.classes.get(name, ())):
        return tuple(axis for axis in failing if axis != "recipient")
    return failing


def denies(paper: Paper, matter: Matter, upstream: Collection[str | None]) -> bool:
    """Whether a deny reaches what is asked. `upstream` are those who released a copy before; None among them: nobody knows who."""
    if matter.discloser is not None and paper.discloser not in (None, STAR, matter.discloser, *upstream) and None not in upstream:
        return False
    if paper.branch is not None:
        return paper.said is not None
    acts = _RELEASES if matter.action == "redisclose" else (matter.action,)
    if all(failing(box, matter, "deny", acts) for box in paper.boxes):
        return False
    return all(failing(box, matter, "permit", (matter.action,)) for box in paper.excepts)


def covers_copy(boxes: Collection[Region], excepts: Collection[Region], matter: Matter, acts: tuple[str, ...] = _RELEASES) -> bool:
    """Whether one of `boxes` gives its data to the recipient of `matter` for that purpose, and no except-box takes them away.

    One of `acts` has to be given: ``disclose`` where it is asked how a copy came to its holder.
    """
    if any(not failing(box, matter, "deny", _RELEASES) for box in excepts):
        return False
    return any(not failing(box, matter, "permit", acts) for box in boxes)


def holds_data(boxes: Collection[Region], excepts: Collection[Region], matter: Matter) -> bool:
    """Whether `boxes` hold this record for this purpose, whoever it went to."""
    if any(set(failing(box, matter, "deny", _RELEASES)) <= {"recipient"} for box in excepts):
        return False
    return any(set(failing(box, matter, "permit", _RELEASES)) <= {"recipient"} for box in boxes)


def holds_role(role: str, org: str | None, matter: Matter, manner: Manner) -> bool | None:
    """Whether the recipient holds `role` now, at `org` if one is named; None where nobody asked which roles are held, or where."""
    if matter.recipient.roles is None:
        return None
    kept: Reading = "narrow" if manner == "permit" else "wide"
    calendar = matter.setting.calendar
    return _any(
        _at(org, held.org)
        for held in matter.recipient.roles
        if held.role == role and (held.until is None or matter.at < calendar.ends(held.until, kept))
    )


def failing(box: Region, matter: Matter, manner: Manner, acts: tuple[str, ...]) -> tuple[str, ...]:
    """The axes on which `box`, read in the manner of a permit or of a deny, does not hold what is asked. One of `acts` is enough."""
    words = matter.setting.words
    category = matter.category
    answers: tuple[bool | None, ...] = (
        _reaches(box, matter, manner),
        words.covers("purpose", box.purposes, matter.purpose),
        _acts(box, matter, acts),
        _labelled(box, matter, manner),
        STAR in box.categories or (None if category is None else words.covers("category", box.categories, category)),
        _dated(box, matter),
    )
    if None in answers:
        unknown = manner == "deny"
        answers = tuple([unknown if holds is None else holds for holds in answers])
    return () if all(answers) else tuple([axis for axis, holds in zip(_BOX_AXES, answers, strict=True) if not holds])


def _acts(box: Region, matter: Matter, acts: tuple[str, ...]) -> bool:
    covers = matter.setting.words.covers
    for each in acts:  # noqa: SIM110 - a loop, as below: this is asked of every box for every request
        if covers("action", box.actions, each):
            return True
    return False


def _labelled(box: Region, matter: Matter, manner: Manner) -> bool:
    everything, one_is_enough = STAR in box.labels, manner == "deny"
    if everything or box.no_label:
        return everything
    covers = matter.setting.words.covers
    for label in matter.labels:
        if covers("label", box.labels, label) is one_is_enough:
            return one_is_enough
    return not one_is_enough


def _dated(box: Region, matter: Matter) -> bool | None:
    if box.first is None and box.last is None:
        return True
    made_on = None if matter.record is None else matter.record.date
    if made_on is None:
        return None
    return (box.first is None or box.first <= made_on) and (box.last is None or made_on <= box.last)


def _reaches(box: Region, matter: Matter, manner: Manner) -> bool | None:
    """Whether one of the selectors holds the recipient; None where none surely does and one may."""
    unknown = False
    for selector in box.recipients:
        reached = _selects(selector, matter, manner)
        if reached:
            return True
        unknown = unknown or reached is None
    return None if unknown else False


def _selects(selector: Selector | str, matter: Matter, manner: Manner) -> bool | None:
    who = matter.recipient
    if isinstance(selector, str):
        return True
    if selector.person is not None:
        return _at(selector.org, who.org) if who.id == selector.person else False
    if selector.role is not None:
        return holds_role(selector.role, selector.org, matter, manner)
    if selector.designation is not None:
        return _known(who.treating_relationship) if who.via == selector.via else False
    if selector.org is not None:
        return selector.org in (who.id, who.org)
    return matter.setting.in_class(str(selector.class_), who, matter.purpose)


def _at(asked: str | None, place: str | None) -> bool | None:
    """Whether `place` is the one asked for, if one is; None where one is asked for and nobody knows the place."""
    return True if asked in (None, place) else None if place is None else False


def _any(answers: Iterable[bool | None]) -> bool | None:
    """Whether one answer is yes; None where none is and one may be."""
    known = tuple(answers)
    return True if True in known else None if None in known else False


def _known(value: bool | str | None) -> bool | None:  # noqa: FBT001 - a fact, not a mode
    return value if isinstance(value, bool) else None
