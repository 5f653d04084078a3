"""What must hold at every step of every run, as predicates on one moment: the state before, the event, the state after.

Each law is named by what it says. They look facts up for themselves and ask nothing of the code they judge.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from recoverycore.escalation import Audit, Obligation, RunState, Send, Timer, TimerOff
from tests.escalation.moments import Moment
from tests.escalation.world import ROUND

if TYPE_CHECKING:
    from datetime import datetime

OWN_WORDS = "Bluebird is back home"  # what a person wrote: no law lets it out of the event
OVER = ("stood_down", "closed")
RANKS = (
    "queued", "leased", "failed_transient", "handed_over", "accepted", "superseded", "expired", "failed_permanent", "delivered",
    "seen", "answered",
)  # fmt: skip
LEFT_OUT = {
    "never_contact", "no_contact", "unknown_target", "not_qualified", "consent_blocked", "service_closed", "quiet_hours",
    "unsafe_channel", "no_channel",
}  # fmt: skip


Law = Callable[[Moment], bool]


def on_duty(run: RunState, role: str, at: datetime) -> set[str]:
    shifts = run.facts.team.shifts
    return {each.person for each in shifts if each.role == role and each.from_ <= at < each.to}  # type: ignore[operator]  # instants here


def fit(run: RunState, name: str) -> bool:
    """Whether `name` may hold at the level of the run."""
    if (person := run.facts.team.persons.get(name)) is not None:
        return person.max_hold_level >= run.level and bool(set(person.roles) & set(run.protocol.hold_roles))
    return name in run.facts.directory and "service" in run.protocol.hold_roles


def permitted(moment: Moment, target: str) -> bool:
    consent, until = moment.after.facts.consent.get(target), moment.after.break_glass.get(target)
    return (consent is not None and consent.contact == "permit") or (until is not None and moment.now < until)


def a_waiting_run_has_a_timer_a_human_or_its_terminal_step(moment: Moment) -> bool:
    """Whatever happened, a change of consent or roster too, somebody or something comes next."""
    run = moment.after
    ahead = run.next_due is not None and run.next_due > moment.now
    match run.status:
        case "open":
            return ahead
        case "held":
            return bool(run.holders)
        case "exhausted":
            return run.terminal_shown and ahead
        case _:
            return True


def without_an_ack_the_chain_ends_in_time(moment: Moment) -> bool:
    run = moment.after
    if moment.ever_held or moment.timed_by_wall or run.status != "open" or run.activated is None:
        return True
    return moment.now < run.activated + run.protocol.rounds * ROUND + moment.late


def nobody_is_given_up_before_their_time(moment: Moment) -> bool:
    """A stage that stood before the call times out at a deadline that has come."""
    out = [each.subject for each in moment.audits() if each.code == "stage_left:timeout"]
    first = moment.before.entries.get(out[0] or "") if out else None
    if first is None or out[0] not in moment.before.current:
        return True
    due = [entry.deadline for name in moment.before.current if (entry := moment.before.entries[name]).deadline is not None]
    return min(due) <= moment.now


def the_stage_that_is_awaited_has_its_full_time(moment: Moment) -> bool:
    lengths = {step.id: step.ack_within for step in moment.after.protocol.steps if step.asks and step.from_ == "previous"}
    current = [name for name in moment.after.current if name in moment.entered() and moment.after.status == "open"]
    return all(moment.after.entries[name].deadline == moment.now + length for name in current if (length := lengths.get(name)))


def an_ack_of_somebody_asked_takes_it(moment: Moment) -> bool:
    """In a stage of its own that asks for one, early or late: whoever was asked and may hold holds."""
    before, event = moment.before, moment.event
    if event.type != "ack" or event.auto or before.status not in ("open", "exhausted") or event.id in before.applied:
        return True
    by = event.by or ""
    alone = {step.id for step in before.protocol.steps if step.group is None and step.asks and step.quorum == "any"}
    asked = any(by in entry.recipients for name, entry in before.entries.items() if name in alone)
    human = by in before.facts.team.persons or (by in before.facts.directory and event.named_human)
    return not (asked and human and fit(before, by)) or moment.after.status == "held"


def a_holder_said_so_in_person(moment: Moment) -> bool:
    new = set(moment.after.holders) - set(moment.before.holders)
    spoke = moment.event.type in ("ack", "hand_over_confirm") and not moment.event.auto
    return (moment.after.status != "held" or bool(moment.after.holders)) and (not new or (spoke and new == {moment.event.by}))


def a_key_is_used_once(moment: Moment) -> bool:
    keys = [each.key for each in moment.sends()]
    return len(set(keys)) == len(keys) and not set(keys) & set(moment.before.messages)


def a_repeated_event_does_nothing_again(moment: Moment) -> bool:
    if moment.event.id is None or moment.event.id not in moment.before.applied:
        return True
    return moment.after == moment.before and moment.effects == (Audit("duplicate_event", moment.event.id),)


def a_stale_tick_does_nothing(moment: Moment) -> bool:
    if moment.event.type != "tick" or moment.event.gen in (None, moment.before.generation):
        return True
    return moment.after == moment.before and moment.effects == (Audit("stale_tick"),)


def the_generation_counts_the_changes_of_the_timer(moment: Moment) -> bool:
    before, after = moment.before, moment.after
    timers = [each for each in moment.effects if isinstance(each, Timer | TimerOff)]
    if before.next_due == after.next_due:
        return after.generation == before.generation and not timers
    wanted = TimerOff(after.generation) if after.next_due is None else Timer(after.next_due, after.generation)
    return after.generation == before.generation + 1 and timers == [wanted]


def the_level_falls_only_by_a_permitted_human_with_a_reason(moment: Moment) -> bool:
    if moment.after.level >= moment.before.level:
        return True
    event = moment.event
    return event.type == "set_level" and moment.asked_by(moment.before.protocol.stand_down_roles) and bool((event.reason or "").strip())


def an_ended_run_is_silent_for_good(moment: Moment) -> bool:
    if moment.before.status not in OVER:
        return moment.after.status not in OVER or moment.after.next_due is None
    quiet = not moment.sends() and moment.after.next_due is None and not any(isinstance(each, Timer) for each in moment.effects)
    return quiet and moment.after.status in OVER and not (moment.before.status == "closed" and moment.after.status != "closed")


def only_a_permitted_human_ends_a_run(moment: Moment) -> bool:
    if moment.after.status == moment.before.status or moment.after.status not in OVER:
        return True
    wanted = "stand_down" if moment.after.status == "stood_down" else "close"
    return moment.event.type == wanted and moment.asked_by(moment.before.protocol.stand_down_roles)


def no_message_status_moves_down(moment: Moment) -> bool:
    now = moment.after.messages
    return all(key in now and RANKS.index(now[key].status) >= RANKS.index(each.status) for key, each in moment.before.messages.items())


def nobody_is_messaged_who_must_not_be(moment: Moment) -> bool:
    return all(_may_go(moment, each) for each in moment.sends())


def _may_go(moment: Moment, sent: Send) -> bool:
    run, target = moment.after, sent.target
    safety = run.facts.safety
    if target in safety.never_contact:
        return False
    client = target in ("client", run.facts.client.id)
    if client and (run.silent or safety.no_contact):
        return False
    if target in run.facts.contacts or client:
        unsafe = sent.channel in safety.unsafe_channels.get(target, ())
        if unsafe or (safety.dv and sent.channel not in safety.safe_channels.get(target, ())):
            return False
    return target not in {*run.facts.contacts, *run.facts.directory} or permitted(moment, target)


def no_message_says_more_than_it_may(moment: Moment) -> bool:
    run = moment.after
    asked = {step.id: step.message_class or run.protocol.message_class for step in run.protocol.steps}
    for sent in moment.sends():
        consent = run.facts.consent.get(sent.target)
        most = "C0"
        if consent is not None and consent.contact == "permit":
            carries = "C2" if sent.channel in ("app", "in_person") else "C0"
            most = min(consent.max_class, max(carries, consent.channel_class.get(sent.channel, "C0")))
        if sent.content_class > min(most, asked.get(sent.step, "C0")):
            return False
    return True


def everybody_left_out_is_written_down(moment: Moment) -> bool:
    told = {each.subject for each in moment.audits() if each.code in LEFT_OUT | {"nobody_on_duty"}}
    for name in moment.entered():
        step = next(step for step in moment.after.protocol.steps if step.id == name)
        reached = {*moment.after.entries[name].recipients, *moment.after.holders, *moment.before.holders}
        for target in step.targets:
            people = on_duty(moment.after, target.role, moment.now) or {target.role} if target.role else {_id(target)}
            if not people <= told | reached:
                return False
    return True


def _id(target: object) -> str:
    return next((found for kind in ("person", "contact", "service") if (found := getattr(target, kind))), "client")


def everybody_on_duty_who_can_take_it_is_asked(moment: Moment) -> bool:
    run, sent = moment.after, {each.key for each in moment.sends()}
    for name in moment.entered():
        step = next(step for step in run.protocol.steps if step.id == name)
        for role in {target.role for target in step.targets if target.role is not None}:
            for person in on_duty(run, role, moment.now) - {*run.facts.safety.never_contact, *run.holders, *moment.before.holders}:
                known = run.facts.team.persons.get(person)
                able = known is not None and fit(run, person) and set(known.channels) & set(run.protocol.channels)
                if able and run.entries[name].recipients.get(person) not in sent:
                    return False
    return True


def somebody_on_the_line_stays_until_released(moment: Moment) -> bool:
    before, after, event = moment.before, moment.after, moment.event
    if before.accompanied_by is None:
        return True
    if after.status in OVER and before.status not in OVER:
        return False
    if after.accompanied_by == before.accompanied_by:
        return True
    if event.type == "hand_over_confirm":
        return before.offer is not None and before.offer.by == before.accompanied_by and after.accompanied_by == event.by == before.offer.to
    bases = ("client_said_so", "emergency_service_present", "in_care")
    return event.type == "accompany_end" and event.by == before.accompanied_by and event.basis in bases


def nobody_holds_twice(moment: Moment) -> bool:
    holders = moment.after.holders
    return len(set(holders)) == len(holders) and moment.after.owner == (holders[0] if holders else None)


def each_stand_down_owes_one_debrief(moment: Moment) -> bool:
    opened = [each for each in moment.effects if isinstance(each, Obligation) and each.kind == "debrief"]
    ends = moment.after.status == "stood_down" != moment.before.status
    return len(opened) == (1 if ends else 0) and moment.debriefs + len(opened) <= 1 and (moment.after.debrief_open or not ends)


def no_run_is_closed_before_its_debrief(moment: Moment) -> bool:
    return not (moment.after.status == "closed" != moment.before.status and (moment.before.debrief_open or moment.after.debrief_open))


def a_run_keeps_what_it_was_opened_with(moment: Moment) -> bool:
    before, after, kind = moment.before.facts, moment.after.facts, moment.event.type
    kept = ["contacts", "directory", "client"]
    kept += ["team"] if kind != "roster_change" else []
    kept += ["consent", "safety"] if kind != "consent_change" else []
    return moment.before.protocol == moment.after.protocol and all(getattr(before, name) == getattr(after, name) for name in kept)


def no_effect_holds_what_a_person_wrote(moment: Moment) -> bool:
    return OWN_WORDS not in repr(moment.effects) and OWN_WORDS not in repr(moment.after) and OWN_WORDS not in str(moment.after)


LAWS: tuple[Law, ...] = (
    a_waiting_run_has_a_timer_a_human_or_its_terminal_step, without_an_ack_the_chain_ends_in_time,
    nobody_is_given_up_before_their_time, the_stage_that_is_awaited_has_its_full_time, an_ack_of_somebody_asked_takes_it,
    a_holder_said_so_in_person, a_key_is_used_once, a_repeated_event_does_nothing_again, a_stale_tick_does_nothing,
    the_generation_counts_the_changes_of_the_timer, the_level_falls_only_by_a_permitted_human_with_a_reason,
    an_ended_run_is_silent_for_good, only_a_permitted_human_ends_a_run, no_message_status_moves_down,
    nobody_is_messaged_who_must_not_be, no_message_says_more_than_it_may, everybody_left_out_is_written_down,
    everybody_on_duty_who_can_take_it_is_asked, somebody_on_the_line_stays_until_released, nobody_holds_twice,
    each_stand_down_owes_one_debrief, no_run_is_closed_before_its_debrief, a_run_keeps_what_it_was_opened_with,
    no_effect_holds_what_a_person_wrote,
)  # fmt: skip


def broken(moment: Moment) -> list[str]:
    """The names of the laws that this moment breaks."""
    return [law.__name__ for law in LAWS if not law(moment)]
