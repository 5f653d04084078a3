"""PROVE: what users need to test and prove their own rules, and the stories that the library proves itself with.

It may import everything below it; nothing but the command line imports it.
"""

from typing import TYPE_CHECKING

from recoverycore._lazy import attach

if TYPE_CHECKING:
    from recoverycore.testing.lines.contract import CrisisLinesContract as CrisisLinesContract

__all__ = ["CrisisLinesContract"]

__getattr__, __dir__ = attach(__name__, {"lines.contract": ("CrisisLinesContract",)})
