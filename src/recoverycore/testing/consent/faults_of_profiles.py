"""Faults about law, findings and plugins.

Each is a name, what is wrong, the law that it breaks, and how it is planted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.testing.consent.asking import request_of
from recoverycore.testing.consent.bending import all_at, answering, asked_about, keeping, papers, without_duty

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.testing.consent.asking import Decide, Json

    Fault = tuple[str, str, str, Callable[[Decide], Decide]]

__all__ = ["FAULTS"]

CLAIMS = ("break_glass", "BTG")


def _claim_is_treatment(case: Json) -> None:
    request = request_of(case)
    request["purposes"] = ["treatment" if each in CLAIMS else each for each in request["purposes"]]


def _copies_are_free(answer: Json, case: Json) -> Json:
    copied = (case["given"]["facts"].get("held_copy") or {}).get("received_under")
    return all_at(answer, "permit", copied) if copied else answer


def _widened_by_plugins(answer: Json, case: Json) -> Json:
    said = [each["answer"] for each in case["given"].get("restrictors") or ()]
    return all_at(answer, "permit", None) if "permit" in said else answer


def _plugins_that_fail_are_left_out(case: Json) -> None:
    given = case["given"]
    given["restrictors"] = [each for each in given.get("restrictors") or () if each["answer"] in ("none", "deny", "permit")]


def _unknown_has_not_happened(case: Json) -> None:
    facts = case["given"]["facts"]
    known = {name: None if when == "unknown" else when for name, when in (facts.get("events") or {}).items()}
    facts["events"] = {"discharge": None, "release ends": None, **known}


def _anybody_signs(paper: Json, _: Json) -> None:
    paper["signed_by"] = ["client", "parent"] if paper.get("signed_by") else []


def _everybody_is_a_medic(case: Json) -> None:
    if case["given"]["facts"].get("emergency"):
        request_of(case)["recipient"]["kind"] = "medical_personnel"


def _emergencies_go_on(case: Json) -> None:
    (case["given"]["facts"].get("emergency") or {}).pop("ended_at", None)


def _nobody_could_be_asked(case: Json) -> None:
    if emergency := case["given"]["facts"].get("emergency"):
        emergency["consent_obtainable"] = False


def _earlier_hops_are_forgotten(case: Json) -> None:
    (case["given"]["facts"].get("held_copy") or {}).pop("chain", None)


def _unlabelled_unless_told(case: Json) -> None:
    sources = case["given"]["facts"].get("sources") or {}
    for record in request_of(case)["records"]:
        if record.get("source") not in sources:
            record.pop("source", None)


def _no_list_is_all(case: Json) -> None:
    for each in case["given"].get("restrictors") or ():
        if not each.get("records"):
            each.pop("records", None)


def _known_laws_only(found: list[Any]) -> list[Any]:
    return [each for each in found if isinstance(each, dict) or each.startswith(("us.", "ca.", "eu."))]


def _words_lift_refusals(paper: Json, _: Json) -> None:
    if paper.get("polarity") == "deny":
        paper["revocations"] = [{**each, "written": True} for each in paper.get("revocations", ())]


FAULTS: tuple[Fault, ...] = (
    (
        "the notice stays behind",
        "What is released by consent goes without the notice that has to go along.",
        "consent_carries_its_notice",
        without_duty("part2_notice"),
    ),
    (
        "no review",
        "Nobody looks afterwards at what an emergency opened.",
        "an_emergency_is_for_medics_and_ends",
        without_duty("post_review"),
    ),
    (
        "an emergency is for everybody",
        "In an emergency it is not asked who receives.",
        "an_emergency_is_for_medics_and_ends",
        asked_about(_everybody_is_a_medic),
    ),
    (
        "an emergency goes on",
        "The end of an emergency is not looked at.",
        "an_emergency_is_for_medics_and_ends",
        asked_about(_emergencies_go_on),
    ),
    (
        "nobody could be asked",
        "In an emergency it is not looked at whether consent could be had.",
        "an_emergency_is_for_medics_and_ends",
        asked_about(_nobody_could_be_asked),
    ),
    (
        "all is necessary",
        "In an emergency it is not looked at what is necessary.",
        "an_emergency_is_for_medics_and_ends",
        asked_about(lambda case: case["given"]["facts"].pop("necessary", None)),
    ),
    (
        "earlier hops are forgotten",
        "Of a copy that is passed on only the last hop is looked at.",
        "a_hop_is_no_wider_than_the_one_before",
        asked_about(_earlier_hops_are_forgotten),
    ),
    (
        "unlabelled unless told",
        "What a programme made itself carries its label only where somebody has told of the source.",
        "no_label_means_that_of_the_source",
        asked_about(_unlabelled_unless_told),
    ),
    (
        "an unknown law is left out",
        "A law that was asked for and is not there is taken for none.",
        "profiles_only_narrow_each_other",
        keeping("profiles", _known_laws_only),
    ),
    (
        "an empty list is all records",
        "A plugin that refuses none of the records refuses all.",
        "plugins_only_narrow",
        asked_about(_no_list_is_all),
    ),
    (
        "words lift refusals",
        "A refusal is lifted by words also where the law wants writing.",
        "the_law_says_what_lifts_a_refusal",
        papers(_words_lift_refusals),
    ),
    (
        "any form will do",
        "Whether a form is written, and has what the law wants of it, is not looked at.",
        "a_form_with_a_defect_is_no_basis",
        papers(lambda paper, _: paper.update(written=True, missing_elements=[])),
    ),
    ("a claim is enough", "Who breaks the glass gets what treatment would get.", "a_claim_opens_nothing", asked_about(_claim_is_treatment)),
    (
        "copies are free",
        "Whoever holds a copy may pass it on to anybody.",
        "a_hop_is_no_wider_than_the_one_before",
        answering(_copies_are_free),
    ),
    (
        "the first law decides",
        "Of several laws only the first is asked.",
        "profiles_only_narrow_each_other",
        keeping("profiles", lambda found: found[:1]),
    ),
    ("plugins widen", "A plugin that says permit releases what was refused.", "plugins_only_narrow", answering(_widened_by_plugins)),
    ("plugins are not asked", "What a narrowing plugin refuses is released.", "plugins_only_narrow", keeping("restrictors", lambda _: [])),
    (
        "plugins that fail are left out",
        "A narrowing plugin that fails refuses nothing.",
        "plugins_only_narrow",
        asked_about(_plugins_that_fail_are_left_out),
    ),
    (
        "faults are reported at random",
        "A fault of a plugin is reported where there was none.",
        "every_profile_answers",
        answering(lambda answer, _: {**answer, "obligations": [*answer.get("obligations", ()), "report_plugin_error"]}),
    ),
    (
        "unknown is no",
        "An event of which nobody knows is taken for one that has not happened.",
        "knowing_more_takes_nothing",
        asked_about(_unknown_has_not_happened),
    ),
    ("anybody signs", "It is not looked at who signed.", "minors_and_parents", papers(_anybody_signs)),
    (
        "an abuser signs",
        "It does not matter that an abuser signed a release.",
        "an_abuser_signs_nothing",
        papers(lambda paper, _: paper.pop("abuser_signed", None)),
    ),
)
