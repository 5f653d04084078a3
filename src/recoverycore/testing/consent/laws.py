"""The laws that every decider of consent keeps, checked on near misses; what breaks one is told as a short story in words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from recoverycore.testing.consent import laws_of_answers, laws_of_papers, laws_of_profiles
from recoverycore.testing.consent.drawing import worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.testing.consent.asking import Decide, Json
    from recoverycore.testing.consent.drawing import World

__all__ = ["LAWS", "BrokenLaw", "broken_laws", "consent_laws"]

LAWS: dict[str, Callable[[Decide, Json], str | None]] = {
    law.__name__: law for law in (*laws_of_papers.LAWS, *laws_of_answers.LAWS, *laws_of_profiles.LAWS)
}


class BrokenLaw(NamedTuple):
    """A law that a decider breaks, with the smallest world found in which it does."""

    law: str
    world: World
    why: str

    def __str__(self) -> str:
        """The story in words: the law, what was built, what was moved, what came of it."""
        words = (LAWS[self.law].__doc__ or "").strip()
        moves = ", ".join(move.replace("_", " ") for move in self.world.moves) or "nothing"
        return f"BROKEN: {words} Smallest story: {self.world.story}; moved: {moves}. What came of it: {self.why}."


def broken_laws(decide: Decide, drawn: Iterable[World], laws: Iterable[str] = tuple(LAWS)) -> list[BrokenLaw]:
    """For each law that `decide` breaks in some world, the world in which the least was moved."""
    found: dict[str, BrokenLaw] = {}
    names = list(laws)
    for world in drawn:
        for name in names:
            known = found.get(name)
            if known is None or len(world.moves) < len(known.world.moves):
                why = LAWS[name](decide, world.case)
                if why is not None:
                    found[name] = BrokenLaw(name, world, why)
    return [found[name] for name in names if name in found]


def consent_laws(decide: Decide, *, seed: int = 1, count: int = 200) -> list[BrokenLaw]:
    """What a decider breaks of all the laws, on `count` near misses of a seed; nothing, if it keeps them."""
    return broken_laws(decide, islice(worlds(seed), count))
