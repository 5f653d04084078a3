"""What laws see beside a verdict that is wrong: what is owed and not told, order, crowds, what nobody asked for, and what has no answer."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import ConsentBook
from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, BrokenLaw, check_law, consent_laws
from recoverycore.testing.consent.asking import changed, records_of, request_of
from recoverycore.testing.consent.bending import all_at, answering, asked_about, without_duty
from recoverycore.testing.consent.laws_of_openings import DEFECTS
from recoverycore.testing.consent.stories import permit, permitted, record, story

Json = dict[str, Any]


def entries(bend: Any) -> Any:
    """A decider whose accounting is bent."""
    return answering(lambda answer, case: {**answer, "entries": bend(answer["entries"], case)} if "entries" in answer else answer)


def whatever_is_in_the_ledger(listed: list[str], case: Json) -> list[str]:
    return sorted({*listed, *(each["at"] for each in case["given"]["facts"]["ledger"] if each["at"] > "2026-06-17")})


def beyond_the_fiftieth(answer: Json, case: Json) -> Json:
    over = {each["id"]: "permit" for each in records_of(case)[50:]}
    return {**answer, "records": answer["records"] | over} if answer["decision"] == "partial" else answer


def none_is_all(answer: Json, case: Json) -> Json:
    return answer if records_of(case) or request_of(case)["action"] != "disclose" else {**answer, "decision": "permit"}


def all_of_a_plain_record(answer: Json, case: Json) -> Json:
    """Under Part 2 what it is not about is released."""
    plain = all(each.get("labels") == ["HIV"] for each in records_of(case))
    return all_at(answer, "permit", None) if plain and case["given"]["profiles"] == ["us.42cfr2"] else answer


def no_basis_of_a_refusal(answer: Json, _: Json) -> Json:
    return {**answer, "basis": None} if answer["decision"] == "deny" else answer


def one_paper_for_all_purposes(case: Json) -> None:
    if len(request_of(case)["purposes"]) > 1:
        case["given"]["directives"] = case["given"]["directives"][:1]


def no_provenance(case: Json) -> None:
    (case["given"]["facts"].get("held_copy") or {}).update(holder=request_of(case)["discloser"].get("id"))


SEEN: dict[str, tuple[str, Any]] = {
    "what it lists is not in time order": ("an_accounting_adds_up", entries(lambda listed, _: listed[::-1])),
    "it lists what is yet to come": ("an_accounting_adds_up", entries(whatever_is_in_the_ledger)),
    "nothing is to be redacted": ("each_record_is_decided_by_itself", without_duty("redact")),
    "nobody was alerted": ("a_claim_opens_nothing", without_duty("alert_privacy_officer")),
    "a plugin answered error, and that was not reported": ("plugins_only_narrow", without_duty("report_plugin_error")),
    "a plugin permitted what was withheld, and that was not reported": ("plugins_only_narrow", without_duty("report_plugin_conflict")),
    "it went before a refusal, and this was not told": (
        "an_emergency_is_for_medics_and_ends",
        answering(lambda answer, _: {**answer, "obligations": [each for each in answer["obligations"] if ":" not in each]}),
    ),
    "a refusal that could not be read was why, and it is not named": ("an_unreadable_refusal_refuses", answering(no_basis_of_a_refusal)),
    "the wrong way round was n50": ("a_bundle_is_its_parts", answering(beyond_the_fiftieth)),
    "no record was asked for, and that was permitted": ("a_bundle_is_its_parts", answering(none_is_all)),
    "what none gives at permit": ("profiles_only_narrow_each_other", answering(all_of_a_plain_record)),
    "a permit for just this": ("a_permit_covers_just_what_it_says", asked_about(one_paper_for_all_purposes)),
    "somebody else held it": ("a_hop_is_no_wider_than_the_one_before", asked_about(no_provenance)),
}


@pytest.mark.parametrize("told", SEEN)
def test_it_is_seen_and_told(told: str) -> None:
    law, fault = SEEN[told]
    with pytest.raises(BrokenLaw, match=told) as broken:
        consent_laws(fault(reference_decide), laws=[law])
    assert broken.value.law == law


EMERGENCIES = ["an emergency is for everybody", "an emergency goes on", "nobody could be asked", "all is necessary"]


@pytest.mark.parametrize("engine", [*EMERGENCIES, "earlier hops are forgotten"])
def test_what_opens_without_a_paper_is_judged_by_verdicts_alone(engine: str) -> None:
    decide = ENGINES[engine].decider()
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(lambda case: {"records": decide(case)["records"]}, laws=[ENGINES[engine].breaks])
    assert broken.value.law == ENGINES[engine].breaks


@pytest.mark.parametrize("defect", [what for what, fields in DEFECTS.items() if fields])
def test_a_form_with_one_defect_that_releases_is_told_by_its_defect(defect: str) -> None:
    def mended(case: Json) -> None:
        for paper in case["given"]["directives"]:
            if all(paper.get(name) == value for name, value in DEFECTS[defect].items()):
                paper.update({name: permit()[name] for name in DEFECTS[defect]})

    with pytest.raises(BrokenLaw, match=f"the one permit {defect}, and r1 and r2 was released"):
        check_law("a_form_with_a_defect_is_no_basis", asked_about(mended)(reference_decide), permitted()["specific consent"])


def test_a_form_that_is_known_to_be_false_and_releases_is_told() -> None:
    fault = asked_about(lambda case: case["given"]["facts"].pop("flags", None))
    with pytest.raises(BrokenLaw, match="the one permit was known to be false"):
        check_law("a_form_with_a_defect_is_no_basis", fault(reference_decide), permitted()["specific consent"])


def test_a_referral_that_cannot_be_revoked_yet_has_to_count() -> None:
    def revoked_at_once(case: Json) -> None:
        for paper in case["given"]["directives"]:
            paper.pop("revocable_from", None)

    case = permitted()["referral that cannot be revoked yet"]
    with pytest.raises(BrokenLaw, match="can be revoked from one second after the question on, was revoked before, and counts no more"):
        check_law("nothing_is_undone_backwards", asked_about(revoked_at_once)(reference_decide), case)


def test_a_label_that_a_programme_gives_needs_no_source_that_is_told_of() -> None:
    with pytest.raises(BrokenLaw, match="of a record without a label the verdict is deny"):
        check_law("no_label_means_that_of_the_source", ENGINES["unlabelled unless told"].decider(), permitted()["within the program"])


def test_what_the_host_chose_for_a_world_does_not_reach_rows_of_papers() -> None:
    case = changed(permitted()["within the program"], switches={"event_day": "end_of_day"})
    check_law("a_day_is_the_clients_own", reference_decide, case)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_worlds_take_less_than_four_thousand_questions(seed: int) -> None:
    assert consent_laws(ConsentBook, seed=seed).questions < 4000


def test_where_nothing_was_released_nothing_is_asked_that_could_only_take_away() -> None:
    asked: list[Json] = []

    def decide(case: Json) -> Json:
        asked.append(case)
        return reference_decide(case)

    withheld = story(permit(boxes=[]))
    for law in ("revoked_twice_is_revoked_once", "a_permit_more_takes_nothing", "profiles_only_narrow_each_other"):
        check_law(law, decide, withheld)
    assert asked == [withheld] * 3


def test_a_criterion_of_which_the_record_tells_nothing_turns_no_tree_over() -> None:
    tree = {"id": "t1", "format": "fhir-r5", "status": "active", "decision": "permit", "root": {}, "provisions": [{"code": ["F10"]}]}
    check_law("a_level_more_turns_a_tree_over", reference_decide, story(tree, profiles=(), records=[record(**{"class": "Claim"})]))
