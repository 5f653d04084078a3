"""Papers of several plans in common tables: what stands alike is there once, and what differs is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ClientFacts, Directive, Facts, Profile
from recoverycore.consent.plan import compare, compile_plan
from recoverycore.consent.plan.sheet import sheet_of
from recoverycore.errors import DocumentError
from tests.consent.papers import box, paper
from tests.consent.plan.test_comparing import of, plan, tree
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from recoverycore.consent.plan.sheet import Sheet

Json = dict[str, Any]
LAW = Profile(id="law", version="1")
"""A law that adds nothing, and might read every form."""
LAB = paper("lab", boxes=[box(categories=["lab"])])
OFF = paper("off", polarity="deny", boxes=[box(labels=["HIV"])])


def papers_of(sheet: Sheet, plan: int = 0) -> list[int]:
    return list(sheet.books[plan].papers)


def test_a_paper_that_two_plans_hold_alike_is_there_once_whatever_it_is_called() -> None:
    sheet = sheet_of((plan(paper(), LAB), plan({**paper(), "id": "other"}, OFF)))
    [given, lab], [off, again] = papers_of(sheet), papers_of(sheet, 1)
    assert given == again
    assert len({given, lab, off}) == 3
    assert sheet.apart == lab | off


def test_plans_that_hold_the_same_have_nothing_apart_and_those_that_are_read_otherwise_everything() -> None:
    assert sheet_of((plan(paper(), LAB), plan(LAB, paper()))).apart == 0
    sheet = sheet_of((plan(paper()), plan(paper(), facts=Facts(lawful_basis="9(2)(h)"))))
    assert sheet.apart == sheet.tables.everything
    three = sheet_of((plan(paper()), plan(paper()), plan(paper(), LAB)))
    assert three.apart == papers_of(three, 2)[1]


def test_plans_in_other_words_are_not_compared() -> None:
    with pytest.raises(DocumentError, match="plans_unlike"):
        sheet_of((plan(), plan(policy={"label_order": "clearance"})))


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        # The same paper, which another one replaces in one plan alone.
        ([paper()], [paper(), paper("g2", status="inactive", supersedes=["g1"])], "narrower"),
        ([paper(), OFF], [paper(), OFF, paper("g2", status="inactive", supersedes=["off"])], "wider"),
        # The same id, which says something else.
        ([paper()], [{**LAB, "id": "g1"}], "both"),
        ([paper("a"), {**LAB, "id": "b"}], [{**LAB, "id": "a"}, paper("b")], "equal"),
        # The same boxes, of which something else is taken away.
        ([paper(**{"except": [{"labels": ["HIV"]}]})], [paper(**{"except": [{"labels": ["SUD"]}]})], "both"),
        ([paper()], [paper(revocations=[{"at": "2026-06-15", "recipients": ["dana"]}])], "narrower"),
        ([paper(**{"except": [{}]})], [paper()], "wider"),
        ([paper(), paper("d1", polarity="deny", boxes=[box()])], [paper()], "wider"),
    ],
)
def test_what_makes_papers_differ_is_kept_apart(old: list[Json], new: list[Json], verdict: str) -> None:
    assert compare(plan(*old), plan(*new)).verdict == verdict


def test_a_paper_that_is_read_in_other_days_is_another_one() -> None:
    ends = [Directive.model_validate(paper(expires={"kind": "date", "value": "2026-06-15"}))]
    here, there = (compile_plan(ends, client=ClientFacts(zone=zone)) for zone in ("Asia/Tokyo", "UTC"))
    assert compare(here, there).verdict == "wider"


def test_a_profile_that_is_not_there_takes_every_permit_and_every_rule_and_leaves_the_refusals() -> None:
    hipaa = PROFILES["us.hipaa"]
    sheet = sheet_of((plan(paper(), OFF, profiles=[hipaa]), plan(paper(), OFF, profiles=[hipaa, "us.nowhere"])))
    whole, nothing = sheet.books
    assert whole.permitting
    assert whole.ruling
    assert whole.ruling & (whole.permitting | whole.denying) == 0
    assert (nothing.permitting, nothing.ruling, nothing.denying, nothing.papers) == (0, 0, whole.denying, whole.papers)


# -- what is left of a mask -------------------------------------------------------------------------------------------------------
def test_what_an_except_box_or_a_revocation_takes_away_is_taken_from_its_own_paper_alone() -> None:
    taken = {"except": [{"labels": ["HIV"]}], "revocations": [{"at": "2026-06-15", "recipients": ["dana"]}]}
    sheet = sheet_of((plan(paper(**taken), LAB, OFF),))
    given, lab, off = papers_of(sheet)
    [(out, _)], [(revoked, _)] = sheet.excepts.items(), sheet.revoked.items()
    assert (sheet.excepts[out], sheet.revoked[revoked]) == (given, given)
    whole = given | lab | off
    assert [sheet.covering(whole | each) & whole for each in (0, out, revoked)] == [whole, lab | off, lab | off]
    assert [sheet.excepted(whole | each) & whole for each in (0, out, revoked)] == [whole, lab | off, whole]


def test_a_permit_is_enough_where_no_deny_reaches() -> None:
    sheet = sheet_of((plan(paper(), OFF),))
    given, off = papers_of(sheet)
    assert [sheet.books[0].permits(mask) for mask in (0, given, off, given | off)] == [False, True, False, False]


def test_the_gist_of_a_mask_is_which_papers_cover_it_and_what_belongs_to_none() -> None:
    two = [box(), box(categories=["lab"])]
    sheet = sheet_of((of(paper(boxes=two, **{"except": [{"labels": ["HIV"]}]}), LAB, tree()),))
    [out] = sheet.excepts
    first, second = sheet.groups[:2]
    low, high = first & -first, first & (first - 1)
    assert high
    rest = sheet.tables.everything & ~sum(sheet.groups) & ~out
    mark = rest & -rest
    assert mark
    assert sheet.gist(low) == sheet.gist(high) == sheet.gist(first) != sheet.gist(first | second)
    assert sheet.gist(first | out) == sheet.gist(0) == ((False, False, False), 0)
    assert sheet.gist(first | second | mark) == ((True, True, False), mark)


def test_a_paper_that_one_plan_has_covers_a_cell_apart_unless_its_own_except_box_takes_it() -> None:
    sheet = sheet_of((plan(LAB), plan(LAB, paper(**{"except": [{"labels": ["HIV"]}]}))))
    lab, given = sorted(papers_of(sheet, 1), key=lambda bits: bits not in papers_of(sheet))
    [out] = sheet.excepts
    assert [sheet.covered_apart(mask) for mask in (lab, given, given | lab, given | out, 0)] == [False, True, True, False, False]


# -- forms and trees that a law reads ---------------------------------------------------------------------------------------------
def test_papers_that_say_the_same_in_another_form_are_one_only_where_no_law_reads_forms() -> None:
    one, other = ([paper(signed_by=signers, written=True)] for signers in (["client"], []))
    assert sheet_of((plan(*one), plan(*other))).apart == 0
    assert sheet_of((plan(*one, profiles=[LAW]), plan(*other, profiles=[LAW]))).apart


def test_a_paper_by_another_name_is_the_same_form_unless_a_fact_is_told_of_it() -> None:
    one, other = ([paper(name)] for name in ("g1", "g2"))
    assert sheet_of((plan(*one, profiles=[LAW]), plan(*other, profiles=[LAW]))).apart == 0
    for told in ({"flags": {"g1": "known_to_be_false"}}, {"x-withdrawn": ["g1"]}):
        facts = Facts.model_validate(told)
        assert sheet_of((plan(*one, profiles=[LAW], facts=facts), plan(*other, profiles=[LAW], facts=facts))).apart


def test_which_refusal_a_paper_with_a_defect_fails_to_replace_is_a_difference() -> None:
    whole = {"signed_by": ["client"], "written": True, "expires": {"kind": "date", "value": "2026-12-31"}}
    wide = box(categories="*", purposes="*", recipients="*")
    refusals = [paper(name, polarity="deny", boxes=[{**wide, "labels": [label]}]) for name, label in (("off", "SUD"), ("out", "HIV"))]

    def replacing(flawed: str, sound: str) -> list[Json]:
        permits = [{**paper(name, boxes=[wide], supersedes=[old]), **whole} for name, old in (("g1", flawed), ("g2", sound))]
        return [*refusals, {**permits[0], "written": False}, permits[1]]

    old, new = (plan(*replacing(*names), profiles=[PROFILES["us.hipaa"]]) for names in (("off", "out"), ("out", "off")))
    assert compare(old, new).verdict == "both"
    assert compare(old, plan(*reversed(replacing("off", "out")), profiles=[PROFILES["us.hipaa"]])).verdict == "equal"


def test_a_tree_stands_with_its_root_and_with_marks_for_what_decides_beside_it() -> None:
    sheet = sheet_of((of(tree(provisions=[{"labels": ["HIV"]}])),))
    [root] = papers_of(sheet)
    assert root.bit_count() == 1
    assert sheet.groups == (root,)
    assert sheet.tables.everything & ~root
