"""One record judged: for each purpose and each profile that applies, a rule of law or the papers, and else nothing.

The order is always the same: bars, overriding exceptions, denies, permits, other rules, default. Whatever is the same for every record
of a request, above all which papers are live, is found once and kept in the `Judge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from recoverycore.consent.compiled import CompiledConsents, Paper
from recoverycore.consent.counting import LIFTED_BY_RELIANCE, Withdrawing, not_live, superseded, unwritten
from recoverycore.consent.coverage import AXES, denies, permit_failures
from recoverycore.consent.facts import Facts
from recoverycore.consent.held import Copy, Hearing
from recoverycore.consent.law import Profile
from recoverycore.consent.matter import Matter
from recoverycore.consent.outcome import Obligation
from recoverycore.consent.owing import consent_duties, owed, refusal_duties
from recoverycore.consent.requests import Request

if TYPE_CHECKING:
    from recoverycore.consent.law import Rule
    from recoverycore.consent.requests import Record

__all__ = ["CORE", "Finding", "Judge", "Outcome"]

_OVERLAP = frozenset({"revoked"})
CORE = Profile(id="core", version="1", title="No profile applies: directives alone decide.")
"""What decides where no profile applies: nothing but the papers."""
_BROKEN = frozenset({Obligation.named("report_plugin_error")})


@frozen(kw_only=True)
class Finding:
    """What was found for one record and one purpose in one profile. `by` names everything that would do, the decisive first."""

    permitted: bool = False
    by: tuple[str, ...] = ()
    rule: str = "default"
    kind: str = ""
    """What a permission rests on: consent, exception or implied."""
    owed: frozenset[Obligation] = frozenset()
    """What is owed when the record is released on this."""
    always: frozenset[Obligation] = frozenset()
    """What is owed whatever becomes of the record."""
    entries: tuple[str, ...] = ()


@frozen(kw_only=True)
class Outcome:
    """What was found for one record over every purpose and profile. `labels` are the effective ones."""

    permitted: bool
    basis: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()
    failed: Mapping[str, tuple[str, ...]] = field(factory=dict)
    defects: Mapping[str, tuple[str, ...]] = field(factory=dict)
    owed: frozenset[Obligation] = frozenset()
    refusing: frozenset[Obligation] = frozenset()
    """What is owed if the record is refused, by whatever."""
    kinds: frozenset[str] = frozenset()
    entries: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()


@frozen
class Judge:
    """A request, the papers and the facts, with everything settled that no single record changes."""

    consents: CompiledConsents
    request: Request
    facts: Facts
    purposes: tuple[str, ...]
    action: str
    copy: Copy
    _grounds: dict[Withdrawing, dict[str, frozenset[str]]] = field(factory=dict, eq=False, repr=False)
    _defects: dict[tuple[str, str, str, str], tuple[str, ...]] = field(factory=dict, eq=False, repr=False)

    @classmethod
    def of(cls, consents: CompiledConsents, request: Request, facts: Facts) -> Judge:
        """The judge of `request`."""
        words = consents.setting.words
        [action] = words.read("action", [request.action])
        copied = Copy.of(consents, request, facts, action)
        return cls(consents, request, facts, tuple(sorted(words.read("purpose", request.purposes))), action, copied)

    def on(self, record: Record | None) -> Outcome:
        """What is found for `record`, or for a request that asks for none: released if every purpose is permitted in every profile."""
        matter = self._matter(record, "")
        profiles, broken = self._applying(matter)
        hearing = _Hearing(self, profiles)
        findings = [hearing.find(asked, profile) for asked, profile in self.matters(record)]
        permitted = bool(findings) and not broken and all(each.permitted for each in findings)
        deciding = [each for each in findings if each.permitted is permitted]
        rules = {each.rule for each in deciding} if findings else {"purpose_missing"}
        if broken:
            rules = {"default"} | {each.rule for each in deciding}
        basis = frozenset(each.by[0] for each in deciding if each.by)
        refused = [self._matter(record, purpose) for purpose in hearing.refused] or [matter]
        always = frozenset(each for one in findings for each in one.always) | (_BROKEN if broken else frozenset())
        return Outcome(
            permitted=permitted,
            basis=basis,
            also=frozenset(other for each in deciding for other in each.by[1:]) - basis,
            rules=tuple(sorted(rules)),
            failed={name: tuple(axis for axis in AXES if axis in axes) for name, axes in sorted(hearing.failed.items()) if axes},
            defects={name: tuple(sorted(codes)) for name, codes in sorted(hearing.defects.items())},
            owed=frozenset(code for each in findings for code in each.owed if permitted) | always,
            refusing=frozenset(code for each in refused for code in refusal_duties(profiles, each)) | always,
            kinds=frozenset(each.kind for each in findings if permitted),
            entries=next((each.entries for each in findings if permitted and each.entries), ()),
            profiles=tuple(each.id for each in profiles),
            labels=matter.labels,
        )

    def refusing_everything(self) -> frozenset[Obligation]:
        """What is owed for a refusal that comes before any record is looked at."""
        return refusal_duties(self.consents.setting.profiles, self._matter(None, ""))

    def matters(self, record: Record | None) -> list[tuple[Matter, Profile]]:
        """Every matter that `record` comes to, one for each purpose and each profile that applies."""
        profiles, _ = self._applying(self._matter(record, ""))
        return [(self._matter(record, purpose), profile) for purpose in self.purposes for profile in profiles or (CORE,)]

    def _matter(self, record: Record | None, purpose: str) -> Matter:
        words = self.consents.setting.words
        category = None if record is None or record.category is None else next(iter(words.read("category", [record.category])))
        return Matter(
            request=self.request,
            record=record,
            labels=frozenset() if record is None else self._effective(record),
            category=category,
            purpose=purpose,
            action=self.action,
            recipient=self.request.recipient,
            facts=self.facts,
            setting=self.consents.setting,
        )

    def _effective(self, record: Record) -> frozenset[str]:
        """The labels of `record`, those of its source, and SUD for what a substance use programme made itself. A union."""
        own = {*record.labels, *self.facts.sources.get(record.source or "", ())}
        discloser = self.request.discloser
        if discloser is not None and discloser.kind == "part2_program" and record.source == discloser.id:
            own.add("SUD")
        return self.consents.setting.words.read("label", own)

    def _applying(self, matter: Matter) -> tuple[tuple[Profile, ...], bool]:
        """The profiles that apply, and whether one of them could not say so. Where no record is asked for, those that answer such a request."""
        profiles = self.consents.setting.profiles
        if matter.record is None:
            return tuple(each for each in profiles if each.answers_without_records(self.action)) or profiles, False
        found, broken = [], False
        for each in profiles:
            try:
                if each.applies(matter):
                    found.append(each)
            except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
                broken = True
        return tuple(found), broken

    def grounds(self, by: Withdrawing) -> Mapping[str, frozenset[str]]:
        """For each paper the grounds on which it is not live, supersession apart; none for a live one."""
        if by not in self._grounds:
            at, recipient = self.request.at, self.request.recipient
            self._grounds[by] = {each.id: not_live(each, self.consents, recipient, at, self.facts, by) for each in self.consents.papers}
        return self._grounds[by]

    def defects(self, paper: Paper, profile: Profile, matter: Matter) -> tuple[str, ...]:
        """What is wrong with the form of `paper`: the same for every record of a request."""
        key = (profile.id, paper.id, matter.purpose, matter.recipient.id)
        if key not in self._defects:
            self._defects[key] = profile.defects(paper.document, matter)
        return self._defects[key]


@frozen
class _Hearing:
    """One record before the profiles that apply to it, purpose by purpose, with what is noted on the way."""

    judge: Judge
    profiles: tuple[Profile, ...]
    failed: dict[str, set[str]] = field(factory=dict)
    defects: dict[str, set[str]] = field(factory=dict)
    refused: set[str] = field(factory=set)

    def find(self, matter: Matter, profile: Profile) -> Finding:
        """What decides for one purpose in one profile. A profile that raises denies."""
        try:
            found = self._find(matter, profile)
        except Exception:  # noqa: BLE001 - as above
            found = Finding(always=_BROKEN)
        if not found.permitted:
            self.refused.add(matter.purpose)
        return found

    def _find(self, matter: Matter, profile: Profile) -> Finding:
        judge = self.judge
        bars = [each for each in profile.bars if each.holds(matter)]
        rules = [each for each in profile.rules if all(each.name in bar.rules for bar in bars) and each.covers(matter)]
        gone = superseded(judge.consents, matter.at, lambda paper: self._sound(paper, matter))
        by = Withdrawing(profile.wants_writing, profile.delayed_revocation)
        grounds = {name: (found | {"superseded"} if name in gone else found) for name, found in judge.grounds(by).items()}
        denying = tuple(
            each.id
            for each in judge.consents.papers
            if not each.permits and not self._standing(each, grounds, matter) and denies(each, matter, judge.copy.upstream)
        )
        permits = _Permits(self, matter, profile, [(bar.name, bar.forms) for bar in bars], by)
        for paper in judge.consents.papers:
            if paper.permits:
                permits.look_at(paper, self._standing(paper, grounds, matter))
        wanted = permits.wanted
        overriding = [each for each in rules if each.overriding]
        if overriding:
            duties = owed(overriding[0].duties, matter) | {Obligation.named(f"override_of:{name}") for name in denying}
            return self._by_rules(overriding, matter, duties)
        if denying:
            return Finding(by=denying, rule=f"directive:{denying[0]}", always=wanted)
        if permits.reaching:
            duties = consent_duties(profile, matter) | wanted | permits.overlap
            return Finding(
                permitted=True, by=tuple(permits.reaching), rule=f"directive:{permits.reaching[0]}", kind="consent", owed=duties, always=wanted
            )
        routed = judge.copy.route(Hearing(matter, profile, tuple(bars), judge.consents), gone) if profile.routes else None
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
        """Whether `paper` is free of defects in every profile that applies."""
        return not any(self.judge.defects(paper, each, matter) for each in self.profiles)

    def _standing(self, paper: Paper, grounds: Mapping[str, frozenset[str]], matter: Matter) -> frozenset[str]:
        """Why `paper` is not live for this record: a revocation is not applied to what was done in reliance, for payment."""
        found = grounds[paper.id]
        relied = matter.record is not None and matter.record.id in self.judge.facts.acted_in_reliance.get(paper.id, ())
        return found - LIFTED_BY_RELIANCE if relied and matter.within("payment") else found


@frozen
class _Permits:
    """The permits before one matter in one profile: which reach it, and what the others fail on."""

    hearing: _Hearing
    matter: Matter
    profile: Profile
    bars: list[tuple[str, frozenset[str]]]
    by: Withdrawing
    reaching: list[str] = field(factory=list)
    notes: set[str] = field(factory=set)

    def look_at(self, paper: Paper, grounds: frozenset[str]) -> None:
        """Note whether `paper` reaches the matter, and if not, on which axes it fails."""
        hearing, matter = self.hearing, self.matter
        axes = set(grounds | permit_failures(paper, matter))
        defects = hearing.judge.defects(paper, self.profile, matter)
        if defects:
            axes.add("form")
            hearing.defects.setdefault(paper.id, set()).update(defects)
        made_for_another = self.profile.reaches(paper.document, matter)
        if made_for_another is not None:
            axes.add(made_for_another)
        if any(paper.form not in forms for _, forms in self.bars):
            axes.add("bar")
        hearing.failed.setdefault(paper.id, set()).update(axes)
        if not axes:
            self.reaching.append(paper.id)
        if axes == _OVERLAP:
            self.notes.add("warn_overlapping_grant")
        if self.by.wants_writing and axes <= _OVERLAP and paper.revocations and self._only_in_words(paper):
            self.notes.add("obtain_written_revocation")

    def _only_in_words(self, paper: Paper) -> bool:
        judge = self.hearing.judge
        return unwritten(paper, judge.consents, self.matter.recipient, self.matter.at, judge.facts, self.by)

    @property
    def wanted(self) -> frozenset[Obligation]:
        """That a revocation in words has to be had in writing."""
        return _named(self.notes & {"obtain_written_revocation"})

    @property
    def overlap(self) -> frozenset[Obligation]:
        """That another permit, which is revoked, would have covered what is released."""
        return _named(self.notes & {"warn_overlapping_grant"})


def _named(codes: Iterable[str]) -> frozenset[Obligation]:
    return frozenset(map(Obligation.named, codes))
