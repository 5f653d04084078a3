"""Two deciders of consent agree on every edge that a story turns on, and where one of them was once told wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.testing.consent import World, disagreements
from recoverycore.testing.consent.asking import copied
from recoverycore.testing.consent.edges import EDGES
from recoverycore.testing.consent.moves import an_edge_of
from recoverycore.testing.consent.stories import STORIES, box, permitted
from tests.consent.fast import decided_by_it, fast
from tests.consent.test_agreement import FAST, REFERENCE
from tests.consent.test_reference_profiles import case_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]
HALVES, UNTIL = [box(), box(purposes=["payment"])], {"kind": "event", "value": "discharge"}


def edges(story: str) -> Iterator[World]:
    """The story, and each edge that it turns on."""
    yield World(permitted()[story], story)
    for edge in EDGES.get(story, ()):
        case = copied(permitted()[story])
        an_edge_of(story, case, lambda _, edge=edge: edge)  # type: ignore[misc]
        yield World(case, story, ("an_edge_of_its_own",))


@pytest.mark.parametrize("story", STORIES)
def test_both_deciders_say_the_same_on_every_edge_of_a_story(story: str) -> None:
    assert next(disagreements(FAST, decided_by_it(edges(story)), REFERENCE), None) is None


# Each was found by going through the mutants of the reference, which said something else.
ONCE_NOT: list[tuple[str, Json]] = [
    ("specific consent", {"paper__boxes__0__purposes": ["duty_to_warn"], "request__purposes": ["duty_to_warn", "marketing"]}),
    ("core alone", {"record__labels": ["HIV"], "paper__boxes": HALVES, "request__purposes": ["treatment", "payment"]}),
    ("passed on by HIPAA", {"request__discloser__kind": "part2_program", "request__discloser__covered_entity": True}),
    *(
        (
            "shelter",
            {"given__switches": {"dv_max_days": 30}, "paper__starts": "2026-06-01", "paper__expires": UNTIL, "facts__events": events},
        )
        for events in ({}, {"discharge": None}, {"discharge": "2026-06-20"})
    ),
]


@pytest.mark.parametrize(("story", "changes"), ONCE_NOT)
def test_both_deciders_say_the_same_where_they_once_did_not(story: str, changes: Json) -> None:
    assert next(disagreements(fast, [World(case_of(story, **changes), story)]), None) is None
