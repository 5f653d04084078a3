"""Deciding by a plan: the answer that the decision gives, from masks that were looked up once.

Where no profile of law has anything to say, an answer depends on nothing but which papers cover what is asked; so what follows from a
mask is kept and given again. Under profiles, with copies and with reliance, the plan hands the request on to the decision itself.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import reduce
from operator import or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from recoverycore.consent.case import Case
from recoverycore.consent.counting import Withdrawing
from recoverycore.consent.decision import decide_compiled
from recoverycore.consent.law import ABUSER_SIGNED
from recoverycore.consent.mappings import Later
from recoverycore.consent.outcome import Decision, Obligation
from recoverycore.consent.plan.looking import Looking
from recoverycore.consent.plan.near import Near
from recoverycore.consent.plan.patches import Patch
from recoverycore.consent.plan.prepared import Asked, Prepared
from recoverycore.consent.plan.sheet import sheet_of
from recoverycore.consent.plan.tables import kept, turns
from recoverycore.consent.plan.times import in_force
from recoverycore.consent.times import EVER
from recoverycore.ground.instants import require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from recoverycore.consent.outcome import Restriction, Verdict
    from recoverycore.consent.plan.plan import Plan
    from recoverycore.consent.plan.prepared import Turns
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.requests import Record, Request

__all__ = ["Decider"]

_LOG_ACCESS = Obligation.named("log_access")
_LOG_DISCLOSURE = Obligation.named("log_disclosure")
_REVIEW = Obligation("after", "post_review")
_REDACT = Obligation.named("redact")
_ALERT = Obligation.named("alert_privacy_officer")
_OVERLAP = Obligation.named("warn_overlapping_grant")
_NOTHING_OWED: frozenset[Obligation] = frozenset()
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@frozen
class Covering:
    """What a mask means: whether it permits, the papers that would do in their order, and the rule that decides.

    `parts` are those of a decision that are the same whatever was asked.
    """

    permitted: bool
    by: tuple[str, ...]
    rule: str
    parts: dict[str, Any]


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
        self.looking = Looking(self.sheet.tables, plan.setting, facts)
        self.times, self.in_force = self.sheet.tables.times, [0, *self.sheet.tables.in_force]
        """From which instants on which patches are in force; before the first of all times, none."""
        self.papers = tuple(zip(plan.consents.papers, self.sheet.books[0].papers, strict=True))
        self.granting, self.refusing = (
            reduce(or_, (boxes for paper, boxes in self.papers if paper.permits is permits), 0) for permits in (True, False)
        )
        """The boxes of permits, and those of denies."""
        flawed = [each.id for each in plan.consents.papers if each.permits and each.document.abuser_signed]
        self.flawed: Mapping[str, tuple[str, ...]] = MappingProxyType(dict.fromkeys(flawed, (ABUSER_SIGNED,)))
        self.found: dict[int, Covering] = {}
        self._turning: dict[Turns, Turns] = {}
        self._owing: dict[tuple[Verdict, bool, bool, bool], frozenset[Obligation]] = {}
        self.revoked = tuple((paper, boxes) for paper, boxes in self.papers if paper.permits and paper.revocations)
        # No cached properties: they are kept in the dict of a decider, and with that at hand each look at an attribute takes far longer.
        self._near: Near | None = None
        self._unrevoked: tuple[list[datetime], list[int]] | None = None

    @property
    def near(self) -> Near:
        """What tells where permits fail."""
        if self._near is None:
            self._near = Near(self.plan, self.sheet, self.looking)
        return self._near

    @property
    def unrevoked(self) -> tuple[list[datetime], list[int]]:
        """From which instants on which boxes of revoked permits would be in force, if these had not been revoked."""
        if self._unrevoked is None:
            self._unrevoked = self._as_if_unrevoked()
        return self._unrevoked

    def _as_if_unrevoked(self) -> tuple[list[datetime], list[int]]:
        consents, facts = self.plan.consents, self.plan.facts
        starts = {at for each in consents.papers if each.supersedes for at in (each.starts_early, each.starts_late)}
        lives = [in_force(evolve(each, revocations=()), consents, facts, Withdrawing(), starts) for each, _ in self.revoked]
        times, masks = turns([Patch(live=each) for each in lives])
        boxes = [each for _, each in self.revoked]
        return times, [reduce(or_, (each for place, each in enumerate(boxes) if mask >> place & 1), 0) for mask in masks]

    def prepare(self, request: Request) -> Prepared:
        """`request` with everything looked up that does not change with time."""
        lasting = all(each.until is None for each in request.recipient.roles or ())
        if not self.plain or not request.purposes or not request.records:
            return Prepared(self, request, (), lasting)
        looking = self.looking
        found = tuple([Asked(each, looking.masks(request, each)) for each in sorted(request.records, key=_id)])
        alone = lasting and len(found) == len(found[0].masks) == 1
        return Prepared(self, request, found, lasting, found[0].masks[0] if alone else None)

    def at(self, cell: int, at: datetime) -> Covering:
        """What the mask of a cell means at an instant. Error: ``naive_time``."""
        try:
            mask = cell & self.in_force[bisect_right(self.times, at)]
        except TypeError:
            require_aware(at)
            raise
        return self._known(mask)

    def _known(self, mask: int) -> Covering:
        found = self.found.get(mask)
        return self.covering(mask) if found is None else found

    def turns(self, cell: int) -> Turns:
        """When a cell comes to be permitted, denied again, and so on; before all of that twice the first of all times.

        So each instant is compared with one at least, and behind an odd number of them the cell is permitted.
        """
        times, permitted, before = [EVER, EVER], False, 0
        for at, force in zip(self.times, self.in_force[1:], strict=True):
            mask = cell & force
            if mask != before and self._permits(mask) is not permitted:
                times.append(at)
                permitted = not permitted
            before = mask
        # Those that turn alike share one: thousands of small values are slower to look at than few.
        found = tuple(times)
        return self._turning.get(found) or kept(self._turning, found, found)

    def _permits(self, mask: int) -> bool:
        covering = self.sheet.covering(mask)
        return not covering & self.refusing and covering & self.granting != 0

    def covering(self, mask: int) -> Covering:
        """What a mask means."""
        return kept(self.found, mask, self._covered(self.sheet.covering(mask)))

    def _covered(self, mask: int) -> Covering:
        denying = tuple(paper.id for paper, boxes in self.papers if mask & boxes and not paper.permits)
        permitting = () if denying else tuple(paper.id for paper, boxes in self.papers if mask & boxes)
        by = denying or permitting
        parts = {
            "verdict": "permit" if permitting else "deny",
            "withheld": (),
            "basis": by[0] if by else None,
            "also": tuple(sorted(by[1:])),
            "provisions": _NOTHING,
            "refused": None,
            "basis_kind": "consent" if permitting else None,
            "profiles": (),
            "entries": (),
        }
        return Covering(bool(permitting), by, f"directive:{by[0]}" if by else "default", parts)

    def answer(self, request: Request) -> Decision:
        """The decision on a request."""
        if self.plain and len(request.records) == len(request.purposes) == 1:
            looking = self.looking
            masks = looking.purposes(request.purposes)
            if len(masks) == 1:
                record = request.records[0]
                return self._on_one(request, record, masks[0] & looking.asking(request) & looking.record(record, request.discloser))
        return self.decide(self.prepare(request))

    def _on_one(self, request: Request, record: Record, cell: int) -> Decision:
        """The decision on one record for one purpose."""
        found = self.at(cell, request.at)
        owed = self._owed(request, found.parts["verdict"], warned=found.permitted and self._warned((cell,), request.at))
        return Decision.of_parts(found.parts | {"obligations": owed}, self._asked, request, record.id, found)

    def _asked(self, request: Request, name: str, found: Covering) -> dict[str, Any]:
        """The parts of a decision on one record that tell of the request itself; made when one of them is looked at."""
        return {
            "records": MappingProxyType({name: found.parts["verdict"]}),
            "rules": MappingProxyType({name: (found.rule,)}),
            "failed": Later(self.failed, request),
            "defects": MappingProxyType({name: self.flawed} if self.flawed else {}),
            "case": Case(self.plan.consents, request, self.plan.facts, ()),
        }

    def failed(self, request: Request) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """For each record and each permit that does not reach it the axes on which it fails."""
        near = self.telling(request)
        if near is None:
            return decide_compiled(self.plan.consents, request, self.plan.facts).failed
        found = [(each.id, near.failed(near.missed(request, each), request.recipient, request.at)) for each in request.records]
        return {name: failed for name, failed in sorted(found) if failed}

    def telling(self, request: Request) -> Near | None:
        """What tells where permits fail, if masks do for this request."""
        return self.near if self.plain and request.action != "redisclose" and self.near.told else None

    def decide(self, prepared: Prepared, restrictions: Iterable[Restriction] = ()) -> Decision:
        """The decision on a request that was prepared."""
        request, plan = prepared.request, self.plan
        narrowed = tuple(restrictions)
        if not prepared.asked or narrowed:
            return decide_compiled(plan.consents, request, plan.facts, narrowed)
        if prepared.cell is not None:
            return self._on_one(request, prepared.asked[0].record, prepared.cell)
        records: dict[str, Verdict] = {}
        rules: dict[str, tuple[str, ...]] = {}
        basis: dict[bool, set[str]] = {True: set(), False: set()}
        also: dict[bool, set[str]] = {True: set(), False: set()}
        warned = False
        for asked in prepared.asked:
            found = [self.at(mask, request.at) for mask in asked.masks]
            permitted = all(each.permitted for each in found)
            deciding = [each for each in found if each.permitted is permitted]
            records[asked.record.id] = "permit" if permitted else "deny"
            rules[asked.record.id] = tuple(sorted({each.rule for each in deciding}))
            basis[permitted] |= {each.by[0] for each in deciding if each.by}
            also[permitted].update(*(each.by for each in deciding))
            warned = warned or (permitted and self._warned(asked.masks, request.at))
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
            failed=Later(self.failed, request),
            defects=dict.fromkeys(records, self.flawed) if self.flawed else {},
            basis_kind="consent" if some else None,
            case=Case(plan.consents, request, plan.facts, ()),
        )

    def _warned(self, cells: Iterable[int], at: datetime) -> bool:
        """Whether a paper that is revoked, and nothing else about it, would have covered what is released."""
        if not self.revoked:
            return False
        times, masks = self.unrevoked
        then = masks[bisect_right(times, at) - 1]
        for cell in cells:
            now = cell & self.sheet.tables.when(at)
            covering, covered = self.sheet.covering(now), self.sheet.excepted(now | (cell & then)) & then
            if any(covered & boxes and not covering & boxes for _, boxes in self.revoked):
                return True
        return False

    def _owed(self, request: Request, verdict: Verdict, *, warned: bool) -> frozenset[Obligation]:
        claimed = self.looking.claimed(request.purposes)
        if verdict == "deny" and not claimed:
            return _NOTHING_OWED
        inside = request.action == "use" or request.recipient.kind == "client"
        key = (verdict, inside, claimed, warned)
        found = self._owing.get(key)
        return kept(self._owing, key, _owed(verdict, inside=inside, claimed=claimed, warned=warned)) if found is None else found


def _owed(verdict: Verdict, *, inside: bool, claimed: bool, warned: bool) -> frozenset[Obligation]:
    owed = set()
    if verdict != "deny":
        owed.add(_LOG_ACCESS if inside else _LOG_DISCLOSURE)
        owed |= {_REVIEW} if claimed else set()
        owed |= {_OVERLAP} if warned else set()
    owed |= {_REDACT} if verdict == "partial" else set()
    owed |= {_ALERT} if claimed and verdict != "permit" else set()
    return frozenset(owed)


def _id(record: Record) -> str:
    return record.id
