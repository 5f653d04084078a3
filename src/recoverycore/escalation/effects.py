"""What a step asks the host to do: data with ids and codes only, carried out by the engine."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from attrs import frozen

from recoverycore.escalation.steps import ContentClass

__all__ = ["Audit", "Cancel", "Effect", "Obligation", "Send", "Terminal", "Timer", "TimerOff"]


@frozen
class Send:
    """Send one message; `key` is its idempotency key, the same however often the step is computed."""

    key: str
    kind: str
    content_class: ContentClass
    step: str
    round: int
    target: str
    channel: str
    attempt: int


@frozen
class Cancel:
    """Take back a message that was not handed over yet."""

    key: str


@frozen
class Timer:
    """Wake the run at `due` with a tick of generation `gen`; it takes the place of the timer before."""

    due: datetime
    gen: int


@frozen
class TimerOff:
    """No timer any more."""

    gen: int


@frozen
class Terminal:
    """Show the terminal step, which needs nobody and no software: at the ``start`` of level 4, or as the ``final`` step."""

    step: str
    phase: str


@frozen
class Obligation:
    """Something owed: the seed of coordination's record. `owner` is a role, or a person for a debrief's actions."""

    kind: str
    owner: str
    due: datetime


@frozen
class Audit:
    """What was decided and why, as a stable code and the id it concerns."""

    code: str
    subject: str | None = None
    minutes: int | None = None


Effect: TypeAlias = Send | Cancel | Timer | TimerOff | Terminal | Obligation | Audit
