"""What people do to a run, one act at a time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.escalation.play import Play
from tests.escalation.world import fresh, with_steps


def exhausted() -> Play:
    play = Play().trigger()
    for minute in (5, 10, 18, 28):
        play.at(minute, "tick")
    assert play.state.status == "exhausted"
    return play


# -- acks and declines --------------------------------------------------------------------------------------------------
def test_any_eligible_person_takes_an_exhausted_run_alone() -> None:
    assert exhausted().at(30, "ack", by="cara").state.owner == "cara"


def test_a_partial_holder_takes_an_exhausted_run_by_saying_so_again() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana")
    for minute in (3, 5, 10, 18, 28):
        play.at(minute, "tick")
    assert (play.state.status, play.state.holders) == ("exhausted", ["ana"])
    assert play.at(29, "ack", by="ana").state.status == "held"


def test_two_acks_that_are_asked_for_are_two_acks() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana")
    assert (play.state.status, play.state.holders) == ("open", ["ana"])
    play.at(2, "ack", by="ben")
    assert (play.state.status, play.state.holders) == ("held", ["ana", "ben"])


@pytest.mark.parametrize(("roles", "status"), [({"peer": 1}, "held"), ({"peer": 2}, "open"), ({"peer": 1, "clinician": 1}, "open")])
def test_a_quorum_by_role_counts_each_role_of_each_person(roles: dict[str, int], status: str) -> None:
    people = [{"role": "peer"}, {"person": "dev"}]
    play = Play(with_steps(peers={"targets": people, "quorum": {"roles": roles}})).trigger().at(1, "ack", by="ana")
    assert play.state.status == status


def test_an_ack_after_a_decline_undoes_it() -> None:
    play = Play(fresh(quorum="all")).trigger().at(1, "decline", by="ana").at(2, "ack", by="ana")
    assert "ana" not in play.state.declined


def test_an_ack_undoes_an_earlier_decline_so_that_the_next_hold_may_remind_them() -> None:
    play = Play().trigger().at(1, "decline", by="ana").at(2, "ack", by="ana")
    assert (play.state.holders, play.state.declined) == (["ana"], [])


def test_an_automatic_reply_holds_nothing() -> None:
    play = Play().trigger().at(1, "ack", by="ana", auto=True)
    assert (play.state.status, play.codes) == ("open", ["auto_reply_ignored"])


@pytest.mark.parametrize("outsider", ["kit", "client"])
def test_neither_contact_nor_client_ever_holds(outsider: str) -> None:
    play = Play().trigger().at(1, "ack", by=outsider)
    assert (play.state.holders, play.codes) == ([], ["cannot_hold"])


# -- holds and what ends them -------------------------------------------------------------------------------------------
def test_after_a_reopening_old_acks_do_not_count_and_the_other_holders_stay() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana").at(2, "ack", by="ben").at(3, "un_ack", by="ana")
    assert (play.state.status, play.state.holders, play.state.current) == ("open", ["ben"], ("manager",))
    assert play.at(4, "ack", by="cara").state.status == "held"


def test_the_ack_of_an_earlier_climb_meets_no_later_stage() -> None:
    both = [{"role": "peer"}, {"role": "case_manager"}]
    play = Play(with_steps(peers={"quorum": {"k": 2}}, manager={"targets": both})).trigger().at(1, "ack", by="ana").at(2, "ack", by="ben")
    play.at(2.5, "un_ack", by="ana")
    assert (play.state.status, play.state.holders, play.sent) == ("open", ["ben"], [("ask", "ana", "app"), ("ask", "cara", "app")])


def test_a_stage_that_only_asks_an_earlier_holder_is_passed_over() -> None:
    play = Play().trigger().at(1, "ack", by="cara").at(1, "ack", by="dev")
    play.at(2, "escalate", by="cara")
    assert ("stage_left:already_held", "manager") in play.told
    assert play.state.current == ("on_call", "told")


def test_a_manual_escalation_asks_the_next_stage_and_keeps_the_holders() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "escalate", by="ana")
    assert (play.state.status, play.state.holders, play.state.current) == ("open", ["ana"], ("manager",))
    assert play.sent == [("ask", "cara", "app")]


def test_whoever_made_no_contact_in_time_holds_no_longer_and_may_take_it_again() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(16, "tick")
    assert ("ack_timeout", "ana") in play.told
    assert (play.state.status, play.state.holders) == ("open", [])
    assert play.at(17, "ack", by="ana").state.status == "held"


def test_an_attempt_to_reach_the_person_stops_no_clock() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "contact_made", by="ana", outcome="no_answer")
    assert play.state.contact_due is not None
    assert play.at(3, "contact_made", by="ana").state.contact_due is None


def test_a_hold_that_is_not_resolved_in_time_owes_a_review_and_stays() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "contact_made", by="ana").at(121, "tick")
    assert (play.state.status, play.owed) == ("held", ["resolution_overdue"])


# -- handing over -------------------------------------------------------------------------------------------------------
def test_a_hand_over_moves_the_hold_when_it_is_confirmed_and_no_clock() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "hand_over", by="ana", to="cara")
    due = play.state.contact_due
    play.at(3, "hand_over_confirm", by="cara")
    assert (play.state.holders, play.state.offer, play.state.contact_due) == (["cara"], None, due)


def test_a_confirmation_is_an_ack_and_takes_an_exhausted_run() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana")
    for minute in (3, 5, 10, 18, 28):
        play.at(minute, "tick")
    play.at(29, "hand_over", by="ana", to="cara").at(30, "hand_over_confirm", by="cara")
    assert (play.state.status, play.state.holders) == ("held", ["cara"])


def test_who_may_no_longer_hold_cannot_confirm() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "hand_over", by="ana", to="cara")
    team = play.state.facts.team
    persons = {**team.persons, "cara": team.persons["cara"].evolve(max_hold_level=2)}
    play.at(3, "roster_change", team=team.evolve(persons=persons).to_data()).at(4, "hand_over_confirm", by="cara")
    assert (play.state.holders, play.codes) == (["ana"], ["refused:cannot_hold"])


def test_somebody_who_holds_already_confirms_and_the_giver_leaves() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana").at(2, "ack", by="ben")
    play.at(3, "hand_over", by="ana", to="ben").at(4, "hand_over_confirm", by="ben")
    assert (play.state.status, play.state.holders) == ("held", ["ben"])


def test_an_offer_ends_when_its_giver_neither_holds_nor_is_on_the_line() -> None:
    play = Play(fresh(quorum={"k": 2})).trigger().at(1, "ack", by="ana").at(2, "ack", by="ben")
    play.at(3, "hand_over", by="ana", to="cara").at(4, "un_ack", by="ana").at(5, "hand_over_confirm", by="cara")
    assert play.codes[0] == "refused:no_offer"


def test_nobody_hands_over_to_somebody_on_the_never_list() -> None:
    play = Play().at(0, "consent_change", safety={"never_contact": ["cara"]}).trigger().at(1, "ack", by="ana")
    assert play.at(2, "hand_over", by="ana", to="cara").codes == ["refused:never_contact"]


# -- on the line --------------------------------------------------------------------------------------------------------
def test_whoever_gives_the_hold_back_stays_on_the_line() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "accompany_start", by="ana").at(3, "un_ack", by="ana")
    assert (play.state.status, play.state.accompanied_by) == ("open", "ana")


def test_a_hand_over_from_the_line_moves_the_line_and_is_an_ack() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "accompany_start", by="ana").at(3, "un_ack", by="ana")
    play.at(3, "hand_over", by="ana", to="sue").at(4, "hand_over_confirm", by="sue")
    assert (play.state.accompanied_by, play.state.status, play.state.holders) == ("sue", "held", ["sue"])
    assert play.state.contact_due is None


def test_nobody_stands_down_while_somebody_is_on_the_line() -> None:
    play = Play().trigger().at(1, "ack", by="ana").at(2, "accompany_start", by="ana")
    assert play.at(3, "stand_down", by="sue", reason="r").codes == ["refused:accompaniment_active"]


# -- ending -------------------------------------------------------------------------------------------------------------
def test_a_run_is_closed_after_its_debrief_and_not_before() -> None:
    play = Play().trigger().at(1, "stand_down", by="sue", reason="r")
    assert play.owed == ["debrief", "follow_up"]
    assert play.at(2, "close", by="sue").codes == ["refused:debrief_open"]
    assert play.at(3, "debrief_done", by="cara", outcome="declined_by_client").at(4, "close", by="sue").state.status == "closed"


@pytest.mark.parametrize("by", [None, "system", "ana", "kit"])
def test_only_a_permitted_human_stands_down(by: str | None) -> None:
    play = Play().trigger().at(1, "stand_down", reason="r", **({"by": by} if by else {}))
    assert play.state.status == "open"
    assert play.codes == ["refused:human_only" if by in (None, "system") else "refused:not_permitted"]


def test_after_the_end_everything_else_is_only_late() -> None:
    play = Play().trigger().at(1, "stand_down", by="sue", reason="r")
    assert play.at(2, "ack", by="ana").told == [("late", "ana")]
    assert play.trigger(3).codes == ["refused:new_run_needed"]


# -- breaking glass -----------------------------------------------------------------------------------------------------
def glass(play: Play, minute: float, target: str = "kit", **more: Any) -> Play:
    fields = {"by": "sue", "reason": "r", "until": "2026-03-10T15:30:00Z", **more}
    return play.at(minute, "break_glass", target=target, **fields)


def test_broken_glass_tells_one_outsider_without_content_and_owes_a_review() -> None:
    play = glass(Play().trigger(), 1)
    assert (play.sent, play.owed) == ([("break_glass", "kit", "app")], ["break_glass_review"])
    assert [each.content_class for each in play.state.messages.values() if each.target == "kit"] == ["C0"]


def test_broken_glass_asks_the_blocked_target_of_the_stage_that_waits() -> None:
    play = Play(with_steps(peers={"targets": [{"role": "peer"}, {"service": "mobile"}]}))
    play.at(0, "consent_change", consent={"mobile": {"contact": "deny"}}).trigger()
    assert glass(play, 1, "mobile").sent == [("ask", "mobile", "sms")]


def test_glass_stays_broken_until_the_instant_named() -> None:
    play = glass(Play(with_steps(outside={"targets": [{"contact": "kit"}], "quorum": "none"})).trigger(), 1, until="2026-03-10T15:18:00Z")
    for minute in (5, 10):
        play.at(minute, "tick")
    assert "kit" in [target for _, target, _ in play.sent]
    assert ("consent_blocked", "kit") in play.at(18, "tick").told


def test_glass_that_cannot_reach_anybody_says_so() -> None:
    play = Play().at(0, "consent_change", safety={"unsafe_channels": {"kit": ["app", "sms"]}}).trigger()
    assert ("unsafe_channel", "kit") in glass(play, 1).told
    assert play.sent == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"by": "ana"}, "not_permitted"),
        ({"by": "system"}, "human_only"),
        ({"reason": " "}, "reason_required"),
        ({"target": "client"}, "unknown_target"),
        ({"until": "2026-03-10T15:01:00Z"}, "expired"),
    ],
)
def test_glass_is_broken_only_by_a_permitted_human_with_a_reason_for_an_outsider(more: dict[str, Any], why: str) -> None:
    play = glass(Play().trigger(), 1, **more)
    assert (play.codes, play.sent) == ([f"refused:{why}"], [])


def test_no_glass_is_broken_for_somebody_on_the_never_list() -> None:
    play = Play().at(0, "consent_change", safety={"never_contact": ["kit"]}).trigger()
    assert glass(play, 1).codes == ["refused:never_contact"]


def test_no_glass_is_broken_below_a_crisis() -> None:
    play = Play().trigger().at(1, "set_level", level=2, by="sue", reason="r")
    assert glass(play, 2).codes == ["refused:level_too_low"]
