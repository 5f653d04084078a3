"""A deliverer for trying things out: it prints one line a message, and sends nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from recoverycore.hooks.marks import hookimpl
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import Receipt

if TYPE_CHECKING:
    from recoverycore.hooks.values import OutgoingMessage

__all__ = ["PrintingDeliverer"]


class PrintingDeliverer(RecoveryHooks):
    """Prints whom a message goes to, on which channel and of which class; never its text. It takes every channel.

    >>> PrintingDeliverer(sys.stdout).recoverycore_name
    'printing'
    """

    recoverycore_name = "printing"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:  # noqa: ARG002 - the hook's own signature
        """Print it, and say that it was handed over."""
        may = f", may tell of {', '.join(message.categories)}" if message.categories else ""
        print(f"to {message.to} by {message.channel}: {message.kind}, class {message.content_class}{may}", file=self._stream or sys.stdout)
        return Receipt("handed_over")
