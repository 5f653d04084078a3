"""PROVE, for plugins of crisis lines: what every line must keep before anybody is shown it, and a class of tests that holds a plugin to it.

Each rule tells what breaks it in a sentence. Nothing here needs pytest. No number is called and no page is opened: only a person can do
that. It may import `directory`, `hooks` and the host of `testing.plugins`.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.lines.contract import CrisisLinesContract as CrisisLinesContract
    from recoverycore.testing.lines.given import LinesGiven as LinesGiven

__all__ = ["CrisisLinesContract", "LinesGiven"]

__getattr__, __dir__ = attach(__name__, {"contract": ("CrisisLinesContract",), "given": ("LinesGiven",)})
