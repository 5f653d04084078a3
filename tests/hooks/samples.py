"""Plugins that behave, and plugins that do not, for the tests of the hooks."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.ground import Level, Sensitive
from recoverycore.hooks import OutgoingMessage, ProblemReport, Receipt, RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.hooks import Plugins, Report

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LONG = timedelta(seconds=60)
SHORT = timedelta(milliseconds=50)
SOON = timedelta(seconds=1)
"""Over before long, and long enough for whoever does not hang."""
CANARY = "bluebird-7731"
"""What a careless plugin puts into the text of its exceptions."""


def alert(**changes: Any) -> OutgoingMessage:
    given: dict[str, Any] = {
        "key": "k-1",
        "run": "r-1",
        "to": "peer:dana",
        "channel": "sms",
        "kind": "ask",
        "content_class": "C0",
        "level": Level.CRISIS,
        "text": Sensitive("Please open the app."),
    }
    return OutgoingMessage(**(given | changes))


def deliver(plugins: Plugins, deadline: timedelta | None = LONG, **more: Any) -> Report:
    return plugins.fan_out("recovery_deliver_message", deadline=deadline, now=NOON, message=alert(), key="k-1", **more)


class Deliverer(RecoveryHooks):
    """Does with each message what it was told to do, and counts how often it was asked."""

    def __init__(self, name: str, act: Callable[[], object]) -> None:
        self.recoverycore_name = name
        self.act = act
        self.calls = 0

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Any:  # noqa: ARG002 - the hook's own signature
        self.calls += 1
        return self.act()


class Watcher(RecoveryHooks):
    """Keeps every problem that it is told of."""

    def __init__(self, name: str = "watcher", act: Callable[[], object] = lambda: None) -> None:
        self.recoverycore_name = name
        self.act = act
        self.told: list[ProblemReport] = []
        self.heard = threading.Event()

    @hookimpl
    def recovery_on_problem(self, problem: ProblemReport) -> Any:
        self.told.append(problem)
        self.heard.set()
        return self.act()


class Directory(RecoveryHooks):
    """Gives the same entries for every region."""

    def __init__(self, name: str, entries: Any) -> None:
        self.recoverycore_name = name
        self.entries = entries

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:  # noqa: ARG002 - the hook's own signature
        return self.entries


def takes() -> Receipt:
    return Receipt("accepted", provider="sms-1")


def abstains() -> None:
    return None


def raises(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


class Gate:
    """A hang that a test can end: whoever calls `wait` stays until the test opens the gate."""

    def __init__(self) -> None:
        self._open = threading.Event()

    def wait(self) -> Receipt:
        assert self._open.wait(60), "a test left the gate shut"
        return Receipt("accepted")

    def open(self) -> None:
        self._open.set()
