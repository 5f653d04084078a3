"""A dry run: it says what would happen, that is what then happens, and by itself it changes nothing and calls nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from recoverycore import Directive, Engine, NotFound, Receipt, RecoveryHooks, StoreError, hookimpl
from tests.engine.clinic import CALL, ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, misbehave

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

PEOPLE = ("peer_ade", "cm_quinn", "oncall", "lead_noor", "mobile_team", "friend_bea", "nobody")


def rows_after(engine: Engine, before: int) -> list[dict[str, Any]]:
    """What was added to the record, but for what plugins give: that no dry run can know."""
    return [row for row in engine.timeline().to_rows()[before:] if row["what"] != "offer"]


def refusal(number: int) -> Directive:
    start = STORY.start.directives[0]
    boxes = (start.boxes[0].evolve(recipients=({"person": PEOPLE[number % len(PEOPLE)]},)),)
    return Directive.model_validate(start.evolve(id="c9", polarity="deny", boxes=boxes).to_data())


Act = tuple[str, int, int]
"""What is done, by whom, and how many seconds after what came before."""
KINDS = ("call", "go_now", "tick", "ack", "decline", "un_ack", "hand_over", "escalate", "stand_down", "refuse", "receipt", "retract")
acts = st.tuples(st.sampled_from(KINDS), st.integers(0, len(PEOPLE) - 1), st.sampled_from([0, 30, 60, 300, 900, 3600]))


def perform(engine: Engine, act: Act, at: datetime, number: int) -> None:
    """Carry out one act; where there is nothing for it, it is a tick."""
    kind, who, _ = act
    command = f"act-{number}"
    runs = engine.runs(client=ME)
    events = {"ack": "ack", "decline": "decline", "un_ack": "un_ack", "escalate": "escalate"}
    if kind == "call":
        engine.receive(client=ME, text=CALL, via="sms", message_id=command, at=at)
    elif kind == "go_now":
        engine.report(client=ME, kind="go_now_signal", at=at, command_id=command)
    elif kind == "refuse":
        engine.put(refusal(who), client=ME, at=at, command_id=command)
    elif kind in events and runs:
        engine.event(runs[who % len(runs)].run, events[kind], by=PEOPLE[who], at=at, command_id=command)
    elif kind == "hand_over" and runs:
        engine.event(runs[0].run, kind, by=PEOPLE[who], to="oncall", at=at, command_id=command)
    elif kind == "stand_down" and runs:
        engine.event(runs[0].run, kind, by="oncall", reason="over", at=at, command_id=command)
    elif kind == "receipt" and runs and runs[0].messages:
        keys = list(runs[0].messages)
        engine.receipt(keys[who % len(keys)], "failed_permanent", at=at, command_id=command)
    else:
        engine.tick(at)


def performed(engine: Engine, given_acts: list[Act], at: datetime, first: int) -> datetime:
    for number, act in enumerate(given_acts, first):
        at += timedelta(seconds=act[2])
        perform(engine, act, at, number)
    return at


@given(before=st.lists(acts, max_size=5), then=st.lists(acts, min_size=1, max_size=3))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_what_a_dry_run_says_is_what_then_happens(before: list[Act], then: list[Act]) -> None:
    engine = clinic([Deliverer()])
    at = performed(engine, before, NIGHT, 0)
    kept, length = engine.export(), len(engine.timeline().to_rows())
    would = engine.rehearse(lambda trial: performed(trial, then, at, 100))
    assert engine.export() == kept
    performed(engine, then, at, 100)
    assert would.happened.to_rows() == rows_after(engine, length)


def test_every_line_of_a_dry_run_that_is_an_effect_has_its_reasons() -> None:
    engine = clinic([Deliverer()])
    run = call(engine)
    would = engine.rehearse(lambda trial: trial.tick(NIGHT + 5 * MINUTE))
    assert [(row["what"], row["code"]) for row in would.to_rows()] == [
        ("decided", "stage_left:timeout"),
        ("decided", "stage_entered"),
        ("message", "ask"),
    ]
    assert all(row["run"] == run and row["because"] == "tick" and row["why"] for row in would.to_rows())
    assert "cm_quinn was asked over sms" in str(would)
    assert would.in_zone("America/New_York").explain().startswith("2026-11-04T17:52:00-05:00")


def test_a_message_is_rehearsed_with_the_chain_that_follows_it() -> None:
    engine = clinic([Deliverer()])

    def nobody_answers(trial: Engine) -> None:
        trial.receive(client=ME, text=CALL, via="sms", message_id="m-1", at=NIGHT)
        for minute in (5, 10, 15, 25):
            trial.tick(NIGHT + minute * MINUTE)

    would = engine.rehearse(nobody_answers)
    told = [each.subject for each in would.reasons.causes if each.what == "message"]
    assert list(dict.fromkeys(told)) == ["peer_ade", "cm_quinn", "oncall", "mobile_team", "lead_noor"]
    assert engine.runs(client=ME) == ()


class Watching(RecoveryHooks):
    """Would tell of every call."""

    recoverycore_name = "watching"

    def __init__(self) -> None:
        self.called: list[str] = []

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
        self.called.append("directories")

    @hookimpl
    def recovery_on_audit(self, entry: Any) -> None:  # noqa: ARG002 - the hook's own signature
        self.called.append("audit")

    @hookimpl
    def recovery_on_tick(self, at: datetime, next_due: datetime | None) -> None:  # noqa: ARG002 - the hook's own signature
        self.called.append("tick")


def test_no_plugin_is_called_and_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    watching, deliverer = Watching(), Deliverer()
    engine = clinic([watching, deliverer])
    call(engine)
    watching.called.clear()
    deliverer.seen.clear()
    engine.rehearse(lambda trial: (trial.tick(NIGHT + 60 * MINUTE), call(trial, NIGHT + 60 * MINUTE, "m-2")))
    assert watching.called == []
    assert deliverer.seen == []
    assert caplog.text == ""  # nobody forgot to call tick: it was only tried


def test_a_message_that_waits_counts_as_sent_in_the_trial_and_still_waits_after_it(tmp_path: Path) -> None:
    answers: list[Any] = ["raises", "works"]
    deliverer = Deliverer(lambda _: misbehave(answers[0]) if answers[0] == "raises" else Receipt("handed_over"))
    with clinic([deliverer], path=tmp_path / "clinic.db") as engine:
        run = engine.run(call(engine))
        would = engine.rehearse(lambda trial: trial.tick(NIGHT + 4 * MINUTE))
        assert [row["status"] for row in would.happened.to_rows() if row["what"] == "handed_out"] == ["handed_over"]
        assert [each.status for each in run.state.messages.values()] == ["queued"]
        answers.pop(0)
        engine.tick(NIGHT + 4 * MINUTE)
        assert [each.status for each in run.state.messages.values()] == ["handed_over"]


@pytest.mark.parametrize("kept_in", ["memory", "file"])
def test_an_error_comes_through_and_leaves_nothing(kept_in: str, tmp_path: Path) -> None:
    engine = clinic([Deliverer()], path=tmp_path / "clinic.db" if kept_in == "file" else None)
    before = engine.export()

    def act(trial: Engine) -> None:
        call(trial)
        trial.acknowledge("run-x", by="peer_ade", at=NIGHT)

    with pytest.raises(NotFound):
        engine.rehearse(act)
    assert engine.export() == before
    engine.close()


def _after_an_error(trial: Engine) -> None:
    with pytest.raises(NotFound):
        trial.acknowledge("run-x", by="peer_ade", at=NIGHT)
    trial.tick(NIGHT)


MISUSED: dict[str, tuple[Callable[[Engine], Callable[[Engine], object]], str]] = {
    "the engine itself": (lambda engine: lambda _: engine.tick(NIGHT), "unit_nested"),
    "a trial after an error": (lambda _: _after_an_error, "unit_ended"),
}


@pytest.mark.parametrize("case", MISUSED)
def test_what_would_leave_half_of_something_is_refused(case: str) -> None:
    engine = clinic([Deliverer()])
    made, name = MISUSED[case]
    with pytest.raises(StoreError) as caught:
        engine.rehearse(made(engine))
    assert caught.value.name == name


def test_a_trial_that_is_kept_can_do_nothing_more() -> None:
    engine = clinic([Deliverer()])
    kept: list[Engine] = []
    engine.rehearse(kept.append)
    with pytest.raises(StoreError):
        call(kept[0])
    kept[0].close()
    assert call(engine)
