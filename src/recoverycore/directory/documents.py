"""What people write about where help is: entries with their channels and hours, and what a host sets about the lookup."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.contact import ContactMethod, sms_uri
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Day, Flag, Id, Instant, Region, StartTime, Text, WallTime, Zone
from recoverycore.ground.windows import Weekday

__all__ = ["Channel", "DirectoryEntry", "DirectorySettings", "OpenWindow", "Source", "WORLD"]

WORLD = "001"
"""The region of everybody, everywhere (UN M.49)."""


class OpenWindow(Document):
    """A weekly stretch in which somebody answers, in the zone of its channel. It ends on the next day when `to` is not after `from`."""

    days: tuple[Weekday, ...] | None = None
    from_: StartTime = Field(alias="from")
    to: WallTime


class Source(Document):
    """Where a fact was read: a publisher's page, and the day that the copy itself states."""

    publisher: Text
    page: Text
    address: Text | None = None
    copy_date: Day | None = None
    quality: Text | None = None


def _word_or_list(value: Any) -> str:
    return "word" if isinstance(value, str) else "list"


def _day_or_instant(value: Any) -> str:
    if isinstance(value, str):
        return "instant" if "T" in value else "day"
    return "day" if isinstance(value, date) and not isinstance(value, datetime) else "instant"


Hours = Annotated[
    Annotated[Literal["always"], Tag("word")] | Annotated[tuple[OpenWindow, ...], Tag("list")],
    Discriminator(_word_or_list),
]
Together = Annotated[Annotated[Id, Tag("word")] | Annotated[tuple[Id, ...], Tag("list")], Discriminator(_word_or_list)]
Sources = Annotated[Annotated[Text, Tag("word")] | Annotated[tuple[Source, ...], Tag("list")], Discriminator(_word_or_list)]
DayOrInstant = Annotated[Annotated[Day, Tag("day")] | Annotated[Instant, Tag("instant")], Discriminator(_day_or_instant)]


class Channel(Document):
    """One way into a service: a number, a text code, a page, with its own hours and languages. No `hours` means that nobody knows them.

    `then` is an instruction to the caller (a menu step, a prefix), never part of what is dialled.
    """

    id: Id
    type: Literal["voice", "sms", "chat", "tty", "web"] | None = None
    reach: ContactMethod | None = None
    display: Text | None = None
    """What people read where no contact method fits."""
    then: Text | None = None
    access: Text | None = None
    label: Text | None = None
    where: Text | None = None
    hours: Hours | None = None
    closed_on: tuple[Day, ...] = ()
    """Local dates on which no window starts."""
    zone: Zone | None = None
    languages: tuple[Id, ...] | None = None

    @property
    def shown(self) -> str | None:
        """What a person reads, as given."""
        if self.reach is None:
            return self.display
        return self.reach.texted if self.type == "sms" else self.reach.shown

    @property
    def dialled(self) -> str | None:
        """What a device opens, in normal form; None where only a person can find the way."""
        if self.reach is not None and self.reach.kind == "e164" and self.type == "sms":
            return sms_uri(self.reach.value, self.reach.body)
        return None if self.reach is None else self.reach.dialled


class DirectoryEntry(Document):
    """A crisis line or service: for which region and needs, through which channels, and on which day somebody last checked it.

    Without `verified_on` nobody did. `call_tested_on` is the day on which a person placed a call or sent a text; a day on which a page
    was read is none, so most entries have only the first of the two. A `floor` entry stands for everybody when nothing else is left.
    `show_together` names a group, or lists the ids to show beside this entry.
    """

    schema_name: ClassVar[str] = "recoverycore/directory-entry"

    id: Id
    name: Id
    name_local: Text | None = None
    text: Text | None = None
    """What is told to the person, in the host's own words."""
    service_kinds: tuple[Id, ...] = Field(min_length=1)
    region: Region
    audience: Id | None = None
    """For whom the line is, where it is not for anybody."""
    zone: Zone | None = None
    priority: Count = 100
    channels: tuple[Channel, ...] = Field(min_length=1)
    verified_on: Day | None = None
    call_tested_on: Day | None = None
    valid_from: DayOrInstant | None = None
    valid_until: DayOrInstant | None = None
    show_together: Together | None = None
    floor: Flag = False
    source: Sources | None = None

    @model_validator(mode="after")
    def _channels_have_own_ids(self) -> Self:
        seen: dict[str, Channel] = {}
        for index, channel in enumerate(self.channels):
            if seen.setdefault(channel.id, channel) != channel:
                raise PydanticCustomError("recovery", "{name}", {"name": "duplicate_id", "at": ("channels", index, "id")})
        return self


class DirectorySettings(Document):
    """What a host sets about its directory. Freshness of crisis lines can only be asked for more strictly than after 90 days.

    `floor` takes the place of the library's own last entry: it must hold for everybody, always, and say what to do without any software.
    """

    schema_name: ClassVar[str] = "recoverycore/directory-settings"

    crisis_days: Annotated[Count, Field(ge=0, le=90)] = 90
    other_days: Annotated[Count, Field(ge=0)] = 365
    allow_floor_override: tuple[Id, ...] = ()
    """The floor entries that a plugin may replace."""
    floor: Annotated[tuple[DirectoryEntry, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _floor_always_holds(self) -> Self:
        seen: set[str] = set()
        for index, entry in enumerate(self.floor or ()):
            always = any(channel.hours == "always" for channel in entry.channels)
            if not (entry.floor and entry.region == WORLD and always and entry.text):
                raise PydanticCustomError("recovery", "{name}", {"name": "floor_unfit", "at": ("floor", index)})
            if entry.id in seen:
                raise PydanticCustomError("recovery", "{name}", {"name": "duplicate_id", "at": ("floor", index, "id")})
            seen.add(entry.id)
        return self
