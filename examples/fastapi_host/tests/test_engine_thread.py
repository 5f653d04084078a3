"""The one thread that has the engine: it ticks with nobody asking, tells how it is, and ends in order."""

from __future__ import annotations

import asyncio
import http.client
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from examples.fastapi_host.tests.serving import ME, PATIENCE, eventually, served
from fastapi_host.engine_thread import EngineThread
from fastapi_host.synthetic import NIGHT, StoryClock, open_synthetic
from recoverycore import Engine, Receipt, RecoveryHooks, StoreError, hookimpl
from recoverycore.ground import ManualClock

MINUTE = timedelta(minutes=1)
ROOT = Path(__file__).parents[3]


class Pager(RecoveryHooks):
    """Takes every message, and may be made to wait before the next one."""

    recoverycore_name = "pager"

    def __init__(self) -> None:
        self.to: list[str] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.waiting = threading.Event()

    @hookimpl
    def recovery_deliver_message(self, message: Any, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        self.to.append(message.to)
        self.waiting.set()
        self.go_on.wait(PATIENCE)
        return Receipt("handed_over")


def test_before_it_runs_there_is_no_engine_to_ask() -> None:
    with pytest.raises(StoreError, match="store_closed"):
        asyncio.run(EngineThread(lambda _: Engine.in_memory()).do(Engine.tick))


def test_it_climbs_with_nobody_asking(tmp_path: Path) -> None:
    pager = Pager()
    with served(tmp_path / "clinic.db", pager, tick_every=0.02) as host:
        assert pager.to == ["peer_ade"]
        host.clock.advance(5 * MINUTE)
        eventually(lambda: len(pager.to) > 1)
        assert pager.to == ["peer_ade", "cm_quinn"]


def test_a_tick_that_fails_is_not_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    pager, tick = Pager(), Engine.tick
    with served(tmp_path / "clinic.db", pager, tick_every=0.02) as host:
        with monkeypatch.context() as broken:
            broken.setattr(Engine, "tick", lambda _: 1 // 0)
            eventually(lambda: "a tick failed and is tried again: ZeroDivisionError" in caplog.text)
        assert Engine.tick is tick
        host.clock.advance(5 * MINUTE)
        eventually(lambda: "cm_quinn" in pager.to)


def test_the_health_is_good_while_it_ticks_and_needs_nobody_signed_in(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db") as host:
        found = host.get("/health", None)
        assert (found.status, found.json) == (200, {"well": True, "answers": True, "ticking": True, "stalled": 0, "unattended": 0})


def test_the_health_is_bad_when_nobody_has_ticked_for_long(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db", late_after=0.01) as host:
        eventually(lambda: host.get("/health").status == 503)
        assert host.get("/health").json["ticking"] is False


def test_the_health_is_bad_while_a_clock_that_ran_out_was_not_looked_at(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db") as host:
        host.clock.advance(9 * MINUTE)
        found = host.get("/health")
        assert (found.status, found.json["stalled"]) == (503, 1)


def test_the_health_is_bad_when_everybody_was_asked_and_nobody_came(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db", tick_every=0.02) as host:
        for _ in range(5):
            host.clock.advance(5 * MINUTE)
            host.on_engine(lambda its: its.tick())
        found = host.get("/health")
        assert (found.status, found.json["unattended"]) == (503, 1)
        assert "call for help by hand" in host.get("/").text


def test_the_health_is_bad_while_the_engine_is_stuck(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db", patience=0.1) as host:
        go_on = threading.Event()
        host.engine._worker.submit(go_on.wait, PATIENCE)
        try:
            found = host.get("/health")
            assert (found.status, found.json) == (503, {"well": False, "answers": False})
        finally:
            go_on.set()


def test_when_the_thread_has_ended_everything_is_answered_with_503(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db") as host:
        place = host.place
        host.on_engine(Engine.close)
        host.engine._worker.shutdown()
        answers = [host.get("/health"), host.get("/"), host.post(f"{place}/acknowledge?command_id=c")]
        answers += [host.post(f"/clients/{ME}/consent", body={"command_id": "q", "sees": ["goals"], "why": "care"})]
        assert [each.status for each in answers] == [503] * 4
        assert [each.codes for each in answers[1:]] == [["RC9156"]] * 3


def test_at_the_end_the_command_that_runs_is_waited_for_and_kept(tmp_path: Path) -> None:
    pager = Pager()
    with ThreadPoolExecutor(1) as elsewhere, served(tmp_path / "clinic.db", pager) as host:
        pager.waiting.clear()
        pager.go_on.clear()
        signal_of_it = {"command_id": "s-1", "kind": "go_now_signal"}
        asked = elsewhere.submit(host.post, f"/clients/{ME}/signals", "cn_shah", body=signal_of_it)
        assert pager.waiting.wait(PATIENCE)  # somebody is being asked because of it
        host.stop()
        host.thread.join(0.3)
        assert host.thread.is_alive()
        pager.go_on.set()
        assert asked.result(PATIENCE).json == {"received": True}
        host.thread.join(PATIENCE)
        with Engine.open(tmp_path / "clinic.db") as reopened:
            assert {state.trigger for state in reopened.runs(client=ME)} == {"code_word", "go_now_signal"}


def test_what_was_handed_over_is_done_though_whoever_asked_has_gone(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db") as host:
        go_on, place = threading.Event(), host.place
        host.engine._worker.submit(go_on.wait, PATIENCE)
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=PATIENCE)
        connection.request("POST", f"{place}/acknowledge?command_id=c", headers={"Cookie": "acting_as=peer_ade"})
        eventually(host.engine._worker._work_queue.qsize)
        connection.close()
        go_on.set()
        eventually(lambda: host.holders == ["peer_ade"])


def test_a_waiting_request_that_is_called_off_is_done_all_the_same(tmp_path: Path) -> None:
    engine, go_on = EngineThread(lambda pulse: open_synthetic(tmp_path / "clinic.db", ManualClock(NIGHT), pulse)), threading.Event()

    async def asked_and_called_off() -> list[str]:
        async with engine.running():
            run = await engine.do(lambda its: its.runs(client=ME)[0].run)
            engine._worker.submit(go_on.wait, PATIENCE)
            asked = asyncio.create_task(engine.do(lambda its: its.acknowledge(run, by="peer_ade")))
            await asyncio.sleep(0)
            asked.cancel()
            go_on.set()
            return await engine.do(lambda its: its.run(run).state.holders)

    assert asyncio.run(asked_and_called_off()) == ["peer_ade"]


def test_a_second_one_on_the_same_file_does_not_start(tmp_path: Path) -> None:
    with served(tmp_path / "clinic.db"), pytest.raises(StoreError, match="store_locked"):
        Engine.open(tmp_path / "clinic.db")


def test_the_clock_of_the_example_begins_in_the_night_of_the_story() -> None:
    assert timedelta() <= StoryClock().now() - NIGHT < MINUTE


def test_it_is_started_with_one_command_and_leaves_nothing_when_it_is_ended(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "fastapi_host", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"TMPDIR": str(tmp_path)}) as started:
        try:
            eventually(lambda: _answers(port))
            assert len(list(tmp_path.iterdir())) == 1
            started.terminate()
            told, _ = started.communicate(timeout=PATIENCE)
        finally:
            started.kill()
    assert told.splitlines()[1] == "to peer_ade by voice: ask, class C0"
    assert started.returncode == 0
    assert list(tmp_path.iterdir()) == []


STARTED = """
import os, sys
sys.path.insert(0, os.path.abspath(os.curdir))
import dev
dev.prepare, dev.PYTHON = lambda *_: None, sys.executable  # what is needed is here: the tests run in it
import runpy
runpy.run_path(os.path.join("examples", "fastapi_host", "start.py"), run_name="__main__")
"""


def test_ending_what_start_py_began_ends_the_server_and_leaves_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-c", STARTED, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT, env={"TMPDIR": str(tmp_path)}) as started:
        try:
            eventually(lambda: _answers(port))
            started.terminate()
            assert started.wait(PATIENCE) == 0
        finally:
            started.kill()
    assert not _answers(port)
    assert list(tmp_path.iterdir()) == []


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
