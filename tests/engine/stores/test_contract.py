"""What every store promises, asked of each of them."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine.stores import MemoryStore, SqliteStore, Store
from recoverycore.engine.stores.protocol import PENDING, OutboxRow, Unit, link_hash
from recoverycore.errors import Conflict, InstantError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

AT = datetime(2026, 11, 4, 22, 47, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "clinic.db")
    yield made
    made.close()


def fill(store: Store) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"name": "first"}, None)
        unit.record_command("c1", AT, {"do": "it"}, {"done": True})
        unit.set_timer("r1", AT, 1, 3)
        unit.enqueue("m1", 3, AT, {"to": "dana"})
        unit.append_audit(AT, {"what": "began"})


def everything(store: Store) -> tuple[Any, ...]:
    with store.unit() as unit:
        return unit.documents(), unit.commands(), unit.timers(), unit.outbox(), unit.audit(), unit.next_timer()


class Planned(Exception):
    """What a test raises inside a unit."""


def fail_after(store: Store, act: Callable[[Unit], object], error: type[BaseException] = Planned) -> None:
    with pytest.raises(error), store.unit() as unit:  # noqa: PT012 - that the writes before the error are undone is the claim
        act(unit)
        raise error


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


# --- documents ---


def test_revisions_count_from_one(store: Store) -> None:
    with store.unit() as unit:
        assert unit.put("client", "monique", {"n": 1}, None) == 1
        assert unit.put("client", "monique", {"n": 2}, 1) == 2
        assert [(each.rev, each.body["n"]) for each in unit.revisions("client", "monique")] == [(1, 1), (2, 2)]


@pytest.mark.parametrize("expected", [None, 0, 1, 3])
def test_a_revision_other_than_the_expected_one_is_a_conflict(store: Store, expected: int | None) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"n": 1}, None)
        unit.put("client", "monique", {"n": 2}, 1)
        with pytest.raises(Conflict, match="revision_conflict"):
            unit.put("client", "monique", {"n": 3}, expected)
        assert len(unit.revisions("client", "monique")) == 2


def test_a_new_document_has_no_earlier_revision(store: Store) -> None:
    with store.unit() as unit, pytest.raises(Conflict, match="revision_conflict"):
        unit.put("client", "monique", {}, 1)


def test_the_newest_revision_counts(store: Store) -> None:
    with store.unit() as unit:
        for number in range(12):  # so many that an order by text would differ
            unit.put("client", "monique", {"n": number}, number or None)
        unit.put("client", "jamal", {"n": -1}, None)
        unit.put("plan", "monique", {"n": -2}, None)
        found = unit.get("client", "monique")
        assert found is not None
        assert (found.rev, found.body) == (12, {"n": 11})
        assert [(each.id, each.rev, each.body["n"]) for each in unit.all("client")] == [("jamal", 1, -1), ("monique", 12, 11)]


def test_what_nobody_put_is_nothing(store: Store) -> None:
    with store.unit() as unit:
        assert (unit.get("client", "monique"), unit.revisions("client", "monique"), unit.all("client")) == (None, (), ())
        assert (unit.command("c1"), unit.next_timer(), unit.claim(AT, MINUTE)) == (None, None, None)


def test_documents_are_told_by_kind_id_and_revision(store: Store) -> None:
    with store.unit() as unit:
        for kind, identifier in (("plan", "a"), ("client", "b"), ("client", "a")):
            unit.put(kind, identifier, {}, None)
        unit.put("client", "b", {}, 1)
        assert [(each.kind, each.id, each.rev) for each in unit.documents()] == [
            ("client", "a", 1), ("client", "b", 1), ("client", "b", 2), ("plan", "a", 1),
        ]  # fmt: skip


def test_a_body_is_never_shared_with_whoever_gave_it(store: Store) -> None:
    body: dict[str, Any] = {"list": [1]}
    with store.unit() as unit:
        unit.put("client", "monique", body, None)
        unit.record_command("c1", AT, body, body)
        unit.enqueue("m1", 1, AT, body)
        link = unit.append_audit(AT, body)
        body["list"].append(2)
        link.body["list"].append(3)
        found, row = unit.get("client", "monique"), unit.claim(AT, MINUTE)
        assert found is not None
        assert row is not None
        kept = [found.body, unit.command("c1"), unit.commands()[0].body, row.body, unit.audit()[0].body]
    assert kept == [{"list": [1]}] * 5


def test_a_body_is_never_shared_with_whoever_got_it(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        for bodies in (
            [each.body for each in unit.documents()], [each.result for each in unit.commands()], [each.body for each in unit.outbox()],
            [each.body for each in unit.audit()], [each.body for each in unit.all("client")],
        ):  # fmt: skip
            bodies[0].clear()
        assert unit.documents()[0].body == {"name": "first"}
        assert unit.commands()[0].result == {"done": True}
        assert unit.outbox()[0].body == {"to": "dana"}
        assert unit.audit()[0].body == {"what": "began"}


def test_a_body_comes_back_as_plain_json(store: Store) -> None:
    with store.unit() as unit:
        unit.put("client", "monique", {"pair": (1, 2), "text": "Zoë\u0000 \U0001f331", "none": None, "yes": True, "half": 0.5}, None)
        found = unit.get("client", "monique")
    assert found is not None
    assert found.body == {"pair": [1, 2], "text": "Zoë\u0000 \U0001f331", "none": None, "yes": True, "half": 0.5}


def test_half_a_character_is_refused_and_not_repeated(store: Store) -> None:
    with pytest.raises(StoreError, match="store_failed") as caught, store.unit() as unit:
        unit.put("client", "monique", {"text": "canary \ud83c"}, None)
    assert "canary" not in repr(caught.value) + str(caught.value)
    assert caught.value.__context__ is None
    assert everything(store)[0] == ()


# --- commands ---


def test_a_command_id_is_used_once_for_ever(store: Store) -> None:
    fill(store)
    with store.unit() as unit:
        with pytest.raises(Conflict, match="command_id_reused"):
            unit.record_command("c1", AT, {"do": "other"}, {})
        assert unit.command("c1") == {"done": True}


def test_commands_are_told_in_the_order_they_were_recorded(store: Store) -> None:
    with store.unit() as unit:
        for number, name in enumerate("zam"):
            unit.record_command(name, AT - number * MINUTE, {"n": number}, {"r": number})
        assert unit.commands() == (
            ("z", AT, {"n": 0}, {"r": 0}), ("a", AT - MINUTE, {"n": 1}, {"r": 1}), ("m", AT - 2 * MINUTE, {"n": 2}, {"r": 2}),
        )  # fmt: skip
        assert [each.id for each in unit.commands(since=2)] == ["m"]
        assert unit.commands(since=3) == ()


def test_the_count_of_commands_has_no_hole_after_a_unit_that_failed(store: Store) -> None:
    fill(store)
    fail_after(store, lambda unit: unit.record_command("c2", AT, {}, {}))
    with store.unit() as unit:
        unit.record_command("c3", AT, {}, {})
        assert [each.id for each in unit.commands(since=1)] == ["c3"]


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


def keys(store: Store, now: datetime = AT) -> list[str]:
    """What a sender that never settles is given, in turn."""
    found = []
    with store.unit() as unit:
        while row := unit.claim(now, MINUTE):
            found.append(row.key)
    return found


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


# --- audit ---


def test_audit_links_hold_on_to_each_other(store: Store) -> None:
    with store.unit() as unit:
        made = [unit.append_audit(AT + number * MINUTE, {"n": number}) for number in range(3)]
        assert unit.audit() == tuple(made)
        assert unit.audit(since=2) == (made[2],)
    assert [each.seq for each in made] == [1, 2, 3]
    assert [each.prev for each in made] == ["", made[0].hash, made[1].hash]
    assert [each.hash for each in made] == [link_hash(each.prev, each.seq, each.at, each.body) for each in made]


def test_the_audit_keeps_the_second_that_it_hashes(store: Store) -> None:
    with store.unit() as unit:
        made = unit.append_audit(AT.replace(microsecond=999_999), {})
        assert made.at == AT
        assert unit.audit() == (made,)


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
