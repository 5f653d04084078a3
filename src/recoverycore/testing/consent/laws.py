"""The laws that every decider of consent keeps, checked on near misses; what breaks one is told as a short story in words."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve

from recoverycore.consent.reference import reference_decide
from recoverycore.testing.consent.asking import Json, NoAnswer, copied, told
from recoverycore.testing.consent.deciders import policy_of
from recoverycore.testing.consent.drawing import World
from recoverycore.testing.consent.every_law import ASKED_ANEW, FIRST, LAWS, PARTS, UNCHANGED, UNNARROWED, laws_named
from recoverycore.testing.consent.findings import BrokenLaw, Drawn, Finding, LawsKept
from recoverycore.testing.consent.naming import under_new_names
from recoverycore.testing.consent.shrinking import smallest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.testing.consent.asking import Decide
    from recoverycore.testing.consent.deciders import Policy

__all__ = ["Asking", "broken_laws", "check_law", "consent_laws"]


class Asking:
    """A policy being asked about one world after another: the answer about a world as it stands is asked for once.

    Where what a law changes is not there, it asks about the world as it stands. Laws about a question that is asked again ask anew.
    What a policy that narrows must release is asked of it as it is without what it withholds.
    """

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.questions = 0
        self.judged, self.parts = set[str](), set[str]()
        self.last: Json = {}
        self.said: Json | None = None
        self._base: Json | None = None
        self._first: Json = {}
        self._anew = self._another = False
        self._decide = policy.decide

    def __call__(self, case: Json) -> Json:
        """The answer, in full. Raises ValueError where the question is refused to be read, NoAnswer where nothing else came of it."""
        self.last, self.said = case, None
        narrowed = self._decide is self.policy.decide
        if case is self._base and narrowed:
            self.said = self._first["records"]
            return self._first
        self._another = True
        if not self._anew and narrowed and case == self._base:
            self.said = self._first["records"]
            return self._first
        self.questions += 1
        try:
            answer = self._decide(case)
        except (ValueError, NoAnswer, KeyboardInterrupt):
            raise
        except BaseException as error:  # one that says SystemExit(0) would pass for one that keeps everything
            message = f"{type(error).__name__} was raised"
            raise NoAnswer(message) from error
        if self.policy.unnarrowed and "stumbled" in answer:
            raise NoAnswer(answer["stumbled"])
        found = told(answer, case)
        self.said = found["records"]
        return found

    def broken(self, world: World, laws: Iterable[str]) -> dict[str, Finding]:
        """The laws that are broken in this world. Raises ValueError where its case is refused to be read."""
        asked = copied(world.case)
        self._base, self._decide = None, self.policy.decide
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
        self._decide = (law in UNNARROWED and self.policy.unnarrowed) or self.policy.decide
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
        return Finding(law, world, why, self.last, said=self.said) if why else None


def check_law(law: str, policy: Any, case: Json) -> None:
    """Hold one law against a policy in one case. Raises `BrokenLaw`, also where there is no answer or asking changes the question.

    Errors: ValueError for a name that no law has; TypeError for a policy that decides nothing.
    """
    [law], found = laws_named([law]), policy_of(policy)
    for finding in Asking(found).broken(World(case, "a case of its own"), [law]).values():
        raise BrokenLaw(finding, policy=found)


def broken_laws(policy: Any, drawn: Iterable[World], laws: Iterable[str] = tuple(LAWS)) -> list[BrokenLaw]:
    """For each law that `policy` breaks in some world, the world in which the least was moved, made as small as it goes."""
    found = policy_of(policy)
    broken, _ = _broken(found, drawn, laws_named(laws))
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


def _anew(policy: Policy) -> Policy:
    """The policy as if nobody had asked it anything, as far as that can be had: whatever it is asked about has new names."""
    unnarrowed = policy.unnarrowed and under_new_names(policy.unnarrowed)
    return evolve(policy, decide=under_new_names(policy.decide), unnarrowed=unnarrowed)


def _smaller(finding: Finding, policy: Policy) -> Finding:
    """The same law broken in as small a case as it goes, each of them under new names; the finding as it was, if it is not broken then."""

    def still(case: Json) -> Finding | None:
        found = Asking(_anew(policy)).broken(finding.world._replace(case=case), [finding.law]).get(finding.law)
        # A policy that remembers may have no answer at once by now, and had one when it was new: whoever pastes the code has a new one.
        return found if found and (finding.law != FIRST or _at_once(found) is _at_once(finding)) else None

    if still(copied(finding.world.case)) is None:
        return finding._replace(alone=False)
    case = smallest(finding.world.case, lambda fewer: still(fewer) is not None)
    found = still(copied(case)) or finding
    if found.said is None:
        return found
    alone = _anew(policy)
    decide = (found.law in UNNARROWED and alone.unnarrowed) or alone.decide
    try:
        recalls = decide(copied(found.asked))["records"] != found.said
    except Exception:  # noqa: BLE001 - it was answered before
        recalls = True
    return found._replace(recalls=recalls, asked=found.asked if recalls else _less_asked(found.asked, decide))


def _less_asked(asked: Json, decide: Decide) -> Json:
    """The question with as little in it as it takes for these verdicts to be given and to be wrong.

    What is right is known for the core alone, from the reference; of any other question nothing is taken away.
    """

    def verdicts(case: Json) -> tuple[Json, Json]:
        return decide(case)["records"], reference_decide(case)["records"]

    try:
        given, right = verdicts(copied(asked))
    except ValueError:
        return asked  # nobody should have read it
    if given == right or asked["given"]["profiles"] or not asked["when"]["request"]["records"]:
        return asked
    return smallest(asked, lambda fewer: verdicts(fewer) == (given, right), "zone")  # without it days are told as they are in UTC


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
    found, wanted = policy_of(policy, profiles), laws_named(laws)
    if count != int(count) or count < 1:
        message = f"count: in {count!r} worlds nothing is asked; it is a whole number, one or more"
        raise ValueError(message)
    broken, kept = _broken(found, islice(found.worlds(seed), count), wanted, first=True)
    if broken:
        chosen = None if wanted == tuple(LAWS) else wanted
        drawn = Drawn(seed, kept.worlds, chosen, None if profiles is None else tuple(sorted(found.profiles or ())))
        smaller = [_smaller(broken[0], found)]
        if not smaller[0].alone:  # another law may be broken by itself, and its story is true
            smaller = [each for other in broken[1:] if (each := _smaller(other, found)).alone][:1] or smaller
        others = [each.law for each in broken if each.law != smaller[0].law]
        raise BrokenLaw(smaller[0], policy=found, drawn=drawn, others=others)
    if kept.unread * 2 > kept.worlds:
        message = f"{kept.unread} of {kept.worlds} worlds were refused to be read, so next to nothing was asked"
        raise ValueError(message)
    return kept
