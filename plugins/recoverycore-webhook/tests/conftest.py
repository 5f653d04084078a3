"""A receiver on this machine that does what a test wants, a message for it, and the webhook between them."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from recoverycore.hooks import OutgoingMessage
from recoverycore_webhook import Webhook, WebhookSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example


@frozen
class Request:
    """What came in, as it came in."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The one value of a header."""
        (value,) = [value for each, value in self.headers if each.lower() == name.lower()]
        return value


class Receiver:
    """A real HTTP server in threads of its own. `behave` gets each request and the handler to answer it with."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.connections = 0
        self.over = threading.Event()
        self.behave: Callable[[Request, Handler], None] = lambda _, handler: handler.say(204)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.receiver = self  # type: ignore[attr-defined]  # how a handler finds it
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever hung up early is no error here
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://localhost:{self.server.server_port}/in"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        """Let whatever hangs go, and stop."""
        self.over.set()
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()

    def raw(self, answer: bytes) -> None:
        """Answer with exactly these bytes, and hang up."""
        self.behave = lambda _, handler: handler.send(answer)

    def answers(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer everything so."""
        self.behave = lambda _, handler: handler.say(status, body, **headers)

    def hangs(self) -> None:
        """Read everything and say nothing."""
        self.behave = lambda *_: self.over.wait(30) and None


class Handler(BaseHTTPRequestHandler):
    """One connection to the receiver."""

    def setup(self) -> None:
        self.receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]  # set by the receiver
        self.receiver.connections += 1
        super().setup()

    def __getattr__(self, name: str) -> Any:
        """Every method that HTTP has, and that a client might be led to."""
        if name.startswith("do_"):
            return self._take
        raise AttributeError(name)

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        request = Request(self.command, self.path, list(self.headers.items()), body)
        self.receiver.requests.append(request)
        self.receiver.behave(request, self)

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """A proper answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def send(self, answer: bytes) -> None:
        """These bytes and no others."""
        self.wfile.write(answer)

    def drip(self, answer: bytes, pause: float) -> None:
        """One byte after the other."""
        for byte in answer:
            self.wfile.write(bytes([byte]))
            if self.receiver.over.wait(pause):
                return

    def log_message(self, *_: object) -> None:
        """Nothing: a test reads what came, not a log."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver that takes everything, until a test says otherwise."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost from nobody's authority, with its key, made for this run."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("making a certificate needs the program openssl")
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(file), "-out", f"{file}.crt"]
    subprocess.run([openssl, "req", *made, *names], check=True, capture_output=True)  # noqa: S603 - our own words
    file.write_text(file.read_text("ascii") + Path(f"{file}.crt").read_text("ascii"), "ascii")
    return file


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Receiver]:
    """As `receiver`, over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    made = Receiver(context)
    yield made
    made.close()


@pytest.fixture
def given(receiver: Receiver) -> Callable[..., WebhookSettings]:
    """Settings for the receiver, patient enough for a busy machine, with whatever a test changes."""

    def make(**changes: Any) -> WebhookSettings:
        usual = {"url": receiver.url, "secrets": [SECRET], "channels": ["sms", "app"], "http_on_localhost": True}
        return WebhookSettings.model_validate({**usual, "answer_within": 8, "deliver_within": 10, **changes})

    return make


@pytest.fixture
def post(given: Callable[..., WebhookSettings]) -> Callable[..., Any]:
    """Deliver one message, changed as a test wants; the answer to the engine comes back."""

    def deliver(webhook: Webhook | None = None, **changes: Any) -> Any:
        sent = message(**changes)
        return (webhook or Webhook(given())).recovery_deliver_message(sent, sent.key)

    return deliver


@pytest.fixture
def hasty(given: Callable[..., WebhookSettings]) -> Webhook:
    """A webhook, and an engine behind it, that wait no longer than a test can."""
    return Webhook(given(answer_within=0.4, deliver_within=0.5))


@pytest.fixture
def timed(post: Callable[..., Any]) -> Callable[..., tuple[Any, float]]:
    """As `post`, with the seconds it took."""

    def deliver(*args: Any, **changes: Any) -> tuple[Any, float]:
        began = monotonic()
        return post(*args, **changes), monotonic() - began

    return deliver


def message(**changes: Any) -> OutgoingMessage:
    """A message to Dana, who does not exist."""
    usual = {"key": "run-1/1/ask/dana/sms/1", "run": "run-1", "to": "dana", "channel": "sms", "kind": "ask", "content_class": "C0"}
    return OutgoingMessage(**{**usual, "level": 3, "text": "Please open the app.", "subject_ref": "AB12CD34", **changes})
