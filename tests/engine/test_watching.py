"""Rules with a condition in the engine: each speaks once when it begins to hold, also where nobody looked at that instant.

Longer than 300 lines, since the ways in which a rule begins to hold are read beside each other.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from recoverycore import Client, Directive, Engine, Obligation, Programme, Protocol, Rule, Team
from recoverycore.ground import ManualClock
from tests.engine.clinic import Deliverer, rows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

START = datetime(2026, 4, 13, 13, tzinfo=UTC)
"""Nine in the morning in New York."""
DAY = timedelta(days=1)
ELENA = "elena"
TEAM = {
    "zone": "America/New_York",
    "members": [
        {"id": "th_brandt", "roles": ["therapist"], "org": "lakeview", "channels": ["app"]},
        {"id": "oc_lind", "roles": ["on_call_clinician"], "org": "lakeview", "channels": ["app"]},
        {"id": "peer_sol", "roles": ["peer"], "org": "lakeview_peers", "channels": ["app", "sms"]},
    ],
    "roster": [
        {"person": "th_brandt", "role": "therapist", "from": "00:00", "to": "00:00"},
        {"person": "oc_lind", "role": "on_call_clinician", "from": "00:00", "to": "00:00"},
        {"person": "peer_sol", "role": "peer", "from": "00:00", "to": "00:00"},
    ],
}
QUIET = {
    "id": "r_quiet", "facts": {"quiet": {"of": "silence", "within": "P7D"}}, "when": {"fact": "quiet", "op": "eq", "value": True},
    "categories": ["attendance"], "tell": [{"role": "therapist"}],
}  # fmt: skip
MISSED = {
    "id": "r_missed", "facts": {"missed": {"of": "missed_appointments", "within": "P21D"}},
    "when": {"fact": "missed", "op": "ge", "value": 2}, "categories": ["attendance"],
    "tell": [{"role": "therapist"}, {"role": "peer", "purpose": "peer_support", "categories": ["contact", "attendance"]}],
}  # fmt: skip
SIGNS = {
    "id": "r_signs", "facts": {"signs": {"of": "distinct_signs", "within": "P7D"}}, "when": {"fact": "signs", "op": "ge", "value": 2},
    "categories": ["mental_health"], "tell": [{"role": "therapist"}],
}  # fmt: skip
SIGNS_3 = {**SIGNS, "id": "r_signs3", "when": {"fact": "signs", "op": "ge", "value": 3}, "level": 2, "protocol": "p_signs", "tell": []}
PROTOCOL = {
    "id": "p_signs", "level": 2, "zone": "America/New_York", "triggers": [], "channels": ["app"], "message_class": "C2", "purpose": "care",
    "categories": ["mental_health"], "hold_roles": ["therapist", "on_call_clinician"], "stand_down_roles": ["therapist"],
    "break_glass_roles": ["on_call_clinician"], "owner_role": "therapist", "exhausted": {"alarm_roles": ["on_call_clinician"]},
    "steps": [
        {"id": "one", "targets": [{"role": "therapist"}], "ack_within": "PT24H"},
        {"id": "two", "targets": [{"role": "on_call_clinician"}], "ack_within": "PT24H"},
        {"id": "end", "terminal": True, "mode": "show", "always": True, "needs_software": False},
    ],
}  # fmt: skip
CARE = ["progress_notes", "mental_health", "plan", "goals", "attendance", "contact"]


def permit(identifier: str, org: str, purpose: str, categories: list[str], **more: Any) -> Directive:
    box = {"labels": "*", "categories": categories, "purposes": [purpose], "recipients": [{"org": org}]}
    return Directive.model_validate(
        {"id": identifier, "polarity": "permit", "discloser": "lakeview", "starts": START - DAY, "boxes": [box], **more}
    )


def elena(*rules: dict[str, Any], path: Path | None = None, **client: Any) -> Engine:
    clock = ManualClock(START)
    engine = Engine.open(path, [Deliverer()], clock=clock) if path else Engine.in_memory([Deliverer()], clock=clock)
    engine.put(Programme(id="lakeview", zone="America/New_York", care_owner_role="therapist"), at=START)
    engine.put(Client.model_validate({"id": ELENA, "zone": "America/New_York", "channels": ["in_app"], **client}), at=START)
    engine.put(Team.model_validate(TEAM), client=ELENA, at=START)
    engine.put(permit("c1", "lakeview", "care", CARE), client=ELENA, at=START)
    peers = {"expires": {"kind": "instant", "value": datetime(2026, 10, 1, 4, tzinfo=UTC)}}
    engine.put(permit("c2", "lakeview_peers", "peer_support", ["contact", "attendance", "goals"], **peers), client=ELENA, at=START)
    engine.put(Protocol.model_validate(PROTOCOL), at=START)
    for rule in rules:
        engine.put(Rule.model_validate(rule), at=START)
    return engine


def told(engine: Engine, since: datetime = START) -> list[tuple[str, str]]:
    return [(row["to"], row["why"]) for row in rows(engine, "message") if row["at"] >= since.isoformat().replace("+00:00", "Z")]


def signs(engine: Engine, at: datetime, *codes: str) -> None:
    engine.report(client=ELENA, kind="early_warning_sign", by=ELENA, codes=codes, at=at)


def test_silence_is_told_once_and_again_only_after_somebody_was_in_touch() -> None:
    engine = elena(QUIET)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    engine.tick(START + 6.9 * DAY)
    assert told(engine) == []
    for day in (7, 8, 30):
        engine.tick(START + day * DAY)
    assert told(engine) == [("th_brandt", "r_quiet")]
    engine.report(client=ELENA, kind="attended", by="th_brandt", at=START + 31 * DAY)
    engine.tick(START + 38 * DAY)
    assert told(engine) == [("th_brandt", "r_quiet")] * 2


def test_two_notices_of_one_rule_are_two_messages_with_keys_of_their_own() -> None:
    engine = elena(QUIET)
    engine.tick(START + 7 * DAY)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START + 8 * DAY)
    engine.tick(START + 15 * DAY)
    keys = [row["key"] for row in rows(engine, "message")]
    assert len(keys) == len(set(keys)) == 2


def test_a_silence_that_nobody_noticed_is_made_up_before_the_contact_that_ends_it() -> None:
    engine = elena(QUIET)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START + 9 * DAY)
    assert told(engine) == [("th_brandt", "r_quiet")]


def test_a_contact_at_the_very_instant_counts() -> None:
    engine = elena(QUIET)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START + 7 * DAY)
    assert told(engine) == []


def test_a_message_of_the_client_is_a_contact_and_its_words_are_kept_nowhere() -> None:
    from recoverycore import Sensitive

    engine = elena(QUIET)
    engine.receive(client=ELENA, text=Sensitive("canary"), via="in_app", message_id="m", at=START + 3 * DAY)
    engine.tick(START + 8 * DAY)
    assert told(engine) == []
    assert "canary" not in str(engine.export())


def test_the_engine_says_when_it_will_look_next_and_nothing_is_due_before() -> None:
    engine = elena(QUIET)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    assert engine.next_due() == START + 7 * DAY
    engine.tick(START + 7 * DAY)
    assert engine.rules_holding(client=ELENA) == ("r_quiet",)


def test_missed_appointments_are_told_to_each_for_a_purpose_of_their_own_and_cut_to_what_they_may_know() -> None:
    engine = elena(MISSED)
    engine.report(client=ELENA, kind="appointment_missed", by="th_brandt", at=START)
    engine.report(client=ELENA, kind="appointment_missed", by="th_brandt", at=START + 14 * DAY)
    found = {row["to"]: sorted(row["categories"]) for row in rows(engine, "message")}
    assert found == {"th_brandt": ["attendance"], "peer_sol": ["attendance", "contact"]}


def test_distinct_signs_in_a_window_tell_and_more_of_them_raise_a_level_that_an_answer_holds() -> None:
    engine = elena(SIGNS, SIGNS_3)
    first = datetime(2026, 5, 12, 1, tzinfo=UTC)
    signs(engine, first, "ws_sleep")
    signs(engine, first + 2 * DAY, "ws_sleep", "ws_irrit")
    assert told(engine) == [("th_brandt", "r_signs")]
    signs(engine, first + 7 * DAY, "ws_withdraw")
    assert told(engine)[1:] == [("th_brandt", "r_signs3")]
    (run,) = engine.runs(client=ELENA)
    assert (run.status, run.level) == ("open", 2)
    engine.acknowledge(run.run, by="th_brandt", at=first + 8 * DAY - timedelta(minutes=1))
    engine.event(run.run, "stand_down", by="th_brandt", reason="talked it through", at=first + 9 * DAY)
    assert engine.runs(client=ELENA)[0].status == "stood_down"


def test_a_sign_that_is_taken_back_lowers_nothing_and_may_be_told_anew() -> None:
    engine = elena(SIGNS)
    signs(engine, START, "ws_sleep")
    engine.report(client=ELENA, kind="early_warning_sign", by=ELENA, codes=["ws_irrit"], at=START, command_id="wrong")
    engine.retract("wrong", client=ELENA, by="th_brandt", reason="somebody else's", at=START + DAY)
    assert engine.rules_holding(client=ELENA) == ()
    signs(engine, START + 2 * DAY, "ws_withdraw")
    assert told(engine) == [("th_brandt", "r_signs")] * 2


def test_where_nobody_can_tell_somebody_is_asked_to_look_once() -> None:
    engine = elena(SIGNS)
    unknown = {"client": ELENA, "kind": "early_warning_sign", "by": ELENA}
    engine.report(**unknown, codes=["ws_sleep"], at=START)
    from recoverycore.risk import Signal

    given = {"id": "when", "kind": "early_warning_sign", "recorded_at": START, "codes": ["ws_irrit"]}
    for number in range(2):
        engine.put(Signal.model_validate({**given, "id": f"when{number}"}), client=ELENA, at=START)
    assert told(engine) == []
    assert [(each.kind, each.about) for each in engine.obligations(client=ELENA)] == [("safety_check", "rule:r_signs")]


def task(identifier: str, due: datetime, **more: Any) -> Obligation:
    return Obligation.model_validate({"id": identifier, "kind": "task", "owner": "peer_sol", "due_by": due, "opened_at": START, **more})


DEADLINE = {
    "id": "r_deadline", "each": "obligation", "facts": {"due": {"of": "due", "within": "P3D"}},
    "when": {"fact": "due", "op": "eq", "value": True}, "categories": ["plan"], "tell": [{"owner": True}, {"role": "therapist"}],
}  # fmt: skip
OVERDUE = {
    "id": "r_overdue", "each": "obligation", "facts": {"late": {"of": "overdue"}}, "when": {"fact": "late", "op": "eq", "value": True},
    "level": 2, "protocol": "p_signs", "tell": [],
}  # fmt: skip


def test_each_task_that_comes_near_is_told_to_its_owner_and_those_on_duty_once() -> None:
    engine = elena(DEADLINE)
    engine.put(task("t_papers", START + 8 * DAY), client=ELENA, at=START)
    engine.put(task("t_voucher", START + 10 * DAY), client=ELENA, at=START)
    engine.tick(START + 5 * DAY)
    assert [(row["to"], row["about"]) for row in rows(engine, "message")] == [("peer_sol", "t_papers"), ("th_brandt", "t_papers")]
    engine.tick(START + 6 * DAY)
    engine.tick(START + 7 * DAY)
    assert [row["about"] for row in rows(engine, "message")] == ["t_papers", "t_papers", "t_voucher", "t_voucher"]


def test_a_task_that_is_done_is_neither_due_nor_overdue() -> None:
    engine = elena(DEADLINE, OVERDUE)
    engine.put(task("t_papers", START + 8 * DAY), client=ELENA, at=START)
    engine.discharge("t_papers", client=ELENA, by="peer_sol", at=START + DAY)
    engine.tick(START + 20 * DAY)
    assert told(engine) == []


def test_doing_the_work_answers_the_alarm_about_it_and_no_other() -> None:
    engine = elena(OVERDUE)
    for name in ("t_papers", "t_voucher"):
        engine.put(task(name, START + 8 * DAY, owner="th_brandt"), client=ELENA, at=START)
    engine.tick(START + 8 * DAY)
    assert [state.status for state in engine.runs(client=ELENA)] == ["open", "open"]
    engine.discharge("t_papers", client=ELENA, by="th_brandt", at=START + 8.1 * DAY)
    assert sorted(state.status for state in engine.runs(client=ELENA)) == ["open", "stood_down"]


def test_work_done_by_somebody_who_may_not_stand_down_leaves_the_alarm_to_those_who_may() -> None:
    engine = elena(OVERDUE)
    engine.put(task("t_papers", START + 8 * DAY), client=ELENA, at=START)
    engine.tick(START + 8 * DAY)
    engine.discharge("t_papers", client=ELENA, by="peer_sol", at=START + 8.1 * DAY)
    assert [state.status for state in engine.runs(client=ELENA)] == ["open"]


def test_what_a_rules_own_run_left_to_do_sets_it_going_no_further() -> None:
    engine = elena(OVERDUE)
    engine.put(task("t_papers", START + DAY), client=ELENA, at=START)
    for day in range(1, 30):
        engine.tick(START + day * DAY)
    assert len(engine.runs(client=ELENA)) == 1
    assert [each.kind for each in engine.obligations(client=ELENA)] == ["exhausted_review", "task"]


ENDING = {
    "id": "consent_ending_notice", "each": "directive", "facts": {"ending": {"of": "ending", "within": "P14D"}},
    "when": {"fact": "ending", "op": "eq", "value": True}, "tell": [{"client": True}],
}  # fmt: skip


def test_a_person_hears_a_fortnight_ahead_that_a_consent_of_theirs_runs_out_in_words_that_tell_nothing() -> None:
    engine = elena(ENDING)
    ahead = datetime(2026, 9, 17, 4, tzinfo=UTC)
    engine.tick(ahead - timedelta(seconds=1))
    assert told(engine) == []
    engine.tick(ahead)
    (row,) = rows(engine, "message")
    assert (row["to"], row["about"], row["class"], row["categories"]) == (ELENA, "c2", "C0", [])


def test_a_consent_that_was_taken_back_ends_no_more() -> None:
    engine = elena(ENDING)
    engine.withdraw("c2", client=ELENA, by=ELENA, at=START + DAY)
    engine.tick(datetime(2026, 9, 20, tzinfo=UTC))
    assert told(engine) == []


def test_a_rule_that_comes_later_is_looked_at_for_everybody_at_once() -> None:
    engine = elena()
    engine.put(task("t_papers", START + 2 * DAY), client=ELENA, at=START)
    engine.put(Rule.model_validate(DEADLINE), at=START + timedelta(hours=1))
    assert [row["about"] for row in rows(engine, "message")] == ["t_papers", "t_papers"]


def test_a_look_that_fails_holds_no_command_up_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = elena(QUIET)
    with monkeypatch.context() as broken:
        broken.setattr("recoverycore.engine.watching.check_in", None)
        broken.setattr("recoverycore.engine.watching.standing_signals", None)
        done = engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    assert done.facts["runs"] == []
    assert [row["what"] for row in rows(engine, "clock_failed")] == ["clock_failed"]
    engine.tick(START + timedelta(minutes=1))
    assert engine.next_due() == START + 7 * DAY


def damage(engine: Engine, kind: str, identifier: str) -> None:
    """What is kept there is no document of that kind any more."""
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put(f"{kind} of {ELENA}", identifier, {"id": 7}, unit.get(f"{kind} of {ELENA}", identifier).rev)


def test_a_signal_that_cannot_be_read_keeps_no_rule_from_the_others_and_somebody_is_asked_to_look() -> None:
    engine = elena(SIGNS)
    broken = engine.report(client=ELENA, kind="note", by=ELENA, at=START).rows[0]["signal"]
    damage(engine, "signal", broken)
    signs(engine, START + timedelta(hours=1), "ws_sleep")
    signs(engine, START + timedelta(hours=2), "ws_irrit")
    assert told(engine) == [("th_brandt", "r_signs")]
    assert [row["record"] for row in rows(engine, "record_unreadable")] == [f"signal {broken}"]
    assert [(each.kind, each.about) for each in engine.obligations(client=ELENA)] == [("safety_check", f"signal {broken}")]
    assert rows(engine, "clock_failed") == []


@given(st.lists(st.tuples(st.sampled_from(["ws_sleep", "ws_irrit", "ws_withdraw"]), st.booleans()), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_whichever_signals_cannot_be_read_rules_speak_about_the_others_and_each_is_asked_about_once(given: list[tuple[str, bool]]) -> None:
    engine, plain = elena(), elena()
    lost = []
    for hour, (sign, readable) in enumerate(given):
        at = START + timedelta(hours=hour)
        signs(engine, at, sign)
        if readable:
            signs(plain, at, sign)
        else:
            lost.append(rows(engine, "reported")[-1]["signal"])
            damage(engine, "signal", lost[-1])
    later = START + timedelta(hours=9)
    for each in (engine, plain):
        each.put(Rule.model_validate(SIGNS), at=later)
        each.tick(later + DAY)
        each.tick(later + 2 * DAY)
    assert told(engine) == told(plain)
    assert sorted(each.about or "" for each in engine.obligations(client=ELENA)) == sorted(f"signal {each}" for each in lost)


def test_an_obligation_that_cannot_be_read_keeps_no_rule_from_the_others() -> None:
    engine = elena(OVERDUE)
    for name in ("t_broken", "t_slot"):
        engine.put(task(name, START + DAY, owner="th_brandt"), client=ELENA, at=START)
    damage(engine, "obligation", "t_broken")
    engine.tick(START + DAY)
    assert [row["subject"] for row in rows(engine, "run_opened")] == ["t_slot"]
    assert [row["record"] for row in rows(engine, "record_unreadable")] == ["obligation t_broken"]


def test_a_crash_between_a_command_and_the_look_after_it_loses_no_notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends when the command is kept and before the rules have looked; whoever starts next calls `tick`."""
    engine = elena(SIGNS, path=tmp_path / "clinic.db")
    signs(engine, START, "ws_sleep")
    with monkeypatch.context() as dying:
        dying.setattr(Engine, "_finish", lambda *_, waits: None)  # noqa: ARG005 - its own signature
        signs(engine, START + DAY, "ws_irrit")
    engine.close()
    again = Engine.open(tmp_path / "clinic.db", [Deliverer()], clock=ManualClock(START + DAY))
    assert told(again) == []
    again.tick(START + DAY + timedelta(minutes=1))
    assert told(again) == [("th_brandt", "r_signs")]
    again.close()


def test_what_arrives_late_sets_no_rule_back() -> None:
    engine = elena(QUIET)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START)
    engine.tick(START + 8 * DAY)
    engine.report(client=ELENA, kind="check_in", by=ELENA, at=START + 2 * DAY)
    engine.tick(START + 8 * DAY)
    assert told(engine) == [("th_brandt", "r_quiet")]


def test_what_a_tick_opens_is_looked_at_with_nobody_writing_anything() -> None:
    """A run is exhausted by a tick; the review of it becomes overdue, and the rule about overdue tasks says so."""
    engine = elena(SIGNS_3, {**OVERDUE, "level": None, "protocol": None, "tell": [{"role": "therapist"}]})
    signs(engine, START, "a", "b", "c")
    for day in range(1, 6):
        engine.tick(START + day * DAY)
    assert "r_overdue" in {why for _, why in told(engine)}


def test_rules_about_obligations_never_feed_each_other() -> None:
    at_once = OVERDUE
    later = {**OVERDUE, "id": "r_later", "facts": {"late": {"of": "overdue", "within": "P1D"}}}
    engine = elena(at_once, later)
    engine.put(task("t_papers", START + DAY), client=ELENA, at=START)
    for day in range(1, 30):
        engine.tick(START + day * DAY)
    assert len(engine.runs(client=ELENA)) == 2


def test_a_look_that_is_owed_because_nobody_can_tell_is_no_subject_of_the_rule() -> None:
    from recoverycore.risk import Signal

    facts = {"late": {"of": "overdue"}, "signs": {"of": "distinct_signs", "within": "P7D"}}
    either = {"any": [{"fact": "late", "op": "eq", "value": True}, {"fact": "signs", "op": "ge", "value": 1}]}
    engine = elena({**DEADLINE, "facts": facts, "when": either})
    engine.put(task("t", START + 90 * DAY), client=ELENA, at=START)
    undated = {"id": "w", "kind": "early_warning_sign", "recorded_at": START, "codes": ["a"]}
    engine.put(Signal.model_validate(undated), client=ELENA, at=START)
    for minute in range(30):
        engine.tick(START + timedelta(minutes=minute))
    assert [each.kind for each in engine.obligations(client=ELENA)] == ["safety_check", "task"]


def test_a_rule_that_is_changed_while_it_holds_begins_anew() -> None:
    engine = elena(QUIET)
    engine.tick(START + 8 * DAY)
    engine.put(Rule.model_validate({**QUIET, "version": 2, "level": 2, "protocol": "p_signs"}), at=START + 9 * DAY)
    assert [state.status for state in engine.runs(client=ELENA)] == ["open"]


def test_a_clock_that_had_gone_far_ahead_leaves_rules_awake() -> None:
    engine = elena(SIGNS)
    signs(engine, START, "a")
    engine.tick(START + 365 * DAY)
    signs(engine, START + DAY, "b")
    assert told(engine) == [("th_brandt", "r_signs")]
    assert [row["what"] for row in rows(engine, "clock_back")] == ["clock_back"]


def test_a_document_put_for_somebody_nobody_knows_wakes_no_clock_for_ever() -> None:
    engine = elena(QUIET)
    engine.put(task("t", START + DAY), client="elen", at=START)
    for minute in range(5):
        engine.tick(START + timedelta(minutes=minute))
    assert rows(engine, "clock_failed") == []


def test_booking_a_slot_answers_the_alarm_about_it_too() -> None:
    engine = elena(OVERDUE)
    engine.put(task("t_slot", START + DAY, owner="th_brandt"), client=ELENA, at=START)
    engine.tick(START + DAY)
    engine.book("t_slot", client=ELENA, slot=START + 2 * DAY, with_="th_brandt", by="th_brandt", at=START + 1.1 * DAY)
    assert [state.status for state in engine.runs(client=ELENA)] == ["stood_down"]


def test_an_entry_of_tell_that_may_not_go_gives_way_to_the_next_for_the_same_person() -> None:
    engine = elena({**MISSED, "when": {"fact": "missed", "op": "ge", "value": 1}, "tell": [
        {"person": "mum", "purpose": "care"}, {"person": "mum", "purpose": "family_involvement"}, {"owner": False, "client": True},
    ]})  # fmt: skip
    team = engine.get(Team, client=ELENA)
    assert team is not None
    mum = {"id": "mum", "roles": ["supporter"], "supporter": True, "channels": ["sms"]}
    engine.put(Team.model_validate({**team.to_data(), "members": [*team.to_data()["members"], mum]}), client=ELENA, at=START)
    box = {"labels": "*", "categories": ["contact"], "purposes": ["family_involvement"], "recipients": [{"person": "mum"}]}
    paper = {"id": "c9", "polarity": "permit", "discloser": "lakeview", "starts": START - DAY, "boxes": [box]}
    engine.put(Directive.model_validate(paper), client=ELENA, at=START)
    engine.report(client=ELENA, kind="appointment_missed", by="th_brandt", at=START)
    assert told(engine) == [("mum", "r_missed"), (ELENA, "r_missed")]
