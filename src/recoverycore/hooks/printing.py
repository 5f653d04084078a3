"""A deliverer for trying things out: it prints one line a message, and sends nothing."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, TextIO

from recoverycore.hooks.marks import hookimpl
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import Receipt

if TYPE_CHECKING:
    from recoverycore.hooks.values import OutgoingMessage

__all__ = ["PrintingDeliverer"]


class PrintingDeliverer(RecoveryHooks):
    """Prints whom a message goes to, on which channel, of which kind and class; never its text. It takes every channel.

    Reach for it in a tutorial or a terminal; nobody is reached by it. It prints to `stream`, or else to whatever is the
    standard output at that moment. A key that was printed is not printed again, for as long as the object lives.

    >>> from recoverycore.hooks import OutgoingMessage
    >>> alert = dict(key="k-1", run="r-1", to="peer:dana", channel="sms", kind="ask", content_class="C0", level=3, text="...")
    >>> PrintingDeliverer().recovery_deliver_message(OutgoingMessage(**alert), "k-1")
    to peer:dana by sms: ask, class C0
    Receipt(status='handed_over', human=False)
    """

    recoverycore_name = "printing"

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._printed: set[str] = set()

    @hookimpl
    def recovery_deliver_message(self, message: OutgoingMessage, key: str) -> Receipt:
        """Print it once, and say that it was handed over."""
        line = f"to {message.to} by {message.channel}: {message.kind}, class {message.content_class}"
        with self._lock:
            if key not in self._printed:
                # An id may hold anything, also a line break; one message stays one line.
                print(
                    "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line), file=self._stream or sys.stdout
                )
                self._printed.add(key)
        return Receipt("handed_over")
