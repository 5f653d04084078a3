"""`dev.py check [--fix]`: everything that can be known without running the tests. Every step runs, also after one has failed."""

import sys
from typing import TYPE_CHECKING

from tools import documentation, fragments, own_words, type_check
from tools.process import ROOT, run, run_module

if TYPE_CHECKING:
    from collections.abc import Callable

LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
TWO_CORES = ("-n", "2", "--dist", "loadfile")  # the samples of a page run one after the other
SAMPLES = ("README.md", "CONTRIBUTING.md", "docs", "src", "plugins/*/README.md", "plugins/*/src")


def samples() -> list[str]:
    """Every place that may hold samples, plugins included, as paths from the root."""
    return [path.relative_to(ROOT).as_posix() for pattern in SAMPLES for path in sorted(ROOT.glob(pattern))]


def main(arguments: list[str]) -> int:
    """Run every step. ``--fix`` first mends what a program can mend: style, generated pages, golden schemas and pictures."""
    fix = "--fix" in arguments
    write = ["--write"] if fix else []
    steps: dict[str, Callable[[], int]] = {
        "lint": lambda: run_module("ruff", "check", "--quiet", "--output-format=concise", *(["--fix"] if fix else []), "."),
        "format": lambda: run_module("ruff", "format", "--quiet", *([] if fix else ["--check"]), "."),
        "types": type_check.main,
        "layers": lambda: run(sys.executable, "-c", LAYERS, "--no-logo"),
        "golden schemas": lambda: run_module("tools.schemas", *write),
        "golden pictures": lambda: run_module("tools.pictures", *write),
        "reference pages": lambda: run_module("tools.reference", *write),
        "changelog fragments": fragments.main,
        "own words": own_words.main,
        "documentation": documentation.main,
        "samples": lambda: run_module("pytest", "-q", "-p", "no:cacheprovider", *TWO_CORES, *samples()),
    }
    failed = []
    for name, step in steps.items():
        print(f"\n== {name}", flush=True)
        if step():
            failed.append(name)
    print(f"\ncheck: {len(steps) - len(failed)} of {len(steps)} steps passed" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
