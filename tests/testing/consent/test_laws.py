"""The laws of consent: the reference decider keeps them all, and each is broken by some decider that is wrong in one way."""

from __future__ import annotations

from itertools import islice

import pytest

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import LAWS, World, broken_laws, consent_laws, worlds
from recoverycore.testing.consent.stories import STORIES, permitted
from tests.consent.fast import decided_by_it, fast
from tests.testing.consent.breakers import BREAKERS

CORE = ("core alone", "core alone, two consents and a refusal beside", "core alone, by role", "an emergency in data")


@pytest.mark.parametrize("law", LAWS)
def test_the_reference_keeps_the_law_in_every_story(law: str) -> None:
    assert broken_laws(reference_decide, (World(case, story) for story, case in permitted().items()), [law]) == []


def test_the_reference_keeps_all_laws_on_near_misses() -> None:
    assert [str(each) for each in consent_laws(reference_decide, seed=20260615, count=60)] == []


def test_the_fast_decider_keeps_all_laws_where_the_core_decides() -> None:
    drawn = decided_by_it(islice(worlds(20260615, CORE), 60))
    assert [str(each) for each in broken_laws(fast, drawn)] == []


@pytest.mark.prove
@pytest.mark.parametrize("seed", [20260615, 20260616, 20260617])
def test_the_reference_keeps_all_laws_on_very_many_near_misses(seed: int) -> None:
    assert [str(each) for each in consent_laws(reference_decide, seed=seed, count=1000)] == []


def test_every_law_has_a_decider_that_breaks_it() -> None:
    assert set(BREAKERS) == set(LAWS)


@pytest.mark.parametrize("law", LAWS)
def test_a_decider_that_is_wrong_breaks_the_law(law: str) -> None:
    drawn = islice(worlds(20260615), 3000)
    assert next((world for world in drawn if broken_laws(BREAKERS[law](), [world], [law])), None) is not None


@pytest.mark.parametrize("law", LAWS)
def test_every_law_says_which_it_is(law: str) -> None:
    assert (LAWS[law].__doc__ or "").startswith("L")


def test_what_breaks_a_law_is_told_in_words() -> None:
    [told] = broken_laws(
        BREAKERS["a_pause_is_a_revocation_while_it_lasts"](), islice(worlds(1), 60), ["a_pause_is_a_revocation_while_it_lasts"]
    )
    assert str(told).startswith("BROKEN: L14. A pause changes nothing outside its window")
    assert f"Smallest story: {told.world.story}; moved: " in str(told)
    assert told.world.story in STORIES


def test_of_several_stories_the_one_is_told_in_which_the_least_was_moved() -> None:
    [told] = broken_laws(BREAKERS["a_release_rests_on_what_covers_it"](), islice(worlds(1), 300), ["a_release_rests_on_what_covers_it"])
    assert told.world.moves == ()
