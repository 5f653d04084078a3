"""The standard words of each axis with their order and other names, and what a date means as a beginning and as an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from recoverycore.ground.instants import local_day_start, parse_day, parse_instant

# A value and what stands directly above it; whatever is not named stands alone. Then the other names of values: `tpo` means three.
_LABELS = "SUD<BH MH<BH ETHUD<SUD OPIOIDUD<SUD SUD_NOTES<SUD PSY<MH PSYTHPN<PSY SDV<VIO"
_PURPOSES = """emergency_treatment<treatment care_coordination<treatment billing_support<operations training<operations
    quality_improvement<operations civil_proceedings<proceedings criminal_proceedings<proceedings
    administrative_proceedings<proceedings legislative_proceedings<proceedings"""
_CODES = """TREAT=treatment ETREAT=emergency_treatment BTG=break_glass COC=care_coordination HPAYMT=payment HOPERAT=operations
    HRESCH=research HLEGAL=proceedings HMARKT=marketing PATRQT=client_request FAMRQT=family_involvement PUBHLTH=public_health
    tpo=treatment+payment+operations"""
ABOVE = {axis: dict(pair.split("<") for pair in text.split()) for axis, text in (("labels", _LABELS), ("purposes", _PURPOSES))}
CLEARANCE = dict(zip("ULMNR", "LMNRV", strict=True))  # where the host orders confidentiality
ALIASES = {
    "labels": {"ETH": ["SUD"], "42CFRPart2CD": ["SUD_NOTES"], "HIPAAPsyNotes": ["PSYTHPN"]},
    "purposes": {code: names.split("+") for code, names in (pair.split("=") for pair in _CODES.split())},
    "actions": {"access": ["disclose"]},
}
# What a box means on the axes that it does not show.
EVERYTHING = dict.fromkeys(("labels", "categories", "purposes", "recipients", "actions"), "*")
UNSHOWN: dict[str, Any] = {"permit": {**dict.fromkeys(EVERYTHING, ()), "actions": ["disclose"]}, "deny": EVERYTHING}
OTHER = {"permit": "deny", "deny": "permit"}
SINCE_EVER = datetime.min.replace(tzinfo=UTC)
# Where a date may mean several instants, the one that gives a permit the least time and a deny the most.
OPENS: dict[str, Any] = {"permit": max, "deny": min}
CLOSES: dict[str, Any] = {"permit": min, "deny": max}
ABSENT = ("draft", "proposed", "rejected", "entered-in-error")  # as if the document did not exist
Json = dict[str, Any]


def values_of(axis: str, written: Any) -> list[str]:
    """What is written on an axis, each under one name. A bare ``"*"`` reads like a list that holds it."""
    return [name for value in written for name in ALIASES.get(axis, {}).get(value, [value])]


def begins(text: str, zone: str | None) -> list[datetime]:
    """An instant is itself; a day begins at its first local instant, and without a zone somewhere from UTC+14 to UTC-12."""
    if "T" in text:
        return [parse_instant(text)]
    if zone is not None:
        return [local_day_start(parse_day(text), zone)]
    return [datetime.combine(parse_day(text), time(), timezone(timedelta(hours=hours))) for hours in (14, -12)]


def ends(text: str, zone: str | None) -> list[datetime]:
    """The first instant outside: an end instant itself, and of a day the beginning of the next one. The calendar's last day has no end."""
    if text == date.max.isoformat():
        return [datetime.max.replace(tzinfo=UTC)]
    return begins(text if "T" in text else (parse_day(text) + timedelta(days=1)).isoformat(), zone)
