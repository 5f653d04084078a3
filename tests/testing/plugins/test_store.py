"""The contract for stores: both that are shipped keep it, and each promise that a store breaks is told in words."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore.engine.stores import MemoryStore, SqliteStore
from recoverycore.engine.stores.memory import MemoryUnit
from recoverycore.testing import StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from recoverycore.engine.stores import Store


class TestMemory(StoreContract):
    @classmethod
    def make(cls) -> Store:
        return MemoryStore()


class TestSqlite(StoreContract):
    lasting = True
    folder: Path

    @pytest.fixture(autouse=True)
    def in_a_folder(self, tmp_path: Path) -> None:
        type(self).folder = tmp_path

    @classmethod
    def make(cls) -> Store:
        return SqliteStore(Path(tempfile.mkdtemp(dir=cls.folder)) / "clinic.db")

    @classmethod
    def reopen(cls, store: Store) -> Store:  # noqa: ARG003 - its file is the one there is
        return SqliteStore(next(cls.folder.rglob("clinic.db")))


def _always(answer: object) -> Callable[..., object]:
    return lambda *_, **__: answer


def _settled(self: MemoryUnit, key: str, status: str, next_try: Any = None) -> None:
    message = self._kept.outbox.get(key)
    if message is not None and message.status == "leased":
        _SETTLE(self, key, status, next_try)


def _written_over(self: MemoryUnit, kind: str, name: str, body: Any, expected: int | None) -> Any:  # noqa: ARG001 - the fault
    return _PUT(self, kind, name, body, len(self.revisions(kind, name)) or None)


def _due_after(self: MemoryUnit, now: datetime) -> Any:
    return tuple((each.run, each.gen) for each in sorted(self._kept.timers.values()) if each.due < now)


def _by_key(self: MemoryUnit, now: datetime) -> str | None:
    rows = self._kept.outbox
    return min((key for key in self._kept.waiting if rows[key].due <= now and not rows[key].lease), default=None)


def _sent_anew(self: MemoryUnit, key: str, *rest: Any) -> None:
    self._kept.outbox.pop(key, None)
    _ENQUEUE(self, key, *rest)


_SETTLE = MemoryUnit.settle
_PUT, _ENQUEUE, _CLAIM = MemoryUnit.put, MemoryUnit.enqueue, MemoryUnit.claim
FAULTS: list[tuple[str, str, Callable[..., object], str]] = [
    ("leaves_nothing_of_a_unit_that_fails", "roll_back", lambda self: self._undo.clear(), "KeyboardInterrupt, the audit are not"),
    ("keeps_a_unit_that_ends_well", "set_timer", _always(None), "there are 0 timers"),
    ("counts_revisions", "put", _written_over, "revision_conflict, got nothing"),
    ("knows_a_command_again", "command", _always(None), "the result of a command does not come back"),
    ("chains_its_audit", "audit", lambda self, _=0: tuple(self._kept.audit.values()), "audit links are not numbered"),
    ("is_over_at_its_end", "end", _always(None), "reading through a unit after its end: expected the error unit_ended, got nothing"),
    ("has_one_timer_for_a_run", "clear_timer", _always(None), "a timer that was taken away is still there"),
    ("gives_due_timers_by_urgency", "due_timers", _due_after, "due timers came as early"),
    ("gives_the_most_urgent_message_first", "_next", _by_key, "messages came as early, late, urgent"),
    ("takes_a_key_once", "enqueue", _sent_anew, "the same key again"),
    ("leases_a_message_to_one_sender", "claim", lambda self, now, lease: _CLAIM(self, now, 0 * lease), "was given to a second sender"),
    ("believes_a_late_word_that_it_went_out", "settle", _settled, "after the lease was lost, handed_over made it failed_transient"),
    ("takes_a_message_back", "cancel", _always(None), "a message that was taken back is sent"),
    ("names_the_runs_that_nothing_moves", "unattended", _always(()), "expected alone, got none"),
    ("shows_nothing_that_is_kept", "__repr__", lambda self: str(self._kept.docs), "the repr of a unit shows what is kept"),
]


@pytest.mark.parametrize(("rule", "method", "slip", "words"), FAULTS, ids=[each[0] for each in FAULTS])
def test_a_broken_promise_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, rule: str, method: str, slip: Callable[..., object], words: str
) -> None:
    monkeypatch.setattr(MemoryUnit, method, slip)
    with pytest.raises(AssertionError, match=words):
        getattr(TestMemory(), f"test_{rule}")()


def test_a_store_that_takes_no_turns_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoTurns:
        def __init__(self) -> None:
            from threading import Lock

            self.lock = Lock()

        def unit(self) -> Any:
            from contextlib import nullcontext

            return nullcontext()

    monkeypatch.setattr("recoverycore.engine.stores.memory.Turns", NoTurns)
    with pytest.raises(AssertionError, match="get in each other's way"):
        TestMemory().test_takes_turns()  # type: ignore[attr-defined]  # made from its rule


def test_what_lasts_is_held_to_its_claim_both_ways(tmp_path: Path) -> None:
    class Claims(TestMemory):
        lasting = True

    class Denies(TestSqlite):
        lasting = False
        folder = tmp_path

    with pytest.raises(AssertionError, match="it claims to be lasting, and"):
        Claims().test_lasts_as_it_claims()  # type: ignore[attr-defined]  # made from its rule
    with pytest.raises(AssertionError, match="it does not claim to be lasting"):
        Denies().test_lasts_as_it_claims()  # type: ignore[attr-defined]  # made from its rule


def test_a_body_that_is_shared_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}

    def shared(self: MemoryUnit, command_id: str) -> Any:
        found = _COMMAND(self, command_id)
        return None if found is None else kept.setdefault(command_id, found)

    _COMMAND = MemoryUnit.command  # noqa: N806 - the one that is replaced
    monkeypatch.setattr(MemoryUnit, "command", shared)
    with pytest.raises(AssertionError, match="the body of a result of a command changed"):
        TestMemory().test_shares_no_body()  # type: ignore[attr-defined]  # made from its rule
