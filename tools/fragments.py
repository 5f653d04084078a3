"""The changelog fragments: one file a change in `changelog.d`, named ``topic.kind.md``, one sentence a line, written for users."""

import re
import tomllib
from pathlib import Path

from tools.process import ROOT, run_module, told

KINDS = tuple(kind["directory"] for kind in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["towncrier"]["type"])
NAME = re.compile(rf"[a-z0-9_+-]+\.({'|'.join(KINDS)})\.md")


def findings(folder: Path) -> list[str]:
    """What is wrong with the fragments in `folder`, one line a finding."""
    found = []
    for file in sorted(folder.glob("*")):
        if file.name == "template.md":
            continue
        if not NAME.fullmatch(file.name):
            found.append(f"{file.name}: not named topic.kind.md, with kind one of {', '.join(KINDS)}")
            continue
        lines = file.read_text("utf-8").splitlines()
        if not lines:
            found.append(f"{file.name}: empty")
        found += [f"{file.name}:{number}: not one whole sentence" for number, line in enumerate(lines, 1) if not _is_sentence(line)]
    return found


def _is_sentence(line: str) -> bool:
    return line.endswith((".", "!", "?")) and line[0] not in " -*"


def main() -> int:
    """Check the fragments, then let towncrier make a draft of them."""
    return told(findings(ROOT / "changelog.d"), "changelog: every fragment reads well.") or run_module(
        "towncrier", "build", "--draft", "--version", "next"
    )
