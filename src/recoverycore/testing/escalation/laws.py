"""What must hold at every step of every run, as predicates on one moment: the state before, the event, the state after.

Each law is named by what it says. The laws look facts up for themselves and ask nothing of the code they judge.
"""

from __future__ import annotations

from collections.abc import Callable

from recoverycore.testing.escalation import laws_of_messages as messages
from recoverycore.testing.escalation import laws_of_people as people
from recoverycore.testing.escalation import laws_of_time as time
from recoverycore.testing.escalation.laws_of_messages import LEFT_OUT, RANKS
from recoverycore.testing.escalation.moments import OWN_WORDS, Moment

__all__ = ["INVARIANTS", "LAWS", "LEFT_OUT", "OWN_WORDS", "RANKS", "Law", "judge"]

Law = Callable[[Moment], bool | None]

INVARIANTS: dict[str, tuple[Law, ...]] = {
    "E1": (time.a_waiting_run_has_a_timer_a_human_or_its_terminal_step,),
    "E2": (time.without_an_ack_the_chain_ends_in_time,),
    "E3": (
        time.nobody_is_given_up_before_their_time,
        time.a_stage_is_left_early_only_for_a_cause,
        time.the_stage_that_is_awaited_has_its_full_time,
        time.below_the_catch_up_level_a_late_call_gives_up_nobody_it_has_just_asked,
        time.an_ack_of_somebody_asked_takes_it,
    ),
    "E4": (people.a_run_that_is_held_is_held_by_somebody, people.a_holder_said_so_in_person),
    "E5": (
        messages.a_key_is_used_once,
        messages.a_repeated_event_does_nothing_again,
        messages.a_crash_and_the_event_once_more_change_nothing,
    ),
    "E6": (time.a_stale_tick_does_nothing, time.the_generation_counts_the_changes_of_the_timer),
    "E7": (people.the_level_falls_only_by_a_permitted_human_with_a_reason,),
    "E8": (time.an_ended_run_is_silent_for_good, people.only_a_permitted_human_ends_a_run),
    "E9": (messages.no_message_status_moves_down, messages.a_message_has_the_highest_status_it_was_told),
    "E10": (
        messages.nobody_is_messaged_who_must_not_be,
        messages.silence_once_asked_for_is_kept,
        people.only_a_permitted_human_breaks_the_glass,
    ),
    "E11": (messages.no_message_says_more_than_it_may,),
    "E12": (time.a_change_of_facts_leaves_no_run_without_a_next_step,),
    "E13": (
        messages.everybody_left_out_is_written_down,
        messages.everybody_left_out_of_the_alarm_is_written_down,
        messages.everybody_who_falls_out_is_written_down,
    ),
    "E14": (messages.everybody_on_duty_who_can_take_it_is_asked,),
    "E15": (people.somebody_on_the_line_stays_until_released, people.no_run_ends_while_somebody_is_on_the_line),
    "E16": (people.nobody_holds_twice, people.what_is_offered_is_in_the_hands_of_whoever_offers_it),
    "E17": (
        people.each_stand_down_owes_one_debrief,
        people.no_run_is_closed_before_its_debrief,
        people.a_debrief_ends_only_by_being_held_or_declined,
    ),
    "E18": (messages.a_run_keeps_what_it_was_opened_with,),
    "E19": (time.the_same_run_some_days_later_has_the_same_effects_some_days_later,),
    "E20": (messages.no_effect_holds_what_a_person_wrote, messages.an_effect_holds_ids_and_codes_only),
}
"""The invariants of the escalation rules by their numbers there, each with the laws that say it."""

LAWS: tuple[Law, ...] = tuple(law for laws in INVARIANTS.values() for law in laws)


def judge(moment: Moment) -> tuple[list[str], list[str]]:
    """The names of the laws that this moment breaks, and of those that had something to judge in it."""
    verdicts = {law.__name__: law(moment) for law in LAWS}
    return [name for name, kept in verdicts.items() if kept is False], [name for name, kept in verdicts.items() if kept is not None]
