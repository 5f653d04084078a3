"""Faults about when a paper counts and what its boxes hold: days, zones, states, replacements, lists.

Each is a name, what is wrong, the law that it breaks, and how it is planted.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import request_of
from recoverycore.testing.consent.bending import asked_about, papers

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide, Json

    Fault = tuple[str, str, str, Callable[[Decide], Decide]]

__all__ = ["FAULTS"]

DAYS = "a_day_is_the_clients_own"
STANDING = "a_paper_counts_while_it_stands"
BOXES = "a_box_holds_what_it_lists"
NOON = "T12:00:00Z"
DAY = 10  # so many characters has a date


def _days_of_utc(case: Json) -> None:
    if case["given"]["client"].get("zone"):
        case["given"]["client"]["zone"] = "UTC"


def _no_zone_is_utc(case: Json) -> None:
    if not case["given"]["client"].get("zone"):
        case["given"]["client"]["zone"] = "UTC"


def _compared_as_texts(paper: Json, case: Json) -> None:
    end = paper.get("expires") or {}
    if end.get("kind") == "instant":
        over = end["value"] <= request_of(case)["at"]
        paper["expires"] = {"kind": "date", "value": "2000-01-01" if over else "2100-01-01"}


def _pause_without_its_last_day(paper: Json, _: Json) -> None:
    for each in paper.get("suspensions", ()):
        if each.get("to") and len(each["to"]) == DAY and each["to"] > each["from"][:DAY]:
            each["to"] = str(date.fromisoformat(each["to"]) - timedelta(days=1))


def _revoked_after_its_day(paper: Json, _: Json) -> None:
    for each in paper.get("revocations", ()):
        if len(each["at"]) == DAY and paper.get("polarity") == "permit":
            each["at"] = str(date.fromisoformat(each["at"]) + timedelta(days=1))


def _untold_has_not_happened(case: Json) -> None:
    for paper in case["given"]["directives"]:
        if (paper.get("expires") or {}).get("kind") == "event":
            case["given"]["facts"].setdefault("events", {}).setdefault(paper["expires"]["value"], None)


def _named_themselves_only(paper: Json, case: Json) -> None:
    who = request_of(case)["recipient"]["id"]
    touched = paper.get("revocations", ())
    paper["revocations"] = [each for each in touched if each.get("recipients") is None or who in each["recipients"]]


def _starts_at_noon(paper: Json, _: Json) -> None:
    if len(paper.get("starts") or "") == DAY:
        paper["starts"] += NOON


def _revoked_at_noon(paper: Json, _: Json) -> None:
    for each in paper.get("revocations", ()):
        if len(each["at"]) == DAY and paper.get("polarity") == "permit":
            each["at"] += NOON


def _comes_from_the_way(case: Json) -> None:
    who = request_of(case)["recipient"]
    if {"org": who.get("via")} in _selectors(case):
        who["org"] = who["via"]


def _comes_from_where_a_role_is(case: Json) -> None:
    who = request_of(case)["recipient"]
    for role in who.get("roles") or ():
        if {"org": role.get("org")} in _selectors(case):
            who["org"] = role["org"]


def _selectors(case: Json) -> list[Json]:
    boxes = [box for paper in case["given"]["directives"] for box in paper.get("boxes", ())]
    return [each for box in boxes if isinstance(box.get("recipients"), list) for each in box["recipients"]]


def _refuses_by_the_same_word(paper: Json, case: Json) -> None:
    """A refusal for proceedings is left for these only where they are asked for in just this word."""
    for box in paper.get("boxes", ()) if paper.get("polarity") == "deny" else ():
        if isinstance(box.get("purposes"), list) and "proceedings" not in request_of(case)["purposes"]:
            box["purposes"] = [each for each in box["purposes"] if each != "proceedings"]


def _words_are_nothing(paper: Json, _: Json) -> None:
    if paper.get("polarity") == "permit":
        paper["revocations"] = [each for each in paper.get("revocations", ()) if each.get("written")]


def _trees_stay(paper: Json, _: Json) -> None:
    if "format" in paper:
        paper.pop("revocations", None)


def _gives_way_again(paper: Json, _: Json) -> None:
    if paper.get("revocations"):
        paper.pop("supersedes", None)


def _only_the_first_of(axis: str) -> Callable[[Decide], Decide]:
    def bend(paper: Json, _: Json) -> None:
        for box in paper.get("boxes") or ():
            if isinstance(box.get(axis), list):
                box[axis] = box[axis][:1]

    return papers(bend)


def _mixed(paper: Json, _: Json) -> None:
    named = [label for box in paper.get("boxes") or () for label in box.get("labels") or () if box["labels"] != "*"]
    for box in paper.get("boxes") or ():
        if paper.get("polarity") == "permit" and box.get("labels") not in (None, "*"):
            box["labels"] = named


def _any_action_if_none_is_named(paper: Json, _: Json) -> None:
    for box in paper.get("boxes") or ():
        box.setdefault("actions", "*")


def _boxes(case: Json) -> list[Json]:
    return [box for paper in case["given"]["directives"] for box in paper.get("boxes") or ()]


def _undated_fits(case: Json) -> None:
    if any(not each.get("date") for each in request_of(case)["records"]):
        for box in _boxes(case):
            box.pop("data_period", None)


def _roles_never_end(case: Json) -> None:
    for each in request_of(case)["recipient"].get("roles") or ():
        each.pop("until", None)


def _roles_anywhere(case: Json) -> None:
    for box in _boxes(case):
        for each in box["recipients"] if isinstance(box.get("recipients"), list) else ():
            if "role" in each:
                each.pop("org", None)


def _excepts_nothing_from_refusals(paper: Json, _: Json) -> None:
    if paper.get("polarity") != "permit":
        paper.pop("except", None)


FAULTS: tuple[Fault, ...] = (
    ("days of UTC", "A date is a day of UTC, wherever the client lives.", DAYS, asked_about(_days_of_utc)),
    ("no zone is UTC", "Where nobody knows the client's zone a date is a day of UTC.", DAYS, asked_about(_no_zone_is_utc)),
    (
        "instants are texts",
        "Whether a paper has ended is found by comparing how the instants are written.",
        DAYS,
        papers(_compared_as_texts),
    ),
    ("a pause without its last day", "On the last day of a pause a paper works again.", DAYS, papers(_pause_without_its_last_day)),
    ("starts at noon", "A permit or refusal that starts on a day starts at noon.", DAYS, papers(_starts_at_noon)),
    ("revoked at noon", "A revocation of a day takes a permit back from noon on.", DAYS, papers(_revoked_at_noon)),
    ("revoked from the next day", "A revocation of a day leaves a permit that day.", DAYS, papers(_revoked_after_its_day)),
    (
        "what nobody told has not happened",
        "An end by an event of which nobody has told is none.",
        DAYS,
        asked_about(_untold_has_not_happened),
    ),
    ("revoked by name only", "A revocation for an organisation does not touch its people.", STANDING, papers(_named_themselves_only)),
    ("words are nothing", "A permit that was revoked in words still releases.", STANDING, papers(_words_are_nothing)),
    ("trees cannot be revoked", "Revocations of trees are never looked at.", STANDING, papers(_trees_stay)),
    (
        "the new one was revoked",
        "A replaced paper works again when the one that replaced it is revoked.",
        STANDING,
        papers(_gives_way_again),
    ),
    ("labels of all boxes", "A box of a permit holds the labels of the other boxes, too.", BOXES, papers(_mixed)),
    ("the first recipient only", "Of the recipients in a box only the first is looked at.", BOXES, _only_the_first_of("recipients")),
    ("no action is any", "A box that names no action is for all.", BOXES, papers(_any_action_if_none_is_named)),
    ("undated data fit", "Data of which nobody knows the date are in every period.", BOXES, asked_about(_undated_fits)),
    ("roles never end", "Until when a role is held is not looked at.", BOXES, asked_about(_roles_never_end)),
    ("a role anywhere", "A role at one place is taken for that role at any.", BOXES, asked_about(_roles_anywhere)),
    (
        "from where they came through",
        "Whoever comes through an organisation is taken for one of its own.",
        BOXES,
        asked_about(_comes_from_the_way),
    ),
    (
        "from where a role is",
        "Whoever has a role at an organisation is taken for one of its own.",
        BOXES,
        asked_about(_comes_from_where_a_role_is),
    ),
    ("refused by the same word", "A refusal for proceedings does not reach the kinds of them.", BOXES, papers(_refuses_by_the_same_word)),
    ("refusals without exception", "What a refusal leaves out is refused.", BOXES, papers(_excepts_nothing_from_refusals)),
)
