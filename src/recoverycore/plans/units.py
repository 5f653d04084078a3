"""The units a goal is counted in (local days, or evenings), and what the entries about one of them say. Pure.

What nobody said is open until the unit has ended and unknown from then on; it is never a no.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.ground.instants import local_day_start
from recoverycore.ground.windows import WEEKDAYS
from recoverycore.plans.periods import day_after, day_of, days_between, evening_of
from recoverycore.plans.settings import Evening, required

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverycore.plans.goals import Goal
    from recoverycore.plans.observations import Observation
    from recoverycore.plans.settings import ClientSettings

__all__ = ["Reading", "Unit", "Units"]


@frozen
class Unit:
    """One day or evening: the date it belongs to, and the instants ``[start, end)``."""

    day: date
    start: datetime
    end: datetime


@frozen
class Reading:
    """What is known of one unit: how often at least and at most (None: no bound). `disputed` where statements disagree."""

    state: Literal["outside", "known", "unknown", "open"]
    lower: int
    upper: int | None
    disputed: bool = False

    @property
    def is_no(self) -> bool:
        """Whether it is a plain no."""
        return self.state == "known" and self.upper == 0

    @property
    def is_yes(self) -> bool:
        """Whether it is a yes on which all agree."""
        return self.lower > 0 and not self.disputed


@frozen
class Units:
    """The units of one goal in one client's calendar, ready to be read."""

    zone: str
    evening: Evening | None
    weekdays: frozenset[int]
    start: date | None
    until: date | None
    counted: bool
    max_per_day: int | None

    @classmethod
    def of(cls, goal: Goal, settings: ClientSettings) -> Units:
        """The units of `goal`. Error: ``settings_missing``."""
        named = goal.on if goal.on and goal.on != "any" else WEEKDAYS
        return cls(
            zone=required(settings.zone, "zone"),
            evening=required(settings.evening, "evening") if goal.unit == "evening" else None,
            weekdays=frozenset(WEEKDAYS.index(each) for each in named),
            start=goal.start,
            until=goal.until,
            counted=goal.measure != "days",
            max_per_day=goal.max_per_day,
        )

    def between(self, start: date, end: date) -> Iterator[Unit]:
        """The units of the dates from `start` up to, but without, `end`. A date or an evening without real time is none."""
        for day in days_between(start, end, self.zone):
            if day.weekday() not in self.weekdays:
                continue
            if self.evening is None:
                yield Unit(day, local_day_start(day, self.zone), local_day_start(day_after(day, 1), self.zone))
                continue
            begins, ends = evening_of(day, self.evening, self.zone)
            if begins < ends:
                yield Unit(day, begins, ends)

    def holding(self, at: datetime) -> date | None:
        """The date of the day or evening in which `at` lies, or None if it lies in no evening. Of two evenings the later one."""
        today = day_of(at, self.zone)
        if self.evening is None:
            return today
        for day in (today, day_after(today, -1)):
            begins, ends = evening_of(day, self.evening, self.zone)
            if begins <= at < ends:
                return day
        return None

    def by_day(self, entries: Iterable[Observation]) -> dict[date, list[Observation]]:
        """The entries about single units, by the date of their unit."""
        placed: dict[date, list[Observation]] = {}
        for each in entries:
            day = self.holding(each.at.astimezone(UTC)) if each.at is not None else each.date
            if day is not None:
                placed.setdefault(day, []).append(each)
        return placed

    def read(self, unit: Unit, entries: Sequence[Observation], as_of: datetime) -> Reading:
        """What `entries` say about `unit`, seen from `as_of`."""
        if (self.start is not None and unit.day < self.start) or (self.until is not None and unit.day > self.until):
            return Reading("outside", 0, self.max_per_day if self.counted else 1)
        said = entries if unit.start <= as_of else ()
        silent: Literal["unknown", "open"] = "unknown" if unit.end <= as_of else "open"
        return self._counted(said, silent) if self.counted else _said(said, silent)

    def _counted(self, entries: Sequence[Observation], silent: Literal["unknown", "open"]) -> Reading:
        totals = [0 for each in entries if each.value == "no"] + [each.total for each in entries if each.total is not None]
        happened = sum(each.amount or 1 for each in entries if each.total is None and each.value in (None, "yes"))
        if not totals:
            return Reading(silent, happened, None if self.max_per_day is None else max(happened, self.max_per_day))
        least, most = min(totals), max(totals)
        return Reading("known", max(least, happened), max(most, happened), disputed=least < most or happened > most)


def _said(entries: Sequence[Observation], silent: Literal["unknown", "open"]) -> Reading:
    words = {each.word for each in entries} - {None}
    if len(words) > 1:
        return Reading("unknown", 0, 1, disputed=True)
    if words:
        return Reading("known", 1, 1) if "yes" in words else Reading("known", 0, 0)
    return Reading(silent, 0, 1)
