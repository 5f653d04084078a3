"""The plain words for stable codes. A package keeps its sentences in a ``words.toml`` of its own, so that they can be read as one."""

from __future__ import annotations

from functools import cache
from importlib import resources

__all__ = ["sentence", "sentences"]


@cache
def sentences(package: str) -> dict[str, dict[str, str]]:
    """Every sentence of `package`, by section and code."""
    import tomllib  # only an explanation needs it

    return tomllib.loads(resources.files(package).joinpath("words.toml").read_text("utf-8"))


def sentence(package: str, section: str, code: str, /, **ids: object) -> str:
    """The sentence for `code` with `ids` in it; a code without a sentence is shown as it is."""
    found = sentences(package)[section].get(code)
    return code.replace("_", " ") if found is None else found.format(**ids)
