"""What a verification costs: a crisis protocol of six steps in three rounds, eight people and one week, told in words and as a page.

The protocol jumps ahead, so that there are many paths, and the roster changes at odd hours, so that there are many intervals. It
is measured in CPU time on documents that were read anew, and the longest of the times counts: the one in which no calendar had been looked
at before. The night after Sunday has a hole, and a verification that does not find it is no figure.
"""

import json
import time
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from recoverycore.escalation import Protocol, RunFacts, Verification, verify

GOALS = {"verify_seconds": 5}
TIMES = 5
MONDAY = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Midnight in the zone of the roster; the clocks there go forward on the Sunday."""
HOLE = ("dead_zone", "2026-03-02T05:00:00Z")

WORLD = json.loads(Path(__file__).with_name("roster.json").read_text("utf-8"))


def run() -> tuple[dict[str, float], dict[str, str]]:
    """Measure it. Error: `ValueError` when what was planted is not found."""
    taken = []
    for _ in range(TIMES):
        protocol, facts = Protocol.model_validate(WORLD["protocol"]), RunFacts.model_validate(WORLD["facts"])
        begun = time.process_time()
        found = verify(protocol, facts, horizon=(MONDAY, MONDAY + timedelta(days=7)), providers=WORLD["providers"])
        told = time.process_time()
        found.in_zone(protocol.zone).to_html()
        taken.append((told - begun, time.process_time() - told))
    check(found)
    seconds, page = (max(each) for each in zip(*taken, strict=True))
    ratios = {"verify_seconds": round(seconds, 4), "page_seconds": round(page, 4), "states": float(found.states)}
    return ratios, {"pydantic": version("pydantic")}


def check(found: Verification) -> None:
    """What was planted is found, and nothing else that is an error. Error: `ValueError`."""
    wrong = [(row["code"], row.get("from")) for row in found.to_rows() if row["severity"] == "error"]
    if wrong != [HOLE] or found.bound is None:
        message = f"the verification found {wrong} and the bound {found.bound}"
        raise ValueError(message)
