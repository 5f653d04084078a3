"""Two deciders of consent that share no code agree: the fast one, and the slow one that reads like the rules."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from itertools import product
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings

from recoverycore.consent import ClientFacts, Directive, Facts, ProfileDocument, Request, decide, reference
from recoverycore.errors import DocumentError
from tests.consent.faults import FAULTS
from tests.consent.near_misses import INSTANTS, ZONES, Json, world_of, worlds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

Question = tuple[Json, str, Json]  # a world, an instant, and what is known of the client
EVERY_EDGE = list(product(INSTANTS, ZONES))
SEED = 20260615


def slow(question: Question, module: ModuleType = reference) -> Json:
    world, at, client = question
    answer: Json = module.reference_decide({**world["request"], "at": at}, world["directives"], client, world["facts"], world["profile"])
    return answer


def fast(world: Json, asked: list[tuple[str, Json]]) -> list[Json]:
    """What the fast one answers at each instant, in each zone; every paper is read once."""
    papers = [Directive.model_validate(paper) for paper in world["directives"]]
    facts, profile = Facts.model_validate(world["facts"]), ProfileDocument.model_validate(world["profile"])
    found = []
    for at, client in asked:
        request = Request.model_validate({**world["request"], "at": at})
        answer = decide(request, papers, client=ClientFacts.model_validate(client), facts=facts, profile=profile)
        basis: Any = list(answer.basis) if isinstance(answer.basis, tuple) else answer.basis
        whole = {"decision": answer.verdict, "records": dict(answer.records), "withheld": list(answer.withheld), "basis": basis}
        found.append(whole)
    return found


def disagreements(world: Json) -> list[tuple[str, Json, Json, Json]]:
    """Every edge and zone at which the two answer differently."""
    both = [(at, client, one, slow((world, at, client))) for (at, client), one in zip(EVERY_EDGE, fast(world, EVERY_EDGE), strict=True)]
    return [(at, client, one, other) for at, client, one, other in both if one != other]


def readable(world: Json) -> bool:
    """Edits may have put an end before a start; such a paper is refused when it is read. Any other refusal is a defect."""
    try:
        [Directive.model_validate(paper) for paper in world["directives"]]
    except DocumentError as error:
        if {problem.name for problem in error.problems} != {"consent_ends_before_start"}:
            raise
        return False
    return True


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds())
def test_both_deciders_agree_on_verdict_records_withheld_and_basis(world: Json) -> None:
    assume(readable(world))
    assert disagreements(world) == []


@pytest.mark.prove
def test_both_deciders_agree_on_very_many_near_misses() -> None:
    random = Random(SEED)  # noqa: S311 - nothing secret is drawn
    drawn = filter(readable, (world_of(random.choice) for _ in range(10_000)))
    assert [(world, found) for world in drawn if (found := disagreements(world))] == []


@pytest.fixture(scope="module")
def answered() -> list[tuple[Question, Json]]:
    """Questions at four edges of each of many worlds, and what the fast one answers."""
    random = Random(SEED)  # noqa: S311 - nothing secret is drawn

    def drawn() -> Iterator[tuple[Question, Json]]:
        for world in filter(readable, (world_of(random.choice) for _ in range(3000))):
            edges = random.sample(EVERY_EDGE, 4)
            for (at, client), answer in zip(edges, fast(world, edges), strict=True):
                yield (world, at, client), answer

    return list(drawn())


def test_every_kind_of_answer_is_met_often(answered: list[tuple[Question, Json]]) -> None:
    kinds = [(answer["decision"], answer["basis"] is None) for _, answer in answered]
    assert min(kinds.count(kind) for kind in [("permit", False), ("partial", False), ("deny", False), ("deny", True)]) > len(kinds) / 100


@pytest.mark.parametrize("fault", FAULTS)
def test_a_sentence_told_wrongly_is_noticed(fault: str, answered: list[tuple[Question, Json]], tmp_path: Path) -> None:
    old, new = FAULTS[fault]
    source = Path(reference.__file__).read_text("utf-8")
    assert source.count(old) == 1
    copy = tmp_path / "told_wrongly.py"
    copy.write_text(source.replace(old, new), "utf-8")
    spec = spec_from_file_location("told_wrongly", copy)
    assert spec is not None
    assert spec.loader is not None
    wrong = module_from_spec(spec)
    spec.loader.exec_module(wrong)
    assert any(slow(question, wrong) != answer for question, answer in answered)
