"""Faults about papers: when they count, for whom, and what they cover.

Each is a name, what is wrong, the law that it breaks, and how it is planted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.testing.consent.asking import later, request_of
from recoverycore.testing.consent.bending import asked_about, boxes, keeping, papers, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide, Json

    Fault = tuple[str, str, str, Callable[[Decide], Decide]]

__all__ = ["FAULTS"]


def _ends_a_moment_late(paper: Json, case: Json) -> None:
    if (paper.get("expires") or {}).get("value") == later(case, 0):
        paper["expires"]["value"] = later(case, 1)


def _starts_a_moment_late(paper: Json, case: Json) -> None:
    if paper.get("starts") == later(case, 0):
        paper["starts"] = later(case, 1)


def _last_day_cut_off(paper: Json, _: Json) -> None:
    end = paper.get("expires") or {}
    if end.get("kind") == "date":
        paper["expires"] = {"kind": "instant", "value": f"{end['value']}T00:00:00-05:00"}


def _revoked_a_moment_late(paper: Json, case: Json) -> None:
    paper["revocations"] = [each for each in paper.get("revocations", ()) if each["at"] != later(case, 0)]


def _revoked_since_ever(paper: Json, _: Json) -> None:
    paper["revocations"] = [{**each, "at": "2000-01-01"} for each in paper.get("revocations", ())]


def _revoked_for_all(paper: Json, _: Json) -> None:
    for each in paper.get("revocations", ()):
        each.pop("recipients", None)


def _paused_for_good(paper: Json, _: Json) -> None:
    paper["suspensions"] = [{**each, "to": None} for each in paper.get("suspensions", ())]


def _empty_is_everything(box: Json) -> None:
    box.update({axis: "*" for axis, values in box.items() if values == []})


def _only_dates(box: Json) -> None:
    if box.get("data_period"):
        box.update({axis: "*" for axis in box if axis != "data_period"})


def _any_label_will_do(case: Json) -> None:
    """A record is asked about as if it carried only that label of its own which some paper names."""
    named = {label for paper in case["given"]["directives"] for box in paper.get("boxes", ()) for label in box.get("labels") or ()}
    for record in request_of(case)["records"]:
        record["labels"] = [label for label in record.get("labels") or () if label in named] or record.get("labels") or []


def _any_axis_of(axis: str) -> Callable[[Decide], Decide]:
    return boxes(lambda box: box.update({axis: "*"}) if axis in box else None)


def _of_status(*refused: str) -> Callable[[Decide], Decide]:
    return keeping("directives", lambda found: [each for each in found if each.get("status") not in refused])


FAULTS: tuple[Fault, ...] = (
    (
        "the end is inside",
        "A permit still works at the very instant at which it ends.",
        "a_permit_works_from_start_to_end",
        papers(_ends_a_moment_late),
    ),
    (
        "the start is outside",
        "A permit does not work yet at the very instant at which it starts.",
        "a_permit_works_from_start_to_end",
        papers(_starts_a_moment_late),
    ),
    (
        "the last day is cut off",
        "A permit that ends by a date loses that whole day.",
        "a_permit_works_from_start_to_end",
        papers(_last_day_cut_off),
    ),
    (
        "nothing ends",
        "The end of a paper is never looked at.",
        "a_permit_covers_just_what_it_says",
        papers(lambda paper, _: paper.pop("expires", None)),
    ),
    (
        "nothing is ever revoked",
        "Revocations are never looked at.",
        "a_revoked_paper_is_no_basis",
        papers(lambda paper, _: paper.pop("revocations", None)),
    ),
    (
        "nothing is taken back",
        "Neither revocations nor pauses are looked at.",
        "what_was_taken_back_gives_nothing",
        papers(lambda paper, _: [paper.pop(name, None) for name in ("revocations", "suspensions")]),
    ),
    (
        "revoked a moment late",
        "At the very instant of its revocation a paper still counts.",
        "a_revoked_paper_is_no_basis",
        papers(_revoked_a_moment_late),
    ),
    ("revoked backwards", "A revocation also works before its instant.", "nothing_is_undone_backwards", papers(_revoked_since_ever)),
    (
        "revoked for everybody",
        "A revocation for some recipients counts for all.",
        "others_revocations_touch_nobody_else",
        papers(_revoked_for_all),
    ),
    (
        "only the first revocation",
        "Of several revocations the one written first counts, and not the earliest.",
        "revoked_twice_is_revoked_once",
        papers(lambda paper, _: paper.update(revocations=paper.get("revocations", [])[:1])),
    ),
    (
        "pauses are not seen",
        "A paper that is suspended goes on working.",
        "a_pause_is_a_revocation_while_it_lasts",
        papers(lambda paper, _: paper.pop("suspensions", None)),
    ),
    (
        "paused for good",
        "A paper does not work again after its suspension.",
        "a_pause_is_a_revocation_while_it_lasts",
        papers(_paused_for_good),
    ),
    (
        "known before it was signed",
        "A paper counts before it is signed.",
        "what_is_signed_later_is_not_known_yet",
        papers(lambda paper, _: paper.pop("signed_on", None)),
    ),
    (
        "the replaced come back",
        "A replaced paper works again when the one that replaced it is inactive.",
        "replaced_is_replaced_for_good",
        _of_status("inactive"),
    ),
    (
        "nothing is replaced",
        "A newer version does not take the place of the older one.",
        "replaced_is_replaced_for_good",
        papers(lambda paper, _: paper.pop("supersedes", None)),
    ),
    (
        "what cannot be read is not there",
        "A refusal that could not be read is taken for none.",
        "an_unreadable_refusal_refuses",
        _of_status("unprocessable"),
    ),
    (
        "what cannot be read counts",
        "A permit that could not be read releases all the same.",
        "what_cannot_be_read",
        papers(lambda paper, _: paper.update(status="active") if paper.get("status") == "unprocessable" else None),
    ),
    (
        "the first paper decides",
        "Only the paper that stands first is looked at.",
        "order_changes_nothing",
        keeping("directives", lambda found: found[:1]),
    ),
    (
        "the last paper decides",
        "Only the paper that stands last is looked at.",
        "a_permit_more_takes_nothing",
        keeping("directives", lambda found: found[-1:]),
    ),
    (
        "refusals are not seen",
        "Papers that refuse are left out.",
        "a_refusal_beats_a_permit",
        keeping("directives", lambda found: [each for each in found if each.get("polarity") == "permit" or "format" in each]),
    ),
    (
        "a refusal permits",
        "Whatever a paper covers is released, also where it refuses.",
        "a_deny_more_gives_nothing",
        papers(lambda paper, _: paper.update(polarity="permit")),
    ),
    (
        "an empty list is everything",
        "An axis on which a box lists nothing is taken for one that lists all.",
        "a_permit_covers_just_what_it_says",
        boxes(_empty_is_everything),
    ),
    (
        "limited in one thing only",
        "A box that is limited to dates is taken for one that is limited in nothing else.",
        "narrowing_gives_nothing",
        boxes(_only_dates),
    ),
    ("for any purpose", "The purpose is never compared.", "a_permit_covers_just_what_it_says", _any_axis_of("purposes")),
    ("to anybody", "Who receives is never compared.", "a_permit_covers_just_what_it_says", _any_axis_of("recipients")),
    ("any kind of record", "The category is never compared.", "a_permit_covers_just_what_it_says", _any_axis_of("categories")),
    (
        "any action",
        "Whether something is used, disclosed or passed on is never compared.",
        "a_permit_covers_just_what_it_says",
        _any_axis_of("actions"),
    ),
    (
        "any date",
        "The dates of data are never compared.",
        "a_permit_covers_just_what_it_says",
        boxes(lambda box: box.pop("data_period", None)),
    ),
    (
        "from anybody",
        "Whose records a paper speaks of is never compared.",
        "a_permit_covers_just_what_it_says",
        papers(lambda paper, _: paper.update(discloser="*")),
    ),
    (
        "one label is enough",
        "A record with two labels is released under a permit for one of them.",
        "a_permit_covers_just_what_it_says",
        asked_about(_any_label_will_do),
    ),
    (
        "what is taken away is not seen",
        "What a permit takes away again is released.",
        "what_is_taken_away_is_not_given",
        papers(lambda paper, _: paper.pop("except", None)),
    ),
    (
        "labels of the source only sometimes",
        "A record without labels does not carry those of its source.",
        "no_label_means_that_of_the_source",
        asked_about(
            lambda case: (
                case["given"]["facts"].pop("sources", None) if any(not each.get("labels") for each in request_of(case)["records"]) else None
            )
        ),
    ),
    (
        "notes are like the rest",
        "Counselling notes are asked about as if they were plain records.",
        "general_forms_yield_no_notes",
        records(
            lambda record: record.update(
                labels=["SUD" if each == "SUD_NOTES" else each for each in record.get("labels") or ()],
                **({"category": "diagnosis"} if record.get("category") == "counselling_note" else {}),
            )
        ),
    ),
)
