"""Ways that must not be shown as current: numbers that were given up, misprints, menu steps and hours that nobody could confirm.

They go on standing in lists that copy one another, so whoever brings lines of their own asks here first. Nothing is rewritten by
itself: each finding says what to write instead, and a person calls that before anybody is shown it.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from attrs import field, frozen

from recoverycore.errors import Problem, problem
from recoverycore.ground.loading import read_json

if TYPE_CHECKING:
    from recoverycore.directory.documents import Channel, DirectoryEntry

__all__ = ["retired_ways"]

_WHOLE_NUMBER = 8
"""So many digits are a number with its area, which its end alone is not."""


@frozen(kw_only=True)
class _Row:
    """One row of ``retired.json``: the ways it means, in a region and its parts, and what to write instead.

    `types`, `body` and `then` narrow it to the channels of these types, to that key word, to that menu step; with `always` the number
    is current and only the claim is wrong that it is answered day and night.
    """

    id: str
    region: str
    values: tuple[str, ...] = field(converter=tuple)
    instead: str
    since: str = ""
    types: tuple[str, ...] = field(default=(), converter=tuple)
    body: str = ""
    then: str = ""
    always: bool = False

    def means(self, channel: Channel, region: str) -> bool:
        reach = channel.reach
        return (
            any(_is(channel, value) for value in self.values)
            and f"{region}-".startswith(f"{self.region}-")
            and (not self.types or channel.type is None or channel.type in self.types)
            and (not self.body or (reach is not None and (reach.body or "").casefold() == self.body.casefold()))
            and (not self.then or self.then in (channel.then or "").casefold())
            and (not self.always or channel.hours == "always")
        )


def _is(channel: Channel, value: str) -> bool:
    """Whether a channel leads to `value`. Text that fits no contact method is compared by its digits, in the national form too."""
    if channel.reach is not None:
        return channel.reach.value == value
    digits = "".join(sign for sign in channel.display or "" if sign in "0123456789").lstrip("0")
    return digits == value.lstrip("+0") or (len(digits) >= _WHOLE_NUMBER and value.startswith("+") and value.endswith(digits))


@cache
def _rows() -> tuple[_Row, ...]:
    text = resources.files("recoverycore.directory").joinpath("retired.json").read_text("utf-8")
    return tuple(_Row(**row) for row in read_json(text))


def retired_ways(entry: DirectoryEntry) -> tuple[Problem, ...]:
    """A problem ``retired_way`` for each channel of `entry` that is not to be shown as it stands, with what to write instead.

    >>> from recoverycore.directory import DirectoryEntry
    >>> old = {"id": "voice", "type": "voice", "reach": {"kind": "e164", "value": "+18002738255"}}
    >>> entry = {"id": "lifeline", "name": "Lifeline", "service_kinds": ["crisis_line"], "region": "US-MN", "channels": [old]}
    >>> [each.detail for each in retired_ways(DirectoryEntry.model_validate(entry))]
    ['us-lifeline-ten-digit, since 2022-07-16; instead: 988']
    """
    return tuple(
        problem(
            "retired_way",
            f"/channels/{place}",
            detail=f"{row.id}{f', since {row.since}' if row.since else ''}; instead: {row.instead}",
        )
        for place, channel in enumerate(entry.channels)
        for row in _rows()
        if row.means(channel, entry.region)
    )
