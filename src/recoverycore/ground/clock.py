"""Where now comes from. Decisions never read a clock; the engine asks here, and only it and `ids` look at a real one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from recoverycore.ground.instants import require_aware

__all__ = ["Clock", "ManualClock", "SystemClock"]


class Clock(Protocol):
    """Whatever tells the present instant, always with an offset."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class SystemClock:
    """The operating system's clock, in UTC."""

    def now(self) -> datetime:
        """The present instant in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: for tests, demos and replays."""

    def __init__(self, start: datetime) -> None:
        self._now = require_aware(start).astimezone(UTC)

    def now(self) -> datetime:
        """The instant it was last set to, in UTC."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to `instant`, forwards or backwards: real clocks do both."""
        self._now = require_aware(instant).astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let `by` pass."""
        self._now += by
