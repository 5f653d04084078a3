"""Trees in three ways: walked down, as boxes with exceptions, and by the reference, which shares no code with either. All say the same."""

from __future__ import annotations

import copy
from random import Random
from typing import Any

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recoverycore.consent import ClientFacts, Facts, Request, TreeDirective, in_format
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.judging import Judge
from recoverycore.consent.matter import Setting
from recoverycore.consent.reference import reference_decide
from recoverycore.consent.regions import regions_of
from recoverycore.errors import DocumentError
from recoverycore.testing.consent.growing import grown
from tests.consent.fast import fast

Json = dict[str, Any]
LABELS = [["SUD"], ["HIV"], ["SUD", "HIV"], ["ETHUD"], ["R"], []]
KINDS = [
    {"category": "diagnosis", "class": "Claim", "date": "2026-05-01"},
    {"category": "lab", "class": "Note", "code": "F10"},
    {"code": "E11"},
    {},
]
INSTANTS = ["2026-06-15T10:00:00-05:00", "2026-06-14T09:59:59Z", "2026-06-16T11:59:59Z"]
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def a_case(pick: Any) -> Json:
    """A tree, and a question about one record that it may speak of."""
    record = {"id": "r1", "labels": pick(LABELS), **pick(KINDS)}
    request = {
        "discloser": {"id": "prog:harbor"},
        "recipient": {"id": pick(["per:lee", "per:kim"]), "org": pick(["org:lakeside", "org:westend"])},
        "purposes": [pick(["treatment", "payment", "care_coordination", "marketing"])],
        "action": pick(["disclose", "use", "redisclose"]),
        "at": pick(INSTANTS),
        "records": [record],
    }
    client = pick([{"zone": "America/Chicago"}, {}])
    given = {"profiles": [], "client": client, "directives": [grown(pick, "t1")], "facts": {"groups": {"team": ["per:lee"]}}}
    return copy.deepcopy({"given": given, "when": {"request": request}})


@st.composite
def cases(draw: st.DrawFn) -> Json:
    return a_case(lambda values: draw(st.sampled_from(values)))


def in_boxes(case: Json, directives: list[TreeDirective]) -> tuple[Any, Any]:
    """What the one tree of a case says of its matter, walked down and in boxes: the polarity with its place, or with places."""
    setting = Setting.of(ClientFacts.model_validate(case["given"]["client"]))
    consents = compile_consents(directives, setting)
    judge = Judge.of(consents, Request.model_validate(case["when"]["request"]), Facts.model_validate(case["given"]["facts"]))
    [(matter, _)] = judge.matters(judge.request.records[0])
    branch = consents.papers[0].branch
    assert branch is not None
    said = branch.says(matter)
    return said and ("permit" if said.permits else "deny", said.place), regions_of(branch).says(matter)


def read(case: Json) -> list[TreeDirective]:
    return [TreeDirective.model_validate(each) for each in case["given"]["directives"]]


@MANY
@given(case=cases())
def test_a_tree_says_the_same_walked_down_and_in_boxes(case: Json) -> None:
    walked, boxed = in_boxes(case, read(case))
    assert (walked is None) is (boxed is None)
    if walked:
        assert walked[0] == boxed[0]
        assert walked[1] in boxed[1]


@MANY
@given(case=cases())
def test_no_matter_lies_in_both_regions(case: Json) -> None:
    directives = read(case)
    setting = Setting.of(ClientFacts.model_validate(case["given"]["client"]))
    [paper] = compile_consents(directives, setting).papers
    judge = Judge.of(compile_consents(directives, setting), Request.model_validate(case["when"]["request"]), Facts())
    [(matter, _)] = judge.matters(judge.request.records[0])
    assert paper.branch is not None
    regions = regions_of(paper.branch)
    assert not (any(each.covers(matter) for each in regions.permit) and any(each.covers(matter) for each in regions.deny))


@MANY
@given(case=cases())
def test_a_tree_is_decided_as_the_reference_decides_it(case: Json) -> None:
    found, expected = fast(case), reference_decide(case)
    assert {name: found[name] for name in ("decision", "basis", "failed")} == {
        name: expected[name] for name in ("decision", "basis", "failed")
    }


def in_the_other(tree: TreeDirective) -> TreeDirective | None:
    """The tree in the other format; None where it is refused."""
    try:
        return in_format(tree, "fhir-r5" if tree.format == "fhir-r4" else "fhir-r4")
    except DocumentError:
        return None


@MANY
@given(case=cases())
def test_the_other_format_and_back_keeps_the_verdict_or_is_refused(case: Json) -> None:
    [tree] = read(case)
    there = in_the_other(tree)
    for other in () if there is None else (there, in_format(there, tree.format)):
        assert verdict(case, tree) == verdict(case, other)


def verdict(case: Json, tree: TreeDirective) -> Any:
    """What one tree says, without the place."""
    walked, _ = in_boxes(case, [tree])
    return walked and walked[0]


def without_types(data: Json) -> Json:
    return {
        name: [without_types(each) for each in value] if name == "provisions" else value for name, value in data.items() if name != "type"
    }


@MANY
@given(case=cases())
def test_a_root_more_turns_a_tree_over_where_it_applies_and_two_restore_it(case: Json) -> None:
    [data] = case["given"]["directives"]
    records = case["when"]["request"]["records"]
    records[0] = {"labels": ["SUD"], "category": "diagnosis", "class": "Claim", "code": "F10", "date": "2026-05-01", "id": "r1"}
    case["given"]["client"] = {"zone": "America/Chicago"}
    case["when"]["request"]["action"] = "disclose"
    data = {**without_types(data), "status": "active"}
    if "expression" in str(data):
        return

    def below(one: Json) -> Json:
        return {**one, "provisions": [{**one["root"], "provisions": one["provisions"]}]}

    first, second, third = (verdict(case, TreeDirective.model_validate(each)) for each in (data, below(data), below(below(data))))
    assert third == first
    assert second == {"permit": "deny", "deny": "permit", None: None}[first]


@MANY
@given(case=cases())
def test_an_unreadable_tree_restrains_by_its_root_or_is_none(case: Json) -> None:
    [data] = case["given"]["directives"]
    unread = fast({**case, "given": {**case["given"], "directives": [{**data, "status": "unprocessable"}]}})
    bare = {**data, "status": "active", "provisions": []}
    readable = fast({**case, "given": {**case["given"], "directives": [bare]}})
    wanted = (readable["decision"], readable["basis"]) if data["decision"] == "deny" else ("deny", None)
    assert (unread["decision"], unread["basis"]) == wanted


def test_a_planted_fault_is_noticed_by_the_boxes() -> None:
    random, noticed = Random(5), 0  # noqa: S311 - nothing secret is drawn
    for _ in range(300):
        case = a_case(random.choice)
        [paper] = compile_consents(read(case), Setting.of(ClientFacts.model_validate(case["given"]["client"]))).papers
        assert paper.branch is not None
        lost = evolve(paper.branch, below=paper.branch.below[:-1])
        judge = Judge.of(compile_consents(read(case), Setting.of(ClientFacts())), Request.model_validate(case["when"]["request"]), Facts())
        [(matter, _)] = judge.matters(judge.request.records[0])
        said, boxed = lost.says(matter), regions_of(paper.branch).says(matter)
        noticed += bool(said) and bool(boxed) and ("permit" if said and said.permits else "deny") != (boxed or ("",))[0]
    assert noticed > 5
