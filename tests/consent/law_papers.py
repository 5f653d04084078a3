"""A small invented law, and questions under it: enough to see how any law meets the papers. Nobody in them exists."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve

from recoverycore.consent import Bar, ClassRow, Duty, Profile, RecipientClass, Remedy, Rule, Source, Switch

if TYPE_CHECKING:
    from recoverycore.consent import Directive, Facts, Matter, Request

SOURCE = Source("Invented Act, s. 1", "read", date(2026, 1, 1))


def _defects(directive: Directive, matter: Matter) -> tuple[str, ...]:
    found = tuple(f"element:{code}" for code in directive.missing_elements)
    if directive.expires.kind == "none":
        found += ("no_expiration",)
    return found + (("signer",) if _signers(directive, matter) else ())


def _signers(directive: Directive, _: Matter) -> tuple[str, ...]:
    return tuple(role for role in ("client", "witness") if role not in directive.signed_by)


def _opened(facts: Facts, _: Request) -> Facts:
    return facts.evolve(state_rule="opened")


LAW = Profile(
    id="law",
    version="1",
    defects=_defects,
    signers=_signers,
    bars=(
        Bar(
            name="sealed",
            source=SOURCE,
            holds=lambda matter: matter.filed_as("sealed") and matter.facts.state_rule != "opened",
            forms=frozenset({"unsealing"}),
            rules=frozenset({"fire"}),
            wanted_form="unsealing",
            remedies=(Remedy("key", _opened),),
        ),
    ),
    rules=(
        Rule(name="fire", source=SOURCE, purposes=("rescue",), overriding=True, duties=(Duty("call_back", days=2),)),
        Rule(name="care", source=SOURCE, purposes=("care",), implied=True, duties=(Duty("log_access"),)),
        Rule(name="late-care", source=SOURCE, purposes=("care",), implied=True),
    ),
    classes=(RecipientClass("helpers", (ClassRow(("treatment",), frozenset({"helper"})),)),),
    consent_duties=(Duty("receipt", "with"), Duty("log_disclosure")),
    refusal_duties=(Duty("say_nothing", "before"),),
    switches=(Switch("most_days", None, int),),
)
"""Wants an end and two signatures; seals a category; opens it for a rescue; takes care as implied."""


def broken(**parts: Any) -> Profile:
    """The law with one of its functions raising."""
    return evolve(LAW, **parts)


def boom(*_: Any) -> Any:
    """What no law should do."""
    raise ValueError("a client's name")
