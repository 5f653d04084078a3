"""Strategies for profiles in data, and for whole files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from recoverycore.consent import Consents, Emergency, EmergencyNeeds, Notice, ProfileDocument, VocabularyAddition
from recoverycore.testing.consent.drawn_papers import directives, tree_directives
from recoverycore.testing.consent.drawn_parts import CATEGORIES, FLAGS, LABELS, PURPOSES, codes, few, written
from recoverycore.testing.consent.drawn_requests import client_facts

__all__ = ["ADDED", "CRISIS", "consents", "emergencies", "emergency_needs", "notices", "profile_documents", "vocabulary_additions"]

CRISIS = st.just("crisis")
ADDED: tuple[dict[str, Any], ...] = (
    {},
    {"order": {"label": {"PRISON": ("PAROLE", "PROBATION")}}},
    {"order": {"purpose": {"care": ("treatment",)}}, "aliases": {"purpose": {"CARE": ("care",)}}},
    {"aliases": {"category": {"DX": ("diagnosis",)}, "action": {"show": ("disclose",)}}},
)
"""What may be added to the standard vocabulary without a circle and without taking a name that is taken."""


def vocabulary_additions() -> st.SearchStrategy[VocabularyAddition]:
    """Codes, orders and names that a profile adds."""
    return st.sampled_from(ADDED).map(VocabularyAddition.model_validate)


def notices() -> st.SearchStrategy[Notice]:
    """A notice for a label."""
    return written(Notice, {"label": LABELS, "notice": st.sampled_from(["part2_notice", "house_notice"])}, {})


def emergency_needs() -> st.SearchStrategy[EmergencyNeeds]:
    """The least level of an open run."""
    return written(EmergencyNeeds, {"open_run_level_at_least": st.integers(1, 4)}, {})


def emergencies(names: st.SearchStrategy[str] = CRISIS) -> st.SearchStrategy[Emergency]:
    """An emergency in data; `names` are what it is called."""
    roles = few(st.sampled_from(["care-team", "crisis-team"]), least=1)
    always = {"name": names, "purpose": PURPOSES, "categories": codes(CATEGORIES), "to_roles": roles, "needs": emergency_needs()}
    return written(Emergency, always, {"overriding": FLAGS, "duties": st.just(("post_review",))})


def profile_documents() -> st.SearchStrategy[ProfileDocument]:
    """Profiles in data, with emergencies of different names."""
    named = st.lists(emergencies(st.sampled_from(["crisis", "disaster"])), unique_by=lambda each: each.name, max_size=2).map(tuple)
    more = {"vocabulary": vocabulary_additions(), "notices": few(notices(), most=1), "emergencies": named, "version": st.integers(1, 3)}
    return written(ProfileDocument, {"id": st.sampled_from(["xx.small", "xx.other"])}, more)


def consents() -> st.SearchStrategy[Consents]:
    """Whole files: papers with different ids, a client, perhaps a profile."""
    papers = st.lists(directives() | tree_directives(), unique_by=lambda paper: paper.id, max_size=2).map(tuple)
    return written(Consents, {"directives": papers}, {"client": client_facts(), "profile": profile_documents()})
