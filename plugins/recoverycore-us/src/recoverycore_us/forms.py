"""What the forms of several profiles of the United States have in common: the elements of a consent, and who signs it.

Texts are compared with published copies as far as ``read`` says; whoever relies on them looks at the current text first.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from recoverycore.consent import Switch, reads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.consent import AnyDirective, Matter

__all__ = ["ELEMENTS", "KNOWN_ELEMENTS", "MINOR_RULE", "REVIEWED", "badly_signed", "missing", "signers"]

REVIEWED = date(2026, 11, 26)
"""When the sources of these profiles were last gone through."""
ELEMENTS = frozenset(
    {
        "client_name",
        "discloser",
        "information_description",
        "recipient",
        "purpose",
        "revocation_right",
        "expiration",
        "signature",
        "date_signed",
    }
)
"""What every written consent has to hold: 42 CFR 2.31(a), 45 CFR 164.508(c)(1)-(2)."""
KNOWN_ELEMENTS = ELEMENTS | {"consequences_of_refusal", "redisclosure_statement", "hipaa_redisclosure_statement", "fundraising_opt_out"}
"""Every element that some form needs. A code that is none of these is a defect wherever a form is looked at."""
MINOR_RULE = Switch(
    "minor_rule_default", "both", ("both", "minor_alone", "parent"), "who signs for a minor where no state rule is told: 42 CFR 2.14"
)
_PARENTS = ("parent", "guardian")


def missing(directive: AnyDirective, required: Iterable[str]) -> tuple[str, ...]:
    """The elements found missing that are required, or that nobody has heard of, as defects."""
    wanted = set(required)
    return tuple(f"element:{code}" for code in directive.missing_elements if code in wanted or code not in KNOWN_ELEMENTS)


@reads(purposes=["payment"])
def signers(directive: AnyDirective, matter: Matter) -> tuple[str, ...]:
    """The roles that have still to sign, one for each signature that is missing: 42 CFR 2.14, 2.15."""
    signed = set(directive.signed_by)
    return tuple(group[0] for group in _wanted(matter) if signed.isdisjoint(group))


@reads(purposes=["payment"])
def badly_signed(directive: AnyDirective, matter: Matter) -> bool:
    """Whether somebody has still to sign, or nobody may: the director of a programme consents for payment and for nothing else."""
    client = matter.client
    incapable = not (client.deceased or client.minor or client.capacity)
    return bool(signers(directive, matter)) or (incapable and client.adjudicated is False and not matter.within("payment"))


def _wanted(matter: Matter) -> tuple[tuple[str, ...], ...]:
    """Groups of roles, one of each of which signs; the first of a group is the one to ask."""
    client = matter.client
    if client.deceased:
        return (_after_death(matter),)
    if client.minor:
        return _for_a_minor(matter)
    if client.capacity:
        return (("client",),)
    if client.adjudicated is False:
        return (("program_director",),) if matter.within("payment") else ()
    return (("guardian",),)


def _for_a_minor(matter: Matter) -> tuple[tuple[str, ...], ...]:
    by_rule = {"minor_may_consent_alone": "minor_alone", "parental_consent_required": "both"}
    rule = by_rule.get(matter.facts.state_rule or "", matter.policy[MINOR_RULE.name])
    return {"minor_alone": (("client",),), "parent": (_PARENTS,), "both": (("client",), _PARENTS)}[rule]


def _after_death(matter: Matter) -> tuple[str, ...]:
    """Whoever stands in: the next in line only where it is known that there is nobody before them."""
    told = matter.facts.model_fields_set
    line = ["personal_representative"]
    if "representative" in told and matter.facts.representative is None:
        line.insert(0, "spouse")
        if "spouse" in told and matter.facts.spouse is None:
            line.insert(0, "family_member")
    return tuple(line)
