"""What laws ask: much of it at once, the world as it stands only once, and anew where it is about being asked again."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import ENGINES, BrokenLaw, check_law, consent_laws
from recoverycore.testing.consent.asking import changed
from recoverycore.testing.consent.stories import permit, permitted, story

Json = dict[str, Any]
SPECIFIC = permitted()["specific consent"]
AXES = ("labels", "categories", "purposes", "recipients", "actions")


def mixing(case: Json) -> Json:
    """A decider that puts all permits together, axis by axis: the purposes of one with the recipients of another."""
    papers = case["given"]["directives"]
    boxes = [box for paper in papers if paper.get("polarity") == "permit" for box in paper.get("boxes", ())]
    named = {axis: [box[axis] for box in boxes if axis in box] for axis in AXES}
    mixed = {axis: "*" if "*" in values else list(chain.from_iterable(values)) for axis, values in named.items() if values}
    wide = [
        {**paper, "boxes": [{**box, **mixed} for box in paper.get("boxes", ())]} if paper.get("polarity") == "permit" else paper
        for paper in papers
    ]
    return reference_decide(changed(case, directives=wide))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_permits_that_are_put_together_axis_by_axis_are_found(seed: int) -> None:
    with pytest.raises(BrokenLaw, match="each permit had something else than what was asked, and together they released r1") as broken:
        consent_laws(mixing, seed=seed, laws=["a_permit_covers_just_what_it_says"])
    boxes = [box for paper in broken.value.asked["given"]["directives"] for box in paper["boxes"]]
    assert len(boxes) > 1


def test_of_permits_that_were_asked_about_at_once_the_one_that_does_too_much_is_named() -> None:
    with pytest.raises(BrokenLaw, match="the one permit had another end than what was asked, and r1 was released") as broken:
        check_law("a_permit_covers_just_what_it_says", ENGINES["the end is inside"].decider(), SPECIFIC)
    [paper] = broken.value.asked["given"]["directives"]
    assert paper["expires"]["value"].endswith("10:00:00-05:00")


def only(field: str) -> Any:
    """A decider for whom what stands in this field of a paper works before its time."""

    def decide(case: Json) -> Json:
        papers = [{**each, field: [_at_once(one) for one in each.get(field, ())]} for each in case["given"]["directives"]]
        return reference_decide(changed(case, directives=papers))

    return decide


def _at_once(told: Json) -> Json:
    return {**told, **{name: "2026-01-01T00:00:00Z" for name in ("at", "from") if name in told}}


@pytest.mark.parametrize("field", ["revocations", "suspensions"])
def test_of_what_was_told_of_a_paper_at_once_the_one_that_works_too_early_is_asked_about_alone(field: str) -> None:
    with pytest.raises(BrokenLaw, match="told one second after the question") as broken:
        check_law("nothing_is_undone_backwards", only(field), SPECIFIC)
    [paper] = broken.value.asked["given"]["directives"]
    assert [name for name in ("revocations", "suspensions") if paper.get(name)] == [field]


def test_where_a_law_changes_nothing_the_world_is_not_asked_about_again() -> None:
    asked: list[Json] = []

    def decide(case: Json) -> Json:
        asked.append(case)
        return reference_decide(case)

    check_law("an_abuser_signs_nothing", decide, story())
    check_law("an_abuser_signs_nothing", decide, story(permit()))
    assert [len(each["given"]["directives"]) for each in asked] == [0, 1, 1]


def test_an_answer_that_is_another_one_since_something_else_was_asked_is_found() -> None:
    asked: list[Json] = []

    def worn_out(case: Json) -> Json:
        asked.append(case)
        answer = {"records": reference_decide(case)["records"]}
        return answer if len(asked) == 1 else {"records": dict.fromkeys(answer["records"], "deny")}

    with pytest.raises(BrokenLaw, match="asked again, another answer"):
        check_law("the_same_question_has_the_same_answer", worn_out, SPECIFIC)


def test_events_are_told_early_only_where_one_is_waited_for() -> None:
    asked: list[Json] = []

    def decide(case: Json) -> Json:
        asked.append(case["given"]["facts"].get("events"))
        return reference_decide(case)

    check_law("what_is_signed_later_is_not_known_yet", decide, SPECIFIC)
    assert asked == [None] * 2
    check_law("what_is_signed_later_is_not_known_yet", decide, permitted()["consent until an event"])
    assert asked[2:4] == [{"discharge": None}] * 2
    assert asked[4]["discharge"] is not None
