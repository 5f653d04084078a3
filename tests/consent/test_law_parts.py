"""The parts of a law by themselves: its switches, classes, rules and words, what it looks at, and where it comes from."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from recoverycore.consent import ClassRow, ClientFacts, Profile, RecipientClass, Rule, Source, Switch, VocabularyAddition
from recoverycore.consent.matter import Setting
from recoverycore.consent.reading import Reads
from tests.consent.law_papers import LAW, SOURCE
from tests.consent.papers import box, paper
from tests.consent.test_law import GOOD, under


@pytest.mark.parametrize(
    ("choices", "value", "taken"),
    [
        ((True, False), True, True),
        ((True, False), False, True),
        ((True, False), 1, False),
        ((True, False), "True", False),
        (("deny", "permit"), "permit", True),
        (("deny", "permit"), "neither", False),
        (("deny", "permit"), None, False),
        (int, None, True),
        (int, 1, True),
        (int, 0, False),
        (int, -1, False),
        (int, True, False),
        (int, 1.0, False),
        (int, "1", False),
    ],
)
def test_a_switch_takes_its_choices_as_they_are_or_a_number_of_days_or_none(choices: Any, value: Any, *, taken: bool) -> None:
    assert Switch("s", None, choices).takes(value) is taken


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("label_order", ("literal", "clearance")),
        ("break_glass_subsumed", (False, True)),
        ("unwritten_revocation_stops_permit", (True, False)),
        ("event_day", ("cautious", "end_of_day")),
        ("tell_withheld", (False, True)),
    ],
)
def test_a_switch_of_the_core_has_its_default_and_takes_every_choice(name: str, values: tuple[Any, Any]) -> None:
    assert Setting.of(ClientFacts()).policy[name] is values[0]
    for value in values:
        assert Setting.of(ClientFacts(), (), {name: value}).policy[name] is value


TWO_ROWS = RecipientClass("helpers", (ClassRow(("treatment",), frozenset({"helper"})), ClassRow(("payment",), frozenset({"payer"}))))


def test_who_is_in_one_row_of_a_class_for_another_purpose_fails_on_the_purpose_alone() -> None:
    law = evolve(LAW, classes=(TWO_ROWS,))
    helpers = paper(**GOOD, boxes=[box(recipients=[{"class": "helpers"}])])
    for kind, axes in (("helper", ("purpose",)), ("payer", ("purpose",)), ("stranger", ("recipient", "purpose"))):
        asked = under(helpers, recipient={"id": "dana", "kind": kind}, purposes=["research"], profiles=(law,))
        assert asked.failed["r1"]["g1"] == axes


def listing(name: str, action: str, *, with_records: bool) -> Rule:
    """A rule that gives something else than records."""
    return Rule(name=name, source=SOURCE, actions=frozenset({action}), with_records=with_records)


def test_a_rule_is_about_records_unless_it_says_otherwise_and_gives_nothing_where_none_is_asked_for() -> None:
    of_records = Rule(name="list", source=SOURCE, actions=frozenset({"accounting"}))
    for rule, permitted in ((of_records, False), (evolve(of_records, with_records=False), True)):
        assert under(records=[], action="accounting", profiles=(evolve(LAW, rules=(rule,)),)).permitted is permitted


def test_only_a_law_with_a_rule_for_that_action_and_for_no_record_answers_a_request_for_none() -> None:
    laws = (
        evolve(LAW, id="answers", rules=(listing("list", "accounting", with_records=False),)),
        evolve(LAW, id="of-records", rules=(listing("list", "accounting", with_records=True),)),
        evolve(LAW, id="of-another-action", rules=(listing("list", "amendment", with_records=False),)),
    )
    assert under(records=[], action="accounting", profiles=laws).profiles == ("answers",)


def test_what_a_law_finds_wrong_with_what_an_abuser_signed_is_told_beside_that() -> None:
    decision = under(paper(signed_by=["client"], abuser_signed=True, expires=GOOD["expires"]))
    assert decision.defects["r1"]["g1"] == ("abuser_signed", "signer")


def test_a_rule_for_any_category_covers_no_record_of_which_nobody_knows_the_category() -> None:
    law = evolve(LAW, rules=(Rule(name="all", source=SOURCE, categories=("*",)),))
    assert under(profiles=(law,)).basis == "rule:all"
    assert under(profiles=(law,), records=[{"id": "r1"}]).basis is None


def test_a_law_may_look_at_what_kind_of_discloser_it_is_also_where_nobody_knows_the_discloser() -> None:
    law = evolve(LAW, rules=(Rule(name="ours", source=SOURCE, holds=lambda matter: matter.discloser_kind == "ours"),))
    assert under(profiles=(law,), discloser={"id": "harbor", "kind": "ours"}).basis == "rule:ours"
    unknown = under(profiles=(law,), discloser=None)
    assert (unknown.basis, unknown.codes) == (None, {"say_nothing"})


@pytest.mark.parametrize(
    "added",
    [
        VocabularyAddition(order={"category": {"papers": ("plan",)}}),
        VocabularyAddition(aliases={"category": {"papers": ("plan",)}}),
    ],
    ids=["an order", "another name"],
)
def test_a_law_may_add_an_order_of_codes_or_other_names_of_them(added: VocabularyAddition) -> None:
    read = paper(**GOOD, boxes=[box(categories=["papers"])])
    assert under(read, profiles=(evolve(LAW, vocabulary=added),)).permitted
    assert not under(read).permitted


def test_a_rule_whose_source_was_not_looked_at_by_itself_was_looked_at_with_its_law_or_never() -> None:
    rule = Rule(name="one", source=Source("s. 1"))
    rows = [Profile(id="l", version="1", reviewed=day, rules=(rule,)).to_rows() for day in (date(2026, 1, 2), None)]
    assert [row["reviewed"] for [row] in rows] == ["2026-01-02", ""]


def test_laws_stand_in_a_setting_by_name_in_whatever_order_they_were_named() -> None:
    laws = [Profile(id=name, version="1") for name in ("b", "c", "a")]
    assert [each.id for each in Setting.of(ClientFacts(), laws).profiles] == ["a", "b", "c"]


def test_what_a_function_does_not_tell_that_it_looks_at_it_does_not_look_at() -> None:
    assert not any(getattr(Reads(), name) for name in Reads.__annotations__)
    told = Reads(labels=frozenset({"SUD"}), own=True) | Reads(labels=frozenset({"HIV"}), parties=True)
    assert told == Reads(labels=frozenset({"SUD", "HIV"}), own=True, parties=True)
