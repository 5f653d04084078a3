"""Lengths of time as ISO 8601 text: weeks, days, hours, minutes, seconds; never months or years."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from recoverycore.errors import InstantError, problem

__all__ = ["DURATION_PATTERN", "LONGEST", "Duration", "elapsed_text", "parse_duration", "parse_elapsed"]

DURATION_PATTERN = (
    r"^P(?=[0-9T])(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,12})S)?)?$"
)
"""How a duration is written, as published in JSON Schema."""
LONGEST = timedelta(days=366_000)
"""A thousand years. Whatever is longer is a slip, and would leave the calendar."""

_ISO = re.compile(DURATION_PATTERN)


class Duration(NamedTuple):
    """A length in its two parts: calendar `days` of some zone, and time that elapses."""

    days: int
    elapsed: timedelta


def parse_duration(text: str) -> Duration:
    """`text` as calendar days and elapsed time. Error: ``bad_duration``, also for more than `LONGEST`."""
    found = _ISO.fullmatch(text)
    if found:
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        whole_days = weeks * 7 + days
        whole_seconds = hours * 3600 + minutes * 60 + seconds
        if whole_days * 86_400 + whole_seconds <= LONGEST.total_seconds():
            return Duration(whole_days, timedelta(seconds=whole_seconds))
    raise InstantError(problem("bad_duration"))


def parse_elapsed(text: str) -> timedelta:
    """`text` as time that elapses on the UTC line: a day is 24 hours. Error: ``bad_duration``."""
    days, elapsed = parse_duration(text)
    return timedelta(days=days) + elapsed


def elapsed_text(length: timedelta) -> str:
    """`length` as ISO 8601 text, in whole seconds. Error: ``bad_duration`` for one that runs backwards.

    >>> elapsed_text(timedelta(minutes=90))
    'PT1H30M'
    """
    if length < timedelta():
        raise InstantError(problem("bad_duration"))
    minutes, seconds = divmod(length // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    parts = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return f"PT{parts or '0S'}"
