"""The plan: a client's papers compiled once, to be decided on at any instant, compared with others, and asked what they can never do."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from recoverycore.consent.compiled import CompiledConsents, compile_consents
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.documents import Revocation
from recoverycore.consent.facts import Facts
from recoverycore.consent.judging import Judge
from recoverycore.consent.matter import Setting
from recoverycore.consent.plan import listing
from recoverycore.consent.plan.answers import Comparison, Never, Revoked
from recoverycore.consent.plan.cells import NAMELESS
from recoverycore.consent.plan.deciding import Decider
from recoverycore.consent.plan.searching import find
from recoverycore.consent.plan.where import where_of
from recoverycore.consent.requests import ClientFacts, Recipient, Record, Request
from recoverycore.consent.times import EVER
from recoverycore.consent.trees import AnyDirective
from recoverycore.errors import DocumentError, NotFound, problem
from recoverycore.ground.instants import require_aware
from recoverycore.ground.text import one_or_more

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from recoverycore.consent.law import Profile
    from recoverycore.consent.outcome import Decision, Restriction
    from recoverycore.consent.plan.cells import Cell, ListedVocabulary
    from recoverycore.consent.plan.matrix import Kind, Matrix
    from recoverycore.consent.plan.prepared import Prepared
    from recoverycore.consent.plan.searching import Wanted
    from recoverycore.consent.plan.where import Where
    from recoverycore.consent.profiles import ProfileDocument
    from recoverycore.consent.requests import Discloser

__all__ = ["Plan", "compare", "compile_plan"]

_NO_CLIENT_FACTS = ClientFacts()
_NO_FACTS = Facts()


@frozen(slots=False)  # as in `Prepared`
class Plan:
    """What some papers permit, under some facts, at any instant and for anybody. Made by `compile_plan`.

    An answer is a proof and no sample: it holds for every recipient, code, label set, date and instant there may be, also for those
    that nobody has named. Of a record it knows labels, category, class, code and date. A rule of law that turns on more (notes known
    not to be kept apart, data known to be de-identified, who wrote it, which id it has) is asked about a record of which that is not
    known, and nobody has acted in reliance on it: what may open where more is known, only a decision on that record tells. With a
    `ListedVocabulary` an answer holds for that list, and its cells are counted. A cell that is shown has been decided on once more.
    """

    directives: tuple[AnyDirective, ...] = field(repr=False)
    consents: CompiledConsents = field(repr=False)
    facts: Facts = field(repr=False)

    @property
    def setting(self) -> Setting:
        """The client, profiles, words and choices of policy that the papers are read in."""
        return self.consents.setting

    @property
    def decided(self) -> bool:
        """Whether more than boxes decides: the functions of a profile, or the provisions of a tree."""
        return bool(self.setting.profiles) or any(paper.branch is not None for paper in self.consents.papers)

    @property
    def of_one(self) -> bool:
        """Whether more may be seen of a single record of which more is known: where a law counts, or somebody acted in reliance."""
        return bool(self.setting.profiles or self.facts.acted_in_reliance)

    def permits(self, cell: Cell) -> bool:
        """Whether the decision permits `cell`."""
        return decide_compiled(self.consents, cell.request(), self.facts).permitted

    def labels_of(self, cell: Cell) -> frozenset[str]:
        """The labels of a cell together with those of its source."""
        return Judge.of(self.consents, cell.request(), self.facts).effective(cell.record())

    def labels_from(self, source: str | None, discloser: Discloser | None) -> frozenset[str]:
        """The labels that every record from `source` carries where `discloser` holds it."""
        asked = Request(discloser=discloser, recipient=Recipient(id="anybody"), at=EVER)
        return Judge.of(self.consents, asked, self.facts).effective(Record(id=NAMELESS, source=source))

    def reads_like(self, other: Plan) -> bool:
        """Whether both are read by the same profiles, choices, client and facts: then they differ by their papers only."""
        mine, its = self.setting, other.setting
        return (
            mine is its
            or (mine.client == its.client and mine.profiles == its.profiles and mine.missing == its.missing and mine.policy == its.policy)
        ) and self.facts.to_data() == other.facts.to_data()  # what is told to be none is not what nobody tells

    # -- decisions -----------------------------------------------------------------------------------------------------
    @cached_property
    def decider(self) -> Decider:
        """The papers as masks; made when the plan is first asked."""
        return Decider(self)

    def prepare(self, request: Request) -> Prepared:
        """`request` looked up once, to be asked again and again, also at other instants."""
        return self.decider.prepare(request)

    def decide(self, request: Request, restrictions: Iterable[Restriction] = ()) -> Decision:
        """The decision on `request`: equal in every part to the one that `recoverycore.consent.decide` makes."""
        if not restrictions:
            return self.decider.answer(request)
        return self.decider.decide(self.decider.prepare(request), restrictions)

    def permits_all(self, requests: Iterable[Request]) -> list[bool]:
        """Whether everything that is asked for may be released, for each of many requests, in their order."""
        return [self.prepare(each).permits() for each in requests]

    def decide_all(self, requests: Iterable[Request]) -> list[Decision]:
        """The decision on each of many requests, in their order."""
        return [self.decide(each) for each in requests]

    # -- questions -----------------------------------------------------------------------------------------------------
    def never(
        self,
        where: Mapping[str, Any],
        *,
        discloser: Discloser | None = None,
        source: str | None = None,
        within: ListedVocabulary | None = None,
    ) -> Never:
        """Whether nothing inside `where` is ever permitted; else a cell that is.

        `where` gives for some of the axes label, category, purpose, action, recipient, person and discloser what is meant, with all that is
        below it. A label means a record that carries it; a recipient is somebody of this id or at this organisation, a person is of this id
        alone. Errors: ``unknown_axis``, ``empty_axis``, and those of a search.
        """
        place = where_of(self.setting, where, discloser=discloser, source=source)
        found = _asked((self,), place, {"permitted": lambda answers: answers[0]}, within)["permitted"]
        return Never(*found, where=place, whose=_several(self), of_one=self.of_one)

    def always_denied(
        self, *, discloser: Discloser | None = None, source: str | None = None, within: ListedVocabulary | None = None
    ) -> Never:
        """Whether nothing at all is ever permitted."""
        return self.never({}, discloser=discloser, source=source, within=within)

    def redundant(
        self, *, discloser: Discloser | None = None, source: str | None = None, within: ListedVocabulary | None = None
    ) -> tuple[str, ...]:
        """The ids of the papers each of which could be taken away without any change. Of two that say the same both are named."""
        place = where_of(self.setting, {}, discloser=discloser, source=source)
        return tuple(
            each.id
            for each in self.directives
            if not _asked((self, self.without(each.id)), place, _CHANGED, within, differing=True)["changed"][0]
        )

    def what_if_revoked(
        self,
        directive: str,
        at: datetime,
        recipients: str | Iterable[str] | None = None,
        *,
        discloser: Discloser | None = None,
        source: str | None = None,
        within: ListedVocabulary | None = None,
    ) -> Revoked:
        """What is lost, what is gained, and what stays, if a paper is revoked in writing from `at` on.

        `recipients` are those for whom it would be revoked, by id or organisation; the answer is then about them. Of what the paper
        permits by itself something may stay: through another paper, or because it cannot be revoked yet.
        Errors: ``unknown_directive``, ``naive_time``, and those of a search.
        """
        paper = self._paper(directive)
        whom = None if recipients is None else one_or_more(recipients)
        if whom == ():
            raise DocumentError(problem("empty_axis", "/recipients"))
        revocation = Revocation(at=require_aware(at), written=True, recipients=whom)
        revoked = self._with(tuple(_revoked(each, revocation) if each is paper else each for each in self.directives))
        asked = {} if whom is None else {"recipient": whom}
        place = where_of(self.setting, asked, since=at, discloser=discloser, source=source)
        changes = _asked((self, revoked), place, _CHANGES, within, differing=True)
        alone = (self._with((paper,)), revoked)
        still = _asked(alone, place, {"still": all}, within)
        cells = *changes["lost"], *changes["gained"], *still["still"]
        zone, whose = self.setting.client.zone, _several(self)
        return Revoked(*cells, directive=directive, zone=zone, whose=whose, of_one=self.of_one)

    def who_can_see(
        self,
        recipients: Recipient | str | Iterable[Recipient | str],
        kinds: Kind | str | Iterable[Kind | str] | Mapping[str, Any],
        purposes: str | Iterable[str],
        at: datetime,
        *,
        discloser: Discloser | str | None = None,
        source: str | None = None,
    ) -> Matrix:
        """Who of `recipients` may see which kinds of record at `at`: for every one of `purposes`, for some, for none.

        A kind is a category with labels, by a name; a category alone is one without labels, by its own. Of recipients, kinds and
        purposes one alone may be given as it is. `source` is where the records come from, if that is known. `discloser` left out is
        the one that all papers name. Errors: ``discloser_needed``, ``nothing_asked``, ``duplicate_id``, ``naive_time``.
        """
        from recoverycore.consent.plan.matrix import matrix_of

        return matrix_of(self, recipients, kinds, purposes, at, discloser, source)

    # -- other plans ---------------------------------------------------------------------------------------------------
    def without(self, directive: str) -> Plan:
        """The plan without one paper. Error: ``unknown_directive``."""
        paper = self._paper(directive)
        return self._with(tuple(each for each in self.directives if each is not paper))

    def _paper(self, directive: str) -> AnyDirective:
        found = next((each for each in self.directives if each.id == directive), None)
        if found is None:
            raise NotFound(problem("unknown_directive"))
        return found

    def _with(self, directives: tuple[AnyDirective, ...]) -> Plan:
        return evolve(self, directives=directives, consents=compile_consents(directives, self.setting))


def compile_plan(
    directives: Iterable[AnyDirective],
    profiles: str | Iterable[Profile | ProfileDocument | str] = (),
    client: ClientFacts = _NO_CLIENT_FACTS,
    facts: Facts = _NO_FACTS,
    *,
    policy: Mapping[str, Any] | None = None,
) -> Plan:
    """`directives` as a plan. Without `facts` nothing is known beside the papers, so that no exception blurs what these say.

    Errors: ``duplicate_directive``, ``duplicate_profile``, ``unknown_switch``, ``bad_switch``.
    """
    papers = tuple(directives)
    return Plan(papers, compile_consents(papers, Setting.of(client, one_or_more(profiles), policy)), facts)


_CHANGED: dict[str, Wanted] = {"changed": lambda answers: answers[0] is not answers[1]}
_CHANGES: dict[str, Wanted] = {
    "gained": lambda answers: answers[1] and not answers[0],
    "lost": lambda answers: answers[0] and not answers[1],
}


def compare(
    old: Plan,
    new: Plan,
    from_: datetime | None = None,
    *,
    discloser: Discloser | None = None,
    source: str | None = None,
    within: ListedVocabulary | None = None,
) -> Comparison:
    """What changes if `new` takes the place of `old`: nothing, only less, only more, or both; with a cell for each.

    `from_` is the first instant that counts; left out, all of them do. Ids, order and doubles do not matter.
    A search is about all that anybody may ask, by any discloser; `discloser` with its kind narrows it to one, and `source` to the records
    that come from there, with the labels that this brings along. `within` asks about the values of a list and counts their cells.
    Errors: ``naive_time``, ``plan_too_large``, ``plan_of_a_copy``, ``plans_unlike``, ``profile_untold``.
    """
    place = where_of(old.setting, {}, since=from_, discloser=discloser, source=source)
    found = _asked((old, new), place, _CHANGES, within, differing=True)
    zone, of_one = old.setting.client.zone, old.of_one or new.of_one
    return Comparison(*found["gained"], *found["lost"], zone=zone, whose=_several(old, new), of_one=of_one)


def _asked(
    plans: tuple[Plan, ...],
    place: Where,
    questions: dict[str, Wanted],
    within: ListedVocabulary | None,
    *,
    differing: bool = False,
) -> dict[str, tuple[Cell | None, int | None]]:
    """For each question a cell, if there is one; and how many there are, where a list says which count."""
    if within is not None:
        counted = listing.count(plans, within, place, questions)
        return {name: (each.first, each.number) for name, each in counted.items()}
    found = find(plans, place, questions, differing=differing)
    return {name: (found.get(name), None) for name in questions}


def _several(*plans: Plan) -> bool:
    """Whether the papers name several who release."""
    return len({each.discloser for plan in plans for each in plan.directives} - {None}) > 1


def _revoked(directive: AnyDirective, revocation: Revocation) -> AnyDirective:
    return directive.evolve(revocations=(*directive.revocations, revocation))
