"""The contract for profiles of law: what is wrong with one is told in words, and its claims are held both ways."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import Profile, Rule, Source
from recoverycore.hooks import RecoveryHooks, hookimpl
from recoverycore.testing import JurisdictionContract
from recoverycore.testing.plugins.jurisdiction_rules import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

SOURCE = Source("Invented Health Act, s. 12", "read", date(2026, 11, 26))
CARE = Rule(name="care", source=SOURCE, purposes=("treatment",), holds=lambda matter: matter.recipient.treating_relationship is True)
ORDER = Rule(name="order", source=SOURCE, purposes=("proceedings",), kinds=frozenset({"court"}), overriding=True, needs=(("order",),))
LAW = Profile(id="xx.health", version="1", rules=(CARE,))


class Brings(RecoveryHooks):
    """Brings what it is given, under the name of the invented law."""

    recoverycore_name = LAW.id

    def __init__(self, *profiles: Any) -> None:
        self.profiles = profiles

    @hookimpl
    def recovery_contribute_consent_profiles(self) -> Sequence[Profile]:
        return self.profiles


def contract(*profiles: Any, **claims: Any) -> type[JurisdictionContract]:
    given = {"permits_without_consent": True, "make": lambda: Brings(*profiles)}
    return type("TestMine", (JurisdictionContract,), given | claims)


def broken(rule: str, *profiles: Any, **claims: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        getattr(contract(*profiles, **claims)(), f"test_{rule}")()
    return str(caught.value)


@pytest.mark.parametrize("rule", [each.__name__ for each in RULES])
def test_a_law_that_is_well_keeps_every_rule(rule: str) -> None:
    getattr(contract(LAW)(), f"test_{rule}")()


def test_a_law_of_papers_alone_claims_nothing() -> None:
    assert contract(evolve(LAW, rules=()), permits_without_consent=False).check_all() == []


def raises(_: object) -> bool:
    raise ValueError("a planted fault")


_CALLS = count()
FAULTS: list[tuple[str, tuple[Profile, ...], str]] = [
    ("brings_the_one_profile_of_its_name", (evolve(LAW, id="xx.helth"),), "it brings xx.helth, and has to bring"),
    ("brings_the_one_profile_of_its_name", (LAW, evolve(LAW, id="other")), "it brings xx.health, other"),
    ("brings_the_one_profile_of_its_name", (), "it brings no profile"),
    ("says_where_each_rule_stands", (evolve(LAW, rules=(evolve(CARE, source=Source(" ")),)),), "rule care: it cites nothing"),
    ("says_where_each_rule_stands", (evolve(LAW, rules=(evolve(CARE, source=Source("Act")),)),), "it does not say when"),
    ("breaks_on_no_question", (evolve(LAW, applies=raises),), "the profile raises"),
    ("answers_alike_each_time", (evolve(LAW, rules=(evolve(CARE, holds=lambda _: next(_CALLS) % 3 == 0),)),), "it answers differently"),
    ("permits_nothing_on_what_nobody_knows", (evolve(LAW, rules=(evolve(CARE, holds=lambda _: True),)),), "although nothing is known"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "profiles", "words"), FAULTS, ids=[each[2] for each in FAULTS])
def test_each_fault_is_told_in_words(rule: str, profiles: tuple[Profile, ...], words: str) -> None:
    assert words in broken(rule, *profiles)


def test_claims_are_held_both_ways() -> None:
    assert "rule care permits without consent, which is not claimed" in broken(
        "permits_without_consent_as_it_claims", LAW, permits_without_consent=False
    )
    assert "has no rule that does" in broken("permits_without_consent_as_it_claims", evolve(LAW, rules=()))
    assert "rule order overrides a refusal" in broken("overrides_refusals_as_it_claims", evolve(LAW, rules=(ORDER,)))
    assert "has no rule that does" in broken("overrides_refusals_as_it_claims", LAW, overrides_refusals=True)
    assert contract(evolve(LAW, rules=(CARE, ORDER)), overrides_refusals=True).check_all() == []


def test_a_plugin_that_brings_no_law_at_all_is_told() -> None:
    class Other(RecoveryHooks):
        @hookimpl
        def recovery_on_tick(self) -> None: ...

    assert "does not implement recovery_contribute_consent_profiles" in broken("brings_the_one_profile_of_its_name", make=Other)
    assert "an engine refuses the plugin" in broken("brings_the_one_profile_of_its_name", make=RecoveryHooks)
