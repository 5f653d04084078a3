"""Copies that are passed on: where one came from, and the routes by which its holder may pass it on.

A copy without provenance has no route. Each hop is at most the hop before, and what bars the record travels with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.consent.compiled import CompiledConsents, Paper, Region, region_of
from recoverycore.consent.counting import LIFTED_BY_RELIANCE, Withdrawing, not_live
from recoverycore.consent.coverage import covers_copy, holds_data
from recoverycore.consent.law import Bar, Profile
from recoverycore.consent.matter import Matter
from recoverycore.consent.outcome import Obligation
from recoverycore.consent.owing import consent_duties, owed
from recoverycore.consent.posets import STAR
from recoverycore.consent.requests import Recipient
from recoverycore.consent.times import Moment

if TYPE_CHECKING:
    from collections.abc import Collection

    from recoverycore.consent.facts import Facts
    from recoverycore.consent.law import Route
    from recoverycore.consent.requests import Request

__all__ = ["Chain", "Copy", "Routed", "Standing"]


@frozen
class Routed:
    """A route that is open: the directive it rests on, and what is owed."""

    by: str
    owed: frozenset[Obligation]


@frozen
class Copy:
    """The copy that a request would pass on. `upstream` are those who released it before; None among them where that is not known.

    `chain` tells how it came to the discloser; None where nothing is passed on, or not all of that has been told.
    """

    upstream: frozenset[str | None] = frozenset()
    chain: Chain | None = None

    @classmethod
    def of(cls, consents: CompiledConsents, request: Request, facts: Facts, action: str) -> Copy:
        """The copy that `request` is about; none where nothing is passed on."""
        if action != "redisclose":
            return _NO_COPY
        held, who = facts.held_copy, request.discloser
        if held is None or who is None or held.holder != who.id:
            return cls(frozenset({None}))
        known = {paper.id: paper for paper in consents.papers}
        papers = tuple(known[each.received_under] for each in held.hops if each.received_under in known)
        upstream = {None if each.discloser == STAR else each.discloser for each in papers}
        upstream |= {each.holder for each in held.hops if each.holder is not None}
        if len(papers) < len(held.hops):
            return cls(frozenset(upstream | {None}))
        holder = Recipient(id=who.id, kind=who.kind, org=who.org, treating_relationship=who.treating_relationship)
        limits = tuple(region_of(each.limits, consents.setting) for each in held.hops if each.limits is not None)
        return cls(frozenset(upstream), Chain(holder, papers, limits, held.received_at))


@frozen
class Chain:
    """How a copy came to its holder: the paper of each hop, the oldest first, the limits that were set on the way, and when it came."""

    holder: Recipient
    papers: tuple[Paper, ...]
    limits: tuple[Region, ...]
    received_at: Moment | None

    def route(self, standing: Standing, gone: Collection[str]) -> Routed | None:
        """The first route of the profile that is open for this matter. `gone` are the papers that are superseded."""
        matter, last = standing.matter, self.papers[-1]
        for each in standing.profile.routes:
            if not each.holds(last.document, matter) or not self._within(each, matter):
                continue
            if all(paper.id not in gone and self._counts(paper, each, standing) for paper in self.papers):
                due = consent_duties(standing.profile, matter) if each.duties is None else owed(each.duties, matter)
                return Routed(last.id, due)
        return None

    def _within(self, route: Route, matter: Matter) -> bool:
        """Whether every hop and the copy's own limits hold this record for this purpose, and the last one gave it to the holder."""
        *earlier, last = self.papers
        return (
            all(covers_copy((each,), (), matter) for each in self.limits)
            and covers_copy(last.boxes, last.excepts, matter.to(self.holder), ("disclose",))
            and (not route.inside or covers_copy(last.boxes, last.excepts, matter))
            and all(holds_data(each.boxes, each.excepts, matter) for each in earlier)
        )

    def _counts(self, paper: Paper, route: Route, standing: Standing) -> bool:
        """Whether `paper` is a permit that is live for the holder and for the new recipient, sound, and made for such a record.

        One that names no discloser has released nothing to anybody.
        """
        matter, profile = standing.matter, standing.profile
        if not paper.permits or paper.discloser is None or any(paper.form not in bar.forms for bar in standing.bars):
            return False
        by = Withdrawing(profile.wants_writing, profile.delayed_revocation)
        grounds: frozenset[str] = frozenset()
        for who in (self.holder, matter.recipient):
            grounds |= not_live(paper, standing.consents, who, matter.at, facts=matter.facts, by=by)
        if route.outlives is not None and matter.policy[route.outlives] == "permit" and self._received_before(paper, matter):
            grounds -= LIFTED_BY_RELIANCE
        return not grounds and not profile.flaws(paper.document, matter.to(self.holder)) and profile.reaches(paper.document, matter) is None

    def _received_before(self, paper: Paper, matter: Matter) -> bool:
        """Whether the copy had surely been received before anything was taken back. At the instant of a revocation it is too late."""
        came = self.received_at
        if came is None:
            return False
        taken_back = [*(each.at for each in paper.revocations), *(start for start, _ in paper.suspensions)]
        if isinstance(came, datetime):
            return all(came < each for each in taken_back)
        return all(matter.setting.calendar.ends(came, "wide") <= each for each in taken_back)


_NO_COPY = Copy()


@frozen
class Standing:
    """One matter before one profile, with the bars that hold."""

    matter: Matter
    profile: Profile
    bars: tuple[Bar, ...]
    consents: CompiledConsents
