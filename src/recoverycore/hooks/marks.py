"""The marks on hooks: what a plugin author writes above a method, and what a specification says about its answers.

Imports pluggy and nothing else of weight, so that a plugin module stays cheap to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable

    from recoverycore.hooks.policies import Lattice

__all__ = ["API_VERSION", "CONTRACT", "GROUP", "PROJECT", "SETTINGS", "hookimpl", "hookspec"]

PROJECT: Final = "recoverycore"
GROUP: Final = "recoverycore.plugins"
"""The entry point group in which a distribution names its plugin factories."""
API_VERSION: Final = 1
"""The version of the hooks. A plugin carries it as ``recoverycore_api``; `RecoveryHooks` sets it for its children."""
SETTINGS: Final = "recoverycore_settings"
"""The attribute of a factory that names the class of its settings: a `Document`, by which they are validated before it is called."""
CONTRACT: Final = "recoverycore_contract"
"""The attribute in which `hookspec` keeps a specification's check and lattice."""

_Function = TypeVar("_Function", bound="Callable[..., object]")

hookimpl: Final = pluggy.HookimplMarker(PROJECT)
"""Marks a method as the implementation of the hook of the same name. Use it without options; any option is refused."""


def hookspec(check: Callable[[Any], object], *, lattice: Lattice[Any] | None = None) -> Callable[[_Function], _Function]:
    """Mark a method as the specification of a hook whose answers pass `check`.

    `check` gives the answer that the host will see, or raises `Unfit`. A join (``recovery_restrict_``,
    ``recovery_elevate_``) also has a `lattice`. There is no way to ask for first-result, historic or wrapped calls.
    """

    def mark(function: _Function) -> _Function:
        setattr(function, CONTRACT, (check, lattice))
        return pluggy.HookspecMarker(PROJECT)(function)

    return mark
