"""How far a goal has come, period by period: met, not met, or nobody can tell. Silence is never a no. Pure.

Each period has the bounds between which the truth lies, whatever the gaps turn out to hold. Nothing here counts across
periods, so nothing that happens in one of them takes anything from another.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.instants import local_day_start, require_aware
from recoverycore.plans.goals import Comparator
from recoverycore.plans.observations import Observation, holding
from recoverycore.plans.periods import Per, day_after, day_of, period
from recoverycore.plans.settings import required
from recoverycore.plans.units import Units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from recoverycore.plans.goals import Goal
    from recoverycore.plans.periods import Period
    from recoverycore.plans.settings import ClientSettings
    from recoverycore.plans.units import Reading

__all__ = ["PeriodProgress", "ProgressStatus", "is_about", "progress", "share_text"]

ProgressStatus = Literal["met", "not_met", "cannot_tell"]


@frozen
class PeriodProgress:
    """One period of a goal, and what can be said about it.

    The truth lies between `lower` and `upper`, both included; an `upper` of None is no bound, unless `lower` is None too:
    then there was no occasion. `unknown`, `open` and `outside` count the units nobody spoke about, those that have not
    ended, and those outside the goal's span. `conflicts` names the dates, or the whole period, on which statements
    disagree. A goal that is reached once has a `status` and no period.
    """

    status: ProgressStatus
    closed: bool
    start: date | None = None
    lower: int | Fraction | None = None
    upper: int | Fraction | None = None
    unknown: int = 0
    open: int = 0
    outside: int = 0
    conflicts: tuple[date | Literal["period"], ...] = ()

    @property
    def value(self) -> int | Fraction | None:
        """The number itself where it is certain."""
        return self.lower if self.lower == self.upper else None

    def to_row(self) -> dict[str, Any]:
        """The period as plain data. A share is written as a fraction in lowest terms."""
        if self.start is None:
            return {"status": self.status}
        return {
            "start": self.start.isoformat(),
            "status": self.status,
            "lower": share_text(self.lower) if isinstance(self.lower, Fraction) else self.lower,
            "upper": share_text(self.upper) if isinstance(self.upper, Fraction) else self.upper,
            "unknown": self.unknown,
            "open": self.open,
            "outside": self.outside,
            "conflicts": [each if isinstance(each, str) else each.isoformat() for each in self.conflicts],
            "closed": self.closed,
        }


@frozen
class _Bounds:
    """Between which numbers the truth about one counted thing lies, and what was said about the period as a whole."""

    lower: int
    upper: int | None
    disputed: bool = False
    whole: bool = False


@frozen
class _Said:
    """The entries about one counted thing: by unit, and by the first date of the period they sum up."""

    by_day: dict[date, list[Observation]]
    summaries: dict[date, list[Observation]]


@frozen
class _Aim:
    """What a goal asks of each period, with everything there that is needed to say so."""

    per: Per
    comparator: Comparator
    target: Fraction
    start: date
    until: date | None


def progress(
    goal: Goal, observations: Iterable[Observation], *, as_of: datetime, known_at: datetime | None = None, settings: ClientSettings
) -> tuple[PeriodProgress, ...]:
    """Every period of `goal` that has begun by `as_of`, oldest first, seen by somebody who knows what was recorded up to `known_at`.

    `known_at` is `as_of` unless said; a view with an old one stays what it was for ever. Targets are never prorated. A day
    that holds no unit of the goal is no period of it. Errors: ``naive_time``, ``settings_missing``, ``goal_incomplete``.

    >>> from recoverycore.plans import ClientSettings, Goal, Observation
    >>> goal = Goal(id="g1", measure="days", per="week", target=3, start=date(2026, 3, 2))
    >>> said = Observation(id="o1", by="client", recorded_at=datetime(2026, 3, 3, 9, tzinfo=UTC), date=date(2026, 3, 2), value="yes")
    >>> settings = ClientSettings(zone="Europe/Dublin", week_start="monday")
    >>> (week,) = progress(goal, [said], as_of=datetime(2026, 3, 4, 9, tzinfo=UTC), settings=settings)
    >>> week.status, week.lower, week.upper
    ('cannot_tell', 1, 7)
    """
    now = require_aware(as_of).astimezone(UTC)
    entries = holding(observations, now if known_at is None else require_aware(known_at).astimezone(UTC))
    zone = required(settings.zone, "zone")
    if goal.measure == "once":
        return (_once(goal, [each for each in entries if is_about(each, goal)], now, zone),)
    aim, units = _aim(goal), Units.of(goal, settings)
    said = [_said(each, units) for each in _things(goal, entries)]
    found: list[PeriodProgress] = []
    where = period(aim.per, aim.start, settings=settings)
    while where.from_ <= now and (aim.until is None or where.start <= aim.until):
        found += _in_period(aim, units, said, where, now)
        where = period(aim.per, where.end, settings=settings)
    return tuple(found)


def is_about(entry: Observation, goal: Goal) -> bool:
    """Whether `entry` may speak about `goal`: not if each names what is counted, and they differ."""
    return goal.counts is None or entry.counts is None or entry.counts == goal.counts


def share_text(share: Fraction) -> str:
    """`share` as an exact fraction in lowest terms.

    >>> share_text(Fraction(6, 8)), share_text(Fraction(1))
    ('3/4', '1/1')
    """
    return f"{share.numerator}/{share.denominator}"


def _aim(goal: Goal) -> _Aim:
    needed = ("measure", "per", "target", "start", *(("num", "den") if goal.measure == "ratio" else ()))
    missing = [problem("goal_incomplete", f"/goal/{name}") for name in needed if getattr(goal, name) is None]
    if missing or goal.per is None or goal.target is None or goal.start is None:  # the last three for type checkers
        raise DocumentError(*missing)
    # By its text: 0.8 is four fifths, not the nearest binary number.
    return _Aim(goal.per, goal.comparator, Fraction(str(goal.target)), goal.start, goal.until)


def _things(goal: Goal, entries: Iterable[Observation]) -> Iterator[list[Observation]]:
    """The entries about each thing that is counted: one, or the two that are set side by side."""
    if goal.measure == "ratio":
        yield from ([each for each in entries if each.counts == name] for name in (goal.num, goal.den))
    else:
        yield [each for each in entries if is_about(each, goal)]


def _said(entries: Sequence[Observation], units: Units) -> _Said:
    summaries: dict[date, list[Observation]] = {}
    for each in entries:
        if each.summary_from is not None:
            summaries.setdefault(each.summary_from, []).append(each)
    return _Said(units.by_day(entries), summaries)


def _in_period(aim: _Aim, units: Units, said: Sequence[_Said], where: Period, now: datetime) -> Iterator[PeriodProgress]:
    within = tuple(units.between(where.start, where.end))
    if not within:
        return
    columns = [[units.read(unit, each.by_day.get(unit.day, ()), now) for unit in within] for each in said]
    # The last date that happened: a summary given on it speaks for the whole period.
    last = local_day_start(day_of(where.to - timedelta(microseconds=1), units.zone), units.zone)
    bounds = [
        _with_summaries(_summed(column), each.summaries.get(where.start, ()), last) for column, each in zip(columns, said, strict=True)
    ]
    lower, upper = (bounds[0].lower, bounds[0].upper) if len(bounds) == 1 else _share(*bounds)
    states = [{reading.state for reading in of_unit} for of_unit in zip(*columns, strict=True)]
    disputed = {unit.day for column in columns for unit, reading in zip(within, column, strict=True) if reading.disputed}
    yield PeriodProgress(
        status=_status(aim, lower, upper),
        closed=all(each.whole for each in bounds) or max(where.to, *(unit.end for unit in within)) <= now,
        start=where.start,
        lower=lower,
        upper=upper,
        unknown=sum("unknown" in each for each in states),
        open=sum("open" in each for each in states),
        outside=sum("outside" in each for each in states),
        conflicts=(*sorted(disputed), *(("period",) if any(each.disputed for each in bounds) else ())),
    )


def _summed(column: Sequence[Reading]) -> _Bounds:
    most = [each.upper for each in column if each.upper is not None]
    return _Bounds(sum(each.lower for each in column), sum(most) if len(most) == len(column) else None)


def _with_summaries(days: _Bounds, summaries: Iterable[Observation], last: datetime) -> _Bounds:
    """The bounds that the days gave, with what was said about the period: from its last date on that is the whole, before a floor."""
    totals = [(each.total or 0, each.recorded_at >= last) for each in summaries]
    whole = [total for total, is_whole in totals if is_whole]
    if whole:
        low, high = min(whole), max(whole)
        if low == high and days.lower <= low and (days.upper is None or high <= days.upper):
            return _Bounds(low, high, whole=True)
        return _Bounds(min(days.lower, low), None if days.upper is None else max(days.upper, high), disputed=True, whole=True)
    floor = max((total for total, _ in totals), default=0)
    if days.upper is not None and floor > days.upper:
        return _Bounds(days.lower, floor, disputed=True)
    return _Bounds(max(days.lower, floor), days.upper)


def _share(num: _Bounds, den: _Bounds) -> tuple[Fraction | None, Fraction | None]:
    """How often one thing happened for each time that the other did, at least and at most; None twice without an occasion."""
    if den.upper == 0:
        return None, None
    lower = Fraction(0) if den.upper is None else min(Fraction(1), Fraction(num.lower, den.upper))
    upper = Fraction(1) if num.upper is None or den.lower == 0 else min(Fraction(1), Fraction(num.upper, den.lower))
    return lower, upper


def _status(aim: _Aim, lower: int | Fraction | None, upper: int | Fraction | None) -> ProgressStatus:
    """What the bounds say about the target. An upper bound that is not there satisfies no comparison."""
    if lower is None:
        return "cannot_tell"
    below, above = upper is not None and upper < aim.target, lower > aim.target
    met, missed = {
        "at_least": (lower >= aim.target, below),
        "at_most": (upper is not None and upper <= aim.target, above),
        "exactly": (lower == upper == aim.target, above or below),
    }[aim.comparator]
    return "met" if met else "not_met" if missed else "cannot_tell"


def _once(goal: Goal, entries: Iterable[Observation], now: datetime, zone: str) -> PeriodProgress:
    said = set()
    for each in entries:
        if each.word is not None and each.at is not None and each.at <= now:
            said.add((each.word, day_of(each.at, zone)))
        elif each.word is not None and each.date is not None and local_day_start(each.date, zone) <= now:
            said.add((each.word, each.date))
    over = goal.due is not None and local_day_start(day_after(goal.due, 1), zone) <= now
    if any(word == "yes" for word, _ in said):
        return PeriodProgress("met", closed=True)
    missed = over and any(word == "no" and goal.due is not None and day >= goal.due for word, day in said)
    return PeriodProgress("not_met" if missed else "cannot_tell", closed=over)
