"""Small made-up protocols, rosters and runs, drawn at random, for the proofs of the verifier."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
from attrs import frozen

from recoverycore.escalation import Protocol, RunFacts, RunState, event_from, open_run, step
from recoverycore.testing.escalation import strategies
from recoverycore.testing.escalation.strategies import ALWAYS, FROM, PEOPLE, facts_of, protocol_of

if TYPE_CHECKING:
    from recoverycore.escalation.verification import Verification

MINUTE = timedelta(minutes=1)
HORIZON = (FROM, FROM + timedelta(days=12))
PROVIDERS = {"app": ["push"], "sms": ["tel-a", "tel-b"]}
protocols, facts = strategies.protocols(), strategies.run_facts()
happenings = st.lists(
    st.tuples(
        st.sampled_from(["ack", "decline", "un_ack", "decline", "failed", "note"]),
        st.sampled_from([*PEOPLE, "mobile"]),
        st.integers(0, 90 * 60),
    ),
    max_size=6,
)


@frozen
class World:
    """A protocol, its facts, the instant at which a run begins, and what people do in it, each so many seconds later."""

    protocol: Protocol
    facts: RunFacts
    at: datetime
    happens: list[tuple[str, str, int]]


def world(
    *asked: dict[str, Any],
    level: int = 3,
    rounds: int = 1,
    shifts: list[dict[str, Any]] = ALWAYS,
    quiet: Any = None,
    at: datetime = FROM,
    happens: tuple[tuple[str, str, int], ...] = (),
) -> World:
    """A world of one's own: by default everybody is always on duty, and nobody but `dev` ever has quiet hours."""
    written = [{"ack_within": "PT5M", "quorum": "any", "jump": [], **each} for each in asked]
    nights = [None, None, None, quiet, None, None, None]
    return World(protocol_of(level, rounds, 1, written), facts_of(shifts, nights, 4, "permit", None, {}), at, list(happens))


worlds = st.builds(World, protocols, facts, st.integers(0, 4 * 24 * 60).map(lambda minutes: FROM + minutes * MINUTE), happenings)


def climb(world: World, most: int = 400) -> tuple[str, timedelta]:
    """How a run ends first, and after how long: ``held``, ``exhausted``, or ``waits`` with nothing to wake it or without an end."""
    run, _ = step(open_run("R", world.protocol, world.facts), event_from({"type": "trigger", "id": "t", "kind": "t"}), world.at)
    waiting = sorted((world.at + timedelta(seconds=after), number, what, who) for number, (what, who, after) in enumerate(world.happens))
    for _ in range(most):
        if run.status != "open" or run.next_due is None or run.last is None:
            break
        if waiting and waiting[0][0] <= run.next_due:
            at, number, what, who = waiting.pop(0)
            run, _ = step(run, event_from(_event(what, who, number, run)), at)
        else:
            run, _ = step(run, event_from({"type": "tick", "gen": run.generation}), run.next_due)
    took = (run.last or world.at) - world.at
    return (run.status if run.status in ("held", "exhausted") else "waits"), took


def _event(what: str, who: str, number: int, run: RunState) -> dict[str, Any]:
    if what == "failed":
        keys = [key for key, each in run.messages.items() if each.target == who] or ["none"]
        return {"type": "receipt", "id": f"e{number}", "key": keys[-1], "status": "failed_permanent"}
    return {"type": what, "id": f"e{number}", "by": who, **({"named_human": True} if what == "ack" else {})}


def breaks(found: Verification, world: World) -> bool:
    """Whether a run does what the verification says it cannot."""
    how, took = climb(world)
    if found.bound is None:
        return found.ok
    return how == "waits" or took > found.bound
