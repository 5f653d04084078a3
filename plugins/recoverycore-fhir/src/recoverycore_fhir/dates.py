"""Dates of FHIR, which may name a year or a month only, as days and instants."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from recoverycore.consent import TimeSpan
from recoverycore.errors import RecoveryError
from recoverycore.ground import parse_instant

if TYPE_CHECKING:
    from recoverycore_fhir.codes import Json

__all__ = ["bound", "civil_span", "span"]

_PART = re.compile(r"(\d{4})(?:-(\d{2}))?\Z")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_KNOWN = {"start", "end", "id", "extension"}


def bound(text: Any, *, last: bool) -> str | None:
    """A dateTime as a day or an instant; of a year or a month the first day, or the last. None where it cannot be read."""
    if not isinstance(text, str):
        return None
    part = _PART.match(text)
    try:
        if part:
            year, month = int(part[1]), int(part[2] or (12 if last else 1))
            return date(year, month, monthrange(year, month)[1] if last else 1).isoformat()
        if _DAY.match(text):
            return date.fromisoformat(text).isoformat()
        parse_instant(text)
    except (RecoveryError, ValueError):
        return None
    return text


def span(period: Any) -> Json | None:
    """A Period as a time span; None where a part of it cannot be read, or it ends before it starts."""
    if not isinstance(period, dict) or not period.keys() <= _KNOWN:
        return None
    found = {name: bound(period[name], last=name == "end") for name in ("start", "end") if name in period}
    if not found or None in found.values():
        return None
    try:
        TimeSpan.model_validate(found)
    except RecoveryError:
        return None
    return dict(found)


def civil_span(period: Any, *, permits: bool) -> Json | None:
    """A Period as civil days. Of a day that it holds in part a permit has nothing and a deny all."""
    found = span(period)
    if found is None:
        return None
    days: Json = {}
    for name, text in found.items():
        day = date.fromisoformat(text[:10])
        if permits and "T" in text and text[11:19] != {"start": "00:00:00", "end": "23:59:59"}[name]:
            day += timedelta(days=1 if name == "start" else -1)
        days[name] = day.isoformat()
    return None if days.get("start", "") > days.get("end", "9999-12-31") else days
