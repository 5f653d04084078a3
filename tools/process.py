"""Running other tools the way a person would type them: printed first, from the root of the repository."""

import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> int:
    """Print `command`, run it in the root, and give its exit code back."""
    print("$ " + shlex.join(command), flush=True)
    return subprocess.call(command, cwd=ROOT)


def run_module(module: str, *arguments: str) -> int:
    """As `run`, for ``python -m module``: it works where an environment was moved and its scripts point to the old place."""
    return run(sys.executable, "-m", module, *arguments)


def told(findings: list[str], all_well: str) -> int:
    """Print what a check found, one a line, or that all is well; the exit code is 1 where anything was found."""
    print("\n".join(findings) if findings else all_well)
    return 1 if findings else 0


def tracked_files() -> list[Path]:
    """Every file of the tree that git knows or would take, as a path from the root."""
    command = ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    names = subprocess.check_output(command, cwd=ROOT, text=True).split("\0")
    return sorted(Path(name) for name in names if name and (ROOT / name).is_file())
