"""The plain words of an explanation, by stable code; they stand in a table of their own, so that they can be read as one."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["in_words", "words"]


@cache
def words() -> dict[str, dict[str, str]]:
    """Every sentence there is, by section and code."""
    import tomllib  # only an explanation needs it

    text = resources.files("recoverycore.escalation").joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)


def in_words(section: str, code: str, /, **ids: object) -> str:
    """The sentence for `code` with `ids` in it; a code without a sentence is shown as it is.

    >>> in_words("decided", "ack", subject="peer_dana")
    'peer_dana took it'
    """
    sentence = words()[section].get(code)
    return code.replace("_", " ") if sentence is None else sentence.format(**ids)
