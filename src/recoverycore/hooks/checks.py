"""What is wrong with a plugin, found before it is ever called: every problem of it, not only the first."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from recoverycore.errors import Problem, problem
from recoverycore.ground import nearest
from recoverycore.hooks.dispatch import pass_on_interrupt
from recoverycore.hooks.loading import Candidate, load_failed
from recoverycore.hooks.marks import API_VERSION, CONTRACT, PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from recoverycore.hooks.policies import Hook

__all__ = ["MARK", "check_alone", "check_together", "wanted_parameters"]

MARK = f"{PROJECT}_impl"
"""The attribute that pluggy leaves on a marked function."""
_BY_NAME = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def check_alone(candidate: Candidate, hooks: Mapping[str, Hook]) -> None:
    """Note the hooks that the candidate implements, and whatever is wrong with them."""
    if candidate.problems:  # it could not be made, so there is nothing to look at
        return
    if isinstance(candidate.plugin, type):
        candidate.problems.append(problem("plugin_is_class", candidate.path, detail=candidate.name))
        return
    try:
        api = getattr(candidate.plugin, "recoverycore_api", None)
        if type(api) is not int or api != API_VERSION:
            said = f"it says {api}" if type(api) is int else "it says nothing"
            candidate.problems.append(problem("plugin_api", candidate.path, detail=f"{candidate.name}: {said}, this is {API_VERSION}"))
        found = _hooks_in(candidate.plugin, hooks)
        candidate.hooks = tuple(name for name, _ in found if name in hooks)
        for name, function in found:
            candidate.problems.extend(_hook_problems(name, function, hooks, candidate))
    except BaseException as error:  # noqa: BLE001 - a property of the plugin may raise anything
        pass_on_interrupt(error)
        candidate.problems.append(load_failed(candidate.path, candidate.name, error, "inspected"))
        return
    if not found:
        candidate.problems.append(problem("plugin_no_hooks", candidate.path, detail=candidate.name))


def check_together(
    found: Iterable[Candidate], hooks: Mapping[str, Hook], settings: Iterable[str], asked: Iterable[object]
) -> list[Problem]:
    """Note what is wrong between candidates: the same name, the same provision. Settings for nobody are given back.

    All who share a name or a provision are at fault alike: choosing one of them would make the order matter.
    """
    found = list(found)
    for each in found:
        if sum(other.name == each.name for other in found) > 1:
            each.problems.append(problem("plugin_duplicate", each.path, detail=each.name))
        for hook in each.hooks:
            rivals = [other.name for other in found if hook in other.hooks and other is not each]
            if hooks[hook].policy == "provide" and rivals:
                each.problems.append(problem("provider_twice", each.path, detail=f"{hook}: {', '.join(sorted([each.name, *rivals]))}"))
    named = {each for each in asked if isinstance(each, str)}
    return [
        problem("settings_unused", "/settings", did_you_mean=nearest(name, named), detail=name) for name in sorted(set(settings) - named)
    ]


def wanted_parameters(function: Callable[..., object]) -> tuple[str, ...]:
    """The names of the parameters of a function; of a bound method without self."""
    return tuple(inspect.signature(function).parameters)


def _hooks_in(plugin: object, hooks: Mapping[str, Hook]) -> list[tuple[str, object]]:
    """Whatever is marked as a hook or named like one, by name, as it stands: nothing is executed to look at it."""
    found: list[tuple[str, object]] = []
    for name in dir(plugin):
        held = inspect.getattr_static(plugin, name)
        function = held.__func__ if isinstance(held, staticmethod | classmethod) else held
        marked = hasattr(function, MARK)
        specified = hasattr(function, CONTRACT)  # inherited from the specification and not overridden
        if marked or (not specified and (name in hooks or (name.startswith("recovery_") and callable(function)))):
            found.append((name, function))
    return found


def _hook_problems(name: str, function: object, hooks: Mapping[str, Hook], candidate: Candidate) -> Iterable[Problem]:
    where = f"{candidate.name}: {name}"
    if name not in hooks:
        yield problem("hook_unknown", candidate.path, did_you_mean=nearest(name, hooks), detail=where)
        return
    if not hasattr(function, MARK) or not inspect.isfunction(function):
        yield problem("hook_unmarked", candidate.path, detail=where)
        return
    if any(getattr(function, MARK).values()):
        yield problem("hook_trick", candidate.path, detail=where)
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        yield problem("hook_async", candidate.path, detail=where)
    signature = inspect.signature(getattr(candidate.plugin, name))
    for parameter in signature.parameters.values():
        if parameter.kind not in _BY_NAME or parameter.name not in hooks[name].parameters:
            guess = nearest(parameter.name, hooks[name].parameters)
            yield problem("hook_argument", candidate.path, did_you_mean=guess, detail=f"{where}({parameter.name})")
