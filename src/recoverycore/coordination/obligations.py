"""What is owed as of an instant: what is overdue, what comes near, what has a defect, and when to look again. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from recoverycore.errors import DocumentError, problem
from recoverycore.ground.durations import parse_duration
from recoverycore.ground.instants import calendar_add, local_day_start, require_aware

if TYPE_CHECKING:
    from collections.abc import Iterable

    from recoverycore.coordination.documents import Obligation

__all__ = ["LEADS", "Board", "Standing", "board", "due_of", "standing"]

Standing = Literal["not_yet", "discharged", "cancelled", "no_clock", "overdue", "lead", "waiting"]

LEADS: dict[str, tuple[str, ...]] = {
    "court": ("P14D", "P3D", "P1D"),
    "eviction": ("P21D", "P7D", "P2D"),
    "benefit": ("P14D", "P3D"),
    "document": ("P30D", "P7D"),
    "credential": ("P30D", "P7D"),
    "consent_expiry": ("P14D",),
    "support_ends": ("P14D",),
    "review": ("P7D",),
}
"""Policy: how long before a due instant a reminder is right, by kind; any other kind has `OTHER_LEAD`. A host names its own
in an obligation's `lead`."""
OTHER_LEAD = ("P1D",)


@frozen
class Board:
    """What is owed as of an instant, as ids: by due instant, then id. `lead` holds the threshold passed last."""

    overdue: tuple[str, ...]
    lead: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...]
    discharged: tuple[str, ...]
    cancelled: tuple[str, ...]
    not_yet: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    next_wake: datetime | None


def due_of(owed: Obligation, at: datetime, zone: str | None = None) -> datetime | None:
    """The due instant in force at `at`: of the last move made by then, else its own; a day counts wholly in its zone.

    The last day of the calendar never ends, so it is no due instant.
    """
    moves = sorted((each for each in owed.moves if each.at <= at), key=lambda each: each.at)
    if moves:
        return moves[-1].due_by
    where = owed.zone or zone
    if owed.due_by is None and owed.due_on is not None and owed.due_on < date.max and where is not None:
        return local_day_start(owed.due_on + timedelta(days=1), where)
    return owed.due_by


def standing(owed: Obligation, at: datetime, zone: str | None = None) -> Standing:
    """Where an obligation stands at `at`: the first that applies, in the order of `Standing`."""
    if owed.opened_at is not None and owed.opened_at > require_aware(at):
        return "not_yet"
    done = owed.discharged_at is not None and owed.discharged_at <= at
    gone = owed.cancelled_at is not None and owed.cancelled_at <= at
    if done and not (gone and owed.cancelled_at < owed.discharged_at):  # type: ignore[operator]  # both are known here
        return "discharged"
    if gone:
        return "cancelled"
    due = due_of(owed, at, zone)
    if due is None:
        return "no_clock"
    if at >= due:
        return "overdue"
    return "lead" if any(start <= at for start, _ in _leads(owed, due, zone)) else "waiting"


def board(obligations: Iterable[Obligation], at: datetime, zone: str | None = None) -> Board:
    """Everything in `obligations` as it stands at `at`. Days are those of `zone` where an obligation names none.

    The same record twice counts once. Error: ``duplicate_obligation`` for one id with two contents.
    """
    known: dict[str, Obligation] = {}
    for each in obligations:
        if known.setdefault(each.id, each) != each:
            raise DocumentError(problem("duplicate_obligation"))
    listed: dict[Standing, list[Obligation]] = {}
    for each in known.values():
        listed.setdefault(standing(each, at, zone), []).append(each)

    def ids(state: Standing) -> tuple[str, ...]:
        found = sorted(listed.get(state, ()), key=lambda each: ((due := due_of(each, at, zone)) is None, due or at, each.id))
        return tuple(each.id for each in found)

    wakes = [later for each in known.values() for later in _changes(each, at, zone) if later > at]
    return Board(
        overdue=ids("overdue"),
        lead=tuple((identifier, _passed(known[identifier], at, zone)) for identifier in ids("lead")),
        waiting=ids("waiting"),
        discharged=ids("discharged"),
        cancelled=ids("cancelled"),
        not_yet=ids("not_yet"),
        problems=tuple(sorted((each.id, code) for each in known.values() for code in _defects(each, at, zone))),
        next_wake=min(wakes, default=None),
    )


def _leads(owed: Obligation, due: datetime, zone: str | None) -> list[tuple[datetime, str]]:
    """When each reminder becomes right, the latest last."""
    texts = owed.lead if owed.lead is not None else LEADS.get(owed.kind, OTHER_LEAD)
    found = []
    for text in texts:
        days, elapsed = parse_duration(text)
        found.append((calendar_add(due, -days, -elapsed, owed.zone or zone or "UTC"), text))
    return sorted(found)


def _passed(owed: Obligation, at: datetime, zone: str | None) -> str:
    due = due_of(owed, at, zone)
    return [text for start, text in _leads(owed, due or at, zone) if start <= at][-1]


def _changes(owed: Obligation, at: datetime, zone: str | None) -> list[datetime]:
    """The instants at which time alone changes where an obligation stands."""
    state = standing(owed, at, zone)
    if state in ("discharged", "cancelled", "no_clock", "overdue"):
        return []
    due = due_of(owed, at, zone)
    opening = [owed.opened_at] if state == "not_yet" and owed.opened_at is not None else []
    return opening if due is None else [*opening, due, *(start for start, _ in _leads(owed, due, zone))]


def _defects(owed: Obligation, at: datetime, zone: str | None) -> list[str]:
    if standing(owed, at, zone) in ("discharged", "cancelled"):
        return []
    due = due_of(owed, at, zone)
    found = [] if owed.owner else ["no_owner"]
    found += [] if due is not None else ["no_clock"]
    found += [] if owed.on_timeout else ["no_on_timeout"]
    return found + (["due_before_opened"] if due is not None and owed.opened_at is not None and due <= owed.opened_at else [])
