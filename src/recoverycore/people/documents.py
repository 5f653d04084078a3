"""Who somebody is, as far as the rules need it: clients, the staff around them, the outside teams they may be put through to."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Flag, Id, Instant, Region, StartTime, Text, WallTime, Zone
from recoverycore.ground.sensitive import Sensitive
from recoverycore.ground.windows import Weekday, WeeklyWindow

__all__ = ["Client", "ContactSafety", "Identifier", "Member", "Programme", "Service", "Shift", "Team"]

CLIENT = "client"
"""How safe contact names the client among the people it speaks of."""


class Identifier(Document):
    """The name of a client in some other system, beside the host's own id."""

    system: Id
    value: Sensitive


class ContactSafety(Document):
    """Whom and how it is not safe to be in touch about a client, in their own words to the team. Never asked of a partner.

    Where there is violence (`dv`) the client and their supporters are reached only over the channels in `safe_channels`, by
    person; ``client`` stands for the client, and a person who is not listed has none. `unsafe_channels` are never used, violence
    or not. `never_contact` are people whom nothing is ever sent to, for whatever reason; `no_contact` says that the client
    wants no message now. Agreed safety yields to no level and to no hour.
    """

    dv: Flag = False
    safe_channels: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    unsafe_channels: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    no_contact: Flag = False
    never_contact: tuple[Id, ...] = ()

    def usable(self, who: str, channels: tuple[Id, ...]) -> tuple[Id, ...]:
        """Those of `channels` that are safe for somebody outside the staff: the client (``client``) or a supporter."""
        if who in self.never_contact or (who == CLIENT and self.no_contact):
            return ()
        safe = self.safe_channels.get(who, ()) if self.dv else channels
        return tuple(each for each in channels if each in safe and each not in self.unsafe_channels.get(who, ()))


class Client(Document):
    """The person whose recovery it is. The id is the host's own and is never derived from anything about the person.

    What is absent is not known. `chosen_name` is the name the person wants to be called; a legal name is not asked for.
    `zone` is where their days begin and end; without it nothing that needs a calendar is guessed.

    >>> Client(id="c-17", zone="Europe/London")
    Client(id='c-17')
    """

    schema_name: ClassVar[str] = "recoverycore/client"

    id: Id
    identifiers: tuple[Identifier, ...] = ()
    chosen_name: Sensitive | None = None
    pronouns: Text | None = None
    languages: tuple[Text, ...] = ()
    zone: Zone | None = None
    jurisdiction: Region | None = None
    channels: tuple[Id, ...] = ()
    minor: Flag | None = None
    opioid_risk: Literal["yes", "no", "unknown"] | None = None
    """Whether an overdose with opioids is a risk; what was not said is not no."""
    sedative_risk: Literal["yes", "no", "unknown"] | None = None
    rules_watch_from: Instant | None = None
    """Since when rules with a condition watch: what was noticed before is history that none of them speaks about."""
    safety: ContactSafety = ContactSafety()
    """Whom and how it is not safe to be in touch."""


class Member(Document):
    """Somebody on the team, staff or supporter: in which roles, for which organisation, reached over which channels.

    `max_hold_level` is the highest level of crisis this person may hold alone; it says nothing about listening.
    """

    id: Id
    roles: tuple[Id, ...] = Field(min_length=1)
    org: Id | None = None
    channels: tuple[Id, ...] = ()
    max_hold_level: Annotated[Count, Field(ge=0, le=4)] = 4
    quiet: WeeklyWindow | None = None
    supporter: Flag = False
    """Chosen by the client and on nobody's staff: asked only as consent allows, never on duty."""


class Shift(Document):
    """A weekly stretch of duty in wall time. It ends on the next day when `to` is not after `from`; equal means 24 hours."""

    person: Id
    role: Id
    days: tuple[Weekday, ...] | None = None
    from_: StartTime = Field(alias="from")
    to: WallTime
    zone: Zone | None = None


class Team(Document):
    """Everybody around a client, and who is on duty when. A shift without a zone is in the team's.

    Errors: ``duplicate_member``, ``unknown_member`` (a shift of somebody who is not on the team), ``shift_without_zone``.
    """

    schema_name: ClassVar[str] = "recoverycore/team"

    id: Id = "team"
    zone: Zone | None = None
    members: tuple[Member, ...] = ()
    roster: tuple[Shift, ...] = ()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        known = [member.id for member in self.members]
        for index, name in enumerate(known):
            if name in known[:index]:
                raise _wrong("duplicate_member", "members", index, "id")
        for index, shift in enumerate(self.roster):
            if shift.person not in known:
                raise _wrong("unknown_member", "roster", index, "person")
            if shift.zone is None and self.zone is None:
                raise _wrong("shift_without_zone", "roster", index)
        return self

    def member(self, identifier: str) -> Member | None:
        """The member called `identifier`, if there is one."""
        return next((each for each in self.members if each.id == identifier), None)


class Service(Document):
    """A team outside the programme: asked only where consent permits it, and answered by a human with a name. No `hours` means always."""

    schema_name: ClassVar[str] = "recoverycore/service"

    id: Id
    role: Id
    org: Id | None = None
    channels: tuple[Id, ...] = ()
    hours: tuple[WeeklyWindow, ...] | None = None


class Programme(Document):
    """The programme that keeps the records and answers for them: the discloser in every decision on consent.

    `labels` say how sensitive a category of its records is (for example ``sud_treatment: [SUD]``). `care_owner_role` looks
    after whatever nobody else owns; `region` is where its directory of crisis lines starts to look. `kind` is what it is in the
    words of a profile of consent (for example ``part2_program``, which makes all its records those of substance use treatment).
    """

    schema_name: ClassVar[str] = "recoverycore/programme"

    id: Id
    kind: Id | None = None
    zone: Zone
    region: Region | None = None
    labels: dict[Id, tuple[Id, ...]] = Field(default_factory=dict)
    care_owner_role: Id = "case_manager"
    review_role: Id = "supervisor"


def _wrong(name: str, *at: str | int) -> PydanticCustomError:
    return PydanticCustomError("recovery", "{name}", {"name": name, "at": at})
