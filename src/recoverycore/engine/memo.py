"""What an engine has worked out before, each value beside the very data it came from: for the same data it is the same value.

Whoever asks has read the data in the open transaction and hands them in. So nothing here can be out of date, whoever changed
the store and whatever became of the unit in which it was worked out: for other data there is no answer.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from attrs import define, field

__all__ = ["Memo"]

_MOST = 1024


@define(repr=False)
class Memo:
    """Values by name, the latest of each. A host with more runs going at once than it holds works some of them out again.

    Only the thread that has the open unit may ask.
    """

    _known: OrderedDict[tuple[str, ...], tuple[Any, Any]] = field(factory=OrderedDict, init=False)

    def get(self, name: tuple[str, ...], given: Any) -> Any:
        """What was worked out under `name` from data equal to `given`, or None."""
        found = self._known.get(name)
        if found is None or found[0] != given:
            return None
        self._known[name] = (given, found[1])  # the same again is soon compared with itself
        self._known.move_to_end(name)
        return found[1]

    def keep(self, name: tuple[str, ...], given: Any, value: Any) -> None:
        """Keep what was worked out from `given`, which nobody changes from here on, in the place of what was known under `name`."""
        self._known[name] = (given, value)
        self._known.move_to_end(name)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
