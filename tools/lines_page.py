"""The reference page of crisis lines: what each distribution shows, what it hides and why. It is read off the files of the plugins."""

import json
from typing import Any

from recoverycore.ground import WEEKDAYS
from tools.process import ROOT

__all__ = ["files", "page"]

_A_ROW = 3
"""So many days in a row are told by the first and the last."""


def files() -> dict[str, dict[str, Any]]:
    """Each file of lines that a plugin brings, by the name of its distribution."""
    return {file.parents[2].name: json.loads(file.read_text("utf-8")) for file in sorted(ROOT.glob("plugins/*/src/*/lines.json"))}


def page(found: dict[str, dict[str, Any]]) -> str:
    """One heading a distribution, with a row for each line, and below it what is left out."""
    shown = sum(len(each["entries"]) for each in found.values())
    called = sum("call_tested_on" in entry for each in found.values() for entry in each["entries"]) or "none"
    parts = [
        "# Crisis lines\n",
        (
            f"What the distributions in `plugins/` bring: {shown} entries, of which {called} was called by a person. "
            "The day is that of the newest public copy that carries the entry (`verified_on`); nobody opened the page of its operator and "
            "**no number was called**, so `call_tested_on` is empty. Call every line that you show before you show it.\n"
        ),
        (
            "An entry without a day is offered with the warning `unverified`, one that is older than 90 days "
            "(365 where it is no crisis line) with `stale`.\n"
        ),
    ]
    for dist, data in found.items():
        parts.append(f"## {dist}\n\nPlugin `{data['name']}`, for {data['region']}: {len(data['entries'])} entries.\n")
        parts.append("\n".join(["| shows | ways | kind | region | checked |", "|---|---|---|---|---|", *map(_row, data["entries"])]) + "\n")
        if data["x-left-out"]:
            rows = [f"| `{each['what']}` | {each['why']} |" for each in data["x-left-out"]]
            parts.append("\n".join(["| hides | because |", "|---|---|", *rows]) + "\n")
        read_only = [f"`{entry['id']}` {way['display']}" for entry in data["entries"] for way in entry["channels"] if "reach" not in way]
        if read_only:
            parts.append(f"To be read only, since no contact method fits: {', '.join(read_only)}.\n")
        unknown = [f"`{entry['id']}`" for entry in data["entries"] if not any("hours" in way for way in entry["channels"])]
        if unknown:
            parts.append(f"Hours not known: {', '.join(unknown)}.\n")
    return "\n".join(parts)


def _row(entry: dict[str, Any]) -> str:
    name = " ".join(entry["name"].split()).replace("|", "\\|")
    kinds = ", ".join(f"`{each}`" for each in entry["service_kinds"])
    ways = "; ".join(_way(each) for each in entry["channels"]).replace("|", "\\|")
    return f"| `{entry['id']}` {name} | {ways} | {kinds} | {entry['region']} | {entry.get('verified_on', 'no day')} |"


def _way(channel: dict[str, Any]) -> str:
    """A way in as people read it, and how it is answered where that is not day and night."""
    reach = channel.get("reach", {})
    shown = reach.get("display") or reach.get("value") or channel["display"]
    words = [f"{channel['type']} {reach['body']} to {shown}" if "body" in reach else f"{channel['type']} {shown}"]
    hours = channel.get("hours")
    if hours is None:
        words.append("hours not known")
    elif hours != "always":
        windows = [f"{_days(each['days'])} {each['from']} to {each['to']}" for each in hours]
        words.append(f"{', '.join(windows)} {channel['zone']}")
    return " ".join([words[0], *(f"({each})" for each in words[1:])])


def _days(days: list[str]) -> str:
    """Days of the week in words: those that follow one another by their first and last."""
    first = WEEKDAYS.index(days[0])
    row = list(WEEKDAYS[first : first + len(days)])
    if row != days or len(days) < _A_ROW:
        return ", ".join(days)
    return "daily" if row == list(WEEKDAYS) else f"{days[0]} to {days[-1]}"
