"""What goes out: one signed document a message, under its key, with no more in it than the message may hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st

from recoverycore import ManualClock, Sensitive
from recoverycore_webhook import Webhook, WebhookSettings, verify

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
NEWER = "whsec_" + "Zm9y" * 11
NIGHT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)


def data(receiver: Any) -> Any:
    return json.loads(receiver.requests[-1].body)["data"]


def test_a_message_is_one_post_of_one_json_document(receiver: Any, post: Any) -> None:
    post()
    (request,) = receiver.requests
    assert (request.method, request.path, request.header("Content-Type")) == ("POST", "/in", "application/json")
    assert json.loads(request.body) == {
        "type": "recoverycore.message",
        "data": {
            "key": "run-1/1/ask/dana/sms/1",
            "to": "dana",
            "channel": "sms",
            "kind": "ask",
            "class": "C0",
            "level": 3,
            "text": "Please open the app.",
            "reference": "AB12CD34",
        },
    }


def test_nothing_of_the_run_goes_along(receiver: Any, post: Any) -> None:
    post(protocol="crisis_plan", step="step_of_a_plan", why="rule_of_a_plan", key="k", run="run-of-a-plan")
    assert b"plan" not in receiver.requests[0].body
    assert "plan" not in str(receiver.requests[0].headers)


def test_what_the_message_may_hold_beyond_its_text_goes_along(receiver: Any, post: Any) -> None:
    post(content_class="C2", channel="app", client_ref="c-17", categories=("goals",), address=Sensitive("+441632960001"))
    found = data(receiver)
    assert (found["client"], found["categories"], found["address"]) == ("c-17", ["goals"], "+441632960001")


@pytest.mark.parametrize(("held", "goes"), [("C0", True), ("C1", True), ("C2", False)])
def test_the_text_goes_along_only_for_the_classes_that_the_host_names(
    receiver: Any,
    given: Any,
    post: Any,
    held: str,
    goes: bool,  # noqa: FBT001 - a row of a table
) -> None:
    post(Webhook(given(text_of=["C0", "C1"])), content_class=held)
    assert ("text" in data(receiver)) is goes
    assert data(receiver)["reference"] == "AB12CD34"


def test_another_channel_is_left_to_others(receiver: Any, post: Any) -> None:
    assert post(channel="voice") is None
    assert receiver.connections == 0


def test_what_the_address_asks_for_is_kept(receiver: Any, given: Any, post: Any) -> None:
    post(Webhook(given(url=receiver.url.removesuffix("/in") + "?tenant=a%20b")))
    assert receiver.requests[0].path == "/?tenant=a%20b"
    assert receiver.requests[0].header("Host") == receiver.url.removeprefix("http://").removesuffix("/in")


def test_the_request_is_signed_for_the_instant_at_which_it_goes(receiver: Any, given: Any, post: Any) -> None:
    post(Webhook(given(), clock=ManualClock(NIGHT)))
    (request,) = receiver.requests
    assert request.header("webhook-timestamp") == str(int(NIGHT.timestamp()))
    assert verify(dict(request.headers), request.body, SECRET, NIGHT, timedelta(0)) == request.header("webhook-id")


def test_with_several_secrets_whoever_has_one_can_verify(receiver: Any, given: Any, post: Any) -> None:
    post(Webhook(given(secrets=[NEWER, SECRET]), clock=ManualClock(NIGHT)))
    (request,) = receiver.requests
    assert len(request.header("webhook-signature").split(" ")) == 2
    for secret in (SECRET, NEWER):
        verify(dict(request.headers), request.body, secret, NIGHT)


def test_the_same_message_again_has_the_same_key_and_the_same_bytes(receiver: Any, given: Any, post: Any) -> None:
    clock = ManualClock(NIGHT)
    webhook = Webhook(given(), clock=clock)
    post(webhook)
    clock.advance(timedelta(minutes=10))
    post(webhook)
    first, second = receiver.requests
    assert first.body == second.body
    for name in ("webhook-id", "Idempotency-Key"):
        assert first.header(name) == second.header(name)
    assert first.header("webhook-signature") != second.header("webhook-signature")


def test_a_plain_key_stands_in_the_headers_as_it_is(receiver: Any, post: Any) -> None:
    post(key="run-1/1/ask/dana/sms/1")
    assert receiver.requests[0].header("Idempotency-Key") == "run-1/1/ask/dana/sms/1"
    assert receiver.requests[0].header("webhook-id") == "run-1/1/ask/dana/sms/1"


@pytest.mark.parametrize("key", ["run/peer.ade", "run/ade%2Eb", "run/ünal", "run/a b", "run/a\r\nX-Evil: 1", "run/\u2028", "100%"])
def test_a_key_that_fits_no_header_goes_encoded_and_can_be_read_back(receiver: Any, post: Any, key: str) -> None:
    post(key=key)
    (request,) = receiver.requests
    assert unquote(request.header("Idempotency-Key")) == unquote(request.header("webhook-id")) == key
    assert "." not in request.header("webhook-id")
    assert "X-Evil" not in dict(request.headers)
    assert data(receiver)["key"] == key


UNUSED = Webhook(WebhookSettings.model_validate({"url": "https://example.org/in", "secrets": [SECRET], "channels": ["sms"]}))


@for_any(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_two_keys_never_become_one_id(one: str, other: str) -> None:
    ids = [UNUSED._headers(key, b"")["webhook-id"] for key in (one, other)]
    assert (ids[0] == ids[1]) is (one == other)
    assert all(each.isascii() and each.isprintable() and "." not in each for each in ids)


def test_words_that_no_utf8_has_are_sent_all_the_same(receiver: Any, post: Any) -> None:
    assert post(text="half a pair: \ud83d").status == "handed_over"
    assert data(receiver)["text"] == "half a pair: \ud83d"


def test_settings_of_another_proxy_lead_nobody_astray(receiver: Any, post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert post().status == "handed_over"
    assert len(receiver.requests) == 1
