"""WHO MAY SEE what, for which purpose, now: directives, requests, and the decision with its reasons.

A decision is pure: no clock, no I/O, no state; what nobody permits is denied, and what is not known never releases anything.
It knows people, records and places by id only. It may import `ground` and `errors`, and is imported by hooks, engine, views,
testing and the command line.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.consent.book import ConsentBook as ConsentBook
    from recoverycore.consent.consents import Consents as Consents
    from recoverycore.consent.decision import decide as decide
    from recoverycore.consent.documents import Box as Box
    from recoverycore.consent.documents import Directive as Directive
    from recoverycore.consent.documents import ExceptBox as ExceptBox
    from recoverycore.consent.documents import Period as Period
    from recoverycore.consent.documents import Revocation as Revocation
    from recoverycore.consent.documents import Selector as Selector
    from recoverycore.consent.documents import Suspension as Suspension
    from recoverycore.consent.outcome import Decision as Decision
    from recoverycore.consent.outcome import Obligation as Obligation
    from recoverycore.consent.outcome import Restriction as Restriction
    from recoverycore.consent.posets import Vocabulary as Vocabulary
    from recoverycore.consent.posets import standard_vocabulary as standard_vocabulary
    from recoverycore.consent.profiles import Emergency as Emergency
    from recoverycore.consent.profiles import EmergencyNeeds as EmergencyNeeds
    from recoverycore.consent.profiles import Notice as Notice
    from recoverycore.consent.profiles import ProfileDocument as ProfileDocument
    from recoverycore.consent.profiles import VocabularyAddition as VocabularyAddition
    from recoverycore.consent.requests import ClientFacts as ClientFacts
    from recoverycore.consent.requests import Discloser as Discloser
    from recoverycore.consent.requests import Facts as Facts
    from recoverycore.consent.requests import Recipient as Recipient
    from recoverycore.consent.requests import Record as Record
    from recoverycore.consent.requests import Request as Request
    from recoverycore.consent.requests import RoleHeld as RoleHeld
    from recoverycore.consent.turning import ends_by_itself as ends_by_itself
    from recoverycore.consent.turning import turning_points as turning_points

__all__ = [
    "Box",
    "ClientFacts",
    "ConsentBook",
    "Consents",
    "Decision",
    "Directive",
    "Discloser",
    "Emergency",
    "EmergencyNeeds",
    "ExceptBox",
    "Facts",
    "Notice",
    "Obligation",
    "Period",
    "ProfileDocument",
    "Recipient",
    "Record",
    "Request",
    "Restriction",
    "Revocation",
    "RoleHeld",
    "Selector",
    "Suspension",
    "Vocabulary",
    "VocabularyAddition",
    "decide",
    "ends_by_itself",
    "standard_vocabulary",
    "turning_points",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "book": ("ConsentBook",),
        "consents": ("Consents",),
        "decision": ("decide",),
        "documents": ("Box", "Directive", "ExceptBox", "Period", "Revocation", "Selector", "Suspension"),
        "outcome": ("Decision", "Obligation", "Restriction"),
        "posets": ("Vocabulary", "standard_vocabulary"),
        "profiles": ("Emergency", "EmergencyNeeds", "Notice", "ProfileDocument", "VocabularyAddition"),
        "requests": ("ClientFacts", "Discloser", "Facts", "Recipient", "Record", "Request", "RoleHeld"),
        "turning": ("ends_by_itself", "turning_points"),
    },
)
