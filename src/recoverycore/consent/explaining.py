"""The explanation of a decision: the rules that decided with their citations, where permits failed, and what would be needed.

Ids, codes and citations only: no content of a record, no name, no word of the client.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from recoverycore.consent.needed import needed
from recoverycore.consent.outcome import listed
from recoverycore.consent.requests import Record

if TYPE_CHECKING:
    from recoverycore.consent.outcome import Decision

__all__ = ["Explanation", "explain", "may_reveal_existence"]

PRESENCE = "presence"
"""The category of the one thing that a refusal must not tell: that somebody is known here."""


@frozen
class Explanation:
    """Why a decision is as it is. `rules` by record; `failed` and `defects` by record and directive; `citations` by rule or bar.
    `provisions` by record and tree: where in it stands what decides, as JSON pointers.

    `needed` are alternatives: each a smallest set of changes, in codes, that really turns the verdict into a permit. None suggests an
    emergency, a finding or anything else that only the world can bring about.
    """

    rules: Mapping[str, tuple[str, ...]] = field(hash=False)
    refused: str | None
    failed: Mapping[str, Mapping[str, tuple[str, ...]]] = field(hash=False)
    defects: Mapping[str, Mapping[str, tuple[str, ...]]] = field(hash=False)
    provisions: Mapping[str, Mapping[str, tuple[str, ...]]] = field(hash=False)
    needed: tuple[tuple[str, ...], ...]
    citations: Mapping[str, str] = field(hash=False)

    def to_data(self) -> dict[str, Any]:
        """The explanation as plain data."""
        return {
            "rules": {name: list(rules) for name, rules in self.rules.items()},
            "refused": self.refused,
            "failed": _lists(self.failed),
            "defects": _lists(self.defects),
            "provisions": _lists(self.provisions),
            "needed": [list(each) for each in self.needed],
            "citations": dict(self.citations),
        }


def _lists(found: Mapping[str, Mapping[str, tuple[str, ...]]]) -> dict[str, dict[str, list[str]]]:
    return {record: {name: list(codes) for name, codes in each.items()} for record, each in found.items()}


def explain(decision: Decision) -> Explanation:
    """The explanation of `decision`."""
    known = {
        f"{kind}:{each.name}": each.source.citation
        for profile in decision.case.consents.setting.profiles
        for kind, group in (("bar", profile.bars), ("rule", profile.rules))
        for each in group
    }
    used = {rule for rules in decision.rules.values() for rule in rules} | ({decision.refused} if decision.refused else set())
    used |= {each for each in listed(decision.basis) if each.startswith("rule:")}
    citations = {rule: known[rule] for rule in sorted(used) if rule in known}
    return Explanation(
        decision.rules, decision.refused, decision.failed, decision.defects, decision.provisions, needed(decision), citations
    )


def may_reveal_existence(decision: Decision) -> bool:
    """Whether something asked for is permitted, or would be that somebody is known to the discloser at all."""
    from recoverycore.consent.decision import decide_compiled

    if decision.verdict != "deny":
        return True
    case = decision.case
    discloser = case.request.discloser
    known = Record(id=PRESENCE, category=PRESENCE, source=None if discloser is None else discloser.id)
    asked = case.request.evolve(records=(known,))
    return decide_compiled(case.consents, asked, case.facts, case.restrictions).permitted
