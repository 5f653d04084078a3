"""Judging plan cases: a series of commands on one client's plans, each answered with ok or with every reason why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recoverycore.errors import InstantError
from recoverycore.ground import parse_instant
from recoverycore.plans import Answer, Content, History, acknowledge, activate, discard, draft, edit, retire

SHIPPED = Path(__file__).with_name("plans.json")
DRAFTED = ("authors", "reason", "based_on", "cites", "dismisses", "self_authored", "client_absent_reason")


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case of the kinds that are decided here: how many passed, and a line for each that did not."""
    cases = [case for case in json.loads((path or SHIPPED).read_text("utf-8"))["cases"] if case["kind"] == "lifecycle"]
    failures = [f"{case['id']} {case['title']}: {wrong}" for case in cases if (wrong := judge(case))]
    return len(cases) - len(failures), failures


def judge(case: dict[str, Any]) -> str:
    """What is wrong with one case; nothing when it passes."""
    history, results = History(), []
    done: set[str] = set()
    for command in case["when"]:
        if command.get("command_id") in done:
            results.append("ok")
            continue
        if "expected_version" in command and command["expected_version"] != history.version:
            results.append(["version_conflict"])
            continue
        answer = _carry_out(history, command, case["given"])
        history = answer.history
        results.append("ok" if answer.ok else list(answer.codes))
        if answer.ok and "command_id" in command:
            done.add(command["command_id"])
    states: dict[str, dict[str, str]] = {}
    for each in history.revisions:
        states.setdefault(each.kind, {})[str(each.n)] = each.state
    got = {"results": results, "states": states, "version": history.version}
    return "" if got == case["expect"] else f"{got} is not {case['expect']}"


def _carry_out(history: History, command: dict[str, Any], given: dict[str, Any]) -> Answer:
    name, kind, n = command["cmd"], command["kind"], command.get("n", 0)
    if name not in ("draft", "edit", "activate", "acknowledge", "retire", "discard"):
        return Answer(history, ("unknown_command",))
    try:
        at = parse_instant(command["at"])
    except InstantError as error:
        return Answer(history, (error.name,))
    if name == "draft":
        fields = {key: command[key] for key in DRAFTED if key in command}
        return draft(history, at, kind, content=Content.model_validate(command["content"]), **fields)
    if name == "edit":
        return edit(history, kind, n, by=command["by"], changes=command["set"])
    if name == "acknowledge":
        return acknowledge(history, at, kind, n, by=command["by"], how=command["as"])
    if name == "retire":
        return retire(history, at, kind, n, by=command.get("by"), reason=command.get("reason"), trigger=command.get("trigger"))
    if name == "discard":
        return discard(history, at, kind, n)
    found = {"never_contact": given.get("never_contact", ()), "open_hypotheses": given.get("open_hypotheses", ())}
    return activate(history, at, kind, n, **found)
