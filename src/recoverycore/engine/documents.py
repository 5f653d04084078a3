"""Which documents an engine keeps, and whose they are: of the programme, or of one client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.consent import Directive, ProfileDocument
from recoverycore.coordination import Obligation
from recoverycore.directory import DirectoryEntry
from recoverycore.errors import DocumentError, problem
from recoverycore.escalation import CodeWord, Protocol
from recoverycore.people import Client, Programme, Service, Team
from recoverycore.plans import ClientSettings, Goal, History, Lapse, LapseReview, Observation, RiskWindow, Use
from recoverycore.risk import Rule, Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.ground.document import Document

__all__ = ["KINDS", "SINGLE", "kept_kind"]

KINDS: Mapping[str, type[Document]] = {
    "client": Client,
    "client_settings": ClientSettings,
    "code_word": CodeWord,
    "directive": Directive,
    "goal": Goal,
    "lapse": Lapse,
    "lapse_review": LapseReview,
    "line": DirectoryEntry,
    "obligation": Obligation,
    "observation": Observation,
    "plans": History,
    "profile": ProfileDocument,
    "programme": Programme,
    "protocol": Protocol,
    "rule": Rule,
    "service": Service,
    "signal": Signal,
    "team": Team,
    "use": Use,
    "window": RiskWindow,
}
"""Every kind of document that an engine keeps, by the name it has in the store and in a story."""

OF_A_CLIENT = frozenset(
    {
        "client_settings", "code_word", "directive", "goal", "lapse", "lapse_review", "obligation", "observation", "plans", "signal",
        "team", "use", "window",
    }
)  # fmt: skip
"""The kinds that belong to one client; the others are the programme's."""

SINGLE = frozenset({"client_settings", "plans", "profile", "programme", "team"})
"""The kinds of which there is one: for the programme, or for each client."""


def kept_kind(kind: str, client: str | None) -> str:
    """Where the store keeps documents of `kind`. Errors: ``client_needed``, ``client_not_expected``."""
    if kind in OF_A_CLIENT and client is None:
        raise DocumentError(problem("client_needed", detail=kind))
    if kind not in OF_A_CLIENT and client is not None:
        raise DocumentError(problem("client_not_expected", detail=kind))
    return kind if client is None else f"{kind} of {client}"
