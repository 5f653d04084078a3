"""Lines as a person is shown them: the emergency number first, each number as published and with its country, and what to be careful of.

A look-up says who answers; this puts the answer in the order and the form in which it may stand on a screen. A host that draws its own
screen keeps to the same six rules:

1. the emergency number of the country stands first;
2. a short code never stands without its country, since the same digits are another service elsewhere;
3. a number is shown in its national form, as many do not answer under the international one;
4. a menu step is told to the person and never dialled;
5. outside the hours of a line, those that it names and that are open stand right after it;
6. beside a line for violence there is a quick way out of the page, and a word about the list of calls on the phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from recoverycore.directory.answer import Listed
from recoverycore.directory.documents import WORLD, DirectorySettings
from recoverycore.directory.lookup import Look, companions, directory_lookup, region_chain
from recoverycore.ground.text import isolated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from recoverycore.directory.documents import Channel, DirectoryEntry

__all__ = ["Shown", "Way", "lines_to_show"]

_EMERGENCY: Final = "emergency"
_VIOLENCE: Final = frozenset({"dv_line", "sexual_violence"})


@frozen
class Way:
    """One way into a line. `text` is what is read, as published; `then` what to do after dialling; `dialled` what a device opens.

    `country` is there for a short code, or for digits that fit no contact method: they are no use anywhere else. `text` stands isolated,
    so that its digits keep their order in a line of Arabic or Hebrew; `published` is the same without the two marks.
    """

    text: str
    published: str
    country: str | None
    then: str | None
    dialled: str | None
    note: str | None
    """For whom, from where or by which device, in the words of whoever listed it."""


@frozen
class Shown:
    """A line with its ways. `listed` holds the entry, whether somebody answers now, and the warnings.

    `cautions` are what a host must offer beside it: ``quick_exit``, a way out of the page that leaves nothing behind, and ``call_log``, a
    word that calls and messages stay in the lists of the phone.
    """

    listed: Listed
    ways: tuple[Way, ...]
    cautions: tuple[str, ...]

    @property
    def entry(self) -> DirectoryEntry:
        """The line itself."""
        return self.listed.entry


def lines_to_show(
    entries: Iterable[DirectoryEntry],
    *,
    region: str,
    service_kind: str,
    at: datetime,
    language: str | None = None,
    settings: DirectorySettings | None = None,
) -> tuple[Shown, ...]:
    """What `directory_lookup` answers, as a person is shown it: never nothing, and nobody twice. Errors: those of the look-up.

    >>> from datetime import UTC, datetime
    >>> [each.entry.id for each in lines_to_show([], region="GB", service_kind="crisis_line", at=datetime(2026, 6, 2, tzinfo=UTC))]
    ['floor.emergency']
    """
    given = list(entries)
    emergency = directory_lookup(given, region=region, service_kind=_EMERGENCY, at=at, settings=settings).primary[0]
    found = directory_lookup(given, region=region, service_kind=service_kind, at=at, language=language, settings=settings)
    around = Look(region_chain(region), at, language, settings or DirectorySettings()).all_of(given)
    once = {each.entry.id: each for each in (emergency, *_in_order((*found.primary, *found.also), around))}
    return tuple(Shown(each, tuple(_ways(each.entry)), _cautions(each.entry)) for each in once.values())


def _in_order(listed: Iterable[Listed], around: list[Listed]) -> Iterator[Listed]:
    """`listed`, and after a closed line those beside it that are open."""
    for each in listed:
        yield each
        if each.open == "no":
            yield from (beside for beside in companions(each, around) if beside.open == "yes" and beside is not each)


def _ways(entry: DirectoryEntry) -> Iterator[Way]:
    for channel in entry.channels:
        published = channel.shown
        if published is not None:
            yield Way(isolated(published), published, _country(channel, entry.region), channel.then, channel.dialled, _note(channel))


def _country(channel: Channel, region: str) -> str | None:
    known = region if channel.reach is None else channel.reach.region
    return None if known in (None, WORLD) else known.split("-", maxsplit=1)[0]


def _note(channel: Channel) -> str | None:
    return "; ".join(each for each in (channel.label, channel.access, channel.where) if each) or None


def _cautions(entry: DirectoryEntry) -> tuple[str, ...]:
    return () if _VIOLENCE.isdisjoint(entry.service_kinds) else ("call_log", "quick_exit")
