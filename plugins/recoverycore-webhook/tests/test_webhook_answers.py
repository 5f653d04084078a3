"""What a receiver says, or does not say, and what the engine is told of it: never more than is known."""

from __future__ import annotations

import json
import socket
from http import HTTPStatus
from typing import Any

import pytest

from recoverycore.hooks import Receipt
from recoverycore_webhook import Webhook

LIMIT, DEADLINE, SOON = 0.4, 0.5, 4
PASSING = {408, 409, 425, 429}


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_status_of_success_is_a_message_handed_over(receiver: Any, post: Any, status: int) -> None:
    receiver.answers(status)
    assert post() == Receipt("handed_over")


@pytest.mark.parametrize("status", sorted(each for each in HTTPStatus if 400 <= each < 500 and each not in PASSING))
def test_a_refusal_is_for_good_so_that_the_next_channel_follows_at_once(receiver: Any, post: Any, status: int) -> None:
    receiver.answers(status)
    assert post() == Receipt("failed_permanent")


@pytest.mark.parametrize("status", [*sorted(PASSING), *sorted(each for each in HTTPStatus if each >= 500), 599])
def test_what_time_may_mend_is_a_failure_for_now(receiver: Any, post: Any, status: int) -> None:
    receiver.answers(status)
    assert post() == Receipt("failed_transient")


@pytest.mark.parametrize("said", ["accepted", "delivered", "failed_permanent", "failed_transient", "handed_over"])
def test_the_receivers_own_word_for_it_counts(receiver: Any, post: Any, said: str) -> None:
    receiver.answers(200, json.dumps({"status": said}).encode())
    assert post() == Receipt(said)


@pytest.mark.parametrize("said", ["seen", "answered", "superseded", "leased", "queued", "expired", "DELIVERED", 1, None, ["accepted"]])
def test_a_word_that_a_machine_cannot_say_adds_nothing(receiver: Any, post: Any, said: object) -> None:
    receiver.answers(200, json.dumps({"status": said, "human": True}).encode())
    assert post() == Receipt("handed_over")


def test_the_word_of_a_refusal_is_not_read(receiver: Any, post: Any) -> None:
    receiver.answers(500, b'{"status": "delivered"}')
    assert post() == Receipt("failed_transient")


def test_the_receivers_reference_is_handed_on(receiver: Any, post: Any) -> None:
    receiver.answers(200, b'{"status": "accepted", "provider": "SM-17"}')
    assert post().provider == "SM-17"


@pytest.mark.parametrize("provider", [7, "two\nlines", "x" * 201, None])
def test_a_reference_that_is_none_is_left_out(receiver: Any, post: Any, provider: object) -> None:
    receiver.answers(200, json.dumps({"status": "accepted", "provider": provider}).encode())
    assert (post().status, post().provider) == ("accepted", "")


RUBBISH = [
    b"<html>all is well</html>",
    b'{"status": "accepted"',
    b'{"status": "accepted", "status": "delivered"}',
    b"\xff\xfe\x00",
    b"[" * 60_000,
    b'"delivered"',
    b'{"status": ' + b"9" * 5_000 + b"}",
]


@pytest.mark.parametrize("body", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_after_a_success_is_a_success(receiver: Any, post: Any, body: bytes) -> None:
    receiver.answers(200, body)
    assert post() == Receipt("handed_over")


@pytest.mark.parametrize("length", ["0", "5", "100000"])
def test_a_wrong_length_spoils_the_word_and_not_the_status(receiver: Any, post: Any, length: str) -> None:
    receiver.answers(200, b'{"status": "delivered"', **{"Content-Length": length})
    assert post() == Receipt("handed_over")


@pytest.mark.parametrize("length", ["minus one", "-1", ""])
def test_a_length_that_is_no_number_spoils_nothing(receiver: Any, post: Any, length: str) -> None:
    receiver.answers(200, b'{"status": "delivered"}', **{"Content-Length": length})
    assert post() == Receipt("delivered")


def test_headers_that_break_off_leave_the_status(receiver: Any, post: Any) -> None:
    receiver.raw(b"HTTP/1.1 200 OK\r\nContent-")
    assert post() == Receipt("handed_over")


def test_broken_chunks_spoil_the_word_and_not_the_status(receiver: Any, post: Any) -> None:
    receiver.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a number\r\n{}")
    assert post() == Receipt("handed_over")


def test_an_endless_answer_is_read_no_further_than_its_beginning(receiver: Any, timed: Any) -> None:
    def pour(_: Any, handler: Any) -> None:
        handler.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while not receiver.over.is_set():
            handler.send(b"x" * 65_536)

    receiver.behave = pour
    receipt, seconds = timed()
    assert receipt == Receipt("handed_over")
    assert seconds < SOON


def test_two_answers_to_one_request_are_the_first_one(receiver: Any, post: Any) -> None:
    first, second = b'{"status": "accepted"}', b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"
    receiver.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s%s" % (len(first), first, second))
    assert post() == Receipt("accepted")
    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_to_another_address(receiver: Any, post: Any, status: int) -> None:
    receiver.answers(status, Location=receiver.url + "/elsewhere")
    assert post() == Receipt("failed_permanent")
    assert [(each.method, each.path) for each in receiver.requests] == [("POST", "/in")]


SILENCE = {
    "hung up": b"",
    "rubbish": b"\x00\x01\x02 what is this\r\n\r\n",
    "half a status": b"HTTP/1.1 2",
    "no number": b"HTTP/1.1 fine\r\n\r\n",
    "only the hint of an answer": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "go on, and nothing more": b"HTTP/1.1 100 Continue\r\n\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"X-More: y\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("answer", [pytest.param(each, id=name) for name, each in SILENCE.items()])
def test_a_request_without_a_readable_answer_stays_open_until_the_engine_has_given_up(
    receiver: Any, hasty: Any, timed: Any, answer: bytes
) -> None:
    receiver.raw(answer)
    receipt, seconds = timed(hasty)
    assert len(receiver.requests) == 1
    assert receipt == Receipt("leased")
    assert DEADLINE < seconds < SOON


def test_a_receiver_that_hangs_is_no_failure_and_no_success(receiver: Any, hasty: Any, timed: Any) -> None:
    receiver.hangs()
    receipt, seconds = timed(hasty)
    assert (receipt, receipt.taken) == (Receipt("leased"), False)
    assert DEADLINE < seconds < SOON


def test_a_receiver_that_says_byte_after_byte_is_heard_no_longer_than_the_limit(receiver: Any, hasty: Any, timed: Any) -> None:
    answer = b"HTTP/1.1 200 OK\r\n" + b"X-Slow: very\r\n" * 20 + b"\r\n"
    receiver.behave = lambda _, handler: handler.drip(answer, 0.05)
    receipt, seconds = timed(hasty)
    assert receipt == Receipt("leased")
    assert seconds < SOON


def test_a_body_that_comes_byte_after_byte_costs_its_word_and_not_the_status(receiver: Any, hasty: Any, timed: Any) -> None:
    def behave(_: Any, handler: Any) -> None:
        handler.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
        handler.drip(b'{"status": "failed_permanent"' + b" " * 471, 0.05)

    receiver.behave = behave
    receipt, seconds = timed(hasty)
    assert receipt == Receipt("handed_over")
    assert LIMIT <= seconds < SOON


@pytest.mark.parametrize("status", [204, 500, 429, 301])
def test_one_call_is_one_request_whatever_the_answer(receiver: Any, post: Any, status: int) -> None:
    receiver.answers(status)
    post()
    assert (len(receiver.requests), receiver.connections) == (1, 1)


def test_where_nobody_listens_it_failed_for_now_and_nothing_is_waited_for(given: Any, timed: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    receipt, seconds = timed(Webhook(given(url=f"http://127.0.0.1:{port}/")))
    assert receipt == Receipt("failed_transient")
    assert seconds < SOON


def test_a_name_that_nobody_knows_failed_for_now(given: Any, post: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert post(Webhook(given())) == Receipt("failed_transient")


def test_an_address_that_is_dead_leaves_time_for_the_next_one(
    receiver: Any, given: Any, post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.create_connection(full.getsockname()):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 0, "", full.getsockname()), _address(receiver)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert post(Webhook(given(answer_within=2))) == Receipt("handed_over")
    assert len(receiver.requests) == 1


def _address(receiver: Any) -> Any:
    return (socket.AF_INET, socket.SOCK_STREAM, 0, "", receiver.server.server_address)


def test_what_the_receiver_stops_reading_halfway_was_not_sent(given: Any, post: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # takes the connection, reads nothing, and its buffer fills up
        webhook = Webhook(given(url=f"http://127.0.0.1:{deaf.getsockname()[1]}/", answer_within=1))
        assert post(webhook, text="x" * 30_000_000) == Receipt("failed_transient")
