"""No run of the real machine takes longer than the verifier says, or waits for ever where it says that none does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from attrs import evolve, frozen
from hypothesis import Phase, find, given, settings

from recoverycore.escalation import event_from, open_run, step, verify
from recoverycore.escalation.targets import may_hold
from recoverycore.escalation.verification import Verification, looking, paths, verifying, ways
from recoverycore.testing.escalation.strategies import ZONE
from tests.escalation.bound import longest_climb
from tests.escalation.verification.worlds import FROM, HORIZON, MINUTE, PROVIDERS, World, breaks, climb, world, worlds


def verified(world: World) -> Verification:
    return verify(world.protocol, world.facts, horizon=HORIZON, providers=PROVIDERS)


@given(worlds)
@settings(max_examples=60, deadline=None)
def test_a_run_is_held_or_shows_the_terminal_step_within_the_bound(world: World) -> None:
    assert not breaks(verified(world), world)


@pytest.mark.prove
@given(worlds)
def test_very_many_runs_keep_their_bounds(world: World) -> None:
    assert not breaks(verified(world), world)


@given(worlds.filter(lambda drawn: drawn.protocol.level > drawn.protocol.defer_max_level))
@settings(max_examples=60, deadline=None)
def test_the_bound_is_that_of_a_slow_walk_where_no_rule_takes_every_reason(drawn: World) -> None:
    found = verified(drawn)
    walked = longest_climb(drawn.protocol)
    assert found.bound is not None
    if all(len(each.jump) < 2 and all(rule.on is not None for rule in each.jump) for each in drawn.protocol.steps):
        assert found.bound >= walked
    if not any(each.when for each in drawn.protocol.steps):
        assert found.bound <= walked


@given(worlds, st.integers(0, 11 * 24 * 60))
@settings(max_examples=60, deadline=None)
def test_who_covers_a_step_is_whom_the_machine_asks(drawn: World, minutes: int) -> None:
    at = FROM + minutes * MINUTE
    run, _ = step(open_run("R", drawn.protocol, drawn.facts), event_from({"type": "trigger", "id": "t", "kind": "t"}), at)
    cover = {each.step: each for each in verified(drawn).cover if each.from_ <= at < each.to}
    for name, entry in run.entries.items():
        if entry.round == 1 and entry.entered == at:
            asks = drawn.protocol.by_id[name].asks
            asked = {target for target in entry.recipients if not asks or may_hold(run, target)}
            assert entry.present == (cover[name].kind != "outside")
            if entry.present:
                assert asked == set(cover[name].people)
                assert entry.barriers == dict(cover[name].barred)


def test_a_witness_is_a_climb_that_takes_as_long_as_the_bound_says() -> None:
    made = world({"targets": [{"role": "peer"}]}, {"targets": [{"person": "dev"}], "ack_within": "PT9M"}, rounds=2)
    found = verified(made)
    assert [(each.after, each.step, each.round) for each in found.witness] == [
        (0 * MINUTE, "s0", 1), (5 * MINUTE, "s1", 1), (14 * MINUTE, "s0", 2), (19 * MINUTE, "s1", 2),
    ]  # fmt: skip
    assert climb(made) == ("exhausted", 28 * MINUTE)
    assert found.bound == 28 * MINUTE


BY_NIGHT, BY_DAY = ({"from": one, "to": other, "zone": ZONE} for one, other in (("22:00", "07:00"), ("07:00", "22:00")))


def taking_turns(*days: str) -> World:
    """Two people of one stage, each with quiet hours on these days in just the hours in which the step of each is there."""
    asked = ({"targets": [{"person": who}], "group": "g", "when": hours} for who, hours in (("dev", BY_NIGHT), ("ana", BY_DAY)))
    made = world(*asked, level=1, shifts=[], at=FROM + timedelta(hours=3))
    quiet = {"dev": {**BY_NIGHT, "days": days}, "ana": {**BY_DAY, "days": days}}
    people = {who: each.evolve(quiet=quiet.get(who)) for who, each in made.facts.team.persons.items()}
    return evolve(made, facts=made.facts.evolve(team=made.facts.team.evolve(persons=people)))


def test_a_stage_that_is_put_off_from_one_quiet_night_to_a_quiet_day_is_waited_for_to_the_end() -> None:
    made = taking_turns("mon", "tue", "wed", "thu", "fri")
    how, took = climb(made)
    found = verified(made)
    assert how == "exhausted"
    assert took > timedelta(days=1)
    assert found.bound is not None
    assert took <= found.bound


def test_a_stage_that_is_put_off_for_ever_by_turns_has_no_bound() -> None:
    made = taking_turns("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert climb(made)[0] == "waits"
    assert not verified(made).held_or_terminal


# -- a verifier that is weaker than it says is found out ----------------------------------------------------------------
def shortest_member(self: ways.Stage, begun: timedelta) -> timedelta | None:
    ends = [each.ends(begun) for each in self.members]
    return min((each for each in ends if each is not None), default=None)


def asks_alone(self: ways.Stage, begun: timedelta) -> timedelta | None:
    ends = [each.ends(begun) for each in self.members if each.asks] or [each.ends(begun) for each in self.members]
    return max(each for each in ends if each is not None)


def from_activation(self: ways.Member, entered: timedelta) -> timedelta | None:
    return max(entered, self.length) if self.length is not None else entered


def one_night(self: looking.Looking, places: range, entered: looking.Interval, _: Any) -> Any:
    return entered.start + self._quiet_alone([entered.looks[place] for place in places], entered.start)


def next_stages_only(protocol: Any, waits: Any) -> ways.Graph:
    graph = ways.graph_of(protocol, waits)
    return evolve(graph, stages=tuple(evolve(stage, ways=stage.ways[-1:]) for stage in graph.stages))


PEER, MANAGER, DEV = ({"targets": [each]} for each in ({"role": "peer"}, {"role": "case_manager"}, {"person": "dev"}))
NINE_O_CLOCK = FROM + timedelta(hours=14)
MORNING = {"from": "09:00", "to": "10:30", "zone": ZONE}
QUIET = {"level": 1, "at": NINE_O_CLOCK, "quiet": MORNING, "shifts": []}


@frozen
class Fault:
    """Something that a verifier may have forgotten, and a world in which that shows."""

    home: object
    name: str
    instead: Callable[..., Any]
    shows: World


FAULTS = {
    "the fastest of a group is taken for all of it": Fault(
        ways.Stage, "lasts_until", shortest_member,
        world({**PEER, "group": "g"}, {**MANAGER, "group": "g", "ack_within": "PT9M"}, happens=(("ack", "ana", 60),)),
    ),
    "a step outside its hours counts as there": Fault(
        ways.Stage, "lasts_until", asks_alone,
        world(
            {**PEER, "group": "g", "when": MORNING},
            {"targets": [{"client": True}], "quorum": "none", "group": "g", "ack_within": "PT9M"},
        ),
    ),
    "every deadline counts from activation": Fault(ways.Member, "ends", from_activation, world(PEER, MANAGER)),
    "nobody is ever waited for": Fault(looking.Looking, "longest_wait", lambda *_: timedelta(), world(DEV, **QUIET)),
    "only the rule says who is waited for": Fault(
        looking.Looking, "longest_wait", lambda self, places, spans: self._by_rule(places, spans),
        world({"targets": [{"role": "peer"}, {"person": "dev"}]}, **QUIET),
    ),
    "quiet hours end with the day": Fault(
        looking.Looking, "_put_off_until", one_night, world(DEV, **{**QUIET, "quiet": {**MORNING, "to": "09:00"}}),
    ),
    "one round is all": Fault(
        verifying, "graph_of", lambda protocol, waits: evolve(ways.graph_of(protocol, waits), rounds=1), world(PEER, rounds=2),
    ),
    "rules are never followed": Fault(
        verifying, "graph_of", next_stages_only, world({**PEER, "jump": [{"on": ["timeout"], "to": 1}, {"to": 4}]}, MANAGER),
    ),
    "the first way in is the latest": Fault(
        paths, "_later", lambda *_: False, world({**PEER, "jump": [{"on": ["declined"], "to": 2}]}, MANAGER, DEV),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_verifier_that_forgets_something_is_found_out(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not breaks(verified(fault.shows), fault.shows)
    monkeypatch.setattr(fault.home, fault.name, fault.instead)
    assert breaks(verified(fault.shows), fault.shows)


OFTEN = (
    "every deadline counts from activation", "nobody is ever waited for", "only the rule says who is waited for",
    "quiet hours end with the day", "one round is all",
)  # fmt: skip
"""What shows often enough in worlds that nobody has chosen."""


@pytest.mark.prove
@pytest.mark.parametrize("name", OFTEN)
def test_random_worlds_find_it_too(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = FAULTS[name]
    monkeypatch.setattr(fault.home, fault.name, fault.instead)
    only_look = settings(max_examples=20_000, phases=[Phase.generate], database=None)
    assert find(worlds, lambda drawn: breaks(verified(drawn), drawn), settings=only_look)
