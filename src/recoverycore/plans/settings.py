"""What a client says about their own calendar: where they live, on which day a week begins, what an evening is.

It is asked, never guessed from a language or a country. Whatever needs an answer that is not there says so
(``settings_missing``).
"""

from __future__ import annotations

from typing import Literal, TypeVar

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.document import Document
from recoverycore.ground.fields import StartTime, WallTime, Zone

__all__ = ["ClientSettings", "Evening", "WeekStart", "required"]

T = TypeVar("T")

WeekStart = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Evening(Document):
    """The stretch of wall time that the client calls an evening. It belongs to the date on which it begins.

    An `end` that is not after `start` lies on the next date; equal means a full turn.
    """

    start: StartTime
    end: WallTime


class ClientSettings(Document):
    """The client's own calendar. What is left out was not asked yet."""

    zone: Zone | None = None
    week_start: WeekStart | None = None
    evening: Evening | None = None


def required(value: T | None, name: str) -> T:
    """The setting itself. Error: ``settings_missing``, with the `name` of what has to be asked."""
    if value is None:
        raise DocumentError(problem("settings_missing", f"/settings/{name}"))
    return value
