"""The laws about clocks, waiting and the climb (E1-E3, E6, E8, E12, E19): nobody is left without a next step, nobody is cut short.

A law says whether a moment keeps it, or None where the moment gives it nothing to judge.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recoverycore.escalation import Audit, Timer, TimerOff
from recoverycore.testing.escalation.moments import OVER, a_shift_changed, fit

if TYPE_CHECKING:
    from recoverycore.escalation import RunState
    from recoverycore.testing.escalation.moments import Moment

CAUSES = {
    "declined": {"decline", "un_ack"},
    "unreachable": {"receipt"},
    "consent_blocked": {"consent_change", "break_glass"},
    "raised": {"trigger", "set_level"},
    "manual": {"escalate"},
}
"""Which events may be the reason that a stage which stood is left before its time."""


def a_waiting_run_has_a_timer_a_human_or_its_terminal_step(moment: Moment) -> bool | None:
    """A run that nobody has ended is woken in time, is held by a human, or has shown its terminal step."""
    run = moment.after
    ahead = run.next_due is not None and run.next_due > moment.now
    match run.status:
        case "open":
            return ahead
        case "held":
            return bool(run.holders)
        case "exhausted":
            return run.terminal_shown and (ahead or run.protocol.exhausted.realarm is None)
        case _:
            return None


def a_change_of_facts_leaves_no_run_without_a_next_step(moment: Moment) -> bool | None:
    """When consent or the roster changes, an open run still has a next step."""
    if moment.event.type not in ("consent_change", "roster_change") or moment.before.status != "open":
        return None
    run = moment.after
    if run.status == "open":
        return run.stage is not None and run.next_due is not None and run.next_due > moment.now
    return run.terminal_shown if run.status == "exhausted" else bool(run.holders)


def without_an_ack_the_chain_ends_in_time(moment: Moment) -> bool | None:
    """Where nobody ever answers, the terminal step is shown by the bound; each late wake-up adds at most its lateness."""
    run = moment.after
    if moment.bound is None or moment.ever_held or run.status != "open" or run.activated is None:
        return None
    return moment.now < run.activated + moment.bound + moment.late


def _clock(run: RunState) -> datetime | None:
    """The clock that a stage which stands may run out on: the first of its deadlines."""
    return min((due for name in run.current if (due := run.entries[name].deadline) is not None), default=None)


def nobody_is_given_up_before_their_time(moment: Moment) -> bool | None:
    """A stage that stood before the call times out at a deadline that has come."""
    out = [subject for reason, subject in moment.left() if reason == "timeout" and subject in moment.before.current]
    due = _clock(moment.before)
    return due is not None and due <= moment.now if out else None


def a_stage_is_left_early_only_for_a_cause(moment: Moment) -> bool | None:
    """A decline, a failure, an empty roster, a barrier, a raise, or a human who asked for it."""
    before, left = moment.before, moment.left()
    if not left or left[0][1] not in before.current or before.deferred_until is not None or left[0][0] == "timeout":
        return None
    reason = left[0][0]
    if reason == "ack_timeout":
        return before.contact_due is not None and before.contact_due <= moment.now
    if reason == "no_recipient":
        return moment.event.type == "roster_change" or _a_shift_changed(moment)
    return moment.event.type in CAUSES.get(reason, set())


def _a_shift_changed(moment: Moment) -> bool:
    since = moment.before.last
    return since is not None and a_shift_changed(moment.before, since, moment.now)


def the_stage_that_is_awaited_has_its_full_time(moment: Moment) -> bool | None:
    """At every level, however late the call that entered it. A stage that waits for the end of quiet hours is entered anew then."""
    run = moment.after
    if run.status != "open" or run.activated is None or run.deferred_until is not None:
        return None
    steps = {step.id: step for step in run.protocol.steps if step.asks and step.ack_within is not None}
    fresh = [name for name in run.current if name in moment.entered() and name in steps]
    for name in fresh:
        step = steps[name]
        length = step.ack_within or timedelta()
        whole = moment.now + length if step.from_ == "previous" else max(moment.now, run.activated + length)
        if run.entries[name].deadline != whole:
            return False
    return True if fresh else None


def below_the_catch_up_level_a_late_call_gives_up_nobody_it_has_just_asked(moment: Moment) -> bool | None:
    """Below the catch-up level a late wake-up cuts nobody's time short."""
    run = moment.after
    if run.level >= run.protocol.late_catch_up:
        return None
    steps = {step.id: step for step in run.protocol.steps}
    fresh = [steps[subject] for _, subject in moment.left() if subject in moment.entered() and subject not in moment.before.current]
    if not fresh:
        return None
    given_up = [steps[subject] for reason, subject in moment.left() if reason == "timeout" and steps[subject] in fresh]
    return all(not step.asks or step.from_ == "activation" for step in given_up)


def an_ack_of_somebody_asked_takes_it(moment: Moment) -> bool | None:
    """In a stage of its own that asks for one, early or late: whoever was asked and may hold holds."""
    before, event = moment.before, moment.event
    if event.type != "ack" or event.auto or before.status not in ("open", "exhausted") or moment.repeated:
        return None
    by = event.by or ""
    alone = {step.id for step in before.protocol.steps if step.group is None and step.asks and step.quorum == "any"}
    asked = any(by in entry.recipients for name, entry in before.entries.items() if name in alone)
    human = by in before.facts.team.persons or (by in before.facts.directory and event.named_human)
    return moment.after.status == "held" if asked and human and fit(before, by) else None


def a_stale_tick_does_nothing(moment: Moment) -> bool | None:
    """The tick of a timer that another has replaced changes nothing."""
    if moment.event.type != "tick" or moment.event.gen in (None, moment.before.generation):
        return None
    return moment.after == moment.before and moment.effects == (Audit("stale_tick"),)


def the_generation_counts_the_changes_of_the_timer(moment: Moment) -> bool:
    """The generation grows by one exactly when the timer changes, and a timer effect says so."""
    before, after = moment.before, moment.after
    timers = [each for each in moment.effects if isinstance(each, Timer | TimerOff)]
    if before.next_due == after.next_due:
        return after.generation == before.generation and not timers
    wanted = TimerOff(after.generation) if after.next_due is None else Timer(after.next_due, after.generation)
    return after.generation == before.generation + 1 and timers == [wanted]


def an_ended_run_is_silent_for_good(moment: Moment) -> bool | None:
    """A run that a human has ended sends nothing, waits for nothing and never begins again."""
    if moment.before.status not in OVER:
        return moment.after.next_due is None if moment.after.status in OVER else None
    quiet = not moment.sends() and moment.after.next_due is None and not any(isinstance(each, Timer) for each in moment.effects)
    return quiet and moment.after.status in OVER and not (moment.before.status == "closed" and moment.after.status != "closed")


def the_same_run_some_days_later_has_the_same_effects_some_days_later(moment: Moment) -> bool | None:
    """What happens some days later has the same effects some days later."""
    return None if moment.days_later is None else moment.days_later == moment.effects
