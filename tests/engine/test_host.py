"""What a host relies on from outside: heartbeats, a watch over silence, receipts that come back, backups."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

import pytest

from recoverycore import Engine, NotFound, RecoveryHooks, Rule, Settings, StoreError, hookimpl
from recoverycore.errors import InstantError
from recoverycore.ground import ManualClock
from tests.engine.clinic import ME, MINUTE, NIGHT, STORY, Deliverer, call, clinic, rows, settings, told

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class Heart(RecoveryHooks):
    """Counts the beats."""

    def __init__(self) -> None:
        self.beats: list[tuple[datetime, datetime | None]] = []

    @hookimpl
    def recovery_on_tick(self, at: datetime, next_due: datetime | None) -> None:
        """Count one."""
        self.beats.append((at, next_due))


def test_each_tick_is_a_heartbeat_that_says_when_the_next_clock_runs_out() -> None:
    heart = Heart()
    engine = clinic([Deliverer(), heart])
    engine.tick(NIGHT)
    call(engine)
    engine.tick(NIGHT + MINUTE)
    assert heart.beats == [(NIGHT, None), (NIGHT + MINUTE, NIGHT + 5 * MINUTE)]


def test_a_clock_that_nobody_looked_at_is_found_from_outside() -> None:
    engine = clinic()
    run = call(engine)
    assert engine.stalled(at=NIGHT + 7 * MINUTE) == ()
    assert engine.stalled(at=NIGHT + 9 * MINUTE) == ((run, NIGHT + 5 * MINUTE),)
    engine.tick(NIGHT + 9 * MINUTE)
    assert engine.stalled(at=NIGHT + 9 * MINUTE) == ()


def test_a_host_that_does_not_tick_is_told_loudly_at_its_next_command(caplog: pytest.LogCaptureFixture) -> None:
    engine = clinic()
    run = call(engine)
    engine.acknowledge(run, by="peer_ade", at=NIGHT + 20 * MINUTE)
    assert "nobody has called tick" in caplog.text


def test_a_receipt_that_comes_back_later_moves_the_run() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    call(engine)
    engine.receipt(deliverer.keys[0], "failed_permanent", at=NIGHT + MINUTE, command_id="r-1")
    assert told(engine) == [("peer_ade", "voice"), ("peer_ade", "sms")]
    assert engine.receipt(deliverer.keys[0], "failed_permanent", at=NIGHT + 2 * MINUTE, command_id="r-1").repeated


def test_a_late_failure_takes_no_better_receipt_back() -> None:
    deliverer = Deliverer()
    engine = clinic([deliverer])
    run = call(engine)
    engine.receipt(deliverer.keys[0], "seen", at=NIGHT + MINUTE)
    engine.receipt(deliverer.keys[0], "failed_permanent", at=NIGHT + 2 * MINUTE)
    state = next(state for state in engine.runs(client=ME) if state.run == run)
    assert state.messages[deliverer.keys[0]].status == "seen"
    assert told(engine) == [("peer_ade", "voice")]


def test_a_receipt_for_a_message_nobody_asked_for_is_refused() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().receipt("no-such-key", "seen", at=NIGHT)
    assert caught.value.name == "unknown_message"


def test_a_backup_taken_while_running_restores_to_the_same_state(tmp_path: Path) -> None:
    engine = clinic(path=tmp_path / "clinic.db")
    run = call(engine)
    engine.backup(tmp_path / "backup.db")
    before = engine.export()
    engine.acknowledge(run, by="peer_ade", at=NIGHT + MINUTE)
    made: dict[str, Any] = {"settings": settings(), "clock": ManualClock(NIGHT)}
    with Engine.open(tmp_path / "backup.db", [Deliverer()], **made) as restored:
        assert restored.export() == before
        restored.tick(NIGHT + 5 * MINUTE)
        assert "cm_quinn" in {row["to"] for row in rows(restored, "message")}
    assert stat.S_IMODE((tmp_path / "backup.db").stat().st_mode) == 0o600
    engine.close()


def test_a_backup_never_writes_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "backup.db").write_text("mine")
    with clinic(path=tmp_path / "clinic.db") as engine, pytest.raises(StoreError) as caught:
        engine.backup(tmp_path / "backup.db")
    assert caught.value.name == "backup_exists"
    assert (tmp_path / "backup.db").read_text() == "mine"


def test_what_is_not_a_file_of_the_library_is_backed_up_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        clinic().backup(tmp_path / "backup.db")
    assert caught.value.name == "backup_elsewhere"


def test_a_backup_that_is_opened_without_its_key_says_so_before_anybody_needs_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with clinic(path=tmp_path / "clinic.db") as engine:
        assert engine.check(client=ME) == ()
        engine.backup(tmp_path / "backup.db")
    assert "cannot match" not in caplog.text
    providers = Settings(providers=STORY.start.providers)
    with Engine.open(tmp_path / "backup.db", [Deliverer()], settings=providers, clock=ManualClock(NIGHT)) as restored:
        assert [each.name for each in restored.check(client=ME)] == ["code_word_key_changed"]
    assert "the code words of 1 clients" in caplog.text


def test_code_words_that_are_entered_again_match_under_the_new_key(tmp_path: Path) -> None:
    from recoverycore.testing.stories import load_story

    with clinic(path=tmp_path / "clinic.db") as engine:
        engine.backup(tmp_path / "backup.db")
    providers = Settings(providers=STORY.start.providers)
    with Engine.open(tmp_path / "backup.db", [Deliverer()], settings=providers, clock=ManualClock(NIGHT)) as restored:
        word = load_story("monique").start.code_words[0]
        restored.put(word.evolve(words=3), client=ME, at=NIGHT)
        assert restored.check(client=ME) == ()


def test_the_mark_of_a_key_leaves_with_no_export() -> None:
    assert not [each for each in clinic().export()["documents"] if each["kind"].startswith("code_word")]


@pytest.mark.parametrize(
    ("changes", "name", "path"),
    [
        ({"tell": [{"person": "cm_quin"}]}, "unknown_target", "/r/tell/0/person"),
        ({"tell": [{"role": "case_manager"}, {"role": "case_manger"}]}, "unknown_role", "/r/tell/1/role"),
        ({"also": [{"kind": "slot", "owner_role": "nobody"}]}, "unknown_role", "/r/also/0/owner_role"),
    ],
)
def test_whom_a_rule_names_and_nobody_knows_is_found_beforehand(changes: dict[str, Any], name: str, path: str) -> None:
    engine = clinic()
    engine.put(Rule.model_validate({"id": "r", "when": {"event": "slip"}, **changes}), at=NIGHT)
    assert [(each.name, each.path) for each in engine.check(client=ME)] == [(name, path)]


def test_a_rule_whose_people_are_known_is_no_finding() -> None:
    engine = clinic()
    told_to = [{"person": "cm_quinn"}, {"role": "supervisor"}, {"client": True}]
    engine.put(Rule.model_validate({"id": "r", "when": {"event": "slip"}, "tell": told_to}), at=NIGHT)
    assert engine.check(client=ME) == ()


def test_plain_text_is_taken_as_a_message_too_and_an_instant_as_text_is_refused() -> None:
    engine = clinic()
    assert engine.receive(client=ME, text="is the blue kite up?", via="sms", message_id="m", at=NIGHT).run
    with pytest.raises(InstantError) as caught:
        engine.tick("2026-11-04T22:47:00Z")  # type: ignore[arg-type]  # what a newcomer tries
    assert caught.value.name == "wrong_type"


def test_clocks_of_somebody_nobody_knows_are_an_error_and_not_an_empty_list() -> None:
    with pytest.raises(NotFound) as caught:
        clinic().clocks(client="nobody")
    assert caught.value.name == "unknown_client"
