"""`dev.py check [--fix]`: everything that can be known without running the tests. Every step runs, also after one has failed."""

import sys
from collections.abc import Callable

from tools import documentation, fragments, own_words, reference, schemas
from tools.process import run, run_module

LAYERS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
SAMPLES = ("-p", "no:cacheprovider", "README.md", "CONTRIBUTING.md", "docs", "src", "plugins", "-m", "sample")


def main(arguments: list[str]) -> int:
    """Run every step. ``--fix`` first mends what a program can mend: style, generated pages, golden schemas."""
    fix = "--fix" in arguments
    write = ["--write"] if fix else []
    steps: dict[str, Callable[[], int]] = {
        "lint": lambda: run_module("ruff", "check", "--quiet", *(["--fix"] if fix else []), "."),
        "format": lambda: run_module("ruff", "format", "--quiet", *([] if fix else ["--check"]), "."),
        "types": lambda: run_module("mypy"),
        "layers": lambda: run(sys.executable, "-c", LAYERS, "--no-logo"),
        "golden schemas": lambda: schemas.main(write),
        "reference pages": lambda: reference.main(write),
        "changelog fragments": fragments.main,
        "own words": own_words.main,
        "documentation": documentation.main,
        "samples": lambda: run_module("pytest", "-q", *SAMPLES),
    }
    failed = []
    for name, step in steps.items():
        print(f"\n== {name}", flush=True)
        if step():
            failed.append(name)
    print(f"\ncheck: {len(steps) - len(failed)} of {len(steps)} steps passed" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0
