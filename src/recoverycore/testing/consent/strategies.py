"""Strategies for hypothesis: near-miss worlds that shrink, and a strategy for every public type of consent.

They need the extra ``testing``. `register_strategies` lets hypothesis draw these types inside of types of your own, as ``st.from_type``
does; nothing is registered by importing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from recoverycore import consent
from recoverycore.testing.consent.drawing import OFTEN_TOLD, World, world_of
from recoverycore.testing.consent.drawn_facts import facts, held_copies, ledger_entries, ledgers
from recoverycore.testing.consent.drawn_papers import criteria, directives, provisions, time_spans, tree_directives
from recoverycore.testing.consent.drawn_parts import boxes, except_boxes, instants, periods, revocations, selectors, suspensions
from recoverycore.testing.consent.drawn_profiles import (
    consents,
    emergencies,
    emergency_needs,
    notices,
    profile_documents,
    vocabulary_additions,
)
from recoverycore.testing.consent.drawn_requests import client_facts, disclosers, recipients, records, requests, roles_held
from recoverycore.testing.consent.drawn_values import (
    bars,
    class_rows,
    consent_books,
    decisions,
    duties,
    explanations,
    matters,
    obligations,
    profiles,
    reads,
    recipient_classes,
    remedies,
    restrictions,
    routes,
    rules,
    sources,
    switches,
    tree_findings,
    vocabularies,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "bars",
    "boxes",
    "class_rows",
    "client_facts",
    "consent_books",
    "consents",
    "criteria",
    "decisions",
    "directives",
    "disclosers",
    "duties",
    "emergencies",
    "emergency_needs",
    "except_boxes",
    "explanations",
    "facts",
    "held_copies",
    "instants",
    "ledger_entries",
    "ledgers",
    "matters",
    "near_misses",
    "notices",
    "obligations",
    "periods",
    "profile_documents",
    "profiles",
    "provisions",
    "reads",
    "recipient_classes",
    "recipients",
    "records",
    "register_strategies",
    "remedies",
    "requests",
    "restrictions",
    "revocations",
    "roles_held",
    "routes",
    "rules",
    "selectors",
    "sources",
    "strategies_by_type",
    "suspensions",
    "switches",
    "time_spans",
    "tree_directives",
    "tree_findings",
    "vocabularies",
    "vocabulary_additions",
]


@st.composite
def near_misses(draw: st.DrawFn, stories: Sequence[str] = OFTEN_TOLD) -> World:
    """Worlds as `worlds` draws them; a failing one shrinks to the first story and the fewest moves that still fail."""
    return world_of(lambda values: draw(st.sampled_from(values)), stories)


def strategies_by_type() -> dict[type, st.SearchStrategy[Any]]:
    """A strategy for each public type of consent."""
    return {
        consent.Bar: bars(),
        consent.Box: boxes(),
        consent.ClassRow: class_rows(),
        consent.ClientFacts: client_facts(),
        consent.ConsentBook: consent_books(),
        consent.Consents: consents(),
        consent.Criteria: criteria(),
        consent.Decision: decisions(),
        consent.Directive: directives(),
        consent.Discloser: disclosers(),
        consent.Duty: duties(),
        consent.Emergency: emergencies(),
        consent.EmergencyNeeds: emergency_needs(),
        consent.ExceptBox: except_boxes(),
        consent.Explanation: explanations(),
        consent.Facts: facts(),
        consent.HeldCopy: held_copies(),
        consent.Ledger: ledgers(),
        consent.LedgerEntry: ledger_entries(),
        consent.Matter: matters(),
        consent.Notice: notices(),
        consent.Obligation: obligations(),
        consent.Period: periods(),
        consent.Profile: profiles(),
        consent.ProfileDocument: profile_documents(),
        consent.Provision: provisions(),
        consent.Reads: reads(),
        consent.Recipient: recipients(),
        consent.RecipientClass: recipient_classes(),
        consent.Record: records(),
        consent.Remedy: remedies(),
        consent.Request: requests(),
        consent.Restriction: restrictions(),
        consent.Revocation: revocations(),
        consent.RoleHeld: roles_held(),
        consent.Route: routes(),
        consent.Rule: rules(),
        consent.Selector: selectors(),
        consent.Source: sources(),
        consent.Suspension: suspensions(),
        consent.Switch: switches(),
        consent.TimeSpan: time_spans(),
        consent.TreeDirective: tree_directives(),
        consent.TreeFinding: tree_findings(),
        consent.Vocabulary: vocabularies(),
        consent.VocabularyAddition: vocabulary_additions(),
    }


def register_strategies() -> None:
    """Let hypothesis draw every public type of consent wherever a type of yours holds one. Call it once, in ``conftest.py``."""
    for kind, strategy in strategies_by_type().items():
        st.register_type_strategy(kind, strategy)
