"""What every store promises of documents, commands and the audit chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine.stores.protocol import link_hash
from recoverycore.errors import Conflict, StoreError
from tests.engine.stores.samples import AT, MINUTE, everything, fail_after, fill

if TYPE_CHECKING:
    from recoverycore.engine.stores import Store

# --- documents ---


def test_revisions_count_from_one(store: Store) -> None:
    with store.unit() as unit:
        assert unit.put("client", "monique", {"n": 1}, None).rev == 1
        assert unit.put("client", "monique", {"n": 2}, 1).rev == 2
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
        assert link.body == {"list": [1]}
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
