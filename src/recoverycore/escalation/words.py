"""The plain words of an explanation, by stable code."""

from __future__ import annotations

from recoverycore.ground.sentences import sentence, sentences

__all__ = ["in_words", "words"]

_HERE = "recoverycore.escalation"


def words() -> dict[str, dict[str, str]]:
    """Every sentence there is, by section and code."""
    return sentences(_HERE)


def in_words(section: str, code: str, /, **ids: object) -> str:
    """The sentence for `code` with `ids` in it; a code without a sentence is shown as it is.

    >>> in_words("decided", "ack", subject="peer_dana")
    'peer_dana took it'
    """
    return sentence(_HERE, section, code, **ids)
