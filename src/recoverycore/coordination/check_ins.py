"""Check-ins: when somebody is expected to be in touch, and what silence calls for. Pure.

The first answer to silence is care. A missed check-in never reduces a service and never resets anybody's progress.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.coordination.documents import CheckInState
from recoverycore.ground.instants import local_date, moment, wall_minutes
from recoverycore.ground.windows import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from recoverycore.coordination.documents import Cadence, Pause

__all__ = ["CheckIns", "check_in", "expected"]

Care = Literal["gentle_message", "call_and_tell_lead", "care_review"]

STEPS: tuple[Care | None, ...] = (None, "gentle_message", "call_and_tell_lead", "care_review")
"""Policy: what so many misses in a row call for; more than the last is as the last."""
_AHEAD = 40


@frozen
class CheckIns:
    """How a cadence stands: its state, the misses in a row, the next step of care and the next expected instant."""

    state: CheckInState
    missed_in_row: int
    step: Care | None
    next: datetime | None


def expected(cadence: Cadence, first: date, last: date, zone: str) -> Iterator[datetime]:
    """The expected instants on the local days from `first` to `last`, both included, in order."""
    day = max(first, cadence.from_)
    end = last if cadence.until is None else min(last, cadence.until)
    while day <= end:
        if cadence.days is None or WEEKDAYS[day.weekday()] in cadence.days:
            yield from sorted(moment(day, wall_minutes(time), zone) for time in cadence.times)
        day += timedelta(days=1)


def check_in(cadence: Cadence, answers: Iterable[datetime], at: datetime, zone: str, pauses: Iterable[Pause] = ()) -> CheckIns:
    """How `cadence` stands at `at`. Answers after `at` do not exist yet; nothing is expected inside an agreed pause."""
    agreed = tuple(pauses)
    known = sorted(each for each in answers if each <= at)
    today = local_date(at, zone)
    times = [each for each in expected(cadence, cadence.from_, today + timedelta(days=_AHEAD), zone) if not _paused(each, agreed)]
    closed = [each for each in times if each + cadence.grace <= at]
    missed = [each for each in closed if not _answered(cadence, each, known)]
    in_row = len([each for each in missed if not known or each > known[-1]])
    paused = _paused(at, agreed)
    return CheckIns(
        state=_state(cadence, times, known, at, paused=paused),
        missed_in_row=in_row,
        step=None if paused else STEPS[min(in_row, len(STEPS) - 1)],
        next=next((each for each in times if each > at), None),
    )


def _state(cadence: Cadence, times: list[datetime], known: list[datetime], at: datetime, *, paused: bool) -> CheckInState:
    if paused:
        return "paused"
    running = [each for each in times if each <= at < each + cadence.grace]
    if running:
        return "answered" if _answered(cadence, running[-1], known) else "open"
    closed = [each for each in times if each + cadence.grace <= at]
    if not closed:
        return "none"
    latest = closed[-1]
    if _answered(cadence, latest, known):
        return "answered"
    return "answered_late" if any(each >= latest for each in known) else "missed"


def _answered(cadence: Cadence, instant: datetime, known: list[datetime]) -> bool:
    return any(instant - cadence.early <= each < instant + cadence.grace for each in known)


def _paused(instant: datetime, pauses: tuple[Pause, ...]) -> bool:
    return any(each.from_ <= instant and (each.until is None or instant < each.until) for each in pauses)
