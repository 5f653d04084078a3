"""The values that stand for all there are: whatever may be asked has one that no paper tells from it; and how they are told.

Longer than 300 lines, since the axes of one space are read beside each other.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from recoverycore.consent import ClassRow, ClientFacts, Directive, Discloser, Facts, Profile, RecipientClass, reads
from recoverycore.consent.law import Bar
from recoverycore.consent.plan import compare, compile_plan
from recoverycore.consent.plan.looking import Looking
from recoverycore.consent.plan.sheet import sheet_of
from recoverycore.consent.plan.space import HeldAt, open_space, recipient_of, releasing_in, unnamed
from recoverycore.consent.plan.where import where_of
from recoverycore.consent.times import EVER
from recoverycore.errors import DocumentError
from recoverycore.ground import parse_instant
from tests.consent.law_papers import SOURCE
from tests.consent.papers import NOON, box, paper
from tests.consent.plan.test_comparing import tree
from tests.consent.plan.test_patches import REQUESTS, said
from tests.suite.judge_consent import PROFILES

if TYPE_CHECKING:
    from recoverycore.consent import Matter
    from recoverycore.consent.plan.sheet import Sheet
    from recoverycore.consent.plan.space import Space
    from recoverycore.consent.trees import AnyDirective

SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)


def opened(
    *papers: Any, asked: dict[str, Any] | None = None, exactly: str | None = None, zone: str | None = "UTC", **given: Any
) -> tuple[Sheet, Space]:
    """The space of some papers, and the sheet that its masks belong to."""
    of_where = {name: given.pop(name) for name in ("since", "discloser", "source") if name in given}
    read: list[AnyDirective] = [Directive.model_validate(each) if isinstance(each, dict) else each for each in papers]
    made = compile_plan(read, client=ClientFacts(zone=zone), **given)
    where = evolve(where_of(made.setting, asked or {}, **of_where), exactly=exactly)
    releasing = releasing_in((made,), where)
    sheet = sheet_of((made,), releasing.names)
    return sheet, open_space(sheet.tables, (made,), where, releasing)


def values(axis: str, *papers: Any, **given: Any) -> list[Any]:
    """The values of an axis that stand for all."""
    _, space = opened(*papers, **given)
    return [value for _, value in (space.labels if axis == "label" else space.axes[axis])]


# -- nothing is missing -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("profiles", [(), ("us.42cfr2",)])
def test_whatever_is_asked_has_a_value_on_each_axis_that_stands_for_it(profiles: tuple[str, ...]) -> None:
    for papers in list(said())[:: 9 if profiles else 1]:
        sheet, space = opened(*papers, profiles=[PROFILES[each] for each in profiles])
        tables = sheet.tables
        looking = Looking(tables, compile_plan(()).setting, Facts())
        named = {each["discloser"] for each in papers}
        masks = {name: {mask for mask, _ in axis} for name, axis in space.axes.items()}
        labels = {mask for mask, _ in space.labels}
        roles = {space.roles.none, space.roles.unknown, *(mask for mask, _ in space.roles.each)}
        for each in REQUESTS:
            [record], who, discloser = each.records, each.recipient, each.discloser
            words = tables.words
            assert {tables.purpose(own) for own in words.read("purpose", each.purposes)} <= masks["purpose"]
            assert {tables.action(own) for own in words.read("action", [each.action])} <= masks["action"]
            assert {tables.label(label) for label in record.labels} <= labels
            assert tables.category(record.category) in masks["category"]
            assert tables.date(record.date) in masks["date"]
            assert tables.when(each.at) in masks["when"]
            assert tables.who(who.id, who.org) in masks["who"]
            assert tables.standing((who.kind, who.treating_relationship, who.via)) in masks["standing"]
            assert tables.bond((who.relationship, frozenset())) in masks["bond"]
            assert tables.nature("class", None) in masks["class"]
            if discloser is not None and (not profiles or discloser.id in named):  # under a law one stands for all others by another name
                assert tables.discloser(discloser.id, discloser.kind) in masks["discloser"]
            held = None if who.roles is None else looking._held_at(who.roles, each.at)
            if held is None or (max(map(len, held)) < 2 and held[0] == held[1]):
                assert tables.roles(held) in roles


# -- codes ------------------------------------------------------------------------------------------------------------------------
def test_what_papers_name_stands_before_a_value_that_nobody_named() -> None:
    papers = [paper(name, boxes=[box(purposes=[name], categories=[name], labels=[name])]) for name in ("b", "a")]
    assert values("purpose", *papers) == ["a", "b", "(any other purpose)"]
    assert values("category", *papers) == ["a", "b", "(any other category)"]
    assert values("label", *papers) == ["a", "b", "(any other label)"]
    assert values("action", *papers) == ["disclose", "(any other action)"]
    assert values("purpose", paper(boxes=[box(purposes="*")])) == ["(any purpose)"]


def test_what_a_paper_names_means_what_is_below_it_too_and_each_is_told_apart_where_another_names_it() -> None:
    both = [paper(boxes=[box(purposes=["treatment"])]), paper("g2", boxes=[box(purposes=["emergency_treatment"])])]
    assert values("purpose", *both) == ["emergency_treatment", "treatment", "(any other purpose)"]
    assert values("purpose", both[0]) == ["treatment", "(any other purpose)"]


def test_a_category_that_nobody_knows_is_a_value_where_a_refusal_of_some_tells_it_apart() -> None:
    refused = paper("d1", polarity="deny", boxes=[box(categories=["lab"])])
    lifted = {**refused, "except": [{"categories": ["lab"]}]}
    assert values("category", lifted) == ["lab", "(any other category)", None]
    assert values("category", lifted, asked={"category": "lab"}) == ["lab"]


def test_of_an_axis_that_is_asked_only_what_is_asked_and_what_is_below_it_is_a_value() -> None:
    given = paper(boxes=[box(purposes="*")])
    assert values("purpose", given, asked={"purpose": "research"}) == ["research"]
    assert values("purpose", paper(), asked={"purpose": ["treatment", "research"]}) == ["treatment", "research"]
    below = paper(boxes=[box(purposes=["emergency_treatment"])])
    assert values("purpose", below, asked={"purpose": "treatment"}) == ["emergency_treatment", "treatment"]
    assert values("action", paper(), asked={"action": "use"}) == ["use"]
    assert values("label", paper(boxes=[box(labels=["SUD"])]), asked={"label": "HIV"}) == ["SUD", "HIV"]


def test_what_the_order_of_words_puts_below_a_code_that_is_asked_is_a_value_though_nobody_wrote_it() -> None:
    refused = paper("d1", polarity="deny", boxes=[box(labels=["OPIOIDUD"], purposes=["tpo"])])
    assert values("label", refused) == ["OPIOIDUD", "(any other label)"]
    assert values("purpose", refused, asked={"purpose": "treatment"}) == ["treatment"]


# -- what a law tells apart -------------------------------------------------------------------------------------------------------
def law(**looks: Any) -> Profile:
    """A law that bars nothing and looks at this."""

    @reads(**looks)
    def holds(matter: Matter) -> bool:
        return len(str(matter.recipient.kind)) > 99

    return Profile(id="law", version="1", bars=(Bar(name="bar", source=SOURCE, holds=holds),))


def under(axis: str, *papers: Any, asked: dict[str, Any] | None = None, facts: Facts | None = None, **looks: Any) -> list[Any]:
    """The values of an axis under a law that looks at this, before those that are alike are one."""
    made = compile_plan(
        [Directive.model_validate(each) for each in papers], [law(**looks)], ClientFacts(zone="UTC"), **({"facts": facts} if facts else {})
    )
    place = where_of(made.setting, asked or {})
    releasing = releasing_in((made,), place)
    sheet = sheet_of((made,), releasing.names)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recoverycore.consent.plan.space._apart", list)
        space = open_space(sheet.tables, (made,), place, releasing)
        return [value for _, value in (space.roles.each if axis == "roles" else space.axes[axis])]


def test_codes_that_a_law_looks_at_are_values_by_their_own_names_alone() -> None:
    meant = set(under("purpose", purposes=["TREAT"]))
    assert {"treatment", "(any purpose)"} <= meant
    assert "TREAT" not in meant  # a decision would ask about treatment
    assert {"sealed", "(any category)", None} <= set(under("category", categories=["sealed"]))
    assert {"copy", "disclose", "use", "redisclose", "list_disclosures", "accounting"} <= set(under("action", actions=["copy"]))
    assert "lab" not in under("category", paper(), asked={"category": "plan"}, categories=["lab"])


def test_kinds_that_a_law_looks_at_are_values_and_one_more_and_none() -> None:
    assert [kind for kind, treating, _ in under("standing", kinds=["b", "a"]) if treating is None] == [None, "a", "b", "(any other kind)"]
    assert {treating for _, treating, _ in under("standing", kinds=["a"])} == {None, True, False}
    assert [kind for _, kind in under("discloser", discloser_kinds=["b", "a"])] == [None, "a", "b", "(any other kind)"]
    assert values("standing") == [(None, None, None)]
    assert values("discloser") == [("(any discloser)", None)]


def test_relationships_that_a_law_looks_at_are_values_and_another_and_none() -> None:
    known = (None, "guardian", "parent", "(any other relationship)")
    assert under("bond", relationships=["parent", "guardian"]) == [(each, frozenset()) for each in known]


def test_where_a_law_asks_who_is_who_each_discloser_may_be_the_recipient_or_be_controlled_by_them() -> None:
    named = paper(discloser="harbor")
    asked: Any = {"asked": {"discloser": ["kim", "other"]}}
    another = "(any other discloser)"
    assert {("harbor", "harbor"), (another, None), ("dana", another)} <= set(under("who", named, own=True))
    assert {("other", None), ("dana", "kim")} <= set(under("who", named, own=True, **asked))
    assert {("harbor", None), (another, None)}.isdisjoint(under("who", named))
    assert [whom for _, whom in under("bond", named, own=True)] == [frozenset(), frozenset({"harbor"}), frozenset({another})]
    assert [whom for _, whom in under("bond", named, own=True, **asked)] == [frozenset(), frozenset({"kim"}), frozenset({"other"})]
    assert under("bond", named) == [(None, frozenset())]
    assert [who for who, _ in under("who", own=True)] == ["(anybody)", "(any discloser)"] * 3


def test_where_a_law_asks_for_the_parties_of_an_agreement_whoever_the_facts_name_may_be_anybody() -> None:
    facts = Facts(groups={"team": ("kim",)})
    who = under("who", paper(), facts=facts, parties=True)
    assert {("kim", "team"), ("team", "kim"), ("dana", "kim")} <= set(who)
    assert ("kim", None) in under("discloser", paper(), facts=facts, parties=True)
    assert {name for name, _ in under("discloser", asked={"discloser": "other"}, facts=facts, parties=True)} == {"other"}
    assert ("kim", "team") not in under("who", paper(), facts=facts)
    assert ("kim", None) not in under("discloser", paper(), facts=facts)


def test_roles_that_a_law_looks_at_may_be_held_anywhere_and_at_each_discloser() -> None:
    found = under("roles", paper(discloser="harbor"), roles=["trainee"])
    assert found == [HeldAt("trainee", None), HeldAt("trainee", "harbor"), HeldAt("trainee", "(any other discloser)")]
    assert under("roles", asked={"discloser": "other"}, roles=["trainee"]) == [HeldAt("trainee", None), HeldAt("trainee", "other")]


# -- people -----------------------------------------------------------------------------------------------------------------------
def test_everybody_who_is_named_may_be_anywhere_that_is_named_and_so_may_somebody_else() -> None:
    given = paper(boxes=[box(recipients=[{"person": "dana"}]), box(recipients=[{"org": "westend"}], purposes=["payment"])])
    assert values("who", given) == [
        *(("dana", None), ("westend", None), ("(anybody else)", None)),
        ("dana", "westend"),
    ]
    assert values("who", paper(boxes=[box(recipients="*")])) == [("(anybody)", None)]
    there = paper(boxes=[box(recipients=[{"person": "dana", "org": "away"}])])
    assert values("who", there) == [("dana", None), ("dana", "away")]
    refused = paper("d1", polarity="deny", boxes=[box(recipients=[{"person": "dana", "org": "away"}])])
    assert values("who", refused) == [("dana", None), ("(anybody else)", None)]
    elsewhere = ("dana", "(any other organisation)")
    assert values("who", paper(), refused) == [("dana", None), ("(anybody else)", None), elsewhere]


def test_who_is_asked_about_is_a_value_though_no_paper_names_them() -> None:
    anybody = paper(boxes=[box(recipients="*")])
    assert values("who", anybody, asked={"recipient": "eli"}) == [("eli", None)]
    assert values("who", anybody, exactly="eli") == [("eli", None)]
    refused = paper("d1", polarity="deny", boxes=[box(recipients=[{"person": "eli"}])])
    assert values("who", anybody, refused, asked={"recipient": "eli"}) == [("eli", None), ("(anybody else)", "eli")]
    assert values("who", anybody, refused, exactly="eli") == [("eli", None)]


def test_whoever_came_through_somebody_or_is_of_a_kind_that_a_class_means_is_a_value() -> None:
    helpers = Profile(id="law", version="1", classes=(RecipientClass("helpers", (ClassRow(("payment",), frozenset({"payer"})),)),))
    given = paper(boxes=[box(recipients=[{"designation": "treating", "via": "hub"}]), box(recipients=[{"class": "helpers"}])])
    assert values("standing", given, profiles=[helpers]) == [
        (None, None, None),
        ("payer", None, None),
        (None, True, "hub"),
        ("payer", True, "hub"),
    ]


# -- roles ------------------------------------------------------------------------------------------------------------------------
NURSE = {"role": "nurse"}
THERE = {"role": "nurse", "org": "away"}


def roles(*papers: Any, **given: Any) -> list[HeldAt]:
    _, space = opened(*papers, **given)
    return [value for _, value in space.roles.each]


def test_a_role_is_held_where_somebody_names_it_elsewhere_and_nobody_knows_where() -> None:
    assert roles(paper(boxes=[box(recipients=[NURSE])])) == [HeldAt("nurse", None)]
    refused = paper("d1", polarity="deny", boxes=[box(recipients=[THERE])])
    assert roles(refused) == [HeldAt("nurse", "away"), HeldAt("nurse", "(any other organisation)")]
    given = paper(boxes=[box(recipients=[THERE])])
    assert roles(given, refused) == [HeldAt("nurse", "away"), HeldAt("nurse", None), HeldAt("nurse", "(any other organisation)")]


def test_where_no_zone_is_known_a_role_may_end_on_a_day_that_may_be_over() -> None:
    refused = paper("d1", polarity="deny", boxes=[box(recipients=[NURSE])])
    given = paper(boxes=[box(recipients=[NURSE])])
    assert roles(given, refused, zone=None) == [HeldAt("nurse", None), HeldAt("nurse", None, ending=True)]
    assert roles(given, refused) == [HeldAt("nurse", None)]


def test_who_holds_no_role_and_of_whom_nobody_asked_are_told_apart_by_a_refusal() -> None:
    sheet, space = opened(paper(boxes=[box(recipients="*")]), paper("d1", polarity="deny", boxes=[box(recipients=[NURSE])]))
    [given, refused] = [
        next(bits for each, bits in zip(("d1", "g1"), sheet.books[0].papers, strict=True) if each == name) for name in ("g1", "d1")
    ]
    assert (space.roles.none & given, space.roles.none & refused) == (given, 0)
    assert (space.roles.unknown & given, space.roles.unknown & refused) == (given, refused)


# -- times and disclosers ---------------------------------------------------------------------------------------------------------
FROM, UNTIL = "2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z"
SPRING = paper(starts=FROM, expires={"kind": "instant", "value": UNTIL})


def test_each_stretch_of_time_has_its_first_instant_and_the_first_one_the_day_before_it_ends() -> None:
    begins, ends = parse_instant(FROM), parse_instant(UNTIL)
    assert values("when", SPRING) == [begins - timedelta(days=1), begins]
    assert values("when", SPRING, paper("g2", starts=UNTIL)) == [begins - timedelta(days=1), begins, ends]
    assert values("when", paper()) == [SOME_DAY]
    first = paper(starts="0001-01-01T00:00:04Z")
    assert values("when", first) == [EVER + timedelta(seconds=2), EVER + timedelta(seconds=4)]


def test_what_is_before_the_first_instant_that_counts_is_no_value() -> None:
    begins, ends = parse_instant(FROM), parse_instant(UNTIL)
    assert values("when", SPRING, since=begins - timedelta(hours=1)) == [begins - timedelta(hours=1), begins]
    assert values("when", SPRING, since=begins) == [begins, ends]
    assert values("when", SPRING, since=ends) == [ends]


def test_each_stretch_of_days_has_one_and_a_record_may_have_none() -> None:
    made = {"start": "2026-02-02", "end": "2026-02-03"}
    assert values("date", paper(boxes=[box(data_period=made)])) == [None, date(2026, 2, 2)]
    refused = paper("d1", polarity="deny", boxes=[box(data_period=made)])
    assert values("date", refused) == [None, date(2000, 1, 1)]
    turned = [paper(name, boxes=[box(data_period={bound: "2026-02-02"})]) for name, bound in (("a", "start"), ("b", "end"))]
    assert values("date", *turned) == [None, date.min, date(2026, 2, 2), date(2026, 2, 3)]
    assert values("date", paper()) == [None]


@pytest.mark.parametrize(
    ("period", "outside"),
    [
        ({"start": "1990-01-01"}, date(1989, 12, 31)),
        ({"end": "2026-02-02"}, date(2026, 2, 3)),
        ({"start": "0001-01-02"}, date.min),
        ({"end": "9999-12-30"}, date.max),
    ],
)
def test_the_days_before_a_period_and_behind_it_have_one(period: dict[str, str], outside: date) -> None:
    assert values("date", paper("d1", polarity="deny", boxes=[box(data_period=period)])) == [None, outside]


def test_each_discloser_that_is_named_or_asked_about_is_a_value_and_one_more() -> None:
    assert values("discloser", paper(discloser="harbor")) == [("harbor", None), ("(any other discloser)", None)]
    assert values("discloser", paper()) == [("(any discloser)", None)]
    assert values("discloser", paper(discloser="harbor"), asked={"discloser": "other"}) == [("other", None)]
    clinic = Discloser(id="clinic", kind="part2_program")
    assert values("discloser", paper(discloser="harbor"), discloser=clinic) == [("clinic", "part2_program")]
    assert values("discloser", paper(discloser="harbor"), discloser=clinic, asked={"discloser": "harbor"}) == []


def test_whoever_may_release_is_named_by_the_papers_or_meant_by_the_question() -> None:
    papers = [paper(name, discloser=discloser) for name, discloser in (("a", None), ("b", "harbor"), ("c", "*"), ("d", "away"))]
    made = compile_plan([Directive.model_validate(each) for each in papers])
    assert releasing_in((made,), where_of(made.setting, {})).names == ("away", "harbor", "(any other discloser)")
    assert releasing_in((made,), where_of(made.setting, {"discloser": ["c", "b"]})).names == ("b", "c")
    assert releasing_in((made,), where_of(made.setting, {}, discloser=Discloser(id="clinic"))).names == ("clinic",)
    assert releasing_in((compile_plan(()),), where_of(made.setting, {})).names == ("(any discloser)",)


def test_under_a_law_that_looks_at_roles_clients_in_different_zones_are_not_compared() -> None:
    looking = [law(roles=["trainee"])]
    here, there, nowhere = (compile_plan((), looking, ClientFacts(zone=zone)) for zone in ("UTC", "Asia/Tokyo", None))
    for other in (there, nowhere):
        with pytest.raises(DocumentError, match="plans_unlike"):
            compare(here, other)
    assert compare(here, here).verdict == "equal"


def test_classes_and_codes_of_records_are_values_where_trees_name_them() -> None:
    named = tree(root={"actor": ["dana"], "class": ["b"], "code": ["c"]}, provisions=[{"class": ["a"]}])
    assert values("class", named) == [None, "b", "(any other class)"]
    assert values("class", tree(root={"class": ["b"]}), tree("t2", root={"class": ["a"]})) == [None, "a", "b"]
    assert values("code", named) == [None, "c"]
    assert values("class", paper()) == [None]


# -- names and recipients ---------------------------------------------------------------------------------------------------------
def test_a_value_that_nobody_named_is_told_by_a_name_that_nobody_has() -> None:
    assert [unnamed("label", ()), unnamed("label", ["HIV"])] == ["(any label)", "(any other label)"]
    assert [unnamed("recipient", ()), unnamed("recipient", ["dana"])] == ["(anybody)", "(anybody else)"]
    assert unnamed("label", ["(any other label)", "(any other label)'"]) == "(any other label)''"


def test_a_recipient_has_the_values_of_its_axes() -> None:
    held = frozenset({HeldAt("nurse", "away"), HeldAt("nurse", None), HeldAt("guest", None, ending=True)})
    cell = {"who": ("dana", "home"), "standing": ("client", True, "hub"), "bond": ("parent", frozenset({"b", "a"})), "when": NOON}
    found = recipient_of({**cell, "roles": held})
    assert (found.id, found.org, found.kind, found.treating_relationship, found.via) == ("dana", "home", "client", True, "hub")
    assert (found.relationship, found.admin_control_of) == ("parent", ("a", "b"))
    assert [(each.role, each.org, each.until) for each in found.roles or ()] == [
        ("guest", None, date(2026, 6, 15)),
        ("nurse", "away", None),
        ("nurse", None, None),
    ]
    assert recipient_of({**cell, "roles": None}).roles is None
    assert recipient_of({**cell, "roles": frozenset()}).roles == ()


def test_no_two_values_of_an_axis_have_one_mask() -> None:
    _, space = opened(SPRING, paper("g2", boxes=[box(purposes=["tpo"], recipients=[NURSE, THERE])]), zone=None)
    for axis in (*space.axes.values(), space.labels, space.roles.each):
        masks = sorted(mask for mask, _ in axis)
        assert all(one < other for one, other in pairwise(masks))
