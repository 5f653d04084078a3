"""Where ids come from. The caller's own ids are kept as they are; these are for what has none yet."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from typing import Protocol

__all__ = ["CountingIds", "IdMaker", "UuidIds"]


class IdMaker(Protocol):
    """Whatever makes ids that were never made before. No id is derived from a person's data."""

    def new(self) -> str:
        """A fresh id."""
        ...


class UuidIds:
    """UUID version 7 (RFC 9562): ordered by creation, so kept inside; an outside reference needs a random token.

    One maker's ids rise even within a millisecond and when the clock is set back: the 12 bits after the milliseconds
    count on (method 3 of section 6.2).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def new(self) -> str:
        """A fresh UUIDv7 as text."""
        with self._lock:
            self._last = max(time.time_ns() * 4096 // 1_000_000, self._last + 1)
            milliseconds, within = divmod(self._last, 4096)
        value = milliseconds << 80 | 0x7 << 76 | within << 64 | 0x2 << 62 | secrets.randbits(62)
        return str(uuid.UUID(int=value))


class CountingIds:
    """Ids that count up from one: the same run gives the same ids. For tests, demos and replays."""

    def __init__(self, prefix: str = "id", start: int = 1) -> None:
        self._prefix = prefix
        self._next = start

    def new(self) -> str:
        """The next id."""
        made = f"{self._prefix}-{self._next}"
        self._next += 1
        return made
