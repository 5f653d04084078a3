"""Answers in plain words: who may see what, for which purpose, from when on. Codes by their names; nothing of what a record says."""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from recoverycore.ground.instants import zone_info

if TYPE_CHECKING:
    from collections.abc import Mapping

    from recoverycore.consent.plan.cells import Cell
    from recoverycore.consent.plan.where import Where
    from recoverycore.consent.requests import Recipient, RoleHeld

__all__ = ["NO_NAMES", "OF_ONE", "day_text", "never_text", "seen_text"]

NO_NAMES: Mapping[str, str] = {}
OF_ONE = (
    "A law counts here, or what somebody did before: where it is known which single record it is, who wrote it, that it is kept apart or "
    "that it tells of nobody any more, more of that record may be seen."
)
"""What is told beside an answer about every record, of which only labels, category, class, code and date are known."""
_UNASKED = {"org": "where they are", "held": "where they hold that role", "roles": "which roles they hold"}


@cache
def _names() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("recoverycore.consent.plan").joinpath("names.toml").read_text("utf-8"))


def name_of(axis: str, code: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """How `code` is told: as the host names it, else as it is known, else as it is written."""
    plain = code.strip("()'") if code.startswith("(any") else code.replace("_", " ")
    return names.get(code) or _names().get(axis, {}).get(code) or plain


def seen_text(cell: Cell, zone: str | None, names: Mapping[str, str] = NO_NAMES, *, whose: bool = False) -> str:
    """``WHO see CATEGORY (LABELS) for PURPOSE from DATE``, as it stands behind "lets" or "can".

    `whose`: the papers name several who release, so it is told who holds the record. What has no beginning is told without a date.
    """
    what = "records of no known category" if cell.category is None else name_of("category", cell.category, names)
    labels = _listed([name_of("label", each, names) for each in cell.labels]) or "no label"
    told = " and ".join(f"{axis} {name_of(axis, each, names)}" for axis, each in (("class", cell.class_), ("code", cell.code)) if each)
    of_kind = f" of {told}" if told else ""
    made = "" if cell.data_date is None else f" made on {cell.data_date.isoformat()}"
    held = f" held by {name_of('discloser', cell.discloser.id, names)}" if whose else ""
    purpose = name_of("purpose", cell.purpose, names)
    act = name_of("action", cell.action, names)
    who = f"{_who(cell.recipient, zone, names)}{_unasked(cell)}"
    return f"{who} {act} {what}{of_kind} ({labels}){made}{held} for {purpose}{_when(cell, zone)}"


def _who(who: Recipient, zone: str | None, names: Mapping[str, str]) -> str:
    """Who it is, where, as the holder of which roles and where those are held, of what kind, and how they came."""

    def at(org: str | None) -> str:
        return f" at {name_of('recipient', org, names)}" if org else ""

    def role(held: RoleHeld) -> str:
        until = day_text(held.until, zone) if isinstance(held.until, datetime) else held.until and held.until.isoformat()
        return f"{name_of('role', held.role, names)}{at(held.org)}{f' until {until}' if until else ''}"

    roles = _listed([role(each) for each in who.roles or ()])
    kinds = [name_of("kind", each, names) for each in (who.kind, who.relationship) if each]
    through = f" through {name_of('recipient', who.via, names)}" if who.via else ""
    treats = " coming" if through else ""
    if isinstance(who.treating_relationship, bool):
        treats = f" {'' if who.treating_relationship else 'not '}treating the client"
    controls = _listed([name_of("recipient", each, names) for each in who.admin_control_of])
    return "".join(
        (
            name_of("recipient", who.id, names),
            at(who.org),
            f" as {roles}" if roles else "",
            f" ({', '.join(kinds)})" if kinds else "",
            treats + through,
            f" in control of {controls}" if controls else "",
        )
    )


def _unasked(cell: Cell) -> str:
    told = [_UNASKED[each] for each in cell.unasked]
    return f" of whom nobody knows {_listed(told)}" if told else ""


def _when(cell: Cell, zone: str | None) -> str:
    """From when on; where somebody looked, until when too, and when again."""
    if not cell.times:
        return "" if cell.ever else f" from {day_text(cell.at, zone)}"
    return " and again".join(_stretch(since, until, zone) for since, until in cell.times)


def _stretch(since: datetime | None, until: datetime | None, zone: str | None) -> str:
    last = None if until is None else _last_day(until, zone)
    if since is not None and last is not None and last == day_text(since, zone):
        return f" on {last}"
    begins = "" if since is None else f" from {day_text(since, zone)}"
    if until is None:
        return begins
    return f"{begins} until {day_text(until, zone) if last is None else f'the end of {last}'}"


def _last_day(until: datetime, zone: str | None) -> str | None:
    """The day that is over at `until`, where it ends one."""
    if zone is None or _local_time(until, zone) != time.min:
        return None
    return (until.astimezone(zone_info(zone)).date() - timedelta(days=1)).isoformat()


def never_text(where: Where, names: Mapping[str, str] = NO_NAMES) -> str:
    """That nobody can see it, in a sentence such as ``Nobody can see HIV for payment.``."""
    told = {axis: _either([name_of(axis, each, names) for each in sorted(values)]) for axis, values in where.named.items()}
    whom = _either([name_of("recipient", each, names) for each in sorted({*where.recipients, *where.named.get("person", ())})])
    source = _either([name_of("discloser", each, names) for each in sorted(where.disclosers)])
    what = " ".join(each for each in (told.get("category"), f"({told['label']})" if "category" in told and "label" in told else "") if each)
    act = told.get("action", "see")
    text = f"{whom} can never {act} " if whom else f"Nobody can {act} "
    text += what or told.get("label") or "anything"
    text += f" for {told['purpose']}" if "purpose" in told else ""
    return f"{text}{f' from {source}' if source else ''}."


def day_text(at: datetime, zone: str | None) -> str:
    """An instant as a day of the client's; with the time of day and its zone where it is not midnight there, or nobody knows the zone."""
    if zone is not None and _local_time(at, zone) == time.min:
        return at.astimezone(zone_info(zone)).date().isoformat()
    return f"{at.astimezone(zone_info(zone or 'UTC')):%Y-%m-%d %H:%M} {f'({zone})' if zone not in (None, 'UTC') else 'UTC'}"


def _local_time(at: datetime, zone: str) -> time:
    return at.astimezone(zone_info(zone)).time()


def _listed(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"  # noqa: PLR2004 - two need no comma


def _either(names: list[str]) -> str:
    return " or ".join(names)
