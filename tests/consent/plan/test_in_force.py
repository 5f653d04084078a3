"""When a paper is in force: looked up at any instant, it is what the decision finds at that instant."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.consent import ClientFacts, Directive, Facts, Recipient
from recoverycore.consent.compiled import compile_consents
from recoverycore.consent.counting import Withdrawing, not_live, superseded
from recoverycore.consent.matter import Setting
from recoverycore.consent.plan.times import in_force, moments, revoked_for, sound
from recoverycore.consent.times import EVER, NEVER
from tests.consent.papers import paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recoverycore.consent.compiled import CompiledConsents
    from recoverycore.consent.plan.patches import Timeline

Json = dict[str, Any]
DISCHARGE, LETTER = {"kind": "event", "value": "discharge"}, {"kind": "event", "value": "letter"}
SOON = datetime(2026, 5, 8, 9, tzinfo=UTC)
FACTS: list[Json] = [
    {},
    {"events": {"discharge": date(2026, 5, 3), "letter": date(2026, 5, 5)}},
    {"events": {"discharge": SOON, "letter": SOON}},
    {"events": {"discharge": None, "letter": None}},
    {"events": {"discharge": "unknown"}},
]
SHOWN: list[Json] = [
    {"starts": "2026-05-02", "expires": {"kind": "date", "value": "2026-05-06"}},
    {"starts": "2026-05-02", "signed_on": "2026-05-04T10:00:00Z", "expires": {"kind": "instant", "value": "2026-05-06T10:00:00Z"}},
    {"expires": DISCHARGE},
    {"suspensions": [{"from": "2026-05-03", "to": "2026-05-04"}, {"from": "2026-05-06"}]},
    {"revocations": [{"at": "2026-05-05"}, {"at": "2026-05-04", "recipients": ["dana"]}]},
    {"revocations": [{"at": "2026-05-02", "recipients": ["dana", "eli"]}, {"at": "2026-05-04", "written": True, "recipients": ["kim"]}]},
    {"form": "late", "revocable_from": LETTER, "revocations": [{"at": "2026-05-04"}]},
    {"form": "late", "revocable_from": LETTER, "suspensions": [{"from": "2026-05-03"}]},
    {
        "form": "late",
        "revocable_from": {"kind": "date", "value": "2026-05-06"},
        "revocations": [{"at": "2026-05-04", "recipients": ["dana"]}],
    },
    {"status": "inactive"},
]
WAYS = [Withdrawing(), Withdrawing(wants_writing=True), Withdrawing(delayed=frozenset({"late"}))]
NOBODY = Recipient(id="nobody")
INSTANTS = [SOON + timedelta(hours=hours) for hours in range(-9 * 24, 4 * 24, 5)]
BESIDE: list[list[Json]] = [
    [],
    [paper("g2", starts="2026-05-05", supersedes=["g1"])],
    [paper("g2", signed_on="2026-05-05", supersedes=["g1"], abuser_signed=True)],
]


def cases(shown: Json) -> Iterator[tuple[CompiledConsents, Facts]]:
    """A paper that shows this, with what may be known and who may take its place."""
    for zone, policy in ((None, {}), ("Asia/Tokyo", {}), (None, {"event_day": "end_of_day"})):
        setting = Setting.of(ClientFacts(zone=zone), (), policy)
        for polarity, others in product(("permit", "deny"), BESIDE):
            papers = [Directive.model_validate(each) for each in (paper(polarity=polarity, **shown), *others)]
            for facts in FACTS if {"expires", "revocable_from"} & set(shown) else FACTS[:1]:
                yield compile_consents(papers, setting), Facts.model_validate(facts)


def looked_up(timeline: Timeline, at: datetime) -> bool:
    times = [each for each, _ in timeline]
    assert times == sorted(set(times))
    assert times[0] == EVER
    return timeline[bisect_right(times, at) - 1][1]


@pytest.mark.parametrize("shown", SHOWN)
def test_a_paper_is_in_force_whenever_the_decision_finds_it_live(shown: Json) -> None:
    for (consents, facts), by in product(cases(shown), WAYS):
        one = next(each for each in consents.papers if each.id == "g1")
        turns = [at for each in consents.papers if each.supersedes for at in (each.starts_early, each.starts_late)]
        alone, beside = in_force(one, consents, facts, by, ()), in_force(one, consents, facts, by, turns)
        for at in INSTANTS:
            live = not not_live(one, consents, NOBODY, at, facts=facts, by=by)
            assert looked_up(alone, at) is live
            assert looked_up(beside, at) is (live and one.id not in superseded(consents.papers, at, sound))


@pytest.mark.parametrize("shown", [each for each in SHOWN if "revocations" in each])
def test_a_revocation_holds_for_those_it_names_whenever_the_decision_finds_that(shown: Json) -> None:
    for (consents, facts), by in product(cases(shown), WAYS):
        one = next(each for each in consents.papers if each.id == "g1")
        named = [(each.recipients, revoked_for(one, each, consents, facts, by)) for each in one.revocations if each.recipients]
        for at in INSTANTS:
            general = not_live(one, consents, NOBODY, at, facts=facts, by=by)
            for name in ("dana", "kim"):
                found = not_live(one, consents, Recipient(id=name), at, facts=facts, by=by)
                holds = any(looked_up(timeline, at) for names, timeline in named if name in names)
                assert ("revoked" in found) is (holds or "revoked" in general)


def test_whoever_may_be_called_as_somebody_in_a_revocation_is_nobody_to_a_paper() -> None:
    named = paper(revocations=[{"at": "2026-05-04", "recipients": ["nobody that a paper names"]}])
    consents = compile_consents([Directive.model_validate(named)], Setting.of(ClientFacts()))
    assert all(live for _, live in in_force(consents.papers[0], consents, Facts(), Withdrawing(), ()))


@pytest.mark.parametrize("shown", SHOWN)
def test_the_moments_of_a_paper_are_known_instants_between_ever_and_never(shown: Json) -> None:
    for consents, facts in cases(shown):
        assert {None, EVER, NEVER}.isdisjoint(moments(consents.papers[0], consents, facts))


def test_a_form_that_an_abuser_signed_is_not_sound() -> None:
    setting = Setting.of(ClientFacts())
    papers = [Directive.model_validate(paper(name, abuser_signed=signed)) for name, signed in (("g1", True), ("g2", False))]
    assert [sound(each) for each in compile_consents(papers, setting).papers] == [False, True]
