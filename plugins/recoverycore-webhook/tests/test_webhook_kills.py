"""The host is killed in the middle of its work, with the signal that nobody can catch: no message is lost, none gets a new key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from recoverycore.engine.stores import SqliteStore
from recoverycore_webhook import verify

HOST = Path(__file__).with_name("host.py")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example


class Taking:
    """Takes each key once, however often it comes. Of its requests 20 % are refused, 2 % left without an answer, 5 % answered twice."""

    def __init__(self, receiver: Any) -> None:
        self.receiver = receiver
        self.taken: Counter[str] = Counter()
        self.ids: dict[str, str] = {}

    def __call__(self, request: Any, handler: Any) -> None:
        from datetime import UTC, datetime

        number = len(self.receiver.requests)
        identifier = verify(dict(request.headers), request.body, SECRET, datetime(2026, 11, 4, 22, 47, tzinfo=UTC))
        key = json.loads(request.body)["data"]["key"]
        assert self.ids.setdefault(identifier, key) == key
        if number % 5 == 0:
            handler.say(503)
            return
        self.taken[key] += 1
        if number % 50 == 27:
            self.receiver.over.wait(30)
            return
        handler.say(200, b'{"status": "accepted"}')
        if number % 20 == 11:
            handler.say(200, b'{"status": "accepted"}')


def killed_host(receiver: Any, database: Path, many: int, kills: int) -> tuple[dict[str, str], Taking]:
    """Let a host deliver `many` messages and kill it `kills` times on the way. Its outbox comes back, and what was taken."""
    taking = receiver.behave = Taking(receiver)
    command = [sys.executable, str(HOST), str(database), receiver.url, str(many)]
    for number in range(1, kills + 1):
        with subprocess.Popen(command) as host:  # noqa: S603 - our own words
            _wait_for(receiver, host, number * many // (kills + 1))
            host.kill()
    subprocess.run(command, check=True, timeout=300)  # noqa: S603 - as above
    store = SqliteStore(database)
    with store.unit() as unit:
        found = {row.key: row.status for row in unit.outbox()}
    store.close()
    return found, taking


def _wait_for(receiver: Any, host: Any, many: int) -> None:
    """Until so many different messages were seen; the host must not have ended by itself before."""
    end = monotonic() + 120
    while len({request.header("webhook-id") for request in list(receiver.requests)}) < many:
        assert host.poll() is None, "the host ended too early"
        assert monotonic() < end, "the host does not get on"
        sleep(0.01)


@pytest.mark.parametrize(
    ("many", "kills"), [(40, 2), pytest.param(1_000, 10, marks=pytest.mark.prove)], ids=["40 messages, 2 kills", "1000 messages, 10 kills"]
)
def test_a_host_that_is_killed_loses_nothing_and_renames_nothing(receiver: Any, tmp_path: Path, many: int, kills: int) -> None:
    found, taking = killed_host(receiver, tmp_path / "programme.db", many, kills)
    assert len(found) == many
    assert set(found.values()) == {"accepted"}
    assert set(taking.taken) == set(taking.ids.values()) == set(found)
    assert len(taking.ids) == many
