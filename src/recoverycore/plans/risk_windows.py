"""What a person says about when they are more at risk: weekly hours, dates, anniversaries, time after an event, paydays.

One document, `RiskWindow`, in five kinds. What a window means in instants is decided in `happening`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Strict, Tag, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.errors import InstantError
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, StartTime, WallTime, Zone
from recoverycore.ground.instants import DAY_PATTERN, WALL_PATTERN, parse_day, wall_minutes
from recoverycore.ground.sensitive import Sensitive
from recoverycore.ground.windows import WEEKDAYS, Weekday

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

__all__ = [
    "AfterEventWindow", "AnniversaryWindow", "AnyRiskWindow", "DateWindow", "Lead", "Monthly", "Offset", "PaydayWindow", "RiskWindow",
    "Weekly", "WeeklyRiskWindow",
]  # fmt: skip

_MONTHS_OF_THIRTY = (4, 6, 9, 11)


def _wrong(name: str, *at: str | int, detail: str = "") -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at, "detail": detail})


def _local_time(text: str) -> str:
    day, _, wall = text.partition("T")
    try:
        parse_day(day)
        wall_minutes(wall)
    except InstantError as error:
        failure = _wrong(error.name)
    else:
        return text
    raise failure


LocalTime = Annotated[
    str, Strict(), AfterValidator(_local_time), WithJsonSchema({"type": "string", "pattern": DAY_PATTERN[:-1] + "T" + WALL_PATTERN[1:]})
]
"""A civil date with a wall time, ``YYYY-MM-DDTHH:MM``; the zone is said beside it."""
IfClosed = Literal["previous", "next", "same"]


class Lead(Document):
    """How long before a window somebody is in touch: exact `hours`, or `days` before its first date, at `at` or at its own wall time."""

    hours: Annotated[Count, Field(ge=0, le=8784)] | None = None
    days: Annotated[Count, Field(ge=0, le=366)] | None = None
    at: StartTime | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.hours is None) == (self.days is None) or (self.at is not None and self.days is None):
            raise _wrong("days_or_hours")
        return self


class Offset(Document):
    """How long after an event: civil `days` or exact `hours`."""

    days: Annotated[Count, Field(ge=0, le=3660)] | None = None
    hours: Annotated[Count, Field(ge=0, le=87840)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if (self.hours is None) == (self.days is None):
            raise _wrong("days_or_hours")
        return self


class Monthly(Document):
    """Paid on a day of each month; a day past the month's end is its last day."""

    every: Literal["month"]
    day: Annotated[Count, Field(ge=1, le=31)]
    if_closed: IfClosed | None = None


class Weekly(Document):
    """Paid every so many weeks, before and after the date `anchor`."""

    every: Literal["weeks"]
    weeks: Annotated[Count, Field(ge=1, le=520)]
    anchor: Day
    if_closed: IfClosed | None = None


class RiskWindow(Document):
    """A stretch of time in which a person is more at risk, as they said themselves, in one of five kinds; anniversary if none is named.

    A window with a `zone` of its own does not travel. Its label is the person's own and never leaves their own views while
    `label_private` holds; its id says nothing. `lead` is when somebody is in touch before it begins.
    """

    schema_name: ClassVar[str] = "recoverycore/risk-window"

    id: Id
    kind: str = "anniversary"
    zone: Zone | None = None
    lead: tuple[Lead, ...] = ()
    label: Sensitive | None = None
    label_private: Flag = True
    review_by: Day | None = None
    source: Id | None = None
    """What it came from, such as the review of a slip."""

    def __new__(cls, *_: Any, **fields: Any) -> Self:
        """One of the kinds: called by its own name, the document is made in the kind that the fields name."""
        return super().__new__(_KINDS.get(_kind_of(fields) or "", cls) if cls is RiskWindow else cls)  # type: ignore[return-value]  # a kind of it

    @classmethod
    def model_validate(cls, obj: Any, **kwargs: Any) -> Self:
        """The window that `obj` describes, in its kind. Errors: `DocumentError`; ``not_listed`` for a kind that is none."""
        found = _KINDS.get(_kind_of(obj) or "") if cls is RiskWindow else None
        return super().model_validate(obj, **kwargs) if found is None else found.model_validate(obj, **kwargs)  # type: ignore[return-value]  # a kind of it

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """As a whole it is read as whichever kind it names."""
        return handler.generate_schema(AnyRiskWindow) if cls is RiskWindow else handler(source)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        if cls is not RiskWindow:
            return super().__get_pydantic_json_schema__(core_schema, handler)
        return {"title": cls.__name__, "description": (cls.__doc__ or "").split("\n")[0], **handler(core_schema)}


class _Spanned(RiskWindow):
    """A window that counts from a date on and until a last date: those of what it happens around, not of its own edges."""

    from_: Day | None = Field(default=None, alias="from")
    until: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_ is not None and self.until is not None and self.until < self.from_:
            raise _wrong("end_before_start", "until")
        return self


class WeeklyRiskWindow(_Spanned):
    """Hours of the week. An `end` that is not after `start` lies on the next date; equal means a full turn."""

    kind: Literal["weekly"]
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    start: StartTime
    end: WallTime


class DateWindow(RiskWindow):
    """Whole days, the last one included, or one stretch between two wall times."""

    kind: Literal["date"]
    first_day: Day | None = None
    last_day: Day | None = None
    start: LocalTime | None = None
    end: LocalTime | None = None

    @model_validator(mode="after")
    def _one_pair(self) -> Self:
        days, times = (self.first_day, self.last_day), (self.start, self.end)
        if (None in days) == (None in times) or any(each is not None for each in (days if None in days else times)):
            raise _wrong("window_bounds")
        if self.first_day is not None and self.last_day is not None and self.last_day < self.first_day:
            raise _wrong("end_before_start", "last_day")
        if self.start is not None and self.end is not None and self.end <= self.start:  # written so that their order is that of time
            raise _wrong("end_before_start", "end")
        return self


class AnniversaryWindow(_Spanned):
    """Days around a yearly date that hurts: from the start of the date minus `before` days to the end of it plus `after`.

    29 February in common years: `leap`, by default the widest. (Policy: a host may say otherwise in each window.)
    """

    kind: Literal["anniversary"] = "anniversary"
    month: Annotated[Count, Field(ge=1, le=12)]
    day: Annotated[Count, Field(ge=1, le=31)]
    before: Annotated[Count, Field(ge=0, le=366)] = 0
    after: Annotated[Count, Field(ge=0, le=366)] = 0
    leap: Literal["feb28", "mar1", "skip", "both"] = "both"

    @model_validator(mode="after")
    def _is_a_date(self) -> Self:
        if self.day > (29 if self.month == 2 else 30 if self.month in _MONTHS_OF_THIRTY else 31):  # noqa: PLR2004 - the calendar
            raise _wrong("no_such_date", "day")
        return self


class AfterEventWindow(_Spanned):
    """Time after something that happened: from `min` to `max` after it. While nobody knows when it was, the window is unknown.

    Of an instant, days are civil and hours exact; of a date, `min` counts from its start and `max` from its end.
    """

    kind: Literal["after_event"]
    at: Instant | None = None
    date: Day | None = None
    min: Offset = Offset(days=0)
    max: Offset

    @model_validator(mode="after")
    def _one_event(self) -> Self:
        if self.at is not None and self.date is not None:
            raise _wrong("one_event_time", "date")
        pairs = ((self.min.days, self.max.days), (self.min.hours, self.max.hours))
        if any(low is not None and high is not None and high < low for low, high in pairs):
            raise _wrong("end_before_start", "max")
        return self


class PaydayWindow(_Spanned):
    """Days from a payday on: from `start` on the date it is paid to the start of the date `days` later.

    `if_closed` says where a payday goes that falls on a weekend or a closed day: date by date, from the month's last day if it was past it.
    """

    kind: Literal["payday"]
    rule: Annotated[Monthly | Weekly, Field(discriminator="every")]
    if_closed: IfClosed = "same"
    weekend: tuple[Weekday, ...] = ("sat", "sun")
    closed_days: tuple[Day, ...] = ()
    start: StartTime = "00:00"
    days: Annotated[Count, Field(ge=1, le=366)] = 1

    @field_validator("weekend")
    @classmethod
    def _some_day_is_open(cls, value: tuple[Weekday, ...]) -> tuple[Weekday, ...]:
        if set(value) == set(WEEKDAYS):
            raise _wrong("always_closed")
        return value


_KINDS: dict[str, type[RiskWindow]] = {
    "weekly": WeeklyRiskWindow,
    "date": DateWindow,
    "anniversary": AnniversaryWindow,
    "after_event": AfterEventWindow,
    "payday": PaydayWindow,
}


def _kind_of(value: Any) -> str | None:
    """The kind that `value` names, if it can name one: anniversary where it names none."""
    named = value.get("kind", "anniversary") if isinstance(value, dict) else getattr(value, "kind", None)
    return named if isinstance(named, str) else None


def _listed(value: Any) -> Any:
    if not isinstance(value, dict | RiskWindow):
        raise _wrong("wrong_type")
    if _kind_of(value) not in _KINDS:
        raise _wrong("not_listed", "kind", detail="possible: " + ", ".join(_KINDS))
    return value


AnyRiskWindow = Annotated[
    Annotated[WeeklyRiskWindow, Tag("weekly")]
    | Annotated[DateWindow, Tag("date")]
    | Annotated[AnniversaryWindow, Tag("anniversary")]
    | Annotated[AfterEventWindow, Tag("after_event")]
    | Annotated[PaydayWindow, Tag("payday")],
    Discriminator(_kind_of),
    BeforeValidator(_listed),
]
"""The five kinds as one type, for a document that holds windows."""
