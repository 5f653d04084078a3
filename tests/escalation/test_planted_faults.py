"""Each law catches the fault it is there for: a machine broken on purpose, one way at a time."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import field, frozen

from recoverycore.escalation import Audit, Obligation, Send, step
from recoverycore.testing.escalation.faults import (
    add,
    after,
    any_tick,
    by_day_only,
    change,
    deaf,
    drop,
    drop_audit,
    hasty,
    is_debrief,
    louder,
    offer_kept,
    only_once_told,
    overwritten,
    seeing,
    shorter,
    takes,
    with_a_memory_of_its_own,
    without_safety_facts,
)
from recoverycore.testing.escalation.laws import INVARIANTS, LAWS, LEFT_OUT, OWN_WORDS
from tests.escalation.faults import (
    ANSWERED_BY_NOBODY_FOR_LONG,
    EVERYBODY_BARRED,
    NOBODY_ANSWERS,
    OFFERED_AND_GIVEN_BACK,
    STORIES,
    THE_ROSTER_CHANGES,
    TO_THE_END,
    WOKEN_LATE,
    Story,
    sent,
)
from tests.escalation.watcher import SOME_DAYS, Stepping, Watcher
from tests.escalation.world import MINUTE, START, fresh


@frozen
class Fault:
    """What goes wrong, in which story it shows, and the law that is there for it."""

    law: str
    what: str
    machine: Stepping
    story: Story
    settings: dict[str, Any] = field(factory=dict)


def longer(state: Any) -> Any:
    steps = tuple(each.evolve(ack_within=each.ack_within + MINUTE) if each.ack_within else each for each in state.protocol.steps)
    return state.protocol.evolve(steps=steps).to_data()


FAULTS = [
    Fault("a_waiting_run_has_a_timer_a_human_or_its_terminal_step", "forgets its timer", change("tick", next_due=None), NOBODY_ANSWERS),
    Fault("a_waiting_run_has_a_timer_a_human_or_its_terminal_step", "never shows the terminal step",
          change("tick", terminal_shown=False), NOBODY_ANSWERS),
    Fault("without_an_ack_the_chain_ends_in_time", "waits too long", seeing(protocol=longer(fresh())), ANSWERED_BY_NOBODY_FOR_LONG),
    Fault("nobody_is_given_up_before_their_time", "leaves too early", hasty, NOBODY_ANSWERS),
    Fault("a_stage_is_left_early_only_for_a_cause", "takes a note for a decline", takes("note", "decline"), THE_ROSTER_CHANGES),
    Fault("the_stage_that_is_awaited_has_its_full_time", "cuts the time short", after(shorter), NOBODY_ANSWERS),
    Fault("below_the_catch_up_level_a_late_call_gives_up_nobody_it_has_just_asked", "catches up at every level",
          seeing(protocol=fresh(late_catch_up=0).protocol.to_data()), WOKEN_LATE, {"late_catch_up": 5}),
    Fault("an_ack_of_somebody_asked_takes_it", "does not hear a late ack", deaf, TO_THE_END),
    Fault("a_run_that_is_held_is_held_by_somebody", "is held by nobody", change("ack", holders=[]), TO_THE_END),
    Fault("a_holder_said_so_in_person", "takes a receipt for an ack", change("receipt", holders=["ana"], status="held"), TO_THE_END),
    Fault("a_key_is_used_once", "forgets what it sent", seeing(messages={}), NOBODY_ANSWERS),
    Fault("a_repeated_event_does_nothing_again", "forgets what it applied", seeing(applied=[]), TO_THE_END),
    Fault("a_crash_and_the_event_once_more_change_nothing", "has a memory of its own", with_a_memory_of_its_own(), TO_THE_END),
    Fault("a_stale_tick_does_nothing", "takes any tick", any_tick, TO_THE_END),
    Fault("the_generation_counts_the_changes_of_the_timer", "counts each call", change("tick", generation=99), NOBODY_ANSWERS),
    Fault("the_level_falls_only_by_a_permitted_human_with_a_reason", "calms down by itself", change("tick", level=2), NOBODY_ANSWERS),
    Fault("an_ended_run_is_silent_for_good", "sends after the end", add("debrief_done", sent("ana")), TO_THE_END),
    Fault("an_ended_run_is_silent_for_good", "opens again", change("note", status="open"), TO_THE_END),
    Fault("only_a_permitted_human_ends_a_run", "ends when somebody was reached",
          change("contact_made", status="stood_down", accompanied_by=None, debrief_open=True), TO_THE_END),
    Fault("no_message_status_moves_down", "keeps the last receipt", after(overwritten), TO_THE_END),
    Fault("a_message_has_the_highest_status_it_was_told", "keeps the first receipt", after(only_once_told), TO_THE_END),
    Fault("nobody_is_messaged_who_must_not_be", "overlooks the never list", without_safety_facts, EVERYBODY_BARRED),
    Fault("nobody_is_messaged_who_must_not_be", "forgets the silence", seeing(silent=False), EVERYBODY_BARRED),
    Fault("nobody_is_messaged_who_must_not_be", "asks a service without consent", add("tick", sent("mobile", "sms")), EVERYBODY_BARRED),
    Fault("nobody_is_messaged_who_must_not_be", "uses an unsafe channel", add("tick", sent("kit", "sms")), EVERYBODY_BARRED),
    Fault("silence_once_asked_for_is_kept", "is silent for a while", change("tick", silent=False), EVERYBODY_BARRED),
    Fault("only_a_permitted_human_breaks_the_glass", "breaks the glass by itself",
          change("tick", break_glass={"kit": "2026-03-11T00:00:00Z"}), NOBODY_ANSWERS),
    Fault("no_message_says_more_than_it_may", "says the name without consent", after(louder), NOBODY_ANSWERS),
    Fault("a_change_of_facts_leaves_no_run_without_a_next_step", "is lost with the roster",
          change("roster_change", next_due=None, stage=None), THE_ROSTER_CHANGES),
    Fault("everybody_left_out_is_written_down", "leaves out in silence", drop_audit(*LEFT_OUT), EVERYBODY_BARRED),
    Fault("everybody_left_out_of_the_alarm_is_written_down", "gives no alarm to sue", drop_audit("never_contact", subject="sue"),
          EVERYBODY_BARRED),
    Fault("everybody_who_falls_out_is_written_down", "lets a shift end in silence", drop_audit("off_duty"), NOBODY_ANSWERS),
    Fault("everybody_on_duty_who_can_take_it_is_asked", "forgets ana",
          drop(lambda each: isinstance(each, Send) and each.target == "ana"), NOBODY_ANSWERS),
    Fault("somebody_on_the_line_stays_until_released", "hangs up when contact is made",
          change("contact_made", accompanied_by=None), TO_THE_END),
    Fault("no_run_ends_while_somebody_is_on_the_line", "ends on the line", seeing(accompanied_by=None), TO_THE_END),
    Fault("nobody_holds_twice", "counts a holder twice", change("ack", holders=["ana", "ana"]), TO_THE_END),
    Fault("what_is_offered_is_in_the_hands_of_whoever_offers_it", "keeps the offer", after(offer_kept), OFFERED_AND_GIVEN_BACK),
    Fault("each_stand_down_owes_one_debrief", "forgets the debrief", drop(is_debrief), TO_THE_END),
    Fault("each_stand_down_owes_one_debrief", "owes it twice", add("close", Obligation("debrief", "peer", START)), TO_THE_END),
    Fault("no_run_is_closed_before_its_debrief", "closes too soon", seeing(debrief_open=False), TO_THE_END),
    Fault("a_debrief_ends_only_by_being_held_or_declined", "forgets it owes one", change("note", debrief_open=False), TO_THE_END),
    Fault("a_run_keeps_what_it_was_opened_with", "takes a later edition",
          change("tick", protocol=fresh().protocol.evolve(max_chars=100).to_data()), NOBODY_ANSWERS),
    Fault("the_same_run_some_days_later_has_the_same_effects_some_days_later", "sends by day only", by_day_only, NOBODY_ANSWERS),
    Fault("no_effect_holds_what_a_person_wrote", "repeats the reason", add("stand_down", Audit("stood_down", OWN_WORDS)), TO_THE_END),
    Fault("an_effect_holds_ids_and_codes_only", "writes a name", add("ack", Audit("ack", "Ana Lind")), TO_THE_END),
    Fault("an_effect_holds_ids_and_codes_only", "puts a number into the key",
          add("tick", Send("R/1/peers/ana/+44 20 7946 0000/1", "repeat", "C0", "peers", 1, "ana", "app", 1)), NOBODY_ANSWERS),
]  # fmt: skip


def play(story: Story, machine: Stepping = step, **settings: Any) -> set[str]:
    """The laws that `machine` breaks in `story`."""
    watcher = Watcher(fresh(**settings), machine, days_later=fresh(origin=START + SOME_DAYS, **settings))
    return {law for minute, data in story for law in watcher.feed(data, START + minute * MINUTE)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.law}-{fault.what}")
def test_a_law_catches_the_fault_it_is_there_for(fault: Fault) -> None:
    assert fault.law in play(fault.story, fault.machine, **fault.settings)


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
@pytest.mark.parametrize("late_catch_up", [3, 5])
def test_the_machine_itself_breaks_no_law_in_these_stories(story: Story, late_catch_up: int) -> None:
    assert play(story, late_catch_up=late_catch_up) == set()


def test_every_law_has_a_fault_that_it_catches() -> None:
    assert {law.__name__ for law in LAWS} == {fault.law for fault in FAULTS}


def test_every_invariant_has_a_law_and_every_law_stands_once() -> None:
    assert list(INVARIANTS) == [f"E{number}" for number in range(1, 21)]
    assert all(INVARIANTS.values())
    assert len(set(LAWS)) == len(LAWS)


def test_the_stories_reach_their_ends() -> None:
    ends = {}
    for name, story in STORIES.items():
        watcher = Watcher(fresh())
        for minute, data in story:
            watcher.feed(data, START + minute * MINUTE)
        ends[name] = watcher.state.status
    assert ends == {
        "nobody answers": "exhausted",
        "to the end": "closed",
        "everybody barred": "exhausted",
        "woken late": "exhausted",
        "the roster changes": "open",
        "offered and given back": "open",
    }
