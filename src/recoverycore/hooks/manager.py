"""The plugins of one engine: built once with every problem told, then called under the four policies."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import pluggy

from recoverycore.errors import PluginError, Problem, problem
from recoverycore.ground import nearest
from recoverycore.hooks.checks import check_alone, check_together, wanted_parameters
from recoverycore.hooks.deadlines import LateCalls, OnLate, run_calls
from recoverycore.hooks.dispatch import Call, Implementation
from recoverycore.hooks.loading import Candidate, candidates, load_failed
from recoverycore.hooks.marks import API_VERSION, PROJECT
from recoverycore.hooks.outcome import Joined, Report
from recoverycore.hooks.policies import Hook, Policy, hooks_of
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import ProblemReport, read_only

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Plugins"]

_log = logging.getLogger("recoverycore.hooks")


class Plugins:
    """The plugins of one engine. Two of these share nothing; there is no process-wide list of plugins.

    Make one with `build`. After that the set is fixed; only the memory of what went wrong last, and of calls that are
    still running late, changes.
    """

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        found: Iterable[Candidate],
        problems: tuple[Problem, ...],
        observe: Callable[[Report], object] | None,
        late_calls: int,
    ) -> None:
        """Use `build`, which finds and checks what is handed over here."""
        self.problems = problems
        self._hooks = hooks
        self._found = sorted(found, key=lambda each: (each.name, each.path))
        self._observe = observe
        self._late = LateCalls(late_calls)
        self._last = {each.name: f"{each.problems[0].code} {each.problems[0].name}" for each in self._found if each.problems}
        self._implementations = {name: _implementations(name, self._found, hooks) for name in hooks}
