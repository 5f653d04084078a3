"""One record judged: for each purpose and each profile that applies, a rule of law or the papers, and else nothing.

The order is always the same: bars, overriding exceptions, denies, permits, other rules, default. Whatever is the same for every record
of a request, above all which papers are live, is found once and kept in the `Judge`.
"""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from attrs import field, frozen

from recoverycore.consent.compiled import CompiledConsents, Paper
from recoverycore.consent.counting import Withdrawing, not_live
from recoverycore.consent.coverage import in_order
from recoverycore.consent.facts import Facts
from recoverycore.consent.hearing import Hearing
from recoverycore.consent.held import Copy
from recoverycore.consent.law import Profile
from recoverycore.consent.matter import Matter
from recoverycore.consent.owing import BROKEN, refusal_duties
from recoverycore.consent.requests import Request
from recoverycore.consent.times import EVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from recoverycore.consent.hearing import Finding
    from recoverycore.consent.outcome import BasisKind, Obligation
    from recoverycore.consent.posets import Vocabulary
    from recoverycore.consent.requests import Discloser, Record

__all__ = ["CORE", "Judge", "Outcome", "effective_labels"]

_NONE: Mapping[str, tuple[str, ...]] = MappingProxyType({})
_NOTHING: frozenset[Obligation] = frozenset()
CORE = Profile(id="core", version="1", title="No profile applies: directives alone decide.")
"""What decides where no profile applies: nothing but the papers."""


class Outcome(NamedTuple):
    """What was found for one record over every purpose and profile. `labels` are the effective ones."""

    permitted: bool
    basis: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()
    failed: Mapping[str, tuple[str, ...]] = _NONE
    defects: Mapping[str, tuple[str, ...]] = _NONE
    owed: frozenset[Obligation] = frozenset()
    refusing: frozenset[Obligation] = frozenset()
    """What is owed if the record is refused, by whatever."""
    kinds: frozenset[BasisKind | None] = frozenset()
    """What each part of it rests on; nothing is what rests on nothing."""
    entries: tuple[str, ...] = ()
    provisions: Mapping[str, tuple[str, ...]] = _NONE
    """For each tree that decides, the places of the provisions that do."""
    profiles: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()


@frozen
class Judge:
    """A request, the papers and the facts, with everything settled that no single record changes."""

    consents: CompiledConsents
    request: Request
    facts: Facts
    at: datetime
    """The instant of the request, in UTC."""
    purposes: tuple[str, ...]
    action: str
    copy: Copy
    _grounds: dict[Withdrawing, dict[tuple[str, bool], frozenset[str]]] = field(factory=dict, repr=False)
    _defects: dict[tuple[str, str, str, str], tuple[str, ...]] = field(factory=dict, repr=False)

    @classmethod
    def of(cls, consents: CompiledConsents, request: Request, facts: Facts) -> Judge:
        """The judge of `request`."""
        words = consents.setting.words
        action = words.one("action", request.action)
        purposes = tuple(sorted(words.read("purpose", request.purposes)))
        at = EVER + (request.at - EVER)  # in UTC, as papers are read: two times of one zone are compared far faster; a naive one raises
        return cls(consents, request, facts, at, purposes, action, Copy.of(consents, request, facts, action))

    def on(self, record: Record | None) -> Outcome:
        """What is found for `record`, or for a request that asks for none: released if every purpose is permitted in every profile."""
        first, *others = self.purposes or ("",)
        matter = self._matter(record, first)
        profiles, broken = self._applying(matter)
        applying = profiles or (CORE,)
        hearing = Hearing(self, applying)
        asked = [matter, *[matter.about(purpose) for purpose in others]]
        findings = [hearing.find(each, profile) for each in asked for profile in applying] if self.purposes else []
        permitted = bool(findings) and not broken and all(each.permitted for each in findings)
        deciding = [each for each in findings if each.permitted is permitted]
        always = (BROKEN if broken else _NOTHING).union(*[each.always for each in findings])
        rules: set[str] = {"default"} if broken else set()
        basis: set[str] = set()
        also: set[str] = set()
        kinds: set[BasisKind | None] = set()
        owed = set(always)
        for each in deciding:
            rules.add(each.rule)
            basis.update(each.by[:1])
            also.update(each.by)
            owed |= each.owed
            kinds.add(each.kind)
        passed_on = basis if permitted and self.copy.chain is not None else ()  # under these papers, by a route: that is no failure
        return Outcome(
            permitted=permitted,
            basis=frozenset(basis),
            also=frozenset(also - basis),
            rules=tuple(sorted(rules)),
            failed={name: in_order(axes) for name, axes in sorted(hearing.failed.items()) if axes and name not in passed_on},
            defects={name: tuple(sorted(codes)) for name, codes in sorted(hearing.defects.items())} if hearing.defects else _NONE,
            owed=frozenset(owed),
            refusing=always.union(*[refusal_duties(profiles, each) for each in asked]) if profiles else always,
            kinds=frozenset(kinds),
            entries=next((each.entries for each in deciding if each.entries), ()),
            provisions=_provisions(deciding, basis) if self.consents.trees else _NONE,
            profiles=tuple([each.id for each in profiles]),
            labels=matter.labels,
        )

    def refusing_everything(self) -> frozenset[Obligation]:
        """What is owed for a refusal that comes before any record is looked at."""
        profiles = self.consents.setting.profiles
        return frozenset().union(*(refusal_duties(profiles, self._matter(None, each)) for each in self.purposes or ("",)))

    def matters(self, record: Record | None) -> list[tuple[Matter, Profile]]:
        """Every matter that `record` comes to, one for each purpose and each profile that applies."""
        matter = self._matter(record, "")
        profiles, _ = self._applying(matter)
        return [(matter.about(purpose), profile) for purpose in self.purposes for profile in profiles or (CORE,)]

    def _matter(self, record: Record | None, purpose: str) -> Matter:
        words = self.consents.setting.words
        category = None if record is None or record.category is None else words.one("category", record.category)
        return Matter(
            request=self.request,
            record=record,
            labels=frozenset() if record is None else self.effective(record),
            category=category,
            purpose=purpose,
            action=self.action,
            recipient=self.request.recipient,
            facts=self.facts,
            setting=self.consents.setting,
        )

    def effective(self, record: Record) -> frozenset[str]:
        """The labels of `record`, as `effective_labels` tells them."""
        return effective_labels(record, self.request.discloser, self.facts, self.consents.setting.words)

    def _applying(self, matter: Matter) -> tuple[tuple[Profile, ...], bool]:
        """The profiles that apply, whatever the purpose, and whether one could not say so.

        Where no record is asked for, those that answer such a request.
        """
        profiles = self.consents.setting.profiles
        if not profiles:
            return (), False
        if matter.record is None:
            return tuple(each for each in profiles if each.answers_without_records(self.action)) or profiles, False
        found, broken, whole = [], False, matter.about("")
        for each in profiles:
            try:
                if each.applies(whole):
                    found.append(each)
            except Exception:  # noqa: BLE001 - a profile may raise anything, and then the answer is deny
                broken = True
        return tuple(found), broken

    def grounds(self, by: Withdrawing) -> Mapping[tuple[str, bool], frozenset[str]]:
        """For each paper, as a permit or not, the grounds on which it is not live, supersession apart; none for a live one."""
        found = self._grounds.get(by)
        if found is None:
            found = self._grounds[by] = {
                (each.id, each.permits): not_live(each, self.consents, self.request.recipient, self.at, facts=self.facts, by=by)
                for paper in self.consents.papers
                for each in paper.faces
            }
        return found

    def defects(self, paper: Paper, profile: Profile, matter: Matter) -> tuple[str, ...]:
        """What is wrong with the form of `paper`, which a profile may judge by the record that is asked for."""
        key = (profile.id, paper.id, matter.purpose, "" if matter.record is None else matter.record.id)
        if key not in self._defects:
            self._defects[key] = profile.flaws(paper.document, matter)
        return self._defects[key]


def effective_labels(record: Record, discloser: Discloser | None, facts: Facts, words: Vocabulary) -> frozenset[str]:
    """The labels of `record`, those of its source, and SUD for what a substance use programme made itself. A union."""
    own = {*record.labels, *facts.sources.get(record.source or "", ())}
    if discloser is not None and discloser.kind == "part2_program" and record.source == discloser.id:
        own.add("SUD")
    return words.read("label", own)


def _provisions(deciding: Iterable[Finding], basis: set[str]) -> dict[str, tuple[str, ...]]:
    """The places at which the trees among `basis` decide."""
    found: dict[str, set[str]] = {}
    for each in deciding:
        for tree, place in each.provisions:
            if tree in basis:
                found.setdefault(tree, set()).add(place)
    return {tree: tuple(sorted(places)) for tree, places in sorted(found.items())}
