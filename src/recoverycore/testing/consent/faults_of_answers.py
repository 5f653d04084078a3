"""Faults about answers: memory, order, bundles, clocks, what is told beside the verdict.

Each is a name, what is wrong, the law that it breaks, and how it is planted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recoverycore.ground.instants import parse_instant
from recoverycore.testing.consent.asking import changed, copied, request_of, told
from recoverycore.testing.consent.bending import all_at, answering, asked_about, papers

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide, Json

    Fault = tuple[str, str, str, Callable[[Decide], Decide]]

__all__ = ["FAULTS"]


def _free_without_papers(answer: Json, case: Json) -> Json:
    given = case["given"]
    return answer if given["directives"] or given["profiles"] else all_at(answer, "permit", None)


def _confused_by_copies(answer: Json, case: Json) -> Json:
    boxes = [json.dumps(paper.get("boxes")) for paper in case["given"]["directives"]]
    return answer if len(boxes) == len(set(boxes)) else all_at(answer, "deny", None)


def _one_purpose_will_do(decide: Decide) -> Decide:
    def bent(case: Json) -> Json:
        asked = [changed(case, purposes=[each]) for each in request_of(case)["purposes"]] or [case]
        return max((told(decide(each), each) for each in asked), key=lambda answer: ("deny", "partial", "permit").index(answer["decision"]))

    return bent


def _whole_bundle(answer: Json, _: Json) -> Json:
    return all_at(answer, "permit", answer.get("basis")) if answer["decision"] == "partial" else answer


def _wall_clock(case: Json) -> None:
    request_of(case)["at"] = request_of(case)["at"][:19] + "Z"


def _closed_at_week_ends(answer: Json, case: Json) -> Json:
    return answer if parse_instant(request_of(case)["at"]).weekday() not in (5, 6) else all_at(answer, "deny", None)


def _moody(decide: Decide) -> Decide:
    asked: list[int] = []

    def bent(case: Json) -> Json:
        asked.append(1)
        answer = told(decide(case), case)
        return answer if len(asked) % 2 else all_at(answer, "deny", None)

    return bent


def _remembers(decide: Decide) -> Decide:
    """Answers are kept by who asked for what and when, and not by the papers there were."""
    known: dict[str, Json] = {}

    def bent(case: Json) -> Json:
        asked = json.dumps([case["when"], case["given"]["profiles"]])
        if asked not in known:
            known[asked] = decide(case)
        return known[asked]

    return bent


def _knows_the_papers_only(decide: Decide) -> Decide:
    """Answers are kept by the papers there were, whatever is asked: also for other records."""
    known: dict[str, Json] = {}

    def bent(case: Json) -> Json:
        papers = json.dumps(case["given"]["directives"])
        if papers not in known:
            known[papers] = decide(case)
        return known[papers]

    return bent


def _forgets(forget: Callable[[Json], object]) -> Callable[[Decide], Decide]:
    """Answers are kept by all of the question but for something in it."""

    def wrap(decide: Decide) -> Decide:
        known: dict[str, Json] = {}

        def bent(case: Json) -> Json:
            other = copied(case)
            forget(other)
            asked = json.dumps(other)
            if asked not in known:
                known[asked] = decide(case)
            return known[asked]

        return bent

    return wrap


def _forgets_of_records(name: str) -> Callable[[Decide], Decide]:
    return _forgets(lambda case: [record.pop(name, None) for record in request_of(case)["records"]])


def _loyal_to_objects(decide: Decide) -> Decide:
    """What was read from text again is taken for something else than what it was written from."""
    known: list[Json] = []

    def bent(case: Json) -> Json:
        answer = told(decide(case), case)
        if any(each == case and each is not case for each in known):
            return all_at(answer, "deny" if answer["decision"] == "permit" else "permit", None)
        known.append(case)
        return answer

    return bent


def _date_of(record: Json) -> Json:
    return {"date": record["date"]} if record.get("date") else {}


def _mends_what_it_is_asked(decide: Decide) -> Decide:
    def bent(case: Json) -> Json:
        for record in request_of(case)["records"]:
            record.setdefault("labels", []).sort()
            record["seen"] = True
        return decide(case)

    return bent


def _stumbles(decide: Decide) -> Decide:
    """A kind of recipient that nobody listed is an error, and no answer."""
    known = {"covered_entity", "medical_personnel", "provider", "client", None}

    def bent(case: Json) -> Json:
        kind = request_of(case)["recipient"].get("kind")
        if kind not in known:
            raise KeyError(kind)
        return decide(case)

    return bent


def _public_if_normal(answer: Json, case: Json) -> Json:
    asked = request_of(case)["records"]
    return all_at(answer, "permit", answer.get("basis")) if asked and "N" in (asked[0].get("labels") or ()) else answer


def _without_provisions(paper: Json, _: Json) -> None:
    for child in paper.get("provisions", ()):
        child.pop("provisions", None)


FAULTS: tuple[Fault, ...] = (
    (
        "free without papers",
        "Where there is no paper at all, everything is released.",
        "nothing_by_itself",
        answering(_free_without_papers),
    ),
    ("confused by copies", "The same paper twice releases nothing.", "a_duplicate_changes_nothing", answering(_confused_by_copies)),
    (
        "one purpose is enough",
        "Of several purposes the one that is permitted decides for all.",
        "asking_for_more_gives_no_more",
        _one_purpose_will_do,
    ),
    (
        "two purposes are enough",
        "Of several purposes only the first two are looked at.",
        "a_box_holds_what_it_lists",
        asked_about(lambda case: request_of(case).update(purposes=request_of(case)["purposes"][:2])),
    ),
    (
        "one date for all",
        "The first record's date is taken for that of all.",
        "a_bundle_is_its_parts",
        asked_about(lambda case: [record.update(_date_of(request_of(case)["records"][0])) for record in request_of(case)["records"]]),
    ),
    (
        "all or nothing",
        "Where one record of several is withheld, all are.",
        "a_bundle_is_its_parts",
        answering(lambda answer, _: all_at(answer, "deny", None) if answer["decision"] == "partial" else answer),
    ),
    ("the whole bundle", "Where one record of several is released, all are.", "each_record_is_decided_by_itself", answering(_whole_bundle)),
    (
        "wall clocks are compared",
        "The offset of an instant is not looked at.",
        "only_the_distance_in_time_matters",
        asked_about(_wall_clock),
    ),
    (
        "the sender's week",
        "Nothing is released at week-ends, and whose week it is says the offset of whoever asks.",
        "only_the_distance_in_time_matters",
        answering(_closed_at_week_ends),
    ),
    (
        "only days are compared",
        "Of the instant of the question only its day counts.",
        "a_permit_covers_just_what_it_says",
        asked_about(lambda case: request_of(case).update(at=f"{request_of(case)['at'][:11]}00:00:00{request_of(case)['at'][19:]}")),
    ),
    ("moody", "Every second answer is no.", "the_same_question_has_the_same_answer", _moody),
    (
        "remembers too long",
        "An answer is remembered, and a paper that was signed or revoked since then is not seen.",
        "a_permit_covers_just_what_it_says",
        _remembers,
    ),
    (
        "knows the papers only",
        "An answer is remembered by the papers there were, and given again whatever else is asked.",
        "every_question_has_an_answer",
        _knows_the_papers_only,
    ),
    (
        "forgets the roles",
        "An answer is remembered, and given again when somebody has lost a role.",
        "a_box_holds_what_it_lists",
        _forgets(lambda case: request_of(case)["recipient"].pop("roles", None)),
    ),
    (
        "forgets who asked",
        "An answer is remembered, and given again when somebody else asks.",
        "a_box_holds_what_it_lists",
        _forgets(lambda case: request_of(case)["recipient"].pop("id")),
    ),
    (
        "forgets who treats",
        "An answer is remembered, and given again when nobody treats any more.",
        "a_box_holds_what_it_lists",
        _forgets(lambda case: request_of(case)["recipient"].pop("treating_relationship", None)),
    ),
    *(
        (
            f"forgets the {name}",
            f"An answer is remembered, and given again when a record has another {name}.",
            "a_box_holds_what_it_lists",
            _forgets_of_records(fields),
        )
        for name, fields in (("label", "labels"), ("category", "category"), ("date", "date"), ("source", "source"))
    ),
    (
        "forgets what was chosen",
        "An answer is remembered, and given again when the host has chosen otherwise.",
        "a_box_holds_what_it_lists",
        _forgets(lambda case: case["given"].pop("switches", None)),
    ),
    ("mends what it is asked", "The question is changed by asking it.", "the_same_question_has_the_same_answer", _mends_what_it_is_asked),
    ("loyal to objects", "What was written and read again is decided otherwise.", "a_round_trip_changes_nothing", _loyal_to_objects),
    ("stumbles", "A kind of recipient that it does not know is an error, and no answer.", "every_question_has_an_answer", _stumbles),
    (
        "silent about why",
        "What is released rests on nothing that is named.",
        "a_release_rests_on_what_covers_it",
        answering(lambda answer, _: {**answer, "basis": None}),
    ),
    (
        "public if normal",
        "What is labelled as of normal confidentiality is released to everybody.",
        "fewer_labels_are_no_harder",
        answering(_public_if_normal),
    ),
    (
        "lists the first",
        "An accounting lists one entry only.",
        "an_accounting_adds_up",
        answering(lambda answer, _: {**answer, "entries": answer["entries"][:1]} if "entries" in answer else answer),
    ),
    (
        "one level of a tree",
        "What a tree says below its first level is not read.",
        "a_level_more_turns_a_tree_over",
        papers(_without_provisions),
    ),
)
