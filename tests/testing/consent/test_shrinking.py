"""Shrinking: as little as possible stays, nothing that is needed goes, and it always comes to an end."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.testing.consent import ENGINES, BrokenLaw, consent_laws
from recoverycore.testing.consent.shrinking import smallest
from recoverycore.testing.consent.stories import permit, permitted, record, story

Json = dict[str, Any]


def papers(case: Json) -> list[Json]:
    found: list[Json] = case["given"]["directives"]
    return found


def test_papers_go_one_at_a_time() -> None:
    case = story(permit("g1"), permit("g2"), permit("g3"))
    assert [each["id"] for each in papers(smallest(case, lambda fewer: any(each["id"] == "g2" for each in papers(fewer))))] == ["g2"]


def test_records_and_their_labels_go_too() -> None:
    case = story(permit(), records=[record(), record("r2", labels=["SUD", "HIV"])])
    small = smallest(case, lambda fewer: any("HIV" in each.get("labels", ()) for each in fewer["when"]["request"]["records"]))
    assert small["when"]["request"]["records"] == [{"id": "r2", "labels": ["HIV"]}]


def test_boxes_facts_and_what_is_known_of_the_client_go_too() -> None:
    small = smallest(permitted()["paid in reliance"], lambda _: True)
    assert small["given"] == {"profiles": [], "client": {}, "directives": [], "facts": {}}


def test_what_says_when_stays_whole_or_goes() -> None:
    small = smallest(story(permit()), lambda fewer: "expires" in papers(fewer)[0])
    assert papers(small)[0]["expires"] == {"kind": "date", "value": "2026-12-31"}


def test_who_asks_whom_and_when_stays() -> None:
    request = smallest(story(permit()), lambda _: True)["when"]["request"]
    assert {"at", "recipient", "discloser", "purposes", "action", "records"} <= request.keys()


def test_whatever_raises_is_not_taken_away() -> None:
    small = smallest(story(permit("g1"), permit("g2")), lambda fewer: papers(fewer)[1]["form"] == "specific")
    assert len(papers(small)) == 2


def test_a_question_that_is_changed_while_it_is_asked_comes_to_an_end() -> None:
    def seen(case: Json) -> bool:
        case["given"]["facts"]["seen"] = True
        return True

    assert smallest(story(permit()), seen)["given"]["facts"] == {}


def test_what_is_to_be_kept_stays() -> None:
    assert smallest(story(permit()), lambda _: True, "zone")["given"]["client"].keys() == {"zone"}


def test_the_case_that_was_given_stays_as_it_was() -> None:
    case = story(permit())
    smallest(case, lambda _: True)
    assert case == story(permit())


@pytest.mark.parametrize("engine", ["nothing is ever revoked", "anybody signs", "lists the first", "unknown is no"])
def test_a_story_is_told_with_one_paper_and_one_record_at_most(engine: str) -> None:
    with pytest.raises(BrokenLaw) as broken:
        consent_laws(ENGINES[engine].decider(), laws=[ENGINES[engine].breaks])
    case = broken.value.world.case
    assert len(papers(case)) <= 1
    assert len(case["when"]["request"]["records"]) <= 1
