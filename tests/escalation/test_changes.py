"""What changes while a run is under way: roster, consent, safety facts, channels that fail, and where the chain goes then."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore.escalation import Audit, RunState, Terminal
from tests.escalation.play import Play
from tests.escalation.world import changed, fresh, team, with_steps

ASKED = "R/1/peers/ana/app/1"


def on_shift(*people: str, **persons: dict[str, Any]) -> dict[str, Any]:
    """A team in which only `people` are on duty, as peers."""
    full = team()
    shift = {"role": "peer", "from": "2026-03-10T14:00:00Z", "to": "2026-03-12T00:00:00Z"}
    return {"persons": {**full["persons"], **persons}, "shifts": [{**shift, "person": person} for person in people]}


# -- roster -------------------------------------------------------------------------------------------------------------
def test_somebody_who_comes_on_duty_while_the_stage_waits_is_asked() -> None:
    play = Play().trigger().at(1, "roster_change", team=on_shift("ana", "ben", "eli", eli={"roles": ["peer"], "channels": ["sms"]}))
    assert (play.told, play.sent) == ([("added", "eli")], [("ask", "eli", "sms")])


def test_each_of_two_people_left_out_for_the_same_reason_is_written_down() -> None:
    low = {"roles": ["peer"], "channels": ["sms"], "max_hold_level": 2}
    play = Play().trigger().at(1, "roster_change", team=on_shift("ana", "ben", "eli", eli=low))
    play.at(2, "roster_change", team=on_shift("ana", "ben", "eli", "fay", eli=low, fay=low))
    assert play.told == [("not_qualified", "fay")]


def test_a_volunteer_who_comes_on_duty_counts_in_the_stage_and_gets_no_message() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="cara").at(2, "ack", by="ana")
    assert play.state.status == "open"
    play.at(3, "roster_change", team=on_shift("ana", "ben", "cara"))
    assert (play.state.status, play.state.holders) == ("held", ["cara", "ana"])
    assert "cara" not in [target for kind, target, _ in play.sent if kind == "ask"]


def test_off_duty_ends_no_hold_and_leaving_the_team_does() -> None:
    play = Play().trigger().at(1, "ack", by="ana")
    assert play.at(2, "roster_change", team=team("no peers")).state.status == "held"
    play.at(3, "roster_change", team=team("ana gone"))
    assert ("holder_left", "ana") in play.told
    assert (play.state.status, play.state.current) == ("open", ("manager",))


def test_an_ack_of_somebody_whose_shift_ended_still_counts() -> None:
    play = Play().trigger().at(3, "tick")
    assert play.told == [("off_duty", "ben")]
    assert play.at(4, "ack", by="ben").state.status == "held"


def test_with_nobody_left_the_stage_is_left_at_once() -> None:
    play = Play().trigger().at(1, "roster_change", team=team("no peers"))
    assert ("stage_left:no_recipient", "peers") in play.told
    assert play.state.current == ("manager",)


# -- consent and safety -------------------------------------------------------------------------------------------------
def test_a_message_that_waits_is_taken_back_when_consent_is() -> None:
    play = Play(with_steps(peers={"targets": [{"role": "peer"}, {"service": "mobile"}]})).trigger()
    key = "R/1/peers/mobile/sms/1"
    play.at(1, "consent_change", consent={"mobile": {"contact": "deny"}})
    assert play.state.messages[key].status == "superseded"
    assert ("consent_blocked", "mobile") in play.told


def test_a_message_that_was_handed_over_is_not_taken_back() -> None:
    play = Play().trigger().at(1, "receipt", key=ASKED, status="handed_over").at(2, "consent_change", safety={"never_contact": ["ana"]})
    assert play.state.messages[ASKED].status == "handed_over"
    assert ("never_contact", "ana") in play.told


def test_a_message_that_says_too_much_now_is_sent_anew_and_says_less() -> None:
    state = fresh()
    play = Play(state).at(0, "consent_change", consent={"ana": {"contact": "permit", "max_class": "C1"}}).trigger()
    assert play.state.messages[ASKED].content_class == "C1"
    play.at(1, "consent_change", consent={"ana": {"contact": "unknown"}})
    assert play.sent == [("ask", "ana", "app")]
    again = play.state.messages["R/1/peers/ana/app/2"]
    assert (again.content_class, play.state.messages[ASKED].status) == ("C0", "superseded")


def test_a_silent_trigger_takes_back_what_waits_for_the_client_and_stays_silent() -> None:
    play = Play(with_steps(peers={"targets": [{"role": "peer"}, {"client": True}]})).trigger()
    play.trigger(1, silent=True).trigger(2)
    assert play.state.silent
    assert play.state.messages["R/1/peers/client/app/1"].status == "superseded"


def test_a_reminder_is_not_sent_to_somebody_who_is_barred_by_now_and_says_so() -> None:
    quiet = {"from": "11:01", "to": "12:00", "zone": "America/New_York"}
    state = with_steps(peers={"targets": [{"person": "dev"}, {"role": "peer"}]})
    play = Play(changed(state, quiet_override_level=4))
    low = team()
    low["persons"]["dev"]["quiet"] = quiet
    play.at(0, "roster_change", team=low).trigger()
    assert ("ask", "dev", "app") in play.sent
    play.at(2, "tick")
    assert ("quiet_hours", "dev") in play.told
    assert sorted(target for kind, target, _ in play.sent if kind == "repeat") == ["ana", "ben"]


# -- channels that fail -------------------------------------------------------------------------------------------------
def test_a_message_that_failed_goes_out_at_once_on_the_next_channel() -> None:
    play = Play().trigger().at(1, "receipt", key=ASKED, status="failed_permanent")
    assert (play.sent, play.told) == ([("ask", "ana", "sms")], [("fallback", "ana")])


def test_a_failure_told_twice_sends_once() -> None:
    play = Play().trigger().at(1, "receipt", key=ASKED, status="failed_permanent").at(2, "receipt", key=ASKED, status="failed_permanent")
    assert play.sent == [("repeat", "ana", "sms"), ("repeat", "ben", "app")]


def test_with_no_channel_left_somebody_is_unreachable_and_with_nobody_left_the_stage_is_over() -> None:
    play = Play().at(0, "roster_change", team=on_shift("ana")).trigger()
    play.at(1, "receipt", key=ASKED, status="expired").at(1, "receipt", key="R/1/peers/ana/sms/2", status="failed_permanent")
    assert ("unreachable", "ana") in play.told
    assert ("stage_left:unreachable", "peers") in play.told


def test_a_passing_failure_changes_nothing() -> None:
    assert Play().trigger().at(1, "receipt", key=ASKED, status="failed_transient").effects == ()


# -- the chain ----------------------------------------------------------------------------------------------------------
def test_a_jump_back_to_a_stage_of_this_round_ends_the_chain_and_is_reported() -> None:
    play = Play(with_steps(manager={"jump": [{"to": "peers"}]})).trigger().at(5, "tick").at(10, "tick")
    assert ("cycle_broken", "peers") in play.told
    assert (play.state.status, play.owed) == ("exhausted", ["protocol_defect", "exhausted_review"])


def test_a_jump_to_the_terminal_step_skips_the_other_rounds() -> None:
    play = Play(changed(with_steps(peers={"jump": [{"on": ["timeout"], "to": "end"}]}), rounds=3)).trigger().at(5, "tick")
    assert (play.state.status, play.state.round) == ("exhausted", 1)


def test_rounds_that_take_no_time_are_not_run_again() -> None:
    play = Play(fresh(rounds=3)).at(0, "roster_change", team=team("empty"))
    play.at(0, "consent_change", consent={"mobile": {"contact": "deny"}}).trigger()
    assert (play.state.status, play.state.round) == ("exhausted", 1)


def test_the_alarm_goes_out_on_every_channel_and_again_until_somebody_holds() -> None:
    play = Play(with_steps(peers={"jump": [{"to": "end"}]})).trigger().at(5, "tick")
    assert play.sent == [("alarm", "sue", "sms"), ("alarm", "sue", "voice")]
    assert play.at(15, "tick").sent == play.at(25, "tick").sent
    assert play.at(26, "ack", by="ana").state.realarm_due is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"safety": {"never_contact": ["sue"]}}, ("never_contact", "sue")),
        ({"team": team("empty")}, ("nobody_on_duty", "supervisor")),
        ({"team": {**team(), "persons": {}}}, ("unknown_target", "sue")),
        ({"team": {**team(), "persons": {"sue": {"roles": ["supervisor"]}}}}, ("no_channel", "sue")),
    ],
)
def test_whom_an_alarm_does_not_reach_is_written_down(change: dict[str, Any], told: tuple[str, str]) -> None:
    kind = "roster_change" if "team" in change else "consent_change"
    play = Play(with_steps(peers={"jump": [{"to": "end"}]})).at(0, kind, **change).trigger()
    seen, sent = play.told, play.sent
    play.at(5, "tick")
    assert told in (*seen, *play.told)
    assert not [each for each in (*sent, *play.sent) if each[0] == "alarm"]


def test_level_four_shows_the_terminal_step_at_once_and_again_at_the_end() -> None:
    play = Play().trigger(level=4)
    assert [each.phase for each in play.effects if isinstance(each, Terminal)] == ["start"]
    assert Play().trigger().at(1, "set_level", level=4).state.terminal_shown


def late(level: int) -> RunState:
    return fresh(late_catch_up=level)


def test_a_late_wake_up_asks_everybody_who_was_missed_and_runs_the_last_clock_in_full() -> None:
    play = Play(late(3)).trigger().at(12, "tick")
    assert [told for told in play.told if told[0] == "stage_entered"] == [("stage_entered", "manager"), ("stage_entered", "on_call")]
    assert [each.minutes for each in play.effects if isinstance(each, Audit) and each.code == "late_step"] == [7, 2]
    assert play.at(19, "tick").state.current == ("on_call", "told")
    assert play.at(20, "tick").state.current == ("outside",)


def test_below_the_catch_up_level_only_the_next_stage_follows() -> None:
    play = Play(late(4)).trigger().at(12, "tick")
    assert play.state.current == ("manager",)
    assert play.at(16.9, "tick").state.current == ("manager",)
