"""Decision tables as tests: a file anybody can write, each question judged, and what no case turns on told."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Profile, Rule, Source
from recoverycore.errors import DocumentError, NotFound, RecoveryError
from recoverycore.testing.consent import cases, check_cases
from recoverycore.testing.consent.tables import chosen_case, ready
from tests.suite.judge_consent import SHIPPED, judge

if TYPE_CHECKING:
    from pathlib import Path

    from recoverycore.testing.consent import DecisionCase, TableReport

CORE = SHIPPED.with_name("consent_core.json")
CANARY = "bluebird-7731"
BOX = {"labels": "*", "categories": ["goals", "contact"], "purposes": ["peer_support"], "recipients": [{"person": "peer_sol"}]}
C2 = {"id": "c2", "polarity": "permit", "discloser": "*", "boxes": [BOX], "expires": {"kind": "date", "value": "2026-09-30"}}
GIVEN: dict[str, Any] = {"client": {"zone": "America/New_York"}, "directives": [C2]}
WHEN = {"who": "peer_sol", "why": "peer_support", "sees": "goals", "at": "2026-06-10T15:00:00Z"}
ROW: dict[str, Any] = {"id": "goals", "expect": "permit"}
YAML = """
given:
  client: {zone: America/New_York, minor: false}
  directives:
    - {id: c2, polarity: permit, discloser: "*", boxes: [{labels: "*", categories: [goals], purposes: [peer_support], recipients: "*"}]}
  policy: {tell_withheld: true}
when: {why: peer_support, at: 2026-06-10T15:00:00Z}
rows:
  - {who: peer_sol, sees: [goals, notes], expect: {decision: partial, withheld: [notes]}}
"""
TOML = """
rows = [{who = "peer_sol", sees = "goals", why = "peer_support", at = 2026-06-10T15:00:00Z, expect = "deny"}]
given = {client = {minor = false}}
"""
RULE = Rule(name="care", source=Source("Invented Act"), purposes=("care",))
LAW = Profile(id="xx.law", version="1", rules=(RULE,))


def written(folder: Path, data: object, name: str = "table.json") -> Path:
    file = folder / name
    file.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return file


def checked(folder: Path, *rows: dict[str, Any], **table: Any) -> TableReport:
    return check_cases(written(folder, {"given": GIVEN, "when": WHEN, "rows": [*rows], **table}))


def names_of(error: pytest.ExceptionInfo[RecoveryError]) -> list[tuple[str, str]]:
    return [(each.name, each.path) for each in error.value.problems]


# What is asked
def test_a_row_takes_what_it_leaves_out_from_what_all_share(tmp_path: Path) -> None:
    report = checked(
        tmp_path, ROW, {"sees": "notes", "expect": "deny"}, {"who": "ivo", "expect": "deny"}, {"why": "care", "expect": "deny"}
    )
    assert report.ok
    assert str(report) == "4 passed, 0 failed"


def test_a_row_without_an_id_is_called_by_its_place(tmp_path: Path) -> None:
    assert [each.id for each in checked(tmp_path, ROW, {"expect": "permit"}).cases] == ["goals", "rows/1"]


def test_a_wrong_expectation_is_told_in_words(tmp_path: Path) -> None:
    report = checked(tmp_path, {**ROW, "expect": "deny"}, ROW | {"id": "other"})
    assert not report.ok
    assert [each.id for each in report.failed] == ["goals"]
    assert str(report) == "goals: the decision is permit, not deny\n1 passed, 1 failed"


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"decision": "deny"}, "the decision is partial, not deny"),
        ({"basis": None}, "it rests on c2, not on nothing"),
        ({"basis": ["c2", "c3"]}, "it rests on c2, not on c2, c3"),
        ({"withheld": []}, "withheld is notes, not nothing"),
        ({"obligations": ["part2_notice"]}, "obligation part2_notice is missing"),
        ({"obligations_absent": ["redact"]}, "obligation redact is there"),
        ({"failed": {"c2": {"notes": ["ended"]}}}, "c2 fails for notes on category, not on ended"),
        ({"failed": {"c2": {"goals": ["ended"]}}}, "c2 fails for goals on nothing, not on ended"),
        ({"needed": ["order"]}, "order is not among what would be needed"),
        ({"entries": ["2026-01-01"]}, "the entries are nothing, not 2026-01-01"),
    ],
)
def test_each_thing_that_differs_is_told_in_words(tmp_path: Path, expect: dict[str, Any], words: str) -> None:
    [case] = checked(tmp_path, {"sees": ["goals", "notes"], "expect": expect}).cases
    assert case.differences() == (words,)


def test_what_is_not_expected_is_not_judged(tmp_path: Path) -> None:
    assert checked(tmp_path, {"sees": ["goals", "notes"], "expect": {"withheld": ["notes"]}}).ok


def test_an_expectation_above_the_rows_holds_for_those_without_one(tmp_path: Path) -> None:
    report = checked(tmp_path, {"who": "ivo"}, {"who": "kim"}, {"id": "own", "expect": "permit"}, expect="deny")
    assert report.ok


def test_a_table_in_yaml_and_one_in_toml_are_read_as_they_are_meant(tmp_path: Path) -> None:
    assert check_cases(written(tmp_path, YAML, "t.yaml")).ok
    assert check_cases(written(tmp_path, TOML, "t.toml")).ok


def test_an_envelope_may_stand_around_a_table(tmp_path: Path) -> None:
    data = {"given": GIVEN, "when": WHEN, "rows": [ROW]}
    assert check_cases(written(tmp_path, {"schema": "recoverycore/consent-table", "version": 1, "data": data})).ok


def test_a_case_takes_what_it_does_not_give_from_what_all_share(tmp_path: Path) -> None:
    given = {"directives": []}
    report = checked(
        tmp_path, cases=[{"id": "a", "expect": "permit"}, {"id": "b", "given": given, "when": {"why": "care"}, "expect": "deny"}]
    )
    assert report.ok
    assert [each.request.purposes for each in report.cases] == [("peer_support",), ("care",)]


def test_a_file_may_be_one_case(tmp_path: Path) -> None:
    assert check_cases(written(tmp_path, {"id": "one", "given": GIVEN, "when": WHEN, "expect": "permit"})).ok
    assert check_cases(written(tmp_path, {**GIVEN, "when": WHEN, "expect": "permit"})).ok


def test_a_place_is_told_as_it_is_in_the_file_with_an_envelope_and_without(tmp_path: Path) -> None:
    twice = {"directives": [C2, C2]}
    enveloped = {
        "schema": "recoverycore/consent-table",
        "version": 1,
        "data": {"given": twice, "when": WHEN, "rows": [ROW, {"expect": "deny"}]},
    }
    for data, place in ((enveloped, "/data/given"), ({**twice, "when": WHEN, "expect": "deny"}, "")):
        with pytest.raises(DocumentError) as error:
            check_cases(written(tmp_path, data))
        assert names_of(error) == [("duplicate_directive", f"{place}/directives/1/id")]
    enveloped["data"] = {"given": GIVEN, "rows": [ROW]}
    with pytest.raises(DocumentError) as error:
        check_cases(written(tmp_path, enveloped))
    assert names_of(error) == [("ask_incomplete", "/data/rows/0")]


def test_roles_that_nobody_asked_about_are_not_known_and_an_empty_list_is_none(tmp_path: Path) -> None:
    wall = {"id": "d1", "polarity": "deny", "boxes": [{"recipients": [{"role": "family"}]}]}
    given = {**GIVEN, "directives": [C2, wall]}
    assert checked(tmp_path, {"expect": "deny"}, {"roles": [], "expect": "permit"}, {"roles": ["family"], "expect": "deny"}, given=given).ok


def test_the_short_words_take_the_place_of_parts_of_a_whole_request(tmp_path: Path) -> None:
    request = {"recipient": {"id": "ivo"}, "purposes": ["peer_support"], "at": WHEN["at"], "records": [{"id": "r1", "category": "goals"}]}
    report = checked(tmp_path, {"expect": "deny"}, {"who": "peer_sol", "expect": "permit"}, when={"request": request})
    assert report.ok
    assert {each.request.records[0].id for each in report.cases} == {"r1"}


def test_the_shipped_suite_of_the_core_is_a_table() -> None:
    report = check_cases(CORE)
    assert report.ok
    assert (len(report.cases), len(report.left_out)) == (25, 8)


def test_the_shipped_suite_under_profiles_comes_out_as_its_judge_says(tmp_path: Path) -> None:
    suite = json.loads(SHIPPED.read_text("utf-8"))
    spoilt = copy.deepcopy(suite["cases"][0]) | {"id": "spoilt"}
    spoilt["expect"]["decision"] = "permit"
    suite["cases"].append(spoilt)
    report = check_cases(written(tmp_path, suite))
    assert [each.id for each in report.failed] == ["spoilt"] == [case["id"] for case in [spoilt] if judge(case)]


def test_the_shipped_suite_of_trees_is_a_table() -> None:
    assert check_cases(SHIPPED.with_name("consent_trees.json")).ok


# What cannot be run
@pytest.mark.parametrize(
    ("table", "problems"),
    [
        ({"rows": [{"why": "x"}]}, [("nothing_expected", "/rows/0/expect")]),
        ({"rows": [{"expect": {}}]}, [("nothing_expected", "/rows/0/expect")]),
        ({"rows": []}, [("nothing_to_check", "")]),
        ({"rows": [ROW], "when": {"who": "peer_sol"}}, [("ask_incomplete", "/rows/0")]),
        ({"rows": [ROW, ROW]}, [("duplicate_id", "/rows/1/id")]),
        ({"rows": [ROW], "cases": [{**ROW, "given": {"directives": [C2, C2]}}]}, [("duplicate_id", "/rows/0/id")]),
        ({"cases": [{**ROW, "given": {"directives": [C2, C2]}}]}, [("duplicate_directive", "/cases/0/given/directives/1/id")]),
        ({"rows": [ROW, {"expect": "deny", "sees": ["a", "a"]}]}, [("duplicate_id", "/rows/1/records/1/id")]),
        ({"rows": [{**ROW, "expect": "maybe"}]}, [("not_listed", "/rows/0/expect")]),
        ({"rows": [{**ROW, "expcet": "deny"}]}, [("unknown_field", "/rows/0/expcet")]),
        ({"rows": [ROW], "given": {**GIVEN, "directives": [C2, C2]}}, [("duplicate_directive", "/given/directives/1/id")]),
        ({"rows": [ROW], "given": {**GIVEN, "policy": {"tell_witheld": True}}}, [("unknown_switch", "/given/policy")]),
        ({"rows": [ROW], "given": {"profiles": ["us.42cfr"]}}, [("plugin_unknown", "/given/profiles/0")]),
        ({"rows": [ROW], "given": {"profiles": ["us"]}}, [("profile_not_brought", "/given/profiles/0")]),
        ({"cases": [{"given": {"profiles": ["us.dv", "x"]}, "expect": "deny"}]}, [("plugin_unknown", "/cases/0/given/profiles/1")]),
    ],
)
def test_what_cannot_be_run_is_told_with_its_place(tmp_path: Path, table: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    with pytest.raises(RecoveryError) as error:
        checked(tmp_path, **table)
    assert names_of(error) == problems


def test_a_misspelt_profile_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(RecoveryError) as error:
        checked(tmp_path, ROW, given={"profiles": ["us.42cfr"]})
    assert error.value.problems[0].did_you_mean == "us.42cfr2"


def test_every_problem_of_a_file_is_told_at_once_and_nothing_that_was_written(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as error:
        checked(tmp_path, {**ROW, "at": CANARY}, {**ROW, "who": {"id": "x", CANARY: CANARY}})
    assert [each.path for each in error.value.problems] == ["/rows/0/at", "/rows/1/who/?"]
    assert CANARY not in str(error.value)


def test_a_profile_that_is_not_loaded_on_purpose_withholds_everything(tmp_path: Path) -> None:
    assert checked(tmp_path, {"expect": "deny"}, given={**GIVEN, "profiles": ["us.state.x"], "loaded": []}).ok


def test_a_profile_of_ones_own_may_be_handed_over(tmp_path: Path) -> None:
    file = written(tmp_path, {"given": {"profiles": ["xx.law"]}, "when": {**WHEN, "why": "care"}, "rows": [ROW]})
    assert check_cases(file, profiles=[LAW]).ok
    assert check_cases(file, profiles=[LAW]).coverage.rules == {}


def test_a_case_may_tell_more_of_a_record_than_is_asked_and_no_slip_is_let_through(tmp_path: Path) -> None:
    def asked(**record: Any) -> Path:
        request = {"recipient": {"id": "peer_sol"}, "purposes": ["peer_support"], "at": WHEN["at"], "records": [{"id": "r1", **record}]}
        return written(tmp_path, {"given": GIVEN, "cases": [{"when": {"request": request}, "expect": "permit"}]})

    assert check_cases(asked(category="goals", paid_out_of_pocket=True)).ok
    with pytest.raises(DocumentError) as error:
        check_cases(asked(category="goals", lables=["SUD"]))
    assert names_of(error) == [("unknown_field", "/cases/0/when/request/records/0/lables")]


def test_questions_about_whole_sets_are_left_out_and_the_rest_keep_their_numbers(tmp_path: Path) -> None:
    whole = {"id": "P1", "given": {"old": []}, "when": {"ask": "compare"}, "expect": {"verdict": "equal"}}
    report = checked(tmp_path, cases=[whole, {"expect": "permit"}])
    assert (report.left_out, report.cases[0].place) == (("P1",), "/cases/1")
    with pytest.raises(DocumentError) as error:
        checked(tmp_path, cases=[whole, {"expect": "maybe"}])
    assert names_of(error) == [("not_listed", "/cases/1/expect")]


@pytest.mark.parametrize("data", ["[]", "3", '"x"', "{"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(DocumentError):
        check_cases(written(tmp_path, data))


# With pytest
@pytest.mark.parametrize("case", cases(CORE))
def test_a_case_is_a_parameter_of_pytest_that_is_called_by_its_id(case: DecisionCase, request: pytest.FixtureRequest) -> None:
    assert request.node.name.endswith(f"[{case.id}]")
    assert not case.differences()


# One case of several
def test_one_case_is_chosen_by_its_id(tmp_path: Path) -> None:
    file = written(tmp_path, {"given": GIVEN, "when": WHEN, "rows": [ROW, {"why": "care"}]})
    assert ready(chosen_case(file, "rows/1"), {})[0].decision.verdict == "deny"
    with pytest.raises(NotFound) as unknown:
        chosen_case(file, "other")
    with pytest.raises(DocumentError) as several:
        chosen_case(file)
    assert names_of(unknown) == [("no_such_case", "--case")]
    assert names_of(several) == [("case_not_chosen", "")]


def test_consents_and_what_is_given_alone_hold_one_question_that_may_be_empty(tmp_path: Path) -> None:
    envelope = {"schema": "recoverycore/consents", "version": 1, "data": {"directives": [C2]}}
    for data in (envelope, {"directives": [C2]}, {"directives": [C2], "facts": {}, "when": {}}):
        assert chosen_case(written(tmp_path, data)).given.directives[0].id == "c2"


def test_a_profile_that_is_not_there_is_told_and_the_case_is_decided_all_the_same(tmp_path: Path) -> None:
    file = written(tmp_path, {"given": GIVEN, "when": WHEN})
    case, missing = ready(chosen_case(file), {"us.state.x": "--profile"})
    assert case.decision.refused == "profile_unavailable"
    assert [(each.name, each.path) for each in missing] == [("plugin_unknown", "--profile")]


# What was never decisive
def test_a_permit_is_decisive_by_each_axis_on_which_it_alone_failed(tmp_path: Path) -> None:
    rows = [{"expect": "permit"}, {"sees": "notes", "expect": "deny"}, {"at": "2026-11-01T00:00:00Z", "why": "care", "expect": "deny"}]
    found = checked(tmp_path, *rows).coverage
    assert found.directives == ()
    assert found.of_permits == {"c2": ("ended", "recipient", "purpose")}
    assert found.axes == ("ended", "recipient", "purpose")


def test_an_axis_is_not_decisive_where_a_refusal_or_another_permit_decided(tmp_path: Path) -> None:
    deny = {"id": "d1", "polarity": "deny", "boxes": [{"categories": ["notes"]}]}
    more = {**C2, "id": "c3", "boxes": [{**BOX, "categories": ["diary"]}]}
    rows = [{"sees": "notes", "expect": "deny"}, {"sees": "diary", "expect": "permit"}]
    found = checked(tmp_path, *rows, given={**GIVEN, "directives": [C2, more, deny]}).coverage
    assert found.directives == ("c2", "d1")
    assert "category" in found.axes


def test_a_paper_without_which_every_case_comes_out_the_same_is_told_and_so_are_both_of_two_that_say_the_same(tmp_path: Path) -> None:
    denies = [
        {"id": f"d{place}", "polarity": "deny", "boxes": [box]} for place, box in enumerate([{"labels": ["HIV"]}, {"purposes": ["x"]}])
    ]
    labelled = {**C2, "boxes": [{**BOX, "labels": ["SUD"]}]}
    rows = [{"expect": "permit"}, {"labels": ["SUD", "HIV"], "expect": "deny"}, {"why": "x", "expect": "deny"}]
    alone = checked(tmp_path, *rows, given={**GIVEN, "directives": [labelled]}).coverage
    assert alone.directives == ()
    found = checked(tmp_path, *rows, given={**GIVEN, "directives": [labelled, {**labelled, "id": "c3"}, *denies]}).coverage
    assert found.directives == ("c2", "c3", "d0", "d1")


def test_a_refusal_is_decisive_where_something_would_be_released_without_it_or_a_row_says_that_it_rests_on_it(tmp_path: Path) -> None:
    deny = {"id": "d1", "polarity": "deny", "boxes": [{"labels": ["HIV"]}]}
    rows = [{"expect": "permit"}, {"labels": ["HIV"], "expect": "deny"}]
    assert checked(tmp_path, *rows, given={**GIVEN, "directives": [C2, deny]}).coverage.directives == ()
    elsewhere = {"sees": "diary", "labels": ["HIV"], "expect": {"decision": "deny", "basis": "d1"}}
    assert checked(tmp_path, rows[0], elsewhere, given={**GIVEN, "directives": [C2, deny]}).coverage.directives == ()


def test_what_is_told_to_be_no_matter_is_none_when_it_is_changed(tmp_path: Path) -> None:
    two = {**C2, "boxes": [BOX, {**BOX, "categories": ["diary"], "purposes": ["care"]}]}
    rows = [{"expect": "permit"}, {"sees": "notes", "why": "peer_support", "expect": "deny"}, {"sees": "diary", "expect": "deny"}]
    found = checked(tmp_path, *rows, given={**GIVEN, "directives": [two]}).coverage
    assert {"category", "purpose"}.isdisjoint(found.of_permits["c2"])


def test_a_tree_is_decisive_by_the_criteria_of_its_root(tmp_path: Path) -> None:
    tree = {"id": "t1", "format": "fhir-r5", "decision": "permit", "root": {"actor": ["peer_sol"], "category": ["goals"]}}
    rows = [{"expect": "permit"}, {"sees": "notes", "expect": "deny"}]
    found = checked(tmp_path, *rows, given={**GIVEN, "directives": [tree]}).coverage
    assert (found.directives, found.axes) == ((), ("recipient",))


def test_a_table_that_turns_on_everything_leaves_nothing_to_tell(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"expect": "permit"}]
    rows += [{name: value, "expect": "deny"} for name, value in {"sees": "x", "why": "x", "who": "x", "at": "2026-12-01T00:00:00Z"}.items()]
    assert checked(tmp_path, *rows).coverage.to_dict() == {"directives": [], "axes": [], "of_permits": {}, "rules": {}}


def test_the_rules_and_bars_of_a_profile_that_never_decided_are_told(tmp_path: Path) -> None:
    found = checked(tmp_path, {"expect": "permit"}, given={**GIVEN, "profiles": ["eu.gdpr"]}).coverage
    assert found.rules == {"eu.gdpr": ("rule:gdpr-9-2-h",)}


def test_a_paper_of_one_case_is_told_with_its_case(tmp_path: Path) -> None:
    own = {"given": {"directives": [C2, {**C2, "id": "c3", "status": "draft"}]}, "expect": "permit"}
    found = checked(tmp_path, {"expect": "permit"}, {"sees": "notes", "expect": "deny"}, cases=[{"id": "own", **own}]).coverage
    assert found.directives == ("own: c3",)
    assert set(found.of_permits) == {"c2"}
