"""Trees compared by single criteria: when a provision holds, of whom and of what it speaks, and what of it nobody can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Facts
from recoverycore.ground import parse_instant
from tests.consent.papers import box, paper
from tests.consent.plan.test_comparing import FILED, HIV_OUT, compared, of, tree

if TYPE_CHECKING:
    from tests.consent.plan.drawn import Json

LIMITS: list[Json] = [
    {"period": {"end": "2026-12-31"}},
    {"period": {"start": "2026-01-01"}},
    {"class": ["seen"]},
    {"code": ["F10"]},
    {"data_period": {"start": "2026-01-01"}},
    {"actor": ["kim"]},
    {"action": ["use"]},
]


@pytest.mark.parametrize("limit", LIMITS)
def test_a_tree_with_one_criterion_more_gives_less(limit: Json) -> None:
    wide = {key: value for key, value in FILED.items() if key not in limit}
    assert compared(of(tree(root=wide)), of(tree(root={**wide, **limit}))).verdict == "narrower"


@pytest.mark.parametrize("limit", LIMITS)
def test_an_exception_with_one_criterion_more_takes_less_away(limit: Json) -> None:
    wide = {"category": ["plan"], "purpose": ["treatment"]}
    out, less = (tree(root=wide, provisions=[{**HIV_OUT, **more}]) for more in ({}, limit))
    assert compared(of(out), of(less)).verdict == "wider"


def test_every_value_that_a_tree_may_name_is_as_if_it_named_none() -> None:
    for axis in ("actor", "class", "code"):
        rest = {key: value for key, value in FILED.items() if key != axis}
        every = of(tree(root={**rest, axis: ["*"]}))
        assert compared(of(tree(root=rest)), every).verdict == "equal"
        assert every.always_denied() == of(tree(root=rest)).always_denied()


def test_a_tree_that_speaks_of_a_group_speaks_of_its_members() -> None:
    team = Facts(groups={"team": ("kim",)})
    given = of(tree(root={**FILED, "actor": ["team"]}), facts=team)
    assert not given.never({"recipient": "kim"}).holds
    assert compared(given, of(tree(root={**FILED, "actor": ["team", "kim"]}), facts=team)).verdict == "wider"  # whoever works for Kim


def test_what_nobody_can_judge_gives_nothing_and_refuses() -> None:
    unjudged: dict[str, Any] = {"expression": "nobody can say"}
    assert of(tree(root={**FILED, **unjudged})).always_denied().holds
    assert compared(of(paper()), of(paper(), tree(decision="deny", root={**HIV_OUT, **unjudged}))).verdict == "narrower"


def test_a_tree_that_refuses_without_an_end_refuses_for_ever() -> None:
    assert of(paper(boxes=[box(categories="*")]), tree(decision="deny", root=HIV_OUT)).never({"label": "HIV"}).holds


def test_a_tree_that_refuses_one_label_refuses_a_record_that_carries_another_too() -> None:
    brought = Facts(sources={"harbor": ("SUD",)})
    found = compared(of(paper(), facts=brought), of(paper(), tree(decision="deny", root=HIV_OUT), facts=brought), source="harbor")
    assert (found.verdict, found.lost and found.lost.labels) == ("narrower", ("HIV",))


def test_what_is_not_known_of_a_record_fits_every_refusal_and_no_permit() -> None:
    for axis in ("class", "code"):
        refusing = of(paper(), tree(decision="deny", root={axis: ["seen"]}))
        found = refusing.always_denied().witness
        assert found is not None
        assert found.to_data()[axis] == f"(any other {axis})"


@pytest.mark.parametrize("discloser", ["harbor", "*"])
def test_a_copy_goes_on_by_a_tree_that_names_its_holder_and_by_no_other(discloser: str) -> None:
    given = tree(discloser=discloser, root={**FILED, "action": ["disclose"]})
    assert of(given).never({"action": "redisclose"}).holds is (discloser == "*")
    assert not of(given).never({"action": "disclose"}).holds


def test_a_tree_that_names_the_holder_of_a_copy_gives_more_than_one_that_names_nobody() -> None:
    assert compared(of(tree()), of(tree(), tree("t2", discloser="harbor"))).verdict == "wider"


def test_a_tree_of_one_discloser_speaks_of_no_other() -> None:
    found = compared(of(tree(discloser="harbor")), of(tree()))
    assert found.gained is not None
    assert found.gained.discloser.id != "harbor"


def test_what_holds_for_one_summer_is_found_in_it() -> None:
    found = of(tree(root={**FILED, "period": {"start": "2026-06-01", "end": "2026-08-31"}})).always_denied().witness
    assert found is not None
    assert parse_instant("2026-06-01T00:00:00Z") <= found.at < parse_instant("2026-09-01T00:00:00Z")


def test_what_holds_from_a_day_on_is_found_from_then_on() -> None:
    found = of(tree(root={**FILED, "period": {"start": "2026-06-01"}})).always_denied().witness
    assert found is not None
    assert found.at >= parse_instant("2026-06-01T00:00:00Z")
