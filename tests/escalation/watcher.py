"""The watcher of the library, with the bound of a slow walk instead of the verifier's: neither is judged by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recoverycore.escalation import step
from recoverycore.testing.escalation.watching import SOME_DAYS, Stepping, lateness, saved_and_read
from recoverycore.testing.escalation.watching import Watcher as AnyWatcher
from tests.escalation.bound import longest_climb

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from recoverycore.escalation import RunState

__all__ = ["SOME_DAYS", "Stepping", "Watcher", "lateness", "saved_and_read"]


class Watcher(AnyWatcher):
    """A run of the small world under watch; `quiet` says for how long each target may be quiet."""

    def __init__(
        self, state: RunState, machine: Stepping = step, *, days_later: RunState | None = None, quiet: Mapping[str, timedelta] | None = None
    ) -> None:
        super().__init__(state, machine, days_later=days_later, bound=longest_climb(state.protocol, quiet or {}))
