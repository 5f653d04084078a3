"""Proofs under profiles of law: each of their functions tells what it looks at, and the plan keeps apart just that."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import Bar, ClientFacts, Directive, Discloser, Facts, Matter, Profile, Record, Request, Rule, reads
from recoverycore.consent.plan import compare, compile_plan
from recoverycore.consent.plan.cells import NAMELESS
from recoverycore.consent.plan.guards import read_by
from recoverycore.consent.plan.trying import Trying
from recoverycore.consent.plan.words import OF_ONE
from recoverycore.consent.reading import Reads, reads_of
from recoverycore.errors import DocumentError
from recoverycore.ground import parse_instant
from tests.consent.law_papers import SOURCE
from tests.consent.papers import asking, box, paper
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from collections.abc import Callable

CLINIC = Discloser(id="org:clinic", kind="part2_program")
SIGNED = {"signed_by": ["client"], "written": True, "discloser": "org:clinic", "starts": "2026-01-01"}
ENDS = {"expires": {"kind": "date", "value": "2026-12-31"}}
WIDE = box(labels="*", categories="*", purposes="*", recipients=[{"org": "org:a"}])


def plan(*papers: dict[str, Any], law: str | Profile = "us.42cfr2", **facts: Any) -> Any:
    profile = PROFILES[law] if isinstance(law, str) else law
    directives = [Directive.model_validate({**SIGNED, **each}) for each in papers]
    return compile_plan(directives, [profile], ClientFacts(zone="UTC"), Facts.model_validate(facts))


def test_a_permit_for_everything_lets_nothing_of_a_part_2_programme_into_proceedings() -> None:
    made = plan(paper(boxes=[WIDE], **ENDS))
    proof = made.never({"purpose": "proceedings"}, discloser=CLINIC, source=CLINIC.id)
    assert proof.explain() == f"Nobody can see anything for proceedings.\n{OF_ONE}"
    assert not made.never({"purpose": "proceedings"}).holds  # a record that is not about substance use is not under that law


ORDER = {"subpoena": True, "part2_order": {"section": "2.64", "records": ["r1"], "confidential_communications_finding": "serious_crime"}}


@pytest.mark.parametrize(
    ("purpose", "kind", "facts", "record"),
    [
        ("proceedings", "court", {"legal": ORDER}, {}),
        ("public_health", "public_health", {}, {"deidentified": True}),
        ("payment", "provider", {"acted_in_reliance": {"g1": ["r1"]}}, {}),
    ],
)
def test_a_proof_says_where_more_may_be_seen_of_a_single_record_of_which_more_is_known(
    purpose: str, kind: str, facts: dict[str, Any], record: dict[str, Any]
) -> None:
    gone = {"revocations": [{"at": "2025-12-01", "written": True}]}
    law = [] if "acted_in_reliance" in facts else [PROFILES["us.42cfr2"]]
    wide = Directive.model_validate({**SIGNED, **paper(boxes=[box(labels="*", categories="*", purposes="*", recipients="*")], **gone)})
    made = compile_plan([wide], law, ClientFacts(zone="UTC"), Facts.model_validate(facts))
    asked = asking(recipient={"id": "x", "kind": kind}, purposes=[purpose], discloser={"id": CLINIC.id, "kind": CLINIC.kind})
    asked["records"] = [{"id": "r1", "labels": ["SUD"], "category": "lab", **record}]
    assert made.decide(Request.model_validate(asked)).permitted
    proof = made.never({"purpose": purpose}, discloser=CLINIC)
    assert proof.holds
    same, back = compare(made, made), made.what_if_revoked("g1", parse_instant("2026-06-01T00:00:00Z"))
    matrix = made.who_can_see(["x"], {"lab": ("lab", ["SUD"])}, [purpose], parse_instant("2026-06-15T12:00:00Z"), discloser=CLINIC)
    for answer in (proof, same, back):
        assert OF_ONE in answer.explain()
        assert answer.to_data()["of_one"] is True
    assert OF_ONE in str(matrix)
    assert OF_ONE in matrix.to_html()


def test_where_no_law_counts_and_nobody_acted_before_an_answer_holds_for_every_record() -> None:
    made = compile_plan([Directive.model_validate({**SIGNED, **paper()})])
    proof = made.never({"label": "HIV"})
    matrix = made.who_can_see(["x"], {"lab": "lab"}, ["care"], parse_instant("2026-06-15T12:00:00Z"), discloser=CLINIC)
    for told in (proof.explain(), compare(made, made).explain(), str(matrix), matrix.to_html()):
        assert OF_ONE not in told
    assert "of_one" not in proof.to_data()


def test_a_consent_without_an_end_is_worth_nothing_there() -> None:
    ended, endless = plan(paper(boxes=[WIDE], **ENDS)), plan(paper(boxes=[WIDE]))
    assert compare(ended, endless, discloser=CLINIC, source=CLINIC.id).verdict == "narrower"
    assert compare(ended, endless).verdict == "both"


def test_what_the_law_gives_without_a_paper_is_given_in_the_proof_too() -> None:
    found = plan(law="us.hipaa").never({"label": "HIV", "purpose": "payment"})
    assert found.witness is not None
    assert found.witness.recipient.kind in ("business_associate", "covered_entity", "health_plan", "third_party_payer")
    assert plan(law="us.hipaa").never({"label": "HIV", "purpose": "research"}).holds


def test_facts_open_an_exception() -> None:
    emergency = {"emergency": {"bona_fide": True, "consent_obtainable": False, "ended_at": "2026-06-15T12:00:00Z"}}
    where = {"purpose": "emergency_treatment", "label": "SUD"}
    assert plan().never(where).holds
    found = plan(**emergency).never(where)
    assert found.witness is not None
    assert found.witness.recipient.kind == "medical_personnel"
    after = plan(**emergency).what_if_revoked
    with pytest.raises(LookupError):
        after("g1", found.witness.at)


def test_a_refusal_that_a_sound_paper_replaces_stays_where_that_has_a_defect() -> None:
    refusal = paper("d1", polarity="deny", boxes=[box(labels=["HIV"], categories="*", purposes="*", recipients="*")])
    sound = paper("g1", boxes=[WIDE], supersedes=["d1"], **ENDS)
    own: dict[str, Any] = {"discloser": CLINIC, "source": CLINIC.id}
    where = {"label": "HIV", "purpose": "treatment"}
    assert not plan(refusal, sound).never(where, **own).holds
    assert plan(refusal, {**sound, "written": False}).never(where, **own).holds


def test_what_a_refusal_still_takes_away_though_a_paper_with_a_defect_would_replace_it_is_a_difference() -> None:
    refusal = paper("d1", polarity="deny", boxes=[box(labels=["HIV"], categories="*", purposes="*", recipients="*")])
    others = [paper("g2", boxes=[WIDE], **ENDS), {**paper("g1", boxes=[WIDE], supersedes=["d1"], **ENDS), "written": False}]
    assert compare(plan(*others), plan(*others, refusal), discloser=CLINIC, source=CLINIC.id).verdict == "narrower"


@pytest.mark.parametrize("where", [{}, {"discloser": "clinic"}])
@pytest.mark.parametrize(
    ("facts", "asked", "whom"),
    [
        ({}, {"purpose": "training", "action": "use"}, {"id": "eli", "roles": [{"role": "supervised-trainee", "org": "clinic"}]}),
        ({"need_to_know": True}, {"purpose": "treatment", "action": "disclose"}, {"id": "eli", "org": "clinic"}),
        ({"need_to_know": True}, {"purpose": "payment", "action": "use"}, {"id": "clinic"}),
        ({"need_to_know": True}, {"purpose": "payment", "action": "use"}, {"id": "eli", "admin_control_of": ["clinic"]}),
    ],
)
def test_what_a_law_gives_to_those_at_the_programme_is_found_though_no_paper_names_it(
    facts: Any, asked: Any, whom: Any, where: Any
) -> None:
    made = plan(**facts)
    record = {"id": "r1", "labels": ["SUD_NOTES" if asked["purpose"] == "training" else "SUD"]}
    clinic = {"id": "clinic", "kind": "part2_program"}
    request = asking(discloser=clinic, recipient=whom, purposes=[asked["purpose"]], action=asked["action"], records=[record])
    assert made.decide(Request.model_validate(request)).permitted
    found = made.never({"label": record["labels"], **asked, **where})
    assert not found.holds
    assert made.never({"label": record["labels"], **asked}, discloser=Discloser.model_validate(clinic)).witness is not None


def test_a_copy_that_is_passed_on_is_refused() -> None:
    with pytest.raises(DocumentError, match="plan_of_a_copy"):
        plan(held_copy={"holder": "org:a", "received_under": "g1"}).always_denied()


# -- telling what a function looks at -------------------------------------------------------------------------------------------
def _sealed(matter: Matter) -> bool:
    return matter.labelled("HIV")


def law(holds: Callable[[Matter], bool]) -> Profile:
    return Profile(id="law", version="1", bars=(Bar(name="sealed", source=SOURCE, holds=holds),))


def test_a_function_that_tells_nothing_is_named_and_no_proof_is_given() -> None:
    with pytest.raises(DocumentError) as caught:
        plan(paper(boxes=[WIDE]), law=law(_sealed)).always_denied()
    [problem] = caught.value.problems
    assert (problem.name, problem.detail) == ("profile_untold", "law: sealed")


def test_a_function_that_tells_what_it_reads_is_proved_with() -> None:
    told = law(reads(labels=["HIV"])(_sealed))
    assert plan(paper(boxes=[WIDE]), law=told).never({"label": "HIV"}).holds
    assert not plan(paper(boxes=[WIDE]), law=told).always_denied().holds


@reads(purposes=["payment"])
def _after_discharge(matter: Matter) -> bool:
    return matter.within("payment") and matter.at >= parse_instant("2026-05-01T00:00:00Z")


def test_what_a_law_gives_only_from_a_time_on_that_the_facts_tell_is_found() -> None:
    opening = Profile(id="law", version="1", rules=(Rule(name="rule", source=SOURCE, holds=_after_discharge),))
    made = plan(law=opening, events={"discharge": "2026-05-01"})
    assert made.never({}).witness is not None
    assert made.never({"purpose": "treatment"}).holds


def test_what_a_law_bars_only_from_a_time_on_that_the_facts_tell_is_proved_with() -> None:
    made = plan(paper(boxes=[WIDE], starts="2026-05-01"), law=law(_after_discharge), events={"discharge": "2026-05-01"})
    assert made.never({"purpose": "payment"}).holds
    assert not made.never({"purpose": "treatment"}).holds


def test_what_a_function_calls_is_read_by_it_too() -> None:
    @reads(labels=["HIV"], own=True)
    def inner(matter: Matter) -> bool:
        return matter.labelled("HIV")

    @reads(inner, purposes=["payment"])
    def outer(matter: Matter) -> bool:
        return inner(matter) and matter.within("payment")

    assert reads_of(outer) == Reads(labels=frozenset({"HIV"}), purposes=frozenset({"payment"}), own=True)
    with pytest.raises(TypeError, match="_untold does not tell"):
        reads(_untold)


def _untold(matter: Matter) -> bool:
    return matter.labelled("HIV")


@pytest.mark.parametrize("name", PROFILES)
def test_every_function_of_a_shipped_profile_tells_what_it_reads(name: str) -> None:
    compile_plan((), [PROFILES[name]]).always_denied()


CODES = {
    "labels": ["SUD", "SUD_NOTES", "OPIOIDUD", "HIV", "SDV", "PSYTHPN", "MH"],
    "categories": ["counselling_note", "psychotherapy_note", "confidential_communication", "hashed_identifier", "lab"],
    "purposes": ["treatment", "payment", "operations", "proceedings", "civil_proceedings", "training", "research", "client_request"],
    "actions": ["disclose", "use", "redisclose", "accounting"],
    "kinds": ["covered_entity", "business_associate", "health_plan", "medical_personnel", "client", "qso", "court", "fda"],
    "discloser_kinds": ["part2_program", "victim_service_provider", "researcher", "auditor", "intermediary"],
    "relationships": ["parent", "guardian", "cousin"],
}  # fmt: skip
ORDER = {
    "legal": {"part2_order": {"section": "2.64", "records": [NAMELESS], "confidential_communications_finding": None}},
    "emergency": {"bona_fide": True, "consent_obtainable": False},
    "threat": {"credible": True, "imminent": True},
    "director_finding": {"lacks_capacity": True, "substantial_threat": True},
    "lawful_basis": "9(2)(h)",
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_function_of_a_shipped_profile_reads_nothing_that_it_does_not_tell(name: str) -> None:
    """Changing a value into another one that it does not tell apart never changes its answer."""
    profile = PROFILES[name]
    setting = compile_plan((), [profile], ClientFacts(minor=True)).setting
    everything = Reads(**{axis: frozenset(values) for axis, values in CODES.items()}, treating=True)
    trying = Trying(setting, Facts.model_validate(ORDER), ())
    random = Random(1)  # noqa: S311 - nothing secret is drawn
    functions = [profile.applies, *(each.holds for each in (*profile.bars, *profile.rules))]
    papers = [Directive.model_validate(paper(form=form, **SIGNED)) for form in ("specific", "tpo", "notes", "proceedings")]
    for function in functions:
        looks = reads_of(function)
        assert looks is not None
        for one, other in _alike(trying, everything, looks, random):
            assert function(one) == function(other)
    for check in (profile.defects, profile.reaches):
        looks = reads_of(check)
        assert looks is not None
        for one, other in _alike(trying, everything, looks, random):
            assert [check(each, one) for each in papers] == [check(each, other) for each in papers]


def _alike(trying: Trying, everything: Reads, looks: Reads, random: Random) -> list[tuple[Matter, Matter]]:
    """Pairs of matters that a function with these looks must not tell apart."""
    groups: dict[Any, list[Matter]] = {}
    for _ in range(400):
        matter = trying._matter(
            tuple(random.sample(sorted(everything.labels), random.choice([0, 1, 2]))),
            *(random.choice(sorted(getattr(everything, axis))) for axis in ("categories", "purposes", "actions", "relationships")),
            random.choice([None, *sorted(everything.kinds)]),
            random.choice([None, *sorted(everything.discloser_kinds)]),
            random.choice([None, True, False]),
        )
        groups.setdefault(_seen(matter, looks), []).append(matter)
    return [(group[0], each) for group in groups.values() for each in group[1:]]


def _seen(matter: Matter, looks: Reads) -> tuple[Any, ...]:
    """What of a matter a function with these looks may see."""
    words, who, discloser = matter.setting.words, matter.recipient, matter.request.discloser
    assert discloser is not None
    return (
        frozenset(code for code in looks.labels for each in matter.labels if code in words.upward("label", each)),
        frozenset(code for code in looks.categories if code in words.upward("category", matter.category or "")),
        frozenset(code for code in looks.purposes if code in words.upward("purpose", matter.purpose)),
        matter.purpose if matter.purpose in looks.purposes else None,
        matter.action if matter.action in looks.actions else None,
        (who.kind if who.kind in looks.kinds else who.kind is None) if looks.kinds else None,
        (discloser.kind if discloser.kind in looks.discloser_kinds else discloser.kind is None) if looks.discloser_kinds else None,
        who.treating_relationship if looks.treating else None,
        who.relationship if who.relationship in looks.relationships else None,
    )


def test_a_function_that_reads_more_than_it_tells_is_noticed() -> None:
    """The check above has a negative control: a law that reads a label and does not tell."""
    setting = compile_plan((), [PROFILES["us.dv"]]).setting
    everything = Reads(**{axis: frozenset(values) for axis, values in CODES.items()}, treating=True)
    alike = _alike(Trying(setting, Facts(), ()), everything, Reads(), Random(1))  # noqa: S311 - nothing secret is drawn
    assert any(_sealed(one) != _sealed(other) for one, other in alike)


def test_all_that_a_profile_reads_is_known_together() -> None:
    found = read_by(compile_plan((), [PROFILES["us.42cfr2"]]).setting)
    assert {"SUD", "SUD_NOTES"} <= found.labels
    assert {"supervised-trainee"} <= found.roles
    assert found.own


@pytest.mark.parametrize("name", ["r1", "cell"])
def test_a_record_in_a_cell_has_no_name_that_a_fact_would_list(name: str) -> None:
    made = plan(paper(boxes=[WIDE], **ENDS), acted_in_reliance={"g1": [name]})
    cell = made.never({"label": "SUD"}, discloser=CLINIC, source=CLINIC.id).witness
    assert cell is not None
    assert evolve(cell, data_date=None).record() == Record(id=NAMELESS, labels=cell.labels, category=cell.category, source="org:clinic")


def test_what_somebody_acted_on_in_reliance_says_nothing_of_a_record_that_has_no_name() -> None:
    facts = Facts.model_validate({"acted_in_reliance": {"g1": ["cell", "r1"]}})
    paying = Directive.model_validate(paper(boxes=[box(purposes=["payment"])]))
    assert (
        compile_plan([paying], (), ClientFacts(zone="UTC"), facts).what_if_revoked("g1", parse_instant("2026-06-15T12:00:00Z")).lost
        is not None
    )
