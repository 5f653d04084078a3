"""Judging goal cases: periods, progress, rates, recovery times, achievement words and changes of status, each compared whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.errors import RecoveryError
from recoverycore.ground import parse_instant
from recoverycore.ground.instants import parse_day
from recoverycore.plans import (
    ACHIEVEMENT_CODES,
    ClientSettings,
    Goal,
    GoalEvent,
    Observation,
    PeriodProgress,
    StatusChange,
    change_status,
    period,
    progress,
    rate,
    recovery_time,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SHIPPED = Path(__file__).with_name("goals.json")
ANY_TIME = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""When a change was made, where the case does not say: nothing depends on it."""


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case of the kinds that are decided here: how many passed, and a line for each that did not."""
    cases = [case for case in json.loads((path or SHIPPED).read_text("utf-8"))["cases"] if case["kind"] in JUDGES]
    failures = [f"{case['id']} {case['title']}: {wrong}" for case in cases if (wrong := judge(case))]
    return len(cases) - len(failures), failures


def judge(case: dict[str, Any]) -> str:
    """What is wrong with one case; nothing when it passes."""
    try:
        got = JUDGES[case["kind"]](case["given"], case["when"])
    except RecoveryError as error:
        got = {"error": error.name}
    return "" if _in_any_order(got) == _in_any_order(case["expect"]) else f"{got} is not {case['expect']}"


def _in_any_order(result: dict[str, Any]) -> dict[str, Any]:
    """`result` with conflicts as a set: their order says nothing."""
    periods = [{**each, "conflicts": set(each["conflicts"])} if "conflicts" in each else each for each in result.get("periods", ())]
    return {**result, "periods": periods} if "periods" in result else result


def _settings(given: dict[str, Any]) -> ClientSettings:
    return ClientSettings.model_validate(given.get("settings", {}))


def _date_or_instant(given: dict[str, Any]) -> date:
    return parse_day(given["date"]) if "date" in given else parse_instant(given["at"])


def _seen(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    """The arguments of every view of a goal."""
    return {
        "goal": Goal.model_validate(given["goal"]),
        "observations": [Observation.model_validate(each) for each in given.get("observations", ())],
        "as_of": parse_instant(when["as_of"]),
        "known_at": parse_instant(when["known_at"]) if when.get("known_at") else None,
        "settings": _settings(given),
    }


def _periods(given: dict[str, Any], when: dict[str, Any]) -> tuple[PeriodProgress, ...]:
    """The periods as stated, else as the entries tell them."""
    if "periods" in given:
        return tuple(PeriodProgress(each["status"], closed=each["closed"]) for each in given["periods"])
    return progress(**_seen(given, when))


def _period(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    return period(when["per"], _date_or_instant(when), settings=_settings(given)).to_row()


def _progress(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    return {"periods": [each.to_row() for each in progress(**_seen(given, when))]}


def _rate(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    return {"rate": rate(_periods(given, when), when.get("last")).to_row()}


def _recovery(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    return recovery_time(slip=_date_or_instant(given["slip"]), **_seen(given, when)).to_row()


def _achievement(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    if "stated" in given:
        return {"code": ACHIEVEMENT_CODES[given["stated"]]}
    return suggest(_periods(given, when)).to_row()


def _goal_status(given: dict[str, Any], when: list[dict[str, Any]]) -> dict[str, Any]:
    goal, results = Goal(id="g", status=given["status"]), []
    for each in when:
        step = {"at": ANY_TIME, "recorded_at": ANY_TIME, **each}
        answer = change_status(goal, (GoalEvent if "event" in each else StatusChange).model_validate(step))
        goal = answer.goal
        results.append(answer.result)
    return {"results": results, "status": goal.status}


JUDGES: dict[str, Callable[[dict[str, Any], Any], dict[str, Any]]] = {
    "achievement": _achievement,
    "goal_status": _goal_status,
    "period": _period,
    "progress": _progress,
    "rate": _rate,
    "recovery": _recovery,
}
