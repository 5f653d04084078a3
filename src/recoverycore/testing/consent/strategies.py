"""Strategies for hypothesis: near-miss worlds that shrink, and a strategy for every public type of consent.

They need the extra ``testing``. `register_strategies` makes hypothesis draw these types inside of types of your own, as with
``st.from_type``; nothing is registered by importing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from recoverycore import consent
from recoverycore.testing.consent import drawn_documents as documents
from recoverycore.testing.consent import drawn_values as values
from recoverycore.testing.consent.drawing import OFTEN_TOLD, World, world_of
from recoverycore.testing.consent.drawn_documents import *  # noqa: F403 - re-exported under one roof
from recoverycore.testing.consent.drawn_values import *  # noqa: F403 - as above

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["near_misses", "register_strategies", "strategies_by_type", *documents.__all__, *values.__all__]


@st.composite
def near_misses(draw: st.DrawFn, stories: Sequence[str] = OFTEN_TOLD) -> World:
    """Worlds as `worlds` draws them; a failing one shrinks to the first story and the fewest moves that still fail."""
    return world_of(lambda values: draw(st.sampled_from(values)), stories)


def strategies_by_type() -> dict[type, st.SearchStrategy[Any]]:
    """A strategy for each public type of consent."""
    return {
        consent.Bar: values.bars(),
        consent.Box: documents.boxes(),
        consent.ClassRow: values.class_rows(),
        consent.ClientFacts: documents.client_facts(),
        consent.ConsentBook: values.consent_books(),
        consent.Consents: documents.consents(),
        consent.Decision: values.decisions(),
        consent.Directive: documents.directives(),
        consent.Discloser: documents.disclosers(),
        consent.Duty: values.duties(),
        consent.Emergency: documents.emergencies(),
        consent.EmergencyNeeds: documents.emergency_needs(),
        consent.ExceptBox: documents.except_boxes(),
        consent.Explanation: values.explanations(),
        consent.Facts: documents.facts(),
        consent.HeldCopy: documents.held_copies(),
        consent.LedgerEntry: documents.ledger_entries(),
        consent.Matter: values.matters(),
        consent.Notice: documents.notices(),
        consent.Obligation: values.obligations(),
        consent.Period: documents.periods(),
        consent.Profile: values.profiles(),
        consent.ProfileDocument: documents.profile_documents(),
        consent.Recipient: documents.recipients(),
        consent.RecipientClass: values.recipient_classes(),
        consent.Record: documents.records(),
        consent.Remedy: values.remedies(),
        consent.Request: documents.requests(),
        consent.Restriction: values.restrictions(),
        consent.Revocation: documents.revocations(),
        consent.RoleHeld: documents.roles_held(),
        consent.Route: values.routes(),
        consent.Rule: values.rules(),
        consent.Selector: documents.selectors(),
        consent.Source: values.sources(),
        consent.Suspension: documents.suspensions(),
        consent.Switch: values.switches(),
        consent.Vocabulary: values.vocabularies(),
        consent.VocabularyAddition: documents.vocabulary_additions(),
    }


def register_strategies() -> None:
    """Let hypothesis draw every public type of consent wherever a type of yours holds one. Call it once, in ``conftest.py``."""
    for kind, strategy in strategies_by_type().items():
        st.register_type_strategy(kind, strategy)
