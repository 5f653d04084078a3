"""What a plan can be asked: what never happens, what is redundant, who can see what, what a revocation would do."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Discloser, Recipient, Record
from recoverycore.consent.plan import Cell, Kind, ListedVocabulary, compare
from recoverycore.consent.plan.cells import NAMELESS
from recoverycore.errors import DocumentError, InstantError, NotFound
from recoverycore.ground import parse_instant
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.drawn import LISTED, drawn, plan_of
from tests.consent.plan.test_comparing import plan

if TYPE_CHECKING:
    from datetime import datetime

HIV = paper("d1", polarity="deny", boxes=[box(labels=["HIV"], categories="*", purposes="*", recipients="*")])
ALL = box(labels="*", categories="*", purposes="*", recipients="*")
DANA = Recipient(id="dana")
DAYS = {"starts": "2026-01-01", "expires": {"kind": "date", "value": "2026-12-31"}}


# -- never ----------------------------------------------------------------------------------------------------------------------
def test_what_nobody_permits_never_happens() -> None:
    assert plan().always_denied().holds
    assert not plan(paper()).always_denied().holds


def test_a_refusal_of_one_label_is_a_proof_that_no_record_with_it_goes_out() -> None:
    found = plan(paper(boxes=[ALL]), HIV).never({"label": "HIV"})
    assert found.holds
    assert bool(found)
    assert found.explain() == "Nobody can see HIV."


def test_a_permit_for_another_label_shows_a_record_that_carries_none_of_the_first() -> None:
    assert plan(paper(boxes=[box(labels=["SUD"])])).never({"label": ["HIV", "SEX"]}).holds
    assert not plan(paper(boxes=[box(labels=["SUD"])])).never({"label": ["SUD"]}).holds


def test_a_permit_for_every_label_is_the_witness_that_there_is_no_such_proof() -> None:
    found = plan(paper(boxes=[box(categories="*")])).never({"label": "HIV", "purpose": "treatment"})
    assert found.witness is not None
    assert found.witness.labels == ("HIV",)
    assert found.explain() == "That can happen: the papers let dana see any category (HIV) for treatment."


@pytest.mark.parametrize(
    ("where", "holds"),
    [
        ({"purpose": "proceedings"}, True),
        ({"purpose": "treatment"}, False),
        ({"purpose": "emergency_treatment"}, False),
        ({"purpose": "TREAT"}, False),
        ({"purpose": ["payment", "operations"]}, True),
        ({"category": "lab"}, True),
        ({"category": "plan", "action": "use"}, True),
        ({"action": "access"}, False),
        ({"recipient": "dana"}, False),
        ({"recipient": ["eli"]}, False),  # Dana may work at an organisation of that name
        ({"recipient": "*"}, False),
        ({"discloser": "harbor"}, False),
    ],
)
def test_what_is_asked_for_means_itself_and_what_is_below_it(where: dict[str, Any], holds: bool) -> None:  # noqa: FBT001 - expected
    assert plan(paper()).never(where).holds is holds


def test_an_axis_above_is_asked_with_everything_below_it() -> None:
    emergencies = plan(paper(boxes=[box(purposes=["emergency_treatment"])]))
    assert not emergencies.never({"purpose": "treatment"}).holds


def test_the_answer_names_everything_that_was_asked() -> None:
    asked = {"label": "HIV", "category": "lab", "purpose": ["payment", "research"], "recipient": "eli", "discloser": "harbor"}
    assert plan().never(asked).explain() == "eli can never see lab (HIV) for payment or research from harbor."


def test_a_narrower_plan_keeps_what_never_happens() -> None:
    wheres: list[dict[str, Any]] = [{}, {"label": "HIV"}, {"purpose": "payment", "category": "lab"}, {"recipient": "org:a"}]
    for one in islice(drawn(43), 40):
        for kept, more in pairwise([[], one.old[:1], one.old]):
            added = [each for each in more if each not in kept]
            if any(each.get("supersedes") for each in more):
                continue
            narrow, wide = (plan_of(one.given, papers) for papers in (kept, more))
            denies = all(each["polarity"] == "deny" for each in added)
            for where in wheres:
                before, after = (wide, narrow) if not denies else (narrow, wide)
                if all(each["polarity"] == "permit" for each in added) or denies:
                    assert not before.never(where).holds or after.never(where).holds


def test_counting_a_list_tells_how_many_cells_there_are() -> None:
    listed = ListedVocabulary.model_validate({**LISTED, "recipients": [{"id": "dana"}], "instants": ["2026-06-15T00:00:00Z"]})
    found = plan(paper(boxes=[box(categories="*")])).never({"label": "HIV"}, within=listed)
    assert (found.holds, found.counter_count) == (False, 2 * 3 * 2)
    assert found.to_data() == {"holds": False, "witness": found.witness and found.witness.to_data(), "witness_count": 12}


def test_of_the_cells_of_a_list_only_those_that_are_asked_about_count_and_the_first_is_shown() -> None:
    listed = ListedVocabulary.model_validate(
        {**LISTED, "recipients": [{"id": "dana"}], "purposes": ["payment", "treatment", "tpo"], "data_dates": [None]}
    )
    everything = plan(paper(boxes=[box(categories="*", purposes="*")], starts="2026-03-01"))
    first = everything.always_denied(within=listed).witness
    assert first is not None
    assert (first.purpose, first.labels, first.category, first.at) == ("payment", (), "lab", parse_instant("2026-05-31T23:59:59Z"))
    cells = 3 * 6 * 3 * 2
    wheres: list[tuple[dict[str, Any], int]] = [
        ({}, cells),
        ({"purpose": "treatment"}, cells // 3),  # a request for all three purposes is not one for treatment
        ({"purpose": ["treatment", "payment"]}, cells * 2 // 3),
        ({"category": "lab"}, cells // 3),
        ({"action": "use"}, 0),
        ({"label": "SUD"}, cells * 3 // 6),
        ({"recipient": "eli"}, 0),
        ({"discloser": "org:clinic"}, cells),
        ({"discloser": "org:elsewhere"}, 0),
    ]
    for where, number in wheres:
        assert everything.never(where, within=listed).counter_count == number
    assert compare(plan(), everything, parse_instant("2026-06-02T00:00:00Z"), within=listed).gained_count == cells // 2


def test_a_count_begins_at_the_instant_asked_about_and_shows_the_first_cell_for_whom_it_was_asked() -> None:
    few = {"purposes": ["treatment"], "label_sets": [[]], "categories": ["lab"], "data_dates": [None]}
    listed = ListedVocabulary.model_validate({**LISTED, **few, "recipients": [{"id": "dana"}, {"id": "eli"}]})
    wide = plan(paper(boxes=[box(categories="*", recipients="*")], starts="2026-01-01", signed_on="2026-01-01"))
    whole = wide.never({"recipient": "eli"}, within=listed)
    assert (whole.counter_count, whole.witness and whole.witness.at) == (len(listed.instants), listed.instants[0])
    later = compare(plan(), wide, listed.instants[1], within=listed)
    assert later.gained_count == 2 * (len(listed.instants) - 1)


def test_a_cell_as_data_has_what_is_known_of_its_record_and_nothing_else() -> None:
    found = plan(paper(boxes=[box(data_period={"start": "2026-01-01"})])).always_denied().witness
    assert found is not None
    told = found.to_data()
    assert told["data_date"] == "2026-01-01"
    assert not told.keys() & {"class", "code"}
    bare = Cell(discloser=Discloser(id="h"), recipient=DANA, purpose="payment", action="use", labels=(), category="lab", at=NOON)
    assert bare.record() == Record(id=NAMELESS, category="lab")


# -- redundant -------------------------------------------------------------------------------------------------------------------
def test_of_two_papers_that_say_the_same_both_are_redundant() -> None:
    assert plan(paper("a"), paper("b")).redundant() == ("a", "b")


def test_a_paper_that_gives_more_than_the_others_is_not_redundant() -> None:
    assert plan(paper("a"), paper("b", boxes=[box(purposes=["tpo"])])).redundant() == ("a",)


def test_a_refusal_of_what_nobody_gives_is_redundant_and_one_that_bites_is_not() -> None:
    assert plan(paper("a"), paper("d", polarity="deny", boxes=[box(categories=["lab"])])).redundant() == ("d",)
    assert plan(paper("a"), HIV).redundant() == ()


def test_a_draft_and_a_superseded_paper_are_redundant() -> None:
    papers = (paper("g0", boxes=[ALL]), paper("g1", supersedes=["g0"]), paper("g2", status="draft"))
    assert plan(*papers).redundant() == ("g0", "g2")


# -- what if ---------------------------------------------------------------------------------------------------------------------
def revoking(papers: list[dict[str, Any]], name: str, **asked: Any) -> tuple[bool, bool, bool]:
    """Whether anything is lost, gained, and stays."""
    found = plan(*papers).what_if_revoked(name, **{"at": NOON, **asked})
    return found.lost is not None, found.gained is not None, found.still is not None


def test_revoking_the_only_paper_loses_all_it_gave() -> None:
    assert revoking([paper()], "g1") == (True, False, False)


def test_what_another_paper_gives_too_stays() -> None:
    assert revoking([paper(), paper("g2")], "g1") == (False, False, True)
    assert revoking([paper(boxes=[box(purposes=["tpo"])]), paper("g2")], "g1") == (True, False, True)
    told = plan(paper(), paper("g2")).what_if_revoked("g1", NOON).explain()
    assert told == "Even so, something lets dana see plan (any label) for treatment from 2026-06-15 12:00 UTC."


def test_revoking_a_refusal_gains_and_says_so() -> None:
    found = plan(paper(boxes=[ALL]), HIV).what_if_revoked("d1", NOON)
    assert (found.lost, found.still) == (None, None)
    assert found.explain().startswith("Without d1, the rest lets somebody see".replace("somebody", "anybody"))


def test_revoking_for_some_is_about_those_only() -> None:
    both = paper(boxes=[box(recipients=[{"person": "dana"}, {"org": "org:a"}])])
    found = plan(both).what_if_revoked("g1", NOON, ["org:a"])
    assert found.lost is not None
    assert "org:a" in (found.lost.recipient.id, found.lost.recipient.org)
    assert found.still is None
    assert found.explain().startswith("Without g1, nothing lets ")
    assert found.explain().endswith(" any more.")


def test_what_is_over_before_is_neither_lost_nor_kept() -> None:
    assert revoking([paper(**DAYS)], "g1", at=parse_instant("2027-01-01T00:00:00Z")) == (False, False, False)
    assert plan(paper(**DAYS)).what_if_revoked("g1", parse_instant("2027-01-01T00:00:00Z")).explain() == "Revoking g1 changes nothing."


def test_the_answer_as_data_has_a_cell_for_each_part() -> None:
    told = plan(paper()).what_if_revoked("g1", NOON).to_data()
    assert told["lost"]["recipient"] == "dana"
    assert told == {"lost": told["lost"], "gained": None, "still": None}


# -- who can see -----------------------------------------------------------------------------------------------------------------
KINDS = {"plans": "plan", "labs": ("lab", ["HIV"])}


def test_the_matrix_tells_for_each_recipient_and_kind_whether_all_some_or_no_purposes_are_permitted() -> None:
    shown = plan(paper(boxes=[box(categories="*", purposes=["treatment"])]), HIV)
    found = shown.who_can_see(["dana", Recipient(id="eli")], KINDS, ["treatment", "payment"], NOON, discloser="harbor")
    assert found.seen == {"dana": {"plans": "partly", "labs": "no"}, "eli": {"plans": "no", "labs": "no"}}
    assert shown.who_can_see(["dana"], KINDS, "treatment", NOON, discloser="harbor").seen["dana"]["plans"] == "yes"


def test_the_matrix_is_text_rows_and_a_page() -> None:
    found = plan(paper()).who_can_see(["dana"], [Kind("plans", "plan", ("MH",))], ["treatment"], NOON, discloser="harbor")
    assert str(found).splitlines() == ["Who can see what for treatment on 2026-06-15 12:00 UTC", "      plans", "dana  yes"]
    [row] = found.to_rows()
    assert (row["recipient"], row["kind"], row["labels"], row["seen"]) == ("dana", "plans", ["MH"], "yes")
    assert '<th scope="row">dana</th>' in found.to_html()
    assert found.to_html().startswith("<!doctype html>")
    assert hash(found) == hash(plan(paper()).who_can_see(["dana"], found.kinds, ["treatment"], NOON, discloser="harbor"))
    assert set(found._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_a_page_shows_ids_as_text_and_not_as_marks() -> None:
    found = plan(paper()).who_can_see(["<b>"], {"<i>": "plan"}, ["treatment"], NOON, discloser="harbor")
    assert "<b>" not in found.to_html()
    assert "<i>" not in found.to_html()


def test_the_discloser_left_out_is_the_one_that_all_papers_name() -> None:
    named = plan(paper(discloser="harbor"), paper("g2", discloser="*", boxes=[box(purposes=["payment"])]))
    for given, seen in ((None, "yes"), ("harbor", "yes"), (Discloser(id="harbor"), "yes"), ("elsewhere", "no")):
        assert named.who_can_see(["dana"], KINDS, ["treatment"], NOON, discloser=given).seen["dana"]["plans"] == seen


# -- bad questions ---------------------------------------------------------------------------------------------------------------
def refused(call: Any) -> str:
    with pytest.raises((DocumentError, InstantError, NotFound)) as caught:
        call()
    return caught.value.name


@pytest.mark.parametrize(
    ("ask", "name"),
    [
        (lambda: plan().never({"labels": "HIV"}), "unknown_axis"),
        (lambda: plan().never({"label": []}), "empty_axis"),
        (lambda: plan().what_if_revoked("g9", NOON), "unknown_directive"),
        (lambda: plan(paper()).what_if_revoked("g1", NOON.replace(tzinfo=None)), "naive_time"),
        (lambda: plan(paper()).what_if_revoked("g1", NOON, []), "empty_axis"),
        (lambda: plan().without("g9"), "unknown_directive"),
        (lambda: plan().who_can_see(["dana"], KINDS, ["treatment"], NOON), "discloser_needed"),
        (lambda: plan().who_can_see([], KINDS, ["treatment"], NOON, discloser="h"), "nothing_asked"),
        (lambda: plan().who_can_see(["dana"], {}, ["treatment"], NOON, discloser="h"), "nothing_asked"),
        (lambda: plan().who_can_see(["dana"], KINDS, [], NOON, discloser="h"), "nothing_asked"),
        (lambda: plan().who_can_see([DANA, DANA.evolve(org="a")], KINDS, ["treatment"], NOON, discloser="h"), "duplicate_id"),
        (lambda: plan().who_can_see(["dana"], [Kind("a", "b"), Kind("a", "c")], ["treatment"], NOON, discloser="h"), "duplicate_id"),
        (lambda: plan(paper()).who_can_see(["dana"], KINDS, ["treatment"], _naive(), discloser="h"), "naive_time"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_name(ask: Any, name: str) -> None:
    assert refused(ask) == name


def _naive() -> datetime:
    return NOON.replace(tzinfo=None)


def test_a_misspelt_axis_is_answered_with_the_likely_one() -> None:
    with pytest.raises(DocumentError) as caught:
        plan().never({"labels": "HIV"})
    assert caught.value.problems[0].did_you_mean == "label"


def test_more_classes_than_can_be_looked_through_are_an_error_and_no_answer() -> None:
    roles = [paper(f"g{number}", boxes=[box(recipients=[{"role": f"role {number}"}])]) for number in range(20)]
    nobody = paper("d1", polarity="deny", boxes=[ALL])
    assert refused(lambda: plan(*roles, nobody).always_denied()) == "plan_too_large"
    assert plan(*roles, nobody).never({"category": "lab"}).holds


def test_a_discloser_with_its_own_records_is_asked_by_its_kind() -> None:
    clinic = Discloser(id="harbor", kind="part2_program")
    found = plan(paper(boxes=[box(labels=["SUD"])])).never({"label": "SUD"}, discloser=clinic, source="harbor")
    assert found.witness is not None
    assert (found.witness.labels, found.witness.source, found.witness.discloser) == (("SUD",), "harbor", clinic)
    assert plan(paper(boxes=[box(labels=["HIV"])])).never({}, discloser=clinic, source="harbor").holds


# -- one alone -------------------------------------------------------------------------------------------------------------------
def test_one_alone_is_one_wherever_people_kinds_and_purposes_are_listed() -> None:
    made = plan(paper(discloser="harbor"))
    listed = made.who_can_see(["dana"], [Kind("plan", "plan")], ["treatment"], NOON)
    assert listed.seen == {"dana": {"plan": "yes"}}
    assert made.who_can_see("dana", "plan", "treatment", NOON) == listed
    assert made.who_can_see(DANA, Kind("plan", "plan"), "treatment", NOON) == listed
    assert made.who_can_see(["dana"], ["plan"], "treatment", NOON) == listed
    assert made.who_can_see("dana", {"plan": ("plan", "HIV")}, "treatment", NOON).kinds == (Kind("plan", "plan", ("HIV",)),)


def test_a_revocation_for_one_by_a_bare_id_is_for_that_one() -> None:
    made = plan(paper(boxes=[box(recipients=[{"person": "dana"}, {"person": "d"}])]))
    asked = made.what_if_revoked("g1", NOON, "dana")
    assert asked == made.what_if_revoked("g1", NOON, ["dana"])
    assert asked.lost is not None
    assert (asked.lost.recipient.id, asked.lost.recipient.org) == ("dana", None)


# -- a person or an organisation -------------------------------------------------------------------------------------------------
def test_a_person_is_meant_by_id_alone_and_a_recipient_with_everybody_at_an_organisation_of_that_id() -> None:
    made = plan(paper())
    assert made.never({"person": "ivo"}).explain() == "ivo can never see anything."
    assert made.never({"recipient": "ivo"}).explain() == "That can happen: the papers let dana at ivo see plan (any label) for treatment."
    seen = made.never({"person": ["dana", "ivo"]}).witness
    assert seen is not None
    assert seen.recipient.id == "dana"
    assert made.never({"person": "dana", "recipient": "ivo"}).witness is not None
    assert made.never({"person": "kim", "recipient": "dana"}).holds


def test_somebody_whom_no_paper_names_is_asked_about_by_id_alone() -> None:
    found = plan(paper(boxes=[box(recipients="*")])).never({"person": "zoe"})
    assert found.witness is not None
    assert found.witness.recipient.id == "zoe"
