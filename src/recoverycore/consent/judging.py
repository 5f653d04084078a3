"""One record judged: for each purpose an overriding emergency, a deny, a permit, another emergency, and else nothing.

Whatever is the same for every record of a request, above all which papers are live, is found once and kept in the `Judge`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from recoverycore.consent.compiled import CompiledConsents
from recoverycore.consent.counting import LIFTED_BY_RELIANCE, not_live, superseded
from recoverycore.consent.coverage import AXES, Asked, denies, opens, permit_failures
from recoverycore.consent.requests import Facts, Request

if TYPE_CHECKING:
    from recoverycore.consent.compiled import Paper
    from recoverycore.consent.requests import Record

__all__ = ["Judge", "Outcome"]

_OVERLAP = frozenset({"revoked"})
_LOG_ACCESS = frozenset({"log_access"})
_LOG_DISCLOSURE = frozenset({"log_disclosure"})


@frozen(kw_only=True)
class _Finding:
    """What was found for one record and one purpose. `by` names everything that would do, the decisive first."""

    permitted: bool = False
    by: tuple[str, ...] = ()
    owed: frozenset[str] = frozenset()
    """Codes of what is owed when the record is released on this."""


@frozen
class Outcome:
    """What was found for one record over every purpose asked for. `owed` are codes, `labels` the effective ones."""

    permitted: bool
    basis: frozenset[str]
    also: frozenset[str]
    rules: tuple[str, ...]
    failed: Mapping[str, tuple[str, ...]]
    owed: frozenset[str]
    labels: frozenset[str]


@frozen
class Judge:
    """A request, the papers and the facts, with everything settled that no single record changes."""

    consents: CompiledConsents
    request: Request
    facts: Facts
    purposes: tuple[str, ...]
    action: str
    grounds: Mapping[str, frozenset[str]] = field(hash=False)
    """For each paper the grounds on which it is not live; none for a live one."""

    @classmethod
    def of(cls, consents: CompiledConsents, request: Request, facts: Facts) -> Judge:
        """The judge of `request`."""
        words = consents.vocabulary
        gone = superseded(consents, request.at)
        grounds = {}
        for paper in consents.papers:
            found = not_live(paper, consents, request.recipient, request.at, facts)
            grounds[paper.id] = found | {"superseded"} if paper.id in gone else found
        [action] = words.read("action", [request.action])
        return cls(consents, request, facts, tuple(sorted(words.read("purpose", request.purposes))), action, grounds)

    def on(self, record: Record) -> Outcome:
        """What is found for `record`: it is released if every purpose is permitted, and refused for those that are not."""
        labels = self._effective(record)
        failed: dict[str, set[str]] = {}
        findings = [self._find(record, self._point(record, labels, purpose), failed) for purpose in self.purposes]
        permitted = bool(findings) and all(each.permitted for each in findings)
        deciding = [each for each in findings if each.permitted is permitted]
        rules = {_rule(each.by[0]) if each.by else "default" for each in deciding} if findings else {"purpose_missing"}
        basis = frozenset(each.by[0] for each in deciding if each.by)
        return Outcome(
            permitted=permitted,
            basis=basis,
            also=frozenset(other for each in deciding for other in each.by[1:]) - basis,
            rules=tuple(sorted(rules)),
            failed={name: tuple(axis for axis in AXES if axis in axes) for name, axes in sorted(failed.items()) if axes},
            owed=frozenset(code for each in findings for code in each.owed if permitted),
            labels=labels,
        )

    def _effective(self, record: Record) -> frozenset[str]:
        """The labels of `record`, those of its source, and SUD for what a substance use programme made itself. A union."""
        own = {*record.labels, *self.facts.sources.get(record.source or "", ())}
        discloser = self.request.discloser
        if discloser is not None and discloser.kind == "part2_program" and record.source == discloser.id:
            own.add("SUD")
        return self.consents.vocabulary.read("label", own)

    def _point(self, record: Record, labels: frozenset[str], purpose: str) -> Asked:
        category = None if record.category is None else next(iter(self.consents.vocabulary.read("category", [record.category])))
        discloser = None if self.request.discloser is None else self.request.discloser.id
        return Asked(labels, category, record.date, purpose, self.action, self.request.recipient, discloser, self.request.at)

    def _find(self, record: Record, asked: Asked, failed: dict[str, set[str]]) -> _Finding:
        """What decides for one purpose. The axes on which permits fail are added to `failed`."""
        consents = self.consents
        live = [paper for paper in consents.papers if not self._grounds(paper, record, asked)]
        denying = tuple(paper.id for paper in live if not paper.permits and denies(paper, asked, consents))
        permitting, overlapping = self._permits(record, asked, failed)
        rules = consents.profile.emergencies if consents.profile else ()
        opening = [rule for rule in rules if opens(rule, asked, self.facts, consents)]
        overriding = [rule for rule in opening if rule.overriding]
        if overriding:
            owed = frozenset(overriding[0].duties) | {f"override_of:{name}" for name in denying}
            return _Finding(permitted=True, by=tuple(f"rule:{rule.name}" for rule in overriding), owed=owed)
        if denying:
            return _Finding(by=denying)
        if permitting:
            return _Finding(permitted=True, by=permitting, owed=self._log() | ({"warn_overlapping_grant"} if overlapping else set()))
        if opening:
            return _Finding(permitted=True, by=tuple(f"rule:{rule.name}" for rule in opening), owed=frozenset(opening[0].duties))
        return _Finding()

    def _permits(self, record: Record, asked: Asked, failed: dict[str, set[str]]) -> tuple[tuple[str, ...], bool]:
        """The permits that reach what is asked, and whether another would if it were not revoked."""
        reaching, overlapping = [], False
        for paper in self.consents.papers:
            if paper.permits:
                axes = self._grounds(paper, record, asked) | permit_failures(paper, asked, self.consents)
                failed.setdefault(paper.id, set()).update(axes)
                overlapping = overlapping or axes == _OVERLAP
                if not axes:
                    reaching.append(paper.id)
        return tuple(reaching), overlapping

    def _grounds(self, paper: Paper, record: Record, asked: Asked) -> frozenset[str]:
        """Why `paper` is not live for this record: a revocation is not applied to what was done in reliance, for payment."""
        found = self.grounds[paper.id]
        relied = record.id in self.facts.acted_in_reliance.get(paper.id, ())
        if relied and self.consents.vocabulary.covers("purpose", frozenset({"payment"}), asked.purpose):
            return found - LIFTED_BY_RELIANCE
        return found

    def _log(self) -> frozenset[str]:
        inside = self.action == "use" or self.request.recipient.kind == "client"
        return _LOG_ACCESS if inside else _LOG_DISCLOSURE


def _rule(basis: str) -> str:
    return basis if basis.startswith("rule:") else f"directive:{basis}"
