"""Plugins that fail, each in its own way, to stand beside yours: whatever they do, yours is called all the same."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never, get_args

from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recoverycore.hooks import OutgoingMessage, Receipt

__all__ = ["Fault", "How", "every_fault"]

How: TypeAlias = Literal["raises", "exits", "hangs", "rubbish", "unfinished", "meddles"]


class Fault(RecoveryHooks):
    """A plugin that does one wrong thing whenever it is called to deliver, to contribute lines or to withhold.

    It raises, leaves the process, hangs until `release`, answers rubbish or a coroutine, or tries to change what it was given. Let go
    of one that hangs at the end of a test.

    >>> from recoverycore.testing.plugins import Recorder, plugin_host
    >>> with plugin_host(Recorder(("sms",)), Fault("raises")) as host:
    ...     [(each.plugin, each.status) for each in host.deliver(channel="sms").outcomes]
    [('fault_raises', 'failed'), ('recorder', 'ok')]
    """

    def __init__(self, how: How) -> None:
        self.recoverycore_name = f"fault_{how}"
        self.how: How = how
        self._released = threading.Event()

    def release(self) -> None:
        """Let every call that hangs end."""
        self._released.set()

    def _fail(self, given: object) -> Any:
        match self.how:
            case "raises":
                raise RuntimeError("a planted fault")
            case "exits":
                raise SystemExit(70)
            case "hangs":
                self._released.wait()
                return None
            case "rubbish":
                return object()
            case "unfinished":
                return _never()
            case "meddles":
                setattr(given, "channel", "")  # noqa: B010 - what it is given is frozen, and its type says so
                return None
            case _:
                assert_never(self.how)

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt | None:  # noqa: ARG002 - the hook's own signature
        """Fail."""
        answer: Receipt | None = self._fail(message)
        return answer

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Sequence[Mapping[str, Any]] | None:
        """Fail."""
        answer: Sequence[Mapping[str, Any]] | None = self._fail(region)
        return answer


async def _never() -> None: ...


def every_fault() -> tuple[Fault, ...]:
    """One of each kind but the one that hangs, which nobody should meet without a deadline."""
    return tuple(Fault(how) for how in get_args(How) if how != "hangs")
