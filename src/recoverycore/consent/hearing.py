"""One record heard: each purpose before each profile that applies, in the order that never changes, with what is noted on the way.

Bars, overriding exceptions, denies, permits, ways of passing a copy on, other rules, default.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from attrs import define, field

from recoverycore.consent.counting import LIFTED_BY_RELIANCE, Withdrawing, superseded, unwritten
from recoverycore.consent.coverage import denies, permit_failures
from recoverycore.consent.held import Standing
from recoverycore.consent.law import Profile
from recoverycore.consent.matter import Matter
from recoverycore.consent.outcome import BasisKind, Obligation
from recoverycore.consent.owing import BROKEN, consent_duties, owed

if TYPE_CHECKING:
    from recoverycore.consent.compiled import Paper
    from recoverycore.consent.judging import Judge
    from recoverycore.consent.law import Rule

__all__ = ["Finding", "Hearing"]

_Judge: TypeAlias = "Judge"
_NO_AXES: frozenset[str] = frozenset()
_OVERLAP = frozenset({"revoked"})
_FORM = frozenset({"form"})
_BAR = frozenset({"bar"})
_WANTED = frozenset({Obligation.named("obtain_written_revocation")})
_ALSO_GRANTED = frozenset({Obligation.named("warn_overlapping_grant")})
_NOTHING: frozenset[Obligation] = frozenset()
_UNSAID: frozenset[tuple[str, str]] = frozenset()


class Finding(NamedTuple):
    """What was found for one record and one purpose in one profile. `by` names everything that would do, the decisive first."""

    permitted: bool = False
    by: tuple[str, ...] = ()
    rule: str = "default"
    kind: BasisKind | None = None
    """What a permission rests on: consent, exception or implied."""
    owed: frozenset[Obligation] = frozenset()
    """What is owed when the record is released on this."""
    always: frozenset[Obligation] = frozenset()
    """What is owed whatever becomes of the record."""
    entries: tuple[str, ...] = ()
    provisions: frozenset[tuple[str, str]] = frozenset()
    """The trees that say something here, each with the place of its provision that does."""


@define
class Hearing:
    """One record before the profiles that apply to it, purpose by purpose, with what is noted on the way."""

    judge: _Judge
    profiles: tuple[Profile, ...]
    failed: dict[str, frozenset[str]] = field(factory=dict)
    defects: dict[str, set[str]] = field(factory=dict)
    gone: dict[str, frozenset[str]] = field(factory=dict)
    reach: dict[tuple[str, str], frozenset[str]] = field(factory=dict)

    def find(self, matter: Matter, profile: Profile) -> Finding:
        """What decides for one purpose in one profile. A profile that raises denies."""
        try:
            return self._find(matter, profile)
        except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
            return Finding(always=BROKEN)

    def _find(self, matter: Matter, profile: Profile) -> Finding:
        judge = self.judge
        bars = [each for each in profile.bars if each.holds(matter)]
        rules = [each for each in profile.rules if all(each.name in bar.rules for bar in bars) and each.covers(matter)]
        by = Withdrawing(profile.wants_writing, profile.delayed_revocation)
        papers = judge.consents.facing(matter)
        gone, grounds = self._gone(matter, papers), judge.grounds(by)
        permits = Permits(self, matter, profile, [bar.forms for bar in bars], by)
        denying: list[str] = []
        for paper in papers:
            standing = self._standing(paper, grounds[paper.id, paper.permits], gone, matter)
            if paper.permits:
                permits.look_at(paper, standing)
            elif not standing and denies(paper, matter, judge.copy.upstream):
                denying.append(paper.id)
        wanted = permits.wanted
        said = _said(papers) if judge.consents.trees else _UNSAID
        overriding = [each for each in rules if each.overriding]
        if overriding:
            duties = owed(overriding[0].duties, matter) | {Obligation.named(f"override_of:{name}") for name in denying}
            return self._by_rules(overriding, matter, duties)
        if denying:
            return Finding(by=tuple(denying), rule=f"directive:{denying[0]}", always=wanted, provisions=said)
        if permits.reaching:
            duties = consent_duties(profile, matter) | wanted | permits.overlap
            return Finding(
                permitted=True,
                by=tuple(permits.reaching),
                rule=f"directive:{permits.reaching[0]}",
                kind="consent",
                owed=duties,
                always=wanted,
                provisions=said,
            )
        chain = judge.copy.chain
        routed = None if chain is None else chain.route(Standing(matter, profile, tuple(bars), judge.consents), gone)
        if routed is not None:
            return Finding(permitted=True, by=(routed.by,), rule=f"directive:{routed.by}", kind="consent", owed=routed.owed, always=wanted)
        if rules:
            return self._by_rules(rules, matter, owed(rules[0].duties, matter))
        return Finding(rule=f"bar:{bars[0].name}" if bars else "default", always=wanted)

    def _by_rules(self, rules: list[Rule], matter: Matter, duties: frozenset[Obligation]) -> Finding:
        first = rules[0]
        return Finding(
            permitted=True,
            by=tuple(f"rule:{each.name}" for each in rules),
            rule=f"rule:{first.name}",
            kind="implied" if first.implied else "exception",
            owed=duties,
            entries=first.entries(matter),
        )

    def _sound(self, paper: Paper, matter: Matter) -> bool:
        """Whether `paper` is free of defects in every profile that applies, or in the core where none does."""
        return not any(self.judge.defects(paper, each, matter) for each in self.profiles)

    def _gone(self, matter: Matter, papers: tuple[Paper, ...]) -> frozenset[str]:
        """The papers that are superseded: the same in every profile, since a superseder has to be sound in all that apply."""
        if not self.judge.consents.superseding:
            return frozenset()
        if matter.purpose not in self.gone:
            self.gone[matter.purpose] = superseded(papers, matter.at, lambda paper: self._sound(paper, matter))
        return self.gone[matter.purpose]

    def _standing(self, paper: Paper, grounds: frozenset[str], gone: frozenset[str], matter: Matter) -> frozenset[str]:
        """Why `paper` is not live for this record: a revocation is not applied to what was done in reliance, for payment."""
        if paper.id in gone:
            grounds |= {"superseded"}
        relied = self.judge.facts.acted_in_reliance
        if not relied or matter.record is None or matter.record.id not in relied.get(paper.id, ()) or not matter.within("payment"):
            return grounds
        return grounds - LIFTED_BY_RELIANCE

    def reaching(self, paper: Paper, matter: Matter) -> frozenset[str]:
        """The axes on which a permit fails by what it says: the same in every profile."""
        key = (paper.id, matter.purpose)
        if key not in self.reach:
            self.reach[key] = permit_failures(paper, matter)
        return self.reach[key]


def _said(papers: tuple[Paper, ...]) -> frozenset[tuple[str, str]]:
    """The trees that say something of a matter, each with the place of its provision that does."""
    return frozenset([(paper.id, paper.said.place) for paper in papers if paper.said is not None])


@define
class Permits:
    """The permits before one matter in one profile: which reach it, and what the others fail on."""

    hearing: Hearing
    matter: Matter
    profile: Profile
    bars: list[frozenset[str]]
    by: Withdrawing
    reaching: list[str] = field(factory=list)
    notes: set[str] = field(factory=set)

    def look_at(self, paper: Paper, grounds: frozenset[str]) -> None:
        """Note whether `paper` reaches the matter, and if not, on which axes it fails."""
        hearing, matter = self.hearing, self.matter
        axes = grounds | hearing.reaching(paper, matter)
        defects = hearing.judge.defects(paper, self.profile, matter)
        if defects:
            axes |= _FORM
            hearing.defects.setdefault(paper.id, set()).update(defects)
        made_for_another = self.profile.reaches(paper.document, matter)
        if made_for_another is not None:
            axes |= {made_for_another}
        if any(paper.form not in forms for forms in self.bars):
            axes |= _BAR
        hearing.failed[paper.id] = axes | hearing.failed.get(paper.id, _NO_AXES)
        if not axes:
            self.reaching.append(paper.id)
        if axes == _OVERLAP:
            self.notes.add("warn_overlapping_grant")
        if self.by.wants_writing and axes <= _OVERLAP and self._only_in_words(paper):
            self.notes.add("obtain_written_revocation")

    def _only_in_words(self, paper: Paper) -> bool:
        judge = self.hearing.judge
        return unwritten(paper, judge.consents, self.matter.recipient, self.matter.at, facts=judge.facts, by=self.by)

    @property
    def wanted(self) -> frozenset[Obligation]:
        """That a revocation in words has to be had in writing."""
        return _WANTED if "obtain_written_revocation" in self.notes else _NOTHING

    @property
    def overlap(self) -> frozenset[Obligation]:
        """That another permit, which is revoked, would have covered what is released."""
        return _ALSO_GRANTED if "warn_overlapping_grant" in self.notes else _NOTHING
