"""Comparing: equal, narrower, wider or both, over everything there may be, with a cell that shows it.

Longer than 300 lines, since what a comparison says, counts and shows is held against the same drawn papers.
"""

from __future__ import annotations

from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ClientFacts, Directive, Facts, Request, TreeDirective
from recoverycore.consent.plan import Cell, Comparison, ListedVocabulary, Plan, compare, compile_plan, space
from recoverycore.consent.reference import reference_decide
from recoverycore.consent.times import Calendar
from recoverycore.errors import DocumentError, RecoveryError
from recoverycore.ground import parse_instant
from tests.consent.papers import asking, box, paper
from tests.consent.plan.drawn import LISTED, drawn, listing, permitted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.consent.plan.drawn import Drawn, Json

NURSES = box(recipients=[{"role": "nurse"}])
LAST_DAY = {"kind": "date", "value": "2026-12-31"}
DENY = paper("d1", polarity="deny", boxes=[box(purposes=["payment"])])
DENIED = paper("d1", polarity="deny")


def plan(*papers: dict[str, Any], **given: Any) -> Plan:
    return compile_plan([Directive.model_validate(each) for each in papers], client=ClientFacts(zone="UTC"), **given)


def compared(old: Plan, new: Plan, **asked: Any) -> Comparison:
    """The comparison, with its mirror image looked at too."""
    there, back = compare(old, new, **asked), compare(new, old, **asked)
    assert (there.gained is None, there.lost is None) == (back.lost is None, back.gained is None)
    return there


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([paper()], [paper()], "equal"),
        ([paper("a"), paper("b", boxes=[box(labels=["HIV"])])], [paper("y", boxes=[box(labels=["HIV"])]), paper("x")], "equal"),
        ([paper()], [paper("a"), paper("b")], "equal"),
        ([paper()], [paper(), DENY], "equal"),
        ([paper()], [paper(), paper("d1", polarity="deny", boxes=[box(labels=["HIV"])])], "narrower"),
        ([paper()], [paper(**{"except": [{"labels": ["HIV"]}]})], "narrower"),
        ([paper()], [], "narrower"),
        ([paper()], [paper(boxes=[box(purposes=["TREAT"])])], "equal"),
        ([paper()], [paper(boxes=[box(purposes=["emergency_treatment"])])], "narrower"),
        ([paper()], [paper(boxes=[box(purposes=["treatment", "payment"])])], "wider"),
        ([paper()], [paper(boxes=[box(purposes=["tpo"])]), DENY], "wider"),
        ([paper()], [paper(boxes=[box(purposes=["payment"])])], "both"),
        ([paper(boxes=[box(labels=["SUD"])])], [paper(boxes=[box(labels=["BH"])])], "wider"),
        ([paper(boxes=[box(recipients=[{"person": "dana"}, {"org": "org:a"}])])], [paper(boxes=[box(recipients="*")])], "wider"),
        ([paper(boxes=[box(recipients=[{"org": "org:a"}])])], [paper(boxes=[box(recipients=[{"person": "org:a"}])])], "narrower"),
        ([paper(boxes=[NURSES])], [paper(boxes=[box(recipients=[{"role": "nurse", "org": "a"}])])], "narrower"),
        ([paper(starts="2026-01-01")], [paper(starts="2026-01-01", signed_on="2026-02-01")], "narrower"),
        ([paper(expires=LAST_DAY)], [paper(expires={"kind": "instant", "value": "2027-01-01T00:00:00Z"})], "equal"),
        ([paper(status="draft")], [], "equal"),
        ([paper(abuser_signed=True)], [], "equal"),
        ([paper(), DENIED], [paper(), DENIED, paper("g2", abuser_signed=True, supersedes=["d1"])], "equal"),
        ([paper()], [paper(), paper("d1", polarity="deny", boxes=[box(recipients=[{"person": "dana", "org": "away"}])])], "narrower"),
        ([paper("g0"), paper("g1", supersedes=["g0"], status="inactive")], [paper("g1", status="inactive")], "equal"),
        ([paper(expires={"kind": "event", "value": "discharge"})], [], "equal"),
    ],
)  # fmt: skip
def test_two_sets_of_papers_compare_as_a_reader_would_say(old: list[Json], new: list[Json], verdict: str) -> None:
    assert compared(plan(*old), plan(*new)).verdict == verdict


def test_two_permits_for_a_label_each_do_not_reach_a_record_with_both() -> None:
    halves = plan(paper("a", boxes=[box(labels=["SUD"])]), paper("b", boxes=[box(labels=["HIV"])]))
    found = compared(halves, plan(paper(boxes=[box(labels=["SUD", "HIV"])])))
    assert found.gained is not None
    assert (found.verdict, sorted(found.gained.labels)) == ("wider", ["HIV", "SUD"])


def test_every_value_that_is_listed_is_not_every_value() -> None:
    listed = plan(paper(boxes=[box(categories=["plan", "lab"])]))
    found = compared(listed, plan(paper(boxes=[box(categories="*")])))
    assert found.verdict == "wider"
    assert found.gained is not None
    assert found.gained.category == "(any other category)"


def test_a_refusal_for_whoever_holds_a_role_bites_on_who_holds_it_beside_another() -> None:
    nurses = paper(boxes=[box(recipients=[{"role": "nurse"}])])
    found = compared(plan(nurses), plan(nurses, paper("d1", polarity="deny", boxes=[box(recipients=[{"role": "guest"}])])))
    assert found.lost is not None
    assert {each.role for each in found.lost.recipient.roles or ()} in ({"nurse", "guest"}, set())


def _refused(**whom: str) -> Json:
    return paper("d1", polarity="deny", boxes=[box(recipients=[whom])])


@pytest.mark.parametrize(
    ("refused", "elsewhere"),
    [
        ({"person": "dana", "org": "away"}, {"id": "dana", "org": "home"}),
        ({"role": "nurse", "org": "away"}, {"id": "dana", "roles": [{"role": "nurse", "org": "home"}]}),
    ],
)
def test_a_refusal_at_one_place_holds_where_nobody_knows_the_place(refused: Json, elsewhere: Json) -> None:
    unknown = {key: [{"role": "nurse"}] if key == "roles" else value for key, value in elsewhere.items() if key != "org"}
    made = plan(paper(), _refused(**refused))
    answers = [made.prepare(Request.model_validate(asking(recipient=each))).permits() for each in (elsewhere, unknown)]
    assert answers == [True, False]
    twice = compared(
        made, plan(paper(), _refused(**refused), paper("d2", polarity="deny", boxes=[box(recipients=[{**refused, "org": "x"}])]))
    )
    assert twice.verdict == "narrower"


def test_a_refusal_at_a_place_that_is_lifted_there_alone_holds_where_nobody_knows_the_place() -> None:
    lifted = {**_refused(person="dana", org="away"), "except": [{"recipients": [{"person": "dana", "org": "away"}]}]}
    found = compared(plan(paper()), plan(paper(), lifted))
    assert found.lost is not None
    assert found.lost.recipient.org is None


def test_a_role_until_a_day_that_may_be_over_is_held_against_a_permit_and_not_for_one() -> None:
    nurses, lifted = paper(boxes=[NURSES]), box(recipients=[{"role": "porter"}])
    refused = paper("d1", polarity="deny", boxes=[lifted], **{"except": [lifted]})
    here, there = ([Directive.model_validate(each) for each in papers] for papers in ([nurses], [nurses, refused]))
    lost = compared(compile_plan(here), compile_plan(there)).lost
    assert lost is not None
    held = {each.role: each.until for each in lost.recipient.roles or ()}
    assert held["nurse"] is None
    assert held["porter"] is not None
    assert compared(plan(nurses), plan(nurses, refused)).verdict == "equal"  # where the zone is known, so is the end of the day


@pytest.mark.parametrize("hour", [0, 9, 10, 12, 23])
def test_at_every_hour_there_is_such_a_day(hour: int) -> None:
    at = parse_instant(f"2026-06-15T{hour:02}:00:00Z")
    last = space._held(space.HeldAt("porter", None, ending=True), at).until
    assert last is not None
    assert Calendar(None).ends(last, "narrow") <= at < Calendar(None).ends(last, "wide")


def test_roles_of_clients_in_different_zones_are_not_compared() -> None:
    named, other = ([Directive.model_validate(each)] for each in (paper(boxes=[NURSES]), paper()))
    tokyo = ClientFacts(zone="Asia/Tokyo")
    with pytest.raises(DocumentError) as caught:
        compare(compile_plan(named), compile_plan(named, client=tokyo))
    assert (caught.value.name, caught.value.problems[0].path) == ("plans_unlike", "/client/zone")
    assert compare(compile_plan(other), compile_plan(other, client=tokyo)).verdict == "equal"


def test_what_is_before_the_first_instant_does_not_count() -> None:
    early, late = plan(paper(starts="2026-01-01")), plan(paper(starts="2026-03-01"))
    assert compared(early, late).verdict == "narrower"
    assert compared(early, late, from_=parse_instant("2026-02-28T23:59:59Z")).verdict == "narrower"
    assert compared(early, late, from_=parse_instant("2026-03-01T00:00:00Z")).verdict == "equal"


def test_a_record_of_which_nobody_knows_when_it_was_made_is_one_too() -> None:
    dated = paper(boxes=[box(data_period={"start": "2026-01-01"})], **{"except": [{"data_period": {"end": "2025-12-31"}}]})
    found = compared(plan(dated), plan(paper()))
    assert (found.verdict, found.gained and found.gained.data_date) == ("wider", None)


def test_facts_of_one_plan_alone_change_what_it_permits() -> None:
    until = paper(expires={"kind": "event", "value": "discharge"})
    assert compared(plan(until), plan(until, facts=Facts.model_validate({"events": {"discharge": None}}))).verdict == "wider"


def test_an_unlisted_profile_denies_all() -> None:
    assert compared(plan(paper()), plan(paper(), profiles=["us.nowhere"])).verdict == "narrower"


def test_the_change_is_told_in_plain_words() -> None:
    told = compare(plan(paper(starts="2026-03-01")), plan(paper(starts="2026-03-01", boxes=[box(purposes=["tpo"])]))).explain()
    assert told == "The new version lets dana see plan (any label) for operations from 2026-03-01; the old one did not."
    none = compare(plan(), plan())
    assert none.explain() == "The new version changes nothing about who can see what."
    assert none.to_data() == {"verdict": "equal", "gained": None, "lost": None}


def test_the_hosts_own_names_are_told_instead_of_ids_and_codes() -> None:
    told = compare(plan(paper()), plan()).explain({"dana": "Dana", "plan": "the care plan"})
    assert told.startswith("The old version let Dana see the care plan")


# -- held against a count of everything that is listed ----------------------------------------------------------------------------
def agrees(one: Drawn, random: Random, size: int = 2) -> None:
    """The count of a list is that of the reference; and whatever the list shows, the proof admits, with cells that are true."""
    old, new = one.plans
    listed = listing(random, size)
    before, after = (permitted(one.given, papers, listed) for papers in (one.old, one.new))
    counted = compare(old, new, within=listed)
    assert (counted.gained_count, counted.lost_count) == (len(after - before), len(before - after))
    proof = compared(old, new)
    assert proof.gained is not None or not after - before
    assert proof.lost is not None or not before - after
    for cell, papers, others in ((proof.gained, one.new, one.old), (proof.lost, one.old, one.new)):
        if cell is not None:
            assert [said(cell, one.given, each) for each in (papers, others)] == ["permit", "deny"]


def _all_agree(pairs: Iterable[Drawn], random: Random, size: int = 2) -> None:
    for one in pairs:
        agrees(one, random, size)


def said(cell: Cell, given: Json, papers: list[Json]) -> str:
    """What the reference decider says of a cell."""
    request = cell.request().to_data()
    return str(reference_decide({"given": {**given, "directives": papers}, "when": {"request": request}})["decision"])


@pytest.mark.parametrize(("profiles", "count"), [((), 40), (("us.42cfr2",), 4)])
def test_verdicts_and_counts_are_those_of_trying_everything(profiles: tuple[str, ...], count: int) -> None:
    random = Random(20260615)  # noqa: S311 - nothing secret is drawn
    _all_agree(islice(drawn(20260615, *profiles), count), random)


@pytest.mark.prove
@pytest.mark.parametrize("profiles", [(), ("us.42cfr2",), ("us.hipaa",), ("us.42cfr2", "us.dv"), ("ca.on.phipa",)])
def test_very_many_verdicts_and_counts_are_those_of_trying_everything(profiles: tuple[str, ...]) -> None:
    random = Random(20260616)  # noqa: S311 - nothing secret is drawn
    _all_agree(islice(drawn(20260616, *profiles), 150 if profiles else 2000), random, 3)


HALVES = [paper("a", boxes=[box(labels=["SUD"])]), paper("b", boxes=[box(labels=["HIV"])])]
FAULTS: dict[str, tuple[str, Any, list[Json], list[Json]]] = {
    "sets of labels are single labels": (
        "searching._Classes._labelled",
        lambda self, mask: [(mask & other, (label,)) for other, label in self.space.labels],
        HALVES,
        [*HALVES, paper("c", boxes=[box(labels=["SUD", "HIV"])])],
    ),
    "nothing is taken away": ("sheet._left", lambda mask, _: mask, [paper()], [paper(**{"except": [{"labels": ["HIV"]}]})]),
    "time stands still": ("tables.Tables.when", lambda self, _: self.in_force[0], [], [paper(starts="2026-01-01")]),
    "only what is named is there": (
        "space.unnamed",
        lambda *_: "dana",
        [paper()],
        [paper(boxes=[box(recipients="*")])],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plan_that_is_wrong_in_one_way_is_noticed(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, wrong, old, new = FAULTS[fault]
    right = compare(plan(*old), plan(*new)).verdict
    assert right != "equal"
    monkeypatch.setattr(f"recoverycore.consent.plan.{place}", wrong)
    assert compare(plan(*old), plan(*new)).verdict == "equal"


@pytest.mark.parametrize("fault", ["nothing is taken away", "time stands still"])
def test_counting_everything_notices_it_too(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, wrong, *_ = FAULTS[fault]
    monkeypatch.setattr(f"recoverycore.consent.plan.{place}", wrong)
    random = Random(1)  # noqa: S311 - nothing secret is drawn
    with pytest.raises((AssertionError, RecoveryError)):
        _all_agree(islice(drawn(1), 200), random)


def test_a_list_without_a_value_has_no_cells() -> None:
    listed = ListedVocabulary.model_validate({**LISTED, "purposes": []})
    assert compare(plan(), plan(paper()), within=listed).gained_count == 0


# -- trees -------------------------------------------------------------------------------------------------------------------------
def tree(name: str = "t1", **fields: Any) -> TreeDirective:
    """A tree that gives plans to Dana for treatment, unless `fields` say otherwise."""
    root = {"actor": ["dana"], "category": ["plan"], "purpose": ["treatment"]}
    return TreeDirective.model_validate({"id": name, "format": "fhir-r4", "decision": "permit", "root": root, **fields})


def of(*papers: Json | TreeDirective, **given: Any) -> Plan:
    read = [each if isinstance(each, TreeDirective) else Directive.model_validate(each) for each in papers]
    return compile_plan(read, client=ClientFacts(zone="UTC"), **given)


FILED = {"actor": ["dana"], "category": ["plan"], "purpose": ["treatment"]}
HIV_OUT = {"labels": ["HIV"]}
BACK_FOR_PAYMENT = {**HIV_OUT, "provisions": [{"purpose": ["emergency_treatment"]}]}


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ([tree()], [tree("t2", format="fhir-r5")], "equal"),
        ([tree()], [tree(provisions=[HIV_OUT])], "narrower"),
        ([tree(provisions=[HIV_OUT])], [tree(provisions=[BACK_FOR_PAYMENT])], "wider"),
        ([tree(provisions=[HIV_OUT, {"purpose": ["emergency_treatment"]}])], [tree(provisions=[BACK_FOR_PAYMENT])], "wider"),
        ([tree()], [tree(root={"actor": ["dana"], "category": ["plan"], "purpose": ["payment"]})], "both"),
        ([tree()], [tree(provisions=[{"expression": "nobody can say"}])], "narrower"),
        ([tree()], [tree(root={"actor": ["group"], "category": ["plan"], "purpose": ["treatment"]})], "both"),
        ([paper()], [paper(), tree(decision="deny", root=HIV_OUT)], "narrower"),
        ([paper(), tree(decision="deny", root={"labels": ["HIV", "SUD"]})], [paper(), tree(decision="deny", root=HIV_OUT)], "wider"),
        ([tree()], [tree(status="draft")], "narrower"),
        ([paper("g1", supersedes=["t1"]), tree()], [paper("g1", supersedes=["t1"])], "equal"),
        ([tree(supersedes=["g0"], provisions=[HIV_OUT]), paper("g0")], [tree(provisions=[HIV_OUT])], "equal"),
    ],
)  # fmt: skip
def test_trees_compare_as_a_reader_would_say(old: list[Any], new: list[Any], verdict: str) -> None:
    assert compared(of(*old), of(*new)).verdict == verdict


def test_revoking_a_tree_loses_what_it_gave_and_gains_what_it_refused() -> None:
    found = of(paper(), tree("t1", decision="deny", root=HIV_OUT)).what_if_revoked("t1", parse_instant("2026-06-15T00:00:00Z"))
    assert (found.lost, found.gained and found.gained.labels) == (None, ("HIV",))


SEEN_OUT = {"class": ["seen"]}


@pytest.mark.parametrize("asked", ["class", "code"])
def test_a_class_or_code_that_a_tree_names_is_looked_at_as_any_other_value(asked: str) -> None:
    only = of(tree(root={**FILED, asked: ["seen"]}))
    but = of(tree(provisions=[{asked: ["seen"]}]))
    found, other = only.always_denied().witness, but.always_denied().witness
    assert found is not None
    assert other is not None
    assert (found.to_data()[asked], other.to_data()[asked]) == ("seen", f"(any other {asked})")
    assert f"of {asked} seen" in only.always_denied().explain()
    assert compared(of(tree()), only).verdict == compared(of(tree()), but).verdict == "narrower"
    assert of(tree(root={**FILED, asked: ["seen"]}, provisions=[{asked: ["seen"]}])).always_denied().holds


def test_a_permit_for_one_class_and_one_for_all_others_share_nothing() -> None:
    there, rest = tree(root={**FILED, **SEEN_OUT}), tree("t2", provisions=[SEEN_OUT])
    assert compared(of(there), of(rest)).verdict == "both"


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02", "9999-12-30", "9999-12-31"])
@pytest.mark.parametrize("bound", ["starts", "expires"])
def test_papers_at_the_ends_of_the_calendar_are_compared_like_others(bound: str, day: str) -> None:
    value = day if bound == "starts" else {"kind": "date", "value": day}
    papers = [Directive.model_validate(paper(signed_on=None, **{"starts": None, bound: value}))]
    assert compare(compile_plan(papers), compile_plan([])).verdict == "narrower"


def test_where_several_release_a_sentence_tells_who_holds_the_record() -> None:
    found = compare(plan(paper(discloser="harbor")), plan(paper(discloser="lakeview")))
    assert found.explain().splitlines() == [
        "The new version lets dana see plan (any label) held by lakeview for treatment; the old one did not.",
        "The old version let dana see plan (any label) held by harbor for treatment; the new one does not.",
    ]
    both = plan(paper(discloser="harbor"), paper("g2", discloser="lakeview"))
    assert "held by harbor" in both.never({}).explain()
    assert "held by harbor" in both.what_if_revoked("g1", parse_instant("2026-06-15T12:00:00Z")).explain()
    assert "held by" not in compare(plan(paper(discloser="harbor")), plan()).explain()


@pytest.mark.parametrize(
    ("whom", "told"),
    [
        ({"role": "nurse", "org": "away"}, "anybody as nurse at away see plan"),
        ({"person": "dana", "org": "away"}, "dana at away see plan"),
        ({"designation": "treating", "via": "hie"}, "anybody treating the client through hie see plan"),
    ],
)
def test_a_sentence_tells_where_a_role_is_held_where_somebody_is_and_how_they_came(whom: Json, told: str) -> None:
    assert told in plan(paper(boxes=[box(recipients=[whom])])).never({}).explain()
