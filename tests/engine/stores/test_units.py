"""What every store promises of a unit: all or nothing, one at a time, over at its end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from recoverycore.errors import Conflict, InstantError, StoreError
from tests.engine.stores.samples import AT, MINUTE, Planned, everything, fail_after, fill

if TYPE_CHECKING:
    from recoverycore.engine.stores import Store
    from recoverycore.engine.stores.protocol import Unit

# --- a unit is all or nothing ---


def test_what_a_unit_wrote_is_there_in_the_next_one(store: Store) -> None:
    fill(store)
    assert [len(each) for each in everything(store)[:5]] == [1, 1, 1, 1, 1]


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


def test_a_conflict_that_is_caught_keeps_the_rest_of_the_unit(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        with pytest.raises(Conflict):
            unit.put("client", "monique", {}, None)
        unit.put("client", "jamal", {}, None)
    with store.unit() as unit:
        assert [each.id for each in unit.all("client")] == ["jamal", "monique"]


def test_a_unit_answers_nothing_after_its_end(store: Store) -> None:
    with store.unit() as unit:
        pass
    for use in (lambda: unit.get("client", "monique"), lambda: unit.put("client", "monique", {}, None), unit.timers, unit.audit):
        with pytest.raises(StoreError, match="unit_ended"):
            use()
    assert everything(store)[0] == ()


def test_a_unit_inside_a_unit_is_refused_and_the_outer_one_kept(store: Store) -> None:
    with store.unit() as outer:
        outer.put("client", "monique", {}, None)
        with pytest.raises(StoreError, match="unit_nested"), store.unit():
            pass
        outer.put("client", "jamal", {}, None)
    with store.unit() as unit:
        assert len(unit.all("client")) == 2


def test_two_threads_take_turns(store: Store) -> None:
    with store.unit() as unit:
        unit.put("count", "one", {"n": 0}, None)

    def add() -> None:
        for _ in range(20):
            with store.unit() as unit:
                found = unit.get("count", "one")
                assert found is not None
                time.sleep(0.0005)  # long enough for the other thread to come in between, if it could
                unit.put("count", "one", {"n": found.body["n"] + 1}, found.rev)

    threads = [threading.Thread(target=add) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.unit() as unit:
        found = unit.get("count", "one")
    assert found is not None
    assert found.body == {"n": 40}


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError, match="store_closed"), store.unit():
        pass


def test_a_store_may_be_closed_twice(store: Store) -> None:
    store.close()
    store.close()


def test_a_unit_whose_store_was_closed_meanwhile_fails(store: Store) -> None:
    with pytest.raises(StoreError, match="store_closed"), store.unit():
        store.close()


# --- instants ---


def test_an_instant_without_an_offset_is_refused(store: Store) -> None:
    naive = AT.replace(tzinfo=None)
    with store.unit() as unit:
        for use in (
            lambda: unit.set_timer("r1", naive, 1, 1), lambda: unit.due_timers(naive), lambda: unit.enqueue("m1", 1, naive, {}),
            lambda: unit.claim(naive, MINUTE), lambda: unit.record_command("c1", naive, {}, {}), lambda: unit.append_audit(naive, {}),
        ):  # fmt: skip
            with pytest.raises(InstantError, match="naive_time"):
                use()


def test_nothing_that_is_kept_shows_itself(store: Store) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"text": "canary"}, None)
        unit.record_command("canary", AT, {"text": "canary"}, {"text": "canary"})
        unit.set_timer("canary", AT, 1, 1)
        unit.enqueue("canary", 1, AT, {"text": "canary"})
        unit.append_audit(AT, {"text": "canary"})
        shown = repr([unit.documents(), unit.commands(), unit.timers(), unit.outbox(), unit.audit(), unit, store])
    assert "canary" not in shown
