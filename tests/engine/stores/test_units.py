"""What every store promises of a unit: all or nothing, and over at its end. Whatever else it promises, `StoreContract` holds it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from recoverycore.errors import StoreError
from tests.engine.stores.samples import AT, MINUTE, Planned, everything, fail_after, fill

if TYPE_CHECKING:
    from recoverycore.engine.stores import Store
    from recoverycore.engine.stores.protocol import Unit

# --- a unit is all or nothing ---


@pytest.mark.parametrize("error", [Planned, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_unit_that_ends_badly_leaves_everything_as_it_was(store: Store, error: type[BaseException]) -> None:
    fill(store)
    before = everything(store)

    def act(unit: Unit) -> None:
        unit.put("client", "monique", {"name": "second"}, 1)
        unit.put("client", "jamal", {}, None)
        unit.put("plan", "p1", {}, None)
        unit.record_command("c2", AT, {}, {})
        unit.set_timer("r1", AT + MINUTE, 2, 1)
        unit.set_timer("r2", AT, 1, 1)
        unit.clear_timer("r1")
        unit.enqueue("m2", 1, AT, {})
        unit.claim(AT, MINUTE)
        unit.settle("m1", "handed_over")
        unit.cancel("m2")
        unit.append_audit(AT, {"what": "ended"})

    fail_after(store, act, error)
    assert everything(store) == before


def test_a_message_that_was_claimed_in_a_unit_that_failed_is_claimed_again(store: Store) -> None:
    fill(store)
    fail_after(store, lambda unit: unit.claim(AT, MINUTE))
    with store.unit() as unit:
        row = unit.claim(AT, MINUTE)
    assert row is not None
    assert row.attempts == 1


def test_a_unit_reads_what_it_wrote(store: Store) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"n": 1}, None)
        found = unit.get("client", "monique")
    assert found is not None
    assert found.body == {"n": 1}


def test_a_unit_answers_nothing_after_its_end(store: Store) -> None:
    with store.unit() as unit:
        pass
    for use in (lambda: unit.get("client", "monique"), lambda: unit.put("client", "monique", {}, None), unit.timers, unit.audit):
        with pytest.raises(StoreError, match="unit_ended"):
            use()
    assert everything(store)[0] == ()


def test_a_unit_whose_store_was_closed_meanwhile_fails(store: Store) -> None:
    with pytest.raises(StoreError, match="store_closed"), store.unit():
        store.close()


# --- instants ---
