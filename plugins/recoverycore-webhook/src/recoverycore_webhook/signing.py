"""Signatures of Standard Webhooks 1.0: made by the deliverer, checked by whoever receives.

Signed is ``id.timestamp.body`` with HMAC-SHA256; the header holds one ``v1,<base64>`` for each secret. The same id comes
again when a message is sent again, with another timestamp. Source: https://github.com/standard-webhooks/standard-webhooks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from recoverycore.errors import DocumentError, Problem, RecoveryError, problem
from recoverycore.ground import Sensitive, require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message

__all__ = ["ID", "SIGNATURE", "TIMESTAMP", "Unverified", "secret_key", "sign", "verify"]

ID: Final = "webhook-id"
TIMESTAMP: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
_SECONDS = re.compile(r"[0-9]{1,12}")
_WRONG = {
    "webhook_unsigned": (
        "RCW01",
        "A header of the signature is missing, doubled or cannot be read.",
        "Check that whatever stands before the receiver passes the headers on as they are.",
    ),
    "webhook_forged": (
        "RCW02",
        "No signature fits any of the secrets.",
        "Check the body's own bytes, before they are parsed, and that both sides have a secret in common.",
    ),
    "webhook_stale": (
        "RCW03",
        "The request was signed outside of the tolerance.",
        "Set the clocks of both machines; what is really old is a repetition by somebody else.",
    ),
}


class Unverified(RecoveryError, ValueError):
    """A request that is not shown to come from who holds the secret, or not now. Nothing in it may be believed."""


def secret_key(secret: str | Sensitive) -> bytes | None:
    """The key in a ``whsec_`` secret; None where it is none, or not between 24 and 64 bytes long."""
    text = Sensitive(secret).reveal()
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if text.startswith(_PREFIX) and _SHORTEST <= len(key) <= _LONGEST else None


def sign(key: bytes, identifier: str, timestamp: int | str, body: bytes) -> str:
    """One signature, as it stands in the header.

    >>> key = secret_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = b".".join((identifier.encode("utf-8", "surrogatepass"), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def verify(
    headers: Mapping[str, str] | Message,
    body: bytes,
    secret: str | Sensitive | Iterable[str | Sensitive],
    now: datetime,
    tolerance: timedelta = timedelta(minutes=5),
) -> str:
    """The id of a request that is genuine: keep it, and treat a request whose id was seen before as done already.

    `body` are the bytes as they came; `secret` is one, or several while one takes the place of another. Each signature is
    compared with each secret in constant time, also after one has fitted. The id is the message's key, percent-encoded.

    Errors: `Unverified` (``webhook_unsigned``, ``webhook_forged``, ``webhook_stale``); ``bad_value`` for a secret that is
    none; ``naive_time``.
    """
    keys = _keys(secret)
    at = require_aware(now).timestamp()
    identifier, timestamp, signatures = _headers(headers)
    fits = False
    for key in keys:
        wanted = sign(key, identifier, timestamp, body).encode()
        for each in signatures.split(" "):
            fits |= hmac.compare_digest(wanted, each.encode("utf-8", "surrogatepass"))
    if not fits:
        raise _unverified("webhook_forged", SIGNATURE)
    if abs(at - int(timestamp)) > tolerance.total_seconds():
        raise _unverified("webhook_stale", TIMESTAMP)
    return identifier


def _keys(secret: str | Sensitive | Iterable[str | Sensitive]) -> list[bytes]:
    secrets = [secret] if isinstance(secret, str | Sensitive) else list(secret)
    keys = [key for key in map(secret_key, secrets) if key is not None]
    if not keys or len(keys) < len(secrets):
        raise DocumentError(problem("bad_value", "/secret", detail="whsec_ and the base64 of 24 to 64 bytes are needed"))
    return keys


def _headers(headers: Mapping[str, str] | Message) -> tuple[str, str, str]:
    """Id, timestamp and signatures, each there once. An id with a full stop could begin where another one ends."""
    found: dict[str, list[str]] = {ID: [], TIMESTAMP: [], SIGNATURE: []}
    for name, value in headers.items():
        found.get(name.lower(), []).append(value)
    for name, values in found.items():
        if len(values) != 1 or not values[0]:
            raise _unverified("webhook_unsigned", name)
    ((identifier,), (timestamp,), (signatures,)) = found.values()
    if "." in identifier:
        raise _unverified("webhook_unsigned", ID)
    if not _SECONDS.fullmatch(timestamp):
        raise _unverified("webhook_unsigned", TIMESTAMP)
    return identifier, timestamp, signatures


def _unverified(name: str, header: str) -> Unverified:
    code, meaning, remedy = _WRONG[name]
    return Unverified(Problem(code=code, name=name, path=f"/{header}", message=meaning, hint=remedy, did_you_mean=None, detail=""))
