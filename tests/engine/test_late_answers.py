"""What a deliverer says after its deadline: in the record when it comes, and taken like a receipt that comes later."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, OutgoingMessage, Receipt, Rule
from recoverycore.engine import delivery
from recoverycore.ground import ManualClock
from recoverycore.hooks import Plugins
from tests.engine.clinic import ME, MINUTE, NIGHT, Deliverer, call, clinic, rows, settings, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SOON = timedelta(milliseconds=30)
HANDED_OVER, FAILED = Receipt("handed_over"), Receipt("failed_permanent")


class Slow(Deliverer):
    """Says nothing about a channel until `let_go`, and then what it is given, once for each attempt; of any other channel at once."""

    def __init__(self, *answers: Any, channel: str = "voice", name: str = "slow") -> None:
        super().__init__(self._answer, name)
        self.answers = list(answers)
        self.gates = [threading.Event() for _ in answers]
        self.channel = channel

    def _answer(self, message: OutgoingMessage) -> Any:
        attempt = sum(each.channel == self.channel for each in self.seen) - 1
        if message.channel != self.channel or attempt >= len(self.answers):
            return HANDED_OVER
        assert self.gates[attempt].wait(60)
        answer = self.answers[attempt]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def let_go(self, attempt: int = 0) -> None:
        """Let the answer to an attempt come, and wait until it has been taken."""
        self.gates[attempt].set()
        wait_for(lambda: sum(each.is_alive() for each in self.threads()) <= sum(not each.is_set() for each in self.gates))

    def threads(self) -> list[threading.Thread]:
        """The calls of it that still run."""
        return [each for each in threading.enumerate() if each.name == f"recoverycore:{self.recoverycore_name}"]


def wait_for(come: Callable[[], bool]) -> None:
    """Wait until something has come about, as long as any machine may need."""
    until = time.monotonic() + 60
    while not come():
        assert time.monotonic() < until
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Iterator[None]:
    yield
    wait_for(lambda: not [each for each in threading.enumerate() if each.name.startswith("recoverycore:")])


def message_of(engine: Engine, run: str, key: str) -> str:
    (state,) = (each for each in engine.runs(client=ME) if each.run == run)
    return state.messages[key].status


def late(engine: Engine) -> list[tuple[str, str, int]]:
    return [(row["plugin"], row["status"], row["attempt"]) for row in rows(engine, "late_answer")]


def test_a_real_slow_deliverer_settles_its_message_when_it_answers() -> None:
    """With nothing but time in between."""

    def slow(_: OutgoingMessage) -> Receipt:
        time.sleep(0.3)
        return Receipt("accepted")

    deliverer = Deliverer(slow)
    engine = clinic([deliverer], deliver_within=timedelta(milliseconds=50))
    run = call(engine)
    assert rows(engine, "not_yet_sent")[0]["status"] == "unconfirmed"
    wait_for(lambda: bool(rows(engine, "receipt")))
    assert late(engine) == [("deliverer", "accepted", 1)]
    assert message_of(engine, run, deliverer.keys[0]) == "accepted"
    engine.tick(NIGHT + MINUTE)
    assert len(deliverer.keys) == 1


def test_a_message_that_went_out_after_all_is_not_sent_again() -> None:
    slow = Slow(HANDED_OVER)
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    assert rows(engine, "late_answer") == []
    slow.let_go()
    assert late(engine) == [("slow", "handed_over", 1)]
    assert message_of(engine, run, slow.keys[0]) == "handed_over"
    engine.tick(NIGHT + 2 * MINUTE)
    assert len(slow.keys) == 1


def test_a_failure_that_comes_late_goes_to_the_next_channel_at_once() -> None:
    """Without anybody calling anything."""
    slow = Slow(FAILED)
    engine = clinic([slow], deliver_within=SOON)
    call(engine)
    assert told(engine) == [("peer_ade", "voice")]
    slow.let_go()
    assert told(engine) == [("peer_ade", "voice"), ("peer_ade", "sms")]
    assert [each.channel for each in slow.seen] == ["voice", "sms"]
    engine.tick(NIGHT + 2 * MINUTE)
    assert [each.channel for each in slow.seen] == ["voice", "sms"]


def test_a_notice_that_failed_late_goes_to_the_next_channel_once() -> None:
    slow = Slow(FAILED)
    engine = clinic([slow], deliver_within=SOON)
    notice = {"id": "n", "when": {"event": "slip"}, "tell": [{"person": "cm_quinn"}], "categories": ["goals"]}
    engine.put(Rule.model_validate(notice), at=NIGHT)
    engine.report(client=ME, kind="slip", at=NIGHT)
    slow.let_go()
    engine.tick(NIGHT + 2 * MINUTE)
    assert [each.channel for each in slow.seen] == ["voice", "sms"]


@pytest.mark.parametrize("answer", [None, object(), RuntimeError("canary"), Receipt("leased"), Receipt("failed_transient")])
def test_what_says_nothing_of_the_message_is_in_the_record_only(answer: Any) -> None:
    """It is tried again as if nothing had come."""
    slow = Slow(answer)
    engine = clinic([slow], deliver_within=SOON)
    call(engine)
    slow.let_go()
    assert len(late(engine)) == 1
    assert rows(engine, "receipt") == []
    engine.tick(NIGHT + MINUTE)
    assert [each.channel for each in slow.seen] == ["voice", "voice"]
    assert "canary" not in str(engine.timeline().to_rows())


def test_a_failure_counts_only_where_no_other_deliverer_has_the_message() -> None:
    slow = Slow(FAILED)
    engine = clinic([slow, Deliverer(name="quick")], deliver_within=SOON)
    run = call(engine)
    slow.let_go()
    assert late(engine) == [("slow", "failed_permanent", 1)]
    assert message_of(engine, run, slow.keys[0]) == "handed_over"
    assert told(engine) == [("peer_ade", "voice")]


def test_a_failure_of_an_earlier_try_does_not_speak_for_the_last() -> None:
    slow = Slow(FAILED, HANDED_OVER)
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    engine.tick(NIGHT + MINUTE)
    slow.let_go(0)
    assert told(engine) == [("peer_ade", "voice")]
    slow.let_go(1)
    assert late(engine) == [("slow", "failed_permanent", 1), ("slow", "handed_over", 2)]
    assert message_of(engine, run, slow.keys[0]) == "handed_over"


def test_that_an_earlier_try_went_out_counts_for_the_message() -> None:
    slow = Slow(HANDED_OVER, None)
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    engine.tick(NIGHT + MINUTE)
    slow.let_go(0)
    assert message_of(engine, run, slow.keys[0]) == "handed_over"
    engine.tick(NIGHT + 4 * MINUTE)
    slow.let_go(1)
    assert [each.channel for each in slow.seen].count("voice") == 2


def test_a_better_receipt_that_came_before_stays() -> None:
    slow = Slow(HANDED_OVER)
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    engine.receipt(slow.keys[0], "delivered", at=NIGHT)
    slow.let_go()
    assert message_of(engine, run, slow.keys[0]) == "delivered"


@pytest.mark.parametrize("answer", [HANDED_OVER, FAILED])
def test_in_a_run_that_is_over_it_is_recorded_and_asks_nobody(answer: Receipt) -> None:
    slow = Slow(answer)
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    engine.acknowledge(run, by="cm_quinn", at=NIGHT)
    engine.event(run, "stand_down", by="oncall", reason="she is safe", at=NIGHT)
    before = told(engine)
    slow.let_go()
    assert (late(engine), told(engine)) == ([("slow", answer.status, 1)], before)
    (state,) = (each for each in engine.runs(client=ME) if each.run == run)
    assert state.status == "stood_down"


def test_nobody_holds_a_run_because_an_answer_came_late() -> None:
    slow = Slow(Receipt("answered", human=True))
    engine = clinic([slow], deliver_within=SOON)
    run = call(engine)
    slow.let_go()
    (state,) = (each for each in engine.runs(client=ME) if each.run == run)
    assert (state.status, state.holders) == ("open", [])


def test_time_that_went_on_meanwhile_is_no_clock_that_went_back() -> None:
    slow = Slow(FAILED)
    engine = clinic([slow], deliver_within=SOON, retry=timedelta(hours=1), retry_at_most=timedelta(hours=1))
    run = call(engine)
    engine.tick(NIGHT + 2 * MINUTE)
    engine.event(run, "note", by="cm_quinn", at=NIGHT + 2 * MINUTE)
    slow.let_go()
    assert told(engine)[:2] == [("peer_ade", "voice"), ("peer_ade", "sms")]
    assert rows(engine, "clock_back") == []


def at_once(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer comes after the deadline, and before the engine has written down that nobody knows."""
    call_all = Plugins.fan_out

    def and_then(plugins: Plugins, hook: str, /, **more: Any) -> Any:
        report = call_all(plugins, hook, **more)
        if hook == "recovery_deliver_message" and not slow.gates[0].is_set():
            slow.let_go()
        return report

    monkeypatch.setattr(Plugins, "fan_out", and_then)


def test_an_answer_between_the_deadline_and_the_record_of_the_last_try_is_not_overridden(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(HANDED_OVER)
    at_once(slow, monkeypatch)
    engine = clinic([slow], deliver_within=SOON, tries=1)
    run = call(engine)
    assert message_of(engine, run, slow.keys[0]) == "handed_over"
    assert told(engine) == [("peer_ade", "voice")]


def test_a_failure_between_the_deadline_and_the_record_is_found_out_by_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another deliverer may have the message, which is not written down yet."""
    slow = Slow(FAILED)
    at_once(slow, monkeypatch)
    engine = clinic([slow], deliver_within=SOON)
    call(engine)
    assert late(engine) == [("slow", "failed_permanent", 1)]
    assert told(engine) == [("peer_ade", "voice")]
    engine.tick(NIGHT + MINUTE)
    assert [each.channel for each in slow.seen] == ["voice", "voice"]


def test_an_engine_that_was_closed_meanwhile_takes_nothing_and_its_next_one_sends_again(tmp_path: Path, caplog: Any) -> None:
    slow, again = Slow(FAILED), Deliverer()
    engine = clinic([slow], path=tmp_path / "clinic.db", deliver_within=SOON)
    call(engine)
    engine.close()
    with caplog.at_level(logging.ERROR, "recoverycore.hooks"):
        slow.let_go()
    assert "late outcome of slow was not taken: StoreError" in caplog.text
    with Engine.open(tmp_path / "clinic.db", [again], settings=settings(), clock=ManualClock(NIGHT + MINUTE)) as opened:
        opened.tick(NIGHT + MINUTE)
        assert again.keys == slow.keys
        assert late(opened) == []


def test_what_was_taken_late_is_still_so_after_a_restart(tmp_path: Path) -> None:
    slow, again = Slow(HANDED_OVER), Deliverer()
    engine = clinic([slow], path=tmp_path / "clinic.db", deliver_within=SOON)
    run = call(engine)
    slow.let_go()
    engine.close()
    with Engine.open(tmp_path / "clinic.db", [again], settings=settings(), clock=ManualClock(NIGHT)) as opened:
        assert message_of(opened, run, slow.keys[0]) == "handed_over"
        opened.tick(NIGHT + MINUTE)
        assert again.keys == []


def test_a_run_that_cannot_be_read_keeps_the_answer_in_the_record(caplog: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(HANDED_OVER)
    engine = clinic([slow], deliver_within=SOON)
    call(engine)

    def unreadable(*_: Any) -> Any:
        raise KeyError("canary")

    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR, "recoverycore.hooks"):
        patched.setattr(delivery, "run_state", unreadable)
        slow.let_go()
    assert late(engine) == [("slow", "handed_over", 1)]
    assert rows(engine, "receipt") == []
    assert "KeyError" in caplog.text
    assert "canary" not in caplog.text
    engine.tick(NIGHT + MINUTE)
    assert len(slow.keys) == 2
