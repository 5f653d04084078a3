"""Proofs where a function raises that works out what a release brings with it: nothing is released there, whatever else permits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import Duty, Matter, Profile, Rule, reads
from recoverycore.consent.plan import compare
from recoverycore.errors import DocumentError
from tests.consent.law_papers import SOURCE
from tests.consent.papers import paper
from tests.consent.plan.test_profiles import WIDE, plan

if TYPE_CHECKING:
    from collections.abc import Callable


def _for_payment_only(matter: Matter) -> Any:
    if matter.purpose != "payment":
        raise ValueError
    return {}


def _listed(matter: Matter) -> tuple[str, ...]:
    return tuple(_for_payment_only(matter))


@reads(purposes=["payment"])
def _told(matter: Matter) -> Any:
    return _for_payment_only(matter)


@reads(purposes=["payment"])
def _told_listing(matter: Matter) -> tuple[str, ...]:
    return _listed(matter)


OWING: list[Callable[[Any, Any], dict[str, Any]]] = [
    lambda owed, _: {"consent_duties": (Duty("receipt", when=owed),)},
    lambda owed, _: {"consent_duties": (Duty("receipt", params=owed),)},
    lambda owed, _: {"rules": (Rule(name="rule", source=SOURCE, duties=(Duty("receipt", when=owed),)),)},
    lambda owed, _: {"rules": (Rule(name="rule", source=SOURCE, duties=(Duty("receipt", params=owed),)),)},
    lambda _, listed: {"rules": (Rule(name="rule", source=SOURCE, entries=listed),)},
]


@pytest.mark.parametrize("owing", OWING)
def test_what_is_refused_only_where_a_duty_or_a_listing_raises_is_no_never(owing: Callable[[Any, Any], dict[str, Any]]) -> None:
    law = Profile(id="law", version="1", **owing(_told, _told_listing))
    made = plan(*([] if law.rules else [paper(boxes=[WIDE])]), law=law)
    found = made.always_denied().witness
    assert found is not None
    assert found.purpose == "payment"
    assert made.never({"purpose": "treatment"}).holds


@pytest.mark.parametrize("owing", OWING)
def test_a_duty_or_a_listing_that_tells_nothing_is_named_and_no_proof_is_given(owing: Callable[[Any, Any], dict[str, Any]]) -> None:
    with pytest.raises(DocumentError) as caught:
        plan(paper(boxes=[WIDE]), law=Profile(id="law", version="1", **owing(_for_payment_only, _listed))).always_denied()
    [problem] = caught.value.problems
    assert (problem.name, problem.detail) in {("profile_untold", f"law: {name}") for name in ("receipt", "rule")}


def _for_an_auditor_only(matter: Matter) -> Any:
    if matter.recipient.kind != "auditor":
        raise ValueError
    return {}


@reads(kinds=["auditor"])
def _told_of_kinds(matter: Matter) -> Any:
    return _for_an_auditor_only(matter)


@reads(kinds=["auditor"])
def _told_listing_of_kinds(matter: Matter) -> tuple[str, ...]:
    return tuple(_for_an_auditor_only(matter))


@pytest.mark.parametrize("owing", OWING)
def test_what_nobody_but_a_duty_or_a_listing_tells_apart_is_looked_for_too(owing: Callable[[Any, Any], dict[str, Any]]) -> None:
    law = Profile(id="law", version="1", **owing(_told_of_kinds, _told_listing_of_kinds))
    found = plan(*([] if law.rules else [paper(boxes=[WIDE])]), law=law).always_denied().witness
    assert found is not None
    assert found.recipient.kind == "auditor"


@reads(purposes=["payment"])
def _but_for_payment(matter: Matter) -> bool:
    if matter.purpose == "payment":
        raise ValueError
    return True


def test_a_paper_whose_duty_raises_where_a_rule_permits_is_not_redundant() -> None:
    permitting = Rule(name="rule", source=SOURCE)
    law = Profile(id="law", version="1", consent_duties=(Duty("receipt", when=_but_for_payment),), rules=(permitting,))
    assert plan(paper(boxes=[WIDE]), law=law).redundant() == ()


def test_a_duty_of_refusals_stands_in_the_way_of_no_release_and_of_no_proof() -> None:
    law = Profile(id="law", version="1", refusal_duties=(Duty("receipt", when=_for_payment_only),))
    assert not plan(paper(boxes=[WIDE]), law=law).always_denied().holds


@reads(purposes=["payment"])
def _unreadable_for_payment(_: Any, matter: Matter) -> Any:
    if matter.purpose == "payment":
        raise ValueError
    return None


@reads()
def _unreadable(_: Any, __: Matter) -> Any:
    raise ValueError


@pytest.mark.parametrize("reaches", [_unreadable, _unreadable_for_payment])
def test_a_paper_that_covers_nothing_and_breaks_a_law_is_not_redundant(reaches: Any) -> None:
    law = Profile(id="law", version="1", reaches=reaches, rules=(Rule(name="rule", source=SOURCE),))
    made = plan(paper(boxes=[]), law=law)
    assert made.redundant() == ()
    assert compare(made, made.without("g1")).verdict == "wider"


@reads(own=True)
def _unreadable_for_others(_: Any, matter: Matter) -> Any:
    if matter.recipient.id != matter.discloser:
        raise ValueError
    return None


def test_a_form_that_may_break_a_law_and_cannot_be_tried_is_not_redundant() -> None:
    law = Profile(id="law", version="1", reaches=_unreadable_for_others, rules=(Rule(name="rule", source=SOURCE),))
    made = plan(paper(boxes=[]), law=law)
    assert compare(made, made.without("g1")).verdict == "wider"


@reads()
def _unreadable_if_first(directive: Any, _: Matter) -> Any:
    if directive.id == "g1":
        raise ValueError
    return None


@pytest.mark.parametrize("sound", ["g0", "g2"])
def test_one_paper_that_breaks_a_law_is_found_beside_one_that_does_not(sound: str) -> None:
    law = Profile(id="law", version="1", reaches=_unreadable_if_first, rules=(Rule(name="rule", source=SOURCE),))
    made = plan(paper(boxes=[]), paper(sound, boxes=[]), law=law)
    assert made.redundant() == (sound,)
