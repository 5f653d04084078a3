"""An engine of its own for a plugin under test: in memory, on a clock that stands still, without a network, gone afterwards."""

from __future__ import annotations

import contextlib
import socket
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from attrs import frozen

from recoverycore.engine import Engine
from recoverycore.ground import Level, ManualClock, Sensitive
from recoverycore.hooks import OutgoingMessage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from recoverycore.engine import Settings
    from recoverycore.hooks import Plugins, Report

__all__ = ["AT", "Host", "NetworkRefused", "message", "no_network", "plugin_host"]

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
"""Where the clock stands unless a test says otherwise: an ordinary Tuesday."""


class NetworkRefused(OSError):
    """Somebody reached for the network where there is none. An `OSError`, as whoever has no network meets it."""


@contextlib.contextmanager
def no_network() -> Iterator[None]:
    """No socket can be made inside: each attempt is `NetworkRefused`, also in other threads of this process."""

    def refuse(*_: object, **__: object) -> None:
        raise NetworkRefused("there is no network in a test of a plugin")

    with contextlib.ExitStack() as stack:
        for name in ("socket", "create_connection", "getaddrinfo"):
            stack.enter_context(patch.object(socket, name, refuse))
        yield


def message(**changes: Any) -> OutgoingMessage:
    """A message that asks a peer to answer, by text message and without content, but for what `changes`."""
    given: dict[str, Any] = {
        "key": "key-1",
        "run": "run-1",
        "to": "peer:dana",
        "channel": "sms",
        "kind": "ask",
        "content_class": "C0",
        "level": Level.CRISIS,
        "text": Sensitive("Please open the app and answer."),
        "address": Sensitive("+441632960001"),
    }
    return OutgoingMessage(**(given | changes))


@frozen
class Host:
    """The engine that the plugins are in, and the clock that it asks."""

    engine: Engine
    clock: ManualClock

    @property
    def plugins(self) -> Plugins:
        """The plugins as the engine has them: their rows, their last problems."""
        return self.engine.plugins

    def deliver(self, *, deadline: timedelta | None = timedelta(seconds=10), **changes: Any) -> Report:
        """Hand one message to every deliverer, as the engine does; `changes` are those of `message`."""
        one = message(**changes)
        return self.plugins.fan_out("recovery_deliver_message", deadline=deadline, now=self.clock.now(), message=one, key=one.key)

    def lines(self, region: str) -> Report:
        """Ask for the lines of a region, as the engine does."""
        return self.plugins.contribute("recovery_contribute_directories", now=self.clock.now(), region=region)

    def tick(self, by: timedelta = timedelta()) -> int:
        """Let `by` pass, then do what is due."""
        self.clock.advance(by)
        return self.engine.tick()


@contextlib.contextmanager
def plugin_host(
    *plugins: object,
    at: datetime = AT,
    settings: Settings | None = None,
    plugin_settings: Mapping[str, Mapping[str, Any]] | None = None,
    network: bool = False,
) -> Iterator[Host]:
    """An engine with these plugins and no others; what is wrong with one is an error here, as it would be for a host.

    Two of these share nothing. With `network` the plugins may reach out, for a test that brings a server of its own.

    >>> from recoverycore.testing.plugins import Recorder
    >>> ear = Recorder(("sms",))
    >>> with plugin_host(ear) as host:
    ...     host.deliver(channel="sms").delivery, host.deliver(channel="voice").delivery
    ('delivered', 'undelivered')
    >>> [each.channel for each in ear.messages]
    ['sms', 'voice']
    """
    clock = ManualClock(at)
    with contextlib.ExitStack() as stack:
        if not network:
            stack.enter_context(no_network())
        engine = stack.enter_context(Engine.in_memory(plugins, settings=settings, plugin_settings=plugin_settings, clock=clock))
        yield Host(engine, clock)
