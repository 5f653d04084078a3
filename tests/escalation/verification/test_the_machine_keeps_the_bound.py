"""No run of the real machine takes longer than the verifier says, or waits for ever where it says that none does."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings

from recoverycore.escalation import Protocol, RunFacts, event_from, open_run, step, verify
from recoverycore.escalation.verification import Verification, looking, paths, verifying, ways
from tests.escalation.bound import longest_climb
from tests.escalation.verification.worlds import FROM, HORIZON, MINUTE, PROVIDERS, World, breaks, climb, worlds


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


# -- a verifier that is weaker than it says is found out ----------------------------------------------------------------
def shortest_member(self: ways.Stage, begun: timedelta) -> timedelta | None:
    ends = [each.ends(begun) for each in self.members]
    return min((each for each in ends if each is not None), default=None)


def asks_alone(self: ways.Stage, begun: timedelta) -> timedelta | None:
    ends = [each.ends(begun) for each in self.members if each.asks] or [each.ends(begun) for each in self.members]
    return max(each for each in ends if each is not None)


def from_activation(self: ways.Member, entered: timedelta) -> timedelta | None:
    return max(entered, self.length) if self.length is not None else entered


def one_night(self: looking.Looking, target: str, kind: str, at: Any) -> timedelta | None:
    window = looking.quiet_window(self.run, target, kind)
    ends = [end for start, end in looking.occurrences(window, at, "restraint") if start <= at < end] if window else []
    return max(ends) - at if ends else timedelta()


def without_jumps(protocol: Any, waits: Any) -> ways.Graph:
    graph = ways.graph_of(protocol, waits)
    return evolve(graph, stages=tuple(evolve(stage, ways=tuple(way for way in stage.ways if way.to > stage.number)) for stage in graph.stages))


def next_stages_only(protocol: Any, waits: Any) -> ways.Graph:
    graph = ways.graph_of(protocol, waits)
    return evolve(graph, stages=tuple(evolve(stage, ways=stage.ways[-1:]) for stage in graph.stages))


FAULTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "the fastest of a group is taken for all of it": (ways.Stage, "lasts_until", shortest_member),
    "a step outside its hours counts as there": (ways.Stage, "lasts_until", asks_alone),
    "every deadline counts from activation": (ways.Member, "ends", from_activation),
    "nobody is ever waited for": (looking.Looking, "longest_wait", lambda *_: timedelta()),
    "only the rule says who is waited for": (looking.Looking, "longest_wait", lambda self, places, spans: self._by_rule(places, spans)),
    "quiet hours end with the day": (looking.Looking, "_quiet_for", one_night),
    "one round is all": (verifying, "graph_of", lambda protocol, waits: evolve(ways.graph_of(protocol, waits), rounds=1)),
    "rules are never followed": (verifying, "graph_of", next_stages_only),
    "the first way in is the latest": (paths, "_later", lambda one, other: False),
}
