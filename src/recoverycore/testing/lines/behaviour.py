"""Rules about a plugin of lines as it is asked and as its lines are shown: each yields a sentence for whatever breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.directory import directory_lookup, directory_merge, hours, lines_to_show, region_chain
from recoverycore.ground import local_day_start
from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.directory import Channel, DirectoryEntry
    from recoverycore.testing.lines.given import LinesGiven

__all__ = ["RULES"]

_ASKED = ("emergency", "crisis_line", "dv_line")
_DAYS = (
    date(2027, 3, 14),
    date(2027, 3, 28),
    date(2027, 10, 3),
    date(2027, 10, 31),
    date(2027, 11, 7),
    date(2028, 2, 29),
    date(2027, 12, 31),
)
"""Days on which clocks change somewhere, the leap day, and the last of a year."""


class _Raises(RecoveryHooks):
    """A plugin of lines that fails whenever it is asked."""

    recoverycore_name = "contract_neighbour"

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Any:
        raise RuntimeError(region)


def stands_beside_others(given: LinesGiven) -> Iterator[str]:
    """Beside a plugin that fails, and in the merged directory, every line is there as it was given."""
    for region in given.regions if given.accepted else ():
        report = given.ask(region, _Raises(), *given.beside)
        merged = directory_merge(report.values)
        yield from (f"{each.id or 'an entry'}: the merged directory leaves it out ({each.code})" for each in merged.reports)
        lost = given.ids - {each.id for each in merged.entries}
        yield from (f"{each}: it is lost on the way into the directory for {region}" for each in sorted(lost) if len(given.regions) == 1)


def has_an_emergency_number_first(given: LinesGiven) -> Iterator[str]:
    """In each region the first thing shown is an emergency number of the country that is always answered and needs no software."""
    for region in given.regions:
        there = given.shown_in(region)
        asked = [lines_to_show(there, region=region, service_kind=kind, at=_newest_check(there))[0] for kind in _ASKED]
        for first in {each.entry.id: each for each in asked}.values():
            if "emergency" not in first.entry.service_kinds or first.entry.region == "001":
                whose = f"which is no emergency number of the country{_how_to(given, region)}"
                yield f"for {region} the first line shown is {first.entry.id}, {whose}"
            elif not any(each.hours == "always" and _needs_no_software(each) for each in first.entry.channels):
                yield f"{first.entry.id}: no way in is always answered and needs no software, as a telephone number or a text does"


def _needs_no_software(channel: Channel) -> bool:
    return channel.type in ("voice", "sms", "tty") and (channel.reach is None or channel.reach.kind in ("e164", "short_code", "sms_code"))


def _how_to(given: LinesGiven, region: str) -> str:
    """For whoever brings a county's lines alone: what is missing is not theirs to bring."""
    country = region[:2]
    if given.beside or not country.isalpha():
        return ""
    return f" (the country's own part? Hold it beside the plugin of the country, for example --beside {country.lower()})"


def has_somebody_day_and_night(given: LinesGiven) -> Iterator[str]:
    """Of the kinds that are said to answer day and night, somebody does in each region."""
    for region in given.regions:
        chain = region_chain(region)
        near = [each for each in given.shown_in(region) if each.region in chain]
        for kind in given.day_and_night:
            if not any(kind in each.service_kinds and any(way.hours == "always" for way in each.channels) for each in near):
                yield f"for {region} nobody of the kind {kind} is known to answer day and night{_how_to(given, region)}"


def is_told_when_it_is_stale(given: LinesGiven) -> Iterator[str]:
    """A line that nobody has checked for long, or ever, is still shown, and with its warning."""
    for entry in given.entries:
        wanted = "stale" if entry.verified_on else "unverified"
        at = (
            datetime.combine(entry.verified_on, datetime.min.time(), UTC) + timedelta(days=400)
            if entry.verified_on
            else _newest_check(given.entries)
        )
        answer = directory_lookup([entry], region=entry.region, service_kind=entry.service_kinds[0], at=at)
        listed = next((each for each in (*answer.primary, *answer.also) if each.entry.id == entry.id), None)
        if listed is None or not {wanted, "expired"} & set(listed.warnings):
            yield f"{entry.id}: 400 days after its check it would be shown without the warning {wanted}"


def shows_who_is_open_beside_the_closed(given: LinesGiven) -> Iterator[str]:
    """Outside the hours of a line, those that it names and that are open are shown with it; each number as published, and isolated."""
    at = _newest_check(given.entries)
    for hour in (3, 12, 20):
        for region, kind in sorted({(each.region, each.service_kinds[0]) for each in given.entries}):
            shown = lines_to_show(given.entries, region=region, service_kind=kind, at=at.replace(hour=hour))
            places = {each.entry.id: each for each in shown}
            for each in shown:
                yield from _badly_shown(each.entry, [(way.text, way.published) for way in each.ways], each.cautions)
                if each.listed.open != "no" or not isinstance(each.entry.show_together, tuple):
                    continue
                for beside in each.entry.show_together:
                    known = next((one for one in given.entries if one.id == beside and one.region in region_chain(region)), None)
                    if known and any(way.hours == "always" for way in known.channels) and beside not in places:
                        yield f"{each.entry.id}: it is closed at {hour}:00 UTC, and {beside}, which is open, is not shown with it"


def _badly_shown(entry: DirectoryEntry, ways: list[tuple[str, str]], cautions: tuple[str, ...]) -> Iterator[str]:
    if not ways:
        yield f"{entry.id}: there is nothing on it that a person could read"
    for text, published in ways:
        if text != f"\u2066{published}\u2069":
            yield f"{entry.id}: {published} would not keep its digits in order in a line of Arabic or Hebrew"
    if {"dv_line", "sexual_violence"} & set(entry.service_kinds) and cautions != ("call_log", "quick_exit"):
        yield f"{entry.id}: it is a line for violence and would be shown without a quick way out and a word about the list of calls"


def keeps_its_hours_at_the_edges(given: LinesGiven) -> Iterator[str]:
    """It is open when it says that it opens, and closed when it says that it closes: across midnight, clock changes, the leap day."""
    seen: set[str] = set()
    for where, entry, channel in given.ways():
        key = repr((channel.hours, channel.zone or entry.zone, channel.closed_on))
        if not isinstance(channel.hours, tuple) or not channel.hours or key in seen:
            continue
        seen.add(key)
        for day in _DAYS:
            now = hours(channel, local_day_start(day, channel.zone or entry.zone or "UTC"), entry.zone)
            if now.opens_at and hours(channel, now.opens_at, entry.zone).open != "yes":
                yield f"{where}: it says that it opens at {now.opens_at:%Y-%m-%d %H:%M} UTC and is closed then"
            if now.closes_at and hours(channel, now.closes_at, entry.zone).open != "no":
                yield f"{where}: it says that it closes at {now.closes_at:%Y-%m-%d %H:%M} UTC and is open then"


def _newest_check(entries: Iterable[DirectoryEntry]) -> datetime:
    """Noon of the day on which the newest line was checked: an instant at which what can be fresh is fresh."""
    newest = max((each.verified_on for each in entries if each.verified_on), default=date(2026, 1, 1))
    return datetime(newest.year, newest.month, newest.day, 12, tzinfo=UTC)


RULES = (
    stands_beside_others,
    has_an_emergency_number_first,
    has_somebody_day_and_night,
    is_told_when_it_is_stale,
    shows_who_is_open_beside_the_closed,
    keeps_its_hours_at_the_edges,
)
