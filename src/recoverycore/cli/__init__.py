"""The same verbs from a terminal: run a story, see the demo. Needs the extra ``cli``; imports whatever it shows.

Exit codes: 0 all came true, 1 an expectation was broken, 2 it could not be run.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; say which extra is missing where it is."""
    try:
        from recoverycore.cli.commands import recoverycore

        recoverycore()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in ("click", "rich", "yaml"):
            raise
        sys.exit(f"The command line needs {missing}: install it with pip install 'recoverycore[cli]'")
