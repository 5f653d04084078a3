"""Over TLS: nothing is said to whoever cannot show who they are."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest

from recoverycore.hooks import Receipt
from recoverycore_webhook import Webhook

SOON = 4


@pytest.fixture
def trusting(certificate: Any) -> ssl.SSLContext:
    """Trusts the receiver's certificate, and no other."""
    return ssl.create_default_context(cafile=str(certificate))


def test_a_receiver_that_is_trusted_gets_the_message(encrypted: Any, given: Any, post: Any, trusting: ssl.SSLContext) -> None:
    encrypted.answers(200, b'{"status": "accepted"}')
    assert post(Webhook(given(url=encrypted.url), tls=trusting)) == Receipt("accepted")
    assert [each.method for each in encrypted.requests] == ["POST"]


def test_a_certificate_that_nobody_vouches_for_gets_nothing_and_needs_a_person(encrypted: Any, given: Any, post: Any) -> None:
    assert post(Webhook(given(url=encrypted.url))) == Receipt("failed_permanent")
    assert encrypted.requests == []


def test_a_certificate_of_somebody_else_gets_nothing(encrypted: Any, given: Any, post: Any, trusting: ssl.SSLContext) -> None:
    url = encrypted.url.replace("localhost", "127.0.0.1")
    assert post(Webhook(given(url=url), tls=trusting)) == Receipt("failed_permanent")
    assert encrypted.requests == []


def test_whoever_speaks_no_tls_gets_nothing(receiver: Any, given: Any, post: Any) -> None:
    assert post(Webhook(given(url=receiver.url.replace("http:", "https:")))) == Receipt("failed_transient")
    assert receiver.requests == []


def test_whoever_never_begins_to_speak_was_sent_nothing(given: Any, timed: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}/"
        receipt, seconds = timed(Webhook(given(url=url, answer_within=0.5)))
    assert receipt == Receipt("failed_transient")
    assert seconds < SOON


def test_silence_over_tls_is_silence(encrypted: Any, given: Any, post: Any, trusting: ssl.SSLContext) -> None:
    encrypted.hangs()
    webhook = Webhook(given(url=encrypted.url, answer_within=1, deliver_within=1.1), tls=trusting)
    assert post(webhook) == Receipt("leased")
    assert len(encrypted.requests) == 1
