"""Worlds in which a consent decider could be wrong: everything fits, but for one thing that almost fits.

Free values hardly ever meet a rule; so each world starts from a story that is permitted, and then one thing is moved, sometimes two:
to the edge of a day somewhere on earth, to the next word, to a fact that nobody knows.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from recoverycore.testing.consent.asking import copied
from recoverycore.testing.consent.edges import EDGES
from recoverycore.testing.consent.moves import an_edge_of, moved
from recoverycore.testing.consent.stories import STORIES, permitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["World", "dealt", "mix", "world_of", "worlds"]

Json = dict[str, Any]
OWN_EDGE = 0.6  # how often what is moved is an edge that the story itself turns on
# How many things are moved: mostly one.
COUNTS = [0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3]


# A story is told the more often the more edges it has.
OFTEN_TOLD = tuple(name for name in STORIES for _ in range(2 + len(EDGES.get(name, ())) // 3))


class World(NamedTuple):
    """A case to decide, the story it was made of, and what was moved in it."""

    case: Json
    story: str
    moves: tuple[str, ...] = ()


def world_of(pick: Callable[[Sequence[Any]], Any], stories: Sequence[str] = OFTEN_TOLD) -> World:
    """One world; `pick` chooses among a few values, the dullest first."""
    story = pick(stories)
    case = copied(permitted()[story])
    count = pick(COUNTS)
    # Its own edge first, while all stands where the story has it.
    first = [an_edge_of(story, case, pick)] if count and story in EDGES and pick([True, False]) else []
    return World(case, story, tuple(first + [moved(case, pick) for _ in range(count - len(first))]))


def worlds(seed: int, stories: Sequence[str] = OFTEN_TOLD) -> Iterator[World]:
    """Near misses without end; the same seed gives the same ones.

    >>> from itertools import islice
    >>> [world.story for world in islice(worlds(3), 2)] == [world.story for world in islice(worlds(3), 2)]
    True
    """
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    while True:
        yield world_of(random.choice, stories)


def dealt(seed: int, stories: Mapping[str, Json] | None = None) -> Iterator[World]:
    """Every story once as it stands, then again and again with something moved in it: few worlds that leave no story out.

    `stories` are cases of your own; left out, those that come along.

    >>> from itertools import islice
    >>> [len(world.moves) for world in islice(dealt(3), 2)]
    [0, 0]
    """
    random = Random(seed)  # noqa: S311 - nothing secret is drawn
    told = permitted() if stories is None else stories
    names = list(told)
    random.shuffle(names)
    yield from (World(copied(told[name]), name) for name in names)
    while True:
        random.shuffle(names)
        for name in names:
            case = copied(told[name])
            own = name in EDGES and random.random() < OWN_EDGE
            yield World(case, name, (an_edge_of(name, case, random.choice) if own else moved(case, random.choice),))


def mix(decide: Callable[[Json], Json], drawn: Iterable[World]) -> dict[str, Counter[str]]:
    """What the worlds are made of: how often each verdict, each axis that failed alone, each kind of basis, each thing owed, each move."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("verdict", "basis", "failed", "owed", "moved")}
    for world in drawn:
        answer = decide(world.case)
        basis = answer["basis"]
        found["verdict"][answer["decision"]] += 1
        found["basis"].update([basis or "none"] if not isinstance(basis, list) else ["several"])
        found["failed"].update(
            {axis for records in answer["failed"].values() for axes in records.values() if len(axes) == 1 for axis in axes}
        )
        found["owed"].update(code.partition(":")[0] for code in answer["obligations"])
        found["moved"].update(world.moves)
    return found
