"""Why, put together from what is kept: the record tells what brought each effect about, the run itself what stands before the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from recoverycore.engine.access import CONTACT, Access, because
from recoverycore.engine.history import timeline
from recoverycore.engine.kept_runs import earlier_states, run_state
from recoverycore.engine.run_facts import facts_for
from recoverycore.errors import RecoveryError
from recoverycore.escalation import Barrier, Explanation, RunState, causes_of, why_not
from recoverycore.ground.timeline import Timeline

if TYPE_CHECKING:
    from recoverycore.engine.work import Work

__all__ = ["explained"]


def explained(work: Work, run: str, to: str | None, *, everything: bool) -> Explanation:
    """Why `run` did what it did until now, or why `to` was told by it and why not. Error: ``unknown_run``.

    With `everything` now is never before what is kept: the clock of a host may have gone back.
    """
    last = run_state(work, run).last
    if everything and last is not None:
        work.at = max(work.at, last)
    happened = Timeline(tuple(each for each in timeline(work.unit.audit(), run=run).happenings if each.at <= work.at))
    causes = causes_of(happened)
    if to is None:
        return Explanation(run=run, causes=causes)
    state = _as_it_stood(work, run)
    name = "client" if to == work.body("run", run)["client"] else to
    mine = tuple(each for each in causes if each.what in ("message", "cancelled") and each.subject == name)
    return Explanation(run=run, to=to, causes=mine, barriers=tuple(_with_basis(work, state, each) for each in why_not(state, to, work.at)))


def _as_it_stood(work: Work, run: str) -> RunState:
    """The run as it was then; as it is now, with the consent and the team of now, where nothing has happened to it since."""
    kept = earlier_states(work.unit, run)
    known = [each for each in kept if each.last is not None and each.last <= work.at]
    if not known or known[-1] is not kept[-1]:
        return known[-1] if known else kept[0]
    return _with_live_facts(work, known[-1])


def _with_live_facts(work: Work, state: RunState) -> RunState:
    client = work.body("run", state.run)["client"]
    try:
        now = facts_for(work, client, state.protocol, state.level)
    except RecoveryError:  # the run goes on with those it has, and so does what is said about it
        return state
    live = {"team": now.team, "consent": {**state.facts.consent, **now.consent}}
    return evolve(state, facts=state.facts.model_copy(update=live))


def _with_basis(work: Work, state: RunState, barrier: Barrier) -> Barrier:
    """A refusal of contact with the directives it rests on, or those that come nearest to permitting it."""
    if barrier.code != "consent_blocked":
        return barrier
    try:
        access = Access(work, work.body("run", state.run)["client"], level=state.level)
        found = access.decide(barrier.to, (CONTACT,), state.protocol.purpose or state.protocol.kind)
    except RecoveryError:
        return barrier
    return evolve(barrier, basis=because(found))
