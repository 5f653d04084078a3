"""Deciding by a plan: the answer that the decision gives, from masks that were looked up once.

Where no profile of law has anything to say, an answer depends on nothing but which papers cover what is asked; so what follows from a
mask is kept and given again. Under profiles, with copies and with reliance, the plan hands the request on to the decision itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve, field, frozen

from recoverycore.consent.case import Case
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.judging import Judge
from recoverycore.consent.law import ABUSER_SIGNED
from recoverycore.consent.outcome import Decision, Later, Obligation
from recoverycore.consent.plan.sheet import sheet_of
from recoverycore.consent.requests import Request

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from recoverycore.consent.outcome import Restriction, Verdict
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.plan.tables import Held
    from recoverycore.consent.requests import Recipient, Record
    from recoverycore.consent.times import Reading

__all__ = ["Decider", "Prepared"]

_LOG_ACCESS = Obligation.named("log_access")
_LOG_DISCLOSURE = Obligation.named("log_disclosure")
_REVIEW = Obligation("after", "post_review")
_REDACT = Obligation.named("redact")
_ALERT = Obligation.named("alert_privacy_officer")
_OVERLAP = Obligation.named("warn_overlapping_grant")


class Covering(NamedTuple):
    """What a mask means: whether it permits, the papers that would do in their order, and the rule that decides."""

    permitted: bool
    by: tuple[str, ...]
    rule: str


class Asked(NamedTuple):
    """A record with its mask for each purpose, apart from time; and the same where no permit were revoked."""

    record: Record
    masks: tuple[int, ...]
    unrevoked: tuple[int, ...]


@frozen(eq=False)
class Prepared:
    """A request whose codes, people and roles are looked up: ask it again as often as you like, at its own instant or at another.

    Nothing but time changes between two answers of it.
    """

    decider: Decider = field(repr=False)
    request: Request = field(repr=False)
    asked: tuple[Asked, ...] = field(repr=False)
    lasting: bool
    """Whether the recipient's roles are the same at every instant."""

    def permits(self, at: datetime | None = None) -> bool:
        """Whether everything that is asked for may be released."""
        if not self.asked or (at is not None and not self.lasting):
            return self.decide(at).permitted
        decider = self.decider
        when = decider.sheet.tables.when(self.request.at if at is None else at)
        return all(decider.covering(mask & when).permitted for each in self.asked for mask in each.masks)

    def basis(self, at: datetime | None = None) -> str | tuple[str, ...] | None:
        """What decides, as `Decision.basis` tells it."""
        return self.decide(at).basis

    def decide(self, at: datetime | None = None) -> Decision:
        """The decision, equal to the one that `decide` makes on the same request at that instant. Error: ``naive_time``."""
        if at is None or at == self.request.at:
            return self.decider.decide(self)
        return self.decider.prepare(self.request.evolve(at=at)).decide()


class Decider:
    """The masks of one plan, and what was found to follow from them."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        facts = plan.facts
        self.plain = not (plan.decided or plan.setting.missing or facts.acted_in_reliance or facts.held_copy)
        """Whether nothing but papers decides."""
        if not self.plain:
            return
        self.sheet: Sheet = sheet_of((plan,))
        self.papers = tuple(zip(plan.consents.papers, self.sheet.books[0].papers, strict=True))
        self.flawed = {each.id: (ABUSER_SIGNED,) for each in plan.consents.papers if each.permits and each.document.abuser_signed}
        self._found: dict[int, Covering] = {}
        self.unrevoked: Sheet | None = None
        revoked = [each for each in plan.consents.papers if each.permits and each.revocations]
        if revoked:
            papers = tuple(evolve(each, revocations=()) if each in revoked else each for each in plan.consents.papers)
            self.unrevoked = sheet_of((evolve(plan, consents=evolve(plan.consents, papers=papers)),))
            self.once = tuple(
                (mask, now) for (paper, now), mask in zip(self.papers, self.unrevoked.books[0].papers, strict=True) if paper in revoked
            )

    def prepare(self, request: Request) -> Prepared:
        """`request` with everything looked up that does not change with time."""
        if not self.plain or not request.purposes or not request.records:
            return Prepared(self, request, (), lasting=True)
        sheets = [self.sheet, *([self.unrevoked] if self.unrevoked else [])]
        words = self.plan.setting.words
        purposes = sorted(words.read("purpose", request.purposes))
        judge = Judge.of(self.plan.consents, request, self.plan.facts)
        held = self._held(request.recipient, request.at)
        found = []
        for record in sorted(request.records, key=lambda each: each.id):
            labels = judge.effective(record)
            masks = [self._masks(sheet, request, record, labels, judge.action, purposes, held) for sheet in sheets]
            found.append(Asked(record, masks[0], masks[1] if len(masks) > 1 else ()))
        lasting = all(each.until is None for each in request.recipient.roles or ())
        return Prepared(self, request, tuple(found), lasting)

    def _masks(  # noqa: PLR0917 - what was looked up already
        self, sheet: Sheet, request: Request, record: Record, labels: Iterable[str], action: str, purposes: Sequence[str], held: Held
    ) -> tuple[int, ...]:
        tables, who, discloser = sheet.tables, request.recipient, request.discloser
        words = self.plan.setting.words
        treating = who.treating_relationship if isinstance(who.treating_relationship, bool) else None
        category = None if record.category is None else next(iter(words.read("category", [record.category])))
        mask = (
            tables.who(who.id, who.org)
            & tables.standing((who.kind, treating, who.via))
            & tables.roles(held)
            & tables.action(action)
            & tables.discloser(None if discloser is None else discloser.id, None)
            & tables.labels(labels)
            & tables.category(category)
            & tables.date(record.date)
        )
        return tuple(mask & tables.purpose(each) for each in purposes)

    def _held(self, recipient: Recipient, at: datetime) -> Held:
        """The roles that the recipient holds at `at`, as a permit reads them and as a deny does."""
        if recipient.roles is None:
            return None
        calendar = self.plan.setting.calendar

        def held(reading: Reading) -> frozenset[tuple[str, str | None]]:
            return frozenset(
                (each.role, each.org) for each in recipient.roles or () if each.until is None or at < calendar.ends(each.until, reading)
            )

        return held("narrow"), held("wide")

    def covering(self, mask: int) -> Covering:
        """What a mask means."""
        found = self._found.get(mask)
        if found is None:
            found = self._found[mask] = self._covered(self.sheet.covering(mask))
        return found

    def _covered(self, mask: int) -> Covering:
        denying = tuple(paper.id for paper, boxes in self.papers if mask & boxes and not paper.permits)
        if denying:
            return Covering(permitted=False, by=denying, rule=f"directive:{denying[0]}")
        permitting = tuple(paper.id for paper, boxes in self.papers if mask & boxes)
        if permitting:
            return Covering(permitted=True, by=permitting, rule=f"directive:{permitting[0]}")
        return Covering(permitted=False, by=(), rule="default")

    def decide(self, prepared: Prepared, restrictions: Iterable[Restriction] = ()) -> Decision:
        """The decision on a request that was prepared."""
        request, plan = prepared.request, self.plan
        narrowed = tuple(restrictions)
        if not prepared.asked or narrowed:
            return decide_compiled(plan.consents, request, plan.facts, narrowed)
        when = self.sheet.tables.when(request.at)
        records: dict[str, Verdict] = {}
        rules: dict[str, tuple[str, ...]] = {}
        basis: dict[bool, set[str]] = {True: set(), False: set()}
        also: dict[bool, set[str]] = {True: set(), False: set()}
        warned = False
        for asked in prepared.asked:
            found = [self.covering(mask & when) for mask in asked.masks]
            permitted = all(each.permitted for each in found)
            deciding = [each for each in found if each.permitted is permitted]
            records[asked.record.id] = "permit" if permitted else "deny"
            rules[asked.record.id] = tuple(sorted({each.rule for each in deciding}))
            first = {each.by[0] for each in deciding if each.by}
            basis[permitted] |= first
            also[permitted] |= {other for each in deciding for other in each.by[1:]} - first
            warned = warned or (permitted and self._warned(asked, request.at))
        some = "permit" in records.values()
        verdict: Verdict = "deny" if not some else "partial" if "deny" in records.values() else "permit"
        named = tuple(sorted(basis[some]))
        return Decision(
            verdict=verdict,
            records=records,
            withheld=tuple(name for name, each in records.items() if each == "deny") if verdict == "partial" else (),
            basis=named[0] if len(named) == 1 else named or None,
            also=tuple(sorted(also[some] - basis[some])),
            obligations=self._owed(request, verdict, warned=warned),
            rules=rules,
            failed=Later(lambda: decide_compiled(plan.consents, request, plan.facts).failed),
            defects=dict.fromkeys(records, self.flawed) if self.flawed else {},
            basis_kind="consent" if some else None,
            case=Case(plan.consents, request, plan.facts, ()),
        )

    def _warned(self, asked: Asked, at: datetime) -> bool:
        """Whether a paper that is revoked, and nothing else, would have covered what is released."""
        if self.unrevoked is None:
            return False
        now, then = self.sheet.tables.when(at), self.unrevoked.tables.when(at)
        for mask, before in zip(asked.masks, asked.unrevoked, strict=True):
            covering, covered = self.sheet.covering(mask & now), self.unrevoked.covering(before & then)
            if any(covered & once and not covering & boxes for once, boxes in self.once):
                return True
        return False

    def _owed(self, request: Request, verdict: Verdict, *, warned: bool) -> frozenset[Obligation]:
        claimed = "break_glass" in self.plan.setting.words.read("purpose", request.purposes)
        owed = set()
        if verdict != "deny":
            inside = request.action == "use" or request.recipient.kind == "client"
            owed.add(_LOG_ACCESS if inside else _LOG_DISCLOSURE)
            owed |= {_REVIEW} if claimed else set()
            owed |= {_OVERLAP} if warned else set()
        owed |= {_REDACT} if verdict == "partial" else set()
        owed |= {_ALERT} if claimed and verdict != "permit" else set()
        return frozenset(owed)
