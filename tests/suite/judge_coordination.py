"""Judging coordination cases: what is owed as of an instant, and how a cadence of check-ins stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recoverycore.coordination import Cadence, Obligation, Pause, board, check_in
from recoverycore.errors import RecoveryError
from recoverycore.ground import parse_instant, utc_text

SHIPPED = Path(__file__).with_name("coordination.json")
NAMES = {"duplicate_obligation": "duplicate_id"}
"""Our name of an error, where the case file has another."""


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case of the kinds that are decided here: how many passed, and a line for each that did not."""
    cases = [case for case in json.loads((path or SHIPPED).read_text("utf-8"))["cases"] if case["kind"] in JUDGES]
    failures = [f"{case['id']} {case['title']}: {wrong}" for case in cases if (wrong := judge(case))]
    return len(cases) - len(failures), failures


def judge(case: dict[str, Any]) -> str:
    """What is wrong with one case; nothing when it passes."""
    try:
        got = JUDGES[case["kind"]](case["given"], parse_instant(case["when"]["at"]))
    except RecoveryError as error:
        got = {"error": NAMES.get(error.name, error.name)}
    return "" if got == case["expect"] else f"{got} is not {case['expect']}"


def _obligations(given: dict[str, Any], at: Any) -> dict[str, Any]:
    found = board((Obligation.model_validate(each) for each in given["obligations"]), at, given.get("zone"))
    return {
        **{name: list(getattr(found, name)) for name in ("overdue", "waiting", "discharged", "cancelled", "not_yet")},
        "lead": [{"id": identifier, "lead": lead} for identifier, lead in found.lead],
        "problems": [{"id": identifier, "code": code} for identifier, code in found.problems],
        "next_wake": found.next_wake and utc_text(found.next_wake),
    }


def _check_in(given: dict[str, Any], at: Any) -> dict[str, Any]:
    answers = [parse_instant(each) for each in given["answers"]]
    pauses = [Pause.model_validate(each) for each in given.get("pauses", ())]
    found = check_in(Cadence.model_validate(given["cadence"]), answers, at, given["zone"], pauses)
    return {"state": found.state, "missed_in_row": found.missed_in_row, "step": found.step, "next": found.next and utc_text(found.next)}


JUDGES = {"obligations": _obligations, "check_in": _check_in}
