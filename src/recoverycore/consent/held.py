"""Copies that are passed on: where one came from, and the routes by which its holder may pass it on.

A copy without provenance has no route. Each hop is at most the hop before, and what bars the record travels with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.consent.compiled import CompiledConsents, Paper, region_of
from recoverycore.consent.counting import Withdrawing, not_live
from recoverycore.consent.coverage import covers_copy, holds_data
from recoverycore.consent.facts import HeldCopy
from recoverycore.consent.law import Bar, Profile
from recoverycore.consent.matter import Matter
from recoverycore.consent.outcome import Obligation
from recoverycore.consent.owing import consent_duties, owed
from recoverycore.consent.requests import Recipient

if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverycore.consent.facts import Facts
    from recoverycore.consent.law import Route
    from recoverycore.consent.requests import Request

__all__ = ["Copy", "Routed", "Standing"]

_UNKNOWN: frozenset[str | None] = frozenset({None})
_NONE: frozenset[str | None] = frozenset()


@frozen
class Routed:
    """A route that is open: the directive it rests on, and what is owed."""

    by: str
    owed: frozenset[Obligation]


@frozen
class Copy:
    """The copy that a request would pass on. `held` is its provenance, where the host has told it and it is the discloser's.

    `upstream` are those who released it before; None among them where that is not known.
    """

    held: HeldCopy | None
    hops: tuple[Paper, ...]
    whole: bool
    """Whether every hop rests on a paper that is there."""
    upstream: frozenset[str | None]

    @classmethod
    def of(cls, consents: CompiledConsents, request: Request, facts: Facts, action: str) -> Copy:
        """The copy that `request` is about; none where nothing is passed on."""
        if action != "redisclose":
            return _NO_COPY
        held = facts.held_copy
        if held is None or request.discloser is None or held.holder != request.discloser.id:
            return cls(None, (), whole=False, upstream=_UNKNOWN)
        papers = {paper.id: paper for paper in consents.papers}
        hops = tuple(papers[each.received_under] for each in held.hops if each.received_under in papers)
        whole = len(hops) == len(held.hops)
        before: set[str | None] = {None if each.discloser == "*" else each.discloser for each in hops}
        before |= {each.holder for each in held.hops[:-1] if each.holder is not None}
        return cls(held, hops, whole, frozenset(before if whole else before | {None}))

    def route(self, standing: Standing, gone: Collection[str]) -> Routed | None:
        """The first route of the profile that is open for this matter. `gone` are the papers that are superseded."""
        if self.held is None or not self.whole or standing.matter.request.discloser is None:
            return None
        who = standing.matter.request.discloser
        holder = Recipient(id=who.id, kind=who.kind, org=who.org, treating_relationship=who.treating_relationship)
        for each in standing.profile.routes:
            if each.holds(self.hops[-1].document, standing.matter) and self._within(each, standing.matter, holder):
                if not all(paper.id not in gone and self._counts(paper, each, standing, holder) for paper in self.hops):
                    continue
                duties = each.duties
                due = consent_duties(standing.profile, standing.matter) if duties is None else owed(duties, standing.matter)
                return Routed(self.hops[-1].id, due)
        return None

    def _within(self, route: Route, matter: Matter, holder: Recipient) -> bool:
        """Whether every hop and the copy's own limits hold this record for this purpose, and the last one gave it to the holder."""
        *earlier, last = self.hops
        limits = [each.limits for each in (self.held.hops if self.held else ()) if each.limits is not None]
        if not all(covers_copy((region_of(each, matter.setting),), (), matter) for each in limits):
            return False
        if not covers_copy(last.boxes, last.excepts, matter.to(holder), ("disclose",)) or (
            route.inside and not covers_copy(last.boxes, last.excepts, matter)
        ):
            return False
        return all(holds_data(each.boxes, each.excepts, matter) for each in earlier)

    def _counts(self, paper: Paper, route: Route, standing: Standing, holder: Recipient) -> bool:
        """Whether `paper` is a permit that is live for the holder and for the new recipient, sound, and made for such a record.

        One that names no discloser has released nothing to anybody.
        """
        matter, profile = standing.matter, standing.profile
        if not paper.permits or paper.discloser is None or any(paper.form not in bar.forms for bar in standing.bars):
            return False
        by = Withdrawing(profile.wants_writing, profile.delayed_revocation)
        grounds: frozenset[str] = frozenset()
        for who in (holder, matter.recipient):
            grounds |= not_live(paper, standing.consents, who, matter.at, facts=matter.facts, by=by)
        if route.outlives is not None and matter.policy[route.outlives] == "permit" and self._received_before(paper, matter):
            grounds -= {"revoked", "suspended"}  # a suspension is a revocation while it lasts
        return not grounds and not profile.flaws(paper.document, matter.to(holder)) and profile.reaches(paper.document, matter) is None

    def _received_before(self, paper: Paper, matter: Matter) -> bool:
        """Whether the copy had surely been received before anything was taken back."""
        received = None if self.held is None else self.held.received_at
        if received is None:
            return False
        by_then = matter.setting.calendar.ends(received, "wide")
        taken_back = [*(each.at for each in paper.revocations), *(start for start, _ in paper.suspensions)]
        return all(by_then <= each for each in taken_back)


_NO_COPY = Copy(None, (), whole=False, upstream=_NONE)


@frozen
class Standing:
    """One matter before one profile, with the bars that hold."""

    matter: Matter
    profile: Profile
    bars: tuple[Bar, ...]
    consents: CompiledConsents
