"""Trees written as Consent resources, and read again: the verdicts stay, or the tree is refused."""

from __future__ import annotations

import copy
from typing import Any, Literal

import pytest
from fhir_samples import Json, actor, asked, label, purpose, r4, r5
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoverycore.consent import TreeDirective
from recoverycore.consent.trees import ROOT
from recoverycore.errors import DocumentError
from recoverycore.testing.consent.growing import grown
from recoverycore_fhir import read_consent, write_consent

R = Literal["R4", "R5"]


def tree(**fields: Any) -> TreeDirective:
    return TreeDirective.model_validate({"id": "c1", "format": "fhir-r4", "decision": "permit", **fields})


def refused(one: TreeDirective, release: R) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        write_consent(one, release)
    assert {each.name for each in caught.value.problems} == {"not_expressible"}
    return [each.path for each in caught.value.problems]


def test_what_was_read_is_written_as_it_stood() -> None:
    four = r4({"type": "permit", "actor": [actor("Organization/a")], "provision": [{"type": "deny", "securityLabel": label("HIV")}]})
    beside = {name: four[name] for name in ("patient", "policyRule")}
    assert write_consent(read_consent(four).directive, "R4", beside) == four
    five = r5(
        {"purpose": purpose("HMARKT"), "provision": [{"action": [{"coding": [{"system": ACTION, "code": "use"}]}]}]},
        period={"start": "2026-01-01"},
    )
    assert write_consent(read_consent(five).directive, "R5") == five


ACTION = "http://terminology.hl7.org/CodeSystem/consentaction"


def test_words_of_our_own_are_written_in_those_of_hl7_where_it_has_them() -> None:
    written = write_consent(
        tree(root={"purpose": ["treatment", "duty_to_warn"], "labels": ["R", "own"], "code": ["http://loinc.org|1"]}), "R4"
    )
    provision = written["provision"]
    assert [(each.get("system"), each["code"]) for each in provision["purpose"]] == [
        (purpose("TREAT")[0]["system"], "TREAT"),
        (None, "duty_to_warn"),
    ]
    assert [each.get("system") for each in provision["securityLabel"]] == ["http://terminology.hl7.org/CodeSystem/v3-Confidentiality", None]
    assert provision["code"] == [{"coding": [{"system": "http://loinc.org", "code": "1"}]}]


@pytest.mark.parametrize(
    ("fields", "release", "places"),
    [
        ({"revocations": [{"at": "2026-06-01"}], "discloser": "a"}, "R4", ["/discloser", "/revocations"]),
        ({"written": True, "signed_by": ["client"]}, "R5", ["/signed_by", "/written"]),
        ({"expires": {"kind": "date", "value": "2026-12-31"}}, "R4", ["/expires"]),
        ({"status": "unprocessable"}, "R4", ["/status"]),
        ({"root": {"category": ["lab"], "unread": ["data"], "x-y": 1}}, "R4", [f"{ROOT}/category", f"{ROOT}/unread", f"{ROOT}/x-y"]),
        ({"provisions": [{"expression": "x"}]}, "R4", ["/provisions/0/expression"]),
        ({"root": {"labels": ["HIV"], "actor": ["a"]}}, "R5", [f"{ROOT}/labels"]),
        ({"root": {"actor": ["a"]}, "decision": "deny"}, "R5", [f"{ROOT}/actor"]),
        ({"provisions": [{"type": "permit", "provisions": [{"type": "deny"}]}]}, "R4", ["/provisions/0/provisions"]),
        ({"decision": "deny", "provisions": [{"type": "permit"}, {"type": "deny"}]}, "R5", ["/provisions/1"]),
    ],
)
def test_what_a_resource_cannot_say_is_refused_with_every_place(fields: Json, release: R, places: list[str]) -> None:
    assert sorted(refused(tree(**fields), release)) == sorted(places)


def test_the_states_that_r5_lacks_are_written_as_what_counts_the_same() -> None:
    assert [write_consent(tree(status=each), "R5")["status"] for each in ("rejected", "proposed", "active")] == [
        "not-done",
        "draft",
        "active",
    ]


def test_every_value_is_no_criterion_in_a_resource() -> None:
    assert write_consent(tree(root={"labels": "*", "actor": ["*"]}), "R4")["provision"] == {"type": "permit"}


def question(pick: Any) -> Json:
    """A question that a grown tree may answer one way or the other."""
    return {
        "recipient": {"id": pick(["per:lee", "per:kim"]), "org": pick(["org:lakeside", "org:westend"])},
        "purposes": [pick(["treatment", "payment", "marketing"])],
        "action": pick(["disclose", "use"]),
        "at": pick(["2026-06-15T10:00:00-05:00", "2026-06-14T09:59:59Z"]),
        "record": {"labels": pick([["SUD"], ["HIV"], ["SUD", "HIV"], []]), "class": pick(["Claim", "Note"])},
    }


def written_and_read(given: TreeDirective, release: R) -> TreeDirective | None:
    """The tree after it was written and read again; None where it is refused."""
    try:
        return read_consent(write_consent(given, release), release=release).directive
    except DocumentError:
        return None


@pytest.mark.parametrize("release", ["R4", "R5"])
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_tree_that_is_written_and_read_again_keeps_its_verdicts_or_is_refused(release: R, data: st.DataObject) -> None:
    def pick(values: Any) -> Any:
        return data.draw(st.sampled_from(values))

    first = TreeDirective.model_validate(grown(pick, "c1"))
    again = written_and_read(first, release)
    if again is not None:
        each = question(pick)
        one, other = asked(first, **copy.deepcopy(each)), asked(again, **copy.deepcopy(each))
        assert (one.verdict, one.basis) == (other.verdict, other.basis)


@pytest.mark.parametrize("release", ["R4", "R5"])
def test_not_all_trees_are_refused(release: R) -> None:
    plain = {
        "id": "c1",
        "format": "fhir-r5",
        "decision": "permit",
        "provisions": [{"labels": ["HIV"], "provisions": [{"purpose": ["ETREAT"]}]}],
    }
    assert written_and_read(TreeDirective.model_validate(plain), release) is not None


def test_there_and_back_between_the_releases_keeps_the_verdicts() -> None:
    first = read_consent(r4({"type": "permit", "provision": [{"type": "deny", "securityLabel": label("HIV")}]})).directive
    five = read_consent(write_consent(first, "R5")).directive
    back = read_consent(write_consent(five, "R4")).directive
    for labels in ([], ["HIV"]):
        assert len({asked(each, record={"labels": labels}).verdict for each in (first, five, back)}) == 1


@pytest.mark.parametrize("name", ["provision", "decision", "grantee", "period", "id", "modifierExtension"])
def test_what_the_tree_says_itself_is_no_element_beside_it(name: str) -> None:
    tree = TreeDirective.model_validate({"id": "c1", "format": "fhir-r5", "decision": "deny"})
    with pytest.raises(DocumentError) as caught:
        write_consent(tree, "R5", {name: "else"})
    assert [(each.name, each.path) for each in caught.value.problems] == [("not_expressible", f"/beside/{name}")]
