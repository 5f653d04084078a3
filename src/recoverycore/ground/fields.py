"""The kinds of field that documents are made of.

JSON and Python values are taken strictly: 3 is not "3". String-only YAML has only text, so there (and only there) a field
reads its own text. Python spells the same value with its own types: a `datetime`, a `date`, a `timedelta`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, Strict, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from recoverycore.errors import RecoveryError
from recoverycore.ground.durations import DURATION_PATTERN, elapsed_text, parse_duration, parse_elapsed
from recoverycore.ground.instants import (
    DAY_PATTERN,
    INSTANT_PATTERN,
    START_PATTERN,
    WALL_PATTERN,
    ZONE_PATTERN,
    parse_day,
    parse_instant,
    require_aware,
    wall_minutes,
    zone_info,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "Count",
    "Day",
    "Elapsed",
    "Flag",
    "Id",
    "Instant",
    "Length",
    "Number",
    "Region",
    "StartTime",
    "Text",
    "WallTime",
    "Zone",
    "in_text_only",
]

_EXACT = 2**53 - 1
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def in_text_only(info: ValidationInfo) -> bool:
    """Whether the document comes from a format that has text only."""
    return bool(info.context and info.context.get("text_only"))


def _fail(error: RecoveryError) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": error.name})


def _checked(read: Callable[[str], Any]) -> Callable[[str], str]:
    """A validator that keeps the text and asks `read` only whether it can be read."""

    def check(text: str) -> str:
        try:
            read(text)
        except RecoveryError as error:
            failure = _fail(error)
        else:
            return text
        raise failure

    return check


def _read(value: Any, read: Callable[[str], Any], own: Callable[[Any], Any]) -> Any:
    """`value` read from its text, or taken by `own` if it is no text (None: of a wrong type)."""
    try:
        found = read(value) if isinstance(value, str) else own(value)
    except RecoveryError as error:
        failure = _fail(error)
    else:
        if found is not None:
            return found
        failure = PydanticCustomError("recovery", "{name}", {"name": "wrong_type"})
    raise failure


def _own_instant(value: Any) -> datetime | None:
    return require_aware(value) if isinstance(value, datetime) else None


def _instant(value: Any) -> datetime:
    """With a fixed offset in whole minutes: two datetimes of one zone would be compared by their wall times."""
    found: datetime = _read(value, parse_instant, _own_instant)
    if found.tzinfo is UTC:
        return found
    offset = found.tzinfo.utcoffset(None) if isinstance(found.tzinfo, timezone) else None
    return found if offset is not None and not offset % timedelta(minutes=1) else found.astimezone(UTC)


def _day(value: Any) -> date:
    found: date = _read(value, parse_day, lambda own: own if isinstance(own, date) and not isinstance(own, datetime) else None)
    return found


def _begins_a_day(value: str) -> str:
    if value == "24:00":
        raise PydanticCustomError("recovery", "{name}", {"name": "bad_time"})
    return value


def _elapsed(value: Any) -> timedelta:
    found: timedelta = _read(value, parse_elapsed, lambda own: parse_elapsed(elapsed_text(own)) if isinstance(own, timedelta) else None)
    if isinstance(value, timedelta) and found != value:
        raise PydanticCustomError("recovery", "{name}", {"name": "bad_duration"})
    return found


def _count(value: Any, info: ValidationInfo) -> Any:
    """JSON knows no difference between 3 and 3.0."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if in_text_only(info) and isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    return value


def _number_from_text(value: Any, info: ValidationInfo) -> Any:
    if in_text_only(info) and isinstance(value, str) and _DECIMAL.fullmatch(value):
        return float(value)
    return value


def _flag_from_text(value: Any, info: ValidationInfo) -> Any:
    if in_text_only(info) and value in ("true", "false"):
        return value == "true"
    return value


Id = Annotated[str, Strict(), StringConstraints(min_length=1)]
"""The caller's own name for something: any text that is not empty."""
# A length, however short, makes pydantic look at each character: half of a surrogate pair cannot be stored.
Text = Annotated[str, Strict(), StringConstraints(min_length=0)]
"""Plain text that identifies nobody. A person's own words are `Sensitive`."""
Count = Annotated[int, Strict(), Field(ge=-_EXACT, le=_EXACT), BeforeValidator(_count)]
"""A whole number, as large as every reader of JSON keeps exactly (RFC 7493)."""
Number = Annotated[float, Strict(), Field(allow_inf_nan=False), BeforeValidator(_number_from_text)]
"""A number; NaN and infinities are none."""
Flag = Annotated[bool, Strict(), BeforeValidator(_flag_from_text)]
"""True or false. Left out means not known, unless the field says otherwise."""
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(lambda instant: instant.isoformat().replace("+00:00", "Z"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": INSTANT_PATTERN}),
]
"""A point on the UTC line, written with an offset. One without is refused (``naive_time``)."""
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date", "pattern": DAY_PATTERN})]
"""A civil date; its zone is said beside it."""
WallTime = Annotated[str, Strict(), AfterValidator(_checked(wall_minutes)), WithJsonSchema({"type": "string", "pattern": WALL_PATTERN})]
"""A wall time ``HH:MM``; ``24:00`` is the end of the day."""
StartTime = Annotated[WallTime, AfterValidator(_begins_a_day), Field(json_schema_extra={"pattern": START_PATTERN})]
"""A wall time at which something begins, or a single moment: never 24:00, which is an end only."""
Zone = Annotated[str, Strict(), AfterValidator(_checked(zone_info)), WithJsonSchema({"type": "string", "pattern": ZONE_PATTERN})]
"""The name of an IANA time zone."""
Elapsed = Annotated[
    timedelta,
    BeforeValidator(_elapsed),
    PlainSerializer(elapsed_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration", "pattern": DURATION_PATTERN}),
]
"""A length of time that elapses on the UTC line, in whole seconds: ``P1D`` is 24 hours."""
Length = Annotated[
    str,
    Strict(),
    AfterValidator(_checked(parse_duration)),
    WithJsonSchema({"type": "string", "format": "duration", "pattern": DURATION_PATTERN}),
]
"""A length whose days are those of a calendar: ``P7D`` ends at the same wall time, whatever the clocks did in between."""
Region = Annotated[str, Strict(), StringConstraints(min_length=2, to_upper=True)]
"""ISO 3166-1 or -2 code, or 001 for the world (UN M.49). It is kept in capitals, however it was written."""
