"""Finding plugins and making them: objects as they are, names through the entry points of installed distributions.

Installed is not enabled: a plugin sees health data, so a host names each one that it wants.
"""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, field, frozen

from recoverycore.errors import DocumentError, Problem, RecoveryError, problem
from recoverycore.ground import nearest
from recoverycore.hooks.dispatch import pass_on_interrupt
from recoverycore.hooks.marks import GROUP, SETTINGS
from recoverycore.hooks.values import class_name, read_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

__all__ = ["Candidate", "Installed", "candidates", "discover", "from_object", "load_failed", "settings_of"]


@frozen
class Installed:
    """A plugin that some installed distribution offers. Nothing of it was imported to know this."""

    name: str
    dist: str
    version: str
    target: str
    """Where its factory is: ``module:function``."""


@define
class Candidate:
    """A plugin that the host asked for: its object, if it could be made, and whatever is wrong with it."""

    name: str
    path: str
    plugin: object | None = field(default=None, repr=False)
    dist: str = ""
    version: str = ""
    hooks: tuple[str, ...] = ()
    problems: list[Problem] = Factory(list)
    seconds: float = 0.0
    """How long it took to import and make it."""


def discover() -> tuple[Installed, ...]:
    """Every plugin that is installed, sorted by name and distribution. Reads metadata only, imports nothing of a plugin.

    A name that two distributions offer stands here twice; `Plugins.build` refuses it.
    """
    return tuple(sorted((_installed(point) for point in _entry_points()), key=lambda each: (each.name, each.dist)))


def candidates(asked: Iterable[object], settings: Mapping[str, Mapping[str, Any]]) -> list[Candidate]:
    """One candidate for each thing asked for: a string is the name of an installed plugin, a path its file, all else a plugin itself."""
    found: list[Candidate] = []
    points = None
    for place, each in enumerate(asked):
        path, began = f"/plugins/{place}", perf_counter()
        if isinstance(each, str):
            points = _entry_points() if points is None else points
            made = _from_name(each, path, points, settings.get(each, {}))
        elif isinstance(each, Path):
            from recoverycore.hooks.files import file_candidate  # reading files costs more to import than everything else here

            made = file_candidate(each, path)
        else:
            made = from_object(each, path)
        made.seconds = perf_counter() - began
        found.append(made)
    return found


def load_failed(path: str, name: str, error: BaseException, doing: str) -> Problem:
    """What a plugin raised, as a problem: its class, and the codes and places of an error of this library."""
    known = error.problems if isinstance(error, RecoveryError) else ()
    said = ", ".join([class_name(error), *(f"{each.code} at {each.path or '/'}" for each in known)])
    return problem("plugin_load_failed", path, detail=f"{name}: {said} while {doing}")


def _from_name(name: str, path: str, points: Iterable[EntryPoint], settings: Mapping[str, Any]) -> Candidate:
    named = [point for point in points if point.name == name]
    if not named:
        guess = nearest(name, {point.name for point in points})
        return Candidate(name, path, problems=[problem("plugin_unknown", path, did_you_mean=guess, detail=name)])
    if len(named) > 1:
        dists = ", ".join(sorted(_installed(point).dist for point in named))
        return Candidate(name, path, problems=[problem("plugin_ambiguous", path, detail=f"{name}: {dists}")])
    installed = _installed(named[0])
    candidate = Candidate(name, path, dist=installed.dist, version=installed.version)
    doing = "imported"
    try:
        factory = named[0].load()
        doing = "set"
        given = settings_of(factory, settings)
        doing = "made"
        candidate.plugin = factory(given)
    except DocumentError as error:
        candidate.problems.extend(_wrong_settings(error, name, path, doing))
    except BaseException as error:  # noqa: BLE001 - one broken plugin must not keep the others from loading
        pass_on_interrupt(error)
        candidate.problems.append(load_failed(path, name, error, doing))
    return candidate


def settings_of(factory: object, settings: Mapping[str, Any]) -> Any:
    """What a factory is handed: its own class of settings, validated, where it names one; else what was set, read-only."""
    kind = getattr(factory, SETTINGS, None)
    return read_only(settings) if kind is None else kind.model_validate(dict(settings))


def _wrong_settings(error: DocumentError, name: str, path: str, doing: str) -> Iterable[Problem]:
    """Each problem of the settings at its place among them. What a factory itself refuses is told as a whole: it may be anything."""
    if doing != "set":
        return [load_failed(path, name, error, doing)]
    return [each.under(f"{path}/settings") for each in error.problems]


def from_object(plugin: object, path: str) -> Candidate:
    """The candidate that is a plugin itself, under the name that it says it has, or else that of its class."""
    kind = class_name(plugin)
    try:
        if isinstance(plugin, type):
            return Candidate(plugin.__name__, path, plugin)  # refused when it is checked, by the name of the class
        name = getattr(plugin, "recoverycore_name", "") or getattr(plugin, "__name__", kind)
    except BaseException as error:  # noqa: BLE001 - the name may be a property, which may raise anything
        pass_on_interrupt(error)
        return Candidate(kind, path, problems=[load_failed(path, kind, error, "asked for its name")])
    if not isinstance(name, str) or not name.isprintable():
        return Candidate(kind, path, problems=[problem("plugin_name", path, detail=kind)])
    return Candidate(name, path, plugin)


def _installed(point: EntryPoint) -> Installed:
    dist = point.dist
    return Installed(point.name, dist.name if dist else "", dist.version if dist else "", point.value)


def _entry_points() -> list[EntryPoint]:
    from importlib.metadata import entry_points  # 30 ms, and most hosts hand over objects

    return list(entry_points(group=GROUP))
