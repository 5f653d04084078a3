"""Where help is, for a region and a need, as of an instant. The answer is never empty, and nobody's consent is asked for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from attrs import frozen

from recoverycore.directory.answer import Answer, Listed
from recoverycore.directory.documents import WORLD, DirectorySettings
from recoverycore.directory.floor import built_in_floor
from recoverycore.directory.opening import Opening, hours
from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import local_date, require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.directory.documents import DirectoryEntry
    from recoverycore.directory.local_documents import LocalDocument

__all__ = ["Look", "companions", "directory_lookup", "doubts", "region_chain", "speaks"]

_CRISIS_KINDS: Final = frozenset({"crisis_line", "mobile_crisis", "emergency", "dv_line", "overdose_line", "warm_line"})
_NO_DOUBT: Final = frozenset({"hours_unknown"})
_ONLY_UNFRESH: Final = frozenset({"hours_unknown", "stale", "unverified"})
_OUT_OF_DATE: Final = frozenset({"expired", "not_yet_valid"})
_OPEN_RANK: Final = {"yes": 0, "unknown": 1, "no": 2}


def region_chain(region: str) -> tuple[str, ...]:
    """`region`, whatever it is a part of, and the world. Capitals or not, it is the same region.

    >>> region_chain("us-mn-053")
    ('US-MN-053', 'US-MN', 'US', '001')
    """
    parts = region.upper().split("-")
    chain = ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
    return tuple(dict.fromkeys([*chain, WORLD]))


def directory_lookup(
    entries: Iterable[DirectoryEntry],
    *,
    region: str,
    service_kind: str,
    at: datetime,
    language: str | None = None,
    settings: DirectorySettings | None = None,
) -> Answer:
    """The entries to show for `service_kind` in `region` at the instant `at`: never none.

    Who is fresh, valid and not closed is primary, in the order open, nearest, priority, id, each with those that are shown together
    with it. Where nobody is, lines that are only stale or unverified stand there with their warnings, then the floor.

    Errors: ``naive_time``; ``duplicate_id`` when two entries of one id differ (`directory_merge` never gives such entries).
    """
    look = Look(region_chain(region), require_aware(at), language, settings or DirectorySettings())
    listed = look.all_of(entries)
    of_kind = sorted((each for each in listed if service_kind in each.entry.service_kinds), key=look.rank)
    floor = sorted((each for each in listed if each.entry.floor), key=look.rank)

    found = [each for each in of_kind if _NO_DOUBT.issuperset(each.warnings)]
    if found:
        primary = list(_with_companions(found, listed))
    else:
        unfresh = [each for each in of_kind if _ONLY_UNFRESH.issuperset(each.warnings)]
        primary = list({each.entry.id: each for each in (*unfresh, *floor)}.values())
    shown = {each.entry.id for each in primary}
    rest = {each.entry.id: each for each in (*of_kind, *floor) if each.entry.id not in shown}
    return Answer(primary=tuple(primary), also=tuple(rest.values()), fallback=not found)


@frozen
class Look:
    """What one lookup asks of every entry."""

    chain: tuple[str, ...]
    at: datetime
    language: str | None
    settings: DirectorySettings

    def all_of(self, entries: Iterable[DirectoryEntry]) -> list[Listed]:
        """Each entry of the chain as of now, with a floor among them whatever is given. Error: ``duplicate_id``."""
        return [self.listed(entry) for entry in _within(_once(entries), self.chain, self.settings)]

    def listed(self, entry: DirectoryEntry) -> Listed:
        """The entry as of now: open or not, and what stands against it."""
        channels = [each for each in entry.channels if speaks(self.language, each.languages)]
        openings = [hours(each, self.at, entry.zone) for each in channels]
        opening = _joined(openings)
        crisis = not _CRISIS_KINDS.isdisjoint(entry.service_kinds)
        warnings = set(doubts(entry, self.at, self.settings.crisis_days if crisis else self.settings.other_days))
        if not channels:
            warnings.add("language")
        elif opening.open != "yes":
            warnings.add("closed" if opening.open == "no" else "hours_unknown")
        return Listed(entry=entry, open=opening.open, opens_at=opening.opens_at, warnings=tuple(sorted(warnings)))

    def rank(self, listed: Listed) -> tuple[int, int, int, str]:
        """Open first, then unknown, then closed; then the nearest region, the priority and the id."""
        return _OPEN_RANK[listed.open], self.chain.index(listed.entry.region), listed.entry.priority, listed.entry.id


def speaks(wanted: str | None, spoken: tuple[str, ...] | None) -> bool:
    """Whether `wanted` is spoken. Languages that nobody listed are not held against anybody; ``en`` serves who asks for ``en-GB``.

    Capitals or not, it is the same language. (RFC 4647, lookup)
    """
    return wanted is None or spoken is None or any(f"{wanted}-".lower().startswith(f"{each}-".lower()) for each in spoken)


def doubts(entry: DirectoryEntry | LocalDocument, at: datetime, days: int) -> Iterator[str]:
    """What stands against an entry as of an instant: it does not hold, or nobody has looked at it for more than so many local days."""
    zone = entry.zone or "UTC"
    if entry.valid_from is not None and not _has_come(entry.valid_from, at, zone):
        yield "not_yet_valid"
    if entry.valid_until is not None and _is_over(entry.valid_until, at, zone):
        yield "expired"
    if entry.verified_on is None:
        yield "unverified"
        return
    age = (local_date(at, zone) - entry.verified_on).days
    if age < 0:
        yield "verified_in_future"
    elif age > days:
        yield "stale"


def _has_come(value: date | datetime, at: datetime, zone: str) -> bool:
    """Whether a beginning has come: an instant, or a local day."""
    return at >= value if isinstance(value, datetime) else local_date(at, zone) >= value


def _is_over(value: date | datetime, at: datetime, zone: str) -> bool:
    """Whether an end has come. Of a civil date the whole local day still counts, and the last day of the calendar never ends."""
    return at >= value if isinstance(value, datetime) else local_date(at, zone) > value


def _joined(openings: list[Opening]) -> Opening:
    """Open if any channel is, unknown if none is but one may be; else closed until the first of them opens."""
    states = {each.open for each in openings}
    if "yes" in states:
        return Opening("yes")
    if "unknown" in states:
        return Opening("unknown")
    return Opening("no", opens_at=min((each.opens_at for each in openings if each.opens_at), default=None))


def _once(entries: Iterable[DirectoryEntry]) -> list[DirectoryEntry]:
    found: dict[str, DirectoryEntry] = {}
    for index, entry in enumerate(entries):
        if found.setdefault(entry.id, entry) != entry:
            raise DocumentError(problem("duplicate_id", f"/entries/{index}/id"))
    return list(found.values())


def _within(entries: list[DirectoryEntry], chain: tuple[str, ...], settings: DirectorySettings) -> list[DirectoryEntry]:
    """The entries of the chain, with a floor among them whatever is given."""
    near = [entry for entry in entries if entry.region in chain]
    if any(entry.floor and entry.region == WORLD for entry in near):
        return near
    floor = settings.floor or built_in_floor()
    ids = {entry.id for entry in floor}
    return [*(entry for entry in near if entry.id not in ids), *floor]


def _with_companions(found: list[Listed], listed: list[Listed]) -> Iterator[Listed]:
    """Each of `found`, and right after it those that are shown together with it; nobody twice."""
    shown: set[str] = set()
    for each in found:
        for one in (each, *companions(each, listed)):
            if one.entry.id not in shown:
                shown.add(one.entry.id)
                yield one


def companions(of: Listed, listed: list[Listed]) -> list[Listed]:
    """Those shown together with one entry, whatever their kind, unless they are out of date. A list of ids works one way."""
    together = of.entry.show_together
    current = [each for each in listed if _OUT_OF_DATE.isdisjoint(each.warnings)]
    if isinstance(together, tuple):
        named = {each.entry.id: each for each in current}
        return [named[identifier] for identifier in together if identifier in named]
    mates = [each for each in current if together is not None and each.entry.show_together == together]
    return sorted(mates, key=lambda each: (each.entry.priority, each.entry.id))
