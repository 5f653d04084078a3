"""A run in a store: what it has come to is written at each step, what it looks at only when that has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from recoverycore.engine.kept_runs import earlier_states
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, call, clinic

if TYPE_CHECKING:
    from recoverycore import Engine

FRIEND = "friend_bea"
C2 = next(each for each in STORY.start.directives if each.id == "c2")


def kept(engine: Engine, run: str) -> tuple[int, int]:
    """How often a run and what it looks at were written."""
    with engine._shell.store.unit() as unit:
        return len(unit.revisions("run", run)), len(unit.revisions("run snapshot", run))


def test_a_step_writes_protocol_and_facts_again_only_when_they_have_changed() -> None:
    engine = clinic()
    run = call(engine)
    once = kept(engine, run)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    taken = kept(engine, run)
    assert taken[0] > once[0]
    assert taken[1] == once[1]
    engine.withdraw("c2", client=ME, by="client", at=NIGHT + 2 * MINUTE)
    engine.event(run, "note", by="peer_ade", at=NIGHT + 3 * MINUTE)
    assert kept(engine, run)[1] == once[1] + 1


def test_a_run_as_it_was_looks_at_what_it_looked_at_then() -> None:
    engine = clinic()
    run = call(engine)
    engine.withdraw("c2", client=ME, by="client", at=NIGHT + 2 * MINUTE)
    engine.event(run, "note", by="peer_ade", at=NIGHT + 3 * MINUTE)
    with engine._shell.store.unit() as unit:
        states = earlier_states(unit, run)
    assert states[-1] == engine.runs(client=ME)[0]
    assert [states[0].facts.consent[FRIEND].contact, states[-1].facts.consent[FRIEND].contact] == ["permit", "unknown"]


def test_a_run_that_was_kept_in_one_piece_is_read_and_goes_on() -> None:
    engine = clinic()
    run = call(engine)
    before = engine.runs(client=ME)
    with engine._shell.store.unit() as unit:
        row, snapshot = unit.get("run", run), unit.get("run snapshot", run)
        assert row
        assert snapshot
        whole: dict[str, Any] = {name: value for name, value in row.body.items() if name != "snapshot"}
        unit.put("run", run, {**whole, "state": {**row.body["state"], **snapshot.body}}, row.rev)
    assert engine.runs(client=ME) == before
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    assert engine.runs(client=ME)[0].owner == "peer_ade"
