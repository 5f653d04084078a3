"""How runs are kept: what a run has come to as one document, and what it looks at, its protocol and its facts, as another.

The second changes seldom and is the larger by far, so a step need not write it again. Each revision of the first names the
revision of the second that belongs to it. Runs that were kept in one piece, as all once were, are read as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from recoverycore.engine.stores import Stored
from recoverycore.errors import NotFound, problem
from recoverycore.escalation import RunState
from recoverycore.escalation.records import snapshot_written, written

if TYPE_CHECKING:
    from recoverycore.engine.stores import Unit
    from recoverycore.engine.work import Work

__all__ = ["KeptRun", "begin", "earlier_states", "keep", "kept_run", "listed_for", "run_state", "runs_of"]

_RUN = "run"
_SNAPSHOT = "run snapshot"
"""The kind under which a run's protocol and facts are kept, with the id of the run."""


@frozen
class KeptRun:
    """A run as it is kept now, and read: `about` says whose it is, why, and about what."""

    about: dict[str, Any]
    state: RunState
    data: dict[str, Any]
    row: Stored
    snapshot: Stored | None


def kept_run(work: Work, run: str) -> KeptRun:
    """The run; as it was read before, where the same is kept. Errors: ``unknown_run``, and whatever is wrong with what is kept."""
    row, snapshot = work.unit.get(_RUN, run), work.unit.get(_SNAPSHOT, run)
    if row is None:
        raise NotFound(problem("unknown_run"))
    known: KeptRun | None = work.memo.get((_RUN, run), (row.text, snapshot and snapshot.text))
    if known is None:
        about, data = _apart(row)
        state = _state(data, snapshot)
        known = KeptRun(about, state, written(state), row, snapshot)
        _remember(work, known)
    return known


def run_state(work: Work, run: str) -> RunState:
    """A run as it is now. Error: ``unknown_run``."""
    return kept_run(work, run).state


def runs_of(unit: Unit, client: str) -> tuple[RunState, ...]:
    """Every run of a client, by id."""
    found = [(row, unit.get(_SNAPSHOT, row.id)) for each in unit.all(listed_for(client)) if (row := unit.get(_RUN, each.id)) is not None]
    return tuple(_state(_apart(row)[1], snapshot) for row, snapshot in found)


def earlier_states(unit: Unit, run: str) -> list[RunState]:
    """A run as it was kept each time, the oldest first."""
    snapshots = {each.rev: each for each in unit.revisions(_SNAPSHOT, run)}
    return [_state(_apart(row)[1], snapshots.get(row.body.get("snapshot", 0))) for row in unit.revisions(_RUN, run)]


def listed_for(client: str) -> str:
    """The kind under which the runs of a client are listed, each with what others ask of it."""
    return f"run of {client}"


def begin(work: Work, state: RunState, about: dict[str, Any]) -> None:
    """Keep a new run. Error: ``revision_conflict`` when there is one of this id."""
    snapshot, data = work.unit.put(_SNAPSHOT, state.run, snapshot_written(state), None), written(state)
    _remember(work, KeptRun(about, state, data, work.unit.put(_RUN, state.run, _together(about, data, snapshot), None), snapshot))


def keep(work: Work, kept: KeptRun, state: RunState) -> None:
    """Keep `state` as the next revision of a run, unless it says what is kept already."""
    data, snapshot = written(state, (kept.state, kept.data)), kept.snapshot
    looks_at_the_same = state.protocol is kept.state.protocol and state.facts is kept.state.facts
    if snapshot is None or not looks_at_the_same:
        snapshot = work.unit.put(_SNAPSHOT, state.run, snapshot_written(state), None if snapshot is None else snapshot.rev)
    elif data == kept.data:
        return
    row = work.unit.put(_RUN, state.run, _together(kept.about, data, snapshot), kept.row.rev)
    _remember(work, KeptRun(kept.about, state, data, row, snapshot))


def _remember(work: Work, made: KeptRun) -> None:
    work.memo.keep((_RUN, made.state.run), (made.row.text, made.snapshot and made.snapshot.text), made)


def _together(about: dict[str, Any], data: dict[str, Any], snapshot: Stored) -> dict[str, Any]:
    return {**about, "snapshot": snapshot.rev, "state": data}


def _apart(row: Stored) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of a run, and what it has come to."""
    return {name: value for name, value in row.body.items() if name not in ("snapshot", "state")}, row.body["state"]


def _state(data: dict[str, Any], snapshot: Stored | None) -> RunState:
    return RunState.from_dict(data if snapshot is None else {**snapshot.body, **data})
