"""The mappings that a decision holds: nobody changes them, and some are worked out only when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

__all__ = ["Later", "plain", "read_only"]


class Later(Mapping[str, Any]):
    """A mapping that is worked out when it is first looked into, by `work` on what is `given` for it."""

    __slots__ = ("_found", "_given", "_work")

    def __init__(self, work: Callable[..., Mapping[str, Any]], *given: Any) -> None:
        self._work = work
        self._given = given
        self._found: Mapping[str, Any] | None = None

    def _known(self) -> Mapping[str, Any]:
        if self._found is None:
            self._found = self._work(*self._given)
        return self._found

    def __getitem__(self, name: str) -> Any:
        return self._known()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def __repr__(self) -> str:
        return repr(dict(self._known()))


_UNCHANGING = (Later, MappingProxyType)


def read_only(value: Mapping[str, Any]) -> Mapping[str, Any]:
    """`value` as one that nobody changes."""
    return value if type(value) in _UNCHANGING else MappingProxyType(dict(value))


def plain(value: Any) -> Any:
    """`value` with every mapping in it as a dict, which can be written down."""
    return {name: plain(each) for name, each in value.items()} if isinstance(value, Mapping) else value
