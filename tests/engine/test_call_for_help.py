"""A call for help is heard, whatever is wrong around it; and nobody hears more than they may."""

from __future__ import annotations

from typing import Any

import pytest

from recoverycore import Directive, DocumentError, Engine, Protocol, Receipt, Rule, Sensitive, Service, Team
from recoverycore.engine import Texts
from recoverycore.escalation.verification.findings import CODES
from tests.engine.clinic import CALL, ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, rows, told

LOW = {
    "id": "p_low",
    "level": 1,
    "zone": "Europe/London",
    "triggers": ["code_word"],
    "channels": ["sms", "voice"],
    "owner_role": "supervisor",
    "hold_roles": ["peer", "supervisor"],
    "steps": [{"id": "a", "targets": [{"role": "peer"}]}, {"id": "end", "terminal": True, "mode": "show"}],
}


def rule(engine: Engine, **fields: Any) -> None:
    engine.put(Rule.model_validate(fields), at=NIGHT)


def changed(engine: Engine, protocol: str, **fields: Any) -> None:
    kept = engine.get(Protocol, protocol)
    assert kept is not None
    engine.put(Protocol.model_validate({**kept.to_data(), **fields}), at=NIGHT)


def hour(engine: Engine) -> None:
    for minute in range(1, 61):
        engine.tick(NIGHT + minute * MINUTE)


def damage(engine: Engine, run: str) -> None:
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put("run", run, {"client": ME, "rule": "r_code", "state": {}}, unit.get("run", run).rev)


def test_an_emergency_opens_contact_for_the_very_run_that_begins() -> None:
    engine = clinic()
    steps = [{"id": "s", "targets": [{"service": "mobile_team"}], "ack_within": "PT5M"}, STORY.start.protocols[1].steps[-1].to_data()]
    changed(engine, "p_go_now", steps=steps)
    engine.report(client=ME, kind="go_now_signal", at=NIGHT)
    assert told(engine) == [("mobile_team", "sms")]


def test_a_run_whose_protocol_does_not_list_the_event_begins_all_the_same_and_check_says_so_before() -> None:
    engine = clinic()
    rule(engine, id="r_x", when={"event": "missed_check_in"}, level=3, protocol="p_code")
    assert [(each.name, each.path) for each in engine.check(client=ME)] == [("trigger_not_listed", "/r_x/when/event")]
    engine.report(client=ME, kind="missed_check_in", at=NIGHT)
    assert [state.status for state in engine.runs(client=ME)] == ["open"]
    assert told(engine) == [("peer_ade", "voice")]


def test_a_call_under_a_protocol_that_is_not_fit_for_a_crisis_still_has_an_end() -> None:
    engine = clinic(accepted_findings={"p_low": dict.fromkeys(CODES, "to be seen here")})
    engine.put(Protocol.model_validate(LOW), at=NIGHT)
    rule(engine, id="r_code", when={"event": "code_word"}, level=3, protocol="p_low")
    assert {"no_deadline", "no_alarm", "no_contact_clock"} <= {each.name for each in engine.check(client=ME)}
    call(engine)
    assert engine.next_due() == NIGHT + 10 * MINUTE
    hour(engine)
    assert [state.status for state in engine.runs(client=ME)] == ["exhausted"]
    assert "lead_noor" in {to for to, _ in told(engine)}


def test_a_rule_whose_protocol_is_missing_keeps_no_other_from_answering() -> None:
    engine = clinic()
    rule(engine, id="other", when={"event": "code_word"}, level=4, protocol="p_typo")
    call(engine)
    assert told(engine) == [("peer_ade", "voice")]
    assert [row["rule"] for row in rows(engine, "rule_failed")] == ["other"]
    assert "safety_check" in {row["kind"] for row in rows(engine, "obligation")}


def test_beside_a_run_that_cannot_be_read_another_is_opened() -> None:
    engine = clinic()
    run = call(engine)
    damage(engine, run)
    assert call(engine, NIGHT + MINUTE, "m-2") != run
    assert [row["run"] for row in rows(engine, "run_unreadable")] == [run]


def test_a_paper_that_cannot_be_read_wakes_staff_and_tells_nothing() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put(f"directive of {ME}", "c9", {"id": 7}, None)
    call(engine)
    assert [(message.to, message.content_class) for message in deliverer.seen] == [("peer_ade", "C0")]


def test_a_run_goes_on_with_the_facts_it_has_when_new_ones_cannot_be_read() -> None:
    engine = clinic()
    run = call(engine)
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put("service", "broken", {"id": 7}, None)
    engine.tick(NIGHT + 5 * MINUTE)
    assert "cm_quinn" in {to for to, _ in told(engine)}
    engine.acknowledge(run, by="cm_quinn", at=NIGHT + 6 * MINUTE)
    assert rows(engine, "facts_unreadable")


def test_a_shift_never_begins_at_the_end_of_a_day() -> None:
    data = STORY.start.team.to_data()
    data["roster"][0]["from"] = "24:00"
    with pytest.raises(DocumentError) as caught:
        Team.model_validate(data)
    assert caught.value.problems[0].path == "/roster/0/from"


@pytest.mark.parametrize("text", ["Please answer. Ref {ref}", "{name}, answer", "{", "{0}", "{reference.x}"])
def test_a_text_that_cannot_be_put_together_is_found_before_the_first_crisis(text: str) -> None:
    with pytest.raises(DocumentError) as caught:
        Texts(c0=text)
    assert caught.value.name == "bad_text"


def test_an_answer_counts_before_whatever_is_due_also_when_something_changed_around_the_run() -> None:
    engine = clinic()
    run = call(engine)
    team = STORY.start.team
    engine.put(team.evolve(members=tuple(each for each in team.members if each.id != "friend_bea")), client=ME, at=NIGHT)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + 40 * MINUTE)
    assert told(engine) == [("peer_ade", "voice")]
    assert engine.runs(client=ME)[0].owner == "peer_ade"


def test_an_unchanged_world_adds_nothing_to_a_run() -> None:
    engine = clinic()
    run = call(engine)
    team = STORY.start.team
    engine.put(team.evolve(members=tuple(each for each in team.members if each.id != "friend_bea")), client=ME, at=NIGHT)
    engine.event(run, "note", by="peer_ade", at=NIGHT)
    before = len(engine.runs(client=ME)[0].applied)
    engine.event(run, "note", by="peer_ade", at=NIGHT)
    assert len(engine.runs(client=ME)[0].applied) == before + 1


def test_after_a_duress_word_nothing_is_shown_to_the_person_whatever_comes_next() -> None:
    engine = clinic()
    engine.put(STORY.start.code_words[0].evolve(meaning="duress"), client=ME, at=NIGHT)
    rule(engine, id="n", when={"event": "code_word"}, offer="coping")
    call(engine)
    engine.put(STORY.start.code_words[0], client=ME, at=NIGHT)
    later = engine.receive(client=ME, text=CALL, via="sms", message_id="m-2", at=NIGHT + MINUTE)
    assert later.facts["silent"] is True
    assert rows(engine, "offer") == []


def test_a_notice_never_goes_to_an_outsider_whom_consent_does_not_permit() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    members = tuple(each.evolve(channels=("sms",)) if each.id == "friend_bea" else each for each in STORY.start.team.members)
    engine.put(STORY.start.team.evolve(members=members), client=ME, at=NIGHT)
    rule(engine, id="n", when={"event": "slip"}, tell=[{"person": "friend_bea"}], categories=["sud_treatment"])
    engine.report(client=ME, kind="slip", at=NIGHT)
    assert deliverer.seen == []
    assert [row["to"] for row in rows(engine, "not_permitted")] == ["friend_bea"]
    rule(engine, id="n2", when={"event": "fall"}, tell=[{"person": "friend_bea"}], purpose="crisis", categories=["sud_treatment"])
    engine.report(client=ME, kind="fall", at=NIGHT)
    assert [(message.to, message.content_class) for message in deliverer.seen] == [("friend_bea", "C0")]


def test_a_retry_tells_only_of_what_is_still_permitted_when_it_goes() -> None:
    seen: list[Any] = []

    def answer(message: Any) -> Receipt:
        seen.append(message)
        return Receipt("failed_transient" if len(seen) == 1 else "handed_over")

    engine = clinic([Deliverer(answer)])
    team = STORY.start.team
    engine.put(team.evolve(members=tuple(each.evolve(channels=("app",)) for each in team.members)), client=ME, at=NIGHT)
    steps = [{**STORY.start.protocols[0].steps[0].to_data(), "targets": [{"role": "peer", "categories": ["sud_treatment"]}]}]
    changed(engine, "p_code", steps=[*steps, *(each.to_data() for each in STORY.start.protocols[0].steps[1:])])
    call(engine)
    paper = STORY.start.directives[0]
    narrow = paper.boxes[0].evolve(categories=("contact", "safety_plan"))
    engine.put(Directive.model_validate({**paper.to_data(), "boxes": [narrow.to_data()]}), client=ME, at=NIGHT)
    engine.tick(NIGHT + MINUTE)
    assert [message.categories for message in seen] == [("sud_treatment",), ()]


def test_text_that_json_cannot_hold_is_refused_without_being_repeated() -> None:
    engine = clinic()
    run = call(engine)
    with pytest.raises(DocumentError) as caught:
        engine.event(run, "stand_down", by="oncall", reason="canary \ud83d", at=NIGHT)
    assert "canary" not in repr(caught.value) + repr(caught.value.__context__) + repr(caught.value.__cause__)


def test_an_event_is_what_it_says_it_is() -> None:
    engine = clinic()
    run = call(engine)
    with pytest.raises(DocumentError):
        engine.event(run, "note", at=NIGHT, type="ack", by="peer_ade")


def test_an_obligation_of_the_hosts_own_is_never_written_over() -> None:
    from recoverycore import Obligation

    engine = clinic()
    engine.put(Obligation(id="o2", kind="court", owner="cm_quinn"), client=ME, at=NIGHT)
    call(engine)
    assert {each.id: each.kind for each in engine.obligations(client=ME)} == {"o2": "court", "o3": "same_day_slot"}


def test_a_notice_that_was_seen_is_not_sent_again_for_a_late_failure() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    rule(engine, id="n", when={"event": "slip"}, tell=[{"person": "cm_quinn"}], categories=["goals"])
    engine.report(client=ME, kind="slip", at=NIGHT)
    engine.receipt(deliverer.keys[0], "seen", human=True, at=NIGHT)
    engine.receipt(deliverer.keys[0], "failed_permanent", at=NIGHT + MINUTE)
    assert len(deliverer.keys) == 1


def test_a_timer_that_lost_its_generation_is_set_right_at_the_next_look() -> None:
    engine = clinic()
    run = call(engine)
    with vars(engine)["_shell"].store.unit() as unit:
        unit.set_timer(run, NIGHT + MINUTE, 99, 3)
    engine.tick(NIGHT + MINUTE)
    assert engine.next_due() == NIGHT + 5 * MINUTE


def test_a_message_that_can_never_be_put_together_does_not_wait_for_ever() -> None:
    engine = clinic([Deliverer(lambda _: Receipt("failed_transient"))], tries=3)
    damage(engine, call(engine))
    hour(engine)
    with vars(engine)["_shell"].store.unit() as unit:
        assert {row.status for row in unit.outbox()} == {"failed_permanent"}


def test_a_message_that_is_no_call_still_is_a_message() -> None:
    engine = clinic()
    assert engine.receive(client=ME, text=Sensitive("hello"), via="sms", message_id="m", at=NIGHT).run is None
    assert engine.kept(Service)


def test_a_notice_beside_a_call_that_cannot_be_worked_out_keeps_nobody_from_being_woken() -> None:
    engine = clinic()
    rule(engine, id="a_notice", when={"event": "code_word"}, categories=["contact"], tell=[{"role": "supervisor"}])
    with vars(engine)["_shell"].store.unit() as unit:
        found = unit.get("service", "mobile_team")
        unit.put("service", "mobile_team", {"id": 3}, found.rev)
    call(engine)
    assert ("peer_ade", "voice") in told(engine)
    assert [row["rule"] for row in rows(engine, "rule_failed")] == ["a_notice"]


def test_a_rule_that_cannot_be_read_keeps_no_other_from_answering_a_call() -> None:
    engine = clinic()
    rule(engine, id="broken", when={"event": "code_word"}, tell=[{"role": "supervisor"}])
    with vars(engine)["_shell"].store.unit() as unit:
        unit.put("rule", "broken", {"id": "broken"}, unit.get("rule", "broken").rev)
    call(engine)
    assert ("peer_ade", "voice") in told(engine)
    assert rows(engine, "rule_unreadable")


def duress(engine: Engine) -> None:
    """A run that was begun by a duress word."""
    run = call(engine)
    with vars(engine)["_shell"].store.unit() as unit:
        listed = unit.get(f"run of {ME}", run)
        unit.put(f"run of {ME}", run, {**listed.body, "silent": True}, listed.rev)


def test_a_notice_to_the_client_that_waits_when_a_duress_word_comes_is_never_sent() -> None:
    busy = Deliverer(lambda message: Receipt("failed_transient" if message.to == ME else "handed_over"))
    engine = clinic([busy])
    rule(engine, id="news", when={"event": "news"}, tell=[{"client": True}])
    engine.report(client=ME, kind="news", at=NIGHT)
    duress(engine)
    for minute in range(1, 20):
        engine.tick(NIGHT + minute * MINUTE)
    assert [message.to for message in busy.seen].count(ME) == 1


@pytest.mark.parametrize("tell", [{"client": True}, {"person": ME}])
def test_after_a_duress_word_no_rule_tells_the_client_anything_however_it_names_them(tell: dict[str, Any]) -> None:
    engine = clinic()
    duress(engine)
    rule(engine, id="news", when={"event": "news"}, tell=[tell])
    engine.report(client=ME, kind="news", at=NIGHT + MINUTE)
    assert ME not in {who for who, _ in told(engine)}
    assert rows(engine, "no_contact")


def test_a_notice_that_bounces_after_it_was_handed_over_goes_by_the_next_channel_that_its_rule_allows() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    rule(engine, id="news", when={"event": "news"}, tell=[{"person": "cm_quinn"}], channels=["sms", "app"])
    engine.report(client=ME, kind="news", at=NIGHT)
    engine.receipt(deliverer.keys[-1], "failed_permanent", at=NIGHT + MINUTE)
    assert [channel for who, channel in told(engine) if who == "cm_quinn"] == ["sms", "app"]
    engine.receipt(deliverer.keys[-1], "failed_permanent", at=NIGHT + 2 * MINUTE)
    assert [row["to"] for row in rows(engine, "not_reached")] == ["cm_quinn"]


def test_a_call_for_help_is_handed_over_before_any_rule_looks_back_over_a_long_history() -> None:
    seen: list[int] = []
    engine = clinic([Deliverer(lambda _: seen.append(len(rows(engine, "notice"))) or Receipt("handed_over"))])
    quiet = {"facts": {"q": {"of": "silence", "within": "P1D"}}, "when": {"fact": "q", "op": "eq", "value": True}}
    rule(engine, id="r_quiet", **quiet, tell=[{"role": "supervisor"}])
    engine.report(client=ME, kind="check_in", by=ME, at=NIGHT)
    run = call(engine, NIGHT + 3 * 24 * 60 * MINUTE)
    assert run
    assert seen[0] == 0
    assert len(rows(engine, "notice")) == 1
