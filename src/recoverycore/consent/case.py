"""Everything that a decision was made on, kept beside it so that it can explain itself without being asked twice."""

from __future__ import annotations

from attrs import frozen

from recoverycore.consent.compiled import CompiledConsents
from recoverycore.consent.facts import Facts
from recoverycore.consent.outcome import Restriction
from recoverycore.consent.requests import Request

__all__ = ["Case"]


@frozen
class Case:
    """A request with the papers, the facts and the restrictions it was decided on."""

    consents: CompiledConsents
    request: Request
    facts: Facts
    restrictions: tuple[Restriction, ...]
