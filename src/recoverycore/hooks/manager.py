"""The plugins of one engine: built once with every problem told, then called under the four policies."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

import pluggy

from recoverycore.errors import PluginError, Problem, problem
from recoverycore.ground import nearest
from recoverycore.hooks.checks import check_alone, check_together, wanted_parameters
from recoverycore.hooks.deadlines import LateCalls, OnLate, run_calls
from recoverycore.hooks.dispatch import Call, Implementation
from recoverycore.hooks.loading import Candidate, candidates
from recoverycore.hooks.marks import PROJECT
from recoverycore.hooks.outcome import Joined, Report
from recoverycore.hooks.policies import Hook, Policy, hooks_of
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import ProblemReport, read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

__all__ = ["Plugins"]

_log = logging.getLogger("recoverycore.hooks")
_log.addHandler(logging.NullHandler())  # a library is silent until its host listens
_PROBLEM = "recovery_on_problem"
_PROBLEM_WITHIN = timedelta(seconds=5)
"""How long somebody may take who listens to problems."""


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
        self._implementations = {name: _implementations(name, self._found) for name in hooks}

    @classmethod
    def build(
        cls,
        asked: Iterable[object] = (),
        *,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        observe: Callable[[Report], object] | None = None,
        strict: bool = True,
        late_calls: int = 8,
        specs: type = RecoveryHooks,
    ) -> Self:
        """Load exactly the plugins that are asked for: names of installed ones, or objects.

        `settings` are those of installed plugins, by name. Every problem is told at once as `PluginError`; with `strict` off
        a plugin with a problem is left out instead, and `problems` says why. `observe` gets every report. A plugin with
        `late_calls` calls still running after their deadline is left alone until one of them ends.
        """
        hooks = hooks_of(specs)
        given = settings or {}
        wanted = list(asked)
        found = candidates(wanted, given)
        for each in found:
            check_alone(each, hooks)
        leftover = check_together(found, hooks, given, wanted)
        problems = tuple(
            sorted([*leftover, *(each for one in found for each in one.problems)], key=lambda each: (each.path, each.code, each.detail))
        )
        if problems and strict:
            raise PluginError(*problems)
        return cls(hooks, found, problems, observe, late_calls)

    @property
    def names(self) -> tuple[str, ...]:
        """The plugins that are called, sorted by name."""
        return tuple(each.name for each in self._found if not each.problems)

    def implementing(self, hook: str) -> tuple[str, ...]:
        """The plugins that implement `hook`, sorted by name. Error: ``hook_call`` for a hook there is not."""
        self._hook(hook, None)
        return tuple(each.plugin for each in self._implementations[hook])

    def last_problem(self, plugin: str) -> str | None:
        """What went wrong last with a plugin, as a code or status; None when nothing has."""
        return self._last.get(plugin)

    def provide(self, hook: str, **arguments: object) -> Any:
        """What the one provider answers. Errors: ``provider_missing``; ``hook_failed`` when it fails, at once."""
        known = self._hook(hook, "provide")
        if not self._implementations[hook]:
            raise PluginError(problem("provider_missing", detail=hook))
        report = self._call(known, arguments, None, None)
        report.raise_problems()
        return next(iter(report.values.values()))

    def contribute(self, hook: str, *, deadline: timedelta | None = None, now: datetime | None = None, **arguments: object) -> Report:
        """What everyone contributes, each by its own; whatever failed is in the report, by name, and nothing of it is used."""
        report = self._call(self._hook(hook, "contribute"), arguments, deadline, None)
        self._tell(report, now)
        return report

    def joined(self, hook: str, *, deadline: timedelta | None = None, now: datetime | None = None, **arguments: object) -> Joined[Any]:
        """The join of all answers. One that failed counts as in doubt: the full restriction, or asking a human."""
        known = self._hook(hook, "join")
        lattice = known.lattice
        if lattice is None:
            raise PluginError(problem("hook_spec", detail=hook))
        report = self._call(known, arguments, deadline, None)
        value = lattice.start
        for each in report.outcomes:
            if each.status != "abstained":
                value = lattice.join(value, each.value if each.status == "ok" else lattice.in_doubt)
        self._tell(report, now)
        return Joined(value, report)

    def fan_out(
        self,
        hook: str,
        *,
        deadline: timedelta | None = None,
        now: datetime | None = None,
        on_late: OnLate | None = None,
        **arguments: object,
    ) -> Report:
        """Call everyone, isolated and timed. `on_late` gets an outcome that comes after the deadline, in another thread."""
        report = self._call(self._hook(hook, "fan_out"), arguments, deadline, on_late)
        self._tell(report, now)
        return report

    def _hook(self, name: str, policy: Policy | None) -> Hook:
        found = self._hooks.get(name)
        if found is None or policy not in (None, found.policy):
            guess = None if found else nearest(name, self._hooks)
            raise PluginError(
                problem("hook_call", did_you_mean=guess, detail=f"{name}: not a hook of this policy" if found else "unknown hook")
            )
        return found

    def _call(self, hook: Hook, arguments: Mapping[str, object], deadline: timedelta | None, on_late: OnLate | None) -> Report:
        given = {name: read_only(value) for name, value in hook.arguments(arguments).items()}
        calls = [Call(hook, implementation, given) for implementation in self._implementations[hook.name]]
        seconds = None if deadline is None else deadline.total_seconds()
        report = Report(hook.name, run_calls(calls, self._late, deadline=seconds, on_late=on_late))
        for each in report.bad:
            self._last[each.plugin] = each.status
        if self._observe is not None:
            self._observe(report)
        return report

    def _tell(self, report: Report, now: datetime | None) -> None:
        """Tell of everything that went wrong, by name. About a failed report there is no report: it goes to the log only."""
        for each in report.bad:
            _log.warning("%s: %s %s", report.hook, each.status, each.error)
            if now is None or report.hook == _PROBLEM:
                continue
            told = ProblemReport(report.hook, each.plugin, _status(each.status), each.error, now)
            self.fan_out(_PROBLEM, deadline=_PROBLEM_WITHIN, now=now, problem=told)


def _status(status: str) -> Literal["failed", "timeout", "invalid"]:
    return "timeout" if status == "timeout" else "invalid" if status == "invalid" else "failed"


def _implementations(name: str, found: Iterable[Candidate]) -> tuple[Implementation, ...]:
    """Who implements `name`, by plugin name: their own bound functions, registered with a pluggy manager for its checks."""
    manager = pluggy.PluginManager(PROJECT)
    made = []
    for each in found:
        if each.problems or name not in each.hooks:
            continue
        manager.register(each.plugin, name=each.name)
        function = getattr(each.plugin, name)
        made.append(Implementation(each.name, function, wanted_parameters(function)))
    return tuple(made)
