"""A length and an instant as people say them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from recoverycore.ground.instants import wall_readings, zone_info
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["day_text", "length_text"]

_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"), (timedelta(seconds=1), "s"))


def length_text(length: timedelta) -> str:
    """A length as people say it.

    >>> length_text(timedelta(hours=7, minutes=30))
    '7 h 30 min'
    """
    parts, rest = [], length
    for unit, name in _UNITS:
        number, rest = divmod(rest, unit)
        parts += [f"{number} {name}"] if number else []
    return " ".join(parts) or "0 min"


def day_text(at: datetime, zone: str) -> str:
    """An instant as a day and a wall time in `zone`; in an hour that is repeated there, with its offset."""
    local = at.astimezone(zone_info(zone))
    twice = wall_readings(local.date(), local.hour * 60 + local.minute, zone).kind == "fold"
    return f"{WEEKDAYS[local.weekday()].title()} {local:%Y-%m-%d %H:%M}" + (f"{local:%z}" if twice else "")
