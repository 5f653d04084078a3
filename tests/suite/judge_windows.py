"""Judging what is due when: risk windows, the check-ins before them, times of lower tolerance, slips, and reviews of plans."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.errors import RecoveryError
from recoverycore.ground import parse_instant, utc_text
from recoverycore.plans import (
    ClientRisks,
    ClientSettings,
    Lapse,
    LapseReview,
    OverdoseCheck,
    PlanDates,
    PlanEvent,
    Revision,
    RiskWindow,
    Stay,
    ToleranceEvent,
    active_at,
    checkins,
    lapse_obligations,
    next_start,
    review_due,
    stretches,
    tolerance_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).with_name("windows.json")
Given = dict[str, Any]


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case of the kinds that are decided here: how many passed, and a line for each that did not."""
    cases = [case for case in json.loads((path or SHIPPED).read_text("utf-8"))["cases"] if case["kind"] in KINDS]
    failures = [f"{case['id']} {case['title']}: {wrong}" for case in cases if (wrong := judge(case))]
    return len(cases) - len(failures), failures


def judge(case: Given) -> str:
    """What is wrong with one case; nothing when it passes."""
    try:
        got = KINDS[case["kind"]](case["given"], case["when"])
    except RecoveryError as error:
        got = {"error": error.name}
    return "" if got == case["expect"] else f"{got} is not {case['expect']}"


def _zone(given: Given) -> str | tuple[Stay, ...] | None:
    client = given.get("client", {})
    if client.get("zones"):
        return tuple(Stay.model_validate(each) for each in client["zones"])
    zone: str | None = client.get("zone")
    return zone


def _windows(given: Given) -> list[RiskWindow]:
    return [RiskWindow.model_validate(each) for each in given["windows"]]


def _settings(given: Given) -> ClientSettings:
    return ClientSettings.model_validate(given.get("settings") or {})


def _active_at(given: Given, when: Given) -> Given:
    found = active_at(_windows(given), parse_instant(when["at"]), _zone(given))
    return {"state": found.state, "windows": list(found.windows), "unknown": list(found.unknown)}


def _next_start(given: Given, when: Given) -> Given:
    found = next_start(_windows(given), parse_instant(when["at"]), _zone(given))
    return {"at": utc_text(found) if found else None}


def _stretches(given: Given, when: Given) -> Given:
    found = stretches(_windows(given), parse_instant(when["from"]), parse_instant(when["to"]), _zone(given))
    rows = [{"start": utc_text(each.start), "end": utc_text(each.end), "windows": list(each.windows)} for each in found.stretches]
    return {"stretches": rows, "unknown": list(found.unknown)}


def _checkins(given: Given, when: Given) -> Given:
    found = checkins(_windows(given), parse_instant(when["from"]), parse_instant(when["to"]), _zone(given))
    return {"checkins": [{"at": utc_text(each.at), "windows": list(each.windows)} for each in found]}


def _tolerance(given: Given, when: Given) -> Given:
    events = [ToleranceEvent.model_validate(each) for each in given["events"]]
    policy = {"days": given["days"]} if "days" in given else {}
    return {"state": tolerance_at(events, parse_instant(when["at"]), _zone(given), **policy)}


def _review_due(given: Given, when: Given) -> Given:
    events = [PlanEvent.model_validate(each) for each in given.get("events", ())]
    found = review_due(PlanDates.model_validate(given["plan"]), events, parse_instant(when["at"]), _settings(given))
    due = utc_text(found.due) if found.due else None
    return {"due": due, "because": list(found.because), "state": found.state, "expiry": found.expiry}


def _lapse(given: Given, when: Given) -> Given:
    found = lapse_obligations(
        Lapse.model_validate(given["lapse"]),
        client_risks=ClientRisks.model_validate(given.get("client") or {}),
        settings=_settings(given),
        as_of=parse_instant(when["as_of"]),
        review=LapseReview.model_validate(given["review"]) if given.get("review") else None,
        revisions=[Revision.model_validate({"drafted_at": each["activated_at"], **each}) for each in given.get("revisions", ())],
        overdose_check=OverdoseCheck.model_validate(given.get("overdose_check") or {}),
        tolerance_events=[ToleranceEvent.model_validate(each) for each in given.get("tolerance_events", ())],
    )
    rows = []
    for each in found.obligations:
        row = {"code": each.code, "ref": each.ref, "due": utc_text(each.due) if each.due else None, "state": each.state}
        row["tolerance"] = each.tolerance
        rows.append({key: value for key, value in row.items() if value is not None})
    return {"obligations": rows, "refused": list(found.refused)}


KINDS: dict[str, Callable[[Given, Given], Given]] = {
    "active_at": _active_at,
    "next_start": _next_start,
    "stretches": _stretches,
    "checkins": _checkins,
    "tolerance": _tolerance,
    "lapse": _lapse,
    "review_due": _review_due,
}
