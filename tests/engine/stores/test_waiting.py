"""What every store promises of what waits: timers and the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from recoverycore.engine.stores.protocol import PENDING, OutboxRow
from recoverycore.errors import Conflict
from tests.engine.stores.samples import AT, MINUTE, fail_after, fill, keys

if TYPE_CHECKING:
    from recoverycore.engine.stores import Store

# --- timers ---


def test_a_run_has_one_timer(store: Store) -> None:
    with store.unit() as unit:
        unit.set_timer("r1", AT, 1, 3)
        unit.set_timer("r1", AT + MINUTE, 2, 1)
        assert unit.timers() == (("r1", AT + MINUTE, 2, 1),)
        assert unit.next_timer() == AT + MINUTE
        unit.clear_timer("r1")
        unit.clear_timer("r1")
        assert unit.timers() == ()


def test_due_timers_are_the_most_urgent_first_then_the_earliest(store: Store) -> None:
    with store.unit() as unit:
        unit.set_timer("late", AT, 1, 2)
        unit.set_timer("early", AT - MINUTE, 2, 2)
        unit.set_timer("also early", AT - MINUTE, 3, 2)
        unit.set_timer("urgent", AT, 4, 4)
        unit.set_timer("not yet", AT + timedelta(microseconds=1), 5, 4)
        assert unit.due_timers(AT) == (("urgent", 4), ("also early", 3), ("early", 2), ("late", 1))
        assert [each.run for each in unit.timers()] == ["also early", "early", "late", "not yet", "urgent"]


def test_a_timer_keeps_its_microsecond_and_comes_back_in_utc(store: Store) -> None:
    due = datetime(2026, 11, 4, 17, 47, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with store.unit() as unit:
        unit.set_timer("r1", due, 1, 1)
        found = unit.next_timer()
    assert found == due
    assert found is not None
    assert found.tzinfo is UTC


# --- outbox ---


def test_the_most_urgent_message_goes_first_then_the_earliest_then_by_key(store: Store) -> None:
    with store.unit() as unit:
        unit.enqueue("b", 2, AT - MINUTE, {})
        unit.enqueue("a", 2, AT - MINUTE, {})
        unit.enqueue("old", 1, AT - 9 * MINUTE, {})
        unit.enqueue("urgent", 4, AT, {})
        unit.enqueue("earlier", 2, AT - 2 * MINUTE, {})
        unit.enqueue("not yet", 4, AT + MINUTE, {})
    assert keys(store) == ["urgent", "earlier", "a", "b", "old"]


def test_the_same_key_again_does_nothing(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        unit.enqueue("m1", 1, AT - MINUTE, {"to": "somebody else"})
        (row,) = unit.outbox()
    assert (row.level, row.due, row.body) == (3, AT, {"to": "dana"})


def test_a_message_of_a_unit_that_failed_is_never_sent(store: Store) -> None:
    fail_after(store, lambda unit: unit.enqueue("m1", 1, AT, {}))
    assert keys(store) == []


def test_a_claim_says_what_is_leased_and_until_when(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        row = unit.claim(AT, MINUTE)
        assert row is not None
        assert (row.key, row.status, row.attempts, row.lease, row.due) == ("m1", "leased", 1, AT + MINUTE, AT)
        assert unit.outbox() == (row,)


def test_a_message_is_leased_to_one_sender_until_the_lease_ends(store: Store) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    assert keys(store, AT + MINUTE - timedelta(microseconds=1)) == []
    assert keys(store, AT + MINUTE) == ["m1"]
    with store.unit() as unit:
        assert unit.outbox()[0].attempts == 2


@pytest.mark.parametrize("status", PENDING)
def test_a_message_that_still_waits_is_claimed_again_when_it_is_due(store: Store, status: str) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    with store.unit() as unit:
        unit.settle("m1", status, AT + 5 * MINUTE)
    assert keys(store, AT + 4 * MINUTE) == []
    assert keys(store, AT + 5 * MINUTE) == ["m1"]


@pytest.mark.parametrize("status", ["handed_over", "delivered", "failed_permanent", "expired"])
def test_a_settled_message_is_never_claimed_or_cancelled_again(store: Store, status: str) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    with store.unit() as unit:
        unit.settle("m1", status)
        unit.cancel("m1")
        assert unit.outbox()[0].status == status
    assert keys(store, AT + 60 * MINUTE) == []


def test_a_cancelled_message_is_never_claimed(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        unit.cancel("m1")
        assert unit.outbox()[0].status == "cancelled"
    assert keys(store) == []


def test_a_message_that_was_never_claimed_cannot_be_settled(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        unit.settle("m1", "handed_over", AT + MINUTE)
        unit.settle("nobody's", "handed_over")
        assert [(each.key, each.status, each.due) for each in unit.outbox()] == [("m1", "queued", AT)]


def test_what_went_out_went_out_although_it_was_taken_back_meanwhile(store: Store) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    with store.unit() as unit:
        unit.cancel("m1")
        unit.settle("m1", "handed_over")
        assert unit.outbox()[0].status == "handed_over"


def test_a_cancelled_message_does_not_come_back_to_wait(store: Store) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    with store.unit() as unit:
        unit.cancel("m1")
        unit.settle("m1", "failed_transient", AT)
        assert unit.outbox()[0].status == "cancelled"
    assert keys(store) == []


def test_a_late_word_from_a_lost_lease_ends_the_wait_of_the_message(store: Store) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    assert keys(store, AT + MINUTE) == ["m1"]
    with store.unit() as unit:
        unit.settle("m1", "failed_transient", AT + MINUTE)
        unit.settle("m1", "handed_over")
        assert unit.outbox()[0].status == "handed_over"
    assert keys(store, AT + 60 * MINUTE) == []


def test_a_final_status_stays(store: Store) -> None:
    fill(store)
    assert keys(store) == ["m1"]
    with store.unit() as unit:
        unit.settle("m1", "handed_over")
        unit.settle("m1", "failed_transient", AT + MINUTE)
        unit.settle("m1", "failed_permanent")
        assert [(each.status, each.due) for each in unit.outbox()] == [("handed_over", AT)]


def test_a_restored_message_stands_as_it_stood(store: Store) -> None:
    row = OutboxRow("m1", 3, AT, "leased", 4, {"to": "dana"}, AT + MINUTE)
    with store.unit() as unit:
        unit.restore(row)
        assert unit.outbox() == (row,)
    assert keys(store, AT) == []
    assert keys(store, AT + MINUTE) == ["m1"]


def test_a_message_is_not_restored_over_another(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        (before,) = unit.outbox()
        with pytest.raises(Conflict, match="revision_conflict"):
            unit.restore(OutboxRow("m1", 1, AT, "handed_over", 4, {}))
        assert unit.outbox() == (before,)
