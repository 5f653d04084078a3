"""Weekly windows of wall time: evenings, shifts, opening hours. Which reading of a clock change counts, the user says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import WallTime, Zone

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
    from_: WallTime = Field(alias="from", json_schema_extra={"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"})
    to: WallTime
    zone: Zone

    @field_validator("from_")
    @classmethod
    def _starts_on_its_day(cls, value: str) -> str:
        if value == "24:00":  # an end only
            raise PydanticCustomError("recovery", "{name}", {"name": "bad_time"})
        return value
