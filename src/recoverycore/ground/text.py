"""Words compared as people mean them: the normal form and tokens that code words and content checks share."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["isolated", "nearest", "one_or_more", "tokens"]


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in normal form: NFKC, case folded, NFKC again, format characters dropped.

    A word is a maximal run of letters, marks and digits.

    >>> tokens("is the Blue  KITE up?")
    ('is', 'the', 'blue', 'kite', 'up')
    """
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in normal if unicodedata.category(char) != "Cf")
    return tuple(kept.split())


def one_or_more(given: Any, *alone: type) -> tuple[Any, ...]:
    """What is given one by one; a text, or something of a type in `alone`, is one and no list of its letters or parts.

    >>> one_or_more("goals"), one_or_more(["goals", "letters"])
    (('goals',), ('goals', 'letters'))
    """
    return (given,) if isinstance(given, (str, *alone)) else tuple(given)


def isolated(text: str) -> str:
    r"""`text` as it may stand in a line of any direction: its own characters keep their order, and so do those around it.

    What is dialled runs from left to right also in Arabic or Hebrew (left-to-right isolate, Unicode UAX #9).

    >>> print(ascii(isolated("116 123")))
    '\u2066116 123\u2069'
    """
    return f"\u2066{text}\u2069"


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant, or None when nothing is near enough to guess."""
    found = difflib.get_close_matches(word, sorted(candidates), n=1, cutoff=0.7)
    return found[0] if found else None
