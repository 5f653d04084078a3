"""Two deciders of consent that share no code agree: the fast one, and the slow one that reads like the rules."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent import World, cells, differences, disagreements, near_misses, worlds
from recoverycore.testing.consent.agreement import PROFILES
from tests.consent.fast import decided_by_it, fast, told
from tests.consent.faults import FAULTS, HOME, told_wrongly

if TYPE_CHECKING:
    from pathlib import Path

FAST, REFERENCE = told(fast), told(reference_decide)
SEEDS = (20260615, 20260616, 20260617)
CORE = ("core alone", "core alone", "core alone, two consents and a refusal beside", "core alone, by role", "an emergency in data")
TREES = ("a tree", "a tree that refuses by default", "a tree beside a consent", "a tree as a form")
# One of each kind; the long proof plants them all.
FEW = (
    "a permit before a deny",
    "a deny said again in a tree pins nothing",
    "any label is enough for a permit",
    "an end instant is inside",
    "a revocation touches everybody",
    "a superseded paper revives",
    "what is unknown never covers",
    "a mixed notes form is still one",
    "a parent signs for a minor",
    "an emergency has no end",
    "an order reaches every record",
    "a copy goes on for ever",
    "a release from a shelter needs no end",
    "combined_severable is not a choice",
)


def test_both_agree_on_many_near_misses_of_the_core() -> None:
    assert next(disagreements(fast, decided_by_it(islice(worlds(SEEDS[0], CORE), 1500))), None) is None


def test_both_agree_on_many_near_misses_under_every_profile_of_law() -> None:
    assert next(disagreements(FAST, decided_by_it(islice(worlds(SEEDS[1]), 1500)), REFERENCE), None) is None


@pytest.mark.parametrize("asked", PROFILES, ids=" and ".join)
def test_both_agree_in_every_cell_of_a_small_vocabulary(asked: tuple[str, ...]) -> None:
    assert next(disagreements(FAST, cells([asked]), REFERENCE), None) is None


def test_both_agree_on_many_near_misses_of_trees() -> None:
    assert next(disagreements(FAST, decided_by_it(islice(worlds(SEEDS[2], TREES), 700)), REFERENCE), None) is None


def told_by_nobody(world: World) -> World:
    """The same world, where nobody says who would release."""
    request = {name: value for name, value in world.case["when"]["request"].items() if name != "discloser"}
    return world._replace(case={**world.case, "when": {**world.case["when"], "request": request}})


def test_both_agree_where_nobody_knows_who_would_release() -> None:
    drawn = [told_by_nobody(each) for each in islice(worlds(SEEDS[0]), 600)]
    everybody = [told_by_nobody(each) for each in islice(worlds(SEEDS[1], ("a tree",)), 300)]
    for each in (drawn, everybody):
        assert next(disagreements(FAST, decided_by_it(each), REFERENCE), None) is None
    assert "permit" in {reference_decide(each.case)["decision"] for each in everybody}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(world=near_misses(stories=CORE))
def test_both_agree_on_what_hypothesis_draws(world: World) -> None:
    assume(list(decided_by_it([world])))
    assert next(disagreements(fast, [world]), None) is None


@pytest.mark.prove
@pytest.mark.parametrize("seed", SEEDS)
def test_both_agree_on_very_many_near_misses(seed: int) -> None:
    assert next(disagreements(fast, decided_by_it(islice(worlds(seed, CORE), 20_000))), None) is None
    assert next(disagreements(FAST, decided_by_it(islice(worlds(seed), 20_000)), REFERENCE), None) is None
    assert next(disagreements(FAST, decided_by_it(islice(worlds(seed, TREES), 20_000)), REFERENCE), None) is None


def test_the_reference_agrees_with_itself_and_gives_every_part() -> None:
    drawn = list(islice(worlds(SEEDS[0]), 300))
    assert next(disagreements(reference_decide, drawn), None) is None
    assert {"decision", "records", "withheld", "basis", "obligations", "failed"} <= set(reference_decide(drawn[0].case))


def test_a_part_that_must_be_told_and_is_not_differs() -> None:
    expected = {"decision": "deny", "records": {}, "withheld": [], "basis": None, "obligations": []}
    assert differences({"records": {}, "withheld": [], "basis": None}, expected) == ("decision",)


@pytest.mark.parametrize("fault", FEW)
def test_a_sentence_told_wrongly_is_noticed(fault: str, tmp_path: Path) -> None:
    assert next(disagreements(told_wrongly(fault, tmp_path), islice(worlds(SEEDS[0]), 6000)), None) is not None


@pytest.mark.prove
@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in FEW])
def test_every_sentence_told_wrongly_is_noticed(fault: str, tmp_path: Path) -> None:
    drawn = (world for seed in SEEDS for world in islice(worlds(seed), 7000))
    assert next(disagreements(told_wrongly(fault, tmp_path), drawn), None) is not None


def test_every_fault_is_planted_in_exactly_one_place() -> None:
    assert [name for name, (file, old, _) in FAULTS.items() if (HOME / f"{file}.py").read_text("utf-8").count(old) != 1] == []
