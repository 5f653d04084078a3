"""A tree that speaks only of itself: no path of a desk it was written on, no name of a tool or person that typed it."""

import re
from pathlib import Path

from tools.process import ROOT, told, tracked_files

# Each pattern is spelt so that it does not match its own line.
FOREIGN = re.compile(
    r"""
    /[w]ork/                                # a folder of one machine
    | /(?:home|Users)/[a-z]                 # somebody's home
    | /[r]oot\b
    | /[t]mp/[a-z]                          # a temporary place
    | \b(?:[a]nthropic|[c]laude|[c]hatgpt|[c]opilot|[c]odex)\b
    | \bas\ an\ [a]i\b
    | \b[c]o-authored-by\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def findings(paths: list[Path], root: Path) -> list[str]:
    """Where one of `paths` (from `root`) speaks of something outside the tree, one line a finding."""
    found = []
    for path in paths:
        try:
            lines = (root / path).read_text("utf-8").splitlines()
        except UnicodeDecodeError:  # a picture or a PDF says nothing in words
            continue
        for number, line in enumerate(lines, 1):
            if hit := FOREIGN.search(line):
                found.append(f"{path}:{number}: speaks of {hit.group()!r}")
    return found


def main() -> int:
    """Read every file that git would take."""
    return told(findings(tracked_files(), ROOT), "own words: the tree speaks only of itself.")
