"""Crisis lines and services of the United Kingdom, as a plugin: data beside one hook, nothing that runs by itself.

``lines.json`` holds directory entries as they are shown: each with its source and the day it was last checked.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from recoverycore.hooks import RecoveryHooks, hookimpl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Lines", "plugin"]

COUNTRY = "GB"


class Lines(RecoveryHooks):
    """The lines of the United Kingdom and of its parts; which of them are near enough, the lookup decides.

    >>> [entry["id"] for entry in Lines().recovery_contribute_directories("GB")][:1]
    ['gb-emergency']
    >>> Lines().recovery_contribute_directories("FR") is None
    True
    """

    recoverycore_name = "gb"

    @hookimpl
    def recovery_contribute_directories(self, region: str) -> Sequence[Mapping[str, Any]] | None:
        """Every entry of the country, whichever part of it is asked for; None for any other country."""
        if region.split("-", maxsplit=1)[0] != COUNTRY:
            return None
        entries: list[dict[str, Any]] = json.loads(resources.files(__name__).joinpath("lines.json").read_text("utf-8"))
        return entries


def plugin(settings: Mapping[str, Any]) -> Lines:
    """The plugin, as an engine makes it. There is nothing to set, and a setting that would do nothing is refused."""
    if settings:
        raise ValueError("recoverycore-gb has no settings")
    return Lines()
