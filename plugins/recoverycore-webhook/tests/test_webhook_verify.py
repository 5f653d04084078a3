"""The receiver's side: what is genuine passes, anything else does not, and nobody learns how close it was."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recoverycore import DocumentError, RecoveryError, Sensitive
from recoverycore_webhook import Unverified, verify
from recoverycore_webhook.signing import secret_key, sign

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - the secret of the standard's own example
OTHER = "whsec_" + "Zm9y" * 11
NOW = datetime.fromtimestamp(1614265330, UTC)
ID, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {"webhook-id": ID, "webhook-timestamp": "1614265330", "webhook-signature": SIGNATURE}
FORGED = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc="


def refused(headers: Any, body: bytes = BODY, secret: Any = SECRET, now: datetime = NOW, **more: Any) -> str:
    """The name of what is wrong with a request."""
    with pytest.raises(Unverified) as caught:
        verify(headers, body, secret, now, **more)
    return caught.value.name


def test_the_example_of_the_standard_is_genuine() -> None:
    assert verify(HEADERS, BODY, SECRET, NOW) == ID


def test_headers_are_found_however_they_are_spelt() -> None:
    assert verify({name.title(): value for name, value in HEADERS.items()}, BODY, SECRET, NOW) == ID


def test_a_message_of_pythons_own_will_do_for_headers() -> None:
    headers = Message()
    for name, value in HEADERS.items():
        headers[name] = value
    assert verify(headers, BODY, SECRET, NOW) == ID


@pytest.mark.parametrize("secrets", [[OTHER, SECRET], (Sensitive(SECRET), OTHER), Sensitive(SECRET), iter([SECRET])])
def test_while_secrets_change_any_of_them_will_do(secrets: Any) -> None:
    assert verify(HEADERS, BODY, secrets, NOW) == ID


@pytest.mark.parametrize("signatures", [f"{FORGED} {SIGNATURE}", f"{SIGNATURE} {FORGED}", f"v1a,abc v2,abc {SIGNATURE}"])
def test_one_signature_that_fits_is_enough(signatures: str) -> None:
    assert verify({**HEADERS, "webhook-signature": signatures}, BODY, SECRET, NOW) == ID


@pytest.mark.parametrize(
    "signature",
    [FORGED, SIGNATURE.replace("v1", "v2"), SIGNATURE.removeprefix("v1,"), SIGNATURE[:-1], f"{SIGNATURE},", "v1,", ",", "v1,ä", "\udc80"],
)
def test_a_signature_that_does_not_fit_is_forged(signature: str) -> None:
    assert refused({**HEADERS, "webhook-signature": signature}) == "webhook_forged"


def test_a_signature_with_another_secret_is_forged() -> None:
    assert refused(HEADERS, secret=OTHER) == "webhook_forged"


@pytest.mark.parametrize("name", sorted(HEADERS))
@pytest.mark.parametrize("how", ["missing", "empty", "twice"])
def test_each_header_must_be_there_once(name: str, how: str) -> None:
    headers = Message()
    for each, value in HEADERS.items():
        headers[each] = value
    if how != "twice":
        del headers[name]
    if how != "missing":
        headers[name] = "" if how == "empty" else HEADERS[name]
    assert refused(headers) == "webhook_unsigned"


@pytest.mark.parametrize("timestamp", ["now", "-1", "1614265330.0", " 1614265330", "1e9", "١٦١٤", "9" * 13])
def test_a_timestamp_in_other_words_is_none(timestamp: str) -> None:
    assert refused({**HEADERS, "webhook-timestamp": timestamp}) == "webhook_unsigned"


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_the_tolerance_holds_its_end_in_both_directions(off: timedelta) -> None:
    assert verify(HEADERS, BODY, SECRET, NOW + off) == ID
    assert refused(HEADERS, now=NOW + off + off / 300) == "webhook_stale"


def test_a_host_may_tolerate_less() -> None:
    assert refused(HEADERS, now=NOW + timedelta(seconds=2), tolerance=timedelta(seconds=1)) == "webhook_stale"


def test_that_it_is_old_is_told_only_of_what_is_genuine() -> None:
    assert refused({**HEADERS, "webhook-signature": FORGED}, now=NOW + timedelta(days=1)) == "webhook_forged"


def test_an_id_cannot_end_where_another_one_does() -> None:
    body = b"1614265330.{}"
    key = secret_key(SECRET)
    assert key is not None
    signature = sign(key, "a", 1, body)
    assert verify(
        {**HEADERS, "webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": signature},
        body,
        SECRET,
        datetime.fromtimestamp(1, UTC),
    )
    moved = {**HEADERS, "webhook-id": "a.1", "webhook-signature": signature}
    assert refused(moved, body=b"{}") == "webhook_unsigned"


@given(st.binary(max_size=40), st.text(st.characters(codec="ascii"), min_size=1, max_size=20), st.integers(0, 2**32), st.integers(0, 2))
def test_whatever_is_changed_after_signing_is_noticed(body: bytes, identifier: str, timestamp: int, part: int) -> None:
    signed = (ID, 1614265330, BODY)
    changed: list[Any] = list(signed)
    changed[part] = (identifier, timestamp, body)[part]
    assume(tuple(changed) != signed and "." not in identifier)
    headers = {**HEADERS, "webhook-id": changed[0], "webhook-timestamp": str(changed[1])}
    with pytest.raises(Unverified) as caught:
        verify(headers, changed[2], SECRET, datetime.fromtimestamp(changed[1], UTC))
    assert caught.value.name == "webhook_forged"


@given(st.binary(max_size=200), st.text(min_size=1, max_size=20).filter(lambda each: "." not in each), st.integers(0, 2**32))
def test_whatever_was_signed_is_genuine(body: bytes, identifier: str, timestamp: int) -> None:
    key = secret_key(OTHER)
    assert key is not None
    headers = {"webhook-id": identifier, "webhook-timestamp": str(timestamp), "webhook-signature": sign(key, identifier, timestamp, body)}
    assert verify(headers, body, [SECRET, OTHER], datetime.fromtimestamp(timestamp, UTC)) == identifier


def test_every_signature_is_compared_with_every_secret_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda one, other: compared.append(1) or real(one, other))
    verify({**HEADERS, "webhook-signature": f"{SIGNATURE} {FORGED} {FORGED}"}, BODY, [SECRET, OTHER], NOW)
    assert len(compared) == 6


def test_an_instant_without_an_offset_is_refused() -> None:
    with pytest.raises(RecoveryError) as caught:
        verify(HEADERS, BODY, SECRET, NOW.replace(tzinfo=None))
    assert caught.value.name == "naive_time"


@pytest.mark.parametrize("secret", ["", "whsec_", "hunter2hunter2hunter2hunter2", [], [SECRET, "whsec_short"]])
def test_without_a_proper_secret_nothing_is_verified(secret: Any) -> None:
    with pytest.raises(DocumentError) as caught:
        verify(HEADERS, BODY, secret, NOW)
    assert caught.value.name == "bad_value"


def test_what_is_refused_is_named_and_not_repeated() -> None:
    with pytest.raises(Unverified) as caught:
        verify({**HEADERS, "webhook-signature": "v1,canary"}, b"canary", SECRET, NOW)
    assert (caught.value.code, caught.value.problems[0].path) == ("RCW02", "/webhook-signature")
    assert "canary" not in str(caught.value) + repr(caught.value.problems)
    assert isinstance(caught.value, ValueError)
