"""One request and its answer over HTTP, within one limit of time, never repeated and never led elsewhere.

What comes of it is one of three things that must not be confused: an answer; nothing that the receiver could have taken;
or silence after the whole request was on its way, of which nobody knows what it means.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
from contextlib import closing
from http import HTTPStatus
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Came", "NotSent", "Silence", "exchange"]

MOST_READ: Final = 65_536
"""So many bytes of an answer are read at most: what it has to say fits in a line."""


@frozen
class Answer:
    """The receiver answered: the status of HTTP, and what could be read of the body."""

    status: int
    body: bytes = field(repr=False)


@frozen
class NotSent:
    """The receiver cannot have the request, for it never left as a whole. `lasting`: only a person can mend the cause."""

    lasting: bool = False


@frozen
class Silence:
    """The whole request went out, and no answer came that can be read: it may have been taken, and may not."""


Came: TypeAlias = Answer | NotSent | Silence


def exchange(target: tuple[str, int, str], headers: Mapping[str, str], body: bytes, *, until: float, tls: ssl.SSLContext | None) -> Came:
    """Post `body` to `target` (host, port, path), all within `until` on the monotonic clock. Raises nothing of the network's.

    Without `tls` it is plain HTTP. Only looking up the name cannot be limited; the engine's own deadline holds for that too.
    """
    host, port, path = target
    try:
        wire = _connected(host, port, until)
        if tls is not None:
            wire = _encrypted(wire, tls, host, until)
    except ssl.SSLCertVerificationError:
        return NotSent(lasting=True)
    except OSError:
        return NotSent()
    with closing(wire):
        connection = http.client.HTTPConnection(host, port)
        connection.sock = _Limited(wire, until)
        try:
            connection.request("POST", path, body, dict(headers))
        except OSError:
            return NotSent()
        return _answered(connection)


def _answered(connection: http.client.HTTPConnection) -> Answer | Silence:
    try:
        response = connection.getresponse()
    except (OSError, http.client.HTTPException):
        return Silence()
    with closing(response):
        if response.status < HTTPStatus.OK:  # 1xx: the answer itself would have come after it
            return Silence()
        return Answer(response.status, _read(response))


def _read(response: http.client.HTTPResponse) -> bytes:
    """The beginning of the body; nothing of it where it does not come. The status stands in any case."""
    try:
        return response.read(MOST_READ)
    except (OSError, http.client.HTTPException):
        return b""


def _connected(host: str, port: int, until: float) -> socket.socket:
    """A connection to the first address that takes one. Each gets its share of the time, so a dead one leaves some to the next."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failed: OSError = OSError()
    for number, (family, kind, protocol, _, address) in enumerate(found):
        wire = socket.socket(family, kind, protocol)
        try:
            wire.settimeout(_left(until) / (len(found) - number))
            wire.connect(address)
        except OSError as error:
            wire.close()
            failed = error
        else:
            return wire
    raise failed


def _encrypted(wire: socket.socket, tls: ssl.SSLContext, host: str, until: float) -> ssl.SSLSocket:
    try:
        wire.settimeout(_left(until))
        return tls.wrap_socket(wire, server_hostname=host)
    except BaseException:
        wire.close()
        raise


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Limited:
    """A socket as `http.client` wants it, on which no wait goes beyond one instant, however many bytes come one by one."""

    def __init__(self, wire: socket.socket, until: float) -> None:
        self._wire = wire
        self._until = until

    def sendall(self, data: bytes) -> None:
        """Send all of it, or raise."""
        rest = memoryview(data)
        while rest:
            self._wire.settimeout(_left(self._until))
            rest = rest[self._wire.send(rest) :]

    def makefile(self, _: str) -> io.BufferedReader:
        """What comes in, for reading."""
        return io.BufferedReader(_Incoming(self._wire, self._until))

    def close(self) -> None:
        """Nothing: `http.client` lets go of it before the answer is read; who opened the socket closes it."""


class _Incoming(io.RawIOBase):
    def __init__(self, wire: socket.socket, until: float) -> None:
        self._wire = wire
        self._until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._wire.settimeout(_left(self._until))
        return self._wire.recv_into(buffer)
