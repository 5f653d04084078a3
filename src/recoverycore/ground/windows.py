"""Weekly windows of wall time: evenings, shifts, opening hours. Which reading of a clock change counts, the user says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recoverycore.ground.document import Document
from recoverycore.ground.fields import StartTime, WallTime, Zone

__all__ = ["WEEKDAYS", "Weekday", "WeeklyWindow"]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days in the order of `datetime.date.weekday`."""


class WeeklyWindow(Document):
    """A stretch of wall time that starts on each listed local day, half open.

    It ends at `to` on the same day, or on the next one when `to` is not after `from`; equal means 24 hours. A window over
    midnight belongs to the day it starts on. No `days` means every day.
    """

    days: tuple[Weekday, ...] | None = None
    from_: StartTime = Field(alias="from")
    to: WallTime
    zone: Zone
