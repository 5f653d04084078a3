"""The laws about what is sent, to whom, how much it says, and what is written down (E5, E9-E11, E13, E14, E18, E20)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import astuple

from recoverycore.escalation import Audit, Cancel, Send, Terminal
from recoverycore.testing.escalation.moments import OWN_WORDS, fit, on_duty, permitted

if TYPE_CHECKING:
    from recoverycore.escalation.steps import Target
    from recoverycore.testing.escalation.moments import Moment

RANKS = (
    "queued", "leased", "failed_transient", "handed_over", "accepted", "superseded", "expired", "failed_permanent", "delivered",
    "seen", "answered",
)  # fmt: skip
LEFT_OUT = {
    "never_contact", "no_contact", "unknown_target", "not_qualified", "consent_blocked", "service_closed", "quiet_hours",
    "unsafe_channel", "no_channel",
}  # fmt: skip
_PARTS_OF_A_KEY = 6
CODE = re.compile("[a-z_]+(:[a-z_]+)?|C[012]")


def a_key_is_used_once(moment: Moment) -> bool | None:
    """No two messages of a run have the same key."""
    keys = [each.key for each in moment.sends()]
    return len(set(keys)) == len(keys) and not set(keys) & moment.sent_before if keys else None


def a_repeated_event_does_nothing_again(moment: Moment) -> bool | None:
    """An event that comes again does nothing but say so."""
    if not moment.repeated:
        return None
    return moment.after == moment.before and moment.effects == (Audit("duplicate_event", moment.event.id),)


def a_crash_and_the_event_once_more_change_nothing(moment: Moment) -> bool | None:
    """Equal state and event give equal effects, when the state was saved and read in between, too."""
    return None if moment.again is None else moment.again == (moment.after, moment.effects)


def no_message_status_moves_down(moment: Moment) -> bool | None:
    """What is known of a message is never taken back."""
    now, was = moment.after.messages, moment.before.messages
    return all(key in now and RANKS.index(now[key].status) >= RANKS.index(each.status) for key, each in was.items()) if was else None


def a_message_has_the_highest_status_it_was_told(moment: Moment) -> bool | None:
    """The join of everything that came, so that the order does not matter; an answer is the answer to what that person was sent."""
    if not moment.before.messages or moment.repeated:
        return None
    if not set(moment.before.messages) <= set(moment.after.messages):
        return False
    event, taken_back = moment.event, {each.key for each in moment.effects if isinstance(each, Cancel)}
    for key, was in moment.before.messages.items():
        found = [was.status]
        if event.type == "receipt" and event.key == key:
            found.append("seen" if event.status == "answered" and not event.human else event.status or "queued")
        if key in taken_back:
            found.append("superseded")
        now = moment.after.messages[key].status
        answered = now == "answered" and was.target == event.by and event.type in ("ack", "decline", "un_ack", "hand_over_confirm")
        if now != max(found, key=RANKS.index) and not answered:
            return False
    return True


def nobody_is_messaged_who_must_not_be(moment: Moment) -> bool | None:
    """Nobody is messaged whom a never-list, silence, consent or an unsafe channel forbids."""
    return all(_may_go(moment, each) for each in moment.sends()) if moment.sends() else None


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


def silence_once_asked_for_is_kept(moment: Moment) -> bool | None:
    """A trigger that asks not to be answered visibly is never forgotten."""
    asked = moment.before.silent or (moment.event.type == "trigger" and moment.event.silent and moment.before.status == "new")
    return moment.after.silent if asked and moment.after.status != "new" else None


def no_message_says_more_than_it_may(moment: Moment) -> bool | None:
    """No message says more than its step, consent and its channel allow."""
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
    return True if moment.sends() else None


def everybody_left_out_is_written_down(moment: Moment) -> bool | None:
    """Whoever a stage leaves out is written down with the reason."""
    told = {each.subject for each in moment.audits() if each.code in LEFT_OUT | {"nobody_on_duty"}}
    for name in moment.entered():
        step = next(step for step in moment.after.protocol.steps if step.id == name)
        reached = {*moment.after.entries[name].recipients, *moment.after.holders, *moment.before.holders}
        for target in step.targets:
            people = on_duty(moment.after, target.role, moment.now) or {target.role} if target.role else {_id(target)}
            if not people <= told | reached:
                return False
    return True if moment.entered() else None


def _id(target: Target) -> str:
    return next((found for kind in ("person", "contact", "service") if (found := getattr(target, kind))), "client")


def everybody_left_out_of_the_alarm_is_written_down(moment: Moment) -> bool | None:
    """Whoever the alarm leaves out is written down."""
    if not any(isinstance(each, Terminal) and each.phase == "final" for each in moment.effects):
        return None
    run = moment.after
    reached = {each.target for each in moment.sends() if each.step == "alarm"} | {*run.holders} | moment.told()
    return all(on_duty(run, role, moment.now) <= reached for role in run.protocol.exhausted.alarm_roles)


def everybody_who_falls_out_is_written_down(moment: Moment) -> bool | None:
    """Whoever was asked and is no longer awaited: barred, off duty, or out of reach."""
    out = set()
    for name, entry in moment.after.entries.items():
        was = moment.before.entries.get(name)
        if was is not None and was.entered == entry.entered:
            for kind in ("excluded", "off_duty", "unreachable"):
                out |= set(getattr(entry, kind)) - set(getattr(was, kind))
    return out <= moment.told() if out else None


def everybody_on_duty_who_can_take_it_is_asked(moment: Moment) -> bool | None:
    """Everybody on duty who may hold it and can be reached is asked, whatever consent says."""
    run, sent = moment.after, {each.key for each in moment.sends()}
    judged = False
    for name in moment.entered():
        step = next(step for step in run.protocol.steps if step.id == name)
        for role in {target.role for target in step.targets if target.role is not None}:
            for person in on_duty(run, role, moment.now) - {*run.facts.safety.never_contact, *run.holders, *moment.before.holders}:
                known = run.facts.team.persons.get(person)
                if known is None or not fit(run, person) or not set(known.channels) & set(step.channels or run.protocol.channels):
                    continue
                judged = True
                if run.entries[name].recipients.get(person) not in sent:
                    return False
    return True if judged else None


def a_run_keeps_what_it_was_opened_with(moment: Moment) -> bool:
    """A later edition of a protocol, plan or directory changes no run that has begun."""
    opened, before, after, kind = moment.opened, moment.before.facts, moment.after.facts, moment.event.type
    pinned = all(getattr(opened.facts, name) == getattr(after, name) for name in ("contacts", "directory", "client"))
    live = [*(["team"] if kind != "roster_change" else []), *(["consent", "safety"] if kind != "consent_change" else [])]
    return pinned and opened.protocol == moment.after.protocol and all(getattr(before, name) == getattr(after, name) for name in live)


def no_effect_holds_what_a_person_wrote(moment: Moment) -> bool:
    """What a person wrote stands in no effect, error, repr or record."""
    said = [repr(moment.effects), repr(moment.after), repr(moment.event), str(moment.event), moment.saved]
    return not any(OWN_WORDS in each for each in said)


def an_effect_holds_ids_and_codes_only(moment: Moment) -> bool | None:
    """Effects hold ids and codes only."""
    if not moment.effects:
        return None
    known = _ids(moment)
    words = [value for each in moment.effects for value in astuple(each, recurse=False) if isinstance(value, str)]
    return all(word in known or CODE.fullmatch(word) or _is_key(moment, word) for word in words)


def _ids(moment: Moment) -> set[str | None]:
    protocol, event = moment.opened.protocol, moment.event
    ids: set[str | None] = {event.id, event.by, event.to, event.target}
    for run in (moment.opened, moment.before, moment.after):
        facts = run.facts
        ids |= {*facts.team.persons, *facts.contacts, *facts.directory, facts.client.id, *(shift.role for shift in facts.team.shifts)}
    return ids | {step.id for step in protocol.steps} | {*protocol.channels}


def _is_key(moment: Moment, word: str) -> bool:
    """Whether `word` is made of the run, a round, a step, a target, a channel and an attempt, and of nothing else."""
    parts, known = word.split("/"), _ids(moment)
    if len(parts) != _PARTS_OF_A_KEY:
        return False
    run, number, *names, attempt = parts
    named = all(name in known or CODE.fullmatch(name) for name in names)
    return named and run == moment.opened.run and number.isdigit() and attempt.isdigit()
