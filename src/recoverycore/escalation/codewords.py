"""Code words: a person's agreed way to ask for help in front of others. Only keyed digests are ever kept.

The word, its digest and the matched text appear in no effect, log, error, repr or export; only the entry's id does. Whoever
answers the message gives the same visible reply to every result, so that nobody watching learns which one it was.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from attrs import frozen
from pydantic import Field

from recoverycore.escalation.steps import LevelNumber
from recoverycore.ground.document import Document
from recoverycore.ground.fields import Count, Id, Instant
from recoverycore.ground.instants import require_aware
from recoverycore.ground.sensitive import Sensitive
from recoverycore.ground.text import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["CODE_WORD_MIN_LEVEL", "CODE_WORD_MISS_LIMIT", "CodeWord", "CodeWordMatch", "code_word_digest", "match_code_word", "matches"]

CODE_WORD_MIN_LEVEL = 3
"""Policy: the least level a code word triggers. A host may only raise it."""
CODE_WORD_MISS_LIMIT = 10
"""Policy: after so many misses in the running hour a human looks at the message. It never suppresses a match."""

_FIRST = ("duress", "help", "decoy")


class CodeWord(Document):
    """One code word of a client: its keyed digest, how many words it has, and what it means.

    ``help`` starts the crisis protocol, ``duress`` does so without ever messaging the client, ``decoy`` starts nothing and
    asks the care owner for a quiet look. It counts until `retired_from`.
    """

    schema_name: ClassVar[str] = "recoverycore/code-word"

    id: Id
    digest: Annotated[Sensitive, Field(repr=False)]
    words: Annotated[Count, Field(ge=1, le=12)]
    meaning: Literal["help", "duress", "decoy"]
    level: LevelNumber | None = None
    retired_from: Instant | None = None


@frozen
class CodeWordMatch:
    """What a message came to: ``help``, ``duress``, ``decoy``, ``no_match`` or ``to_human``, with the entry's id."""

    result: Literal["help", "duress", "decoy", "no_match", "to_human"]
    entry: str | None = None
    level: int | None = None

    @property
    def silent(self) -> bool:
        """Whether the client must never be messaged about it."""
        return self.result == "duress"


def code_word_digest(key: bytes, words: str | Iterable[str]) -> str:
    """HMAC-SHA-256 of the normal form of `words`, in hex: what is kept instead of the code word.

    `words` are tokens, or the code word as it is said.

    >>> code_word_digest(b"key", "Blue  Kite!") == code_word_digest(b"key", ("blue", "kite"))
    True
    """
    said = tokens(words) if isinstance(words, str) else words
    return hmac.new(key, " ".join(said).encode(), hashlib.sha256).hexdigest()


def match_code_word(
    text: Sensitive,
    entries: Iterable[CodeWord],
    key: bytes,
    at: datetime,
    recent_misses: int = 0,
    *,
    miss_limit: int = CODE_WORD_MISS_LIMIT,
) -> CodeWordMatch:
    """What `text`, received `at`, means to the client with these `entries`.

    A word matches when its tokens stand in the message as a run. Of several: duress before help before decoy, then the
    higher level, then the greatest id. Error: ``naive_time``.
    """
    require_aware(at)
    said = tokens(text.reveal())
    live = [each for each in entries if each.retired_from is None or at < each.retired_from]
    found = [each for each in live if matches(each, said, key)]
    if not found:
        return CodeWordMatch("to_human" if recent_misses >= miss_limit else "no_match")
    best = min(sorted(found, key=lambda each: each.id, reverse=True), key=lambda each: (_FIRST.index(each.meaning), -_level(each)))
    return CodeWordMatch(best.meaning, best.id, None if best.meaning == "decoy" else _level(best))


def _level(entry: CodeWord) -> int:
    return max(CODE_WORD_MIN_LEVEL, entry.level or 0)


def matches(entry: CodeWord, said: tuple[str, ...], key: bytes) -> bool:
    """Whether the code word of `entry` stands in the tokens `said` as a run. Every run is compared, in constant time."""
    runs = (said[start : start + entry.words] for start in range(len(said) - entry.words + 1))
    # Bytes: of two texts the comparison takes ASCII only, and one entry that is no hex would hide the words of all others.
    wanted = entry.digest.reveal().lower().encode("utf-8", "surrogatepass")
    hits = [hmac.compare_digest(code_word_digest(key, words).encode(), wanted) for words in runs]
    return any(hits)
