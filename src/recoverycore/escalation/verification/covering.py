"""Who covers what, in words: the stretches of each step, with those that come again on other days told as one line."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import frozen

from recoverycore.escalation.verification.times import day_text
from recoverycore.ground.instants import zone_info
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.escalation.verification.result import Cover, Verification

__all__ = ["SIGNS", "Turn", "alone_turns", "turns_of", "who_text"]

SIGNS = {"covered": "\u2713", "hole": "\u2717", "quiet": "\u263e", "outside": "\u2013"}
"""A sign for each kind of stretch, beside its word and never instead of it."""
_SEVERAL = 2


@frozen
class Turn:
    """A stretch of a step, or several that are alike but for their day: when, what it is, and who is there."""

    kind: str
    when: str
    who: str


def turns_of(found: Verification) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    """Each step with its turns, in the order of the protocol and of time."""
    for step, stretches in groupby(found.cover, key=lambda each: each.step):
        yield step, tuple(_turns(stretches, found))


def alone_turns(found: Verification) -> tuple[Turn, ...]:
    """When one person alone can take it, and who."""
    return tuple(_turns(found.alone, found))


def _turns(stretches: Iterable[Cover], found: Verification) -> Iterator[Turn]:
    alike: dict[tuple[object, ...], list[Cover]] = {}
    for each in stretches:
        alike.setdefault(_likeness(each, found.zone), []).append(each)
    for rows in alike.values():
        yield Turn(rows[0].kind, _when(rows, found), who_text(rows[0]))


def who_text(each: Cover) -> str:
    """Who is there in a stretch, or why nobody is."""
    if each.kind == "outside":
        return "outside its hours"
    people = ", ".join(each.people)
    kept_out = [f"{who}: {why.replace('_', ' ')}" for who, why in each.barred]
    barred = f" ({', '.join(kept_out)})" if kept_out else ""
    if each.kind == "covered":
        return people + barred
    missing = f"too few, only {people}" if people else "nobody"
    return missing + (" for quiet hours alone" if each.kind == "quiet" else "") + barred


def _likeness(each: Cover, zone: str) -> tuple[object, ...]:
    """What two stretches share that differ in nothing but their day."""
    start, end = (at.astimezone(zone_info(zone)) for at in (each.from_, each.to))
    return each.kind, each.people, each.barred, f"{start:%H:%M}", f"{end:%H:%M}", (end.date() - start.date()).days


def _when(rows: list[Cover], found: Verification) -> str:
    first, zone = rows[0], zone_info(found.zone)
    if (first.from_, first.to) == (found.from_, found.to):
        return "all the time"
    if len(rows) < _SEVERAL:
        return f"{day_text(first.from_, found.zone)} to {day_text(first.to, found.zone)}"
    start, end = first.from_.astimezone(zone), first.to.astimezone(zone)
    days = Counter(each.from_.astimezone(zone).weekday() for each in rows)
    later = (end.date() - start.date()).days
    until = f"{end:%H:%M}" + ("" if not later else " on the next day" if later == 1 else f" {later} days later")
    if len(set(days.values())) > 1:
        return f"{len(rows)} times from {day_text(first.from_, found.zone)} to {until}"
    named = "every day" if len(days) == len(WEEKDAYS) else ", ".join(WEEKDAYS[day].title() for day in sorted(days))
    return f"{named} {start:%H:%M} to {until}"
