"""The laws that every decider of consent keeps, checked on near misses; what breaks one is told as a short story in words."""

from __future__ import annotations

import re
import sys
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from recoverycore.testing.consent import (
    laws_of_answers,
    laws_of_boxes,
    laws_of_coverage,
    laws_of_openings,
    laws_of_papers,
    laws_of_profiles,
    laws_of_standing,
)
from recoverycore.testing.consent.asking import Json, NoAnswer, changed, copied, named, records_of, told
from recoverycore.testing.consent.deciders import Policy, policy_of
from recoverycore.testing.consent.drawing import World
from recoverycore.testing.consent.shrinking import smallest
from recoverycore.testing.consent.wording import in_words, snippet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from recoverycore.testing.consent.asking import Decide

__all__ = ["LAWS", "BrokenLaw", "LawsKept", "broken_laws", "check_law", "consent_laws"]


def every_question_has_an_answer(decide: Decide, case: Json) -> str | None:
    """L1. A question that can be read has an answer, never an error: a verdict for each record asked for, and for no other."""
    decide(case)
    if records := records_of(case):
        decide(changed(case, records=[*records, {**records[0], "id": "zz"}]))
    return ""  # where there was no answer, this was not reached


# What each says is why it is broken. If it is not, then None, or "" where it judged the answer that was there without asking for another.
LAWS: dict[str, Callable[[Decide, Json], str | None]] = {
    law.__name__: law
    for law in (
        every_question_has_an_answer,
        *laws_of_coverage.LAWS,
        *laws_of_boxes.LAWS,
        *laws_of_papers.LAWS,
        *laws_of_standing.LAWS,
        *laws_of_answers.LAWS,
        *laws_of_profiles.LAWS,
        *laws_of_openings.LAWS,
    )
}
FIRST = "every_question_has_an_answer"
PARTS = ("basis", "obligations")  # of an answer, that whole laws are about
UNCHANGED = "the_same_question_has_the_same_answer"
ASKED_ANEW = {UNCHANGED, "a_round_trip_changes_nothing"}  # they are about a question that is asked again


class Finding(NamedTuple):
    """A law, a world in which it is broken, what came of it, the question that was asked last, and what was raised then."""

    law: str
    world: World
    why: str
    asked: Json
    cause: BaseException | None = None


class BrokenLaw(AssertionError):
    """A law that a policy breaks, with the smallest world found in which it does; its text tells the story and how to see it again.

    `law` is its name among `LAWS`, `world` the case, what it was made of and what was moved in it, `why` what came of it, `asked` the
    question that was asked last, `seed` that of the worlds, where they were drawn. `snippet` is code that breaks the law by itself.
    """

    def __init__(self, finding: Finding, *, policy: Policy, seed: int | None = None, others: Iterable[str] = ()) -> None:
        super().__init__(finding.law, finding.why)
        self.law, self.world, self.why, self.asked, self.__cause__ = finding
        self.policy, self.seed, self.others = policy, seed, tuple(others)

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
        return snippet(self.law, _place_of(self.policy.given), self.world.case)

    def __str__(self) -> str:
        moved = ", ".join(move.replace("_", " ") for move in self.world.moves)
        made = f"Made of the story '{self.world.story}'{f'; moved: {moved}' if moved else ''}."
        again = f" Again: consent_laws(..., seed={self.seed})." if self.seed is not None else ""
        others = f"\nBroken too: {', '.join(self.others)}." if self.others else ""
        return f"BROKEN: {self.says}\nSmallest story:\n{self.story}\nWhat came of it: {self.why}.\n{made}{again}{others}\n\n{self.snippet}"


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


class Asking:
    """A policy being asked about one world after another: the answer about a world as it stands is asked for once.

    Where what a law changes is not there, it asks about the world as it stands. Laws about a question that is asked again ask anew.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.questions = 0
        self.judged, self.parts = set[str](), set[str]()
        self.last: Json = {}
        self._base: Json | None = None
        self._first: Json = {}
        self._anew = self._another = False

    def __call__(self, case: Json) -> Json:
        """The answer, in full. Raises ValueError where the question is refused to be read, NoAnswer where nothing else came of it."""
        self.last = case
        if case is self._base:
            return self._first
        self._another = True
        if not self._anew and case == self._base:
            return self._first
        self.questions += 1
        try:
            return told(self.policy.decide(case), case)
        except (ValueError, NoAnswer, KeyboardInterrupt):
            raise
        except BaseException as error:  # one that says SystemExit(0) would pass for one that keeps everything
            message = f"{type(error).__name__} was raised"
            raise NoAnswer(message) from error

    def broken(self, world: World, laws: Iterable[str]) -> dict[str, Finding]:
        """The laws that are broken in this world. Raises ValueError where its case is refused to be read."""
        asked = copied(world.case)
        self._base = None
        try:
            self._first = self(asked)
        except NoAnswer as none:
            return {FIRST: Finding(FIRST, world, str(none), world.case, none.__cause__)}
        self._base = asked
        self.parts |= self._first.keys()
        found = dict[str, Finding]()
        for name in laws:
            if finding := self._finding(name, world, asked):
                found.setdefault(finding.law, finding)
        if asked != world.case:
            # Whatever else was found was found about another question than it seemed.
            return {UNCHANGED: Finding(UNCHANGED, world, "the question was changed by whoever was asked", world.case)}
        return found

    def _finding(self, law: str, world: World, case: Json) -> Finding | None:
        self._another, self._anew = False, law in ASKED_ANEW
        try:
            why = LAWS[law](self, case)
        except ValueError:
            return None  # what the law would ask is refused to be read
        except NoAnswer as none:
            # Where that question has no answer by itself either, it is the story; else it hangs on what was asked before.
            alone = Asking(self.policy).broken(world._replace(case=copied(self.last)), ()) if law != FIRST else {}
            return alone.get(FIRST) or Finding(law, world, str(none), self.last, none.__cause__)
        if why is not None or self._another:
            self.judged.add(law)
        return Finding(law, world, why, self.last) if why else None


def _asked_for(laws: Iterable[str]) -> tuple[str, ...]:
    """The laws of these names. Errors: TypeError for one name; ValueError for none, and for a name that no law has, such as its number."""
    given = laws if isinstance(laws, str) else tuple(laws)
    if not given:
        message = "laws: none were named, and no law is kept by asking for none"
        raise ValueError(message)
    for number in given:
        if alike := [name for name, law in LAWS.items() if str(number) in re.findall(r"L\d+", (law.__doc__ or "").partition(".")[0])]:
            message = f"laws: {number!r} is no name of a law; these are about it: {', '.join(alike)}"
            raise ValueError(message)
    named(given, LAWS, "a law", "laws")
    return tuple(given)


def check_law(law: str, policy: Any, case: Json) -> None:
    """Hold one law against a policy in one case. Raises `BrokenLaw`, also where there is no answer or asking changes the question.

    Errors: ValueError for a name that no law has; TypeError for a policy that decides nothing.
    """
    [law], found = _asked_for([law]), policy_of(policy)
    for finding in Asking(found).broken(World(case, "a case of its own"), [law]).values():
        raise BrokenLaw(finding, policy=found)


def broken_laws(policy: Any, drawn: Iterable[World], laws: Iterable[str] = tuple(LAWS)) -> list[BrokenLaw]:
    """For each law that `policy` breaks in some world, the world in which the least was moved, made as small as it goes."""
    found = policy_of(policy)
    broken, _ = _broken(found, drawn, _asked_for(laws))
    return [BrokenLaw(_smaller(each, found), policy=found) for each in broken]


def _broken(policy: Policy, drawn: Iterable[World], laws: tuple[str, ...], *, first: bool = False) -> tuple[list[Finding], LawsKept]:
    """What is broken, with the world in which the least was moved, and how much was asked; of the `first` world that breaks any, only."""
    asking, found, count, unread = Asking(policy), dict[str, Finding](), 0, 0
    for world in drawn:
        count += 1
        wanted = [name for name in laws if name not in found or len(world.moves) < len(found[name].world.moves)]
        try:
            broken = asking.broken(world, wanted)
        except ValueError:
            unread += 1
            continue
        found |= {name: finding for name, finding in broken.items() if name in wanted or name not in found}
        if first and found:
            break
    silent = tuple(name for name in laws if name not in asking.judged)
    untold = tuple(part for part in PARTS if part not in asking.parts) if silent and asking.parts else ()
    return [found[name] for name in LAWS if name in found], LawsKept(len(laws), count, asking.questions, unread, silent, untold)


def _smaller(finding: Finding, policy: Policy) -> Finding:
    """The same law broken in as small a case as it goes."""

    def still(case: Json) -> Finding | None:
        found = Asking(policy).broken(finding.world._replace(case=case), [finding.law]).get(finding.law)
        # A policy that remembers may have no answer at once by now, and had one when it was new: whoever pastes the code has a new one.
        return found if found and (finding.law != FIRST or _at_once(found) is _at_once(finding)) else None

    case = smallest(finding.world.case, lambda fewer: still(fewer) is not None)
    return still(case) or finding


def _at_once(finding: Finding) -> bool:
    """Whether it came of the first question about its world."""
    return finding.asked == finding.world.case


def consent_laws(
    policy: Any, *, seed: int = 1, count: int = 100, laws: Iterable[str] = tuple(LAWS), profiles: Iterable[str] | None = None
) -> LawsKept:
    """Hold every law of consent against `policy`; what it keeps comes back as numbers.

    `policy` is a decider ``decide(case) -> answer``, `ConsentBook` or a kind of it, a profile, a plugin that brings profiles or narrows,
    or what `from_books`, `from_profile` and `from_restrictor` make. `profiles` are the ids of the laws' profiles that it knows; left out,
    those that it holds, and for a decider all that come with the library. Raises `BrokenLaw` with the smallest story for the first law
    that is broken; ValueError where most worlds are refused to be read, since then next to nothing was asked. Where nothing would be asked
    at all, or less than it seems, that is refused: ValueError for fewer worlds than one, no law, or the name of a law or profile that is
    not there; TypeError for one name instead of several, and for what decides nothing.

    >>> from recoverycore.consent import ConsentBook
    >>> print(str(consent_laws(ConsentBook, count=5)).partition(",")[0])
    36 laws kept in 5 worlds
    """
    found, wanted = policy_of(policy, profiles), _asked_for(laws)
    if count != int(count) or count < 1:
        message = f"count: in {count!r} worlds nothing is asked; it is a whole number, one or more"
        raise ValueError(message)
    broken, kept = _broken(found, islice(found.worlds(seed), count), wanted, first=True)
    if broken:
        raise BrokenLaw(_smaller(broken[0], found), policy=found, seed=seed, others=[each.law for each in broken[1:]])
    if kept.unread * 2 > kept.worlds:
        message = f"{kept.unread} of {kept.worlds} worlds were refused to be read, so next to nothing was asked"
        raise ValueError(message)
    return kept


def _place_of(policy: Any) -> str | None:
    """Where a policy can be imported from, as ``module:name``; None for what was made on the spot."""
    home, name = getattr(policy, "__module__", None), getattr(policy, "__qualname__", None)
    if name is None or getattr(sys.modules.get(str(home)), name, None) is not policy:
        known = ((each, dict(getattr(module, "__dict__", {}))) for each, module in list(sys.modules.items()))
        home, name = next(((each, name) for each, names in known for name, value in names.items() if value is policy), (None, None))
    return None if home is None else f"{home}:{name}"
