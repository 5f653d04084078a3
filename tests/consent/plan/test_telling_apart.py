"""What a function of a profile tells apart, a proof looks at apart, whichever function it is: each tried on an invented law of its own.

Longer than 300 lines, since whatever may be told apart stands in one table.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import (
    Bar,
    ClassRow,
    ClientFacts,
    Directive,
    Discloser,
    Facts,
    Matter,
    Profile,
    RecipientClass,
    Rule,
    TreeDirective,
    reads,
)
from recoverycore.consent.coverage import holds_role
from recoverycore.consent.facts import EmergencyFacts
from recoverycore.consent.plan import Plan, compare, compile_plan
from recoverycore.consent.plan.guards import guards_of, moments_in, names_in, read_by
from recoverycore.consent.profiles import VocabularyAddition
from recoverycore.errors import DocumentError
from tests.consent.law_papers import SOURCE
from tests.consent.papers import box, paper

if TYPE_CHECKING:
    from collections.abc import Callable

ALL = paper(boxes=[box(labels="*", categories="*", purposes="*", actions="*", recipients="*")])
NAMING = paper("g2", discloser="clinic", boxes=[box(recipients=[{"org": "elsewhere"}])])
FACTS = Facts.model_validate({"agreements": [{"kind": "QSOA", "with": "lab inc", "signed": True}], "groups": {"team": ["lou"]}})


def _holds(role: str, *places: str | None) -> Callable[[Matter], bool]:
    return lambda matter: any(each.role == role and each.org in places for each in matter.recipient.roles or ())


def _all_below(matter: Matter, label: str) -> bool:
    return all(matter.setting.words.covers("label", frozenset({label}), each) for each in matter.labels)


def _other_below(matter: Matter, label: str, *but_not: str) -> bool:
    """Whether a record carries another label that stands below this one, and below none of those."""
    above = (matter.setting.words.upward("label", each) for each in matter.labels - {label})
    return any(label in each and each.isdisjoint(but_not) for each in above)


def _here(role: str) -> Callable[[Matter], bool]:
    return lambda matter: any(each.role == role and each.org == matter.discloser for each in matter.recipient.roles or ())


APART: list[tuple[dict[str, Any], Callable[[Matter], bool]]] = [
    ({"labels": ["HIV"]}, lambda matter: matter.labelled("HIV")),
    ({"labels": ["BH", "HIV"]}, lambda matter: matter.labelled("HIV") and not matter.labelled("BH")),
    ({"labels": ["HIV", "SUD"]}, lambda matter: matter.labelled("HIV") and matter.labelled("SUD")),
    ({"categories": ["note"]}, lambda matter: matter.filed_as("note")),
    ({"categories": ["note"]}, lambda matter: matter.category == "small note"),
    ({"categories": ["note"]}, lambda matter: matter.category == "note"),
    ({"purposes": ["treatment"]}, lambda matter: matter.within("treatment")),
    ({"purposes": ["treatment"]}, lambda matter: matter.purpose == "treatment"),
    ({"purposes": ["treatment"]}, lambda matter: matter.within("treatment") and matter.purpose != "treatment"),
    ({"purposes": ["tpo"]}, lambda matter: matter.purpose == "payment"),
    ({"actions": ["use"]}, lambda matter: matter.action == "use"),
    ({"actions": ["copying"]}, lambda matter: matter.action == "copying"),
    ({"kinds": ["court"]}, lambda matter: matter.recipient.kind == "court"),
    ({"kinds": ["court"]}, lambda matter: matter.recipient.kind is None),
    ({"discloser_kinds": ["auditor"]}, lambda matter: matter.discloser_kind == "auditor"),
    ({"discloser_kinds": ["auditor"]}, lambda matter: matter.discloser_kind is None),
    ({"treating": True}, lambda matter: matter.recipient.treating_relationship is True),
    ({"treating": True}, lambda matter: matter.recipient.treating_relationship is False),
    ({"treating": True}, lambda matter: matter.recipient.treating_relationship is None),
    ({"relationships": ["parent"]}, lambda matter: matter.recipient.relationship == "parent"),
    ({"roles": ["trainee"]}, _holds("trainee", None)),
    ({"roles": ["trainee"]}, _here("trainee")),
    ({"roles": ["trainee", "guest"]}, lambda matter: _holds("trainee", None)(matter) and not _holds("guest", None, "clinic")(matter)),
    ({"roles": ["trainee"]}, lambda matter: matter.recipient.roles is None),
    ({"own": True}, lambda matter: matter.recipient.id == matter.discloser == "clinic"),
    ({"own": True}, lambda matter: matter.recipient.org == matter.discloser == "clinic"),
    ({"own": True}, lambda matter: matter.discloser == "clinic" and "clinic" in matter.recipient.admin_control_of),
    ({"own": True}, lambda matter: matter.discloser in (matter.recipient.id, matter.recipient.org)),
    ({"own": True}, lambda matter: matter.discloser in matter.recipient.admin_control_of),
    ({"parties": True}, lambda matter: matter.recipient.id == "lou"),
    ({"parties": True}, lambda matter: matter.recipient.org == "lab inc"),
    ({"parties": True}, lambda matter: matter.discloser == "lab inc"),
    ({"labels": ["BH"]}, lambda matter: "BH" in matter.labels),
    ({"labels": ["BH"]}, lambda matter: matter.labelled("BH") and "BH" not in matter.labels),
    ({"labels": ["BH", "SUD"]}, lambda matter: matter.labelled("SUD") and matter.labels.isdisjoint({"BH", "SUD"})),
    ({"labels": ["BH", "SUD"]}, lambda matter: matter.labelled("BH") and "BH" not in matter.labels and not matter.labelled("SUD")),
    ({"labels": ["BH"]}, lambda matter: matter.labelled("BH") and _all_below(matter, "BH")),
    ({"labels": ["BH"]}, lambda matter: matter.labelled("BH") and not _all_below(matter, "BH")),
    ({"labels": ["BH"]}, lambda matter: "BH" in matter.labels and _other_below(matter, "BH")),
    ({"labels": ["BH"]}, lambda matter: "BH" in matter.labels and not _other_below(matter, "BH") and not _all_below(matter, "BH")),
    ({"labels": ["BH"]}, lambda matter: "BH" in matter.labels and _other_below(matter, "BH") and not _all_below(matter, "BH")),
    ({"labels": ["BH", "SUD"]}, lambda matter: _other_below(matter, "BH", "SUD") and _other_below(matter, "SUD")),
    ({"labels": ["HIV"]}, lambda matter: not matter.labels),
    ({"labels": ["HIV"]}, lambda matter: bool(matter.labels) and not matter.labelled("HIV")),
    ({"categories": ["note"]}, lambda matter: matter.category is None),
    ({"actions": ["access"]}, lambda matter: matter.action == "disclose"),
    ({"relationships": ["parent"]}, lambda matter: matter.recipient.relationship is None),
    ({"relationships": ["parent"]}, lambda matter: matter.recipient.relationship not in (None, "parent")),
]  # fmt: skip


def test_a_law_may_answer_with_a_list() -> None:
    assert _through(_law(defects=reads(kinds=["court"])(lambda _, matter: [] if matter.recipient.kind == "court" else ["flaw"])))


def test_what_a_rule_names_by_another_name_stands_for_nothing_else_that_it_names() -> None:
    copying = _ruled(actions=frozenset({"access", "redisclose"}))  # by the first of these a decision asks about disclosing
    found = _plan(copying).always_denied().witness
    assert found is not None
    assert found.action == "redisclose"


@pytest.mark.parametrize("purposes", [("outreach",), ("TREAT",)])
def test_a_purpose_that_a_class_alone_names_is_looked_at(purposes: tuple[str, ...]) -> None:
    law = _law(classes=(RecipientClass("helpers", (ClassRow(purposes, frozenset({"helper"})),)),))
    found = _plan(law, paper(boxes=[box(categories="*", purposes="*", recipients=[{"class": "helpers"}])])).always_denied().witness
    assert found is not None
    assert found.recipient.kind == "helper"


def _law(**parts: Any) -> Profile:
    words = VocabularyAddition.model_validate({"order": {"category": {"note": ["small note"]}}})
    return Profile(id="law", version="1", vocabulary=words, **parts)


def _bar(holds: Callable[[Matter], bool]) -> tuple[Bar, ...]:
    return (Bar(name="bar", source=SOURCE, holds=holds),)


def _plan(law: Profile, *papers: Any, facts: Facts = FACTS) -> Plan:
    read = [each if isinstance(each, TreeDirective) else Directive.model_validate(each) for each in papers]
    return compile_plan(read, [law], ClientFacts(zone="UTC"), facts)


def _through(law: Profile, facts: Facts = FACTS) -> bool:
    """Whether a proof finds what a law lets through of a permit for everything."""
    return not _plan(law, ALL, NAMING, facts=facts).always_denied().holds


@pytest.mark.parametrize("named", [[], [NAMING]])
def test_whoever_releases_may_be_somebody_whom_no_paper_names_and_have_people_of_their_own(named: list[Any]) -> None:
    of_theirs = reads(own=True)(lambda matter: matter.discloser == matter.recipient.org and matter.discloser != "clinic")
    trained = reads(roles=["trainee"])(lambda matter: _here("trainee")(matter) and matter.discloser != "clinic")
    for holds in (of_theirs, trained):
        made = _plan(_ruled(holds=holds), *named)
        for where in ({"recipient": "*"}, {"discloser": "somebody"}, {"discloser": ["clinic", "somebody"]}):
            assert not made.never({"purpose": "research", **where}).holds
        assert made.never({"purpose": "research", "discloser": "clinic"}).holds
        assert not made.never({"purpose": "research"}, discloser=Discloser(id="somebody")).holds


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("place", range(len(APART)))
def test_a_value_that_a_bar_tells_apart_is_found_where_it_alone_is_let_through(place: int, wanted: bool) -> None:  # noqa: FBT001
    looks, special = APART[place]
    assert _through(_law(bars=_bar(reads(**looks)(lambda matter: special(matter) is not wanted))))


LAWS: dict[str, Callable[[Any, Callable[[Matter], bool]], Profile]] = {
    "applies": lambda told, lets: _law(applies=told(lambda matter: not lets(matter)), bars=_bar(reads()(lambda _: True))),
    "defects": lambda told, lets: _law(defects=told(lambda _, matter: () if lets(matter) else ("flaw",))),
    "reaches": lambda told, lets: _law(reaches=told(lambda _, matter: None if lets(matter) else "bar")),
}


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("name", LAWS)
def test_whatever_a_law_looks_at_is_looked_at_by_a_proof_whichever_function_does(name: str, wanted: bool) -> None:  # noqa: FBT001
    for looks, special in (APART[place] for place in (0, 3, 11, 13, 19, 21, 24)):
        assert _through(LAWS[name](reads(**looks), lambda matter, special=special: special(matter) is wanted))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("looks", "axes"),
    [
        ({"labels": ["HIV"]}, set()),
        ({"categories": ["note"]}, {"category"}),
        ({"kinds": ["court"], "treating": True}, {"standing"}),
        ({"relationships": ["parent"]}, {"bond"}),
        ({"roles": ["trainee"]}, {"discloser", "roles"}),
        ({"own": True}, {"discloser", "who", "bond"}),
        ({"parties": True}, {"discloser", "who", "bond"}),
    ],
)
def test_what_a_law_does_not_look_at_is_not_told_apart(looks: dict[str, Any], axes: set[str]) -> None:
    answers = cycle([True, False])
    made = _plan(_law(bars=_bar(reads(**looks)(lambda _: next(answers)))))
    marks = guards_of(made.consents, made.facts, ["clinic"]).marks
    assert {axis for each in marks for axis in each.tests} == axes
    assert all((each.labels != {"*"}) is ("labels" in looks) for each in marks)


def test_a_role_that_may_be_over_is_held_for_a_refusal_and_not_under_a_law() -> None:
    guests = _bar(reads(roles=["guest"])(lambda matter: bool(holds_role("guest", None, matter, "permit"))))
    nurses = paper(boxes=[box(recipients=[{"role": "nurse"}])])
    refused = paper("d1", polarity="deny", boxes=[box(recipients=[{"role": "guest"}])])
    papers = [Directive.model_validate(each) for each in (nurses, refused)]
    old, new = (compile_plan(some, [_law(bars=guests)]) for some in (papers[:1], papers))
    lost = compare(old, new).lost
    assert lost is not None
    assert {each.role: each.until is not None for each in lost.recipient.roles or ()} == {"nurse": False, "guest": True}


# -- rules -------------------------------------------------------------------------------------------------------------------------
def _ruled(**parts: Any) -> Profile:
    return _law(rules=(Rule(name="rule", source=SOURCE, **parts),))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"purposes": ("research",)},
        {"purposes": ("tpo",)},
        {"categories": ("note",)},
        {"kinds": frozenset({"court"})},
        {"actions": frozenset({"copying"})},
        {"actions": frozenset({"use"}), "kinds": frozenset({"court", "fda"}), "purposes": ("HRESCH",), "categories": ("note",)},
    ],
)
def test_what_a_rule_opens_is_found_whatever_it_asks_for(asked: dict[str, Any]) -> None:
    for looks, special in (({}, lambda _: True), *(APART[place] for place in (0, 16, 19, 21, 27, 28))):
        assert not _plan(_ruled(**asked, holds=reads(**looks)(special))).always_denied().holds


NEEDS = Facts.model_validate({"threat": {"credible": True, "imminent": False}})


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({}, 1),
        ({"holds": reads(kinds=["court"])(lambda matter: matter.recipient.kind == "court")}, 1),
        ({"holds": reads(own=True)(lambda _: False)}, 1),  # not everything can be tried
        ({"holds": reads()(lambda _: False)}, 0),
        ({"holds": reads(kinds=["court"])(lambda _: False)}, 0),
        ({"needs": (("threat.imminent",),)}, 0),
        ({"needs": (("threat.credible", "threat.imminent"),)}, 1),
        ({"needs": (("threat.credible",), ("threat.imminent",))}, 0),
    ],
)
def test_only_a_rule_that_may_open_something_is_looked_at(asked: dict[str, Any], number: int) -> None:
    made = _plan(_ruled(**asked), facts=NEEDS)
    assert len(guards_of(made.consents, made.facts, ()).rules) == number


def test_what_a_tree_refuses_without_an_end_no_rule_opens_in_the_end() -> None:
    refused = TreeDirective.model_validate({"id": "t1", "format": "fhir-r4", "decision": "deny", "root": {}})
    assert _plan(_ruled(), refused).always_denied().holds
    assert not _plan(_ruled()).always_denied().holds


# -- forms -------------------------------------------------------------------------------------------------------------------------
REFUSED = paper("d1", polarity="deny")
FLAWED = _law(defects=reads(kinds=["court"])(lambda _, matter: () if matter.recipient.kind == "court" else ("flaw",)))


@pytest.mark.parametrize(
    ("papers", "matters"),
    [
        ([], False),
        ([paper()], True),
        ([REFUSED], False),
        ([REFUSED, paper("d2", polarity="deny", supersedes=["d1"])], True),
    ],
)
def test_a_form_is_looked_at_where_it_gives_something_or_takes_the_place_of_another(papers: list[Any], matters: bool) -> None:  # noqa: FBT001
    made = _plan(FLAWED, *papers)
    assert bool(guards_of(made.consents, made.facts, ()).marks) is matters


def test_a_paper_whose_form_is_sound_for_some_alone_replaces_a_refusal_for_them_alone() -> None:
    found = _plan(FLAWED, ALL, REFUSED, paper("g3", supersedes=["d1"])).never({"category": "plan", "purpose": "treatment"}).witness
    assert found is not None
    assert found.recipient.kind == "court"


# -- time --------------------------------------------------------------------------------------------------------------------------
ENDED = Facts.model_validate({"emergency": {"ended_at": "2026-06-15T12:00:00Z"}, "events": {"discharge": "2026-06-01", "fair": None}})


def _over(matter: Matter) -> bool:
    return matter.facts.emergency is not None and matter.come(matter.facts.emergency.ended_at)


@pytest.mark.parametrize("ended", ["2026-06-15T12:00:00Z", "1990-06-15T12:00:00Z"])
@pytest.mark.parametrize("over", [True, False])
def test_what_opens_or_closes_at_a_time_that_the_facts_tell_is_found(over: bool, ended: str) -> None:  # noqa: FBT001
    facts = ENDED.evolve(emergency=EmergencyFacts.model_validate({"ended_at": ended}))
    now = reads()(lambda matter: _over(matter) is over)
    labelled = reads(labels=["HIV"])(lambda matter: not (_over(matter) is over and matter.labelled("HIV")))
    assert not _plan(_ruled(holds=now), facts=facts).always_denied().holds
    assert _through(_law(bars=_bar(reads()(lambda matter: _over(matter) is not over))), facts)
    assert _through(_law(bars=_bar(labelled)), facts)


def test_a_day_that_the_facts_tell_is_looked_at_from_its_first_instant_and_behind_its_last() -> None:
    made = compile_plan([], [_law()], ClientFacts(), ENDED)
    marks = guards_of(made.consents, made.facts, ()).marks
    assert [each.live and each.live[-1][0].isoformat() for each in marks] == [
        "2026-05-31T10:00:00+00:00",
        "2026-06-01T10:00:00+00:00",
        "2026-06-01T12:00:00+00:00",
        "2026-06-02T12:00:00+00:00",
        "2026-06-15T12:00:00+00:00",
        "2026-06-15T12:00:00.000001+00:00",
    ]


def test_a_time_is_found_wherever_it_stands_among_facts() -> None:
    day, instant = date(2026, 6, 1), datetime(2026, 6, 15, 12, tzinfo=UTC)
    assert moments_in({"visits": [{"on": day, "why": "talk"}, (None, instant)], "days": 3}) == {day, instant}
    assert moments_in({"x-visits": {"2026-06-01": ["2026-06-15T14:00:00+02:00", "2026", "2026-06-01T12:00", ""]}}) == {day, instant}


@pytest.mark.parametrize("after", [True, False])
@pytest.mark.parametrize(
    ("written", "turns"), [("2026-06-15T12:00:00Z", "__ge__"), ("2026-06-15T12:00:00Z", "__gt__"), ("2026-06-15", "__ge__")]
)
def test_what_turns_at_a_time_in_a_field_of_your_own_or_right_behind_it_is_found(written: str, turns: str, after: bool) -> None:  # noqa: FBT001
    told = datetime.fromisoformat(written).replace(tzinfo=UTC)
    barred = reads()(lambda matter: getattr(matter.at, turns)(told) is not after)
    assert _through(_law(bars=_bar(barred)), Facts.model_validate({"x-open": written}))


def test_the_last_instant_there_is_may_be_told() -> None:
    last = {"x-open": "9999-12-31T23:59:59.999999+14:00", "x-shut": "9999-12-31T23:59:59.999999Z", "x-first": "0001-01-01T00:00:00Z"}
    assert _through(_law(), Facts.model_validate(last))


def test_a_paper_that_replaces_another_is_looked_at_from_when_it_may_begin_and_from_when_it_surely_has() -> None:
    papers = [
        Directive.model_validate(each)
        for each in (REFUSED, paper(starts="2026-06-15"), paper("g2", supersedes=["d1"], starts="2026-07-01"))
    ]
    made = compile_plan(papers, [_law()], ClientFacts())
    marks = guards_of(made.consents, made.facts, ()).marks
    assert [each.live and each.live[-1][0].isoformat() for each in marks] == ["2026-06-30T10:00:00+00:00", "2026-07-01T12:00:00+00:00"]


# -- names -------------------------------------------------------------------------------------------------------------------------
def test_somebody_whom_nobody_names_is_nobody_who_is_called_so() -> None:
    so_called = paper("d1", polarity="deny", discloser="(any other discloser)", boxes=[box(categories="*", purposes="*", recipients="*")])
    for where in ({}, {"discloser": ["(any other discloser)", "clinic"]}):
        assert not _plan(_law(), ALL, so_called).never(where).holds


def test_whoever_a_fact_may_name_is_every_text_in_it() -> None:
    assert names_in({"groups": {"team": ["lou", ("kim", 3, None, True)]}}) == {"groups", "team", "lou", "kim"}


@pytest.mark.parametrize("name", ["applies", "defects", "reaches", "bar", "rule"])
def test_a_function_of_any_kind_that_tells_nothing_is_named_and_no_proof_is_given(name: str) -> None:
    def untold(*_: Any) -> bool:
        return False

    laws = {"bar": {"bars": _bar(untold)}, "rule": {"rules": (Rule(name="rule", source=SOURCE, holds=untold),)}}
    law = _law(**laws.get(name, {name: untold}))
    with pytest.raises(DocumentError) as caught:
        read_by(_plan(law).setting)
    assert caught.value.problems[0].detail == f"law: {name}"
