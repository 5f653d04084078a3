"""`dev.py browser`: what only a real browser shows. Chromium comes from the system's packages, never from a download."""

import os
import shutil

from tools.process import run_module, told

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    """Run `tests/browser`. Without Chromium it says so and skips, but never in CI, where a skip would read as a pass."""
    if any(shutil.which(name) for name in NAMES):
        return run_module("pytest", "-m", "browser", "tests/browser", *arguments)
    missing = "browser: no Chromium here; install the system's package (Debian: apt install chromium)."
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        return told([], missing + " Skipped.")
    return told([missing], "")
