"""Deciders that are wrong in one way, one for each law: the reference, asked about a world that was bent, or with its answer bent."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.asking import changed, later

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
CLAIMS = ("break_glass", "BTG")


def _bent(bend: Callable[[Json], None]) -> Callable[[Json], Json]:
    """Asked about a world that is bent first."""

    def decide(case: Json) -> Json:
        other = copy.deepcopy(case)
        bend(other)
        return reference_decide(other)

    return decide


def _all(case: Json, verdict: str, basis: str | None) -> Json:
    """The answer with every record at one verdict."""
    answer = reference_decide(case)
    return {**answer, "decision": verdict, "records": dict.fromkeys(answer["records"], verdict), "withheld": [], "basis": basis}


def _papers(bend: Callable[[Json, Json], None]) -> Callable[[Json], Json]:
    """Every paper is bent; it is told the case too."""
    return _bent(lambda case: [bend(paper, case) for paper in case["given"]["directives"]])  # type: ignore[func-returns-value]


def _records(bend: Callable[[Json], None]) -> Callable[[Json], Json]:
    return _bent(lambda case: [bend(record) for record in case["when"]["request"]["records"]])  # type: ignore[func-returns-value]


def _among(name: str, keep: Callable[[list[Json]], list[Json]]) -> Callable[[Json], Json]:
    return lambda case: reference_decide(changed(case, **{name: keep(case["given"].get(name) or [])}))


def free_without_papers(case: Json) -> Json:
    return reference_decide(case) if case["given"]["directives"] or case["given"]["profiles"] else _all(case, "permit", None)


def confused_by_copies(case: Json) -> Json:
    boxes = [json.dumps(paper.get("boxes")) for paper in case["given"]["directives"]]
    return reference_decide(case) if len(boxes) == len(set(boxes)) else _all(case, "deny", None)


def _empty_is_everything(paper: Json, _: Json) -> None:
    for axes in paper.get("boxes", ()):
        axes.update({axis: "*" for axis, values in axes.items() if values == []})


def _revoked_a_moment_late(paper: Json, case: Json) -> None:
    paper["revocations"] = [each for each in paper.get("revocations", ()) if each["at"] != later(case, 0)]


def _revoked_since_ever(paper: Json, _: Json) -> None:
    paper["revocations"] = [{**each, "at": "2000-01-01"} for each in paper.get("revocations", ())]


def _revoked_for_all(paper: Json, _: Json) -> None:
    for each in paper.get("revocations", ()):
        each.pop("recipients", None)


def _first_revocation(paper: Json, _: Json) -> None:
    paper["revocations"] = paper.get("revocations", [])[:1]


def _ends_a_moment_late(paper: Json, case: Json) -> None:
    if paper.get("expires", {}).get("value") == later(case, 0):
        paper["expires"]["value"] = later(case, 1)


def one_purpose_will_do(case: Json) -> Json:
    purposes = case["when"]["request"]["purposes"]
    answers = [reference_decide(changed(case, purposes=[each])) for each in purposes] or [reference_decide(case)]
    return max(answers, key=lambda answer: ["deny", "partial", "permit"].index(answer["decision"]))


def all_or_nothing(case: Json) -> Json:
    answer = reference_decide(case)
    return answer if answer["decision"] != "partial" else _all(case, "deny", None)


def _wall_clock(case: Json) -> None:
    case["when"]["request"]["at"] = case["when"]["request"]["at"][:19] + "Z"


def moody() -> Callable[[Json], Json]:
    asked: list[int] = []

    def decide(case: Json) -> Json:
        asked.append(1)
        return reference_decide(case) if len(asked) % 2 else _all(case, "deny", None)

    return decide


def silent_about_why(case: Json) -> Json:
    return {**reference_decide(case), "basis": None}


def _owes_no(code: str) -> Callable[[Json], Json]:
    def decide(case: Json) -> Json:
        answer = reference_decide(case)
        return {**answer, "obligations": [each for each in answer["obligations"] if each != code]}

    return decide


def _claim_is_treatment(case: Json) -> None:
    request = case["when"]["request"]
    request["purposes"] = ["treatment" if each in CLAIMS else each for each in request["purposes"]]


def _notes_are_records(record: Json) -> None:
    record["labels"] = ["SUD" if label == "SUD_NOTES" else label for label in record.get("labels", ())]
    record["category"] = "diagnosis" if record.get("category") == "counselling_note" else record.get("category")


def public_if_normal(case: Json) -> Json:
    records = case["when"]["request"]["records"]
    return _all(case, "permit", None) if records and "N" in (records[0].get("labels") or ()) else reference_decide(case)


def _source_only_adds(case: Json) -> None:
    if any(not record.get("labels") for record in case["when"]["request"]["records"]):
        case["given"]["facts"].pop("sources", None)


def copies_are_free(case: Json) -> Json:
    copied = (case["given"]["facts"].get("held_copy") or {}).get("received_under")
    return _all(case, "permit", copied) if copied else reference_decide(case)


def widened_by_plugins(case: Json) -> Json:
    if any(each["answer"] == "permit" for each in case["given"].get("restrictors") or ()):
        return _all(case, "permit", None)
    return reference_decide(case)


def _unknown_has_not_happened(case: Json) -> None:
    facts = case["given"]["facts"]
    told = {name: None if when == "unknown" else when for name, when in (facts.get("events") or {}).items()}
    facts["events"] = {"discharge": None, "release ends": None, **told}


def _anybody_signs(paper: Json, _: Json) -> None:
    paper["signed_by"] = ["client", "parent"] if paper.get("signed_by") else []


def _no_abuser(paper: Json, _: Json) -> None:
    paper.pop("abuser_signed", None)


def _one_level(paper: Json, _: Json) -> None:
    for child in paper.get("provisions", ()):
        child.pop("provisions", None)


def loyal_to_objects() -> Callable[[Json], Json]:
    known: list[Json] = []

    def decide(case: Json) -> Json:
        if any(each == case and each is not case for each in known):
            return _all(case, "deny", None) if reference_decide(case)["decision"] == "permit" else _all(case, "permit", None)
        known.append(case)
        return reference_decide(case)

    return decide


def lists_the_first(case: Json) -> Json:
    answer = reference_decide(case)
    return {**answer, "entries": answer["entries"][:1]} if "entries" in answer else answer


BREAKERS: dict[str, Callable[[], Callable[[Json], Json]]] = {
    "nothing_by_itself": lambda: free_without_papers,
    "a_duplicate_changes_nothing": lambda: confused_by_copies,
    "a_permit_more_takes_nothing": lambda: _among("directives", lambda papers: papers[-1:]),
    "a_deny_more_gives_nothing": lambda: _papers(lambda paper, _: paper.update(polarity="permit")),
    "narrowing_gives_nothing": lambda: _papers(_empty_is_everything),
    "a_revoked_paper_is_no_basis": lambda: _papers(_revoked_a_moment_late),
    "nothing_is_undone_backwards": lambda: _papers(_revoked_since_ever),
    "others_revocations_touch_nobody_else": lambda: _papers(_revoked_for_all),
    "revoked_twice_is_revoked_once": lambda: _papers(_first_revocation),
    "a_pause_is_a_revocation_while_it_lasts": lambda: _papers(lambda paper, _: paper.pop("suspensions", None)),
    "a_permit_works_from_start_to_end": lambda: _papers(_ends_a_moment_late),
    "what_is_signed_later_is_not_known_yet": lambda: _papers(lambda paper, _: paper.pop("signed_on", None)),
    "replaced_is_replaced_for_good": lambda: _among(
        "directives", lambda papers: [each for each in papers if each.get("status") != "inactive"]
    ),
    "what_cannot_be_read": lambda: _among("directives", lambda papers: [each for each in papers if each.get("status") != "unprocessable"]),
    "order_changes_nothing": lambda: _among("directives", lambda papers: papers[:1]),
    "asking_for_more_gives_no_more": lambda: one_purpose_will_do,
    "a_bundle_is_its_parts": lambda: all_or_nothing,
    "only_the_distance_in_time_matters": lambda: _bent(_wall_clock),
    "the_same_question_has_the_same_answer": moody,
    "a_release_rests_on_what_covers_it": lambda: silent_about_why,
    "consent_carries_its_notice": lambda: _owes_no("part2_notice"),
    "an_emergency_is_for_medics_and_ends": lambda: _owes_no("post_review"),
    "a_claim_opens_nothing": lambda: _bent(_claim_is_treatment),
    "general_forms_yield_no_notes": lambda: _records(_notes_are_records),
    "fewer_labels_are_no_harder": lambda: public_if_normal,
    "no_label_means_that_of_the_source": lambda: _bent(_source_only_adds),
    "a_hop_is_no_wider_than_the_one_before": lambda: copies_are_free,
    "profiles_only_narrow_each_other": lambda: _among("profiles", lambda profiles: profiles[:1]),
    "plugins_only_narrow": lambda: widened_by_plugins,
    "knowing_more_takes_nothing": lambda: _bent(_unknown_has_not_happened),
    "minors_and_parents": lambda: _papers(_anybody_signs),
    "an_abuser_signs_nothing": lambda: _papers(_no_abuser),
    "a_level_more_turns_a_tree_over": lambda: _papers(_one_level),
    "a_round_trip_changes_nothing": loyal_to_objects,
    "an_accounting_adds_up": lambda: lists_the_first,
}
