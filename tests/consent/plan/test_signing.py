"""What a signature changes, in detail: the cells of each person and kind together say what the proof says."""

from __future__ import annotations

from itertools import islice

import pytest

from recoverycore.consent import ClientFacts, Directive, Facts
from recoverycore.consent.plan import compare, compile_plan, signing
from recoverycore.consent.plan.words import OF_ONE
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.drawn import Drawn, drawn
from tests.consent.plan.test_comparing import of, plan, tree
from tests.suite.judge_consent import PROFILES

SIGNED = {"signed_by": ["client"], "written": True, "starts": "2026-01-01", "expires": {"kind": "date", "value": "2026-12-31"}}


def true(one: Drawn) -> None:
    """Each cell is what it is told as, and a direction has cells just where the proof has one."""
    old, new = one.plans
    found, proof = signing(old, new), compare(old, new)
    assert (found.verdict, bool(found.gained), bool(found.lost)) == (proof.verdict, proof.gained is not None, proof.lost is not None)
    for cells, answers in ((found.gained, (False, True)), (found.lost, (True, False)), (found.stays, (True, True))):
        assert all((old.permits(cell), new.permits(cell)) == answers for cell in cells)


def test_the_details_of_many_changes_are_true_and_none_is_without() -> None:
    for one in islice(drawn(20260801), 8):
        true(one)


@pytest.mark.prove
@pytest.mark.parametrize("profiles", [(), ("us.42cfr2",)])
def test_the_details_of_very_many_changes_are_true_and_none_is_without(profiles: tuple[str, ...]) -> None:
    for one in islice(drawn(20260802, *profiles), 20 if profiles else 300):
        true(one)


def test_each_person_is_told_of_with_each_kind() -> None:
    both = [{"person": "dana"}, {"person": "kim", "org": "away"}, {"org": "westend"}]
    found = signing(plan(), plan(paper(boxes=[box(recipients=both, categories=["plan", "lab"])])))
    seen = {(cell.recipient.id, cell.recipient.org, cell.category) for cell in found.gained}
    assert seen == {(who, at, what) for who, at in (("dana", None), ("kim", "away"), ("westend", None)) for what in ("plan", "lab")}


def test_whom_a_tree_names_is_told_of() -> None:
    assert {cell.recipient.id for cell in signing(of(), of(tree())).gained} == {"dana"}


def test_a_change_that_no_known_category_shows_is_told_of_all_the_same() -> None:
    refused = paper("d1", polarity="deny", boxes=[box(categories=["lab"])])
    anything = paper(boxes=[box(categories="*")])
    found = signing(plan(anything), plan(anything, refused, paper("g2", boxes=[box(categories=["lab"])], supersedes=[])))
    assert [cell.category for cell in found.lost] == ["lab"]
    dated = paper("d1", polarity="deny", boxes=[box(categories=["lab"])], **{"except": [{"categories": ["lab"]}]})
    assert [cell.category for cell in signing(plan(anything), plan(anything, dated)).lost] == [None]


REFUSED = paper("d1", polarity="deny", boxes=[box(recipients=[{"person": "westend"}])])
WESTEND = paper(boxes=[box(recipients=[{"org": "westend"}], categories=["plan"])])


def test_people_are_told_of_by_name_and_everybody_else_behind_them() -> None:
    either = [{"person": "Kim"}, {"org": "Dana"}]
    nobody = paper("d1", polarity="deny", boxes=[box(recipients=[{"person": "Eli"}])])
    found = signing(plan(nobody), plan(nobody, paper(boxes=[box(recipients=either), box(recipients="*", purposes=["payment"])])))
    assert [cell.recipient.id for cell in found.gained] == ["Dana", "Eli", "Kim", "(anybody else)"]


def test_a_kind_that_only_an_except_box_names_is_told_of_like_any_other_kind_behind_those_that_are_named() -> None:
    given = paper(boxes=[box(categories="*")], **{"except": [{"categories": ["sealed"], "recipients": [{"person": "kim"}]}]})
    found = signing(plan(), plan(given, paper("g2", boxes=[box(categories=["lab"], recipients=[{"person": "kim"}])])))
    assert [(cell.recipient.id, cell.category) for cell in found.gained] == [
        *(("dana", each) for each in ("lab", "sealed", "(any other category)")),
        ("kim", "lab"),
    ]


def test_what_a_tree_and_a_revocation_name_is_told_of_too() -> None:
    lab = tree("t2", root={"actor": ["eli", "*"], "category": ["lab", "*"]}, provisions=[{"actor": ["kim"], "category": ["sealed"]}])
    given = paper(boxes=[box(recipients="*")], revocations=[{"at": "2026-06-15", "recipients": ["ada"]}])
    found = signing(of(), of(given, lab))
    told = {(cell.recipient.id, cell.category) for cell in found.gained}
    kinds = {"lab", "plan", "sealed", "(any other category)"}
    assert told == {(who, what) for who in ("ada", "eli", "kim", "(anybody else)") for what in kinds} - {("kim", "sealed")}


def test_where_nobody_who_is_named_shows_a_change_somebody_is_told_of_all_the_same() -> None:
    found = signing(plan(REFUSED), plan(REFUSED, WESTEND))
    assert [(cell.recipient.id, cell.recipient.org) for cell in found.gained] == [("(anybody else)", "westend")]
    assert found.lost == ()
    back = signing(plan(REFUSED, WESTEND), plan(REFUSED))
    assert [(cell.recipient.id, cell.recipient.org) for cell in back.lost] == [("(anybody else)", "westend")]


def test_everybody_is_told_what_only_a_record_of_no_known_category_shows() -> None:
    both = paper(boxes=[box(categories="*", recipients=[{"person": "dana"}, {"person": "kim"}])])
    lifted = paper("d1", polarity="deny", boxes=[box(categories=["lab"], recipients="*")], **{"except": [{"categories": ["lab"]}]})
    found = signing(plan(both), plan(both, lifted))
    assert [(cell.recipient.id, cell.category) for cell in found.lost] == [("dana", None), ("kim", None)]


def test_a_tree_that_names_nobody_is_told_of_as_giving_to_anybody() -> None:
    assert [cell.recipient.id for cell in signing(of(), of(tree(root={"category": ["plan"]}))).gained] == ["(anybody)"]


def test_only_what_a_paper_gives_is_told_to_stay() -> None:
    hipaa = PROFILES["us.hipaa"]
    old = plan(paper(boxes=[box(purposes=["research"])], **SIGNED), profiles=[hipaa])
    new = plan(
        paper(boxes=[box(purposes=["research"])], **SIGNED), paper("g2", boxes=[box(purposes=["training"])], **SIGNED), profiles=[hipaa]
    )
    found = signing(old, new)
    assert {cell.purpose for cell in found.gained} == {"training"}
    assert {(cell.recipient.id, cell.category, cell.purpose) for cell in found.stays} == {("dana", "plan", "research")}
    assert signing(plan(profiles=[hipaa]), plan(profiles=[hipaa])).stays == ()


def test_under_a_law_a_signature_says_what_it_does_not_speak_of() -> None:
    assert signing(plan(profiles=[PROFILES["us.hipaa"]]), plan(profiles=[PROFILES["us.hipaa"]])).explain().endswith(OF_ONE)
    assert OF_ONE not in signing(plan(paper()), plan()).explain()


def test_what_ended_before_the_first_instant_is_not_told_of() -> None:
    ended = paper(expires={"kind": "date", "value": "2026-06-14"})
    assert signing(plan(), plan(ended)).verdict == "wider"
    found = signing(plan(), plan(ended, paper("g2", boxes=[box(categories=["lab"])])), NOON)
    assert [(cell.category, cell.at) for cell in found.gained] == [("lab", NOON)]
    assert signing(plan(ended), plan(ended), NOON).stays == ()


def test_a_signature_is_told_in_sentences_and_as_data() -> None:
    lab, note = (paper(name, boxes=[box(categories=[kind])]) for name, kind in (("g2", "lab"), ("g3", "note")))
    found = signing(plan(paper(), lab), plan(paper(), note), NOON)
    assert found.explain({"dana": "Dana"}).splitlines() == [
        "From 2026-06-15 12:00 UTC on:",
        "New: the new version lets Dana see note (any label) for treatment from 2026-06-15 12:00 UTC; the old one did not.",
        "Ends: the old version let Dana see lab (any label) for treatment from 2026-06-15 12:00 UTC; the new one does not.",
        "Stays: both let Dana see plan (any label) for treatment from 2026-06-15 12:00 UTC.",
    ]
    told = found.to_data()
    assert told.pop("unknown_events") == []
    assert (told.pop("verdict"), {name: [each["category"] for each in cells] for name, cells in told.items()}) == (
        "both",
        {"gained": ["note"], "lost": ["lab"], "stays": ["plan"]},
    )
    assert str(signing(plan(), plan())).splitlines() == [
        "Nothing changes about who can see what.",
        "Nothing stays that anybody could see before.",
    ]


def test_days_are_those_of_the_client() -> None:
    tokyo = ClientFacts(zone="Asia/Tokyo")
    papers = [Directive.model_validate(paper())]
    assert (
        signing(compile_plan([], client=tokyo), compile_plan(papers, client=tokyo), NOON)
        .explain()
        .startswith("From 2026-06-15 21:00 (Asia/Tokyo) on:")
    )


def test_only_an_event_of_which_nobody_has_told_is_named_as_unknown() -> None:
    ends = paper(**{**SIGNED, "expires": {"kind": "event", "value": "discharge"}})
    assert signing(plan(ends), plan(ends)).unknown_events == ("discharge",)
    for state in (None, "2026-05-01"):
        known = plan(ends, facts=Facts.model_validate({"events": {"discharge": state}}))
        assert signing(known, known).unknown_events == ()
