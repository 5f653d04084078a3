"""The words of a message are in the body of its request and nowhere else."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest

from recoverycore import DocumentError, Sensitive
from recoverycore_webhook import Webhook, plugin
from recoverycore_webhook.exchange import Answer

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
CANARY = "canary-in-the-text"


@pytest.mark.parametrize("status", [200, 302, 410, 500])
def test_no_word_of_a_message_reaches_a_log_or_an_output(
    receiver: Any, post: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.answers(status, CANARY.encode())
    receipt = post(text=CANARY, address=Sensitive(CANARY), key=f"run/{CANARY}")
    assert CANARY.encode() in receiver.requests[0].body
    assert CANARY not in repr(receipt) + caplog.text + "".join(capfd.readouterr())


def test_neither_the_webhook_nor_its_settings_show_what_they_hold(given: Any) -> None:
    settings = given(url=f"https://example.org/{CANARY}", secrets=["whsec_" + "canary42" * 4])
    assert "canary" not in repr(settings) + str(settings) + repr(Webhook(settings))


def test_an_answer_does_not_show_its_body() -> None:
    assert CANARY not in repr(Answer(200, CANARY.encode()))


@pytest.mark.parametrize("changes", [{"secrets": [CANARY]}, {"url": CANARY}, {CANARY: CANARY}, {"channels": CANARY}])
def test_what_is_wrong_with_settings_is_told_without_their_values(changes: dict[str, Any]) -> None:
    with pytest.raises(DocumentError) as caught:
        plugin({"url": "https://example.org/in", "secrets": [SECRET], "channels": ["sms"], **changes})
    assert CANARY not in str(caught.value) + repr(caught.value.problems) + "".join(traceback.format_exception(caught.value))


def test_a_reference_of_the_receivers_is_not_shown(receiver: Any, post: Any) -> None:
    receiver.answers(200, b'{"provider": "canary"}')
    assert "canary" not in repr(post())
