"""What is owed in the engine: the kept obligations, the clocks of runs, and what discharges them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from recoverycore.coordination import Board, Obligation, board, standing
from recoverycore.engine.kept_runs import runs_of
from recoverycore.engine.shell import all_of, client_of, one_of, programme_of, put
from recoverycore.errors import NotAllowed, NotFound, problem
from recoverycore.ground.instants import local_date, utc_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from recoverycore.engine.stores import Unit
    from recoverycore.engine.work import Work
    from recoverycore.escalation import RunState

__all__ = ["WATCH", "board_of", "book", "clocks", "clocks_of", "discharge", "note_owed", "owe", "stalled"]

WATCH = "rules of "
"""The beginning of the name under which the next look at a client's rules is timed."""
ON_TIMEOUT = "tell_supervisor"
"""Policy: what happens to an obligation of a run that nobody met."""


def board_of(unit: Unit, client: str, at: datetime) -> Board:
    """Everything owed to a client as it stands at `at`."""
    zone = client_of(unit, client).zone or programme_of(unit).zone
    return board(all_of(unit, Obligation, client), at, zone)


def owe(work: Work, client: str, kind: str, owner: str, due: datetime | None, **fields: Any) -> None:
    """Open an obligation about `about`, due at `due` or on a day. Its id is the next of the client's."""
    taken = {each.id for each in work.unit.all(f"obligation of {client}")}
    number = next(each for each in count(len(taken) + 1) if f"o{each}" not in taken)
    dated = {"due_by": due} if due is not None else {}
    owed = Obligation.model_validate(
        {"id": f"o{number}", "kind": kind, "owner": owner, "opened_at": work.at, "on_timeout": ON_TIMEOUT, **dated, **fields}
    )
    put(work.unit, owed, client)
    note_owed(work, client, owed)
    work.unit.set_timer(WATCH + client, work.at, 0, 0)  # rules may speak about it, whoever opened it


def note_owed(work: Work, client: str | None, owed: Obligation) -> None:
    """Write down that something is owed from now on."""
    work.note("obligation", client=client, **{key: value for key, value in owed.to_data().items() if key != "opened_at"})


def discharge(work: Work, client: str, obligation: str, by: str) -> dict[str, Any]:
    """It is done. A second time changes nothing. Error: ``unknown_obligation``."""
    owed = _owed(work, client, obligation)
    if standing(owed, work.at) != "discharged":
        put(work.unit, owed.evolve(discharged_at=work.at, discharged_by=by), client)
        work.note("discharged", client=client, id=obligation, kind=owed.kind, by=by, about=owed.about)
    return {"obligation": obligation}


def book(work: Work, client: str, obligation: str, slot: datetime, *, with_: str, by: str) -> dict[str, Any]:
    """A slot found for an obligation that asks for one; booking discharges it.

    Error: ``slot_too_late`` when the slot lies after the last local day it may lie on; the obligation stays open.
    """
    owed = _owed(work, client, obligation)
    zone = owed.zone or client_of(work.unit, client).zone or programme_of(work.unit).zone
    last = owed.result_by or owed.due_on
    if last is not None and local_date(slot, zone) > last:
        raise NotAllowed(problem("slot_too_late", detail=obligation))
    discharge(work, client, obligation, by)
    work.note("booked", client=client, id=obligation, about=owed.about, who=with_, slot=utc_text(slot))
    return {"obligation": obligation, "slot": utc_text(slot)}


def stalled(unit: Unit, since: datetime) -> tuple[tuple[str, datetime], ...]:
    """The timers that were due by `since` and have not been looked at, the oldest first."""
    first = unit.next_timer()
    if first is None or first > since:  # one look at an index tells that all is well
        return ()
    return tuple(sorted(((each.run, each.due) for each in unit.timers() if each.due <= since), key=lambda each: (each[1], each[0])))


def clocks_of(unit: Unit, client: str) -> list[dict[str, Any]]:
    """The clocks of every run of a client that is going: who has to do what by when."""
    return [clock for state in runs_of(unit, client) for clock in clocks(state)]


def clocks(state: RunState) -> list[dict[str, Any]]:
    """What a run waits for: ``acknowledge``, ``make_contact``, ``stay_or_hand_over``, ``resolve``, ``alarm_again``.

    Staying on the line has no clock of its own: it ends with a hand-over or in care, and what bounds it is the run's.
    """
    return [{"run": state.run, "kind": kind, "owner": owner, "due": due and utc_text(due)} for kind, owner, due in _clocks(state)]


def _clocks(state: RunState) -> Iterator[tuple[str, str | None, datetime | None]]:
    if state.status == "open":
        for name in state.current:
            entry = state.entries[name]
            out = {*state.declined, *entry.unreachable, *entry.off_duty, *entry.excluded}
            for target in entry.recipients:
                if entry.present and target not in out and entry.deadline is not None:
                    yield "acknowledge", target, entry.deadline
    if state.status == "held" and state.contact_due is not None:
        yield "make_contact", state.owner, state.contact_due
    if state.accompanied_by is not None:
        yield "stay_or_hand_over", state.accompanied_by, state.resolve_due
    if state.status == "held" and state.resolve_due is not None:
        yield "resolve", state.owner, state.resolve_due
    if state.status == "exhausted" and state.realarm_due is not None:
        yield "alarm_again", state.protocol.exhausted.alarm_roles[0], state.realarm_due


def _owed(work: Work, client: str, obligation: str) -> Obligation:
    found = one_of(work.unit, Obligation, client, obligation)
    if found is None:
        raise NotFound(problem("unknown_obligation"))
    return found
