"""Judging directory cases: contact methods, opening hours, the lookup and the merge, each compared whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recoverycore.directory import Channel, DirectoryEntry, DirectorySettings, directory_lookup, directory_merge, hours
from recoverycore.errors import RecoveryError
from recoverycore.ground import parse_instant, utc_text
from recoverycore.ground.contact import check_contact

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = Path(__file__).with_name("directory.json")


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
    return "" if got == case["expect"] else f"{got} is not {case['expect']}"


def _contact(given: dict[str, Any], _: dict[str, Any]) -> dict[str, Any]:
    method = given["method"]
    found = check_contact(method["kind"], method["value"], method.get("region"), method.get("body"))
    return {"valid": found.valid, "problems": list(found.problems), "uri": found.uri}


def _hours(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    channel = Channel.model_validate({"id": "only", **given["channel"]})
    found = hours(channel, parse_instant(when["at"]))
    closes, opens = found.closes_at, found.opens_at
    return {"open": found.open, "closes_at": closes and utc_text(closes), "opens_at": opens and utc_text(opens)}


def _lookup(given: dict[str, Any], when: dict[str, Any]) -> dict[str, Any]:
    found = directory_lookup(
        [DirectoryEntry.model_validate(each) for each in given["entries"]],
        region=when["region"],
        service_kind=when["service_kind"],
        at=parse_instant(when["at"]),
        language=when.get("language"),
        settings=DirectorySettings.model_validate(given.get("policy", {})),
    )
    return {
        "primary": [each.to_row() for each in found.primary],
        "also": [each.to_row() for each in found.also],
        "fallback": found.fallback,
    }


def _merge(given: dict[str, Any], _: dict[str, Any]) -> dict[str, Any]:
    found = directory_merge(
        given["plugins"],
        given["host"],
        floor=[DirectoryEntry.model_validate(each) for each in given["floor"]],
        settings=DirectorySettings.model_validate(given.get("settings", {})),
    )
    return {
        "entries": [
            {
                "id": each.entry.id,
                "name": each.entry.name,
                "layer": each.layer,
                "from": list(each.given_by),
                "floor": each.entry.floor,
            }
            for each in found.listed
        ],
        "reports": [{"code": each.code, "id": each.id, "from": each.given_by} for each in found.reports],
    }


JUDGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "contact_method": _contact,
    "directory_lookup": _lookup,
    "directory_merge": _merge,
    "hours": _hours,
}
