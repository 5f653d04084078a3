"""An engine and the law that its host has named: it counts in every decision, and nothing counts by being installed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import Directive, Profile
from recoverycore.engine import Engine, Settings
from recoverycore.errors import DocumentError
from recoverycore.ground import parse_instant
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.people import Client, Member, Programme, Team
from recoverycore.testing.stories import load_story, run_story
from recoverycore_us.part2 import PART2
from recoverycore_us.profiles import part2

if TYPE_CHECKING:
    from recoverycore.testing.stories import Story

AT = parse_instant("2026-06-15T12:00:00Z")
EVERYTHING: dict[str, Any] = {"labels": "*", "categories": "*", "purposes": "*", "recipients": [{"person": "dana"}]}
SPOKEN: dict[str, Any] = {"id": "c1", "polarity": "permit", "discloser": "harbor", "boxes": [EVERYTHING]}
WRITTEN = {**SPOKEN, "written": True, "signed_by": ["client"], "expires": {"kind": "date", "value": "2027-12-31"}}


class Lawless(RecoveryHooks):
    """A plugin that brings whatever it is told to, or fails."""

    recoverycore_name = "us.42cfr2"

    def __init__(self, brings: Any) -> None:
        self._brings = brings

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Any:
        """What it was told to bring."""
        if isinstance(self._brings, Exception):
            raise self._brings
        return self._brings


def clinic(*plugins: object, paper: dict[str, Any] | None = None, kind: str | None = None, **settings: Any) -> Engine:
    engine = Engine.in_memory(plugins, settings=Settings(**settings))
    engine.put(Programme.model_validate({"id": "harbor", "zone": "UTC", "kind": kind, "labels": {"sud_treatment": ["SUD"]}}), at=AT)
    engine.put(Client.model_validate({"id": "c", "zone": "UTC"}), at=AT)
    engine.put(Team(zone="UTC", members=(Member(id="dana", roles=("peer",), org="harbor"),)), client="c", at=AT)
    engine.put(Directive.model_validate(paper or SPOKEN), client="c", at=AT)
    return engine


def released(engine: Engine) -> list[str]:
    found: list[str] = engine.ask(client="c", who="dana", sees=["contact", "sud_treatment"], why="care", at=AT).facts["released"]
    return found


def test_installed_law_that_nobody_names_does_not_count() -> None:
    assert released(clinic()) == ["contact", "sud_treatment"]


def test_named_law_counts_for_the_records_it_speaks_of() -> None:
    assert released(clinic(part2({}))) == ["contact"]
    assert released(clinic(part2({}), paper=WRITTEN)) == ["contact", "sud_treatment"]
    assert released(clinic(consent_profiles=(PART2,))) == ["contact"]


def test_every_record_of_a_programme_for_substance_use_is_one() -> None:
    assert released(clinic(part2({}), kind="part2_program")) == []
    assert released(clinic(part2({}), kind="part2_program", paper=WRITTEN)) == ["contact", "sud_treatment"]


@pytest.mark.parametrize("brings", [ValueError("no law"), [evolve(PART2, id="us.other")], [PART2, evolve(PART2, id="us.other")], [], "law"])
def test_law_that_was_named_and_is_not_there_releases_nothing(brings: Any) -> None:
    assert released(clinic(Lawless(brings), paper=WRITTEN)) == []


def test_a_profile_may_be_asked_for_by_its_id_alone_and_then_nothing_is_released_without_it() -> None:
    assert released(clinic(consent_profiles=("us.42cfr2",), paper=WRITTEN)) == []


def test_switches_are_chosen_in_the_settings_and_a_wrong_one_is_told_at_once() -> None:
    assert released(clinic(part2({}), paper=WRITTEN, consent_policy={"combined_severable": False})) == ["contact", "sud_treatment"]
    with pytest.raises(DocumentError) as caught:
        Engine.in_memory([part2({})], settings=Settings(consent_policy={"combined_severabel": False}))
    assert caught.value.name == "unknown_switch"


def test_one_law_twice_is_told_when_the_engine_is_built() -> None:
    with pytest.raises(DocumentError) as caught:
        Engine.in_memory([part2({})], settings=Settings(consent_profiles=(PART2,)))
    assert caught.value.name == "duplicate_profile"


def test_what_a_rule_owes_beyond_the_log_becomes_an_obligation() -> None:
    [audit] = [rule for rule in PART2.rules if rule.name == "audit"]
    law = Profile(id="us.42cfr2", version="1", rules=(evolve(audit, purposes=None, kinds=None, needs=()),))
    engine = clinic(consent_profiles=(law,), paper={**SPOKEN, "boxes": []})
    done = engine.ask(client="c", who="dana", sees=["contact"], why="care", at=AT)
    assert done.facts["duties"] == ["no_redisclosure", "return_or_destroy"]


def _with_forms(story: Story) -> Story:
    """The story with the one paper that speaks of substance use in the form that Part 2 wants."""
    form = {"written": True, "signed_by": ("client",), "expires": {"kind": "date", "value": "2027-12-31"}}
    papers = tuple(each.evolve(**form) if each.id == "c1" else each for each in story.start.directives)
    return story.evolve(start=story.start.evolve(directives=papers))


def test_moniques_story_comes_out_the_same_under_part_2_with_the_forms_it_wants() -> None:
    story = _with_forms(load_story("monique"))
    for variant in (None, *(each.id for each in story.variants)):
        assert run_story(story, variant=variant, plugins=[part2({})]).broken == ()
