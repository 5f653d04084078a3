"""The plugins of one engine: built once with every problem told, then called under the four policies."""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias, get_args

import pluggy

from recoverycore.errors import PluginError, Problem, problem
from recoverycore.ground import nearest
from recoverycore.hooks.checks import check_alone, check_together, wanted_parameters
from recoverycore.hooks.deadlines import LateCalls, run_calls
from recoverycore.hooks.dispatch import Call, Implementation, pass_on_interrupt
from recoverycore.hooks.loading import candidates, load_failed
from recoverycore.hooks.marks import PROJECT
from recoverycore.hooks.outcome import Joined, Outcome, Report
from recoverycore.hooks.policies import hooks_of
from recoverycore.hooks.specs import RecoveryHooks
from recoverycore.hooks.values import ProblemReport, class_name, read_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from recoverycore.hooks.deadlines import OnLate
    from recoverycore.hooks.loading import Candidate
    from recoverycore.hooks.policies import Hook, Policy

__all__ = ["OnFailure", "Plugins"]

OnFailure: TypeAlias = Literal["raise", "report"]
"""What a plugin that cannot be used means for whoever builds the engine: an error, or a line in its list of plugins."""

_log = logging.getLogger("recoverycore.hooks")
_log.addHandler(logging.NullHandler())  # a library is silent until its host listens
_PROBLEM = "recovery_on_problem"


class Plugins:
    """The plugins of one engine. Two of these share nothing; there is no process-wide list of plugins.

    Make one with `build`. After that the set is fixed; only the memory of what went wrong last, and of calls that are
    still running late, changes.
    """

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        found: Iterable[Candidate],
        implementations: Mapping[str, tuple[Implementation, ...]],
        *,
        problems: tuple[Problem, ...],
        observe: Callable[[Report], object] | None,
        late_calls: int,
    ) -> None:
        """Use `build`, which finds and checks what is handed over here."""
        self.problems = problems
        self._hooks = hooks
        self._found = sorted(found, key=lambda each: (each.name, each.path))
        self._implementations = implementations
        self._observe = observe
        self._late = LateCalls(late_calls)
        self._spent = dict.fromkeys(self.names, 0.0)
        self._last = {each.name: f"{each.problems[0].code} {each.problems[0].name}" for each in self._found if each.problems}

    @classmethod
    def build(
        cls,
        asked: Iterable[object] = (),
        *,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        observe: Callable[[Report], object] | None = None,
        plugin_folder: str | Path | None = None,
        on_failure: OnFailure = "raise",
        critical: Iterable[str] = (),
        late_calls: int = 8,
        specs: type = RecoveryHooks,
    ) -> Self:
        """Load exactly the plugins that are asked for: names of installed ones, objects, paths of files; each file of `plugin_folder`.

        `settings` are those of installed plugins, by name. Every problem is told at once as `PluginError`; with `on_failure` as
        ``"report"`` a plugin with a problem is left out instead, and `problems` says why. Without one whose name is `critical`
        nothing is built, also when nobody asked for it: that is a slip of the pen. `observe` gets every report. A plugin with
        `late_calls` calls for one hook still running after their deadline is left alone by it until one ends. `specs` holds the
        specifications of the hooks, for a host that adds some of its own to those of `RecoveryHooks`.
        """
        if on_failure not in get_args(OnFailure):  # a misspelt "raise" would report where somebody wanted to be stopped
            raise PluginError(problem("not_listed", "/on_plugin_failure", detail=f"possible: {', '.join(get_args(OnFailure))}"))
        hooks = hooks_of(specs)
        given = settings or {}
        critical = frozenset(critical)
        wanted = list(asked)
        found = candidates(wanted, given)
        if plugin_folder is not None:
            from recoverycore.hooks.files import file_candidates  # reading files costs more to import than everything else here

            found += file_candidates(plugin_folder)
        for each in found:
            check_alone(each, hooks)
        leftover = check_together(found, hooks, given, wanted)
        implementations = _registered(found, hooks, specs)
        unknown = _never_asked_for(critical, found)
        problems = (*(each for one in found for each in one.problems), *leftover, *unknown)
        if unknown or (problems and on_failure == "raise") or any(each.problems and each.name in critical for each in found):
            raise PluginError(*problems)
        for left_out in problems:
            _log.warning("left out: %s", left_out)
        return cls(hooks, found, implementations, problems=problems, observe=observe, late_calls=late_calls)

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

    def to_rows(self) -> list[dict[str, Any]]:
        """One row for each plugin that was asked for: where it comes from, what it implements, how it stands, what went wrong last.

        ``load_seconds`` went by while it was imported and made, ``call_seconds`` in calls of it, waiting for late ones included.
        """
        return [
            {
                "plugin": each.name,
                "dist": each.dist,
                "version": each.version,
                "hooks": each.hooks,
                "status": self._status(each),
                "last_problem": self.last_problem(each.name),
                "load_seconds": each.seconds,
                "call_seconds": self._spent.get(each.name, 0.0),
            }
            for each in self._found
        ]

    def _status(self, found: Candidate) -> str:
        if found.problems:
            return "refused"
        return "quarantined" if any(self._late.quarantined(found.name, hook) for hook in found.hooks) else "ready"

    def provide(self, hook: str, /, *, now: datetime | None = None, **arguments: object) -> Any:
        """What the one provider answers. Errors: ``provider_missing``; ``hook_failed`` when it fails, at once."""
        known = self._hook(hook, "provide")
        if not self._implementations[hook]:
            raise PluginError(problem("provider_missing", detail=hook))
        report = self._call(known, arguments, None, now)
        report.raise_problems()
        return report.outcomes[0].value

    def contribute(self, hook: str, /, *, deadline: timedelta | None = None, now: datetime | None = None, **arguments: object) -> Report:
        """What everyone contributes, each by its own; whatever failed is in the report, by name, and nothing of it is used."""
        return self._call(self._hook(hook, "contribute"), arguments, deadline, now)

    def joined(self, hook: str, /, *, deadline: timedelta | None = None, now: datetime | None = None, **arguments: object) -> Joined[Any]:
        """The join of all answers. One that failed counts as in doubt: the full restriction, or asking a human."""
        known = self._hook(hook, "join")
        lattice: Any = known.lattice  # a join has one, or it would not be a hook
        report = self._call(known, arguments, deadline, now)
        value = lattice.start
        for each in report.outcomes:
            if each.status != "abstained":
                value = lattice.join(value, each.value if each.status == "ok" else lattice.in_doubt)
        return Joined(value, report)

    def fan_out(
        self,
        hook: str,
        /,
        *,
        deadline: timedelta | None = None,
        now: datetime | None,
        on_late: OnLate | None = None,
        **arguments: object,
    ) -> Report:
        """Call everyone, isolated and timed. `on_late` gets an outcome that comes after the deadline, in another thread.

        The deadline holds for everything together, the telling of problems included. Without one, a plugin that hangs
        keeps the caller waiting. `now` is the instant that the reports of problems will name.
        """
        return self._call(self._hook(hook, "fan_out"), arguments, deadline, now, on_late)

    def _hook(self, name: str, policy: Policy | None) -> Hook:
        found = self._hooks.get(name)
        if found is None:
            raise PluginError(problem("hook_call", did_you_mean=nearest(name, self._hooks), detail=f"{name}: no such hook"))
        if policy not in (None, found.policy):
            raise PluginError(problem("hook_call", detail=f"{name}: its policy is {found.policy}, not {policy}"))
        return found

    def _call(
        self, hook: Hook, arguments: Mapping[str, object], deadline: timedelta | None, now: datetime | None, on_late: OnLate | None = None
    ) -> Report:
        given = {name: read_only(value) for name, value in hook.arguments(arguments).items()}
        calls = [Call(hook, each, given) for each in self._implementations[hook.name]]
        seconds = None if deadline is None else deadline.total_seconds()
        end = None if seconds is None else monotonic() + seconds
        report = Report(hook.name, run_calls(calls, self._late, deadline=seconds, on_late=on_late))
        for each in report.outcomes:
            self._spent[each.plugin] += each.seconds  # of two threads at once one may be lost: a hint needs no lock
        for each in report.bad:
            self._note(hook.name, each)
        if self._observe is not None:
            try:
                self._observe(report)
            except Exception as error:  # noqa: BLE001 - the outcomes are worth more than whoever looks on; its text is not logged
                _log.error("%s: the observer raised %s", hook.name, class_name(error))
        if hook.name != _PROBLEM:
            self._tell(report, None if end is None else max(0.0, end - monotonic()), now)
        return report

    def _note(self, hook: str, outcome: Outcome) -> None:
        self._last[outcome.plugin] = f"{hook}: {outcome.status}"
        _log.warning("%s: %s, %s", hook, outcome.status, outcome.error)

    def _tell(self, report: Report, seconds: float | None, now: datetime | None) -> None:
        """Tell those who watch of everything that went wrong, by name. What goes wrong meanwhile goes to the log only.

        Each watcher has one thread for all of a report's problems. It is waited for as long as the deadline of the call itself
        leaves; when that is used up it is told all the same, and nobody waits.
        """
        told = []
        for each in report.outcomes:
            match each.status:
                case "failed" | "timeout" | "invalid" as status:
                    told.append(ProblemReport(report.hook, each.plugin, status, each.error, now))
                case "ok" | "abstained":
                    pass
        watchers = self._implementations.get(_PROBLEM, ()) if told else ()
        calls = []
        for watcher in watchers:
            single = [Call(self._hooks[_PROBLEM], watcher, {"problem": one}) for one in told]
            calls.append(Call(self._hooks[_PROBLEM], Implementation(watcher.plugin, partial(self._watch, single), ()), {}))
        for outcome in run_calls(calls, self._late, deadline=seconds, on_late=None):
            if outcome.status == "failed" or (outcome.status == "timeout" and seconds):
                self._note(_PROBLEM, outcome)

    def _watch(self, calls: Iterable[Call]) -> None:
        for call in calls:
            outcome = call.run()
            if outcome.status != "ok":
                self._note(_PROBLEM, outcome)


def _never_asked_for(critical: Iterable[str], found: Iterable[Candidate]) -> list[Problem]:
    names = {each.name for each in found}
    return [problem("plugin_unknown", "/critical", did_you_mean=nearest(each, names), detail=each) for each in sorted({*critical} - names)]


class _Face:
    """What pluggy sees of a plugin: its hooks and nothing else, so that it looks at nothing else. Equal to itself only."""

    def __init__(self, hooks: Mapping[str, Callable[..., object]]) -> None:
        vars(self).update(hooks)


def _registered(found: Sequence[Candidate], hooks: Mapping[str, Hook], specs: type) -> dict[str, tuple[Implementation, ...]]:
    """Who implements what, by plugin name, as one pluggy manager has it after its own checks."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    for each in found:
        if each.problems:
            continue
        try:
            manager.register(_Face({name: getattr(each.plugin, name) for name in each.hooks}), name=each.name)
        except BaseException as error:  # noqa: BLE001 - one broken plugin must not keep the others from loading
            pass_on_interrupt(error)
            each.problems.append(load_failed(each.path, each.name, error, "registered"))
    broken = {each.name for each in found if each.problems}  # pluggy 1.6 keeps the hooks that it took before it refused one
    made = {}
    for name in hooks:
        taken = [each for each in getattr(manager.hook, name).get_hookimpls() if each.plugin_name not in broken]
        taken.sort(key=lambda each: each.plugin_name)
        made[name] = tuple(Implementation(each.plugin_name, each.function, wanted_parameters(each.function)) for each in taken)
    return made
