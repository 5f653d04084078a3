"""Consent resources of R4 and R5 read as trees: what they come to, and how whatever cannot be read never widens anything."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from fhir_samples import Json, actor, asked, base, label, purpose, r4, r5

from recoverycore.errors import DocumentError
from recoverycore_fhir import NOTES, ReadConsent, read_consent

CUSTODIAN = actor("Organization/clinic", "CST")


def codes(found: ReadConsent) -> list[tuple[str, str]]:
    return [(note.code, note.place) for note in found.notes]


def test_an_r4_consent_is_read_with_its_root_its_exceptions_and_their_types() -> None:
    inner = {"type": "permit", "purpose": purpose("ETREAT")}
    found = read_consent(
        r4(
            {
                "type": "permit",
                "period": {"start": "2026-03-01", "end": "2026-12"},
                "actor": [actor("Organization/lakeside")],
                "action": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "access"}]}],
                "provision": [{"type": "deny", "securityLabel": label("HIV"), "provision": [inner]}],
            }
        )
    )
    assert found.directive.to_data() == {
        "id": "c1",
        "format": "fhir-r4",
        "status": "active",
        "decision": "permit",
        "signed_on": "2026-03-01",
        "root": {"period": {"start": "2026-03-01", "end": "2026-12-31"}, "actor": ["Organization/lakeside"], "action": ["access"]},
        "provisions": [{"type": "deny", "labels": ["HIV"], "provisions": [{"type": "permit", "purpose": ["ETREAT"]}]}],
    }
    assert found.notes == ()
    assert asked(found.directive).permitted
    assert asked(found.directive, record={"labels": ["HIV"]}).provisions == {"r1": {"c1": ("/provisions/0",)}}


def test_an_r5_consent_is_read_with_its_decision_period_and_grantee() -> None:
    found = read_consent(
        r5(
            {"resourceType": [{"system": "http://hl7.org/fhir/fhir-types", "code": "Condition"}]},
            {
                "code": [{"coding": [{"system": "http://loinc.org", "code": "1234-5"}]}],
                "expression": {"language": "text/fhirpath", "expression": "x"},
            },
            period={"start": "2026-01-01"},
            grantee=[{"reference": "Organization/lakeside"}],
        )
    )
    root, (first, second) = found.directive.root, found.directive.provisions
    assert (root.actor, first.class_, second.code, second.expression) == (
        ("Organization/lakeside",),
        ("Condition",),
        ("http://loinc.org|1234-5",),
        "x",
    )
    assert codes(found) == [("grantee_as_actor", "/grantee")]


@pytest.mark.parametrize(
    ("rule", "decision", "note"),
    [
        (base("OPTIN"), "deny", []),
        (base("OPTINR"), "deny", []),
        (base("OPTOUT"), "deny", [("base_opt_out", "/policyRule")]),
        (base("hipaa-auth"), "deny", [("base_unread", "/policyRule")]),
        ({"text": "see paper"}, "deny", [("base_unread", "/policyRule")]),
        ("OPTOUT", "deny", [("base_unread", "/policyRule")]),
    ],
)
def test_a_root_of_r4_without_a_type_denies_whatever_its_base_policy(rule: Any, decision: str, note: list[Any]) -> None:
    found = read_consent(r4({"provision": []}, policyRule=rule))
    assert (found.directive.decision, codes(found)) == (decision, note)


def test_a_community_may_mean_by_opting_out_that_everything_goes_that_nobody_refused() -> None:
    assert read_consent(r4(policyRule=base("OPTOUT")), opt_out="permit").directive.decision == "permit"
    assert read_consent(r4(policyRule=base("OPTIN")), opt_out="permit").directive.decision == "deny"


def test_a_type_of_the_root_comes_before_the_base_policy() -> None:
    assert read_consent(r4({"type": "permit"}, policyRule=base("OPTIN"))).directive.decision == "permit"


@pytest.mark.parametrize(
    ("resource", "status"),
    [
        (r4(status="rejected"), "rejected"),
        (r5(status="not-done"), "rejected"),
        (r5(status="unknown"), "unprocessable"),
        (r4(status=None), "unprocessable"),
        (r5(decision=None), "unprocessable"),
        (r5(decision="maybe", status="draft"), "draft"),
        (r4({"type": "allow"}), "unprocessable"),
        (r4(implicitRules="http://example.org/rules"), "unprocessable"),
        (r5(modifierExtension=[{}]), "unprocessable"),
        (r5({"modifierExtension": [{}]}), "unprocessable"),
        (r5({"actor": [{**actor("Organization/a"), "modifierExtension": [{}]}]}), "unprocessable"),
    ],
)
def test_a_document_that_may_mean_something_else_could_not_be_read(resource: Json, status: str) -> None:
    found = read_consent(resource)
    assert found.directive.status == status
    assert found.notes or status == "rejected"


def test_what_has_no_polarity_that_can_be_read_restrains() -> None:
    found = read_consent(r5({"purpose": purpose("TREAT")}, decision=None))
    assert asked(found.directive).basis == "c1"


UNREADABLE: dict[str, Json] = {
    "a named record": {"data": [{"meaning": "instance", "reference": {"reference": "Condition/1"}}]},
    "an element that nobody knows": {"weather": "rain"},
    "a type by an extension": {"_purpose": [{"extension": []}]},
    "a purpose in words": {"purpose": [{"display": "to help"}]},
    "one purpose of two in words": {"purpose": [*purpose("HMARKT"), {"display": "to help"}]},
    "a custodian": {"actor": [CUSTODIAN]},
    "a custodian beside a recipient": {"actor": [CUSTODIAN, actor("Organization/westend")]},
    "a role alone": {"actor": [{"role": {"text": "my team"}}]},
    "an actor in words": {"actor": [{"reference": {"display": "my team"}}]},
    "an actor that is none": {"actor": "Organization/lakeside"},
    "a code in words": {"code": [{"text": "diabetes"}]},
    "a period in words": {"period": {"start": "spring"}},
    "a period without a zone": {"period": {"end": "2026-12-31T10:00:00"}},
    "a period that ends before it starts": {"period": {"start": "2026-12-01", "end": "2026-01-01"}},
    "an empty period": {"period": {}},
    "an expression": {"expression": {"language": "text/cql", "expression": "x"}},
    "a time of data in words": {"dataPeriod": {"start": "childhood"}},
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_limits_no_deny_opens_no_permit_and_is_told_with_its_place(name: str) -> None:
    element = UNREADABLE[name]
    below, at_root = read_consent(r5(element)), read_consent(r4({"type": "permit", **element}))
    assert asked(below.directive).basis == "c1"
    assert asked(below.directive).verdict == "deny"
    assert not asked(at_root.directive).permitted
    assert any(place.startswith("/provision/0/") for _, place in codes(below))
    assert any(place.startswith("/provision/") for _, place in codes(at_root))


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_exception_that_cannot_be_read_permits_nothing(name: str) -> None:
    found = read_consent(r5(UNREADABLE[name], decision="deny"))
    assert asked(found.directive).basis == "c1"
    assert not asked(found.directive).permitted


def test_of_several_values_a_permit_keeps_those_that_can_be_read() -> None:
    found = read_consent(r4({"type": "permit", "actor": [actor("Organization/lakeside"), {"role": {"text": "my team"}}]}))
    assert asked(found.directive).permitted
    assert codes(found) == [("value_unread", "/provision/actor/1")]


def test_a_provision_that_is_none_denies_under_a_permit_and_permits_nothing_under_a_deny() -> None:
    assert asked(read_consent(r5("everything")).directive).verdict == "deny"
    assert not asked(read_consent(r5("everything", decision="deny")).directive).permitted
    assert not asked(read_consent(r4("everything")).directive).permitted


def test_a_type_that_nobody_knows_denies_and_its_exceptions_permit_nothing() -> None:
    odd = {"type": "allow", "purpose": purpose("TREAT"), "provision": [{"type": "permit"}]}
    for root in ("permit", "deny"):
        assert asked(read_consent(r4({"type": root, "provision": [{"type": "permit"}, odd]})).directive).verdict == "deny"
    assert asked(read_consent(r5(odd)).directive).verdict == "deny"
    assert asked(read_consent(r5(odd, decision="deny")).directive).verdict == "deny"


def test_the_exceptions_of_a_permit_said_again_below_a_permit_count() -> None:
    again = {"type": "permit", "actor": [actor("Organization/lakeside")], "provision": [{"type": "deny", "securityLabel": label("HIV")}]}
    found = read_consent(r4({"type": "permit", "provision": [again]}))
    assert asked(found.directive).permitted
    assert asked(found.directive, record={"labels": ["HIV"]}).verdict == "deny"
    assert asked(found.directive, record={"labels": ["HIV"]}, recipient={"id": "Practitioner/kim"}).permitted
    assert codes(found) == [("permit_repeated", "/provision/provision/0")]


def test_a_child_of_r4_without_a_type_is_an_exception_and_is_told() -> None:
    found = read_consent(r4({"type": "permit", "provision": [{"securityLabel": label("MH")}]}))
    assert asked(found.directive).verdict == "deny"
    assert codes(found) == [("type_missing", "/provision/provision/0")]


def test_a_type_in_r5_that_is_its_parents_is_refused_and_another_is_taken() -> None:
    with pytest.raises(DocumentError, match="provision_repeats_parent"):
        read_consent(r5({"type": "permit"}))
    assert asked(read_consent(r5({"type": "deny"})).directive).verdict == "deny"


@pytest.mark.parametrize(
    ("resource", "name"),
    [({"resourceType": "Patient", "id": "c1"}, "not_listed"), ({}, "not_listed"), ({**r4(), "id": ""}, "missing_field")],
)
def test_what_is_no_consent_with_an_id_is_refused(resource: Json, name: str) -> None:
    with pytest.raises(DocumentError, match=name):
        read_consent(resource)


def test_a_resource_that_is_too_deep_or_too_large_is_refused_and_never_exhausts_the_stack() -> None:
    deep: Json = {}
    for _ in range(50_000):
        deep = {"provision": [deep]}
    with pytest.raises(DocumentError, match="tree_too_deep"):
        read_consent(r5(deep))
    with pytest.raises(DocumentError, match="tree_too_large"):
        read_consent(r5(*[{}] * 1001))


def test_a_day_of_data_held_in_part_is_no_permits_and_every_denys() -> None:
    part = {"dataPeriod": {"start": "2026-05-01T10:00:00Z", "end": "2026-05-31T23:59:59Z"}}
    assert not asked(read_consent(r4({"type": "permit", **part})).directive).permitted
    assert asked(read_consent(r4({"type": "permit", **part})).directive, record={"date": "2026-05-31"}).permitted
    assert asked(read_consent(r5(part)).directive).verdict == "deny"
    whole = {"dataPeriod": {"start": "2026-05-01T00:00:00Z"}}
    assert asked(read_consent(r4({"type": "permit", **whole})).directive).permitted


def test_a_day_or_a_month_of_the_document_begins_late_for_a_permit() -> None:
    assert str(read_consent(r4({"type": "permit"}, dateTime="2026-05")).directive.signed_on) == "2026-05-31"
    assert read_consent(r4({"type": "deny"}, dateTime="2026-05")).directive.signed_on is None
    assert codes(read_consent(r4({"type": "deny"}, dateTime="soon"))) == [("date_unread", "/dateTime")]


def test_a_host_names_its_own_ids_and_roles() -> None:
    ours = {"Organization/lakeside": "org:lakeside"}
    found = read_consent(
        r4({"type": "permit", "actor": [actor("Organization/lakeside", "PROV"), actor("Organization/x", "PROV")]}),
        ids=lambda reference: ours.get(reference["reference"]),
        roles={"PROV"},
    )
    assert found.directive.root.actor == ("org:lakeside",)


def test_a_reference_by_identifier_is_read_as_a_token() -> None:
    npi = {"identifier": {"system": "http://hl7.org/fhir/sid/us-npi", "value": "123"}}
    found = read_consent(r4({"type": "permit", "actor": [{"reference": npi}, {"reference": {"identifier": {"value": "9"}}}]}))
    assert found.directive.root.actor == ("http://hl7.org/fhir/sid/us-npi|123", "9")


def test_the_same_letters_of_another_system_mean_something_else() -> None:
    found = read_consent(r4({"type": "permit", "purpose": [{"system": "urn:local", "code": "TREAT"}]}))
    assert found.directive.root.purpose == ("urn:local|TREAT",)
    assert not asked(found.directive).permitted


def test_nothing_is_lost_and_nothing_personal_is_told() -> None:
    resource = r4({"type": "permit", "data": [{"meaning": "instance", "reference": {"reference": "Condition/1", "display": "somebody"}}]})
    before = copy.deepcopy(resource)
    found = read_consent(resource)
    assert found.original == before
    told = repr(found) + json.dumps([note.to_data() for note in found.notes])
    assert "Heuvel" not in told
    assert "somebody" not in told


def test_every_note_has_its_reason() -> None:
    assert all(reason.endswith(".") for reason in NOTES.values())
    found = read_consent(r5({"weather": "rain"}))
    assert [note.to_data() for note in found.notes] == [
        {"code": "element_unread", "place": "/provision/0/weather", "reason": NOTES["element_unread"]}
    ]


def test_whom_an_r5_consent_grants_something_limits_what_is_permitted_below_a_root_that_denies() -> None:
    given = {"purpose": purpose("TREAT"), "provision": [{"securityLabel": label("HIV")}]}
    for whom, verdict in (("Organization/lakeside", "permit"), ("Organization/other", "deny")):
        found = read_consent(r5(given, decision="deny", grantee=[{"reference": whom}]))
        assert asked(found.directive).verdict == verdict
        assert asked(found.directive, record={"labels": ["HIV"]}).verdict == "deny"
        assert codes(found) == [("grantee_as_actor", "/grantee")]
    unread = read_consent(r5(given, decision="deny", grantee=[{"display": "somebody"}]))
    assert asked(unread.directive).verdict == "deny"


def test_a_code_system_of_hl7_is_the_same_by_its_object_identifier() -> None:
    by_identifier = [{"system": "urn:oid:2.16.840.1.113883.5.4", "code": "MH"}]
    assert asked(read_consent(r5({"securityLabel": by_identifier})).directive).verdict == "deny"
