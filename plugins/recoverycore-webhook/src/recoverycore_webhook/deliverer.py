"""The deliverer: one signed request a message, and what the answer says of it. The outbox tries again; this never does."""

from __future__ import annotations

import json
import ssl
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, assert_never
from urllib.parse import quote

from recoverycore.errors import RecoveryError
from recoverycore.ground import SystemClock, read_json
from recoverycore.hooks import Receipt, RecoveryHooks, hookimpl
from recoverycore_webhook.exchange import Answer, NotSent, Silence, exchange
from recoverycore_webhook.signing import ID, SIGNATURE, TIMESTAMP, secret_key, sign

if TYPE_CHECKING:
    from recoverycore.ground import Clock
    from recoverycore.hooks import OutgoingMessage
    from recoverycore_webhook.settings import WebhookSettings

__all__ = ["Webhook", "message_body", "receipt_of"]

TYPE: Final = "recoverycore.message"
_VISIBLE = "!\"#$&'()*+,-./:;<=>?@[\\]^_`{|}~"
"""What may stand in a header as it is, besides letters and digits; the percent sign is encoded, so that decoding gives the key."""
_PASSES = frozenset({408, 409, 425, 429})
"""Too slow, still busy with the same key, too early, too many: the receiver itself says that it is a matter of time."""
_SAYABLE = ("handed_over", "accepted", "delivered", "failed_transient", "failed_permanent")
_AFTER = 0.25
"""So many seconds after the engine's deadline a silent call ends: late for certain, and not for long."""
_LONGEST_REFERENCE = 200


class Webhook(RecoveryHooks):
    """Posts each message of its channels to one address, signed, under the message's own key.

    Make several, each with its own `name`, where channels go to different places. `tls` is for a receiver whose certificate
    comes from an authority of its own. Nothing of a message is logged or kept.
    """

    def __init__(
        self, settings: WebhookSettings, *, name: str = "webhook", clock: Clock | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.recoverycore_name = name
        self._settings = settings
        self._keys = [key for key in map(secret_key, settings.secrets) if key is not None]
        self._clock = clock or SystemClock()
        self._tls = (tls or ssl.create_default_context()) if settings.encrypted else None

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt | None:
        """What the receiver says; None for a channel that is not this webhook's.

        When the request went out and no answer came, nobody knows what became of it: a receipt would be a guess, and an error
        would be a claim that it failed. Only a call that is late is recorded as ``unconfirmed``, so this one stays silent until
        the engine's deadline is over. The message is then sent again under its key, by which the receiver knows it.
        """
        if message.channel not in self._settings.channels:
            return None
        began = time.monotonic()
        body = message_body(message, key, with_text=message.content_class in self._settings.text_of)
        until = began + self._settings.answer_within
        came = exchange(self._settings.target, self._headers(key, body), body, until=until, tls=self._tls)
        match came:
            case Answer():
                return receipt_of(came)
            case NotSent():
                return Receipt("failed_permanent" if came.lasting else "failed_transient")
            case Silence():
                time.sleep(max(0.0, began + self._settings.deliver_within + _AFTER - time.monotonic()))
                return Receipt("leased")  # read only by an engine with a longer deadline: it was taken for sending, no more is known
            case _:
                assert_never(came)

    def _headers(self, key: str, body: bytes) -> dict[str, str]:
        safe = quote(key, safe=_VISIBLE, errors="surrogatepass")
        identifier = safe.replace(".", "%2E")  # with a full stop in it, the place where the id ends would be open to doubt
        timestamp = int(self._clock.now().timestamp())
        return {
            "Accept": "application/json",
            "Connection": "close",
            "Content-Type": "application/json",
            "Idempotency-Key": safe,
            "User-Agent": "recoverycore-webhook",
            ID: identifier,
            TIMESTAMP: str(timestamp),
            SIGNATURE: " ".join(sign(each, identifier, timestamp, body) for each in self._keys),
        }


def message_body(message: OutgoingMessage, key: str, *, with_text: bool) -> bytes:
    """The one JSON document of a message: what is needed to carry it, and nothing about the run that it comes from.

    The same message has the same bytes each time: there is no instant in it, since a receiver may compare what comes under one key.
    """
    data: dict[str, Any] = {
        "key": key,
        "to": message.to,
        "channel": message.channel,
        "kind": message.kind,
        "class": message.content_class,
        "level": int(message.level),
        "address": message.address.reveal() if message.address is not None else None,
        "text": message.text.reveal() if with_text else None,
        "reference": message.subject_ref,
        "client": message.client_ref,
        "categories": list(message.categories) or None,
    }
    said = {name: value for name, value in data.items() if value is not None}
    return json.dumps({"type": TYPE, "data": said}, sort_keys=True, separators=(",", ":")).encode()


def receipt_of(answer: Answer) -> Receipt:
    """What an answer says became of a message. A status of success is believed as such; only its own JSON says more, or less.

    What only a person can mend (an address that is gone or moved, a refused signature) is for good, so that the next channel
    is taken at once; what time may mend is tried again.

    >>> receipt_of(Answer(202, b'{"status": "accepted", "provider": "SM-1"}')).status
    'accepted'
    >>> [receipt_of(Answer(status, b"")).status for status in (200, 410, 503)]
    ['handed_over', 'failed_permanent', 'failed_transient']
    """
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _PASSES:
        return Receipt("failed_transient")
    if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        return Receipt("failed_permanent")
    try:
        said = read_json(answer.body)
    except RecoveryError:
        said = None
    if not isinstance(said, dict):
        return Receipt("handed_over")
    status, provider = said.get("status"), said.get("provider")
    if not isinstance(provider, str) or not provider.isprintable() or len(provider) > _LONGEST_REFERENCE:
        provider = ""
    return Receipt(status if status in _SAYABLE else "handed_over", provider=provider)
