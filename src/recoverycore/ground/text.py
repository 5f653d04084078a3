"""Words compared as people mean them: the normal form and tokens that code words and content checks share."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["nearest", "tokens"]


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in normal form: NFKC, case folded, NFKC again, format characters dropped.

    A word is a maximal run of letters, marks and digits.

    >>> tokens("is the Blue  KITE up?")
    ('is', 'the', 'blue', 'kite', 'up')
    """
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in normal if unicodedata.category(char) != "Cf")
    return tuple(kept.split())


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant, or None when nothing is near enough to guess."""
    found = difflib.get_close_matches(word, sorted(candidates), n=1, cutoff=0.7)
    return found[0] if found else None
