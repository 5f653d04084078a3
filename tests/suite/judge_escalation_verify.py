"""Judging verifier cases: what `verify` says of a protocol and its facts is compared with the case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from recoverycore.escalation.documents import ProtocolDraft, RunFacts
from recoverycore.escalation.verification import Verification, verify
from recoverycore.ground import parse_elapsed, parse_instant

SHIPPED = tuple(Path(__file__).with_name(name) for name in ("escalation_verify.json", "escalation_verify_more.json"))
FACTS = ("team", "contacts", "directory", "client", "consent", "safety")


def run(path: Path | None) -> tuple[int, list[str]]:
    """Judge every case in `path`, or in both shipped files: how many passed, and a line for each that did not."""
    failures = []
    cases = cases_in(*([path] if path else SHIPPED))
    for case in cases:
        try:
            wrong = judge(case)
        except Exception as error:  # noqa: BLE001 - a case that cannot be read, or breaks what it judges, fails alone
            wrong = [f"{type(error).__name__}: {error}"]
        if wrong:
            failures.append(f"{case['id']} {case['title']}: {'; '.join(wrong)}")
    return len(cases) - len(failures), failures


def cases_in(*paths: Path) -> list[dict[str, Any]]:
    """The cases of these files, in their order; what a case leaves out of `given` is in the file's `common`."""
    found = []
    for path in paths:
        file = json.loads(path.read_text("utf-8"))
        common = file.get("common", {})
        found += [{**case, "given": _together(common, case["given"])} for case in file["cases"]]
    return found


def _together(common: Any, own: Any) -> Any:
    """`own` over `common`, object by object; null takes something away."""
    if not isinstance(common, dict) or not isinstance(own, dict):
        return own
    both = {**common, **{name: _together(common.get(name), value) for name, value in own.items()}}
    return {name: value for name, value in both.items() if value is not None}


def verified(given: dict[str, Any]) -> Verification:
    """What `verify` says of a case."""
    return verify(
        ProtocolDraft.model_validate(given["protocol"]),
        RunFacts.model_validate({name: given[name] for name in FACTS if name in given}),
        horizon=(parse_instant(given["horizon"]["from"]), parse_instant(given["horizon"]["to"])),
        providers=given.get("providers", {}),
        limits={int(level): None if limit is None else parse_elapsed(limit) for level, limit in given.get("limits", {}).items()},
    )


def judge(case: dict[str, Any]) -> list[str]:
    """What is wrong with one case; nothing when it passes. Another run with the same bound is as good a witness."""
    found, expect = verified(case["given"]), case["expect"]
    wrong = [f"{name} is {getattr(found, name)}" for name in ("ok", "held_or_terminal") if getattr(found, name) != expect[name]]
    if found.bound != (None if expect["bound"] is None else parse_elapsed(expect["bound"])):
        wrong.append(f"bound is {found.bound}")
    here, there = {_row(each) for each in found.to_rows()}, {_row(each) for each in expect["findings"]}
    if here != there:
        wrong.append(f"findings: too much {sorted(here - there)}, missing {sorted(there - here)}")
    if len(found.findings) != len(here):
        wrong.append("a finding is told twice")
    return wrong


def _row(finding: dict[str, Any]) -> str:
    told = {name: value for name, value in finding.items() if value is not None}
    instants = {name: parse_instant(told[name]).timestamp() for name in ("from", "to") if name in told}
    return json.dumps({**told, **instants}, sort_keys=True)
