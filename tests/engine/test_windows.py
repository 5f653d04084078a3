"""Windows of every kind in the engine: offered when they begin, each time, and never before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from recoverycore import RiskWindow
from recoverycore.plans import PaydayWindow
from tests.engine.clinic import ME, NIGHT, clinic, rows

FRIDAY = datetime(2026, 11, 6, 18, tzinfo=UTC)
WEEKLY = {"id": "fri", "kind": "weekly", "weekdays": ["fri"], "start": "18:00", "end": "23:00"}
KINDS: list[dict[str, Any]] = [
    WEEKLY,
    {"id": "day", "kind": "date", "first_day": "2026-11-06", "last_day": "2026-11-06"},
    {"id": "out", "kind": "after_event", "at": "2026-11-06T18:00:00Z", "max": {"days": 2}},
    {"id": "pay", "kind": "payday", "rule": {"every": "month", "day": 6}},
    {"id": "d1", "month": 11, "day": 6},
]


@pytest.mark.parametrize("body", KINDS, ids=[each["id"] for each in KINDS])
def test_a_window_of_any_kind_is_active_and_offered_once_it_has_begun(body: dict[str, Any]) -> None:
    engine = clinic()
    engine.put(RiskWindow.model_validate(body), client=ME, at=NIGHT)
    assert engine.windows_active(client=ME, at=NIGHT) == ()
    engine.tick(FRIDAY)
    engine.tick(FRIDAY + timedelta(minutes=1))
    assert engine.windows_active(client=ME, at=FRIDAY) == (body["id"],)
    assert [row["why"] for row in rows(engine, "offer")] == [body["id"]]


def test_a_weekly_window_is_offered_each_week() -> None:
    engine = clinic()
    engine.put(RiskWindow.model_validate(WEEKLY), client=ME, at=NIGHT)
    for days in range(15):
        engine.tick(FRIDAY + timedelta(days=days))
    assert len(rows(engine, "offer")) == 3


def test_a_window_that_nobody_can_date_is_kept_and_offers_nothing() -> None:
    engine = clinic()
    engine.put(RiskWindow.model_validate({"id": "out", "kind": "after_event", "max": {"days": 2}}), client=ME, at=NIGHT)
    engine.tick(FRIDAY)
    assert rows(engine, "offer") == []


def test_a_window_comes_back_in_its_kind() -> None:
    engine = clinic()
    engine.put(RiskWindow.model_validate(KINDS[3]), client=ME, at=NIGHT)
    assert [type(each) for each in engine.kept(RiskWindow, client=ME)] == [PaydayWindow]
