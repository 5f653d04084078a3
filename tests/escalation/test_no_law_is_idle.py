"""No law is kept for want of anything to judge: runs drawn by a plain seeded generator, the same ones each time."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from recoverycore.testing.escalation.drawing import EVENTS, Cast, happening, pause
from recoverycore.testing.escalation.laws import LAWS
from tests.escalation.watcher import SOME_DAYS, Watcher
from tests.escalation.world import START, fresh

RUNS = 36


@pytest.fixture(scope="module")
def judged() -> Counter[str]:
    """How often each law had something to judge."""
    found: Counter[str] = Counter()
    random = Random(7)  # noqa: S311 - nothing secret is drawn
    for _ in range(RUNS):
        settings: dict[str, Any] = {"late_catch_up": random.choice([0, 3, 5]), "rounds": random.choice([1, 2])}
        watcher, now = Watcher(fresh(**settings), days_later=fresh(origin=START + SOME_DAYS, **settings)), START
        assert watcher.feed({"type": "trigger", "id": "e0", "kind": "code_word"}, now) == []
        cast = Cast.of(watcher.opened)
        for number in range(EVENTS):
            now = pause(random.choice, watcher.state, now)
            data = happening(random.choice, cast, watcher.state, now)
            assert (
                watcher.feed(data if data["type"] == "tick" else {**data, "id": f"e{random.choice([number, number, number + 1])}"}, now)
                == []
            )
        found.update(watcher.judged)
    return found


@pytest.mark.parametrize("law", [law.__name__ for law in LAWS])
def test_a_law_has_something_to_judge_more_than_once(law: str, judged: Counter[str]) -> None:
    assert judged[law] > 1
