"""The golden pictures in `tests/golden/pictures`: each record, question and roster there with what is drawn of it.

`python -m tools.pictures` compares; with ``--write`` it draws them anew, and the difference is looked at in review.
"""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tools.process import ROOT, told

if TYPE_CHECKING:
    from recoverycore.consent import Decision
    from recoverycore.escalation import Verification
    from recoverycore.ground import Timeline

FOLDER = ROOT / "tests" / "golden" / "pictures"


def record(file: Path) -> "Timeline":
    """The timeline whose rows stand in a golden file."""
    from recoverycore.ground import Happening, Timeline, parse_instant

    kept = json.loads(file.read_text("utf-8"))
    lines = (Happening(parse_instant(row.pop("at")), row.pop("what"), row) for row in kept["rows"])
    return Timeline(tuple(lines), kept["zone"])


def decision(file: Path) -> "Decision":
    """The decision on the question in a golden file."""
    from recoverycore.testing.consent.tables import chosen_case, ready

    return ready(chosen_case(file), {})[0].decision


def verification(file: Path) -> "Verification":
    """What the protocol in a golden file comes to with the people beside it."""
    from recoverycore.escalation import Protocol, RunFacts, verify
    from recoverycore.ground import parse_instant, read_file

    kept = read_file(file)
    protocol, facts = Protocol.model_validate(kept["protocol"]), RunFacts.model_validate(kept["facts"])
    horizon = (parse_instant(kept["from"]), parse_instant(kept["to"]))
    return verify(protocol, facts, horizon=horizon, providers=kept["providers"]).in_zone(protocol.zone)


def drawn(folder: Path) -> dict[str, str]:
    """The picture and the page of each record and each roster in `folder`, and the two pages of each question, by file name."""
    records = {file.stem: record(file) for file in sorted(folder.glob("*.json"))}
    verified = {file.stem: verification(file) for file in sorted(folder.glob("*.toml"))}
    pictures = {f"{name}.svg": shown.to_svg() for name, shown in (records | verified).items()}
    decisions = {file.stem: decision(file) for file in sorted(folder.glob("*.yaml"))}
    pages = {f"{name}.html": shown.to_html() for name, shown in (records | decisions | verified).items()}
    return pictures | pages | {f"{name}.requester.html": shown.to_requester_html() for name, shown in decisions.items()}


def findings(now: dict[str, str], folder: Path) -> list[str]:
    """The pictures that differ from their golden files, one line each."""
    return [
        f"{name}: differs from its golden file"
        for name, text in now.items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    ]


def main(arguments: list[str]) -> int:
    """Compare, or with ``--write`` draw the golden pictures anew."""
    now = drawn(FOLDER)
    if "--write" in arguments:
        for name, text in now.items():
            (FOLDER / name).write_text(text, "utf-8")
    found = findings(now, FOLDER)
    if found:
        found.append("A change on purpose: python3 dev.py check --fix, then look at the pictures in a browser.")
    return told(found, f"pictures: {len(now)} pictures and pages are drawn as their golden files are.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
