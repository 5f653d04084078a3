"""What can be held against the laws: a decider of plain JSON, and whatever becomes one: a book, a profile, a plugin, a restrictor."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, field, frozen

from recoverycore.consent.book import ConsentBook
from recoverycore.consent.facts import Facts
from recoverycore.consent.law import Profile
from recoverycore.consent.matter import CORE_SWITCHES
from recoverycore.consent.outcome import Decision, Restriction
from recoverycore.consent.profiles import ProfileDocument
from recoverycore.consent.requests import ClientFacts, Request
from recoverycore.consent.trees import read_directive
from recoverycore.testing.consent.asking import Decide, Json, NoAnswer, changed, kind_of, named
from recoverycore.testing.consent.drawing import World, dealt
from recoverycore.testing.consent.stories import permitted
from recoverycore.testing.consent.stories_of_profiles import stories_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.trees import AnyDirective
    from recoverycore.ground.document import Document

__all__ = ["Policy", "answer_of", "from_books", "from_profile", "from_restrictor", "policy_of"]

D = TypeVar("D", bound="Document")
MakesBooks = Callable[..., ConsentBook]
REMEMBERED = 2048


@frozen
class Policy:
    """A decider, and what it knows: the profiles of law and the switches that a world may name. None: every one that there is.

    `always` are profiles that every world is asked under beside its own, `stories` cases made for it, `given` what was held against laws.
    Of one that narrows, `unnarrowed` decides as it does without what it withholds: whatever laws say must be released is asked of that.
    """

    decide: Decide
    given: Any = field(default=None, repr=False)
    profiles: frozenset[str] | None = None
    switches: frozenset[str] | None = None
    always: tuple[str, ...] = ()
    stories: Mapping[str, Json] = field(factory=dict, repr=False)
    unnarrowed: Decide | None = field(default=None, repr=False)

    def fitted(self, world: World) -> World:
        """The world without the profiles and switches that the policy does not know, and under those it is always asked under."""
        given = world.case["given"]
        named = [each for each in given["profiles"] if self.profiles is None or isinstance(each, dict) or each in self.profiles]
        switches = {name: value for name, value in (given.get("switches") or {}).items() if self.switches is None or name in self.switches}
        asked = {"profiles": [*named, *(each for each in self.always if each not in named)], "switches": switches}
        if "loaded" in given:
            asked["loaded"] = [*given["loaded"], *self.always]
        return world._replace(case=changed(world.case, **{name: value for name, value in asked.items() if value or name in given}))

    def knows(self) -> frozenset[str]:
        """The profiles of law that its worlds are about."""
        told = [each for case in permitted().values() for each in case["given"]["profiles"] if isinstance(each, str)]
        return (self.profiles or frozenset()) | {*told, *self.always}

    def worlds(self, seed: int) -> Iterator[World]:
        """Worlds for it, without end: the stories that come along and its own."""
        yield from map(self.fitted, dealt(seed, {**permitted(), **self.stories} if self.stories else None))


def policy_of(policy: Any, profiles: Iterable[str] | None = None) -> Policy:
    """Whatever was handed in as a `Policy`; with `profiles`, as one that knows these profiles of law and no other.

    Errors: TypeError for what decides nothing, and for one name instead of several; ValueError for a profile that no world is about.
    """
    found = evolve(_policy_of(policy), given=policy)
    return found if profiles is None else evolve(found, profiles=named(profiles, found.knows(), "a profile", "profiles"))


def _policy_of(policy: Any) -> Policy:
    if isinstance(policy, Policy):
        return policy
    if isinstance(policy, Profile | ProfileDocument):
        return from_profile(policy)
    if isinstance(policy, type) and issubclass(policy, ConsentBook):
        return from_books(policy)
    if isinstance(policy, type):
        message = f"{policy.__name__} is a class, and no kind of ConsentBook; hand in what it makes, such as {policy.__name__}()"
        raise TypeError(message)
    if isinstance(policy, ConsentBook):
        kind = type(policy).__name__
        message = f"a {kind} that is made holds papers of its own; hand in {kind} itself, and laws make one for each world"
        raise TypeError(message)
    brought = getattr(policy, "recovery_contribute_consent_profiles", None)
    restrict = getattr(policy, "recovery_restrict_consent", None)
    if brought or restrict:
        profiles = tuple((brought() if brought else None) or ())
        return from_restrictor(_hook(restrict), profiles=profiles) if restrict else from_books(ConsentBook, profiles)
    if callable(policy):
        return Policy(policy)
    message = "a policy is decide(case) -> answer, a kind of ConsentBook, a profile, or a plugin that brings profiles or narrows"
    raise TypeError(message)


def _hook(restrict: Callable[..., Restriction | None]) -> Callable[[Request], Restriction | None]:
    """A plugin's hook, which names those of its arguments that it wants."""
    wanted = signature(restrict).parameters
    return lambda request: restrict(**{name: each for name, each in (("client", "client"), ("request", request)) if name in wanted})


def from_books(make: MakesBooks = ConsentBook, profiles: Iterable[Profile | ProfileDocument] = ()) -> Policy:
    """Books of your own making: ``make(directives, client=..., profiles=..., policy=...)`` is called as `ConsentBook` is.

    `profiles` are those of law that your books know; in worlds that are about others the core decides alone.
    """
    known = {each.id: each for each in profiles}
    switches = {each.name for each in CORE_SWITCHES} | {
        each.name for one in known.values() if isinstance(one, Profile) for each in one.switches
    }
    own = {name: case for each in known.values() for name, case in stories_of(each).items()}
    return Policy(_asked_of(make, known), profiles=frozenset(known), switches=frozenset(switches), stories=own)


def from_profile(profile: Profile | ProfileDocument, *, beside: Iterable[Profile | ProfileDocument] = ()) -> Policy:
    """One profile, asked for in every world; `beside` are others that it has to get along with."""
    return evolve(from_books(ConsentBook, (profile, *beside)), always=(profile.id,))


def from_restrictor(
    restrict: Callable[[Request], Restriction | None], make: MakesBooks = ConsentBook, profiles: Iterable[Profile | ProfileDocument] = ()
) -> Policy:
    """A plugin that only narrows: asked about each request, it gives a `Restriction` or nothing. If it raises, nothing is released.

    It may withhold whatever it likes. So laws that say what must be released are asked of the books without it, and laws that compare
    a question with another, of the two together; where it raises, or gives something else, that is a broken law (L1).
    """
    books = from_books(make, known := tuple(profiles))
    return evolve(books, decide=_asked_of(make, {each.id: each for each in known}, restrict), unnarrowed=books.decide)


def _narrowing(restrict: Callable[[Request], Any], request: Request) -> tuple[list[Restriction], str | None]:
    """What a restrictor gives; where it gives nothing that can be used, why not, by kinds alone."""
    try:
        found = restrict(request)
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises denies
        return [Restriction("restrictor", "error")], f"the restrictor raised {type(error).__name__}, so nothing was released"
    if found is None:
        return [], None
    if isinstance(found, Restriction) and found.broken:
        return [found], "the restrictor's answer is neither 'deny' nor 'none', so nothing was released"
    if not isinstance(found, Restriction):
        return [Restriction("restrictor", "error")], f"the restrictor gave back {kind_of(found)}, and it gives a Restriction or None"
    return [found], None


def _written(value: Any) -> bytes:
    """Plain JSON as bytes that are the same for what is the same; written and read far faster than JSON text. Error: TypeError."""
    try:
        return marshal.dumps(value, 2)  # later formats tell apart what is one object from what is only equal
    except ValueError:
        message = "a case is plain JSON"
        raise TypeError(message) from None


@lru_cache(REMEMBERED)
def _read(kind: type[D], written: bytes) -> D:
    return kind.model_validate(marshal.loads(written))  # noqa: S302 - it was written here


@lru_cache(REMEMBERED)
def _paper(written: bytes) -> AnyDirective:
    return read_directive(marshal.loads(written))  # noqa: S302 - as above


def _asked_of(
    make: MakesBooks,
    profiles: Mapping[str, Profile | ProfileDocument],
    restrict: Callable[[Request], Restriction | None] | None = None,
) -> Decide:
    """A decider that reads each document and makes each book once, however often it is asked for. What cannot be read raises.

    `stumbled` tells in an answer why a restrictor gave nothing that can be used.
    """

    @lru_cache(REMEMBERED)
    def book(written: bytes) -> ConsentBook:
        directives, client, named, loaded, switches = marshal.loads(written)  # noqa: S302 - it was written here
        asked = [each for number, each in enumerate(named) if each not in named[:number]]  # twice is once
        found = [_profile(each, profiles) if loaded is None or each in loaded else _name(each) for each in asked]
        papers = [_paper(_written(each)) for each in directives]
        return make(papers, client=_read(ClientFacts, _written(client)), profiles=found, policy=switches or {})

    def decide(case: Json) -> Json:
        given = case["given"]
        found = book(_written([given["directives"], given["client"], given["profiles"], given.get("loaded"), given.get("switches")]))
        request = _read(Request, _written(case["when"]["request"]))
        told = [Restriction(each["name"], each["answer"], _ids(each.get("records"))) for each in given.get("restrictors") or ()]
        facts = _read(Facts, _written(given["facts"]))
        narrowing, stumbled = ([], None) if restrict is None else _narrowing(restrict, request)
        decision: Any = found.decide(request, facts=facts, restrictions=[*told, *narrowing])
        if not isinstance(decision, Decision):
            message = f"its `decide` gave back {kind_of(decision)}, and a book gives back a Decision"
            raise NoAnswer(message)
        answer = answer_of(decision)
        return answer if stumbled is None else {**answer, "stumbled": stumbled}

    return decide


def _profile(asked: Any, known: Mapping[str, Profile | ProfileDocument]) -> Profile | ProfileDocument | str:
    return _read(ProfileDocument, _written(asked)) if isinstance(asked, dict) else known.get(asked, _name(asked))


def _name(asked: Any) -> str:
    """What a profile is called that is wanted and not there."""
    return str(asked["id"] if isinstance(asked, dict) else asked)


def _ids(records: list[str] | None) -> frozenset[str] | None:
    return None if records is None else frozenset(records)


def answer_of(decision: Decision) -> Json:
    """A decision in the plain JSON that deciders answer in."""
    failed: dict[str, dict[str, list[str]]] = {}
    for record, papers in decision.failed.items():
        for paper, axes in papers.items():
            failed.setdefault(paper, {})[record] = sorted(axes)
    basis = list(decision.basis) if isinstance(decision.basis, tuple) else decision.basis
    answer: Json = {"decision": decision.verdict, "records": dict(decision.records), "withheld": list(decision.withheld), "basis": basis}
    answer |= {"obligations": sorted(decision.codes), "failed": failed}
    asked = decision.case.request.action
    return {**answer, "entries": list(decision.entries)} if asked == "accounting" and decision.permitted else answer
