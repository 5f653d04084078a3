"""Consent in Ontario: open to the circle of care unless locked, and opened by a serious risk."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.consent import ClientFacts, Decision, Directive, Facts, Request, decide
from recoverycore.hooks import Plugins
from recoverycore_ca import PHIPA, plugin

Json = dict[str, Any]
RISK = {"significant_risk_of_serious_bodily_harm": True}
LOCK: Json = {
    "id": "d1",
    "polarity": "deny",
    "form": "lockbox",
    "boxes": [dict.fromkeys(("labels", "categories", "purposes", "recipients"), "*")],
}


def ask(*papers: Json, to: Json | None = None, purpose: str = "treatment", action: str = "disclose", facts: Json | None = None) -> Decision:
    request = {
        "discloser": {"id": "org:general", "kind": "covered_entity"},
        "recipient": {"id": "org:lakeside", "kind": "covered_entity", "treating_relationship": True, **(to or {})},
        "purposes": [purpose],
        "action": action,
        "at": "2026-06-15T10:00:00-04:00",
        "records": [{"id": "r1", "labels": ["MH"], "category": "lab"}],
    }
    read = [Directive.model_validate(each) for each in papers]
    client, known = ClientFacts(zone="America/Toronto"), Facts.model_validate(facts or {})
    return decide(Request.model_validate(request), read, client=client, facts=known, profiles=(PHIPA,))


@pytest.mark.parametrize("kind", ["covered_entity", "provider", "medical_personnel"])
def test_who_treats_is_in_the_circle(kind: str) -> None:
    decision = ask(to={"kind": kind})
    assert (decision.basis, decision.codes, decision.basis_kind) == ("rule:phipa-implied", {"log_disclosure"}, "implied")
    assert ask(to={"kind": kind}, purpose="care_coordination", action="redisclose").permitted


@pytest.mark.parametrize("to", [{"treating_relationship": False}, {"treating_relationship": None}, {"kind": "health_plan"}, {"kind": None}])
def test_who_does_not_treat_or_is_not_known_to_is_outside(to: Json) -> None:
    assert not ask(to=to).permitted


def test_another_purpose_is_not_implied() -> None:
    assert not ask(purpose="research").permitted


def test_a_lock_box_beats_what_is_implied() -> None:
    assert ask(LOCK).basis == "d1"
    assert ask({**LOCK, "form": "restriction"}).basis == "d1"
    assert ask({**LOCK, "revocations": [{"at": "2026-06-01T00:00:00-04:00", "written": False}]}).permitted


def test_a_claim_of_break_glass_that_a_serious_risk_bears_out_is_reviewed() -> None:
    decision = ask(purpose="break_glass", facts=RISK)
    assert (decision.basis, decision.codes) == ("rule:phipa-40", {"log_disclosure", "notify_patient_of_override", "post_review"})
    assert "post_review" not in ask(purpose="break_glass").codes


@pytest.mark.parametrize("kind", ["covered_entity", "provider", "medical_personnel", "law_enforcement"])
def test_a_serious_risk_opens_the_lock_and_the_client_is_told(kind: str) -> None:
    decision = ask(LOCK, to={"kind": kind, "treating_relationship": None}, purpose="safety", facts=RISK)
    assert decision.basis == "rule:phipa-40"
    assert decision.codes == {"log_disclosure", "notify_patient_of_override", "override_of:d1"}


def test_a_risk_that_is_not_known_or_told_to_anybody_else_opens_nothing() -> None:
    assert not ask(LOCK, facts={}).permitted
    assert not ask(LOCK, to={"kind": "person"}, facts=RISK).permitted


def test_no_form_is_asked_for() -> None:
    box = {"labels": "*", "categories": "*", "purposes": ["research"], "recipients": "*"}
    spoken = {"id": "g1", "polarity": "permit", "discloser": "*", "written": False, "boxes": [box]}
    assert ask(spoken, purpose="research").codes == {"log_disclosure"}


def test_the_plugin_brings_the_profile_of_its_name_and_has_no_settings() -> None:
    report = Plugins.build([plugin({})]).contribute("recovery_contribute_consent_profiles")
    assert report.values == {"ca.on.phipa": (PHIPA,)}
    with pytest.raises(ValueError, match="no settings"):
        plugin({"lock": True})


def test_every_rule_tells_its_source() -> None:
    assert all(row["citation"].startswith("PHIPA") and row["reviewed"] for row in PHIPA.to_rows())
