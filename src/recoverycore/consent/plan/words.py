"""Answers in plain words: who may see what, for which purpose, from when on. Codes by their names; nothing of what a record says."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from recoverycore.ground.instants import zone_info

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from recoverycore.consent.plan.cells import Cell
    from recoverycore.consent.plan.where import Where

__all__ = ["NO_NAMES", "OF_ONE", "day_text", "never_text", "seen_text"]

NO_NAMES: Mapping[str, str] = {}
OF_ONE = (
    "A law counts here, or what somebody did before: where it is known which single record it is, who wrote it, that it is kept apart or "
    "that it tells of nobody any more, more of that record may be seen."
)
"""What is told beside an answer about every record, of which only labels, category, class, code and date are known."""


@cache
def _names() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("recoverycore.consent.plan").joinpath("names.toml").read_text("utf-8"))


def name_of(axis: str, code: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """How `code` is told: as the host names it, else as it is known, else as it is written."""
    plain = code.strip("()'") if code.startswith("(any") else code.replace("_", " ")
    return names.get(code) or _names().get(axis, {}).get(code) or plain


def seen_text(cell: Cell, zone: str | None, names: Mapping[str, str] = NO_NAMES) -> str:
    """``WHO see CATEGORY (LABELS) for PURPOSE from DATE``, as it stands behind "lets" or "can"."""
    who = name_of("recipient", cell.recipient.id, names)
    held = [name_of("role", each.role, names) for each in cell.recipient.roles or ()]
    as_whom = f" as {_listed(held)}" if held else ""
    at_place = f" at {name_of('recipient', cell.recipient.org, names)}" if cell.recipient.org else ""
    kind = f" ({name_of('kind', cell.recipient.kind, names)})" if cell.recipient.kind else ""
    what = "records of no known category" if cell.category is None else name_of("category", cell.category, names)
    labels = _listed([name_of("label", each, names) for each in cell.labels]) or "no label"
    told = " and ".join(f"{axis} {name_of(axis, each, names)}" for axis, each in (("class", cell.class_), ("code", cell.code)) if each)
    of_kind = f" of {told}" if told else ""
    made = "" if cell.data_date is None else f" made on {cell.data_date.isoformat()}"
    purpose = name_of("purpose", cell.purpose, names)
    act = name_of("action", cell.action, names)
    return f"{who}{at_place}{as_whom}{kind} {act} {what}{of_kind} ({labels}){made} for {purpose} from {day_text(cell.at, zone)}"


def never_text(where: Where, names: Mapping[str, str] = NO_NAMES) -> str:
    """That nobody can see it, in a sentence such as ``Nobody can see HIV for payment.``."""
    told = {axis: _either([name_of(axis, each, names) for each in sorted(values)]) for axis, values in where.named.items()}
    whom = _either([name_of("recipient", each, names) for each in sorted(where.recipients)])
    source = _either([name_of("discloser", each, names) for each in sorted(where.disclosers)])
    what = " ".join(each for each in (told.get("category"), f"({told['label']})" if "category" in told and "label" in told else "") if each)
    act = told.get("action", "see")
    text = f"{whom} can never {act} " if whom else f"Nobody can {act} "
    text += what or told.get("label") or "anything"
    text += f" for {told['purpose']}" if "purpose" in told else ""
    return f"{text}{f' from {source}' if source else ''}."


def day_text(at: datetime, zone: str | None) -> str:
    """An instant as a day of the client's; with the time of day where it is not midnight."""
    local = at.astimezone(zone_info(zone or "UTC"))
    if local.timetz().replace(tzinfo=None).isoformat() == "00:00:00":
        return local.date().isoformat()
    return f"{local:%Y-%m-%d %H:%M}"


def _listed(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"  # noqa: PLR2004 - two need no comma


def _either(names: list[str]) -> str:
    return " or ".join(names)
