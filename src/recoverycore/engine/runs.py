"""Runs: opened by a rule, moved by events, carried out in the very unit of work that moved them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from recoverycore.engine.fitness import fit_for, rule_references, unfit
from recoverycore.engine.kept_runs import begin, keep, kept_run, listed_for, run_state
from recoverycore.engine.owing import owe
from recoverycore.engine.proving import unproved
from recoverycore.engine.run_facts import OVER, changed_facts, escalation_team, facts_for
from recoverycore.engine.sending import send
from recoverycore.engine.shell import all_of, one_of, programme_of, team_of
from recoverycore.errors import NotFound, Problem, RecoveryError, problem
from recoverycore.escalation import (
    Audit,
    Cancel,
    Protocol,
    RunFacts,
    Send,
    Terminal,
    Timer,
    TimerOff,
    event_from,
    open_run,
    reference_problems,
    step,
)
from recoverycore.escalation import Obligation as Owed
from recoverycore.ground.canonical import digest
from recoverycore.risk import Rule

if TYPE_CHECKING:
    from recoverycore.engine.work import Work
    from recoverycore.escalation import RunState
    from recoverycore.escalation.effects import Effect

__all__ = ["feed", "is_silent", "refresh", "set_going", "unknown_references", "work_done"]


def set_going(work: Work, client: str, rule: Rule, trigger: dict[str, Any], *, about: str | None = None) -> str:
    """Open the run that `rule` asks for, or tell the one that is already going. Its id comes back. Error: ``unknown_protocol``.

    A rule that is `about` one thing of several has a run for each.

    Nothing around a call for help keeps it from being heard: beside a run that cannot be read another one is opened, facts
    that cannot be read are taken as unknown, and a protocol is made fit for the level of the call.
    """
    protocol = one_of(work.unit, Protocol, identifier=rule.protocol)
    if protocol is None:
        raise NotFound(problem("unknown_protocol", detail=rule.id))
    going = _going(work, client, rule.id, about)
    if going is not None:
        try:
            run_state(work, going)
        except (RecoveryError, KeyError, TypeError):
            work.note("run_unreadable", run=going, client=client)
        else:
            feed(work, going, trigger)
            return going
    run = "run-" + digest([client, rule.id, trigger["id"]])[:12]
    level = max(protocol.level, trigger.get("level") or 0)
    fit = fit_for(protocol, level, trigger["kind"], programme_of(work.unit))
    state = open_run(run, fit, _facts_or_fewer(work, client, fit, level))
    own = {"client": client, "rule": rule.id, "about": about}
    begin(work, state, own)
    _list(work, own, state)
    work.note("run_opened", run=run, client=client, rule=rule.id, protocol=protocol.id, version=protocol.version, subject=about)
    feed(work, run, {**trigger, "level": level})
    return run


def _facts_or_fewer(work: Work, client: str, protocol: Protocol, level: int) -> RunFacts:
    """The facts of a run; where they cannot be read, the team alone: on-duty staff are woken, and told nothing of content."""
    try:
        return facts_for(work, client, protocol, level)
    except RecoveryError as error:
        work.note("facts_unreadable", client=client, code=error.code)
        staff = escalation_team(team_of(work.unit, client), programme_of(work.unit).zone)
        return RunFacts.model_validate({"team": staff}, by_name=True)


def feed(work: Work, run: str, event: dict[str, Any]) -> RunState:
    """Let `event` happen to a run now: facts first, then the event, every effect carried out, the next state kept.

    Error: ``unknown_run``.
    """
    return _apply(work, run, (event,))


def refresh(work: Work, run: str) -> RunState:
    """Tell a run what has changed around it, and nothing else. Error: ``unknown_run``."""
    return _apply(work, run, ())


def _apply(work: Work, run: str, events: tuple[dict[str, Any], ...]) -> RunState:
    kept = kept_run(work, run)
    body = kept.about
    for each in events:
        if each["type"] != "tick":
            told = {key: each.get(key) for key in ("type", "by", "to", "key")}
            work.note("event", run=run, client=body["client"], **told)
    before = state = kept.state
    effects: list[tuple[str, Effect]] = []
    tells = any(each["type"] != "tick" for each in events)
    for each in changed_facts(work, body["client"], state, max((each.get("level") or 0 for each in events), default=0)):
        # What changed around the run is older than what happens to it now: an answer counts before anything that is due.
        state, done = step(state, event_from(each), state.last if tells and state.last is not None else work.at)
        effects.extend((each["type"], effect) for effect in done)
    for each in events:
        state, done = step(state, event_from(each), work.at)
        effects.extend((each["type"], effect) for effect in done)
    if any(isinstance(effect, Audit) and effect.code == "stale_tick" for _, effect in effects) and state.next_due is not None:
        work.unit.set_timer(run, state.next_due, state.generation, state.level)
    if state is not before:
        keep(work, kept, state)
        if _asked_of(before) != _asked_of(state):
            _list(work, body, state)
    for cause, effect in effects:
        work.caused_by = cause
        _carry_out(work, body, state, effect)
    work.caused_by = None
    return state


def work_done(work: Work, client: str, about: str, by: str) -> None:
    """Doing the work answers the alarm: every run about it is taken and stood down by whoever did it, as far as they may."""
    for each in work.unit.all(listed_for(client)):
        if each.body.get("about") == about and not each.body["over"]:
            feed(work, each.id, {"type": "ack", "id": f"done:{about}:ack", "by": by})
            feed(work, each.id, {"type": "stand_down", "id": f"done:{about}", "by": by, "reason": "the work is done"})


def is_silent(work: Work, client: str) -> bool:
    """Whether a run that is going was begun by a duress word: then nothing is shown to the person, whatever comes after.

    It is remembered beside the run, so that a run that cannot be read still keeps its silence.
    """
    return any(each.body.get("silent", False) for each in work.unit.all(listed_for(client)) if not each.body["over"])


def unknown_references(work: Work, client: str) -> tuple[Problem, ...]:
    """What the rules refer to and nobody around `client` knows, and what keeps the protocols that they call from being relied on."""
    found = []
    team = team_of(work.unit, client)
    for rule in all_of(work.unit, Rule):
        found += [each.under(f"/{rule.id}") for each in rule_references(rule, team)]
        if rule.protocol is None:
            continue
        protocol = one_of(work.unit, Protocol, identifier=rule.protocol)
        if protocol is None:
            found.append(problem("unknown_protocol", f"/{rule.id}/protocol"))
        else:
            found += [each.under(f"/{rule.id}") for each in reference_problems(protocol, facts_for(work, client, protocol))]
            wrong = unfit(rule, protocol)
            wrong += tuple(unproved(work, client, rule, protocol, {each.name for each in wrong}))
            found += [each.under(f"/{rule.id}") for each in wrong]
    return tuple(found)


def _asked_of(state: RunState) -> tuple[Any, ...]:
    """What others ask of a run: what its place in the lists hangs on."""
    return state.level, state.status, state.silent


def _list(work: Work, body: dict[str, Any], state: RunState) -> None:
    """Keep the run in the list of its client's runs, with what others ask of it: no run's damage is another's."""
    listed = {"rule": body["rule"], "about": body.get("about"), "level": state.level, "over": state.status in OVER}
    if state.silent:
        listed["silent"] = True
    work.keep(listed_for(body["client"]), state.run, listed)
    if state.status in OVER:
        work.unit.drop_going(state.run)
    else:
        work.unit.list_going(state.run, held=state.status == "held")


def _going(work: Work, client: str, rule: str, about: str | None) -> str | None:
    """The run of this rule, about this, that is not over, if there is one."""
    listed = work.unit.all(listed_for(client))
    return next(
        (each.id for each in listed if (each.body["rule"], each.body.get("about")) == (rule, about) and not each.body["over"]), None
    )


def _carry_out(work: Work, body: dict[str, Any], state: RunState, effect: Effect) -> None:
    unit, run, client = work.unit, state.run, body["client"]
    match effect:
        case Send():
            send(work, body, state, effect)
        case Cancel(key):
            unit.cancel(key)
            work.note("cancelled", run=run, client=client, key=key)
        case Timer(due, gen):
            unit.set_timer(run, due, gen, state.level)
        case TimerOff():
            unit.clear_timer(run)
        case Terminal(step_id, phase):
            work.note("terminal", run=run, client=client, step=step_id, phase=phase)
        case Owed(kind, owner, due):
            owe(work, client, kind, owner, due, about=run)
        case Audit(code, subject, minutes):
            work.note("decided", run=run, client=client, code=code, subject=subject, minutes=minutes)
        case _:
            assert_never(effect)
