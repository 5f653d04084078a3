"""A command is one transaction, carried out once: what is repeated, what is refused, and what stays as it was."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from recoverycore import Client, Conflict, DocumentError, Engine, NotAllowed, NotFound, Obligation, Protocol, RecoveryError, Sensitive
from recoverycore.ground import ManualClock
from recoverycore.ground.canonical import canonical_json
from recoverycore.plans import Content
from tests.engine.clinic import CALL, ME, MINUTE, NIGHT, Deliverer, call, clinic, rows, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_code_word_opens_the_run_that_its_rule_asks_for() -> None:
    engine = clinic()
    run = call(engine)
    assert [(state.run, state.level, state.status) for state in engine.runs(client=ME)] == [(run, 3, "open")]
    assert told(engine) == [("peer_ade", "voice")]


def test_a_message_delivered_twice_is_one_message() -> None:
    engine = clinic()
    first = engine.receive(client=ME, text=CALL, via="sms", message_id="m-1", at=NIGHT)
    again = engine.receive(client=ME, text=CALL, via="sms", message_id="m-1", at=NIGHT + MINUTE)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.facts == again.facts
    assert len(told(engine)) == 1


def test_another_text_under_the_same_message_id_is_not_lost() -> None:
    engine = clinic()
    engine.receive(client=ME, text=Sensitive("see you on Friday"), via="sms", message_id="m-1", at=NIGHT)
    assert engine.receive(client=ME, text=CALL, via="sms", message_id="m-1", at=NIGHT).facts["runs"]


def test_a_second_call_goes_to_the_run_that_is_going() -> None:
    engine = clinic()
    assert call(engine) == call(engine, NIGHT + MINUTE, "m-2")
    assert len(engine.runs(client=ME)) == 1


def test_after_a_run_is_over_a_call_opens_another() -> None:
    engine = clinic()
    run = call(engine)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    engine.event(run, "stand_down", by="oncall", reason="a mistake, she says", at=NIGHT + 2 * MINUTE)
    assert call(engine, NIGHT + 3 * MINUTE, "m-2") != run


def test_a_message_without_the_word_opens_nothing_and_answers_the_same_shape() -> None:
    engine = clinic()
    answer = engine.receive(client=ME, text=Sensitive("see you on Friday"), via="sms", message_id="m-1", at=NIGHT)
    assert answer.facts == {"runs": [], "silent": False}
    assert engine.runs(client=ME) == ()


def test_after_ten_misses_in_an_hour_somebody_looks() -> None:
    engine = clinic()
    for number in range(11):
        engine.receive(client=ME, text=Sensitive(f"text {number}"), via="sms", message_id=f"m-{number}", at=NIGHT + number * MINUTE)
    looks = [row for row in rows(engine, "obligation") if row["kind"] == "safety_check"]
    assert [row["owner"] for row in looks] == ["case_manager"]


def test_ten_misses_long_ago_are_no_reason_to_look() -> None:
    engine = clinic()
    for number in range(11):
        engine.receive(client=ME, text=Sensitive(f"text {number}"), via="sms", message_id=f"m-{number}", at=NIGHT + 7 * number * MINUTE)
    assert rows(engine, "obligation") == []


def test_the_same_command_again_gives_the_first_answer() -> None:
    engine = clinic()
    run = call(engine)
    first = engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE, command_id="ack-1")
    again = engine.acknowledge(run, by="peer_ade", at=NIGHT + 9 * MINUTE, command_id="ack-1")
    assert again.repeated
    assert (again.facts, again.rows) == (first.facts, first.rows)


def test_a_command_id_used_for_something_else_is_refused() -> None:
    engine = clinic()
    run = call(engine)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE, command_id="c")
    before = engine.export()
    with pytest.raises(Conflict) as caught:
        engine.acknowledge(run, by="cm_quinn", at=NIGHT + MINUTE, command_id="c")
    assert caught.value.name == "command_id_reused"
    assert engine.export() == before


def test_somebody_elses_change_in_between_is_not_overwritten() -> None:
    engine = clinic()
    seen = engine.put(Client(id="c-2"), expected_rev=0, at=NIGHT).facts["rev"]
    engine.put(Client(id="c-2", pronouns="she"), expected_rev=seen, at=NIGHT)
    with pytest.raises(Conflict) as caught:
        engine.put(Client(id="c-2", pronouns="they"), expected_rev=seen, at=NIGHT)
    assert caught.value.name == "revision_conflict"
    kept = engine.get(Client, "c-2")
    assert kept is not None
    assert kept.pronouns == "she"


def test_the_same_document_again_is_no_new_revision() -> None:
    engine = clinic()
    revisions = [engine.put(Client(id="c-2"), at=NIGHT).facts["rev"] for _ in range(3)]
    assert revisions == [1, 1, 1]


REFUSED: dict[str, tuple[Callable[[Engine], object], type[RecoveryError], str]] = {
    "a naive time": (lambda engine: engine.tick(NIGHT.replace(tzinfo=None)), RecoveryError, "naive_time"),
    "nobody by this id": (lambda engine: engine.report(client="nobody", kind="code_word", at=NIGHT), NotFound, "unknown_client"),
    "no such run": (lambda engine: engine.acknowledge("run-none", by="peer_ade", at=NIGHT), NotFound, "unknown_run"),
    "an unknown event": (lambda engine: engine.event(call(engine), "celebrate", at=NIGHT), DocumentError, "not_listed"),
    "an event without what it needs": (lambda engine: engine.event(call(engine), "decline", at=NIGHT), DocumentError, "missing_field"),
    "a misspelt field": (lambda engine: engine.event(call(engine), "ack", bye="ade", at=NIGHT), DocumentError, "unknown_field"),
    "nothing by this id is owed": (lambda engine: engine.discharge("o99", client=ME, by="ade", at=NIGHT), NotFound, "unknown_obligation"),
    "a document of nobody": (lambda engine: engine.put(Obligation(id="o", kind="task"), at=NIGHT), DocumentError, "client_needed"),
    "a client's client": (lambda engine: engine.put(Client(id="c"), client=ME, at=NIGHT), DocumentError, "client_not_expected"),
    "a part of a document": (lambda engine: engine.put(Content(), at=NIGHT), NotFound, "not_kept"),
    "a plan nobody wrote": (
        lambda engine: engine.revise("safety", Content(), client=ME, provenance={}, at=NIGHT),
        NotAllowed,
        "plan_refused",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_one_clear_error_and_changes_nothing(case: str) -> None:
    act, kind, name = REFUSED[case]
    engine = clinic()
    if "event" in case or "field" in case:
        call(engine)
    before = engine.export()
    with pytest.raises(kind) as caught:
        act(engine)
    assert caught.value.name == name
    assert caught.value.problems[0].hint
    assert engine.export() == before


def test_a_slot_after_the_last_day_it_may_lie_on_leaves_the_task_open() -> None:
    engine = clinic()
    call(engine)
    owed = engine.obligations(client=ME)[0]
    with pytest.raises(NotAllowed) as caught:
        engine.book(owed.id, client=ME, slot=NIGHT + 48 * 60 * MINUTE, with_="cn_shah", by="cm_quinn", at=NIGHT)
    assert caught.value.name == "slot_too_late"
    assert engine.obligations(client=ME)[0].discharged_at is None


def test_what_rules_refer_to_and_nobody_knows_is_told_before_the_first_crisis() -> None:
    accepted = {"unfillable_step": "to be seen here", "single_provider": "to be seen here"}
    engine = clinic(accepted_findings={"p_code": accepted})
    assert engine.check(client=ME) == ()
    protocol = engine.kept(Protocol)[0]
    wrong = protocol.to_data()
    wrong["steps"][0]["targets"] = [{"person": "peer_aed"}]
    engine.put(Protocol.model_validate(wrong), at=NIGHT)
    found = engine.check(client=ME)
    assert [(each.name, each.did_you_mean) for each in found] == [("unknown_target", "peer_ade")]


def test_an_engine_on_a_file_goes_on_where_it_was(tmp_path: Path) -> None:
    with clinic(path=tmp_path / "clinic.db") as engine:
        run = call(engine)
    with Engine.open(tmp_path / "clinic.db", [Deliverer()], clock=ManualClock(NIGHT)) as engine:
        assert engine.next_due() == NIGHT + 5 * MINUTE
        assert [state.run for state in engine.runs(client=ME)] == [run]


def test_what_is_kept_of_a_command_is_the_one_text_of_what_it_says(tmp_path: Path) -> None:
    with clinic(path=tmp_path / "clinic.db") as engine:
        run = call(engine)
        done = engine.event(run, "note", by="peer_ade", at=NIGHT + MINUTE, command_id='a "quoted" \u00fc')
        assert [row["what"] for row in done.rows] == ["event", "decided"]
    with closing(sqlite3.connect(tmp_path / "clinic.db")) as tool:
        texts = [text for pair in tool.execute("SELECT body, result FROM command") for text in pair]
        links = [text for (text,) in tool.execute("SELECT body FROM audit")]
    assert [canonical_json(json.loads(text)) for text in texts] == texts
    last = json.loads(texts[-1])["result"]
    assert (last["facts"], last["rows"]) == (done.facts, done.rows)
    assert [canonical_json(row) for row in done.rows] == links[-len(done.rows) :]
