"""Consent in the European Union: care may rest on a basis of its own, which a live refusal beats."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import ClientFacts, Decision, Directive, Facts, Request, decide
from recoverycore.hooks import Plugins
from recoverycore_eu import GDPR, plugin

Json = dict[str, Any]
BASIS = {"lawful_basis": "9(2)(h)"}
EVERYTHING = dict.fromkeys(("labels", "categories", "purposes", "recipients"), "*")


def ask(*papers: Json, kind: str | None = "provider", purpose: str = "treatment", facts: Json | None = None) -> Decision:
    request = {
        "discloser": {"id": "org:praxis", "kind": "provider"},
        "recipient": {"id": "org:klinik", "kind": kind},
        "purposes": [purpose],
        "at": "2026-06-15T10:00:00+02:00",
        "records": [{"id": "r1", "labels": ["MH"], "category": "lab"}],
    }
    read = [Directive.model_validate(each) for each in papers]
    client, known = ClientFacts(zone="Europe/Berlin"), Facts.model_validate(BASIS if facts is None else facts)
    return decide(Request.model_validate(request), read, client=client, facts=known, profiles=(GDPR,))


@pytest.mark.parametrize("kind", ["provider", "medical_personnel"])
@pytest.mark.parametrize("purpose", ["treatment", "care_coordination", "emergency_treatment"])
def test_care_rests_on_its_own_basis(kind: str, purpose: str) -> None:
    decision = ask(kind=kind, purpose=purpose)
    assert (decision.basis, decision.codes, decision.basis_kind) == ("rule:gdpr-9-2-h", {"log_disclosure"}, "implied")


@pytest.mark.parametrize("facts", [{}, {"lawful_basis": "9(2)(a)"}, {"lawful_basis": None}])
def test_without_the_basis_nothing_is_implied(facts: Json) -> None:
    assert not ask(facts=facts).permitted


def test_another_kind_or_purpose_is_not_implied() -> None:
    assert not ask(kind="covered_entity").permitted
    assert not ask(kind=None).permitted
    assert not ask(purpose="payment").permitted


def test_withdrawing_consent_in_words_ends_consent_and_not_the_basis() -> None:
    gone = {
        "id": "g1",
        "polarity": "permit",
        "discloser": "*",
        "boxes": [EVERYTHING],
        "revocations": [{"at": "2026-06-01T00:00:00+02:00", "written": False}],
    }
    assert ask(gone).basis == "rule:gdpr-9-2-h"
    assert not ask(gone, facts={}).permitted


def test_a_live_deny_beats_the_basis() -> None:
    assert ask({"id": "d1", "polarity": "deny", "boxes": [EVERYTHING]}).basis == "d1"


def test_the_plugin_brings_the_profile_of_its_name_and_has_no_settings() -> None:
    report = Plugins.build([plugin({})]).contribute("recovery_contribute_consent_profiles")
    assert report.values == {"eu.gdpr": (GDPR,)}
    with pytest.raises(ValueError, match="no settings"):
        plugin({"basis": "9(2)(h)"})


def test_every_rule_tells_its_source() -> None:
    assert all(row["citation"].startswith("GDPR") and row["reviewed"] for row in GDPR.to_rows())
