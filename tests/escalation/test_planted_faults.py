"""Each law catches the fault it is there for: a machine broken on purpose, one way at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from recoverycore.escalation import Audit, Event, Obligation, RunState, Send, step
from recoverycore.escalation.documents import SafetyFact
from recoverycore.escalation.effects import Effect
from tests.escalation.laws import LAWS, LEFT_OUT, OWN_WORDS
from tests.escalation.watcher import Stepping, Watcher
from tests.escalation.world import MINUTE, START, fresh

Result = tuple[RunState, tuple[Effect, ...]]
Story = list[tuple[float, dict[str, Any]]]
Spoil = Callable[[RunState, Event, RunState, tuple[Effect, ...]], Result]

TRIGGER = (0, {"type": "trigger", "id": "e0", "kind": "code_word"})
ASK_OF_ANA = "R/1/peers/ana/app/1"
NOBODY_ANSWERS: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 5, 10, 18, 28, 29))]
ANSWERED_BY_NOBODY_FOR_LONG: Story = [TRIGGER, *((minute, {"type": "tick"}) for minute in (2, 3, 4, 6, 12, 21, 28))]
TO_THE_END: Story = [
    TRIGGER,
    (1, {"type": "receipt", "id": "e1", "key": ASK_OF_ANA, "status": "seen"}),
    (1.5, {"type": "receipt", "id": "e2", "key": ASK_OF_ANA, "status": "delivered"}),
    (5, {"type": "tick"}),
    (5.5, {"type": "tick", "gen": -1}),
    (6, {"type": "ack", "id": "e3", "by": "ana"}),
    (6.5, {"type": "ack", "id": "e3", "by": "ana"}),
    (7, {"type": "accompany_start", "id": "e4", "by": "ana"}),
    (8, {"type": "stand_down", "id": "e5", "by": "sue", "reason": OWN_WORDS}),
    (9, {"type": "accompany_end", "id": "e6", "by": "ana", "basis": "client_said_so"}),
    (9, {"type": "contact_made", "id": "e7", "by": "ana"}),
    (10, {"type": "stand_down", "id": "e8", "by": "sue", "reason": OWN_WORDS}),
    (11, {"type": "close", "id": "e9", "by": "sue"}),
    (12, {"type": "debrief_done", "id": "e10", "by": "sue", "outcome": "done"}),
    (13, {"type": "close", "id": "e11", "by": "sue"}),
    (14, {"type": "receipt", "id": "e12", "key": ASK_OF_ANA, "status": "answered"}),
]
EVERYBODY_BARRED: Story = [
    (0, {"type": "consent_change", "id": "e0", "safety": {"never_contact": ["ana"], "unsafe_channels": {"kit": ["sms"]}},
         "consent": {"mobile": {"contact": "deny"}, "kit": {"contact": "permit"}}}),
    (0, {"type": "trigger", "id": "e1", "kind": "code_word", "silent": True}),
    *((minute, {"type": "tick"}) for minute in (5, 10, 18, 28)),
]  # fmt: skip


def play(story: Story, machine: Stepping = step) -> set[str]:
    """The laws that `machine` breaks in `story`."""
    watcher = Watcher(fresh(), machine)
    return {law for minute, data in story for law in watcher.feed(data, START + minute * MINUTE)}


def after(spoil: Spoil) -> Stepping:
    """The machine with a fault in what comes out of it."""

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        return spoil(state, event, *step(state, event, now))

    return faulty


def seeing(**wrong: Any) -> Stepping:
    """The machine with a fault in what it looks at: it takes these fields of the run to be other than they are."""

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        made, effects = step(evolve(state, **wrong), event, now)
        return evolve(made, **{name: getattr(state, name) for name in wrong if getattr(made, name) == wrong[name]}), effects

    return faulty


def with_facts(**wrong: Any) -> Stepping:
    """The machine that overlooks some facts beside the protocol."""

    def faulty(state: RunState, event: Event, now: datetime) -> Result:
        made, effects = step(evolve(state, facts=state.facts.model_copy(update=wrong)), event, now)
        return evolve(made, facts=state.facts), effects

    def only_ticks(state: RunState, event: Event, now: datetime) -> Result:
        return (faulty if event.type in ("tick", "trigger") else step)(state, event, now)

    return only_ticks


def slow(state: RunState, event: Event, now: datetime) -> Result:
    """Every step waits a minute longer than its protocol says."""
    steps = tuple(each.evolve(ack_within=each.ack_within + MINUTE) if each.ack_within else each for each in state.protocol.steps)
    made, effects = step(evolve(state, protocol=state.protocol.evolve(steps=steps)), event, now)
    return evolve(made, protocol=state.protocol), effects


def hasty(state: RunState, event: Event, now: datetime) -> Result:
    """A stage is left two minutes before its deadline."""
    entries = {name: evolve(each, deadline=each.deadline and each.deadline - 2 * MINUTE) for name, each in state.entries.items()}
    return step(evolve(state, entries=entries), event, now)


def deaf(state: RunState, event: Event, now: datetime) -> Result:
    """Acks are not heard once the stage moved on."""
    return (state, ()) if event.type == "ack" and state.stage else step(state, event, now)


def any_tick(state: RunState, event: Event, now: datetime) -> Result:
    """The generation of a tick is not looked at."""
    return step(state, event.evolve(gen=None) if event.type == "tick" else event, now)


def shorter(state: RunState, _: Event, made: RunState, effects: tuple[Effect, ...]) -> Result:
    entries = {
        name: each if name in state.entries or each.deadline is None else evolve(each, deadline=each.deadline - MINUTE)
        for name, each in made.entries.items()
    }
    return evolve(made, entries=entries), effects


def change(**wrong: Any) -> Callable[[str], Stepping]:
    """At events of one type, the state that comes out has these fields."""

    def at(kind: str) -> Stepping:
        return after(lambda _, event, made, effects: (evolve(made, **wrong) if event.type == kind else made, effects))

    return at


def add(kind: str, *more: Effect) -> Stepping:
    """At events of one type there are effects too many."""
    return after(lambda _, event, made, effects: (made, (*effects, *more) if event.type == kind else effects))


def drop(unwanted: Callable[[Effect], bool]) -> Stepping:
    """Some effects are lost."""
    return after(lambda _, __, made, effects: (made, tuple(each for each in effects if not unwanted(each))))


def overwritten(_: RunState, event: Event, made: RunState, effects: tuple[Effect, ...]) -> Result:
    if event.type != "receipt" or event.key not in made.messages:
        return made, effects
    message = evolve(made.messages[event.key], status=event.status)
    return evolve(made, messages={**made.messages, event.key: message}), effects


def louder(_: RunState, __: Event, made: RunState, effects: tuple[Effect, ...]) -> Result:
    return made, tuple(
        Send(e.key, e.kind, "C1", e.step, e.round, e.target, e.channel, e.attempt) if isinstance(e, Send) else e for e in effects
    )


def sent(target: str, channel: str = "app") -> Send:
    return Send(f"R/1/x/{target}/{channel}/1", "inform", "C0", "x", 1, target, channel, 1)


def is_debrief(effect: Effect) -> bool:
    return isinstance(effect, Obligation) and effect.kind == "debrief"


FAULTS: list[tuple[str, str, Stepping, Story]] = [
    ("a_waiting_run_has_a_timer_a_human_or_its_terminal_step", "forgets its timer", change(next_due=None)("tick"), NOBODY_ANSWERS),
    ("a_waiting_run_has_a_timer_a_human_or_its_terminal_step", "holds by nobody", change(holders=[])("ack"), TO_THE_END),
    ("without_an_ack_the_chain_ends_in_time", "waits too long", slow, ANSWERED_BY_NOBODY_FOR_LONG),
    ("nobody_is_given_up_before_their_time", "leaves too early", hasty, NOBODY_ANSWERS),
    ("the_stage_that_is_awaited_has_its_full_time", "cuts the time short", after(shorter), NOBODY_ANSWERS),
    ("an_ack_of_somebody_asked_takes_it", "does not hear a late ack", deaf, TO_THE_END),
    ("a_holder_said_so_in_person", "takes a receipt for an ack", change(holders=["ana"], status="held")("receipt"), TO_THE_END),
    ("a_holder_said_so_in_person", "holds by nobody", change(status="held")("tick"), NOBODY_ANSWERS),
    ("a_key_is_used_once", "sends a key again", add("tick", sent("ana"), sent("ana")), NOBODY_ANSWERS),
    ("a_repeated_event_does_nothing_again", "forgets what it applied", seeing(applied=[]), TO_THE_END),
    ("a_stale_tick_does_nothing", "takes any tick", any_tick, TO_THE_END),
    ("the_generation_counts_the_changes_of_the_timer", "counts each call", change(generation=99)("tick"), NOBODY_ANSWERS),
    ("the_level_falls_only_by_a_permitted_human_with_a_reason", "calms down by itself", change(level=2)("tick"), NOBODY_ANSWERS),
    ("an_ended_run_is_silent_for_good", "sends after the end", add("debrief_done", sent("ana")), TO_THE_END),
    ("an_ended_run_is_silent_for_good", "opens again", change(status="open")("receipt"), TO_THE_END),
    ("only_a_permitted_human_ends_a_run", "ends when somebody was reached", change(status="stood_down")("contact_made"), TO_THE_END),
    ("no_message_status_moves_down", "keeps the last receipt", after(overwritten), TO_THE_END),
    ("nobody_is_messaged_who_must_not_be", "overlooks the never list", with_facts(safety=SafetyFact()), EVERYBODY_BARRED),
    ("nobody_is_messaged_who_must_not_be", "forgets the silence", seeing(silent=False), EVERYBODY_BARRED),
    ("nobody_is_messaged_who_must_not_be", "asks a service without consent", add("tick", sent("mobile", "sms")), EVERYBODY_BARRED),
    ("nobody_is_messaged_who_must_not_be", "uses an unsafe channel", add("tick", sent("kit", "sms")), EVERYBODY_BARRED),
    ("no_message_says_more_than_it_may", "says the name without consent", after(louder), NOBODY_ANSWERS),
    ("everybody_left_out_is_written_down", "leaves out in silence",
     drop(lambda each: isinstance(each, Audit) and each.code in LEFT_OUT), EVERYBODY_BARRED),
    ("everybody_on_duty_who_can_take_it_is_asked", "forgets ana",
     drop(lambda each: isinstance(each, Send) and each.target == "ana"), NOBODY_ANSWERS),
    ("somebody_on_the_line_stays_until_released", "ends on the line", seeing(accompanied_by=None), TO_THE_END),
    ("nobody_holds_twice", "counts a holder twice", change(holders=["ana", "ana"])("ack"), TO_THE_END),
    ("each_stand_down_owes_one_debrief", "forgets the debrief", drop(is_debrief), TO_THE_END),
    ("each_stand_down_owes_one_debrief", "owes it twice", add("close", Obligation("debrief", "peer", START)), TO_THE_END),
    ("no_run_is_closed_before_its_debrief", "closes too soon", seeing(debrief_open=False), TO_THE_END),
    ("a_run_keeps_what_it_was_opened_with", "takes a later edition", change(protocol=fresh(rounds=2).protocol)("tick"), NOBODY_ANSWERS),
    ("no_effect_holds_what_a_person_wrote", "repeats the reason", add("stand_down", Audit("stood_down", OWN_WORDS)), TO_THE_END),
]  # fmt: skip


@pytest.mark.parametrize(("law", "machine", "story"), [row[:1] + row[2:] for row in FAULTS], ids=[f"{row[0]}-{row[1]}" for row in FAULTS])
def test_a_law_catches_the_fault_it_is_there_for(law: str, machine: Stepping, story: Story) -> None:
    assert law in play(story, machine)


@pytest.mark.parametrize("story", [NOBODY_ANSWERS, TO_THE_END, EVERYBODY_BARRED])
def test_the_machine_itself_breaks_no_law_in_these_stories(story: Story) -> None:
    assert play(story) == set()


def test_every_law_has_a_fault_that_it_catches() -> None:
    assert {law.__name__ for law in LAWS} == {row[0] for row in FAULTS}


def test_the_stories_reach_their_ends() -> None:
    ends = []
    for story in (NOBODY_ANSWERS, TO_THE_END, EVERYBODY_BARRED):
        watcher = Watcher(fresh())
        for minute, data in story:
            watcher.feed(data, START + timedelta(minutes=minute))
        ends.append(watcher.state.status)
    assert ends == ["exhausted", "closed", "exhausted"]
