"""Content classes: what a message may hold, checked before it is sent.

C0 is neutral text and an opaque reference; C1 adds the first name and how urgent it is; C2 is shown in the app after login.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from recoverycore.escalation.codewords import CodeWord, matches
from recoverycore.ground.sensitive import Sensitive
from recoverycore.ground.text import tokens

if TYPE_CHECKING:
    from recoverycore.escalation.steps import ContentClass

__all__ = ["ContentFacts", "STEMS", "check_message"]

STEMS = (
    "addict", "alcohol", "abuse", "clinic", "counsel", "crisis", "detox", "drug", "emergenc", "intox", "medicat", "methadone",
    "naloxone", "overdos", "recover", "rehab", "relaps", "shelter", "sober", "substance", "suicid", "therap", "treatment",
    "violen", "withdraw",
)  # fmt: skip
"""Policy: beginnings of words that tell what a message is about. A host may add to them."""


@frozen
class ContentFacts:
    """What a text is checked against: the client's first name, names that give a programme or place away, code words."""

    first_name: Sensitive | None = field(default=None, repr=False)
    forbidden_names: tuple[str, ...] = field(default=(), repr=False)
    max_chars: int = 160
    code_words: tuple[CodeWord, ...] = field(default=(), repr=False)
    key: bytes = field(default=b"", repr=False)


def check_message(content_class: ContentClass, text: Sensitive, facts: ContentFacts) -> tuple[str, ...]:
    """Why `text` may not go out as `content_class`, as sorted codes; nothing when it may.

    ``word``, ``name``, ``too_long``, ``link`` (C0, C1), ``first_name`` (C0), ``code_word`` (every class).
    """
    words = tokens(text.reveal())
    found = set()
    if content_class in ("C0", "C1"):
        found |= {code for code, holds in _narrow(text.reveal(), words, facts).items() if holds}
    if content_class == "C0" and facts.first_name is not None and _holds(words, facts.first_name.reveal()):
        found.add("first_name")
    if any(matches(each, words, facts.key) for each in facts.code_words):
        found.add("code_word")
    return tuple(sorted(found))


def _narrow(text: str, words: tuple[str, ...], facts: ContentFacts) -> dict[str, bool]:
    folded = text.casefold()
    return {
        "word": any(word.startswith(STEMS) for word in words),
        "name": any(_holds(words, name) for name in facts.forbidden_names),
        "too_long": len(text) > facts.max_chars,
        "link": "http://" in folded or "https://" in folded,
    }


def _holds(words: tuple[str, ...], name: str) -> bool:
    wanted = tokens(name)
    return bool(wanted) and any(words[start : start + len(wanted)] == wanted for start in range(len(words) - len(wanted) + 1))
