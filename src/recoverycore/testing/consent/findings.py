"""What is found when a policy is held against the laws: which it breaks, with its story, or how much was asked of one that keeps them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from recoverycore.testing.consent.every_law import LAWS
from recoverycore.testing.consent.wording import again, in_words, snippet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.testing.consent.asking import Json
    from recoverycore.testing.consent.deciders import Policy
    from recoverycore.testing.consent.drawing import World

__all__ = ["BrokenLaw", "Drawn", "Finding", "LawsKept"]


REMEMBERS = (
    "Only after other questions: with new names for everybody and everything in it, this case breaks nothing. So the policy remembers\n"
    "something from one question to the next, or knows some of these names, and the story may not be why.\n"
)


RECALLS = "Asked by itself, the last question has another answer: the policy remembers something from the one before it.\n"


class Drawn(NamedTuple):
    """How worlds were drawn, and how many of them it took; which laws and profiles were asked about, where they were chosen."""

    seed: int
    worlds: int
    laws: tuple[str, ...] | None = None
    profiles: tuple[str, ...] | None = None


class Finding(NamedTuple):
    """A law, a world in which it is broken, what came of it, the question that was asked last, what was raised then, or the verdicts given.

    `alone` says whether it is broken without whatever was asked before, as far as can be seen: when all that is asked about has new names.
    `recalls` says whether the last question is answered otherwise by itself than after those that the law asked before it.
    """

    law: str
    world: World
    why: str
    asked: Json
    cause: BaseException | None = None
    said: Json | None = None
    alone: bool = True
    recalls: bool = False


class BrokenLaw(AssertionError):
    """A law that a policy breaks, with the smallest world found in which it does; its text tells the story and how to see it again.

    `law` is its name among `LAWS`, `world` the case, what it was made of and what was moved in it, `why` what came of it, `asked` the
    question that was asked last, `seed` that of the worlds, where they were drawn. `snippet` is code that breaks the law by itself.
    Where the case alone does not break it, `alone` is False, the case is left as it was drawn, and the code asks all the worlds before it.
    """

    def __init__(self, finding: Finding, *, policy: Policy, drawn: Drawn | None = None, others: Iterable[str] = ()) -> None:
        super().__init__(finding.law, finding.why)
        self.law, self.world, self.why, self.asked, self.__cause__, _, self.alone, self.recalls = finding
        self.policy, self.drawn, self.others = policy, drawn, tuple(others)
        self.seed = None if drawn is None else drawn.seed

    @property
    def says(self) -> str:
        """What the law says."""
        return (LAWS[self.law].__doc__ or "").strip()

    @property
    def story(self) -> str:
        """The smallest story in words; where the law asked for something else in the end, what was different there."""
        return in_words(self.world.case, self.asked)

    @property
    def snippet(self) -> str:
        """Code that shows it by itself, when the policy can be imported; else with a place left for it."""
        place = _place_of(self.policy.given)
        if not self.alone and self.drawn is not None:
            return again(place, **self.drawn._asdict())
        return snippet(self.law, place, self.world.case, self.asked)

    def __str__(self) -> str:
        moved = ", ".join(move.replace("_", " ") for move in self.world.moves)
        made = f"Made of the story '{self.world.story}'{f'; moved: {moved}' if moved else ''}."
        made += f" Again: consent_laws(..., seed={self.seed!r})." if self.drawn else ""
        others = f"\nBroken too: {', '.join(self.others)}." if self.others else ""
        which = "Smallest story" if self.alone else "Story"
        told = f"BROKEN: {self.says}\n{which}:\n{self.story}\nWhat came of it: {self.why}."
        told += f"\n{RECALLS if self.recalls else ''}{'' if self.alone else REMEMBERS}"
        return f"{told}{made}{others}\n\n{self.snippet}"


@frozen
class LawsKept:
    """What was asked of a policy that keeps its laws: how many laws, in how many worlds, with how many questions.

    `unread` is how many worlds the policy refused to read; nothing was proved in them. `silent` are those of the laws that found nothing
    to judge in any world, by name: they are about profiles of law that the policy does not know, or about a part of an answer that it never
    tells. `untold` are such parts.
    """

    laws: int
    worlds: int
    questions: int
    unread: int = 0
    silent: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f"{self.laws - len(self.silent)} laws kept in {self.worlds} worlds, {self.questions} questions"
        why = f" (no answer told {' or '.join(f'`{each}`' for each in self.untold)})" if self.untold else ""
        told += f"; {len(self.silent)} had nothing to judge{why}" if self.silent else ""
        unread = "1 world was" if self.unread == 1 else f"{self.unread} worlds were"
        return told + (f"; {unread} refused to be read" if self.unread else "")


def _place_of(policy: Any) -> str | None:
    """Where a policy can be imported from, as ``module:name``; None for what was made on the spot."""
    home, name = getattr(policy, "__module__", None), getattr(policy, "__qualname__", None)
    if name is None or getattr(sys.modules.get(str(home)), name, None) is not policy:
        known = ((each, dict(getattr(module, "__dict__", {}))) for each, module in list(sys.modules.items()))
        home, name = next(((each, name) for each, names in known for name, value in names.items() if value is policy), (None, None))
    return None if home is None else f"{home}:{name}"
