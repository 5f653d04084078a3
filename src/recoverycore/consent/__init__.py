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
    from recoverycore.consent.explaining import Explanation as Explanation
    from recoverycore.consent.facts import Facts as Facts
    from recoverycore.consent.facts import HeldCopy as HeldCopy
    from recoverycore.consent.facts import LedgerEntry as LedgerEntry
    from recoverycore.consent.law import Bar as Bar
    from recoverycore.consent.law import ClassRow as ClassRow
    from recoverycore.consent.law import Duty as Duty
    from recoverycore.consent.law import Profile as Profile
    from recoverycore.consent.law import RecipientClass as RecipientClass
    from recoverycore.consent.law import Remedy as Remedy
    from recoverycore.consent.law import Route as Route
    from recoverycore.consent.law import Rule as Rule
    from recoverycore.consent.law import Source as Source
    from recoverycore.consent.law import Switch as Switch
    from recoverycore.consent.ledger import Ledger as Ledger
    from recoverycore.consent.matter import CORE_SWITCHES as CORE_SWITCHES
    from recoverycore.consent.matter import Matter as Matter
    from recoverycore.consent.outcome import REFUSAL as REFUSAL
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
    from recoverycore.consent.reading import Reads as Reads
    from recoverycore.consent.reading import reads as reads
    from recoverycore.consent.requests import ClientFacts as ClientFacts
    from recoverycore.consent.requests import Discloser as Discloser
    from recoverycore.consent.requests import Recipient as Recipient
    from recoverycore.consent.requests import Record as Record
    from recoverycore.consent.requests import Request as Request
    from recoverycore.consent.requests import RoleHeld as RoleHeld
    from recoverycore.consent.tree_lint import TreeFinding as TreeFinding
    from recoverycore.consent.tree_lint import lint_tree as lint_tree
    from recoverycore.consent.trees import AnyDirective as AnyDirective
    from recoverycore.consent.trees import Criteria as Criteria
    from recoverycore.consent.trees import Provision as Provision
    from recoverycore.consent.trees import TimeSpan as TimeSpan
    from recoverycore.consent.trees import TreeDirective as TreeDirective
    from recoverycore.consent.trees import in_format as in_format
    from recoverycore.consent.trees import read_directive as read_directive
    from recoverycore.consent.turning import ends_by_itself as ends_by_itself
    from recoverycore.consent.turning import turning_points as turning_points

__all__ = [
    "AnyDirective",
    "Bar",
    "Box",
    "CORE_SWITCHES",
    "ClassRow",
    "ClientFacts",
    "ConsentBook",
    "Consents",
    "Criteria",
    "Decision",
    "Directive",
    "Discloser",
    "Duty",
    "Emergency",
    "EmergencyNeeds",
    "ExceptBox",
    "Explanation",
    "Facts",
    "HeldCopy",
    "Ledger",
    "LedgerEntry",
    "Matter",
    "Notice",
    "Obligation",
    "Period",
    "Profile",
    "ProfileDocument",
    "Provision",
    "REFUSAL",
    "Reads",
    "Recipient",
    "RecipientClass",
    "Record",
    "Remedy",
    "Request",
    "Restriction",
    "Revocation",
    "RoleHeld",
    "Route",
    "Rule",
    "Selector",
    "Source",
    "Suspension",
    "Switch",
    "TimeSpan",
    "TreeDirective",
    "TreeFinding",
    "Vocabulary",
    "VocabularyAddition",
    "decide",
    "ends_by_itself",
    "in_format",
    "lint_tree",
    "read_directive",
    "reads",
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
        "explaining": ("Explanation",),
        "facts": ("Facts", "HeldCopy", "LedgerEntry"),
        "law": ("Bar", "ClassRow", "Duty", "Profile", "RecipientClass", "Remedy", "Route", "Rule", "Source", "Switch"),
        "ledger": ("Ledger",),
        "matter": ("CORE_SWITCHES", "Matter"),
        "outcome": ("Decision", "Obligation", "REFUSAL", "Restriction"),
        "posets": ("Vocabulary", "standard_vocabulary"),
        "profiles": ("Emergency", "EmergencyNeeds", "Notice", "ProfileDocument", "VocabularyAddition"),
        "reading": ("Reads", "reads"),
        "requests": ("ClientFacts", "Discloser", "Recipient", "Record", "Request", "RoleHeld"),
        "tree_lint": ("TreeFinding", "lint_tree"),
        "trees": (
            "AnyDirective",
            "Criteria",
            "Provision",
            "TimeSpan",
            "TreeDirective",
            "in_format",
            "read_directive",
        ),
        "turning": ("ends_by_itself", "turning_points"),
    },
)
