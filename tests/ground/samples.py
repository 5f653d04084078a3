"""A document with a field of every kind, and JSON data for it: what the tests of the ground read, write and break."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from hypothesis import strategies as st
from pydantic import Field

from recoverycore.errors import RecoveryError
from recoverycore.ground import (
    Count,
    Day,
    Document,
    Elapsed,
    Flag,
    Id,
    Instant,
    Number,
    Region,
    Sensitive,
    Text,
    WallTime,
    WeeklyWindow,
    Zone,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def told(act: Callable[[], object]) -> list[tuple[str, str]]:
    """The name and place of each problem that `act` raises; none when it raises nothing."""
    try:
        act()
    except RecoveryError as error:
        return [(each.name, each.path) for each in error.problems]
    return []


class Part(Document):
    """A part of a letter, with a limit."""

    k: Annotated[Count, Field(ge=1, le=9)]
    label: Sensitive | None = None


class ByPhone(Document):
    """One branch of a union with a tag."""

    kind: Literal["phone"]
    number: Sensitive


class InPerson(Document):
    """The other branch."""

    kind: Literal["person"]
    place: Text


class Letter(Document):
    """A document that stands alone and uses every kind of field."""

    schema_name: ClassVar[str] = "sample/letter"
    schema_version: ClassVar[int] = 3

    id: Id
    note: Sensitive | None = None
    words: tuple[Text, ...] = Field(default=(), max_length=5)
    level: Annotated[Count, Field(ge=0, le=4)] = 0
    share: Number | None = None
    open: Flag | None = None
    at: Instant | None = None
    day: Day | None = None
    wall: WallTime | None = None
    zone: Zone | None = None
    within: Elapsed | None = None
    region: Region | None = None
    parts: tuple[Part, ...] = ()
    tally: dict[Id, Count] | None = None
    quorum: Literal["any", "all"] | Part = "any"
    reach: Annotated[ByPhone | InPerson, Field(discriminator="kind")] | None = None
    window: WeeklyWindow | None = None
    from_: Literal["start", "end"] = Field(default="start", alias="from")


characters = st.characters(exclude_categories=["Cs"])
texts = st.text(characters, max_size=12)
ids = st.text(characters, min_size=1, max_size=8)
finite = st.floats(allow_nan=False, allow_infinity=False)
exact = st.integers(-(2**53) + 1, 2**53 - 1)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | exact | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
zones = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Argentina/Ushuaia", "Etc/GMT+5"])
days = st.dates().map(lambda day: day.isoformat())
walls = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
instants = st.builds(
    "{}T{}{}{}".format,
    st.integers(1000, 9998).flatmap(lambda year: st.sampled_from([f"{year}-01-31", f"{year}-06-15", f"{year}-12-01"])),
    walls,
    st.sampled_from(["", ":00", ":59", ":07.5", ":07.123456"]),
    st.sampled_from(["Z", "+00:00", "-00:00", "+05:45", "-11:30", "+14:00"]),
)
lengths = st.sampled_from(["PT0S", "PT15M", "P1D", "P2W", "P1DT12H", "PT90M", "PT3600S", "P1W2DT3H4M5S"])
parts = st.fixed_dictionaries({"k": st.integers(1, 9)}, optional={"label": texts | st.none()})
reaches = st.fixed_dictionaries({"kind": st.just("phone"), "number": texts}) | st.fixed_dictionaries(
    {"kind": st.just("person"), "place": texts}
)
windows = st.fixed_dictionaries(
    {"from": walls, "to": walls | st.just("24:00"), "zone": zones},
    optional={"days": st.lists(st.sampled_from(["mon", "tue", "sun"]), max_size=3)},
)
extensions = st.dictionaries(texts.map("x-{}".format), json_values, max_size=2)
letters = st.builds(
    lambda fields, own: {**fields, **own},
    st.fixed_dictionaries(
        {"id": ids},
        optional={
            "note": texts | st.none(),
            "words": st.lists(texts, max_size=5),
            "level": st.integers(0, 4),
            "share": finite | st.none(),
            "open": st.booleans() | st.none(),
            "at": instants,
            "day": days,
            "wall": walls | st.just("24:00"),
            "zone": zones,
            "within": lengths,
            "region": st.sampled_from(["GB", "US-NY", "001"]),
            "parts": st.lists(parts, max_size=3),
            "tally": st.dictionaries(ids, exact, max_size=3),
            "quorum": st.sampled_from(["any", "all"]) | parts,
            "reach": reaches,
            "window": windows,
            "from": st.sampled_from(["start", "end"]),
        },
    ),
    extensions,
)
"""JSON data that a `Letter` is read from."""
