"""An engine on a file with a webhook, and a receiver that fails, hangs and answers twice: nothing is lost, nothing gets a new key."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Client, Engine, ManualClock, Member, Programme, Rule, Settings, Team, hookimpl
from recoverycore_webhook import Webhook, verify

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
SHORT = timedelta(seconds=1)
DELIVERIES = 300


def programme(path: Path | None, webhook: Webhook, **changes: Any) -> Engine:
    """An engine that tells Dana of every check-in, by text message."""
    settings = Settings(**{"deliver_within": SHORT, "tries": 50, **changes})
    made: dict[str, Any] = {"settings": settings, "clock": ManualClock(NIGHT)}
    engine = Engine.open(path, [webhook], **made) if path else Engine.in_memory([webhook], **made)
    tell = {"id": "tell", "when": {"event": "checked_in"}, "tell": [{"person": "dana"}]}
    dana = Member(id="dana", roles=("peer",), channels=("sms", "voice"))
    for document in (Programme(id="programme", zone="Europe/London"), Rule.model_validate(tell), Client(id="c-17")):
        engine.put(document, at=NIGHT)
    engine.put(Team(zone="Europe/London", members=(dana,)), client="c-17", at=NIGHT)
    return engine


def check_in(engine: Engine, number: int, at: datetime = NIGHT) -> None:
    """One check-in, of which Dana is told."""
    engine.report(client="c-17", kind="checked_in", at=at, command_id=f"check-in-{number}")


def rows(engine: Engine, what: str) -> list[dict[str, Any]]:
    """The lines of the record that tell of `what`."""
    return [row for row in engine.timeline().to_rows() if row["what"] == what]


def outbox(engine: Engine) -> dict[str, str]:
    """Every message with its status."""
    with vars(engine)["_shell"].store.unit() as unit:
        return {row.key: row.status for row in unit.outbox()}


@pytest.fixture
def webhook(given: Any) -> Webhook:
    """As short of breath as the engine."""
    return Webhook(given(channels=["sms"], answer_within=0.8, deliver_within=SHORT.total_seconds()))


class Unreliable:
    """Takes what it takes; of every hundred requests it refuses 20, leaves 2 without an answer and answers 5 twice.

    Which ones follows from the key and from how often it came, so that a run can be repeated.
    """

    def __init__(self, receiver: Any) -> None:
        self.over = receiver.over
        self.came: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.did: Counter[str] = Counter()
        self.ids: dict[str, str] = {}

    def __call__(self, request: Any, handler: Any) -> None:
        identifier = verify(dict(request.headers), request.body, SECRET, NIGHT)
        key = json.loads(request.body)["data"]["key"]
        assert self.ids.setdefault(identifier, key) == key == request.header("Idempotency-Key")
        self.came[key] += 1
        drawn = int.from_bytes(hashlib.sha256(f"{key} {self.came[key]}".encode()).digest()[:4]) % 100
        did = "refused" if drawn < 20 else "silent" if drawn < 22 else "twice" if drawn < 27 else "once"
        self.did[did] += 1
        if did == "refused":
            handler.say(503)
            return
        self.taken[key] += 1  # also where nobody will hear of it
        if did == "silent":
            self.over.wait(30)
        else:
            for _ in range(2 if did == "twice" else 1):
                handler.say(200, b'{"status": "accepted"}')


def test_nothing_is_lost_and_nothing_gets_a_new_key(receiver: Any, given: Any, tmp_path: Path) -> None:
    unreliable = receiver.behave = Unreliable(receiver)
    webhook = Webhook(given(channels=["sms"], answer_within=0.8, deliver_within=1), clock=ManualClock(NIGHT))
    with programme(tmp_path / "programme.db", webhook) as engine:
        for number in range(DELIVERIES):
            check_in(engine, number)
        asked = {row["key"] for row in rows(engine, "message")}
        now = NIGHT
        while set(outbox(engine).values()) != {"accepted"} and now < NIGHT + timedelta(hours=2):
            now += timedelta(minutes=1)
            engine.tick(now)
        assert len(asked) == DELIVERIES
        assert outbox(engine) == dict.fromkeys(asked, "accepted")
        assert {row["key"] for row in rows(engine, "message")} == asked
    assert set(unreliable.came) == set(unreliable.taken) == set(unreliable.ids.values()) == asked
    assert sum(unreliable.came.values()) == len(receiver.requests) > DELIVERIES
    assert min(unreliable.did[each] for each in ("refused", "silent", "twice", "once")) > 0


def test_silence_is_recorded_as_unconfirmed_and_sent_again_under_the_same_key(receiver: Any, webhook: Webhook) -> None:
    receiver.hangs()
    engine = programme(None, webhook)
    check_in(engine, 1)
    assert [row["status"] for row in rows(engine, "not_yet_sent")] == ["unconfirmed"]
    receiver.answers(204)
    engine.tick(NIGHT + timedelta(minutes=1))
    assert list(outbox(engine).values()) == ["handed_over"]
    first, second = receiver.requests
    assert first.header("Idempotency-Key") == second.header("Idempotency-Key")
    assert first.body == second.body


def test_a_receiver_that_hangs_up_is_not_recorded_as_a_failure_either(receiver: Any, webhook: Webhook) -> None:
    receiver.raw(b"")
    engine = programme(None, webhook)
    check_in(engine, 1)
    assert [row["status"] for row in rows(engine, "not_yet_sent")] == ["unconfirmed"]


def test_a_failure_that_is_known_is_recorded_as_one(receiver: Any, webhook: Webhook) -> None:
    receiver.answers(503)
    engine = programme(None, webhook)
    check_in(engine, 1)
    assert [row["status"] for row in rows(engine, "not_yet_sent")] == ["failed_transient"]


def test_without_a_deadline_of_the_engines_silence_ends_all_the_same(receiver: Any, webhook: Webhook) -> None:
    receiver.hangs()
    engine = programme(None, webhook, deliver_within=None)
    check_in(engine, 1)
    assert list(outbox(engine).values()) == ["failed_transient"]


def test_an_address_that_is_gone_gives_way_to_the_next_channel_at_once(receiver: Any, given: Any) -> None:
    receiver.behave = lambda request, handler: handler.say(410 if b'"sms"' in request.body else 204)
    engine = programme(None, Webhook(given(channels=["sms", "voice"])))
    check_in(engine, 1)
    assert [row["channel"] for row in rows(engine, "message")] == ["sms", "voice"]
    assert sorted(outbox(engine).values()) == ["failed_permanent", "handed_over"]


def test_silent_calls_do_not_gather_until_the_webhook_is_left_alone(receiver: Any, given: Any) -> None:
    receiver.hangs()
    engine = programme(None, Webhook(given(channels=["sms"], answer_within=0.1, deliver_within=0.2)), deliver_within=timedelta(seconds=0.2))
    for number in range(10):
        check_in(engine, number)
    assert [row["status"] for row in rows(engine, "not_yet_sent")] == ["unconfirmed"] * 10
    assert len(receiver.requests) == 10


def test_nothing_of_a_message_is_in_the_logs_of_the_engine(receiver: Any, webhook: Webhook, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.raw(b"")
    check_in(programme(None, webhook), 1)
    assert b"Please open the app" in receiver.requests[0].body
    assert "no answer within 1 s" in caplog.text
    assert "Please open the app" not in caplog.text


def test_the_count_notices_a_message_that_was_not_taken(receiver: Any, given: Any) -> None:
    unreliable = Unreliable(receiver)

    def lies(request: Any, handler: Any) -> None:
        if b"/sms/1" in request.body and len(receiver.requests) == 3:
            handler.say(200)  # and forgets it
        else:
            unreliable(request, handler)

    receiver.behave = lies
    asked = _delivered(Webhook(given(channels=["sms"]), clock=ManualClock(NIGHT)), 5)
    assert len(asked - set(unreliable.taken)) == 1


def test_the_count_notices_a_message_that_got_a_new_key(receiver: Any, given: Any) -> None:
    class Renaming(Webhook):
        @hookimpl
        def recovery_deliver_message(self, message: Any, key: str) -> Any:
            return super().recovery_deliver_message(message, f"{key}-{len(receiver.requests)}")

    unreliable = receiver.behave = Unreliable(receiver)
    asked = _delivered(Renaming(given(channels=["sms"]), clock=ManualClock(NIGHT)), 5)
    assert set(unreliable.came).isdisjoint(asked)


def _delivered(webhook: Webhook, many: int) -> set[str]:
    engine = programme(None, webhook, deliver_within=timedelta(seconds=10))
    for number in range(many):
        check_in(engine, number)
    for minute in range(1, 60):
        engine.tick(NIGHT + timedelta(minutes=minute))
    return {row["key"] for row in rows(engine, "message")}
