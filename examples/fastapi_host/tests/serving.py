"""The example over real HTTP, on a free port of this machine, with a clock that a test moves."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import uvicorn
from attrs import define, frozen

from fastapi_host.app import create_app
from fastapi_host.engine_thread import EngineThread
from fastapi_host.synthetic import NIGHT, open_synthetic
from recoverycore import PrintingDeliverer
from recoverycore.ground import ManualClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ME = "monique"
PATIENCE = 60
"""Seconds that a test waits for what has to come: a slow machine is no finding."""


@frozen
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def codes(self) -> list[str]:
        return [each["code"] for each in self.json["problems"]]


@define
class Host:
    """A running example, and a client that speaks to it."""

    port: int
    engine: EngineThread
    clock: ManualClock
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, who: str | None = "cm_quinn", *, body: Any = None, page: bool = False, **headers: str) -> Answer:
        """One request. An underscore in the name of a header is a hyphen."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Cookie": f"acting_as={who}"} if who else {}
        sent |= {"Accept": "text/html"} if page else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body if isinstance(body, str | bytes | None) else json.dumps(body), sent)
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode())
        finally:
            connection.close()

    def get(self, path: str, who: str | None = "cm_quinn", **more: Any) -> Answer:
        return self.ask("GET", path, who, **more)

    def post(self, path: str, who: str | None = "cm_quinn", **more: Any) -> Answer:
        return self.ask("POST", path, who, **more)

    def on_engine(self, act: Callable[..., Any]) -> Any:
        """What the engine itself says, asked on its own thread as everything is."""
        return self.engine._worker.submit(act, self.engine._engine).result(PATIENCE)

    @property
    def run(self) -> str:
        """The run that the call at the start opened."""
        return str(self.on_engine(lambda its: its.runs(client=ME)[0].run))

    @property
    def holders(self) -> list[str]:
        return list(self.on_engine(lambda its: its.runs(client=ME)[0].holders))

    @property
    def place(self) -> str:
        return f"/clients/{ME}/runs/{self.run}"

    def take(self, who: str, command: str = "c-1", **more: Any) -> Answer:
        return self.post(f"{self.place}/acknowledge?command_id={command}", who, **more)

    def stop(self) -> None:
        """As a signal would."""
        self.server.should_exit = True


@contextmanager
def served(file: Path, *plugins: object, tick_every: float = 3600, late_after: float = 3600, patience: float = 60) -> Iterator[Host]:
    """The example on the file `file`. It has ticked once when it is handed over, and without `tick_every` not again."""
    clock = ManualClock(NIGHT)
    given = plugins or (PrintingDeliverer(),)
    engine = EngineThread(
        lambda pulse: open_synthetic(file, clock, pulse, *given), tick_every=tick_every, late_after=late_after, patience=patience
    )
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    host = Host(listening.getsockname()[1], engine, clock, server, thread)
    thread.start()
    try:
        eventually(lambda: server.started or not thread.is_alive())
        eventually(lambda: engine._pulse.last > 0)
        yield host
    finally:
        host.stop()
        thread.join(PATIENCE)
        listening.close()
        assert not thread.is_alive()


def eventually(holds: Callable[[], Any]) -> None:
    """Wait until it holds."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, "it never came"
        time.sleep(0.01)
