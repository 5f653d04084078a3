"""Why somebody was not told: each thing that can stand before a step, in a world where it does; and what holds in every other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from attrs import evolve
from hypothesis import given, settings

from recoverycore.escalation import RunState, Send, event_from, step, why_not
from recoverycore.escalation.words import words
from recoverycore.ground import utc_text
from tests.escalation.play import Play
from tests.escalation.world import EVERYBODY, MINUTE, ROSTERS, START, changed, fresh, team, with_steps

PEOPLE = (*EVERYBODY, "client-1")


def kept(play: Play, person: str, minute: float = 0) -> list[tuple[str, str | None]]:
    """Code and step of each thing that kept `person` from being told."""
    return [(each.code, each.step) for each in why_not(play.state, person, START + minute * MINUTE)]


def begun(**fields: Any) -> Play:
    return Play().trigger(**fields)


def safety(**facts: Any) -> Play:
    state = fresh()
    changed = state.facts.model_copy(update={"safety": state.facts.safety.evolve(**facts)})
    return Play(evolve(state, facts=changed)).trigger()


def test_nothing_kept_somebody_who_was_told() -> None:
    assert kept(begun().at(0, "receipt", key="R/1/peers/ana/app/1", status="handed_over"), "ana") == []


def test_who_is_never_to_be_contacted_is_kept_by_that_alone() -> None:
    assert kept(safety(never_contact=("dev",)), "dev") == [("never_contact", None)]


@pytest.mark.parametrize("person", ["client", "client-1"])
def test_after_a_silent_trigger_the_client_is_not_contacted(person: str) -> None:
    assert kept(begun(silent=True), person) == [("no_contact", None)]


def test_whom_nobody_knows_is_kept_by_that() -> None:
    assert kept(begun(), "nobody") == [("unknown_target", None)]


def test_whom_no_step_names_is_kept_by_that() -> None:
    state = fresh()
    other = {**team(), "persons": {**team()["persons"], "extra": {"roles": ["driver"]}}}
    play = Play(state).at(0, "roster_change", team=other).trigger()
    assert kept(play, "extra") == [("not_named", None)]


def test_a_run_that_has_not_begun_told_nobody() -> None:
    assert kept(Play(), "ana") == [("not_begun", None)]


def test_who_may_not_hold_the_level_is_not_qualified() -> None:
    assert ("not_qualified", "manager") in kept(begun().at(5, "tick"), "lou")


def test_an_outsider_without_a_permit_is_kept_by_consent() -> None:
    play = begun().at(5, "tick").at(10, "tick")
    assert kept(play, "kit") == [("consent_blocked", "on_call"), ("consent_blocked", "told")]


def test_a_barrier_ahead_is_told_before_its_step_begins() -> None:
    (first, second) = why_not(begun().state, "kit", START)
    assert (first.code, first.since, first.due) == ("consent_blocked", None, START + 10 * MINUTE)
    assert second.step == "told"


def test_a_step_that_has_not_begun_is_told_with_the_instant_at_which_it_would() -> None:
    (found,) = why_not(begun().state, "cara", START + MINUTE)
    assert (found.code, found.step, found.due) == ("not_reached", "manager", START + 5 * MINUTE)


def test_where_nobody_called_tick_the_step_comes_now_at_the_earliest() -> None:
    (found,) = why_not(begun().state, "cara", START + 7 * MINUTE)
    assert found.due == START + 7 * MINUTE


def test_who_comes_on_duty_too_late_was_off_duty() -> None:
    shifts = [each for each in team()["shifts"] if each["person"] != "ben"]
    late = {"person": "ben", "role": "peer", "from": utc_text(START + 60 * MINUTE), "to": utc_text(START + 90 * MINUTE)}
    play = Play().at(0, "roster_change", team={**team(), "shifts": [*shifts, late]}).trigger()
    assert kept(play, "ben") == [("off_duty", "peers")]


def test_quiet_hours_keep_somebody_until_they_end() -> None:
    play = Play(changed(fresh(quiet=True), quiet_override_level=4)).trigger().at(5, "tick").at(10, "tick")
    assert ("quiet_hours", "on_call") in kept(play, "dev")


def test_a_stage_that_waits_for_the_end_of_quiet_hours_says_when_it_comes() -> None:
    state = changed(fresh(quiet=True), quiet_override_level=4, defer_max_level=3)
    steps = tuple(each for each in state.protocol.steps if each.id in ("on_call", "end"))
    lone = steps[0].evolve(targets=steps[0].targets[:1], group=None)
    (found,) = why_not(Play(changed(state, steps=(lone, steps[1]))).trigger().state, "dev", START)
    assert (found.code, found.due) == ("quiet_hours", START + 60 * MINUTE)


def test_a_step_outside_its_hours_kept_everybody_it_names() -> None:
    at_night = {"from": "22:00", "to": "23:00", "zone": "America/New_York"}
    assert ("outside_hours", "manager") in kept(Play(with_steps(manager={"when": at_night})).trigger().at(5, "tick"), "cara")


def test_a_service_that_is_closed_was_closed() -> None:
    state = fresh()
    shut = {"mobile": state.facts.directory["mobile"].evolve(hours=({"from": "22:00", "to": "23:00", "zone": "America/New_York"},))}
    play = Play(evolve(state, facts=state.facts.model_copy(update={"directory": shut}))).trigger()
    assert kept(play, "mobile") == [("service_closed", "outside")]


def test_without_a_channel_of_the_step_nobody_is_told() -> None:
    play = Play(with_steps(peers={"channels": ("voice",)})).trigger()
    assert kept(play, "ana") == [("no_channel", "peers")]


def test_a_channel_that_is_not_safe_is_no_way() -> None:
    play = safety(dv=True).at(1, "consent_change", consent={"kit": {"contact": "permit"}})
    assert kept(play.at(5, "tick").at(10, "tick"), "kit")[0] == ("unsafe_channel", "on_call")


def test_who_has_it_or_said_no_is_kept_by_that() -> None:
    assert kept(begun().at(1, "ack", by="ana"), "ana") == [("holder", None)]
    assert kept(begun().at(1, "decline", by="ana"), "ana") == [("declined", None)]


def test_while_somebody_has_it_nobody_else_is_asked() -> None:
    (found,) = why_not(begun().at(1, "ack", by="ana").state, "cara", START + MINUTE)
    assert (found.code, found.step, found.owner) == ("held", "manager", "ana")


def test_after_the_end_the_steps_that_never_began_say_so() -> None:
    play = begun().at(1, "ack", by="ana").at(2, "stand_down", by="sue", reason="over")
    assert kept(play, "cara") == [("ended", "manager")]
    assert kept(play, "sue") == [("ended", "alarm")]


def test_a_message_that_was_taken_back_told_nobody() -> None:
    assert kept(begun().at(1, "ack", by="ana"), "ben") == [("taken_back", "peers")]


def test_a_message_that_waits_has_told_nobody_yet() -> None:
    assert kept(begun(), "ana") == [("waiting", "peers")]


def test_a_message_that_failed_on_every_channel_told_nobody() -> None:
    play = begun().at(0, "receipt", key="R/1/peers/ana/app/1", status="failed_permanent")
    play.at(0, "receipt", key="R/1/peers/ana/sms/2", status="failed_permanent")
    assert kept(play, "ana") == [("not_delivered", "peers")]


def test_a_step_that_a_jump_leaves_out_is_passed_over() -> None:
    play = Play(with_steps(peers={"jump": [{"to": "outside"}]})).trigger()
    assert kept(play, "cara") == [("passed_over", "manager")]


def test_the_alarm_comes_when_nobody_has_it() -> None:
    (found,) = why_not(begun().state, "sue", START)
    assert (found.code, found.step, found.due) == ("not_exhausted", "alarm", START + 28 * MINUTE)


def test_who_was_off_duty_when_the_alarm_went_is_told_by_the_next_one() -> None:
    play = begun()
    for minute in (5, 10, 18, 28):
        play.at(minute, "tick")
    more = {**team(), "persons": {**team()["persons"], "sol": {"roles": ["supervisor"], "channels": ["sms"]}}}
    on = {"person": "sol", "role": "supervisor", "from": utc_text(START + 30 * MINUTE), "to": utc_text(START + 90 * MINUTE)}
    play.at(31, "roster_change", team={**more, "shifts": [*more["shifts"], on]})
    (found,) = why_not(play.state, "sol", START + 31 * MINUTE)
    assert (found.code, found.due) == ("off_duty", START + 38 * MINUTE)


def lost_again(**steps: Any) -> Play:
    """Somebody took it and did not reach the person in time, so that nobody has it and the climb has gone on."""
    return Play(with_steps(**steps)).trigger().at(1, "ack", by="ana").at(5, "tick").at(25, "tick")


def test_whose_answer_counted_in_a_later_step_was_not_asked_there() -> None:
    play = lost_again(peers={"quorum": {"k": 2}}, manager={"targets": ({"person": "ana"},)})
    assert "ack_timeout" in play.codes
    assert kept(play, "ana") == [("own_answer", "manager")]


@pytest.mark.parametrize("target", [{"person": "ana"}, {"role": "peer"}])
def test_who_had_it_when_a_step_began_was_not_asked_by_it(target: dict[str, str]) -> None:
    play = Play(with_steps(manager={"targets": (target,)})).trigger().at(1, "ack", by="ana").at(2, "escalate", by="dev")
    play.at(3, "hand_over", by="ana", to="dev").at(4, "hand_over_confirm", by="dev")
    assert kept(play, "ana") == [("holder", "manager")]


def test_a_barrier_shows_its_codes_as_data_and_its_words_as_text() -> None:
    (found,) = why_not(begun().state, "cara", START)
    assert found.to_dict() == {"code": "not_reached", "to": "cara", "step": "manager", "due": "2026-03-10T15:05:00Z"}
    assert str(found) == "step manager has not begun; it comes at 2026-03-10T15:05:00Z if nobody answers before"
    assert "11:05:00-04:00" in found.text_in("America/New_York")


# -- in every world ---------------------------------------------------------------------------------------------------
def _acts() -> st.SearchStrategy[dict[str, Any]]:
    person = st.sampled_from(EVERYBODY)
    return st.one_of(
        st.builds(lambda kind, by: {"type": kind, "by": by}, st.sampled_from(["ack", "decline", "un_ack", "contact_made"]), person),
        st.builds(lambda level: {"type": "set_level", "level": level}, st.integers(0, 4)),
        st.builds(lambda kind: {"type": "roster_change", "team": team(kind)}, st.sampled_from(ROSTERS)),
        st.builds(
            lambda who, contact: {"type": "consent_change", "consent": {who: {"contact": contact}}},
            st.sampled_from(["kit", "mobile"]),
            st.sampled_from(["permit", "deny", "unknown"]),
        ),
        st.builds(lambda who: {"type": "consent_change", "safety": {"never_contact": [who]}}, person),
        st.just({"type": "escalate", "by": "ana"}),
        st.just({"type": "stand_down", "by": "sue", "reason": "over"}),
        st.just({"type": "newest receipt", "status": "handed_over"}),
        st.just({"type": "newest receipt", "status": "failed_permanent"}),
        st.just({"type": "tick"}),
    )


@st.composite
def reached(draw: st.DrawFn) -> tuple[RunState, datetime]:
    """A run after some events, and the instant of the last one."""
    made = {"rounds": draw(st.integers(1, 2)), "late_catch_up": draw(st.integers(0, 5)), "quiet": draw(st.booleans())}
    state, now = fresh(**made), START
    trigger = {"type": "trigger", "id": "e0", "kind": "code_word", "silent": draw(st.booleans())}
    state, _ = step(state, event_from(trigger), now)
    for number, act in enumerate(draw(st.lists(_acts(), max_size=8)), 1):
        now += timedelta(seconds=draw(st.sampled_from([0, 1, 120, 300, 600])))
        if act["type"] == "newest receipt":
            act = {**act, "type": "receipt", "key": list(state.messages)[-1] if state.messages else "none"}  # noqa: PLW2901
        state, _ = step(state, event_from({**act, **({} if act["type"] == "tick" else {"id": f"e{number}"})}), now)
    return state, now


def _told_by(state: RunState, at: datetime, person: str, name: str) -> datetime | None:
    """When, if nobody answers and every clock rings in time, step `name` first asks `person`."""
    now = at
    while state.status == "open" and state.next_due is not None:
        now = max(now, state.next_due)
        state, effects = step(state, event_from({"type": "tick", "gen": state.generation}), now)
        if any(isinstance(each, Send) and (each.target, each.step) == (person, name) for each in effects):
            return now
    return None


@given(reached())
@settings(max_examples=150)
def test_whoever_was_not_told_has_a_reason_in_words(found: tuple[RunState, datetime]) -> None:
    state, now = found
    before = state.to_dict()
    for person in PEOPLE:
        barriers = why_not(state, person, now)
        target = "client" if person == "client-1" else person
        gone_out = [each for each in state.messages.values() if each.target == target and each.status not in ("queued", "superseded")]
        assert barriers or gone_out, person
        assert all(each.code in words()["barrier"] and str(each) for each in barriers)
    assert state.to_dict() == before


@given(reached())
@settings(max_examples=150)
def test_what_is_said_of_a_step_ahead_comes_true_when_nobody_answers(found: tuple[RunState, datetime]) -> None:
    state, now = found
    for person in EVERYBODY:
        for each in why_not(state, person, now):
            if each.code in ("not_reached", "not_exhausted"):
                assert _told_by(state, now, person, each.step or "") == each.due
